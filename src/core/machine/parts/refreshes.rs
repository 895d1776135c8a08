//! The refreshes that this tab wants: which calls wait for one, and the request for it.

use super::outbox::Outbox;
use super::session_state::SessionState;
use crate::core::effect::{AttemptId, CallId, Effect};
use crate::core::error::Error;
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};
use crate::core::version::Version;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Refreshes {
    /// A token newer than this is wanted.
    base: Option<Version>,
    /// The calls that wait for it.
    calls: Vec<CallId>,
    /// The calls that have signed in by cookie and wait for its token.
    sign_ins: Vec<CallId>,
    /// The calls whose logins are still to be sent.
    logins: Vec<CallId>,
    under_way: Option<Attempt>,
    /// A request given up on, whose answer may still come.
    overdue: Option<Attempt>,
}

/// A refresh request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Attempt {
    id: AttemptId,
    /// The age of a session that its answer begins: whatever the others have done since is newer.
    pub(crate) asked: Now,
    /// The newest version known when it left: anything that became known since supersedes its answer.
    pub(crate) known: Version,
    pub(crate) purpose: Purpose,
    /// An earlier request may still be under way.
    is_repeat: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    /// A newer token for the session.
    Renewal,
    /// The session of the cookie that the app has just obtained.
    SignIn(Vec<CallId>),
    /// The session that the app's login begins.
    Login(Vec<CallId>),
    /// A valid token for the logout request, and for nothing else.
    Logout,
}

impl Refreshes {
    pub(crate) fn want(&mut self, base: Version) {
        self.base = Some(base);
    }

    pub(crate) fn forget(&mut self) {
        self.base = None;
    }

    pub(crate) fn is_wanted(&self, state: &SessionState) -> bool {
        self.base.is_some_and(|base| state.wants_newer_than(base))
    }

    pub(crate) fn add_call(&mut self, call: CallId) {
        self.calls.push(call);
    }

    pub(crate) fn take_back_call(&mut self) {
        self.calls.pop();
    }

    pub(crate) fn has_calls(&self) -> bool {
        !self.calls.is_empty()
    }

    /// Tells the calls that wait for a newer token what came of it.
    pub(crate) fn settle(&mut self, outcome: &Result<(), Error>, out: &mut Outbox) {
        out.settle_all(std::mem::take(&mut self.calls), outcome);
    }

    pub(crate) fn add_sign_ins(&mut self, calls: impl IntoIterator<Item = CallId>) {
        self.sign_ins.extend(calls);
    }

    pub(crate) fn has_sign_ins(&self) -> bool {
        !self.sign_ins.is_empty()
    }

    pub(crate) fn add_login(&mut self, call: CallId) {
        self.logins.push(call);
    }

    pub(crate) fn has_logins(&self) -> bool {
        !self.logins.is_empty()
    }

    pub(crate) fn take_logins(&mut self) -> Vec<CallId> {
        std::mem::take(&mut self.logins)
    }

    /// Whether a login of this tab is under way.
    pub(crate) fn is_logging_in(&self) -> bool {
        let under_way = self.under_way.as_ref();
        under_way.is_some_and(|attempt| matches!(attempt.purpose, Purpose::Login(_)))
    }

    /// Sends the login that waits the longest, whose time the caller limits.
    pub(crate) fn log_in(&mut self, known: Version, now: Now, out: &mut Outbox) {
        let call = self.logins.remove(0);
        self.under_way = Some(Attempt {
            id: out.log_in(call),
            asked: now,
            known,
            purpose: Purpose::Login(vec![call]),
            is_repeat: false,
        });
    }

    pub(crate) fn take_sign_ins(&mut self) -> Vec<CallId> {
        std::mem::take(&mut self.sign_ins)
    }

    /// A call that signed in by cookie before the page was away gets what the cookie still gives: the
    /// session may have been logged out since. Returns whether there was any.
    pub(crate) fn turn_sign_ins_into_calls(&mut self) -> bool {
        let is_any = self.has_sign_ins();
        self.calls.append(&mut self.sign_ins);
        is_any
    }

