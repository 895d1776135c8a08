//! Web Locks: the group's exclusive locks, one of each rank, first come first served.
//!
//! A lock is held until its tab releases it or dies. A frozen tab keeps its locks.

use std::collections::{BTreeMap, VecDeque};

use tokenhold::core::{Holder, Rank, Ticket};

/// One request of a tab for a lock, which the browser grants or lets wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LockRequest {
    pub tab: usize,
    pub ticket: Ticket,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Locks {
    /// The first request of each line holds the lock. No line is empty.
    lines: BTreeMap<Rank, VecDeque<LockRequest>>,
}

impl Locks {
    /// Returns the request if it gets the lock at once.
    pub fn request(&mut self, request: LockRequest, rank: Rank) -> Option<LockRequest> {
        let line = self.lines.entry(rank).or_default();
        line.push_back(request);
        (line.len() == 1).then_some(request)
    }

    /// Returns the requests that get a lock by that.
    pub fn release(&mut self, request: LockRequest) -> Vec<LockRequest> {
        self.remove(|one| one == request)
    }

    /// The tab is dead. Returns the requests that get a lock by that.
    pub fn release_all(&mut self, tab: usize) -> Vec<LockRequest> {
        self.remove(|one| one.tab == tab)
    }

    /// The locks that `navigator.locks.query()` lists as held; `client` tells the tabs apart.
    pub fn holders(&self, client: impl Fn(usize) -> u64) -> Vec<Holder> {
        let held = self.held().map(|(rank, request)| Holder {
            rank,
            client: client(request.tab),
        });
        held.collect()
    }

    /// The lock of lowest rank that the tab holds.
    pub fn held_by(&self, tab: usize) -> Option<LockRequest> {
        let mut requests = self.held().map(|(_, request)| request);
        requests.find(|request| request.tab == tab)
    }

    pub fn are_held_by(&self, tab: usize) -> bool {
        self.held_by(tab).is_some()
    }

    pub fn is_held(&self, rank: Rank) -> bool {
        self.lines.contains_key(&rank)
    }

    /// Whether anyone holds a lock beyond the first.
    pub fn go_beyond_the_first(&self) -> bool {
        self.lines.keys().any(|rank| *rank > Rank::FIRST)
    }

    /// The requests of a tab, granted or not.
    pub fn requests_of(&self, tab: usize) -> impl Iterator<Item = LockRequest> {
        let all = self.lines.values().flatten().copied();
        all.filter(move |request| request.tab == tab)
    }

    fn held(&self) -> impl Iterator<Item = (Rank, LockRequest)> {
        let lines = self.lines.iter();
        lines.filter_map(|(rank, line)| Some((*rank, *line.front()?)))
    }

    fn remove(&mut self, goes: impl Fn(LockRequest) -> bool) -> Vec<LockRequest> {
        let mut granted = Vec::new();
        for line in self.lines.values_mut() {
            let before = line.front().copied();
            line.retain(|request| !goes(*request));
            granted.extend(line.front().filter(|first| before != Some(**first)));
        }
        self.lines.retain(|_, line| !line.is_empty());
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(tab: usize) -> LockRequest {
        LockRequest {
            tab,
            ticket: Ticket(1),
        }
    }

    #[test]
    fn a_lock_is_granted_in_the_order_in_which_it_was_asked_for() {
        let mut locks = Locks::default();
        assert_eq!(locks.request(request(2), Rank::FIRST), Some(request(2)));
        assert_eq!(locks.request(request(0), Rank::FIRST), None);
        assert_eq!(locks.request(request(1), Rank::FIRST), None);
        assert_eq!(locks.release(request(2)), [request(0)]);
        assert_eq!(locks.release_all(0), [request(1)]);
        assert_eq!(locks.release(request(1)), []);
        assert!(!locks.is_held(Rank::FIRST));
    }

    #[test]
    fn a_request_that_is_withdrawn_before_its_turn_grants_nothing() {
        let mut locks = Locks::default();
        locks.request(request(0), Rank::FIRST);
        locks.request(request(1), Rank::FIRST);
        assert_eq!(locks.release(request(1)), []);
        assert_eq!(locks.held_by(0), Some(request(0)));
        assert_eq!(locks.held_by(1), None);
    }

    #[test]
    fn each_rank_has_a_lock_of_its_own() {
        let mut locks = Locks::default();
        let next = Rank::FIRST.next();
        locks.request(request(0), Rank::FIRST);
        assert_eq!(locks.request(request(1), next), Some(request(1)));
        assert!(locks.go_beyond_the_first());
        let holders = locks.holders(|tab| tab as u64 + 10);
        let seen = holders.iter().map(|holder| (holder.rank, holder.client));
        assert!(seen.eq([(Rank::FIRST, 10), (next, 11)]));
    }
}
