//! A tab: its machine, what is under way to it, and what the app in it waits for.

use std::collections::VecDeque;

use tokenhold::core::{
    AccessToken, Answer, AttemptId, CallId, Holder, Machine, Message, News, Presence, RequestId,
    TabId, Ticket, Version,
};

use super::backend::Cookie;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Tab {
    pub id: TabId,
    pub machine: Machine,
    pub life: Life,
    pub mail: Mail,
    /// Its requests to the auth endpoints.
    pub flights: Vec<Flight>,
    /// What the other tabs can see of it.
    pub shown: Option<Presence>,
    pub app: App,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Life {
    Running,
    /// Since then nothing runs, but its locks are held and its requests go on.
    Frozen(u64),
    /// In the back/forward cache.
    Away,
    Dead,
}

/// What the browser has for the tab, each kind in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Mail {
    pub granted: VecDeque<Ticket>,
    /// How many lists of peers have been asked for and not been made.
    pub unlisted: u8,
    pub listed: VecDeque<(Vec<Presence>, Vec<Holder>)>,
    /// The presence that is about to be shown.
    pub showing: Option<Presence>,
    /// It is shown, and a frozen tab does not know yet.
    pub shown: Option<Version>,
    /// What the others have said, in the order in which the browser heard it.
    pub inbox: VecDeque<Message>,
    /// What it has to say that takes a key.
    pub sealing: VecDeque<Message>,
    pub unsealing: VecDeque<(News, AccessToken)>,
}

/// A request to an auth endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flight {
    pub attempt: Attempt,
    pub since: u64,
    pub stage: Stage,
    /// It takes as long as it likes: time does not wait for it.
    pub is_slow: bool,
    /// Its page is gone: the cookie that it brings is all that matters of it.
    pub is_orphan: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attempt {
    Refresh(AttemptId),
    Logout(AttemptId),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// On its way, with this cookie.
    Out(Option<Cookie>),
    /// Its answer is on its way.
    Back(Reply),
    /// The browser has the answer, and the tab is frozen.
    Landed(Reply),
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reply {
    Refreshed(Answer, Option<Cookie>),
    /// Whether it was confirmed, and which cookie is to be dropped then.
    LoggedOut(bool, Option<Cookie>),
}

/// What the app knows and waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct App {
    /// Since when it has waited for `ready`.
    pub unready: Option<u64>,
    /// As whom it believes to be signed in.
    pub person: Option<&'static str>,
    pub requests: Vec<Request>,
    /// The calls that wait for an outcome, each with when it was made.
    pub calls: Vec<(CallId, u64)>,
    /// The requests that it may still make.
    pub to_request: u8,
    last_id: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    pub id: RequestId,
    pub made_as: Option<&'static str>,
    pub times_sent: u8,
    pub phase: Phase,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The machine has had it since then.
    Held(u64),
    /// It is at the API, with this token.
    Sent(Option<AccessToken>),
}

impl Tab {
    pub fn new(id: TabId, machine: Machine, now: u64) -> Tab {
        Tab {
            id,
            machine,
            life: Life::Running,
            mail: Mail::default(),
            flights: Vec::new(),
            shown: None,
            app: App {
                unready: Some(now),
                ..App::default()
            },
        }
    }

    pub fn is_running(&self) -> bool {
        self.life == Life::Running
    }

    /// Whether a request of its own can still be under way, as the others see it.
    pub fn is_alive(&self) -> bool {
        matches!(self.life, Life::Running | Life::Frozen(_))
    }

    /// Whether a logout of its own is still to arrive.
    pub fn has_logout_out(&self) -> bool {
        self.flights.iter().any(|flight| {
            matches!(flight.attempt, Attempt::Logout(_)) && matches!(flight.stage, Stage::Out(_))
        })
    }

    /// Whether another tab has said that it has a token.
    pub fn is_to_hear_news(&self) -> bool {
        let mut inbox = self.mail.inbox.iter();
        inbox.any(|message| matches!(message, Message::News(_)))
    }

    /// Its page is gone, for good or not: nothing that was under way to it reaches it any more.
    pub fn drop_mail(&mut self) {
        self.mail = Mail::default();
        self.shown = None;
        for flight in &mut self.flights {
            flight.is_orphan = true;
        }
    }
}

impl App {
    pub fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }

    /// Since when anything has waited for the machine.
    pub fn oldest_wait(&self) -> Option<u64> {
        let requests = self
            .requests
            .iter()
            .filter_map(|request| match request.phase {
                Phase::Held(since) => Some(since),
                Phase::Sent(_) => None,
            });
        let calls = self.calls.iter().map(|(_, since)| *since);
        requests.chain(calls).chain(self.unready).min()
    }

    /// What waited has not waited for as long as the tab did not run.
    pub fn restart_waits(&mut self, now: u64) {
        self.unready = self.unready.map(|_| now);
        for (_, since) in &mut self.calls {
            *since = now;
        }
        for request in &mut self.requests {
            if let Phase::Held(since) = &mut request.phase {
                *since = now;
            }
        }
    }
}
