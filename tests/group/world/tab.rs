//! A tab: its machine, and what the app in it has seen.

use std::collections::BTreeMap;

use tokenhold::core::{CallId, Company, Event, Machine, Presence, RequestId, Status, TabId};

use super::agenda::Told;

pub struct Tab {
    pub id: TabId,
    pub machine: Machine,
    pub company: Company,
    pub life: Life,
    pub ready: bool,
    pub announced: Option<Presence>,
    /// As whom the app believes to be signed in.
    pub person: Option<&'static str>,
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
    pub since: u64,
    pub outcome: Option<Result<(), &'static str>>,
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
    pub fn new(id: TabId, company: Company, machine: Machine) -> Tab {
        Tab {
            id,
            machine,
            company,
            life: Life::Running,
            ready: false,
            announced: None,
            person: None,
            requests: BTreeMap::new(),
            calls: BTreeMap::new(),
            events: Vec::new(),
            backlog: Vec::new(),
            last_id: 0,
        }
    }

    pub fn is_running(&self) -> bool {
        self.life == Life::Running
    }

    /// Whether a request of its own can still be under way.
    pub fn is_alive(&self) -> bool {
        matches!(self.life, Life::Running | Life::Frozen)
    }

    pub fn status(&self) -> Status {
        self.machine.status()
    }

    pub fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    pub fn outcome(&self, request: RequestId) -> Option<Outcome> {
        self.requests[&request].outcome
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

    /// What waited has not waited for as long as the tab did not run.
    pub fn restart_waits(&mut self, now: u64) {
        for request in self.requests.values_mut() {
            request.held_since = request.held_since.map(|_| now);
        }
        for call in self.calls.values_mut() {
            call.since = now;
        }
    }
}
