//! People log out, and others sign in.

use tokenhold::core::Status;

use crate::world::{Backend, Group, MINUTE, Outcome, SECOND, Weather};

#[test]
fn logout_final_in_one_tab_while_another_refreshes() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.run(5 * MINUTE);
    group.request(3);
    group.run(10);
    assert!(group.holds_lock(3));
    group.logout(0);
    group.run(SECOND);
    group.assert_all(Status::SignedOut);
    assert_eq!((group.backend.refreshes, group.backend.logouts), (2, 1));
    assert!(!group.has_live_session());

    group.run(10 * MINUTE);
    let tab = group.open();
    group.request_in_all(1);
    group.settle();
    assert_eq!(group.tabs[tab].status(), Status::SignedOut);
    group.assert_all(Status::SignedOut);
}

#[test]
fn logout_final_in_all_tabs_at_once() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    for tab in 0..5 {
        group.logout(tab);
    }
    group.settle();
    group.assert_all(Status::SignedOut);
    assert!(!group.has_live_session());
    assert!((1..=5).contains(&group.backend.logouts));
}

#[test]
fn a_sign_in_reaches_all_tabs_without_a_refresh() {
    for by_cookie in [false, true] {
        let mut group = Group::without_session(Backend::strict());
        for _ in 0..5 {
            let tab = group.open();
            group.hide(tab);
            group.run(SECOND);
        }
        group.assert_all(Status::SignedOut);
        let before = group.backend.refreshes;
        if by_cookie {
            group.sign_in_by_cookie(2, "alice");
        } else {
            group.sign_in(2, "alice");
        }
        group.run(SECOND);
        group.assert_all(Status::SignedIn);
        group.assert_person("alice");
        assert_eq!(group.backend.refreshes - before, u32::from(by_cookie));
    }
}

#[test]
fn one_identity_a_sign_in_as_another_person_reaches_all_and_ends_what_waits() {
    for tells_subject in [true, false] {
        let mut group = Group::without_session(Backend::strict());
        group.backend.tells_subject = tells_subject;
        group.login("alice");
        for _ in 0..5 {
            let tab = group.open();
            group.hide(tab);
            group.run(SECOND);
        }
        group.latency.network = 2_000..2_001;
        group.run(5 * MINUTE);
        group.request_in_all(10);
        group.run(SECOND);
        group.sign_in(4, "bob");
        group.run(SECOND);
        group.assert_person("bob");
        group.assert_outcomes(Outcome::Rejected("session-ended"), 10);
        group.settle();
        group.assert_person("bob");
    }
}

#[test]
fn a_logout_and_then_a_sign_in_leave_the_new_session_alive() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    group.logout(0);
    group.run(SECOND);
    group.sign_in(1, "bob");
    group.run(20 * MINUTE);
    group.request_in_all(1);
    group.settle();
    group.assert_person("bob");
    group.assert_outcomes(Outcome::Answered(200), 1);
    assert!(group.has_live_session());
}

#[test]
fn logout_final_without_a_network_it_arrives_when_that_is_back() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.backend.weather = Weather::Offline;
    group.logout(0);
    group.run(3 * SECOND);
    group.backend.weather = Weather::Fine;
    let opened = group.open();
    group.run(MINUTE);
    group.assert_all(Status::SignedOut);
    assert!(group.tabs[opened].is_ready());
    assert_eq!(group.backend.logouts, 1);
    assert!(!group.has_live_session());
}

#[test]
fn logout_final_a_tab_that_freezes_before_it_is_answered_is_still_leaving() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    group.backend.weather = Weather::Silent;
    group.logout(0);
    group.run(SECOND);
    group.freeze(0);
    group.backend.weather = Weather::Fine;
    group.open();
    group.run(MINUTE);
    group.assert_all(Status::SignedOut);

    group.thaw(0);
    group.run(MINUTE);
    group.assert_all(Status::SignedOut);
    assert!(!group.has_live_session());
}

#[test]
fn logout_final_a_tab_that_opens_before_the_logout_request_has_left() {
    let mut group = Group::with_session(Backend::strict(), "alice");
    group.latency.network = 300..301;
    let first = group.open();
    group.run(100);
    group.logout(first);
    let second = group.open();
    group.settle();
    group.assert_all(Status::SignedOut);
    assert!(group.tabs[second].is_ready());
    assert!(!group.has_live_session());
}
