//! Web Locks: the group's exclusive ones, one of each rank, first come first served, and the shared
//! ones by which tabs see each other. A tab that dies lets go of all of them; a frozen one does not.

use std::collections::{BTreeMap, VecDeque};

use tokenhold::core::{Holder, Presence, Rank, Ticket};

type Waiting = (usize, Ticket);

#[derive(Default)]
pub struct Locks {
    /// The first of each line has the lock.
    lines: BTreeMap<Rank, VecDeque<Waiting>>,
    presences: Vec<(usize, Presence)>,
}

impl Locks {
    /// Who has the lock now, if that has changed.
    pub fn request(&mut self, tab: usize, ticket: Ticket, rank: Rank) -> Option<Waiting> {
        let line = self.lines.entry(rank).or_default();
        line.push_back((tab, ticket));
        (line.len() == 1).then_some((tab, ticket))
    }

    pub fn release(&mut self, tab: usize, ticket: Ticket) -> Vec<Waiting> {
        self.leave(|waiting| waiting == (tab, ticket))
    }

    /// The tab is dead.
    pub fn release_all(&mut self, tab: usize) -> Vec<Waiting> {
        self.hide(tab);
        self.leave(|(waiting, _)| waiting == tab)
    }

    pub fn show(&mut self, tab: usize, presence: Presence) {
        self.hide(tab);
        self.presences.push((tab, presence));
    }

    pub fn hide(&mut self, tab: usize) {
        self.presences.retain(|(shown, _)| *shown != tab);
    }

    pub fn peers(&self) -> Vec<Presence> {
        self.presences
            .iter()
            .filter_map(|(_, presence)| Presence::decode(&presence.encode()))
            .collect()
    }

    pub fn holders(&self) -> Vec<Holder> {
        let held = |(rank, line): (&Rank, &VecDeque<Waiting>)| {
            line.front().map(|(tab, _)| Holder {
                rank: *rank,
                client: *tab as u64,
            })
        };
        self.lines.iter().filter_map(held).collect()
    }

    pub fn is_held_by(&self, tab: usize) -> bool {
        let mut holders = self.lines.values().filter_map(VecDeque::front);
        holders.any(|(holder, _)| *holder == tab)
    }

    pub fn are_free(&self) -> bool {
        self.lines.values().all(VecDeque::is_empty)
    }

    /// Who has which lock now, where that has changed.
    fn leave(&mut self, leaves: impl Fn(Waiting) -> bool) -> Vec<Waiting> {
        let mut granted = Vec::new();
        for line in self.lines.values_mut() {
            let before = line.front().copied();
            line.retain(|waiting| !leaves(*waiting));
            granted.extend(line.front().filter(|first| before != Some(**first)));
        }
        granted
    }
}
