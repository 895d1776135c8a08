use super::*;
use crate::core::event::Cause;
use crate::core::identity::Subject;
use crate::core::token::AccessToken;
use crate::core::token_response::TokenResponse;
use crate::core::version::TabId;

const LIFETIME: u64 = 300_000;
const ONE: RequestId = RequestId(1);
const NOTHING: Outlook = Outlook {
    refresh_is_coming: false,
    is_backing_off: false,
};
const COMING: Outlook = Outlook {
    refresh_is_coming: true,
    is_backing_off: false,
};
const BACKING_OFF: Outlook = Outlook {
    refresh_is_coming: false,
    is_backing_off: true,
};

fn at(ms: u64) -> Now {
    Now {
        monotonic: ms,
        wall: ms,
    }
}

fn token() -> AccessToken {
    AccessToken::parse("one".to_owned()).unwrap()
}

fn sent() -> Effect {
    Effect::Send(ONE, Some(token()))
}

fn rejected(error: Error) -> Effect {
    Effect::Reject(ONE, error)
}

/// A tab with a session that began in that epoch, at the beginning of time.
fn signed_in(epoch: u64, generation: u32) -> SessionState {
    let response = TokenResponse {
        token: token(),
        lifetime: Some(LIFETIME),
        claims: None,
    };
    let version = Version {
        epoch,
        generation,
        author: TabId(1),
    };
    let mut state = SessionState::new(TabId(1));
    state.adopt(Session::granted(response, version, at(0)), Cause::Refresh);
    state
}

fn signed_out() -> SessionState {
    let mut state = signed_in(1, 1);
    state.sign_out(state.ended());
    state
}

fn made_as(identity: Option<Identity>) -> Requests {
    let mut requests = Requests::default();
    requests.add(ONE, identity);
    requests
}

fn resume(requests: &mut Requests, state: &SessionState, outlook: Outlook, ms: u64) -> Vec<Effect> {
    let mut out = Outbox::default();
    requests.resume(state, outlook, at(ms), &mut out);
    out.drain()
}

fn give_up(requests: &mut Requests, valid: Option<&SessionState>, checks: bool) -> Vec<Effect> {
    let mut out = Outbox::default();
    let session = valid.and_then(SessionState::session);
    requests.give_up(session, checks, Failure::Network, &mut out);
    out.drain()
}

/// A request that has been sent with the first token of the first epoch, and rejected.
fn rejected_request() -> Requests {
    let state = signed_in(1, 1);
    let mut requests = made_as(state.identity());
    resume(&mut requests, &state, NOTHING, 0);
    assert!(requests.rejected(ONE, true, &mut Outbox::default()));
    requests
}

#[test]
fn a_request_waits_until_there_is_a_token() {
    let mut requests = made_as(None);
    let restoring = SessionState::new(TabId(1));
    assert_eq!(resume(&mut requests, &restoring, NOTHING, 0), []);
    assert!(requests.any_waiting());
    assert_eq!(
        resume(&mut requests, &signed_in(1, 1), NOTHING, 0),
        [sent()]
    );
    assert!(!requests.any_waiting());
    assert_eq!(resume(&mut requests, &signed_in(1, 1), NOTHING, 0), []);
}

#[test]
fn a_token_about_to_expire_is_sent_only_while_no_better_one_is_to_be_had() {
    let state = signed_in(1, 1);
    let mut requests = made_as(state.identity());
    let old = LIFETIME - 1_000;
    assert_eq!(resume(&mut requests, &state, COMING, old), []);
    assert_eq!(resume(&mut requests, &state, BACKING_OFF, LIFETIME), []);
    assert_eq!(resume(&mut requests, &state, BACKING_OFF, old), [sent()]);
}

#[test]
fn one_identity_what_was_made_as_another_person_does_not_go() {
    let made_before = signed_in(1, 1).identity();
    let ended = [rejected(Error::SessionEnded)];
    for other in [signed_in(2, 1), signed_out()] {
        let mut requests = made_as(made_before);
        let effects = resume(&mut requests, &other, NOTHING, 0);
        assert_eq!(effects, ended);
        assert_eq!(requests, Requests::default());
    }
}

#[test]
fn one_identity_the_same_person_may_have_signed_in_anew() {
    let subject = Some(Subject(7));
    let before = Version::default();
    let request = Request {
        id: ONE,
        phase: Phase::Held,
        identity: Some(Identity::of(before, subject)),
        replayed: false,
    };
    assert!(request.may_go_as(Identity::of(signed_in(1, 1).version(), subject)));
    assert!(!request.may_go_as(Identity::of(signed_in(1, 1).version(), Some(Subject(8)))));
}

