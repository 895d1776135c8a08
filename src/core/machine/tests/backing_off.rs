//! Attempts that have failed in other tabs: no tab tries the same before its time.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Event, Failure, Presence, SharedBackoff, Status, Version};

/// The peer has that version, and this backoff with the next one.
fn failed_elsewhere(tab: &mut Tab, version: Version, backoff: SharedBackoff) {
    tab.peers = Some(vec![Presence {
        backoff,
        ..Presence::at(PEER, version)
    }]);
}

fn backoff(tab: &Tab, failures: u32, wait: u64) -> SharedBackoff {
    SharedBackoff {
        failures,
        status: Some(503),
        until: tab.now.wall + wait,
        wait,
        may_be_jumped: false,
        is_asked_for: true,
    }
}

/// Its token has expired, and it waits behind the peer.
fn waiting() -> Tab {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.forget_the_past();
    tab.lock_is_taken();
    tab
}

#[test]
fn who_waited_for_the_same_is_rejected_as_the_one_that_tried() {
    let mut tab = waiting();
    let (request, call) = (tab.request(), tab.refresh());
    let (version, failed) = (tab.machine.version(), backoff(&tab, 3, 30 * SECOND));
    failed_elsewhere(&mut tab, version, failed);
    tab.lock_comes_free();
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    assert_eq!(
        tab.outcomes(),
        [
            Settled(call, Err("refresh-failed")),
            Rejected(request, "refresh-failed")
        ]
    );
    assert_eq!(
        tab.events(),
        [Event::RefreshFailed {
            status: Some(503),
            attempt: 3,
            retry_in: 30 * SECOND
        }]
    );
    assert_eq!(tab.presence.map(|own| own.backoff), Some(failed));
}

#[test]
fn when_its_time_has_come_one_more_try_is_made_and_counted() {
    let mut tab = waiting();
    let (version, failed) = (tab.machine.version(), backoff(&tab, 3, 5 * SECOND));
    failed_elsewhere(&mut tab, version, failed);
    tab.request();
    tab.lock_comes_free();
    let request = tab.request();
    tab.wait(5 * SECOND - 1);
    assert_eq!(tab.refreshes, 0);
    tab.wait(1);
    assert_eq!(tab.refreshes, 1);
    tab.failed(Failure::Status(503), None);
    assert!(
        tab.outcomes()
            .contains(&Rejected(request, "refresh-failed"))
    );
    let shown = tab.presence.expect("it shows what it has tried").backoff;
    assert_eq!((shown.failures, shown.status), (4, Some(503)));
}

#[test]
fn where_the_last_request_of_any_tab_got_no_answer_the_next_can_be_called_off() {
    for (failure, expected) in [
        (Failure::Timeout, true),
        (Failure::Network, false),
        (Failure::Status(503), false),
    ] {
        let mut tab = waiting();
        let status = SharedBackoff::status_of(failure);
        let failed = SharedBackoff {
            status,
            ..backoff(&tab, 3, 0)
        };
        let version = tab.machine.version();
        failed_elsewhere(&mut tab, version, failed);
        tab.request();
        tab.lock_comes_free();
        assert_eq!((tab.refreshes, tab.is_repeat), (1, expected), "{failure:?}");
        let shown = tab.presence.expect("it shows what it has heard").backoff;
        assert_eq!(shown.status, status);
    }
}

#[test]
fn a_repeat_that_gets_no_answer_is_called_off_and_the_first_request_is_not() {
    let mut tab = Tab::signed_in();
    for attempt in 0..3 {
        tab.refresh();
        let id = tab.pending.expect("a refresh is under way");
        assert_eq!(tab.is_repeat, attempt > 0);
        while tab.pending == Some(id) && !tab.called_off.contains(&id) {
            tab.wait(SECOND);
        }
        let shown = tab.presence.expect("it shows that").backoff;
        assert_eq!(shown.failure(), Failure::Timeout);
        assert_eq!(tab.called_off.len(), attempt);
        while tab.pending == Some(id) {
            tab.wait(SECOND);
        }
    }
}

#[test]
fn a_gate_that_has_opened_holds_nobody_up() {
    let mut tab = waiting();
    let (version, failed) = (tab.machine.version(), backoff(&tab, 3, 0));
    failed_elsewhere(&mut tab, version, failed);
    tab.request();
    tab.lock_comes_free();
    assert_eq!((tab.refreshes, tab.events()), (1, vec![]));
}

