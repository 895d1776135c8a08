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
