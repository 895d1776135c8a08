//! What is going to happen, in the order in which it will.

use std::collections::BTreeMap;

use tokenhold::core::{
    AccessToken, Answer, AttemptId, Holder, Message, News, Presence, RequestId, Ticket, Version,
};

use super::backend::Cookie;

/// Something that comes about by itself, after a while.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A tab is told something, when it runs.
    Tell(usize, Told),
    /// The browser lists the tabs, for one that asked.
    PeersAreListed(usize),
    /// The browser lets the others see what a tab announced.
    PresenceShows(usize, Presence),
    RefreshArrives(usize, AttemptId, Option<Cookie>),
    /// The answer reaches the browser, which keeps the new cookie, whatever became of the tab.
    RefreshReturns(usize, AttemptId, Answer, Option<Cookie>),
    LogoutArrives(usize, AttemptId, Option<Cookie>),
    LogoutReturns(usize, AttemptId, Option<Cookie>),
    RequestArrives(usize, RequestId, Option<String>),
}

/// What reaches a tab's event loop.
#[derive(Clone, Debug)]
pub enum Told {
    LockGranted(Ticket),
    Peers(Vec<Presence>, Vec<Holder>),
    Announced(Version),
    Message(Message),
    Unsealed(News, AccessToken),
    RefreshAnswered(AttemptId, Answer),
    /// Whether it was confirmed.
    LogoutAnswered(AttemptId, bool),
    /// With this status; `None`: the network failed.
    RequestAnswered(RequestId, Option<u16>),
}

#[derive(Default)]
pub struct Agenda {
    entries: BTreeMap<(u64, u64), Happening>,
    entered: u64,
}

impl Agenda {
    pub fn add(&mut self, at: u64, happening: Happening) {
        self.entered += 1;
        self.entries.insert((at, self.entered), happening);
    }

    pub fn next_at(&self) -> Option<u64> {
        self.entries.keys().next().map(|(at, _)| *at)
    }

    pub fn take_due(&mut self, now: u64) -> Option<Happening> {
        let entry = self.entries.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }
}
