//! Tabs are opened: one, many at once, and in the midst of things.

use tokenhold::core::{Policy, Status, TabSharing};

use crate::world::{Backend, Group, HOUR, MINUTE, Outcome, SECOND, policy};

#[test]
fn no_needless_refresh_a_new_tab_gets_the_token_from_its_peers() {
    let mut group = Group::of_tabs(Backend::strict(), 2);
    for _ in 0..3 {
        let tab = group.open();
        group.hide(tab);
        group.run(MINUTE);
    }
    group.assert_all(Status::SignedIn);
    assert_eq!(group.backend.refreshes, 1);
}

#[test]
fn all_tabs_closed_and_one_opened_costs_one_refresh() {
    let mut group = Group::of_tabs(Backend::strict(), 5);
    for tab in 0..5 {
        group.close(tab);
    }
    let tab = group.open();
    let request = group.request(tab);
    group.run(SECOND);
    assert_eq!(group.backend.refreshes, 2);
    let outcome = group.tabs[tab].outcome(request);
    assert_eq!(outcome, Some(Outcome::Answered(200)));
}

#[test]
fn no_cookie_is_no_session_and_no_loop() {
    let mut group = Group::without_session(Backend::strict());
    let tab = group.open();
    group.run(HOUR);
    group.assert_all(Status::SignedOut);
    assert!(group.tabs[tab].is_ready());
    assert_eq!(group.backend.refreshes, 1);
}

#[test]
fn one_flight_twenty_tabs_at_once_with_a_session() {
    let mut group = Group::with_session(Backend::strict(), "alice");
    for _ in 0..20 {
        let tab = group.open();
        group.request(tab);
    }
    group.run(10 * SECOND);
    group.assert_all(Status::SignedIn);
    group.assert_outcomes(Outcome::Answered(200), 1);
    assert_eq!(group.backend.refreshes, 1);
}

#[test]
fn one_flight_twenty_tabs_at_once_without_one() {
    let mut group = Group::without_session(Backend::strict());
    for _ in 0..20 {
        let tab = group.open();
        group.request(tab);
    }
    group.run(10 * SECOND);
    group.assert_all(Status::SignedOut);
    group.assert_outcomes(Outcome::Answered(401), 1);
    assert!(group.backend.refreshes <= 2, "{}", group.backend.refreshes);
}

#[test]
fn logout_final_a_tab_that_logs_out_as_soon_as_it_opens() {
    let mut group = Group::of_tabs(Backend::strict(), 3);
    let tab = group.open();
    group.logout(tab);
    group.run(SECOND);
    group.assert_all(Status::SignedOut);
    assert!(!group.has_live_session());
}

#[test]
fn one_identity_a_tab_that_signs_in_as_soon_as_it_opens() {
    for restore in [true, false] {
        for tells_subject in [true, false] {
            let mut group = Group::of_tabs(Backend::strict(), 3);
            group.backend.tells_subject = tells_subject;
            group.run(10 * MINUTE);
            group.request_in_all(1);
            group.run(10 * MINUTE);
            let policy = Policy {
                restore,
                ..policy()
            };
            let tab = group.open_with(policy, TabSharing::Shared);
            group.sign_in(tab, "bob");
            group.run(MINUTE);
            for tab in group.running() {
                assert_eq!(group.tabs[tab].app.person, Some("bob"), "{restore}");
            }
            group.run(10 * MINUTE);
            group.request_in_all(1);
            group.settle();
            assert!(group.has_live_session());
        }
    }
}

#[test]
fn a_tab_that_cannot_work_with_the_others_disturbs_them_little() {
    let mut group = Group::of_tabs(Backend::forgiving(), 3);
    let alone = group.open_with(policy(), TabSharing::Alone);
    group.run(SECOND);
    assert_eq!(group.backend.refreshes, 2);
    for round in 1..=5 {
        group.run(5 * MINUTE);
        group.request_in_all(10);
        group.settle();
        group.assert_outcomes(Outcome::Answered(200), round * 10);
    }
    group.assert_all(Status::SignedIn);

    group.logout(0);
    group.run(SECOND);
    assert_eq!(group.tabs[alone].status(), Status::SignedOut);
}

#[test]
fn one_identity_a_tab_that_cannot_work_with_the_others_follows_who_signs_in() {
    for tells_subject in [true, false] {
        let mut group = Group::without_session(Backend::forgiving());
        group.backend.tells_subject = tells_subject;
        group.login("alice");
        let first = group.open();
        let alone = group.open_with(policy(), TabSharing::Alone);
        group.run(SECOND);
        for (tab, person) in [(first, "bob"), (alone, "alice")] {
            group.run(MINUTE);
            group.sign_in(tab, person);
            group.run(5 * SECOND);
            group.assert_all(Status::SignedIn);
            group.assert_person(person);
        }
        let refreshes = group.backend.refreshes;
        group.hide(first);
        group.hide(alone);
        group.run(2 * MINUTE);
        assert_eq!(group.backend.refreshes, refreshes, "they come to rest");
    }
}
