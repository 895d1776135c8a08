//! The app reads the state of its session.

use super::samples::*;
use super::tab::*;

#[test]
fn a_session_tells_its_claims_its_end_and_its_token() {
    let token = jwt("alice");
    let tab = Tab::signed_in_with(policy(), &token, 5 * MINUTE);
    assert_eq!(tab.machine.claims_json(), Some(r#"{"sub":"alice"}"#));
    let end = tab.now.wall + 5 * MINUTE;
    assert_eq!(tab.machine.expires_at(), Some(end));
    let read = tab.machine.access_token().expect("there is one");
    assert_eq!(read.expose(), token);
}

#[test]
fn confinement_nothing_is_told_of_a_session_that_is_over() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.logout();
    assert_eq!(tab.machine.claims_json(), None);
    assert_eq!(tab.machine.expires_at(), None);
    assert_eq!(tab.machine.access_token(), None);
}

#[test]
fn an_opaque_token_has_no_claims_and_may_have_no_end() {
    let mut tab = Tab::signed_out();
    tab.sign_in(Some(lasting("opaque", None)));
    assert_eq!(tab.machine.claims_json(), None);
    assert_eq!(tab.machine.expires_at(), None);
    assert!(tab.machine.access_token().is_some());
}

#[test]
fn no_two_attempts_have_the_same_number() {
    let mut tab = Tab::opened();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let attempt = tab.pending.expect("a refresh is under way");
        assert!(!seen.contains(&attempt), "{attempt:?} twice");
        seen.push(attempt);
        tab.granted("one", 5 * MINUTE);
        tab.wait(MINUTE);
        tab.refresh();
    }
}

#[test]
fn no_two_waits_for_the_lock_have_the_same_ticket() {
    let mut tab = Tab::signed_in();
    let mut seen = Vec::new();
    for _ in 0..3 {
        tab.refresh();
        let Lock::Ours(ticket) = tab.lock else {
            panic!("the lock is free");
        };
        assert!(!seen.contains(&ticket), "{ticket:?} twice");
        seen.push(ticket);
        tab.granted("one", 5 * MINUTE);
    }
}

#[test]
fn the_answer_to_a_logout_of_before_settles_nothing() {
    let mut tab = Tab::signed_in();
    tab.logout();
    let (before, _) = tab.logouts[0];
    tab.logout_answered(true);
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.logout();
    tab.outcomes();
    tab.machine.handle_logout_answer(before, true, tab.now);
    assert_eq!(tab.machine.poll_effect(), None);
}
