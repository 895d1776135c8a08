//! The tabs in each other's sight: shared locks, whose names hold a presence each.

use tokenhold::core::{Presence, Version};

/// In the order in which they were shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Presences(Vec<(usize, Presence)>);

impl Presences {
    pub fn show(&mut self, tab: usize, presence: Presence) {
        self.hide(tab);
        self.0.push((tab, presence));
    }

    pub fn hide(&mut self, tab: usize) {
        self.0.retain(|(shown, _)| *shown != tab);
    }

    /// From now on they are in the order of their tabs, which makes for fewer states.
    pub fn sort(&mut self) {
        self.0.sort_by_key(|(tab, _)| *tab);
    }

    pub fn of(&self, tab: usize) -> Option<Presence> {
        let mut all = self.0.iter();
        all.find(|(shown, _)| *shown == tab)
            .map(|(_, presence)| *presence)
    }

    /// The list of `navigator.locks.query()`, read from the names of the locks.
    pub fn listed(&self) -> Vec<Presence> {
        let names = self.0.iter().map(|(_, presence)| presence.encode());
        names.filter_map(|name| Presence::decode(&name)).collect()
    }

    /// The newest end of a session that a tab shows.
    pub fn newest_end(&self) -> Option<Version> {
        let versions = self.0.iter().map(|(_, presence)| presence.version);
        versions.filter(|version| version.is_signed_out()).max()
    }
}
