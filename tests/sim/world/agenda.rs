//! The events to come, in their order.

use std::collections::BTreeMap;

use simulated_browser::Told;
use tokenhold::core::{Answer, AttemptId, Message, Presence, RequestId};

use super::backend::Cookie;
use super::network::Weather;

/// Something that happens by itself, after a while.
#[derive(Clone, Debug)]
pub enum Happening {
    /// A tab gets an input, once it runs.
    Tell(usize, Told),
    /// A tab gets a message by the channel that it opened on its n-th visit.
    Hear(usize, u32, Message),
    /// The browser answers a tab's question for the list of peers.
    PeersAreListed(usize),
    /// The peers can see a tab's announced presence from now on.
    PresenceShows(usize, Presence),
    /// The browser notices that a tab is gone.
    LocksAreFreed(usize),
    /// A request reaches the backend, in the weather that it met with.
    RefreshArrives(usize, AttemptId, Option<Cookie>, Weather),
    /// The answer reaches the browser, which keeps the new cookie, whatever became of the tab.
    RefreshReturns(usize, AttemptId, Answer, Option<Cookie>),
    LogoutArrives(usize, AttemptId, Parting, Weather),
    /// Whether with success, and whether the answer clears the cookie.
    LogoutReturns(usize, AttemptId, bool, bool),
    RequestArrives(usize, RequestId, Option<String>, Weather),
}

/// The means by which a logout request names its session.
#[derive(Clone, Debug)]
pub struct Parting {
    pub cookie: Option<Cookie>,
    pub token: Option<String>,
}

#[derive(Default)]
pub struct Agenda {
    entries: BTreeMap<(u64, u64), Happening>,
    entered: u64,
}

impl Happening {
    /// Whether it happens even while the machine that the browser runs on sleeps.
    fn is_elsewhere(&self) -> bool {
        matches!(
            self,
            Happening::RefreshArrives(..)
                | Happening::LogoutArrives(..)
                | Happening::RequestArrives(..)
        )
    }
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

    /// The next event that happens without the browser, and its time.
    pub fn take_due_elsewhere(&mut self, now: u64) -> Option<(u64, Happening)> {
        let mut due = self.entries.range(..(now + 1, 0));
        let (key, _) = due.find(|(_, happening)| happening.is_elsewhere())?;
        let key = *key;
        let happening = self.entries.remove(&key)?;
        Some((key.0, happening))
    }
}
