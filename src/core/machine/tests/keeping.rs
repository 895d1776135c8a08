//! The session is kept: by refreshes that are asked for, and by those ahead of time.

use super::samples::*;
use super::tab::*;
use crate::core::{Cause, Event, Status};

#[test]
fn one_flight_calls_for_a_refresh_share_it() {
    let mut tab = Tab::signed_in();
    let calls = [tab.refresh(), tab.refresh(), tab.refresh()];
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), calls.map(|call| Settled(call, Ok(()))));
    assert_eq!(
        tab.events(),
        [Event::Change, Event::Refreshed(Cause::Refresh)]
    );
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_call_for_a_refresh_joins_the_one_at_the_start() {
    let mut tab = Tab::opened();
    let call = tab.refresh();
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Ready, Settled(call, Ok(()))]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_call_for_a_refresh_hears_of_its_failure() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    tab.offline();
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn a_call_for_a_refresh_hears_of_the_end() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    tab.ended();
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
}

#[test]
fn after_the_sign_out_there_is_nothing_to_refresh() {
    let mut tab = Tab::signed_out();
    let call = tab.refresh();
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    assert_eq!((tab.refreshes, tab.next_timeout()), (0, None));
}

#[test]
fn a_visible_tab_refreshes_at_a_random_point_between_half_and_nine_tenths() {
    let mut tab = Tab::signed_in_with(policy(), "one", 100 * SECOND);
    let points: Vec<u64> = (0..200u32)
        .map(|turn| {
            let point = tab.next_timeout().expect("a refresh ahead is planned");
            tab.wait(point);
            tab.granted(&format!("token-{turn}"), 100 * SECOND);
            point
        })
        .collect();
    assert_eq!(tab.refreshes, 200);
    assert!(points.iter().all(|p| (50_000..=90_000).contains(p)));
    assert!(points.iter().any(|p| *p < 60_000));
    assert!(points.iter().any(|p| *p > 80_000));
}

#[test]
fn a_hidden_tab_refreshes_when_it_is_looked_at() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(HOUR);
    assert_eq!(tab.refreshes, 0);
    tab.visible();
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    tab.visible();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_tab_that_is_looked_at_early_does_not_refresh() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(MINUTE);
    tab.visible();
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn keep_serving_requests_go_out_while_the_refresh_ahead_is_under_way_and_when_it_fails() {
    let mut tab = Tab::signed_in();
    let ahead = tab.next_timeout().expect("a refresh ahead is planned");
    tab.wait(ahead);
    assert_eq!(tab.refreshes, 1);
    let during = tab.request();
    tab.offline();
    let after = tab.request();
    assert_eq!(tab.outcomes(), [sent(during, "one"), sent(after, "one")]);
    assert_eq!(tab.status(), Status::SignedIn);
    let events = tab.events();
    assert!(
        matches!(events[..], [Event::RefreshFailed { .. }]),
        "{events:?}"
    );
}
