//! Answers and locks that come when something else is under way.

use super::samples::*;
use super::tab::*;
use crate::core::machine::{Answer, TabSharing};
use crate::core::{Cause, Effect, Event, Failure, Status};

/// A tab whose first attempt has been given up on, and whose second is under way.
fn with_two_attempts() -> (Tab, crate::core::AttemptId) {
    let mut tab = Tab::signed_in();
    tab.refresh();
    let first = tab.pending.expect("a refresh is under way");
    while tab.pending == Some(first) {
        tab.wait(SECOND);
    }
    tab.outcomes();
    tab.events();
    (tab, first)
}

#[test]
fn a_failure_of_an_attempt_given_up_on_is_not_that_of_the_next() {
    let (mut tab, first) = with_two_attempts();
    let call = tab.refresh();
    let failed = Answer::Failed {
        failure: Failure::Network,
        retry_after: None,
    };
    tab.answered_late(first, failed);
    assert_eq!((tab.outcomes(), tab.events()), (vec![], vec![]));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(
        tab.events(),
        [
            Event::Change,
            Event::Refreshed(Cause::Refresh),
            Event::Recovered
        ]
    );
}

#[test]
fn an_attempt_that_nobody_made_is_not_answered() {
    let (mut tab, _) = with_two_attempts();
    let nobodys = crate::core::AttemptId(u32::MAX);
    tab.answered_late(nobodys, Answer::Ended);
    assert_eq!(tab.events(), []);
}

#[test]
fn a_lock_that_is_granted_too_late_is_let_go() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.refresh();
    let Lock::Theirs(Some(first)) = tab.lock else {
        panic!("it does not wait for the lock");
    };
    let end = tab.ended_elsewhere();
    tab.hear_signed_out(end);
    let call = tab.sign_in(None);
    assert!(!matches!(tab.lock, Lock::Theirs(Some(ticket)) if ticket == first));
    tab.machine.handle_lock_granted(first, tab.now);
    assert_eq!(tab.machine.poll_effect(), Some(Effect::ReleaseLock(first)));
    assert_eq!(tab.machine.poll_effect(), None);
    tab.outcomes();
    tab.lock_comes_free();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn logout_final_a_sign_in_of_before_is_not_taken_up_again_when_the_page_returns() {
    let mut tab = Tab::signed_out();
    let sign_in = tab.sign_in(None);
    tab.logout();
    assert!(
        tab.outcomes()
            .contains(&Settled(sign_in, Err("session-ended")))
    );
    tab.hide();
    tab.forget_the_past();
    tab.show();
    tab.wait(MINUTE);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
}

#[test]
fn alone_an_answer_to_the_attempt_before_is_not_one_to_the_next() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    let first = tab.pending.expect("a refresh is under way");
    tab.granted("one", 5 * MINUTE);
    let call = tab.refresh();
    tab.forget_the_past();
    tab.answered_late(first, Answer::Ended);
    assert_eq!((tab.outcomes(), tab.status()), (vec![], Status::SignedIn));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn logout_final_a_late_answer_is_of_no_use_to_a_page_that_has_not_looked_what_it_missed() {
    let (mut tab, first) = with_two_attempts();
    tab.peers = None;
    tab.pass(5 * SECOND);
    tab.wake();
    let granted = Answer::Granted(response("two", 5 * MINUTE));
    tab.answered_late(first, granted);
    assert_eq!(tab.events(), []);
}
