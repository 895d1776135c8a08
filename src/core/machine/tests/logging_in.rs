//! Logins that the app sends with the lock.

use super::samples::*;
use super::tab::*;
use crate::core::machine::{Answer, TabSharing};
use crate::core::{Cause, Event, Failure, Person, Presence, SharedBackoff, Status, Version};

#[test]
fn a_login_waits_for_the_lock_and_signs_in() {
    let mut tab = Tab::signed_out();
    tab.lock_is_taken();
    let call = tab.log_in();
    assert_eq!((tab.logins, tab.outcomes()), (0, vec![]));
    tab.lock_comes_free();
    assert_eq!((tab.logins, tab.refreshes), (1, 0));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(
        tab.events(),
        [Event::Change, signed_in(Cause::SignIn, Person::First)]
    );
    assert!(matches!(
        tab.posted.as_slice(),
        [crate::core::Message::News(_)]
    ));
}

#[test]
fn it_waits_for_a_refresh_of_this_tab() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.log_in();
    assert_eq!((tab.refreshes, tab.logins), (1, 0));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.logins, 1);
}

#[test]
fn one_that_fails_leaves_the_session_of_before() {
    for (failure, code) in [
        (Failure::Status(401), "sign-in-failed"),
        (Failure::Malformed(200), "sign-in-failed"),
        (Failure::Network, "sign-in-failed"),
    ] {
        let mut tab = Tab::signed_in();
        let call = tab.log_in();
        tab.failed(failure, None);
        assert_eq!(tab.outcomes(), [Settled(call, Err(code))]);
        assert_eq!((tab.status(), tab.events()), (Status::SignedIn, vec![]));
        tab.refresh();
        assert_eq!(tab.refreshes, 1);
    }
}

#[test]
fn one_without_an_answer_is_given_up_and_its_late_answer_counts() {
    let mut tab = Tab::signed_out();
    let call = tab.log_in();
    let login = tab.pending.expect("it is under way");
    tab.wait(TIMEOUT);
    assert_eq!(tab.outcomes(), [Settled(call, Err("sign-in-failed"))]);
    assert_eq!(tab.lock, Lock::Free);
    tab.answered_late(login, Answer::Granted(response("one", 5 * MINUTE)));
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn one_identity_a_late_answer_takes_back_the_logout_from_before() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.logout_answered(false);
    tab.log_in();
    let login = tab.pending.expect("it is under way");
    tab.wait(TIMEOUT);
    let logouts = tab.logouts.len();
    tab.answered_late(login, Answer::Granted(response("one", 5 * MINUTE)));
    tab.logout_answered(false);
    tab.wait(HOUR);
    assert_eq!(
        (tab.logouts.len(), tab.status()),
        (logouts, Status::SignedIn)
    );
}

#[test]
fn each_is_sent_by_itself() {
    let mut tab = Tab::signed_out();
    let (one, other) = (tab.log_in(), tab.log_in());
    assert_eq!(tab.logins, 1);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.logins, 2);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(
        tab.outcomes(),
        [Settled(one, Ok(())), Settled(other, Ok(()))]
    );
}

#[test]
fn logout_final_a_logout_calls_it_off() {
    let mut tab = Tab::signed_out();
    tab.lock_is_taken();
    let waiting = tab.log_in();
    tab.logout();
    assert!(
        tab.outcomes()
            .contains(&Settled(waiting, Err("session-ended")))
    );
    tab.lock_comes_free();
    assert_eq!((tab.logins, tab.logouts.len()), (0, 1));
    tab.logout_answered(true);

    let under_way = tab.log_in();
    let login = tab.pending.expect("it is under way");
    tab.logout();
    tab.answered_late(login, Answer::Granted(response("one", 5 * MINUTE)));
    assert!(
        tab.outcomes()
            .contains(&Settled(under_way, Err("session-ended")))
    );
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_one_that_fails_leaves_the_logout_from_before_to_be_sent() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.logout_answered(false);
    tab.log_in();
    tab.failed(Failure::Status(401), None);
    tab.wait(MINUTE);
    assert!(tab.logouts.len() > 1);
}

#[test]
fn one_that_signs_in_takes_back_the_logout_from_before() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.logout_answered(false);
    tab.log_in();
    tab.granted("two", 5 * MINUTE);
    tab.wait(MINUTE);
    assert_eq!((tab.logouts.len(), tab.status()), (1, Status::SignedIn));
}

#[test]
fn a_request_that_is_rejected_while_it_is_under_way_may_be_the_login_itself() {
    let mut tab = Tab::signed_in();
    tab.wait(20 * SECOND);
    tab.log_in();
    let request = tab.request();
    tab.forget_the_past();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
}

#[test]
fn it_is_tried_again_at_once_after_a_failure() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.failed(Failure::Status(503), Some(30 * SECOND));
    tab.log_in();
    assert_eq!(tab.logins, 1);
}

#[test]
fn nobody_waits_for_it_for_ever() {
    let mut tab = Tab::signed_out();
    tab.lock_is_taken();
    let call = tab.log_in();
    tab.wait_behind_many(WAIT_LIMIT);
    assert_eq!(tab.outcomes(), [Settled(call, Err("sign-in-failed"))]);
    tab.lock_comes_free();
    assert_eq!(tab.logins, 0);
}

#[test]
fn a_tab_that_works_alone_logs_in_at_once() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.ended();
    let call = tab.log_in();
    tab.granted("one", 5 * MINUTE);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
}

#[test]
fn after_the_end_it_is_refused() {
    let mut tab = Tab::signed_out();
    tab.dispose();
    tab.forget_the_past();
    let call = tab.log_in();
    assert_eq!(tab.outcomes(), [Settled(call, Err("disposed"))]);
}

#[test]
fn no_needless_refresh_one_that_fails_has_not_failed_at_what_the_others_have() {
    let mut tab = Tab::signed_in();
    let backoff = SharedBackoff {
        failures: 3,
        status: Some(503),
        until: tab.now.wall + SECOND,
        wait: SECOND,
        may_be_jumped: false,
        is_asked_for: true,
    };
    tab.peers = Some(vec![Presence {
        backoff,
        ..Presence::at(PEER, tab.machine.version())
    }]);
    tab.log_in();
    tab.failed(Failure::Network, None);
    tab.wake();
    tab.wait(2 * SECOND);
    tab.wake();
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn an_answer_in_which_nobody_is_signed_in_ends_no_session() {
    let mut tab = Tab::signed_in();
    let call = tab.log_in();
    tab.ended();
    assert_eq!(tab.outcomes(), [Settled(call, Err("sign-in-failed"))]);
    assert_eq!(tab.status(), Status::SignedIn);
}

/// The tab hears of a logout in another tab while its login is under way: by `hear`.
fn logged_out_of(hear: impl Fn(&mut Tab, Version)) {
    let mut tab = Tab::signed_in();
    let call = tab.log_in();
    let version = tab.ended_elsewhere();
    hear(&mut tab, version);
    assert_eq!(tab.status(), Status::SignedOut);
    tab.granted("two", 5 * MINUTE);
    let refused = Settled(call, Err("session-ended"));
    assert!(tab.outcomes().contains(&refused));
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_one_that_another_tab_has_logged_out_of_meanwhile_does_not_count() {
    logged_out_of(|tab, version| tab.hear_signed_out(version));
}

#[test]
fn logout_final_nor_does_it_if_only_the_locks_tell() {
    logged_out_of(|tab, version| {
        tab.peer_is_at(version);
        tab.wake();
    });
}
