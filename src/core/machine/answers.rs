//! The backend's answers to refresh and logout requests, and what they change.

use super::parts::{Attempt, LockedTask, Purpose};
use super::{Answer, Machine};
use crate::core::effect::{AttemptId, CallId};
use crate::core::error::{Error, Failure};
use crate::core::event::Reason;
use crate::core::time::Now;
use crate::core::version::Version;

impl Machine {
    /// The refresh request has been answered.
    pub fn handle_refresh_answer(&mut self, id: AttemptId, answer: Answer, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        if let Some(attempt) = self.refreshes.answered(id, &mut self.timers) {
            self.conclude(attempt, answer, now);
        } else if let Some(attempt) = self.refreshes.answered_late(id) {
            self.conclude_late(attempt, answer, now);
        }
        self.end_turn(now);
    }

    /// The logout request has been answered; `confirmed` if with success.
    pub fn handle_logout_answer(&mut self, id: AttemptId, confirmed: bool, now: Now) {
        if self.is_disposed {
            return;
        }
        self.begin_turn(now);
        if self.pending_logouts.is_under_way(id) {
            self.conclude_logout(confirmed, now);
        }
        self.end_turn(now);
    }

    pub(super) fn attempt_is_overdue(&mut self, now: Now) {
        if self.lock.is_at(LockedTask::LoggingOut) {
            self.conclude_logout(false, now);
        } else if let Some(attempt) = self.refreshes.give_up(&mut self.outbox) {
            let timed_out = Answer::Failed {
                failure: Failure::Timeout,
                retry_after: None,
            };
            self.conclude(attempt, timed_out, now);
        }
    }

    fn conclude(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        let (is_sign_in, calls) = match attempt.purpose {
            Purpose::Logout => return self.conclude_for_logout(answer, now),
            Purpose::SignIn(calls) => (true, calls),
            Purpose::Login(calls) => {
                return self.conclude_login(answer, calls, attempt.asked, attempt.known, now);
            }
            Purpose::Renewal => (false, Vec::new()),
        };
        match answer {
            Answer::Granted(_) if self.page.is_rechecking() => self.ask_once_more(calls),
            Answer::Ended if self.lock.is_silent(now) => self.ask_once_more(calls),
            Answer::Granted(response) if self.state.accepts(is_sign_in, attempt.known) => {
                self.adopt_response(response, is_sign_in, attempt.asked, now);
                self.outbox.settle_all(calls, &Ok(()));
                self.publish(now);
            }
            Answer::Failed {
                failure,
                retry_after,
            } if is_sign_in || self.refresh_is_wanted() => {
                self.refresh_failed(failure, retry_after, calls, now);
                self.publish(now);
            }
            Answer::Ended if self.is_last_word(attempt.known) => {
                self.outbox.settle_all(calls, &Err(Error::SessionEnded));
                self.sign_out(Reason::Ended, self.state.ended());
                self.publish(now);
            }
            // It does not count any more: there is another token, or nobody is signed in.
            _ => {
                self.outbox.settle_all(calls, &Err(Error::SessionEnded));
                self.task_is_done();
            }
        }
    }

    /// An answer that signs nobody in changes nothing: the session of before goes on.
    fn conclude_login(
        &mut self,
        answer: Answer,
        calls: Vec<CallId>,
        asked: Now,
        known: Version,
        now: Now,
    ) {
        let error = match answer {
            Answer::Granted(response) if self.state.accepts(true, known) => {
                self.adopt_response(response, true, asked, now);
                self.outbox.settle_all(calls, &Ok(()));
                return self.publish(now);
            }
            Answer::Granted(_) => Error::SessionEnded,
            Answer::Ended => Error::SignInFailed(Failure::Malformed(200)),
            Answer::Failed { failure, .. } => Error::SignInFailed(failure),
        };
        self.outbox.settle_all(calls, &Err(error));
        self.task_is_done();
    }

    /// This page may have been frozen, and not know yet of a logout, or of what the others have done
    /// meanwhile. It looks first.
    fn ask_once_more(&mut self, calls: Vec<CallId>) {
        self.refreshes.add_sign_ins(calls);
        self.task_is_done();
    }

    /// Whether an answer to a question from when this was known is still about the cookie: nobody has
    /// signed in since, nor renewed it.
    fn is_last_word(&self, known_then: Version) -> bool {
        self.state.known() == known_then && !self.has_urgent_task()
    }

    fn conclude_for_logout(&mut self, answer: Answer, now: Now) {
        if let Answer::Granted(response) = answer {
            self.pending_logouts
                .give_token(response, self.state.version(), now);
        }
        self.task_is_done();
    }

    fn conclude_late(&mut self, attempt: Attempt, answer: Answer, now: Now) {
        if let Answer::Granted(response) = answer
            && self.state.known() == attempt.known
            && !self.page.is_rechecking()
            && attempt.purpose != Purpose::Logout
        {
            let is_sign_in = attempt.purpose != Purpose::Renewal;
            self.adopt_response(response, is_sign_in, attempt.asked, now);
        }
    }

    fn conclude_logout(&mut self, confirmed: bool, now: Now) {
        let Machine {
            entropy,
            outbox,
            timers,
            ..
        } = self;
        self.pending_logouts
            .answered(confirmed, entropy, now, outbox, timers);
        if !self.pending_logouts.is_any(&self.timers) {
            self.announce();
        }
        self.task_is_done();
    }
}
