//! Logouts that the backend has not confirmed yet.

use super::outbox::Outbox;
use crate::core::effect::{AttemptId, CallId};
use crate::core::entropy::Entropy;
use crate::core::event::{Event, Warning};
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};
use crate::core::token_response::TokenResponse;
use crate::core::version::Version;

const BACK_OFF_MS: u64 = 1_000;
/// An endpoint that never confirms must not be asked for ever; and a person who signs in where this
/// tab cannot hear of it must not be signed out by it. After so many, only the network's return
/// counts.
const MAX_FAILURES: u32 = 5;

/// At most one in each stage; a newer one that has not left yet does for one that has to go again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct PendingLogouts {
    /// It waits for the lock.
    unsent: Option<PendingLogout>,
    under_way: Option<(AttemptId, PendingLogout)>,
    /// It has failed, and is kept for another try.
    kept: Option<PendingLogout>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct PendingLogout {
    calls: Vec<CallId>,
    /// The session to end, if its token is to go along.
    session: Option<Session>,
    /// How often it has been tried in vain.
    failures: u32,
    /// Whether the app has been told that it is not confirmed.
    is_warned_of: bool,
    /// Somebody has signed in since it left: sent again, it would end the wrong session.
    is_last_try: bool,
    /// It has been sent ahead of its turn, because the page was being left.
    is_hurried: bool,
}

impl PendingLogouts {
    /// The app has logged out, of that session if there was one in this tab.
    pub(crate) fn add(&mut self, call: CallId, session: Option<Session>, with_token: bool) {
        let pending_logout = match &mut self.under_way {
            Some((_, under_way)) if session.is_none() && !under_way.is_last_try => under_way,
            _ => {
                let unsent = self.unsent.take().or(self.kept.take());
                self.unsent.insert(unsent.unwrap_or_default())
            }
        };
        pending_logout.failures = 0;
        pending_logout.is_warned_of = false;
        pending_logout.is_hurried = false;
        pending_logout.calls.push(call);
        if with_token && session.is_some() {
            pending_logout.session = session;
        }
    }

    /// Whether there is one to send.
    pub(crate) fn has_unsent(&self) -> bool {
        self.unsent.is_some()
    }

    /// Sends the one that waits for the lock. Returns `false` if that takes a valid token first: the
    /// one that should go along is stale.
    pub(crate) fn send(
        &mut self,
        timeout: u64,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) -> bool {
        let Some(mut pending_logout) = self.unsent.take() else {
            return false;
        };
        let is_stale = |session: &mut Session| !session.is_valid(now);
        if pending_logout.session.take_if(is_stale).is_some() {
            self.unsent = Some(pending_logout);
            return false;
        }
        let id = out.logout(pending_logout.session.as_ref().map(Session::token));
        self.under_way = Some((id, pending_logout));
        timers.set(Timer::Attempt, timeout, now);
        true
    }

    /// A token for the one that waits, and for nothing else: nobody is signed in by it.
    pub(crate) fn give_token(&mut self, response: TokenResponse, version: Version, now: Now) {
        if let Some(pending_logout) = &mut self.unsent {
            pending_logout.session = Some(Session::granted(response, version, now));
        }
    }

    pub(crate) fn is_under_way(&self, id: AttemptId) -> bool {
        matches!(&self.under_way, Some((current, _)) if *current == id)
    }

    /// The backend has confirmed the one under way, or not.
    pub(crate) fn answered(
        &mut self,
        confirmed: bool,
        entropy: &mut Entropy,
        now: Now,
        out: &mut Outbox,
        timers: &mut Timers,
    ) {
        timers.stop(Timer::Attempt);
        let Some((_, mut pending_logout)) = self.under_way.take() else {
            return;
        };
        out.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
        if confirmed {
            return;
        }
        pending_logout.warn(out);
        if pending_logout.is_last_try {
            return;
        }
        pending_logout.failures += 1;
        if pending_logout.failures < MAX_FAILURES {
            let longest = BACK_OFF_MS << pending_logout.failures;
            let wait = entropy.between(longest / 2, longest);
            timers.set(Timer::LogoutAgain, wait, now);
        }
        self.kept = Some(pending_logout);
    }

