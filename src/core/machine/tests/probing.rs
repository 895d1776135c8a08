//! An outage, and somebody who acts in it: one attempt soon, at most one in three seconds.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::machine::parts::PROBE_MS;
use crate::core::{Failure, Policy, Presence, SharedBackoff};

const DOWN: Failure = Failure::Status(503);

/// A hidden tab whose token has expired in an outage. It has just failed so often that the next attempt is
/// not due for long.
fn in_an_outage() -> Tab {
    in_an_outage_with(policy())
}

fn in_an_outage_with(policy: Policy) -> Tab {
    let mut tab = Tab::signed_in_with(policy, "one", 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    while tab.machine.retry_in(tab.now) <= 3 * PROBE_MS {
        tab.wait(tab.machine.retry_in(tab.now));
        tab.request();
        tab.failed(DOWN, None);
    }
    tab.forget_the_past();
    tab
}

/// A peer that failed `ago` milliseconds ago, and waits for a minute in all.
fn failed(tab: &Tab, ago: u64, is_asked_for: bool) -> Presence {
    Presence {
        backoff: SharedBackoff {
            failures: 9,
            status: Some(503),
            until: tab.now.wall + MINUTE - ago,
            wait: MINUTE,
            may_be_jumped: false,
            is_asked_for,
        },
        ..Presence::at(PEER, Default::default())
    }
}

#[test]
fn a_call_is_tried_three_seconds_after_the_failure() {
    let mut tab = in_an_outage();
    tab.refresh();
    assert_eq!((tab.refreshes, tab.outcomes()), (0, vec![]));
    tab.wait(PROBE_MS);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_call_is_tried_at_once_if_the_failure_is_older() {
    let mut tab = in_an_outage();
    tab.wait(PROBE_MS);
    tab.refresh();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_call_waits_for_that_also_where_the_time_out_is_shorter() {
    let mut policy = policy();
    policy.timeout = SECOND;
    let mut tab = in_an_outage_with(policy);
    tab.refresh();
    tab.wait(PROBE_MS);
    assert_eq!((tab.refreshes, tab.outcomes()), (1, vec![]));
}

#[test]
fn coming_back_to_the_page_is_an_act() {
    let mut tab = in_an_outage();
    tab.visible();
    tab.wait(PROBE_MS);
    assert_eq!(tab.refreshes, 1);
    tab.failed(DOWN, None);
    tab.wait(PROBE_MS);
    tab.wake();
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn a_request_is_none_for_a_page_may_send_them_all_the_time() {
    let mut tab = in_an_outage();
    let request = tab.request();
    tab.wait(2 * PROBE_MS);
    assert_eq!(tab.refreshes, 0);
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed")]);
}

#[test]
fn each_act_is_worth_one_attempt() {
    let mut tab = in_an_outage();
    tab.refresh();
    tab.wait(PROBE_MS);
    tab.failed(DOWN, None);
    tab.wait(PROBE_MS);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_page_that_is_opened_in_an_outage_tries_once_three_seconds_after_the_last_failure() {
    for (ago, left) in [
        (0, PROBE_MS),
        (SECOND, PROBE_MS - SECOND),
        (PROBE_MS, 0),
        (50 * SECOND, 0),
    ] {
        let mut tab = Tab::not_started(policy(), TabSharing::Shared);
        tab.peers = Some(vec![failed(&tab, ago, false)]);
        tab.start();
        if left > 0 {
            tab.wait(left - 1);
            assert_eq!(tab.refreshes, 0, "{ago}");
            tab.wait(1);
        }
        assert_eq!(tab.refreshes, 1, "{ago}");
    }
}

#[test]
fn a_page_that_comes_back_in_an_outage_tries_as_well() {
    let mut tab = Tab::signed_in();
    tab.hide();
    tab.wait(MINUTE);
    tab.peers = Some(vec![failed(&tab, SECOND, false)]);
    tab.show();
    tab.wait(PROBE_MS);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn the_backend_may_still_ask_for_more() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peers = Some(vec![failed(&tab, 10 * SECOND, true)]);
    tab.start();
    tab.refresh();
    tab.wake();
    tab.wait(49 * SECOND);
    assert_eq!(tab.refreshes, 0);
}
