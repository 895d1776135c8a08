//! Asking for a newer token when it cannot be had at once.

use super::samples::*;
use super::tab::*;
use crate::core::{Event, Failure};

/// A tab that has been told to wait, until that much of it is left.
fn told_to_wait(left: u64) -> Tab {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.refresh();
    tab.failed(Failure::Status(503), Some(2 * TIMEOUT));
    let Some(Event::RefreshFailed { retry_in, .. }) = tab.events().pop() else {
        panic!("it is told that a refresh failed");
    };
    tab.wait(retry_in - left);
    tab.forget_the_past();
    tab
}

#[test]
fn liveness_who_would_wait_longer_than_for_an_answer_is_told_so_at_once() {
    let mut tab = told_to_wait(TIMEOUT + 1);
    let call = tab.refresh();
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
}

#[test]
fn who_would_wait_no_longer_than_for_an_answer_waits() {
    let mut tab = told_to_wait(TIMEOUT);
    let call = tab.refresh();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 0));
    tab.wait(TIMEOUT);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn liveness_a_demand_during_a_logout_is_met_after_it() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.sign_in(Some(grant("two", 5 * MINUTE)));
    tab.forget_the_past();
    let call = tab.refresh();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 0));
    tab.logout_answered(true);
    tab.granted("three", 5 * MINUTE);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
}

#[test]
fn a_rejection_of_a_young_token_waits_for_a_newer_one_under_way() {
    let mut tab = Tab::signed_in();
    let request = tab.request();
    tab.refresh();
    tab.forget_the_past();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), []);
    tab.granted("two", 5 * MINUTE);
    assert!(tab.outcomes().contains(&sent(request, "two")));
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_rejection_of_a_young_token_waits_for_a_newer_one_that_a_sibling_has() {
    let mut tab = Tab::signed_in();
    let request = tab.request();
    let next = tab.renewed();
    tab.hear_news(next, "two");
    tab.forget_the_past();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), []);
    tab.receive(next, "two");
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}
