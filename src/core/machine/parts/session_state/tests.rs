use super::*;
use crate::core::claims::Claims;
use crate::core::identity::Subject;
use crate::core::token::AccessToken;

const TAB: TabId = TabId(1);
const PEER: TabId = TabId(2);

fn at(ms: u64) -> Now {
    Now {
        monotonic: ms,
        wall: ms,
    }
}

fn response(subject: Option<u64>) -> TokenResponse {
    let claims = subject.map(|subject| Claims {
        expires: None,
        issued: None,
        subject: Some(Subject(subject)),
        json: String::new(),
    });
    TokenResponse {
        token: AccessToken::parse("one".to_owned()).unwrap(),
        lifetime: None,
        claims,
    }
}

fn signed_in_as(subject: Option<u64>) -> SessionState {
    let mut state = SessionState::new(TAB);
    let session = state.granted(response(subject), true, at(100), at(100));
    let first = Event::SignedIn {
        cause: Cause::SignIn,
        person: Person::First,
    };
    assert_eq!(state.adopt(session, Cause::SignIn), first);
    state
}

/// How the app is told of a sign-in with a token of this subject.
fn told_of_sign_in(state: &mut SessionState, subject: Option<u64>) -> Event {
    let session = state.granted(response(subject), true, at(200), at(200));
    state.adopt(session, Cause::SignIn)
}

/// The version that a renewal with a token of this subject gets.
fn renewed(state: &SessionState, subject: Option<u64>) -> Version {
    let response = response(subject);
    state.granted(response, false, at(200), at(300)).version
}

#[test]
fn a_tab_begins_without_knowing_anything() {
    let state = SessionState::new(TAB);
    assert_eq!(state.status(), Status::Restoring);
    assert!(state.is_restoring() && !state.has_ended());
    assert_eq!((state.version(), state.known()), Default::default());
    assert_eq!((state.tab(), state.identity()), (TAB, None));
    assert_eq!(state.session(), None);
}

#[test]
fn a_tab_that_is_signed_out_goes_by_the_newest_end() {
    let mut state = signed_in_as(None);
    state.sign_out(state.ended());
    let end = state.version();
    let later = end.next_epoch(PEER, at(500));
    state.hear_of(later);
    assert_eq!((state.version(), state.known()), (end, later));
    state.hear_of(later.ended(PEER));
    assert_eq!(state.version(), later.ended(PEER));
    state.hear_of(end);
    assert_eq!(state.version(), later.ended(PEER));
}

#[test]
fn an_end_changes_no_version_where_none_has_come() {
    let end = signed_in_as(None).ended();
    let mut restoring = SessionState::new(TAB);
    restoring.hear_of(end);
    assert_eq!(restoring.version(), Version::default());
    let mut signed_in = signed_in_as(None);
    let version = signed_in.version();
    signed_in.hear_of(end.next_epoch(PEER, at(500)).ended(PEER));
    assert_eq!(signed_in.version(), version);
}

#[test]
fn a_renewal_is_the_next_generation_of_the_same_sign_in() {
    let mut state = signed_in_as(None);
    let first = state.version();
    assert_eq!((first.epoch, first.generation, first.author), (100, 1, TAB));
    assert_eq!(renewed(&state, None), first.next_generation(TAB));
    let session = state.granted(response(None), false, at(200), at(200));
    let event = state.adopt(session, Cause::Refresh);
    assert_eq!(event, Event::Refreshed(Cause::Refresh));
    assert_eq!(state.known(), state.version());
    assert_eq!(state.status(), Status::SignedIn);
}

#[test]
fn one_identity_another_subject_or_sign_in_is_a_new_epoch() {
    let state = signed_in_as(Some(7));
    let epoch = state.version().epoch;
    assert_eq!(renewed(&state, Some(7)).epoch, epoch);
    assert_eq!(renewed(&state, None).epoch, epoch);
    assert_eq!(renewed(&signed_in_as(None), Some(7)).epoch, epoch);
    assert_eq!(renewed(&state, Some(8)).epoch, 200);
    assert_eq!(renewed(&SessionState::new(TAB), None).epoch, 200);
    let sign_in = state.granted(response(Some(7)), true, at(200), at(300));
    assert_eq!(sign_in.version.epoch, 200);
    let mut state = state;
    let last = Version {
        generation: Version::SIGNED_OUT - 1,
        ..state.version()
    };
    state.hear_of(last);
    assert_eq!(renewed(&state, Some(7)).epoch, 200);
}

