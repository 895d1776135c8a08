//! A tab: its machine, and what the app in it has seen.

use std::collections::{BTreeMap, BTreeSet};

use simulated_browser::{App, Told};
use tokenhold::core::{
    CallId, Event, Machine, Presence, RequestId, Status, TabId, TabSharing, Ticket, Version,
};

use super::clocks::Clock;

pub struct Tab {
    pub id: TabId,
    pub machine: Machine,
    pub sharing: TabSharing,
    pub life: Life,
    pub clock: Clock,
    /// When the last list of peers that it has asked for arrives.
    pub last_list: u64,
    /// When the page's one timer rings.
    pub alarm: Option<u64>,
    /// Since when the page has been hidden.
    pub hidden_since: Option<u64>,
    /// When it was last shown again.
    pub shown_at: u64,
    pub disposed: bool,
    /// It is being told that it is left.
    pub is_left: bool,
    /// A logout request has left since the app first logged out.
    pub has_sent_logout: bool,
    /// How often the page has returned. Messages from before its last return no longer reach it.
    pub visit: u32,
    pub app: App<&'static str>,
    pub status: Status,
    /// The backend's session that it last had a token of, until it was signed out.
    pub session: Option<usize>,
    pub opened_at: u64,
    /// The newest state that it has been in.
    pub had: Version,
    /// Since when it has been in the state that it is in.
    pub had_since: u64,
    /// The newest state that another tab has told it of.
    pub heard: Version,
    /// The logouts that it has been told of.
    pub told: BTreeSet<usize>,
    /// The presence that it last wanted the others to see.
    pub announced: Option<Presence>,
    /// Since when they have seen its current presence.
    pub presence_since: u64,
    /// The locks that it holds, and when it got each.
    pub granted_at: BTreeMap<Ticket, u64>,
    /// The ends of sessions that it has seen in the list of peers, and since when.
    pub ends: BTreeMap<Version, u64>,
    /// Whether a refresh has failed since it last got a token.
    pub is_backing_off: bool,
    pub ended: BTreeMap<RequestId, Ended>,
    pub calls: BTreeMap<CallId, Call>,
    pub events: Vec<Event>,
    /// The events that a frozen tab is told of once it thaws.
    pub backlog: Vec<Told>,
    /// The person of each login that waits for the lock.
    pub logging_in: BTreeMap<CallId, &'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Running,
    /// Nothing runs, but its locks are held and its requests go on.
    Frozen,
    /// In the back/forward cache.
    Away,
    Dead,
}

/// A request of the app's that is over.
pub struct Ended {
    pub outcome: Outcome,
    pub times_sent: u8,
}

pub struct Call {
    pub kind: Kind,
    pub since: u64,
    pub outcome: Option<Result<(), &'static str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    SignIn,
    Refresh,
    Logout,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The app has a response with this status.
    Answered(u16),
    /// The machine refused it.
    Rejected(&'static str),
    /// The network failed.
    Failed,
}

impl Tab {
    pub fn new(id: TabId, sharing: TabSharing, machine: Machine, clock: Clock, now: u64) -> Tab {
        Tab {
            id,
            machine,
            sharing,
            life: Life::Running,
            clock,
            last_list: 0,
            alarm: None,
            hidden_since: None,
            shown_at: now,
            disposed: false,
            is_left: false,
            has_sent_logout: false,
            visit: 0,
            app: App::opened(now),
            status: Status::Restoring,
            session: None,
            opened_at: now,
            had: Version::default(),
            had_since: now,
            heard: Version::default(),
            told: BTreeSet::new(),
            announced: None,
            presence_since: 0,
            granted_at: BTreeMap::new(),
            ends: BTreeMap::new(),
            is_backing_off: false,
            ended: BTreeMap::new(),
            calls: BTreeMap::new(),
            events: Vec::new(),
            backlog: Vec::new(),
            logging_in: BTreeMap::new(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.life == Life::Running && !self.disposed
    }

    /// Whether a request of its own can still be under way.
    pub fn is_alive(&self) -> bool {
        matches!(self.life, Life::Running | Life::Frozen)
    }

    pub fn is_ready(&self) -> bool {
        self.app.is_ready()
    }

    pub fn status(&self) -> Status {
        self.machine.status()
    }

    /// Whether it tells the others that it has logged out and the backend has not confirmed it.
    pub fn is_logging_out(&self) -> bool {
        self.announced
            .is_some_and(|presence| presence.is_logging_out)
    }

    /// The app has its answer to this request, or does not care any more.
    pub fn end_request(&mut self, id: RequestId, outcome: Outcome) {
        if let Some(request) = self.app.end_request(id) {
            self.note_outcome(id, request.times_sent, outcome);
        }
    }

    pub fn note_outcome(&mut self, id: RequestId, times_sent: u8, outcome: Outcome) {
        let ended = Ended {
            outcome,
            times_sent,
        };
        self.ended.insert(id, ended);
    }

    /// `None` while it is under way.
    pub fn outcome(&self, request: RequestId) -> Option<Outcome> {
        self.ended.get(&request).map(|ended| ended.outcome)
    }

    pub fn waits_for(&self, kind: Kind) -> Option<&Call> {
        let mut calls = self.calls.values();
        calls.find(|call| call.kind == kind && call.outcome.is_none())
    }

    /// The last call of that kind that has not succeeded. The tab refreshes even when the caller has given up waiting.
    pub fn latest(&self, kind: Kind) -> Option<&Call> {
        let mut calls = self.calls.values().rev();
        calls.find(|call| call.kind == kind && call.outcome != Some(Ok(())))
    }

    /// The outcomes of all its requests, each with how often it occurred.
    pub fn outcomes(&self) -> Vec<(Option<Outcome>, usize)> {
        let ended = self.ended.values().map(|ended| Some(ended.outcome));
        let open = self.app.requests().iter().map(|_| None);
        let mut counts: Vec<(Option<Outcome>, usize)> = Vec::new();
        for outcome in ended.chain(open) {
            match counts.iter_mut().find(|(one, _)| *one == outcome) {
                Some((_, count)) => *count += 1,
                None => counts.push((outcome, 1)),
            }
        }
        counts
    }

    /// The time for which the tab did not run does not count as waiting.
    pub fn shift_waits(&mut self, shift: impl Fn(u64) -> u64) {
        for call in self.calls.values_mut() {
            call.since = shift(call.since);
        }
        self.app.shift_waits(shift);
    }
}
