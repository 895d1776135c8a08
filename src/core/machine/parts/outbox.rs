//! The effects that the machine wants, in order, and the numbers by which they are answered.

use std::collections::VecDeque;

use crate::core::effect::{AttemptId, CallId, Effect, Rank, Ticket};
use crate::core::error::Error;
use crate::core::event::Event;
use crate::core::token::AccessToken;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Outbox {
    effects: VecDeque<Effect>,
    last_id: u32,
}

impl Outbox {
    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push_back(effect);
    }

    pub(crate) fn take(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    pub(crate) fn emit(&mut self, event: Event) {
        self.push(Effect::Emit(event));
    }

    pub(crate) fn settle(&mut self, call: CallId, outcome: Result<(), Error>) {
        self.push(Effect::Settle(call, outcome));
    }

    pub(crate) fn settle_all(&mut self, calls: Vec<CallId>, outcome: &Result<(), Error>) {
        for call in calls {
            self.settle(call, outcome.clone());
        }
    }

    pub(crate) fn request_lock(&mut self, rank: Rank) -> Ticket {
        let ticket = Ticket(self.next_id());
        self.push(Effect::RequestLock(ticket, rank));
        ticket
    }

    pub(crate) fn refresh(&mut self, is_repeat: bool) -> AttemptId {
        let id = AttemptId(self.next_id());
        self.push(match is_repeat {
            false => Effect::Refresh(id),
            true => Effect::RefreshAgain(id),
        });
        id
    }

    pub(crate) fn log_in(&mut self, call: CallId) -> AttemptId {
        let id = AttemptId(self.next_id());
        self.push(Effect::Login(id, call));
        id
    }

    pub(crate) fn logout(&mut self, token: Option<AccessToken>) -> AttemptId {
        let id = AttemptId(self.next_id());
        self.push(Effect::Logout(id, token));
        id
    }

    fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}

#[cfg(test)]
impl Outbox {
    /// All that is to be done, for a test to look at.
    pub(super) fn drain(&mut self) -> Vec<Effect> {
        self.effects.drain(..).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_leave_in_the_order_in_which_they_came() {
        let mut out = Outbox::default();
        out.push(Effect::Ready);
        out.emit(Event::Change);
        assert_eq!(out.take(), Some(Effect::Ready));
        assert_eq!(out.take(), Some(Effect::Emit(Event::Change)));
        assert_eq!(out.take(), None);
    }

    #[test]
    fn no_two_questions_have_the_same_number() {
        let mut out = Outbox::default();
        let ticket = out.request_lock(Rank::FIRST);
        let (refresh, logout) = (out.refresh(false), out.logout(None));
        assert_eq!(
            (ticket, refresh, logout),
            (Ticket(1), AttemptId(2), AttemptId(3))
        );
        assert_eq!(
            out.drain(),
            [
                Effect::RequestLock(ticket, Rank::FIRST),
                Effect::Refresh(refresh),
                Effect::Logout(logout, None),
            ]
        );
    }

    #[test]
    fn every_call_gets_the_same_outcome() {
        let mut out = Outbox::default();
        out.settle_all(vec![CallId(1), CallId(2)], &Err(Error::Disposed));
        let outcome = Err(Error::Disposed);
        assert_eq!(
            out.drain(),
            [
                Effect::Settle(CallId(1), outcome.clone()),
                Effect::Settle(CallId(2), outcome),
            ]
        );
    }
}