#[test]
fn another_person_signs_in_and_is_not_renewed() {
    let mut state = signed_in_as(Some(7));
    let session = state.granted(response(Some(8)), false, at(200), at(200));
    let identity = session.identity();
    let other = Event::SignedIn {
        cause: Cause::Refresh,
        person: Person::Other,
    };
    assert_eq!(state.adopt(session, Cause::Refresh), other);
    assert_eq!(state.identity(), Some(identity));
}

#[test]
fn a_session_that_was_let_go_comes_back_as_a_sign_in() {
    let mut state = signed_in_as(Some(7));
    assert!(state.unsettle() && !state.unsettle());
    let session = state.granted(response(Some(7)), false, at(200), at(200));
    let same = Event::SignedIn {
        cause: Cause::Restore,
        person: Person::Same,
    };
    assert_eq!(state.adopt(session, Cause::Refresh), same);
}

#[test]
fn one_identity_an_opaque_token_that_is_restored_may_be_of_the_same_person() {
    let restored = |state: &mut SessionState| {
        state.unsettle();
        let session = state.granted(response(None), false, at(900), at(900));
        state.adopt(session, Cause::Refresh)
    };
    let as_whom = |person| Event::SignedIn {
        cause: Cause::Restore,
        person,
    };
    for before in [None, Some(7)] {
        let mut state = signed_in_as(before);
        assert_eq!(restored(&mut state), as_whom(Person::Unknown));
        let mut state = signed_in_as(before);
        state.hear_of(state.version().next_epoch(PEER, at(500)));
        assert_eq!(restored(&mut state), as_whom(Person::Other));
    }
}

#[test]
fn one_identity_a_sign_out_in_between_does_not_make_another_person() {
    for (subject, person) in [
        (Some(7), Person::Same),
        (Some(8), Person::Other),
        (None, Person::Other),
    ] {
        let mut state = signed_in_as(Some(7));
        state.sign_out(state.ended());
        let event = Event::SignedIn {
            cause: Cause::SignIn,
            person,
        };
        assert_eq!(told_of_sign_in(&mut state, subject), event);
    }
}

#[test]
fn the_same_person_who_signs_in_again_gets_another_token() {
    let mut state = signed_in_as(Some(7));
    let event = told_of_sign_in(&mut state, Some(7));
    assert_eq!(event, Event::Refreshed(Cause::SignIn));
}

#[test]
fn an_end_is_told_once() {
    let mut state = signed_in_as(None);
    let end = state.ended();
    let once = SignedOut {
        is_change: true,
        had_somebody: true,
    };
    assert_eq!(state.sign_out(end), once);
    assert!(state.has_ended() && state.session().is_none());
    assert_eq!((state.version(), state.known()), (end, end));
    assert_eq!(
        (state.status(), state.identity()),
        (Status::SignedOut, None)
    );
    let again = SignedOut {
        is_change: false,
        had_somebody: false,
    };
    assert_eq!(state.sign_out(Version::default()), again);
    assert_eq!((state.version(), state.known()), (end, end));
}

#[test]
fn beginning_signed_out_is_no_end() {
    let mut state = SessionState::new(TAB);
    state.begin_signed_out();
    assert_eq!(state.status(), Status::SignedOut);
    assert!(!state.has_ended());
    assert!(state.wants_newer_than(state.version()));
}

#[test]
fn a_newer_token_is_to_be_had_until_the_end() {
    let mut state = signed_in_as(None);
    let version = state.version();
    assert!(state.wants_newer_than(version));
    assert!(!state.wants_newer_than(Version::default()));
    state.unsettle();
    assert!(state.wants_newer_than(Version::default()));
    state.sign_out(state.ended());
    assert!(!state.wants_newer_than(version));
}

