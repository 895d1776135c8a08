//! The fate of the app's requests while the backend is of no help.

use tokenhold::core::Status;

use crate::world::{Backend, Group, MINUTE, Outcome, Random, SECOND, TIMEOUT, Weather};

#[test]
fn keep_serving_a_valid_token_goes_out_at_once_though_refreshes_fail() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.run(MINUTE);
    group.backend.weather = Weather::Silent;
    for tab in group.running() {
        group.refresh(tab);
    }
    group.run(TIMEOUT + SECOND);
    group.request_in_all(10);
    group.run(SECOND);
    group.assert_outcomes(Outcome::Answered(200), 10);
    group.assert_all(Status::SignedIn);
}

#[test]
fn retry_once_an_api_that_takes_no_token_is_asked_twice() {
    let mut group = Group::of_tabs(Backend::strict(), 2);
    group.run(MINUTE);
    group.backend.rejects_all = true;
    // The next token is not young any more when it is rejected.
    group.backend.access_ttl = 6 * SECOND;
    group.latency.network = 2 * SECOND..2 * SECOND + 1;
    group.request_in_all(3);
    group.settle();
    group.assert_outcomes(Outcome::Answered(401), 3);
    for tab in group.running() {
        let requests = group.tabs[tab].ended.values();
        assert!(requests.map(|request| request.times_sent).eq([2; 3]));
    }
    assert_eq!(group.backend.refreshes, 2);
}

/// The shipped time-out and back-off against the recommended grace: four answers in a row that never come.
#[test]
fn keep_serving_answers_that_never_come_are_no_sign_out_where_the_backend_forgives() {
    for lost in 1..=4 {
        for seed in 0..20 {
            let mut group = Group::of_tabs(Backend::forgiving(), 2);
            group.random = Random::seeded(seed);
            group.run(5 * MINUTE);
            group.backend.weather = Weather::Deaf;
            let sent = group.backend.refreshes + lost;
            let end = group.now + MINUTE;
            while group.backend.refreshes < sent {
                assert!(group.now < end, "{lost} {seed}: it does not try again");
                if group.tabs[0].app.oldest_wait().is_none() {
                    group.request_in_all(1);
                }
                group.run(SECOND);
            }
            group.backend.weather = Weather::Fine;
            group.settle();
            group.assert_all(Status::SignedIn);
            assert!(group.has_live_session());
        }
    }
}

/// Event streams hold all connections of the origin. When they end, all that waits in the browser leaves at once, with
/// one cookie.
#[test]
fn one_flight_few_refreshes_have_piled_up_when_there_are_connections_again() {
    for (tabs, seed) in [(1, 1), (3, 2), (6, 3)] {
        let mut group = Group::of_tabs(Backend::forgiving(), tabs);
        group.random = Random::seeded(seed);
        group.run(6 * MINUTE);
        group.set_weather(Weather::Held);
        let (sent, end) = (group.backend.refreshes, group.now + 100 * SECOND);
        while group.now < end {
            group.request_in_all(1);
            group.run(3 * SECOND);
        }
        assert!(group.journal.counts.of("refresh held") > 3);
        group.set_weather(Weather::Fine);
        group.run(SECOND);
        let arrived = group.backend.refreshes - sent;
        assert!((1..=2).contains(&arrived), "{tabs} tabs: {arrived}");
        group.settle();
        group.assert_all(Status::SignedIn);
        assert!(group.has_live_session());
    }
}
