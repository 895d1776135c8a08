//! Web Locks: the group's exclusive ones, one of each rank, first come first served.

use std::collections::{BTreeMap, VecDeque};

use tokenhold::core::{Holder, Rank, Ticket};

pub type LockRequest = (usize, Ticket);

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Locks {
    /// The first of each line has the lock; empty lines are none.
    lines: BTreeMap<Rank, VecDeque<LockRequest>>,
}

impl Locks {
    /// Who has a lock now that did not have it; so do all that follow.
    pub fn request(&mut self, request: LockRequest, rank: Rank) -> Vec<LockRequest> {
        let line = self.lines.entry(rank).or_default();
        line.push_back(request);
        Vec::from_iter((line.len() == 1).then_some(request))
    }

    pub fn release(&mut self, request: LockRequest) -> Vec<LockRequest> {
        self.leave(|one| one == request)
    }

    /// The tab is dead.
    pub fn release_all(&mut self, place: usize) -> Vec<LockRequest> {
        self.leave(|(waiting, _)| waiting == place)
    }

    /// `client` tells the tabs apart.
    pub fn holders(&self, client: impl Fn(usize) -> u64) -> Vec<Holder> {
        let firsts = self
            .lines
            .iter()
            .filter_map(|(rank, line)| Some((rank, line.front()?)));
        let held = firsts.map(|(rank, (place, _))| Holder {
            rank: *rank,
            client: client(*place),
        });
        held.collect()
    }

    pub fn are_held_by(&self, place: usize) -> bool {
        let mut holders = self.lines.values().filter_map(VecDeque::front);
        holders.any(|(holder, _)| *holder == place)
    }

    /// Whether anyone holds more than the first.
    pub fn go_beyond_the_first(&self) -> bool {
        self.lines.keys().any(|rank| *rank > Rank::FIRST)
    }

    fn leave(&mut self, leaves: impl Fn(LockRequest) -> bool) -> Vec<LockRequest> {
        let mut granted = Vec::new();
        for line in self.lines.values_mut() {
            let before = line.front().copied();
            line.retain(|request| !leaves(*request));
            granted.extend(line.front().filter(|first| before != Some(**first)));
        }
        self.lines.retain(|_, line| !line.is_empty());
        granted
    }
}
