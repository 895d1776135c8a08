//! A tab: its machine, what is under way to it, and what the app in it waits for.

use std::collections::VecDeque;

use simulated_browser::App;
use tokenhold::core::{
    AccessToken, Answer, AttemptId, Holder, Machine, Message, News, Presence, TabId, Ticket,
    Version,
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
    pub app: App<&'static str>,
    /// The requests that its app may still make.
    pub to_request: u8,
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

/// The browser's messages for the tab, each kind in its order.
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
    /// The messages of the others, in the order in which the browser heard them.
    pub inbox: VecDeque<Message>,
    /// Its own messages that take a key.
    pub sealing: VecDeque<Message>,
    pub unsealing: VecDeque<(News, AccessToken)>,
}

/// A request to an auth endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Flight {
    pub job: BackendJob,
    pub since: u64,
    pub stage: Stage,
    /// It takes as long as it likes: time does not wait for it.
    pub is_slow: bool,
    /// Its page is gone: the cookie that it brings is all that matters of it.
    pub is_orphan: bool,
    /// It ends with its page, and can be called off.
    pub is_repeat: bool,
    /// The cookie that it brings does not matter either.
    pub is_called_off: bool,
}

/// A page's request to the auth endpoints, by its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BackendJob {
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

impl Tab {
    pub fn new(id: TabId, machine: Machine, now: u64) -> Tab {
        Tab {
            id,
            machine,
            life: Life::Running,
            mail: Mail::default(),
            flights: Vec::new(),
            app: App::opened(now),
            to_request: 0,
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
            matches!(flight.job, BackendJob::Logout(_)) && matches!(flight.stage, Stage::Out(_))
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
        for flight in &mut self.flights {
            flight.is_orphan = true;
            flight.is_called_off |= flight.is_repeat;
        }
    }
}