#[test]
fn the_first_one_that_a_person_waits_for_is_not_held_up() {
    let mut tab = waiting();
    let failed = SharedBackoff {
        may_be_jumped: true,
        is_asked_for: false,
        ..backoff(&tab, 1, 30 * SECOND)
    };
    let version = tab.machine.version();
    failed_elsewhere(&mut tab, version, failed);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn what_failed_with_an_older_token_is_of_the_past() {
    let mut tab = waiting();
    let older = Version {
        generation: 0,
        ..tab.machine.version()
    };
    let failed = SharedBackoff {
        wait: 10 * MINUTE,
        ..backoff(&tab, 3, 30 * SECOND)
    };
    failed_elsewhere(&mut tab, older, failed);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn no_needless_refresh_what_a_new_tab_has_just_tried_in_vain_is_not_tried_again() {
    let mut tab = waiting();
    let failed = backoff(&tab, 3, 30 * SECOND);
    failed_elsewhere(&mut tab, Version::default(), failed);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn no_needless_refresh_of_two_that_have_failed_as_often_the_more_patient_one_counts() {
    let mut tab = waiting();
    tab.lock_comes_free();
    tab.request();
    tab.offline();
    let (version, failed) = (tab.machine.version(), backoff(&tab, 1, 30 * SECOND));
    failed_elsewhere(&mut tab, version, failed);
    tab.visible();
    tab.wait(30 * SECOND - 1);
    assert_eq!(tab.refreshes, 1);
    tab.wait(1);
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn liveness_a_new_tab_does_not_try_what_has_just_failed_and_is_ready() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let failed = backoff(&tab, 1, 30 * SECOND);
    failed_elsewhere(&mut tab, Version::default(), failed);
    tab.start();
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 0));
    assert_eq!(tab.outcomes(), [Ready]);
    tab.wait(30 * SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn liveness_a_forged_backoff_holds_up_no_longer_than_a_backend_could() {
    let mut tab = waiting();
    let version = tab.machine.version();
    let forged = SharedBackoff {
        failures: u32::MAX,
        status: None,
        until: u64::MAX,
        wait: u64::MAX,
        may_be_jumped: false,
        is_asked_for: true,
    };
    failed_elsewhere(&mut tab, version, forged);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 0);
    tab.wait(72 * MINUTE);
    tab.request();
    assert_eq!(tab.refreshes, 1);
    tab.offline();
    tab.wait(MINUTE);
    tab.request();
    assert_eq!(tab.refreshes, 2, "it is news only once");
}

#[test]
fn a_failure_is_shown_before_the_lock_is_let_go_and_a_success_takes_it_back() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.visible_to_peers = false;
    tab.failed(Failure::Status(503), Some(30 * SECOND));
    assert!(matches!(tab.lock, Lock::Ours(_)));
    let shown = tab.presence.expect("it shows what it has tried");
    assert!(shown.backoff.until >= tab.now.wall + 30 * SECOND);
    assert_eq!(
        (shown.backoff.failures, shown.backoff.may_be_jumped),
        (1, false)
    );

    tab.machine.handle_announced(shown.version, tab.now);
    tab.drain();
    assert_eq!(tab.lock, Lock::Free);
    tab.visible_to_peers = true;
    tab.wait(36 * SECOND);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.presence, Some(Presence::at(US, tab.machine.version())));
}

#[test]
fn when_the_network_is_back_the_others_are_not_held_up_by_what_failed_without_it() {
    let mut tab = waiting();
    tab.lock_comes_free();
    tab.request();
    tab.offline();
    let version = tab.machine.version();
    let same = tab.presence.expect("it shows what it has tried").backoff;
    failed_elsewhere(&mut tab, version, same);
    tab.visible();
    let refreshes = tab.refreshes;
    tab.online();
    assert_eq!(tab.refreshes, refreshes + 1);
    let shown = tab.presence.expect("it shows what it has tried").backoff;
    assert_eq!((shown.failures, shown.until), (1, 0));
}

#[test]
fn a_tab_that_has_not_heard_yet_that_the_network_is_back_holds_nobody_up() {
    let mut tab = waiting();
    let version = tab.machine.version();
    let failed = |status, tab: &Tab| SharedBackoff {
        status,
        ..backoff(tab, 3, 30 * SECOND)
    };
    let cut_off = failed(Some(200), &tab);
    tab.wait(SECOND);
    tab.online();
    failed_elsewhere(&mut tab, version, cut_off);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
    tab.offline();
    assert_eq!(tab.presence.map(|own| own.backoff.failures), Some(4));

    for status in [None, Some(503)] {
        let mut tab = waiting();
        tab.online();
        tab.wait(SECOND);
        let since = failed(status, &tab);
        failed_elsewhere(&mut tab, version, since);
        tab.request();
        tab.lock_comes_free();
        assert_eq!(tab.refreshes, 0, "after {status:?}");
    }

    let mut tab = waiting();
    let refused = failed(Some(503), &tab);
    tab.wait(SECOND);
    tab.online();
    failed_elsewhere(&mut tab, version, refused);
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn liveness_a_clock_set_back_makes_nobody_wait_longer_than_the_one_that_failed() {
    let mut tab = waiting();
    let failed = backoff(&tab, 3, 30 * SECOND);
    let version = tab.machine.version();
    failed_elsewhere(&mut tab, version, failed);
    tab.now.wall -= 60 * MINUTE;
    tab.request();
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 0);
    tab.wait(30 * SECOND);
    tab.request();
    assert_eq!(tab.refreshes, 1);
}
