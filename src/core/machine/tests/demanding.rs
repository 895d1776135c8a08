//! Asking for a newer token when it cannot be had at once.

use super::samples::*;
use super::tab::*;
use crate::core::{Event, Failure, Presence, SharedBackoff};

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
    tab.sign_in(Some(response("two", 5 * MINUTE)));
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
fn a_rejection_of_a_young_token_waits_for_a_newer_one_that_a_peer_has() {
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

#[test]
fn a_call_joins_what_a_peer_is_asked_for_though_the_backend_is_to_be_left_alone() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    let backoff = SharedBackoff {
        failures: 1,
        status: Some(503),
        until: tab.now.wall + 2 * TIMEOUT,
        wait: 2 * TIMEOUT,
        may_be_jumped: false,
        is_asked_for: true,
    };
    tab.peers = Some(vec![Presence {
        backoff,
        ..Presence::at(PEER, next)
    }]);
    let (first, second) = (tab.refresh(), tab.refresh());
    assert_eq!((tab.outcomes(), tab.asked.len()), (vec![], 1));
    tab.receive(next, "two");
    assert_eq!(
        tab.outcomes(),
        [first, second].map(|call| Settled(call, Ok(())))
    );
}

#[test]
fn liveness_a_refresh_ahead_that_comes_due_does_not_take_the_place_of_asking() {
    let mut tab = Tab::signed_in();
    let ahead = tab.next_timeout().expect("a refresh ahead is planned");
    tab.wait(ahead - SECOND);
    tab.peer_is_at(tab.renewed());
    let call = tab.refresh();
    assert_eq!(tab.asked.len(), 1);
    tab.wait(2 * SECOND);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn one_flight_a_sign_in_by_cookie_does_for_a_refresh_that_waits_as_well() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    let calls = [tab.refresh(), tab.sign_in(None)];
    tab.wait(SECOND);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), calls.map(|call| Settled(call, Ok(()))));
    assert_eq!((tab.refreshes, tab.lock), (1, Lock::Free));
}
