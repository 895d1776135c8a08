//! A tab: its machine, and what the app in it has seen.

use std::collections::{BTreeMap, BTreeSet};

use tokenhold::core::{
    CallId, Event, Machine, Presence, RequestId, Status, TabId, TabSharing, Version,
};

use super::agenda::Told;
use super::clocks::Clock;

pub struct Tab {
    pub id: TabId,
    pub machine: Machine,
    pub sharing: TabSharing,
    pub life: Life,
    pub clock: Clock,
    /// When the last list of peers comes that it has asked for.
    pub last_list: u64,
    /// When the page's one timer rings.
    pub alarm: Option<u64>,
    /// Since when the page has not been looked at.
    pub hidden_since: Option<u64>,
    /// When it was last looked at anew.
    pub shown_at: u64,
    pub disposed: bool,
    /// It is being told that it is left.
    pub is_left: bool,
    /// A logout request has left since the app first logged out.
    pub has_sent_logout: bool,
    /// Counts returns: what was under way to it before has no one to reach.
    pub visit: u32,
    /// Whether it is ready, or since when it is not.
    pub ready: Result<(), u64>,
    /// As whom the app believes to be signed in.
    pub person: Option<&'static str>,
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
    /// What it last wanted the others to see.
    pub announced: Option<Presence>,
    /// Since when it has seen which ends of sessions in the list of peers.
    pub ends: BTreeMap<Version, u64>,
    /// Whether a refresh has failed since it last got a token.
    pub is_backing_off: bool,
    pub requests: BTreeMap<RequestId, Request>,
    pub calls: BTreeMap<CallId, Call>,
    pub events: Vec<Event>,
    /// What a frozen tab is told once it thaws.
    pub backlog: Vec<Told>,
    last_id: u32,
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

pub struct Request {
    pub made_as: Option<&'static str>,
    pub times_sent: u32,
    /// Since when the machine has had it; `None`: it is at the API.
    pub held_since: Option<u64>,
    pub outcome: Option<Outcome>,
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
    /// The machine said no.
    Rejected(&'static str),
    /// The network said no.
    Failed,
}

impl Request {
    pub fn is_at_the_api(&self) -> bool {
        self.outcome.is_none() && self.held_since.is_none()
    }
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
            ready: Err(now),
            person: None,
            status: Status::Restoring,
            session: None,
            opened_at: now,
            had: Version::default(),
            had_since: now,
            heard: Version::default(),
            told: BTreeSet::new(),
            announced: None,
            ends: BTreeMap::new(),
            is_backing_off: false,
            requests: BTreeMap::new(),
            calls: BTreeMap::new(),
            events: Vec::new(),
            backlog: Vec::new(),
            last_id: 0,
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
        self.ready.is_ok()
    }

    pub fn status(&self) -> Status {
        self.machine.status()
    }

    /// Whether it tells the others that it has logged out and the backend has not confirmed it.
    pub fn is_logging_out(&self) -> bool {
        self.announced
            .is_some_and(|presence| presence.is_logging_out)
    }

    pub fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    pub fn outcome(&self, request: RequestId) -> Option<Outcome> {
        self.requests[&request].outcome
    }

    pub fn waits_for(&self, kind: Kind) -> Option<&Call> {
        let mut calls = self.calls.values();
        calls.find(|call| call.kind == kind && call.outcome.is_none())
    }

    /// The last call of that kind that has not succeeded: a refresh is made even when its caller has lost patience.
    pub fn latest(&self, kind: Kind) -> Option<&Call> {
        let mut calls = self.calls.values().rev();
        calls.find(|call| call.kind == kind && call.outcome != Some(Ok(())))
    }

    /// The outcomes of all its requests, each with how often it occurred.
    pub fn outcomes(&self) -> Vec<(Option<Outcome>, usize)> {
        let mut counts: Vec<(Option<Outcome>, usize)> = Vec::new();
        for request in self.requests.values() {
            match counts.iter_mut().find(|(one, _)| *one == request.outcome) {
                Some((_, count)) => *count += 1,
                None => counts.push((request.outcome, 1)),
            }
        }
        counts
    }

    /// Since when the oldest of what waits in the machine has waited.
    pub fn oldest_wait(&self) -> Option<u64> {
        let requests = self.requests.values().filter_map(|one| one.held_since);
        let calls = self.calls.values().filter(|call| call.outcome.is_none());
        let ready = self.ready.err();
        requests
            .chain(calls.map(|call| call.since))
            .chain(ready)
            .min()
    }

    /// What waited has not waited for as long as the tab did not run.
    pub fn shift_waits(&mut self, shift: impl Fn(u64) -> u64) {
        for request in self.requests.values_mut() {
            request.held_since = request.held_since.map(&shift);
        }
        for call in self.calls.values_mut() {
            call.since = shift(call.since);
        }
        self.ready = self.ready.map_err(shift);
    }
}