    /// The session that these sign-ins would begin has been logged out. The answer under way does
    /// not count any more, and must not be asked for again: its calls are told now.
    pub(crate) fn call_off_sign_ins(&mut self, out: &mut Outbox) {
        let mut calls = self.take_sign_ins();
        calls.append(&mut self.logins);
        if let Some(attempt) = &mut self.under_way {
            calls.append(&mut attempt.call_off());
        }
        out.settle_all(calls, &Err(Error::SessionEnded));
    }

    /// Sends a request, whose time the caller limits. `is_repeat` if one before it has been given up on, perhaps in another tab.
    pub(crate) fn send(
        &mut self,
        purpose: Purpose,
        is_repeat: bool,
        known: Version,
        asked: Now,
        out: &mut Outbox,
    ) {
        let is_repeat = is_repeat || self.overdue.is_some();
        self.under_way = Some(Attempt {
            id: out.refresh(is_repeat),
            asked,
            known,
            purpose,
            is_repeat,
        });
    }

    /// The attempt of that number, if it is the one under way.
    pub(crate) fn answered(&mut self, id: AttemptId, timers: &mut Timers) -> Option<Attempt> {
        let attempt = self.under_way.take_if(|attempt| attempt.id == id)?;
        timers.stop(Timer::Attempt);
        Some(attempt)
    }

    /// The attempt of that number, if it has been given up on.
    pub(crate) fn answered_late(&mut self, id: AttemptId) -> Option<Attempt> {
        self.overdue.take_if(|attempt| attempt.id == id)
    }

    /// Gives up on the attempt under way. Its answer may still come, with nobody waiting for it. Only
    /// one is left like that: all that wait in the browser for a connection arrive together.
    pub(crate) fn give_up(&mut self, out: &mut Outbox) -> Option<Attempt> {
        let attempt = self.under_way.take()?;
        if attempt.is_repeat {
            out.push(Effect::CallOff(attempt.id));
        } else {
            self.overdue = Some(attempt.given_up());
        }
        Some(attempt)
    }

    pub(crate) fn forget_overdue(&mut self) {
        self.overdue = None;
    }

    /// The page goes away from the attempt under way. The sign-ins that it was for wait on.
    pub(crate) fn abandon(&mut self) {
        if let Some(mut attempt) = self.under_way.take() {
            self.sign_ins.extend(attempt.take_calls());
        }
    }

    pub(crate) fn anyone_waits(&self) -> bool {
        self.has_calls()
            || self.has_sign_ins()
            || self.has_logins()
            || self.under_way.as_ref().is_some_and(Attempt::has_calls)
    }

    /// Takes all calls that wait, whatever for. A request under way goes on.
    pub(crate) fn take_calls(&mut self) -> Vec<CallId> {
        let mut calls = std::mem::take(&mut self.calls);
        calls.append(&mut self.sign_ins);
        calls.append(&mut self.logins);
        if let Some(attempt) = &mut self.under_way {
            calls.append(&mut attempt.take_calls());
        }
        calls
    }
}

impl Attempt {
    fn has_calls(&self) -> bool {
        matches!(&self.purpose, Purpose::SignIn(calls) | Purpose::Login(calls) if !calls.is_empty())
    }

    fn take_calls(&mut self) -> Vec<CallId> {
        match &mut self.purpose {
            Purpose::SignIn(calls) | Purpose::Login(calls) => std::mem::take(calls),
            _ => Vec::new(),
        }
    }

    /// The token that may come is of a session that is over: not even to a sign-in does it count.
    fn call_off(&mut self) -> Vec<CallId> {
        let calls = self.take_calls();
        self.known = Version::default();
        if matches!(self.purpose, Purpose::SignIn(_) | Purpose::Login(_)) {
            self.purpose = Purpose::Renewal;
        }
        calls
    }

    /// The same, with nobody waiting for it any more.
    fn given_up(&self) -> Attempt {
        let purpose = match &self.purpose {
            Purpose::SignIn(_) | Purpose::Login(_) => Purpose::SignIn(Vec::new()),
            other => other.clone(),
        };
        Attempt { purpose, ..*self }
    }
}

#[cfg(test)]
mod tests;
