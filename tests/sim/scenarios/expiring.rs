//! Tokens expire or are revoked under many tabs at once.

use tokenhold::core::Status;

use crate::world::{Backend, Group, HOUR, MINUTE, Outcome, SECOND, Weather};

#[test]
fn no_needless_refresh_five_tabs_with_a_hundred_requests_each_at_the_moment_of_expiry() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    assert_eq!(group.backend.refreshes, 1);
    group.run(5 * MINUTE);
    group.request_in_all(100);
    group.settle();
    assert_eq!(group.backend.refreshes, 2);
    group.assert_outcomes(Outcome::Answered(200), 100);
    group.assert_all(Status::SignedIn);
}

#[test]
fn no_needless_refresh_ten_expiries_in_a_row() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    for expiry in 1..=10 {
        group.run(5 * MINUTE);
        group.request_in_all(20);
        group.settle();
        assert_eq!(group.backend.refreshes, 1 + expiry);
    }
    group.assert_outcomes(Outcome::Answered(200), 200);
}

#[test]
fn no_needless_refresh_a_storm_of_401s() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(MINUTE);
    group.request_in_all(50);
    group.backend.revoke_all_tokens();
    group.request_in_all(50);
    group.settle();
    assert_eq!(group.backend.refreshes, 2);
    group.assert_outcomes(Outcome::Answered(200), 100);
}

#[test]
fn no_needless_refresh_whatever_the_latencies_are() {
    for (channel, locks, network) in [
        (0, 0, 0),
        (0, 50, 5),
        (50, 0, 5),
        (200, 200, 5),
        (500, 3, 3),
        (3, 3, 2_000),
    ] {
        let mut group = Group::of_tabs(Backend::strict(), 5);
        group.latency.channel = channel..channel + 5;
        group.latency.locks = locks..locks + 5;
        group.latency.network = network..network + 5;
        group.run(5 * MINUTE);
        group.request_in_all(10);
        group.settle();
        assert_eq!(group.backend.refreshes, 2, "{channel} {locks} {network}");
        group.assert_outcomes(Outcome::Answered(200), 10);
    }
}

#[test]
fn retry_once_an_api_that_always_says_401() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(MINUTE);
    group.backend.rejects_all = true;
    for _ in 0..60 {
        group.request_in_all(1);
        group.run(SECOND);
    }
    group.settle();
    group.assert_outcomes(Outcome::Answered(401), 60);
    let refreshes = group.backend.refreshes - 1;
    assert!((6..=7).contains(&refreshes), "{refreshes}");
}

#[test]
fn the_tab_that_is_looked_at_keeps_the_token_fresh_for_all() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.look_at(2);
    for _ in 0..60 {
        group.run(MINUTE);
        group.request_in_all(1);
        for tab in group.running() {
            let requests = group.tabs[tab].app.requests();
            let held = requests.iter().filter(|r| !r.is_at_the_api());
            assert_eq!(held.count(), 0);
        }
    }
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 60);
    // An hour in steps of half to nine tenths of five minutes.
    let refreshes = group.backend.refreshes;
    assert!((13..=25).contains(&refreshes), "{refreshes}");
}

#[test]
fn keep_serving_a_backend_that_is_busy_for_a_while() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.look_at(0);
    group.run(MINUTE);
    group.backend.weather = Weather::Refuses(503, None);
    group.run(3 * MINUTE);
    group.assert_all(Status::SignedIn);
    group.run(HOUR);
    group.assert_all(Status::SignedIn);
    group.backend.weather = Weather::Fine;
    group.run(2 * MINUTE);
    group.request_in_all(10);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 10);
}

#[test]
fn liveness_without_a_network_everything_that_waits_is_rejected() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(5 * MINUTE);
    group.backend.weather = Weather::Offline;
    group.request_in_all(10);
    group.settle();
    group.assert_outcomes(Outcome::Rejected("refresh-failed"), 10);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 1);
}

#[test]
fn one_flight_twenty_tabs_ask_a_backend_that_is_down_as_often_as_one() {
    let mut group = Group::of_tabs(Backend::strict(), 20);
    group.run(5 * MINUTE);
    group.backend.weather = Weather::Refuses(503, None);
    group.request_in_all(10);
    group.run(SECOND / 2);
    group.assert_outcomes(Outcome::Rejected("refresh-failed"), 10);
    assert_eq!(group.backend.refreshes, 2);
    let newcomer = group.open();
    group.hide(newcomer);
    for _ in 0..600 {
        group.run(SECOND);
        group.request_in_all(1);
    }
    let failed = group.backend.refreshes - 1;
    assert!((10..=40).contains(&failed), "{failed} in ten minutes");

    group.backend.weather = Weather::Fine;
    group.run(2 * MINUTE);
    group.request_in_all(1);
    group.run(SECOND);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, failed + 2);
}

#[test]
fn an_ended_session_ends_everywhere_with_one_refresh() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.backend.end_all_sessions();
    group.run(MINUTE);
    group.request_in_all(10);
    group.settle();
    group.assert_all(Status::SignedOut);
    group.assert_outcomes(Outcome::Answered(401), 10);
    group.run(HOUR);
    assert_eq!(group.backend.refreshes, 2);
}
