//! The app's calls: to refresh, to sign in, to log out.

use super::Machine;
use crate::core::effect::CallId;
use crate::core::error::Error;
use crate::core::event::{Event, Reason, Warning};
use crate::core::time::Now;
use crate::core::token_response::TokenResponse;

impl Machine {
    /// The app wants the token renewed now; the outcome comes as
    /// [`Effect::Settle`](crate::core::Effect::Settle).
    pub fn handle_refresh(&mut self, call: CallId, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.begin_call(now);
        if self.state.has_ended() {
            return self.outbox.settle(call, Err(Error::SessionEnded));
        }
        self.backoff.act();
        self.refreshes.add_call(call);
        if let Err(failure) = self.demand_refresh(now) {
            self.refreshes.take_back_call();
            self.outbox.settle(call, Err(Error::RefreshFailed(failure)));
        }
        self.end_call(now);
    }

    /// The app has signed somebody in, with this response; or, without one, by a cookie alone.
    pub fn handle_sign_in(&mut self, call: CallId, response: Option<TokenResponse>, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.begin_turn(now);
        self.backoff.open_gate();
        match response {
            Some(response) => {
                self.adopt_response(response, true, now, now);
                // The requests that were held back go first.
                self.end_turn(now);
                self.outbox.settle(call, Ok(()));
            }
            None => {
                self.forget_unsent_logouts();
                self.begin_call(now);
                self.refreshes.add_sign_ins([call]);
                self.due.lock = true;
            }
        }
        self.end_call(now);
    }

    /// The app wants to sign somebody in by a request of its own, which is sent with the lock: no refresh under
    /// way can then bring back the cookie of before.
    pub fn handle_login(&mut self, call: CallId, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.begin_call(now);
        self.refreshes.add_login(call);
        self.due.lock = true;
        self.end_call(now);
    }

    /// The app logs out: here and now, in every tab, and at the backend. The call is settled once
    /// the backend has answered, or was given up on.
    pub fn handle_logout(&mut self, call: CallId, now: Now) {
        if self.refuse_if_disposed(call) {
            return;
        }
        self.begin_call(now);
        let session = self.state.take_session();
        self.refreshes.call_off_sign_ins(&mut self.outbox);
        if let Some(policy) = self.policy.logout {
            self.pending_logouts.add(call, session, policy.with_token);
        }
        self.sign_out(Reason::Logout, self.state.logged_out(now));
        if self.policy.logout.is_none() {
            self.outbox.settle(call, Ok(()));
            self.outbox.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
        self.end_call(now);
    }

    fn refuse_if_disposed(&mut self, call: CallId) -> bool {
        if self.is_disposed {
            self.outbox.settle(call, Err(Error::Disposed));
        }
        self.is_disposed
    }
}