    /// The one that was kept is to be sent again. Returns whether there is any.
    pub(crate) fn retry(&mut self, timers: &mut Timers) -> bool {
        let Some(kept) = self.kept.take() else {
            return false;
        };
        timers.stop(Timer::LogoutAgain);
        self.unsent.get_or_insert(kept);
        true
    }

    /// Another try may succeed now, and so may all of those that follow. Returns whether there is
    /// anything to try.
    pub(crate) fn network_is_back(&mut self, timers: &mut Timers) -> bool {
        if let Some(kept) = &mut self.kept {
            kept.failures = 0;
        }
        self.retry(timers)
    }

    /// The page is being left, and may not be there any more when the lock is free: what waits for it
    /// is sent at once. It keeps its turn: should the page stay, a refresh under way may bring a
    /// cookie that is still good.
    pub(crate) fn hurry(&mut self, now: Now, out: &mut Outbox) {
        if let Some(pending_logout) = &mut self.unsent
            && !std::mem::replace(&mut pending_logout.is_hurried, true)
        {
            let session = pending_logout.session.as_ref();
            let valid = session.filter(|session| session.is_valid(now));
            out.logout(valid.map(Session::token));
        }
    }

    /// Somebody has signed in since: a logout request that leaves now would end the wrong session.
    pub(crate) fn forget_unsent(&mut self, out: &mut Outbox, timers: &mut Timers) {
        timers.stop(Timer::LogoutAgain);
        if let Some((_, under_way)) = &mut self.under_way {
            under_way.is_last_try = true;
        }
        let unsent = [self.unsent.take(), self.kept.take()];
        for mut pending_logout in unsent.into_iter().flatten() {
            out.settle_all(std::mem::take(&mut pending_logout.calls), &Ok(()));
            pending_logout.warn(out);
        }
    }

    /// The page goes away from what it was at. Nothing is taken up again when it comes back: by then
    /// it might end another session.
    pub(crate) fn abandon(&mut self, out: &mut Outbox, timers: &mut Timers) {
        if let Some((_, under_way)) = self.under_way.take() {
            self.kept = Some(under_way);
        }
        self.forget_unsent(out, timers);
    }

    /// Whether a session by the cookie alone would be one that has been logged out here.
    pub(crate) fn is_any(&self, timers: &Timers) -> bool {
        self.under_way.is_some() || self.unsent.is_some() || timers.is_set(Timer::LogoutAgain)
    }

    pub(crate) fn anyone_waits(&self) -> bool {
        let under_way = self.under_way.as_ref().map(|(_, under_way)| under_way);
        let mut all = self.unsent.iter().chain(under_way);
        all.any(|pending_logout| !pending_logout.calls.is_empty())
    }

    /// Takes the calls that have waited for long enough; the app is told why.
    pub(crate) fn take_calls(&mut self) -> Vec<CallId> {
        let under_way = self.under_way.as_mut().map(|(_, under_way)| under_way);
        let mut calls = Vec::new();
        for pending_logout in self.unsent.iter_mut().chain(under_way) {
            if !pending_logout.calls.is_empty() {
                pending_logout.is_warned_of = true;
            }
            calls.append(&mut pending_logout.calls);
        }
        calls
    }
}

