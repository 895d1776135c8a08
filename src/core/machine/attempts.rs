//! The requests to the auth endpoints: sending them, waiting for them, and what their answers
//! change.

use super::errands::{Lease, Work};
use super::pending_logout::PendingLogout;
use super::{Answer, Machine, TabSharing};
use crate::core::effect::{AttemptId, CallId, Effect};
use crate::core::error::{Error, Failure};
use crate::core::event::Reason;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::Timer;
use crate::core::version::Version;

/// Becoming visible to the other tabs takes milliseconds.
const PUBLISH_MS: u64 = 1_000;

/// A refresh request under way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    id: AttemptId,
    sent: Now,
    /// What was known when it left: whatever became known since supersedes its answer.
    known: Version,
    purpose: Purpose,
}

impl Attempt {
    /// Takes the calls that wait for it.
    pub(super) fn take_calls(&mut self) -> Vec<CallId> {
        match &mut self.purpose {
            Purpose::SignIn(calls) => std::mem::take(calls),
            _ => Vec::new(),
        }
    }

    /// Whatever is granted, it is of a session that is over: not even to a sign-in does it count.
    pub(super) fn call_off(&mut self) -> Vec<CallId> {
        let calls = self.take_calls();
        self.known = Version::default();
        if matches!(self.purpose, Purpose::SignIn(_)) {
            self.purpose = Purpose::Renewal;
        }
        calls
    }

    pub(super) fn has_calls(&self) -> bool {
        matches!(&self.purpose, Purpose::SignIn(calls) if !calls.is_empty())
    }

