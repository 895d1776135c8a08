//! Web Locks: exclusive ones by rank, first come first served, and the shared ones by which tabs see each other.
//! A dead tab's are freed; a frozen one's are not.

use std::collections::{BTreeMap, VecDeque};

use tokenhold::core::{Holder, Presence, Rank, Ticket, Version};

#[derive(Default)]
pub struct Locks {
    exclusive: BTreeMap<Rank, Lock>,
    presences: Vec<(usize, Shown)>,
}

#[derive(Default)]
struct Lock {
    holder: Option<Wait>,
    queue: VecDeque<Wait>,
    /// Since when the holder has it.
    since: u64,
}

/// Which tab, and which of its waits.
pub type Wait = (usize, Ticket);

/// A presence, and since when the others have been able to see it.
#[derive(Clone, Copy)]
pub struct Shown {
    pub presence: Presence,
    pub since: u64,
}

impl Locks {
    /// Whoever has got a lock by that.
    pub fn request(&mut self, tab: usize, ticket: Ticket, rank: Rank, now: u64) -> Vec<Wait> {
        let lock = self.exclusive.entry(rank).or_default();
        lock.queue.push_back((tab, ticket));
        lock.hand_on(now).into_iter().collect()
    }

    pub fn release(&mut self, tab: usize, ticket: Ticket, now: u64) -> Vec<Wait> {
        self.drop_all(|holder| *holder == (tab, ticket), now)
    }

    /// The tab is dead.
    pub fn release_all(&mut self, tab: usize, now: u64) -> Vec<Wait> {
        self.hide(tab);
        self.drop_all(|(holder, _)| *holder == tab, now)
    }

    pub fn show(&mut self, tab: usize, presence: Presence, now: u64) {
        self.hide(tab);
        let since = now;
        self.presences.push((tab, Shown { presence, since }));
    }

    pub fn hide(&mut self, tab: usize) {
        self.presences.retain(|(shown, _)| *shown != tab);
    }

    pub fn peers(&self) -> Vec<Presence> {
        self.presences
            .iter()
            .filter_map(|(_, shown)| Presence::decode(&shown.presence.encode()))
            .collect()
    }

    pub fn shown(&self, tab: usize) -> Option<Shown> {
        let mut all = self.presences.iter();
        all.find(|(shown, _)| *shown == tab)
            .map(|(_, shown)| *shown)
    }

    /// The newest end of a session that a tab shows.
    pub fn newest_end(&self) -> Option<Version> {
        let versions = self
            .presences
            .iter()
            .map(|(_, shown)| shown.presence.version);
        versions.filter(|version| version.is_signed_out()).max()
    }

    /// Who has which lock.
    pub fn holders(&self) -> Vec<Holder> {
        let held = |(rank, lock): (&Rank, &Lock)| {
            let (tab, _) = lock.holder?;
            let client = tab as u64;
            Some(Holder {
                rank: *rank,
                client,
            })
        };
        self.exclusive.iter().filter_map(held).collect()
    }

    /// Since when the tab has a lock, if it has one.
    pub fn held_since(&self, tab: usize) -> Option<u64> {
        let is_held = |lock: &&Lock| lock.holder.is_some_and(|(holder, _)| holder == tab);
        let lock = self.exclusive.values().find(is_held)?;
        Some(lock.since)
    }

    pub fn are_held_by(&self, tab: usize) -> bool {
        let mut all = self.exclusive.values();
        all.any(|lock| lock.holder.is_some_and(|(holder, _)| holder == tab))
    }

    fn drop_all(&mut self, gone: impl Fn(&Wait) -> bool, now: u64) -> Vec<Wait> {
        let mut granted = Vec::new();
        for lock in self.exclusive.values_mut() {
            lock.queue.retain(|waiting| !gone(waiting));
            if lock.holder.is_some_and(|holder| gone(&holder)) {
                lock.holder = None;
                granted.extend(lock.hand_on(now));
            }
        }
        granted
    }
}

impl Lock {
    fn hand_on(&mut self, now: u64) -> Option<Wait> {
        if self.holder.is_some() {
            return None;
        }
        self.holder = self.queue.pop_front();
        self.since = now;
        self.holder
    }
}
