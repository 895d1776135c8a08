//! Web Locks: one exclusive lock for the group, first come first served, and the shared ones by
//! which tabs see each other. A tab that dies lets go of all of them; a frozen one does not.

use std::collections::VecDeque;

use tokenhold::core::{Presence, Ticket};

type Holder = (usize, Ticket);

#[derive(Default)]
pub struct Locks {
    holder: Option<Holder>,
    queue: VecDeque<Holder>,
    presences: Vec<(usize, Presence)>,
}

impl Locks {
    /// Who has the lock now, if that has changed.
    pub fn request(&mut self, tab: usize, ticket: Ticket) -> Option<Holder> {
        self.queue.push_back((tab, ticket));
        self.hand_on()
    }

    pub fn release(&mut self, tab: usize, ticket: Ticket) -> Option<Holder> {
        self.queue.retain(|waiting| *waiting != (tab, ticket));
        self.holder = self.holder.filter(|holder| *holder != (tab, ticket));
        self.hand_on()
    }

    /// The tab is dead.
    pub fn release_all(&mut self, tab: usize) -> Option<Holder> {
        self.hide(tab);
        self.queue.retain(|(waiting, _)| *waiting != tab);
        self.holder = self.holder.filter(|(holder, _)| *holder != tab);
        self.hand_on()
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

    pub fn is_held_by(&self, tab: usize) -> bool {
        self.holder.is_some_and(|(holder, _)| holder == tab)
    }

    pub fn involve(&self, tab: usize) -> bool {
        self.is_held_by(tab) || self.queue.iter().any(|(waiting, _)| *waiting == tab)
    }

    pub fn are_free(&self) -> bool {
        self.holder.is_none()
    }

    fn hand_on(&mut self) -> Option<Holder> {
        if self.holder.is_some() {
            return None;
        }
        self.holder = self.queue.pop_front();
        self.holder
    }
}