    /// The same, with nobody waiting for it any more.
    fn given_up(&self) -> Attempt {
        let purpose = match &self.purpose {
            Purpose::SignIn(_) => Purpose::SignIn(Vec::new()),
            other => other.clone(),
        };
        Attempt { purpose, ..*self }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Purpose {
    /// A newer token for the session.
    Renewal,
    /// The session of the cookie that the app has just obtained.
    SignIn(Vec<CallId>),
    /// A valid token for the logout request, and for nothing else.
    Logout,
}

impl Machine {
    /// The refresh request has been answered.
    pub fn handle_refresh_answer(&mut self, id: AttemptId, answer: Answer, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        if let Some(attempt) = self.take_attempt(id) {
            self.timers.stop(Timer::Attempt);
            self.conclude(attempt, answer, now);
        } else if let Some(attempt) = self.overdue.take_if(|attempt| attempt.id == id) {
            self.conclude_late(attempt, answer, now);
        }
    }

    /// The logout request has been answered; `confirmed` if with success.
    pub fn handle_logout_answer(&mut self, id: AttemptId, confirmed: bool, now: Now) {
        if self.disposed {
            return;
        }
        self.observe(now);
        match self.work() {
            Some(Work::LoggingOut(current, _)) if *current == id => self.logged_out(confirmed, now),
            _ => {}
        }
    }

    pub(super) fn attempt_is_overdue(&mut self, now: Now) {
        match self.work() {
            Some(Work::LoggingOut(..)) => self.logged_out(false, now),
            Some(Work::Refreshing(attempt)) => {
                let attempt = attempt.clone();
                self.overdue = Some(attempt.given_up());
                let timed_out = Answer::Failed {
                    failure: Failure::Timeout,
                    retry_after: None,
                };
                self.conclude(attempt, timed_out, now);
            }
            _ => {}
        }
    }

    pub(super) fn send_refresh(&mut self, purpose: Purpose, now: Now) {
        let id = self.next_attempt();
        self.work_on(Work::Refreshing(Attempt {
            id,
            sent: now,
            known: self.known,
            purpose,
        }));
        self.effects.push_back(Effect::Refresh(id));
        self.timers.set(Timer::Attempt, self.policy.timeout, now);
    }

    pub(super) fn send_logout(&mut self, mut pending_logout: PendingLogout, now: Now) {
        let token_is_stale = |session: &mut Session| !session.is_valid(now);
        if pending_logout.session.take_if(token_is_stale).is_some() {
            self.wants.logout = Some(pending_logout);
            return self.send_refresh(Purpose::Logout, now);
        }
        let id = self.next_attempt();
        let token = pending_logout.session.as_ref().map(Session::token);
        self.work_on(Work::LoggingOut(id, Box::new(pending_logout)));
        self.effects.push_back(Effect::Logout(id, token));
        self.timers.set(Timer::Attempt, self.policy.timeout, now);
    }

    fn logged_out(&mut self, confirmed: bool, now: Now) {
        self.timers.stop(Timer::Attempt);
        if let Lease::Busy(_, work) = &mut self.lease
            && let Work::LoggingOut(_, pending_logout) = std::mem::replace(work, Work::Looking)
        {
            self.logout_is_over(*pending_logout, confirmed, now);
        }
        self.errand_is_done(now);
    }

    fn conclude(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        let (sign_in, calls) = match attempt.purpose {
            Purpose::Logout => return self.conclude_for_logout(answer, now),
            Purpose::SignIn(calls) => (true, calls),
            Purpose::Renewal => (false, Vec::new()),
        };
        match answer {
            Answer::Granted(response) if self.accepts(sign_in, attempt.known) => {
                self.work_on(Work::Publishing);
                self.adopt_response(response, sign_in, attempt.sent, now);
                self.settle_all(calls, &Ok(()));
                self.publish(now);
            }
            Answer::Failed {
                failure,
                retry_after,
            } if sign_in || self.refresh_is_wanted() => {
                self.work_on(Work::Publishing);
                self.refresh_failed(failure, retry_after, calls, now);
                self.publish(now);
            }
            Answer::Ended if self.is_silent(now) => {
                self.wants.sign_in.extend(calls);
                self.errand_is_done(now);
            }
            Answer::Ended if self.is_last_word(attempt.known) => {
                self.settle_all(calls, &Err(Error::SessionEnded));
                self.work_on(Work::Publishing);
                self.sign_out(Reason::Ended, self.known.ended(self.tab), now);
                self.publish(now);
            }
            // It does not count any more: there is another token, or nobody is signed in.
            _ => {
                self.settle_all(calls, &Err(Error::SessionEnded));
                self.errand_is_done(now);
            }
        }
    }

    /// An answer to a renewal counts if nothing but later tokens of the same sign-in has become
    /// known since it left (whoever has those may be gone), and the tab has not been signed out; one
    /// to a sign-in also against another sign-in, but never against a logout.
    fn accepts(&self, sign_in: bool, known_then: Version) -> bool {
        let is_over = self.known.is_signed_out() && self.known != known_then;
        if sign_in {
            !is_over
        } else {
            self.known.epoch == known_then.epoch && !is_over && !self.is_signed_out()
        }
    }

    /// Whether an answer to a question from when this was known is still about the cookie: nobody has
    /// signed in since, nor renewed it.
    fn is_last_word(&self, known_then: Version) -> bool {
        self.known == known_then && !self.has_urgent_errand()
    }

    /// Keeps the lock until the next holder can see what came of it.
    fn publish(&mut self, now: Now) {
        match self.sharing {
            TabSharing::Shared => self.timers.set(Timer::Publish, PUBLISH_MS, now),
            TabSharing::Alone => self.errand_is_done(now),
        }
    }

    /// The token is for the logout request only: nobody is signed in by it.
    fn conclude_for_logout(&mut self, answer: Answer, now: Now) {
        if let (Answer::Granted(response), Some(pending_logout)) = (answer, &mut self.wants.logout)
        {
            pending_logout.session = Some(Session::granted(response, self.version, now));
        }
        self.errand_is_done(now);
    }

    fn conclude_late(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        if let Answer::Granted(response) = answer
            && self.known == attempt.known
            && !matches!(attempt.purpose, Purpose::Logout)
        {
            let sign_in = matches!(attempt.purpose, Purpose::SignIn(_));
            self.adopt_response(response, sign_in, attempt.sent, now);
        }
    }

    fn take_attempt(&mut self, id: AttemptId) -> Option<Attempt> {
        let Lease::Busy(_, work) = &mut self.lease else {
            return None;
        };
        match work {
            Work::Refreshing(attempt) if attempt.id == id => Some(attempt.clone()),
            _ => None,
        }
    }
}