#[test]
fn signed_out_a_request_of_nobody_goes_without_a_token() {
    let mut requests = made_as(None);
    let bare = Effect::Send(ONE, None);
    assert_eq!(resume(&mut requests, &signed_out(), NOTHING, 0), [bare]);
    let mut out = Outbox::default();
    assert!(!requests.rejected(ONE, true, &mut out));
    assert_eq!(out.drain(), [Effect::Deliver(ONE)]);
}

#[test]
fn a_rejected_request_waits_for_a_newer_token_and_goes_again_with_it() {
    let mut requests = rejected_request();
    assert!(requests.any_waiting());
    assert_eq!(resume(&mut requests, &signed_in(1, 1), COMING, 0), []);
    let newer = signed_in(1, 2);
    assert_eq!(resume(&mut requests, &newer, COMING, LIFETIME), []);
    assert_eq!(resume(&mut requests, &newer, NOTHING, 0), [sent()]);
}

#[test]
fn retry_once_a_request_that_went_again_does_not_go_a_third_time() {
    let mut requests = rejected_request();
    resume(&mut requests, &signed_in(1, 2), NOTHING, 0);
    let mut out = Outbox::default();
    assert!(!requests.rejected(ONE, true, &mut out));
    assert_eq!(out.drain(), [Effect::Deliver(ONE)]);
    assert_eq!(requests, Requests::default());
}

#[test]
fn a_rejection_that_no_newer_token_can_mend_is_the_apps() {
    let state = signed_in(1, 1);
    let mut requests = made_as(state.identity());
    resume(&mut requests, &state, NOTHING, 0);
    let mut out = Outbox::default();
    assert!(!requests.rejected(RequestId(9), true, &mut out));
    assert_eq!(out.drain(), []);
    assert!(!requests.rejected(ONE, false, &mut out));
    assert_eq!(out.drain(), [Effect::Deliver(ONE)]);
}

#[test]
fn no_needless_refresh_a_young_token_that_is_rejected_is_not_waited_for() {
    let mut requests = rejected_request();
    let deliver = [Effect::Deliver(ONE)];
    let state = signed_in(1, 1);
    assert_eq!(resume(&mut requests, &state, NOTHING, 0), deliver);
    let mut requests = rejected_request();
    assert_eq!(resume(&mut requests, &state, NOTHING, 10_000), []);
}

#[test]
fn a_rejection_is_the_apps_when_the_session_is_over_or_another_persons() {
    for other in [signed_in(2, 1), signed_out()] {
        let mut requests = rejected_request();
        let effects = resume(&mut requests, &other, COMING, 0);
        assert_eq!(effects, [Effect::Deliver(ONE)]);
    }
}

#[test]
fn keep_serving_while_the_token_is_valid_a_failure_holds_nothing_up() {
    let state = signed_in(1, 1);
    let mut requests = made_as(state.identity());
    assert_eq!(give_up(&mut requests, Some(&state), true), []);
    assert!(requests.any_waiting());
    assert_eq!(give_up(&mut requests, Some(&state), false), [sent()]);
    assert_eq!(give_up(&mut requests, None, false), []);
}

#[test]
fn without_a_valid_token_what_waits_is_told_of_the_failure() {
    let failed = rejected(Error::RefreshFailed(Failure::Network));
    let failed = [failed];
    let state = signed_in(1, 1);
    assert_eq!(give_up(&mut made_as(None), None, true), failed);
    assert_eq!(
        give_up(&mut rejected_request(), Some(&state), false),
        failed
    );
    let mut of_another = made_as(signed_in(2, 1).identity());
    let effects = give_up(&mut of_another, Some(&state), false);
    assert_eq!(effects, [rejected(Error::SessionEnded)]);
}

#[test]
fn requests_are_found_by_their_numbers() {
    let mut requests = made_as(None);
    requests.add(RequestId(4), None);
    requests.remove(RequestId(3));
    requests.remove(ONE);
    let mut out = Outbox::default();
    requests.dispose(&mut out);
    let disposed = Effect::Reject(RequestId(4), Error::Disposed);
    assert_eq!(out.drain(), [disposed]);
    assert_eq!(requests, Requests::default());
}
