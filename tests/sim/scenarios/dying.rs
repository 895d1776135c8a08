//! Tabs die: after a refresh, before one, and in the midst of it.

use tokenhold::core::Status;

use crate::world::{Backend, Group, HOUR, MINUTE, Outcome, SECOND, Weather};

/// Five tabs whose token has expired; the first has a refresh under way and the others wait.
fn mid_refresh(backend: Backend) -> Group {
    let mut group = Group::of_tabs(backend, 5);
    group.latency.network = 500..501;
    group.run(5 * MINUTE);
    group.request_in_all(10);
    group.run(100);
    assert_eq!(group.backend.refreshes, 1);
    group
}

/// The one with the lock.
fn refresher(group: &Group) -> usize {
    let holders: Vec<usize> = group
        .running()
        .into_iter()
        .filter(|tab| group.holds_lock(*tab))
        .collect();
    assert_eq!(holders.len(), 1);
    holders[0]
}

#[test]
fn the_refresher_dies_as_soon_as_it_has_told_the_others() {
    let mut group = mid_refresh(Backend::strict());
    group.latency.channel = 50..51;
    let refresher = refresher(&group);
    group.run(950);
    assert_eq!(group.tabs[refresher].status(), Status::SignedIn);
    assert_eq!(group.backend.refreshes, 2);
    group.close(refresher);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 10);
    assert_eq!(group.backend.refreshes, 3);
}

#[test]
fn the_refresher_dies_after_it_has_handed_over() {
    let mut group = mid_refresh(Backend::strict());
    let refresher = refresher(&group);
    group.run(2 * SECOND);
    group.close(refresher);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 10);
    assert_eq!(group.backend.refreshes, 2);
}

#[test]
fn the_refresher_dies_in_the_midst_of_it_and_a_good_backend_forgives() {
    let mut group = mid_refresh(Backend::forgiving());
    let refresher = refresher(&group);
    group.close(refresher);
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 10);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 3);
}

#[test]
fn liveness_the_refresher_dies_in_the_midst_of_it_and_a_strict_backend_ends_the_session() {
    let mut group = mid_refresh(Backend::strict());
    let refresher = refresher(&group);
    group.close(refresher);
    group.settle();
    group.assert_outcomes(Outcome::Rejected("session-ended"), 10);
    group.assert_all(Status::SignedOut);
    assert_eq!(group.backend.refreshes, 3);
}

#[test]
fn a_reload_in_mid_refresh_loses_no_session_at_a_good_backend() {
    for answered_in in [100, 500, 2_000] {
        let mut group = Group::of_tabs(Backend::forgiving(), 1);
        group.latency.network = answered_in..answered_in + 1;
        group.refresh(0);
        group.run(answered_in + 50);
        assert_eq!(group.backend.refreshes, 2, "its cookie has been used");
        group.close(0);
        let reloaded = group.open();
        group.run(10 * SECOND);
        assert_eq!(group.tabs[reloaded].status(), Status::SignedIn);
        group.run(HOUR);
        group.assert_all(Status::SignedIn);
        assert!(group.has_live_session());
    }
}

#[test]
fn a_waiting_tab_that_dies_delays_nobody() {
    let mut group = mid_refresh(Backend::strict());
    let refresher = refresher(&group);
    for tab in group.running() {
        if tab != refresher && tab % 2 == 0 {
            group.close(tab);
        }
    }
    group.settle();
    group.assert_outcomes(Outcome::Answered(200), 10);
    assert_eq!(group.backend.refreshes, 2);
}

#[test]
fn no_needless_refresh_a_page_that_is_left_and_returned_to_asks_the_others() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.leave(1);
    group.run(MINUTE);
    group.come_back(1);
    group.request(1);
    group.run(SECOND);
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 1);
}

#[test]
fn logout_final_a_page_that_is_returned_to_after_a_logout_is_signed_out() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.leave(1);
    group.logout(0);
    group.run(MINUTE);
    group.come_back(1);
    let request = group.request(1);
    group.run(SECOND);
    group.assert_all(Status::SignedOut);
    let outcome = group.tabs[1].outcome(request);
    assert_eq!(outcome, Some(Outcome::Rejected("session-ended")));
}

#[test]
fn one_identity_a_page_that_is_returned_to_after_another_person_came() {
    for tells_subject in [true, false] {
        let mut group = Group::without_session(Backend::strict());
        group.backend.tells_subject = tells_subject;
        group.login("alice");
        let first = group.open();
        group.hide(first);
        group.run(6 * MINUTE);
        group.backend.weather = Weather::Silent;
        group.request(first);
        group.leave(first);
        group.backend.weather = Weather::Fine;

        let second = group.open();
        group.run(MINUTE);
        group.logout(second);
        group.run(MINUTE);
        group.sign_in(second, "bob");
        group.run(MINUTE);
        group.come_back(first);
        group.settle();
        group.assert_all(Status::SignedIn);
        group.assert_person("bob");
    }
}
