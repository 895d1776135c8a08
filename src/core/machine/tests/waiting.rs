//! The one bound on every wait: the locks change hands for ever, and it is never this tab's turn.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Status, Warning};

fn never_served(mut tab: Tab) -> Tab {
    tab.lock_is_taken();
    tab
}

#[test]
fn liveness_it_is_ready_within_the_bound() {
    let mut tab = never_served(Tab::not_started(policy(), TabSharing::Shared));
    tab.start();
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Ready]);
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 0));
}

#[test]
fn liveness_requests_are_rejected_within_the_bound() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let mut tab = never_served(tab);
    let first = tab.request();
    tab.wait_behind_many(MINUTE / 2);
    let second = tab.request();
    tab.wait_behind_many(WAIT_LIMIT - MINUTE / 2 - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(
        tab.outcomes(),
        [
            Rejected(first, "refresh-failed"),
            Rejected(second, "refresh-failed")
        ]
    );
    let third = tab.request();
    tab.wait_behind_many(WAIT_LIMIT);
    assert_eq!(tab.outcomes(), [Rejected(third, "refresh-failed")]);
}

#[test]
fn liveness_a_rejected_request_is_an_error_within_the_bound() {
    let mut tab = Tab::signed_in();
    tab.wait(MINUTE);
    let request = tab.request();
    let mut tab = never_served(tab);
    tab.outcomes();
    tab.rejected(request);
    tab.wait_behind_many(WAIT_LIMIT);
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed")]);
}

#[test]
fn liveness_calls_are_settled_within_the_bound() {
    let mut tab = never_served(Tab::signed_in());
    let refresh = tab.refresh();
    let sign_in = tab.sign_in(None);
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(
        tab.outcomes(),
        [
            Settled(refresh, Err("refresh-failed")),
            Settled(sign_in, Err("refresh-failed"))
        ]
    );
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn liveness_a_logout_is_unconfirmed_within_the_bound() {
    let mut tab = never_served(Tab::signed_in());
    let call = tab.logout();
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
}

#[test]
fn liveness_the_bound_holds_for_what_is_under_way_at_last() {
    let mut tab = never_served(Tab::signed_out());
    let call = tab.sign_in(None);
    tab.wait_behind_many(WAIT_LIMIT - SECOND);
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
    tab.wait(SECOND);
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn, "it is good all the same");
}

#[test]
fn liveness_the_bound_holds_for_a_logout_that_is_under_way_at_last() {
    let mut tab = never_served(Tab::signed_in());
    let call = tab.logout();
    tab.wait_behind_many(WAIT_LIMIT - SECOND);
    tab.lock_comes_free();
    assert_eq!(tab.logouts.len(), 1);
    tab.wait(SECOND);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    tab.logout_answered(false);
    assert_eq!(
        warnings(&tab.events()),
        [Warning::LogoutUnconfirmed],
        "told once"
    );
}

#[test]
fn keep_serving_the_bound_disturbs_nobody_who_can_be_served() {
    let mut tab = never_served(Tab::signed_in());
    let call = tab.refresh();
    tab.wait_behind_many(WAIT_LIMIT);
    let request = tab.request();
    assert_eq!(
        tab.outcomes(),
        [Settled(call, Err("refresh-failed")), sent(request, "one")]
    );
}

#[test]
fn the_bound_is_each_waits_own_when_nobody_waited_before() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.wait(TIMEOUT - SECOND);
    tab.granted("two", 5 * MINUTE);
    let mut tab = never_served(tab);
    tab.outcomes();
    tab.wait(MINUTE);
    let call = tab.refresh();
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
}

#[test]
fn liveness_who_begins_to_wait_does_not_put_the_bound_of_others_off() {
    let mut tab = never_served(Tab::signed_in());
    let first = tab.refresh();
    tab.pass(WAIT_LIMIT);
    let second = tab.refresh();
    assert_eq!(tab.outcomes(), [Settled(first, Err("refresh-failed"))]);
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Settled(second, Err("refresh-failed"))]);
}

#[test]
fn liveness_a_focus_ends_the_waits_that_late_timers_have_let_run_over() {
    let mut tab = never_served(Tab::signed_in());
    let call = tab.refresh();
    tab.pass(WAIT_LIMIT - 1);
    tab.wake();
    assert_eq!(tab.outcomes(), []);
    tab.pass(1);
    tab.wake();
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
}

#[test]
fn nothing_is_timed_when_nobody_waits() {
    let mut tab = Tab::signed_out();
    let request = tab.request();
    tab.over(request);
    assert_eq!(tab.next_timeout(), None);
}

#[test]
fn the_bound_begins_with_the_first_that_waits_not_with_what_is_under_way() {
    let mut tab = Tab::signed_in();
    let ahead = tab.next_timeout().expect("a refresh ahead is planned");
    tab.wait(ahead);
    assert_eq!(tab.refreshes, 1);
    let served = tab.request();
    tab.wait(TIMEOUT - SECOND);
    tab.second_lock_is_taken();
    let call = tab.sign_in(None);
    assert_eq!(tab.outcomes(), [sent(served, "one")]);
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
}
