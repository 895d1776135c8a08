//! The app's requests: made, rejected, over.

use super::Machine;
use crate::core::challenge::Challenge;
use crate::core::effect::{Effect, RequestId};
use crate::core::error::Error;
use crate::core::event::Event;
use crate::core::time::Now;

impl Machine {
    /// The app wants to send a request that may carry the token.
    ///
    /// Answered with [`Effect::Send`] or [`Effect::Reject`], at once or later.
    pub fn handle_request(&mut self, id: RequestId, now: Now) {
        if self.is_disposed {
            return self.outbox.push(Effect::Reject(id, Error::Disposed));
        }
        self.begin_call(now);
        self.requests.add(id, self.state.identity());
        self.due.requests = true;
        self.end_call(now);
    }

    /// The request has been answered, with what counts as a rejection of its token.
    ///
    /// Answered with [`Effect::Deliver`] (the response is the app's), [`Effect::Send`] (again, at
    /// once or later) or [`Effect::Reject`].
    pub fn handle_rejected(
        &mut self,
        id: RequestId,
        challenge: Challenge,
        replayable: bool,
        now: Now,
    ) {
        if self.is_disposed {
            return;
        }
        self.begin_call(now);
        let is_refreshable = match challenge {
            Challenge::Refreshable => true,
            Challenge::InsufficientScope => false,
            Challenge::StepUp(wanted) => {
                self.outbox.emit(Event::StepUp(wanted));
                false
            }
        };
        // It may be the login's own, which no refresh can follow before its end.
        let may_replay = is_refreshable && replayable && !self.refreshes.is_logging_in();
        if self.requests.rejected(id, may_replay, &mut self.outbox) {
            self.due.requests = true;
            self.end_call(now);
        }
    }

    /// The request is over: answered and delivered, failed, or aborted by the app.
    pub fn handle_request_over(&mut self, id: RequestId) {
        self.requests.remove(id);
    }
}
