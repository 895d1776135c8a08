//! Tabs are frozen by the browser, and machines sleep.

use tokenhold::core::Status;

use crate::world::{Backend, Group, HOUR, MINUTE, Outcome, SECOND, TIMEOUT, Weather};

#[test]
fn liveness_a_frozen_tab_that_holds_the_lock_is_waited_for_with_a_bound() {
    let mut group = Group::of_tabs(Backend::forgiving(), 2);
    group.run(5 * MINUTE);
    group.request(0);
    group.run(10);
    assert!(group.holds_lock(0));
    group.freeze(0);
    group.request(1);
    group.run(TIMEOUT + 10 * SECOND);
    group.assert_outcomes(Outcome::Answered(200), 1);
    assert_eq!(group.backend.refreshes, 3);

    group.thaw(0);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 1);
    group.assert_all(Status::SignedIn);
}

#[test]
fn one_flight_a_holder_that_needs_all_of_its_time_is_not_taken_for_frozen() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.run(2 * MINUTE);
    group.refresh(0);
    group.run(45);
    group.freeze(0);
    group.run(5 * MINUTE);

    group.latency.locks = 400..401;
    group.latency.network = 4_950..4_951;
    group.request(1);
    group.request(2);
    group.run(11 * SECOND);
    assert_eq!(group.backend.refreshes, 3, "the frozen one was asked first");
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 1);
}

#[test]
fn one_flight_of_five_tabs_behind_a_frozen_holder_one_goes_on() {
    let mut group = Group::of_tabs(Backend::strict(), 6);
    group.run(5 * MINUTE);
    group.request(0);
    group.run(30);
    assert!(group.holds_lock(0));
    group.freeze(0);
    group.request_in_all(10);
    group.run(TIMEOUT + 10 * SECOND);
    group.assert_outcomes(Outcome::Answered(200), 10);
    assert_eq!(group.backend.refreshes, 3);
}

#[test]
fn one_flight_two_frozen_holders_in_a_row_and_both_thaw() {
    let mut group = Group::of_tabs(Backend::strict(), 6);
    group.run(5 * MINUTE);
    for frozen in [0, 1] {
        group.request(frozen);
        group.run(if frozen == 0 { 30 } else { TIMEOUT + 5_215 });
        assert!(group.holds_lock(frozen), "{frozen}");
        group.freeze(frozen);
    }
    group.request_in_all(10);
    group.run(35 * SECOND);
    group.assert_outcomes(Outcome::Answered(200), 10);
    assert_eq!(group.backend.refreshes, 4);

    group.thaw(0);
    group.thaw(1);
    group.settle();
    group.run(5 * MINUTE);
    group.request_in_all(1);
    group.run(SECOND);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 5, "the first lock is in use again");
}

#[test]
fn one_flight_live_holders_that_each_need_all_of_their_time() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(5 * MINUTE);
    group.backend.weather = Weather::Silent;
    for _ in 0..10 {
        group.request_in_all(1);
        group.run(11 * SECOND);
    }
    group.settle();
    group.assert_outcomes(Outcome::Rejected("refresh-failed"), 10);
}

#[test]
fn one_flight_a_tab_with_two_tasks_is_not_taken_for_frozen() {
    let mut group = Group::of_tabs(Backend::strict(), 2);
    group.run(2 * MINUTE);
    group.latency.network = 4_900..4_901;
    group.backend.weather = Weather::Refuses(503, None);
    group.refresh(0);
    group.run(SECOND);
    group.refresh(1);
    group.run(8 * SECOND);
    group.sign_in_by_cookie(0, "alice");
    group.run(30 * SECOND);
    assert_eq!(group.backend.refreshes, 3);
}

#[test]
fn liveness_a_frozen_tab_that_is_asked_for_its_token_is_waited_for_with_a_bound() {
    let mut group = Group::of_tabs(Backend::strict(), 1);
    group.freeze(0);
    let tab = group.open();
    let request = group.request(tab);
    group.run(5 * SECOND);
    let outcome = group.tabs[tab].outcome(request);
    assert_eq!(outcome, Some(Outcome::Answered(200)));
    assert_eq!(group.backend.refreshes, 2);
    group.thaw(0);
    group.run(SECOND);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 2);
}

#[test]
fn logout_final_a_frozen_tab_learns_of_it_before_it_sends_anything() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.freeze(1);
    group.logout(0);
    group.run(MINUTE);
    group.thaw(1);
    group.request(1);
    group.settle();
    group.assert_all(Status::SignedOut);
}

#[test]
fn no_needless_refresh_all_tabs_wake_from_a_sleep_at_once() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(MINUTE);
    group.sleep(HOUR);
    group.request_in_all(20);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 20);
    assert_eq!(group.backend.refreshes, 2);
}