impl PendingLogout {
    fn warn(&mut self, out: &mut Outbox) {
        if !std::mem::replace(&mut self.is_warned_of, true) {
            out.emit(Event::Warning(Warning::LogoutUnconfirmed));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::effect::Effect;
    use crate::core::token::AccessToken;

    const TIMEOUT: u64 = 10_000;
    const WARNING: Effect = Effect::Emit(Event::Warning(Warning::LogoutUnconfirmed));

    fn at(ms: u64) -> Now {
        Now {
            monotonic: ms,
            wall: ms,
        }
    }

    fn token() -> AccessToken {
        AccessToken::parse("one".to_owned()).unwrap()
    }

    fn response() -> TokenResponse {
        TokenResponse {
            token: token(),
            lifetime: Some(60_000),
            claims: None,
        }
    }

    fn session() -> Option<Session> {
        let version = Version::default();
        Some(Session::granted(response(), version, at(0)))
    }

    fn settled(call: u32) -> Effect {
        Effect::Settle(CallId(call), Ok(()))
    }

    struct World {
        logouts: PendingLogouts,
        entropy: Entropy,
        out: Outbox,
        timers: Timers,
    }

    impl World {
        fn new() -> World {
            World {
                logouts: PendingLogouts::default(),
                entropy: Entropy::seeded(1),
                out: Outbox::default(),
                timers: Timers::default(),
            }
        }

        /// One that is under way, without its token.
        fn sent() -> World {
            let mut world = World::new();
            world.logouts.add(CallId(1), session(), false);
            assert!(world.send(0));
            world.out.drain();
            world
        }

        fn send(&mut self, ms: u64) -> bool {
            let World {
                logouts,
                out,
                timers,
                ..
            } = self;
            logouts.send(TIMEOUT, at(ms), out, timers)
        }

        fn answer(&mut self, confirmed: bool) -> Vec<Effect> {
            let World {
                logouts,
                entropy,
                out,
                timers,
            } = self;
            logouts.answered(confirmed, entropy, at(0), out, timers);
            out.drain()
        }

        fn retry(&mut self) -> bool {
            self.logouts.retry(&mut self.timers)
        }

        fn forget_unsent(&mut self) -> Vec<Effect> {
            self.logouts.forget_unsent(&mut self.out, &mut self.timers);
            self.out.drain()
        }

        fn is_any(&self) -> bool {
            self.logouts.is_any(&self.timers)
        }
    }

    #[test]
    fn nothing_is_sent_where_nobody_has_logged_out() {
        let mut world = World::new();
        assert!(!world.send(0) && !world.retry() && !world.is_any());
        assert_eq!(world.answer(true), []);
    }

    #[test]
    fn a_confirmed_logout_is_over() {
        let mut world = World::new();
        world.logouts.add(CallId(1), session(), false);
        assert!(world.is_any() && world.logouts.has_unsent() && world.logouts.anyone_waits());
        assert!(world.send(0));
        assert_eq!(world.out.drain(), [Effect::Logout(AttemptId(1), None)]);
        assert!(world.timers.is_set(Timer::Attempt));
        assert!(world.logouts.is_under_way(AttemptId(1)));
        assert!(!world.logouts.is_under_way(AttemptId(2)));
        assert!(world.is_any() && !world.logouts.has_unsent() && world.logouts.anyone_waits());
        assert_eq!(world.answer(true), [settled(1)]);
        assert!(!world.is_any() && !world.logouts.anyone_waits() && !world.retry());
        assert!(!world.timers.is_set(Timer::Attempt));
    }

    #[test]
    fn one_that_fails_is_told_of_once_and_tried_again_a_few_times() {
        let mut world = World::sent();
        assert_eq!(world.answer(false), [settled(1), WARNING]);
        for failures in 2..=MAX_FAILURES {
            assert!(world.is_any() && world.timers.is_set(Timer::LogoutAgain));
            let longest = BACK_OFF_MS << (failures - 1);
            let wait = world.timers.next(at(0)).unwrap();
            assert!((longest / 2..=longest).contains(&wait), "{wait}");
            assert!(world.retry() && world.send(0));
            assert!(!world.timers.is_set(Timer::LogoutAgain));
            world.out.drain();
            assert_eq!(world.answer(false), []);
        }
        assert!(!world.is_any() && !world.timers.is_set(Timer::LogoutAgain));
        assert!(world.logouts.network_is_back(&mut world.timers));
        assert!(world.send(0));
        world.out.drain();
        assert_eq!(world.answer(false), []);
        assert!(world.timers.is_set(Timer::LogoutAgain));
    }

    #[test]
    fn a_valid_token_goes_along_where_it_is_wanted() {
        let mut world = World::new();
        world.logouts.add(CallId(1), session(), true);
        world.logouts.add(CallId(2), None, true);
        assert!(world.send(59_999));
        let with_token = Effect::Logout(AttemptId(1), Some(token()));
        assert_eq!(world.out.drain(), [with_token]);
    }

    #[test]
    fn a_stale_token_is_renewed_first_or_left_out() {
        let mut world = World::new();
        world.logouts.add(CallId(1), session(), true);
        assert!(!world.send(60_000) && world.logouts.has_unsent());
        assert_eq!(world.out.drain(), []);
        assert!(!world.timers.is_set(Timer::Attempt));
        world
            .logouts
            .give_token(response(), Version::default(), at(60_000));
        assert!(world.send(60_000));
        let with_token = Effect::Logout(AttemptId(1), Some(token()));
        assert_eq!(world.out.drain(), [with_token]);

        let mut world = World::new();
        world.logouts.add(CallId(1), session(), true);
        assert!(!world.send(60_000));
        assert!(world.send(60_000));
        assert_eq!(world.out.drain(), [Effect::Logout(AttemptId(1), None)]);
    }

    #[test]
    fn another_call_joins_a_request_under_way_unless_there_was_a_session_since() {
        let mut world = World::sent();
        world.logouts.add(CallId(2), None, false);
        assert!(!world.logouts.has_unsent());
        world.logouts.add(CallId(3), session(), false);
        assert!(world.logouts.has_unsent());
        assert_eq!(world.answer(true), [settled(1), settled(2)]);
        assert!(world.send(0));
        world.out.drain();
        assert_eq!(world.answer(true), [settled(3)]);
    }

    #[test]
    fn after_a_sign_in_nothing_is_sent_again_and_nobody_joins() {
        let mut world = World::sent();
        assert_eq!(world.forget_unsent(), []);
        world.logouts.add(CallId(2), None, false);
        assert!(world.logouts.has_unsent());
        assert_eq!(world.answer(false), [settled(1), WARNING]);
        assert!(!world.timers.is_set(Timer::LogoutAgain) && !world.retry());
    }

    #[test]
    fn what_has_not_left_is_forgotten_after_a_sign_in() {
        let mut world = World::sent();
        world.answer(false);
        world.logouts.add(CallId(2), session(), false);
        assert_eq!(world.forget_unsent(), [settled(2), WARNING]);
        assert!(!world.is_any() && !world.timers.is_set(Timer::LogoutAgain));
    }

    #[test]
    fn a_new_call_takes_over_one_that_was_kept_and_counts_anew() {
        let mut world = World::sent();
        world.answer(false);
        world.logouts.add(CallId(2), None, false);
        assert!(!world.retry());
        assert!(world.send(0));
        world.out.drain();
        assert_eq!(world.answer(false), [settled(2), WARNING]);
    }

    #[test]
    fn an_unsent_one_does_for_one_that_is_to_go_again() {
        let mut world = World::sent();
        world.logouts.add(CallId(2), session(), false);
        world.answer(false);
        assert!(world.retry());
        assert!(world.send(0));
        world.out.drain();
        assert_eq!(world.answer(true), [settled(2)]);
        assert!(!world.logouts.has_unsent());
    }

    #[test]
    fn a_page_that_is_left_sends_once_ahead_of_its_turn() {
        let mut world = World::new();
        world.logouts.hurry(at(0), &mut world.out);
        assert_eq!(world.out.drain(), []);
        world.logouts.add(CallId(1), session(), true);
        world.logouts.hurry(at(0), &mut world.out);
        world.logouts.hurry(at(0), &mut world.out);
        let with_token = Effect::Logout(AttemptId(1), Some(token()));
        assert_eq!(world.out.drain(), [with_token]);
        assert!(world.logouts.has_unsent() && !world.logouts.is_under_way(AttemptId(1)));
        world.logouts.add(CallId(2), None, true);
        world.logouts.hurry(at(60_000), &mut world.out);
        assert_eq!(world.out.drain(), [Effect::Logout(AttemptId(2), None)]);
    }

    #[test]
    fn a_page_that_goes_away_drops_all_of_it() {
        let mut world = World::sent();
        world.logouts.abandon(&mut world.out, &mut world.timers);
        assert_eq!(world.out.drain(), [settled(1), WARNING]);
        assert!(!world.is_any() && !world.retry());
    }

    #[test]
    fn calls_that_waited_for_too_long_are_taken_and_not_warned_of_again() {
        let mut world = World::sent();
        world.logouts.add(CallId(2), session(), false);
        assert_eq!(world.logouts.take_calls(), [CallId(2), CallId(1)]);
        assert!(!world.logouts.anyone_waits());
        assert_eq!(world.logouts.take_calls(), []);
        assert_eq!(world.answer(false), []);
        assert_eq!(world.forget_unsent(), []);
    }
}