#[test]
fn logout_final_nothing_of_an_epoch_that_is_over_is_wanted() {
    let mut state = signed_in_as(None);
    let version = state.version();
    assert!(!state.wants(version));
    assert!(state.wants(version.next_generation(PEER)));
    assert!(!state.wants(version.ended(PEER)));
    assert!(state.wants(version.next_epoch(PEER, at(0))));
    state.hear_of(version.ended(PEER));
    assert!(!state.wants(version.next_generation(PEER)));
    assert!(state.wants(version.next_epoch(PEER, at(0))));
    state.hear_of(version.next_epoch(PEER, at(500)));
    assert!(!state.wants(version.next_epoch(PEER, at(0))));
}

#[test]
fn an_end_is_news_where_something_of_it_is_left() {
    let state = signed_in_as(None);
    let version = state.version();
    let end = version.ended(PEER);
    assert!(state.is_newest_end(end, at(100)));
    assert!(!state.is_newest_end(version.next_generation(PEER), at(100)));
    assert!(!state.is_newest_end(Version::default().ended(PEER), at(100)));
    let forged = Version {
        epoch: u64::MAX,
        ..end
    };
    assert!(!state.is_newest_end(forged, at(100)));
    let mut state = state;
    state.hear_of(version.logged_out(PEER, at(500)));
    assert!(state.is_newest_end(end, at(100)));
    state.unsettle();
    assert!(!state.is_newest_end(end, at(100)));
    assert!(state.is_newest_end(state.known(), at(500)));
    state.sign_out(state.known());
    assert!(!state.is_newest_end(state.known(), at(500)));
}

#[test]
fn logout_final_what_became_known_meanwhile_supersedes_an_answer() {
    let mut state = signed_in_as(None);
    let then = state.known();
    assert!(state.accepts(false, then) && state.accepts(true, then));
    state.hear_of(then.next_generation(PEER));
    assert!(state.accepts(false, then) && state.accepts(true, then));
    state.hear_of(then.next_epoch(PEER, at(500)));
    assert!(!state.accepts(false, then) && state.accepts(true, then));
    state.hear_of(state.known().ended(PEER));
    assert!(!state.accepts(false, then) && !state.accepts(true, then));
    let ended = state.known();
    assert!(state.accepts(false, ended) && state.accepts(true, ended));
    state.sign_out(ended);
    assert!(!state.accepts(false, ended) && state.accepts(true, ended));
}

#[test]
fn a_token_that_others_have_may_be_of_the_session_here() {
    let mut state = signed_in_as(Some(7));
    let next = state.version().next_generation(PEER);
    let of = |subject| Some(Identity::of(next, Some(Subject(subject))));
    assert!(state.hear_of_token(next, None));
    assert_eq!(state.known(), next);
    assert!(state.hear_of_token(next, of(7)));
    assert!(!state.hear_of_token(next, of(8)));
    assert!(!state.hear_of_token(next.next_epoch(PEER, at(0)), None));
    state.unsettle();
    assert!(!state.hear_of_token(next, None));
}

#[test]
fn a_logout_takes_the_session_out() {
    let mut state = signed_in_as(None);
    assert!(state.take_session().is_some());
    assert_eq!(state.take_session(), None);
    let version = state.logged_out(at(500));
    assert_eq!((version.epoch, version.author), (500, TAB));
    state.sign_out(version);
    assert_eq!(state.take_session(), None);
    assert_eq!(state.status(), Status::SignedOut);
}

#[test]
fn what_a_page_had_before_it_was_away_is_forgotten_but_not_what_it_knows() {
    let mut state = signed_in_as(None);
    let known = state.known();
    state.forget_version();
    assert_eq!(
        (state.version(), state.known()),
        (Version::default(), known)
    );
}

#[test]
fn the_news_of_a_session_says_whose_and_how_old_it_is() {
    let state = signed_in_as(Some(7));
    let news = state.news_of(state.session().unwrap(), Crowd::of(30), at(150));
    assert_eq!((news.from, news.version), (TAB, state.version()));
    assert_eq!(news.subject, Some(Subject(7)));
    assert_eq!(
        (news.life.age, news.said_at, news.crowd),
        (50, 150, Crowd::of(30))
    );
}
