use super::*;

const NOW: Now = Now {
    monotonic: 0,
    wall: 0,
};
const TIMEOUT: u64 = 10_000;
const KNOWN: Version = Version {
    epoch: 7,
    generation: 3,
    author: crate::core::version::TabId(1),
};

struct World {
    refreshes: Refreshes,
    out: Outbox,
    timers: Timers,
}

impl World {
    fn new() -> World {
        World {
            refreshes: Refreshes::default(),
            out: Outbox::default(),
            timers: Timers::default(),
        }
    }

    fn send(&mut self, purpose: Purpose) -> AttemptId {
        let World {
            refreshes,
            out,
            timers,
        } = self;
        refreshes.send(purpose, false, KNOWN, NOW, out);
        timers.set(Timer::Attempt, TIMEOUT, NOW);
        match self.out.drain()[..] {
            [Effect::Refresh(id)] => id,
            ref other => panic!("{other:?}"),
        }
    }

    fn outcomes(&mut self) -> Vec<CallId> {
        let calls = self.out.drain().into_iter().map(|effect| match effect {
            Effect::Settle(call, Err(Error::SessionEnded)) => call,
            other => panic!("{other:?}"),
        });
        calls.collect()
    }
}

#[test]
fn a_refresh_is_wanted_until_there_is_a_newer_token() {
    let mut state = SessionState::new(KNOWN.author);
    let mut refreshes = Refreshes::default();
    assert!(!refreshes.is_wanted(&state));
    refreshes.want(state.version());
    assert!(refreshes.is_wanted(&state));
    state.sign_out(KNOWN.ended(KNOWN.author));
    assert!(!refreshes.is_wanted(&state));
    let state = SessionState::new(KNOWN.author);
    refreshes.forget();
    assert!(!refreshes.is_wanted(&state));
}

#[test]
fn an_attempt_is_answered_once_and_by_its_number_only() {
    let mut world = World::new();
    let id = world.send(Purpose::Renewal);
    let World {
        refreshes, timers, ..
    } = &mut world;
    assert!(timers.is_set(Timer::Attempt));
    let other = AttemptId(id.0 + 1);
    assert_eq!(refreshes.answered(other, timers), None);
    assert!(timers.is_set(Timer::Attempt));
    let attempt = refreshes.answered(id, timers).unwrap();
    assert_eq!((attempt.known, attempt.asked), (KNOWN, NOW));
    assert!(!timers.is_set(Timer::Attempt));
    assert_eq!(refreshes.answered(id, timers), None);
    assert_eq!(refreshes.answered_late(id), None);
}

#[test]
fn an_attempt_given_up_on_may_be_answered_late_with_nobody_waiting() {
    let mut world = World::new();
    let id = world.send(Purpose::SignIn(vec![CallId(1)]));
    let World {
        refreshes,
        timers,
        out,
    } = &mut world;
    let given_up = refreshes.give_up(out).unwrap();
    assert_eq!(given_up.purpose, Purpose::SignIn(vec![CallId(1)]));
    assert_eq!(refreshes.give_up(out), None);
    assert!(!refreshes.anyone_waits());
    assert_eq!(refreshes.answered(id, timers), None);
    assert_eq!(refreshes.answered_late(AttemptId(id.0 + 1)), None);
    let late = refreshes.answered_late(id).unwrap();
    assert_eq!(late.purpose, Purpose::SignIn(Vec::new()));
    assert_eq!(refreshes.answered_late(id), None);
}

#[test]
fn only_one_request_given_up_on_is_left_in_the_browser() {
    let mut world = World::new();
    let first = world.send(Purpose::Renewal);
    world.refreshes.give_up(&mut world.out);
    assert_eq!(world.out.drain(), []);
    let World { refreshes, out, .. } = &mut world;
    for _ in 0..3 {
        refreshes.send(Purpose::Renewal, false, KNOWN, NOW, out);
        refreshes.give_up(out);
        let effects = out.drain();
        let [Effect::RefreshAgain(sent), Effect::CallOff(ended)] = effects[..] else {
            panic!("{effects:?}");
        };
        assert_eq!(sent, ended);
        assert_eq!(refreshes.answered_late(sent), None);
    }
    assert!(refreshes.answered_late(first).is_some());
    refreshes.send(Purpose::Renewal, false, KNOWN, NOW, out);
    assert!(matches!(out.drain()[..], [Effect::Refresh(_)]));
}

#[test]
fn what_is_overdue_can_be_forgotten() {
    let mut world = World::new();
    let id = world.send(Purpose::Renewal);
    world.refreshes.give_up(&mut world.out);
    world.refreshes.forget_overdue();
    assert_eq!(world.refreshes.answered_late(id), None);
}

#[test]
fn all_calls_are_taken_wherever_they_wait() {
    let mut world = World::new();
    world.send(Purpose::SignIn(vec![CallId(1)]));
    assert!(world.refreshes.anyone_waits());
    world.refreshes.add_sign_ins([CallId(2)]);
    world.refreshes.add_call(CallId(3));
    let calls = world.refreshes.take_calls();
    assert_eq!(calls, [CallId(3), CallId(2), CallId(1)]);
    assert!(!world.refreshes.anyone_waits());
    assert_eq!(world.refreshes.take_calls(), []);
    world.refreshes.add_call(CallId(4));
    assert!(world.refreshes.anyone_waits());
    world.refreshes.take_back_call();
    assert!(!world.refreshes.anyone_waits());
    world.refreshes.add_sign_ins([CallId(5)]);
    assert!(world.refreshes.anyone_waits());
}

#[test]
fn logout_final_a_sign_in_called_off_counts_no_more() {
    let mut world = World::new();
    let id = world.send(Purpose::SignIn(vec![CallId(1)]));
    world.refreshes.add_sign_ins([CallId(2)]);
    world.refreshes.call_off_sign_ins(&mut world.out);
    assert_eq!(world.outcomes(), [CallId(2), CallId(1)]);
    let attempt = world.refreshes.answered(id, &mut world.timers).unwrap();
    assert_eq!(attempt.purpose, Purpose::Renewal);
    assert_eq!(attempt.known, Version::default());
}

#[test]
fn calling_sign_ins_off_leaves_a_request_for_a_logout_what_it_is() {
    let mut world = World::new();
    let id = world.send(Purpose::Logout);
    world.refreshes.call_off_sign_ins(&mut world.out);
    let attempt = world.refreshes.answered(id, &mut world.timers).unwrap();
    assert_eq!(attempt.purpose, Purpose::Logout);
}

#[test]
fn sign_ins_wait_on_when_the_page_goes_away() {
    let mut world = World::new();
    world.send(Purpose::SignIn(vec![CallId(1)]));
    assert!(!world.refreshes.has_sign_ins());
    world.refreshes.abandon();
    assert!(world.refreshes.has_sign_ins());
    assert!(!world.refreshes.has_calls());
    assert!(world.refreshes.turn_sign_ins_into_calls());
    assert!(!world.refreshes.turn_sign_ins_into_calls());
    assert!(world.refreshes.has_calls() && !world.refreshes.has_sign_ins());
    let outcome = Err(Error::SessionEnded);
    world.refreshes.settle(&outcome, &mut world.out);
    assert_eq!(world.outcomes(), [CallId(1)]);
    assert!(!world.refreshes.has_calls());
}
