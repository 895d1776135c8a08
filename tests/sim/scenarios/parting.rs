//! Pages are left with a logout that has not been sent: it goes ahead of the refresh that it waits for.

use tokenhold::core::Status;

use crate::world::{Backend, Group, MINUTE, SECOND, Weather};

/// A tab goes, while the last one of `tabs` has had a refresh under way for `ms` of the second that it takes. The tab that waits
/// for the lock logs out.
fn left_in_mid_refresh(tabs: usize, ms: u64, go: fn(&mut Group, usize)) -> Group {
    let mut group = Group::of_tabs(Backend::strict(), tabs);
    group.latency.network = 500..501;
    group.refresh(tabs - 1);
    group.run(ms);
    group.logout(0);
    go(&mut group, 0);
    group
}

/// Nothing of the session is left, neither in a tab nor for one that is opened.
fn assert_over(mut group: Group) {
    group.settle();
    assert_eq!(group.backend.logouts, 1);
    assert!(!group.has_live_session());
    let opened = group.open();
    group.settle();
    group.assert_all(Status::SignedOut);
    assert!(group.tabs[opened].is_ready());
}

#[test]
fn logout_final_whoever_refreshes_and_however_far_it_is() {
    for go in [Group::leave, Group::unload] {
        for tabs in [1, 3] {
            for ms in [5, 300, 700] {
                assert_over(left_in_mid_refresh(tabs, ms, go));
            }
        }
    }
}

#[test]
fn logout_final_a_logout_that_is_faster_than_the_refresh() {
    for go in [Group::leave, Group::unload] {
        for tabs in [1, 3] {
            let faster: fn(&mut Group, usize) = |group, _| group.latency.network = 20..21;
            let mut group = left_in_mid_refresh(tabs, 5, faster);
            go(&mut group, 0);
            group.run(100);
            assert_eq!(group.backend.refreshes, 1, "the other has not arrived");
            assert_over(group);
        }
    }
}

#[test]
fn logout_final_a_page_that_returns_finds_nobody_signed_in() {
    let mut group = left_in_mid_refresh(1, 300, Group::leave);
    group.run(MINUTE);
    group.come_back(0);
    assert_over(group);
}

#[test]
fn logout_final_a_page_that_stays_logs_out_when_the_refresh_is_settled() {
    let mut group = left_in_mid_refresh(1, 300, Group::ask_to_leave);
    group.run(200);
    assert_eq!(group.tabs[0].status(), Status::SignedOut);
    group.settle();
    assert_eq!(group.backend.logouts, 2);
    assert!(!group.has_live_session());
}

#[test]
fn one_identity_a_page_that_was_asked_before_does_not_end_the_session_that_it_is_left_for() {
    for go in [Group::leave, Group::unload] {
        let mut group = Group::of_tabs(Backend::strict(), 2);
        group.backend.weather = Weather::Silent;
        group.refresh(1);
        group.run(SECOND);
        group.backend.weather = Weather::Fine;
        group.logout(0);
        group.ask_to_leave(0);
        group.login("bob");
        go(&mut group, 0);
        group.run(SECOND);
        assert_eq!(group.backend.logouts, 1);
        assert!(group.has_live_session());
        assert_eq!(group.person_of_cookie(), Some("bob"));
    }
}
