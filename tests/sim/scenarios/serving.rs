//! The fate of the app's requests while the backend is of no help.

use tokenhold::core::Status;

use crate::world::{Backend, Group, MINUTE, Outcome, SECOND, TIMEOUT, Weather};

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
