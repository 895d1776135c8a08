//! The group's lock: a tab waits for it up to a limit, holds it for one task, and releases it.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Effect, Status};

fn behind_another() -> Tab {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.lock_is_taken();
    tab.start();
    tab
}

#[test]
fn one_flight_no_refresh_leaves_before_the_lock_is_granted() {
    let mut tab = behind_another();
    tab.wait(LOCK_WAIT - 1);
    assert_eq!(tab.refreshes, 0);
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn it_is_held_until_the_refresh_is_answered() {
    let mut tab = Tab::opened();
    assert!(matches!(tab.lock, Lock::Ours(_)));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.lock, Lock::Free);
}

#[test]
fn it_is_held_until_the_next_holder_can_see_what_came_of_it() {
    let mut tab = Tab::opened();
    tab.visible_to_peers = false;
    tab.granted("one", 5 * MINUTE);
    assert!(matches!(tab.lock, Lock::Ours(_)));
    let presence = tab.presence.expect("the new state is announced");
    assert_eq!(presence.version, tab.machine.version());

    tab.machine.handle_announced(presence.version, tab.now);
    tab.drain();
    assert_eq!(tab.lock, Lock::Free);
}

#[test]
fn liveness_it_is_let_go_though_nobody_confirms_the_announcement() {
    let mut tab = Tab::opened();
    tab.visible_to_peers = false;
    tab.granted("one", 5 * MINUTE);
    tab.wait(SECOND);
    assert_eq!(tab.lock, Lock::Free);
}

#[test]
fn it_is_let_go_whatever_the_answer_is() {
    let mut failed = Tab::opened();
    failed.offline();
    assert_eq!(failed.lock, Lock::Free);
    let mut ended = Tab::opened();
    ended.ended();
    assert_eq!(ended.lock, Lock::Free);
    let mut overdue = Tab::opened();
    overdue.hidden();
    overdue.wait(TIMEOUT);
    assert_eq!(overdue.lock, Lock::Free);
}

#[test]
fn liveness_a_silent_holder_is_waited_for_no_longer_than_it_may_need() {
    let mut tab = behind_another();
    let request = tab.request();
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1);
    assert_eq!(tab.lock, Lock::Theirs(None));
    assert!(matches!(tab.second_lock, Lock::Ours(_)));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Ready, sent(request, "one")]);
}

#[test]
fn a_silent_holder_that_got_a_token_is_asked_for_it() {
    let mut tab = behind_another();
    tab.wait(LOCK_WAIT - 1);
    tab.peer_is_at(version(1, 1));
    tab.wait(1);
    assert_eq!(tab.asked, [PEER]);
    assert_eq!(tab.refreshes, 0);
    tab.receive(version(1, 1), "one");
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn a_lock_granted_after_all_is_let_go() {
    let mut tab = behind_another();
    let Lock::Theirs(Some(ticket)) = tab.lock else {
        panic!("it waits for the lock");
    };
    tab.wait(LOCK_WAIT);
    tab.machine.handle_lock_granted(ticket, tab.now);
    assert_eq!(tab.machine.poll_effect(), Some(Effect::ReleaseLock(ticket)));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn one_flight_of_those_behind_a_silent_holder_only_one_goes_on() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(LOCK_WAIT + SECOND);
    assert_eq!(tab.refreshes, 0);
    tab.second_lock_comes_free();
    assert_eq!(tab.refreshes, 1);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.second_lock, Lock::Free);
}

#[test]
fn no_needless_refresh_who_goes_on_after_another_did_finds_its_token() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(LOCK_WAIT + SECOND);
    tab.peer_is_at(version(1, 1));
    tab.second_lock_comes_free();
    assert_eq!((tab.refreshes, tab.asked.len()), (0, 1));
    tab.receive(version(1, 1), "one");
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(tab.second_lock, Lock::Free);
}

#[test]
fn one_flight_a_lock_that_changes_hands_is_waited_for_anew() {
    let mut tab = behind_another();
    tab.wait(LOCK_WAIT - 1);
    tab.holder = 3;
    tab.wait(LOCK_WAIT - SECOND);
    assert_eq!(tab.refreshes, 0);
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_tab_that_was_frozen_in_line_has_not_seen_the_holder_all_the_time() {
    let mut tab = behind_another();
    tab.wait(LOCK_WAIT / 2);
    tab.pass(6 * SECOND);
    tab.wait(LOCK_WAIT - SECOND);
    assert_eq!(tab.refreshes, 0);
    tab.wait(2 * SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_who_has_stepped_back_has_not_seen_the_first_lock_all_the_time() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(LOCK_WAIT + SECOND);
    let seen = tab.peers.take();
    tab.second_lock_comes_free();
    tab.pass(6 * SECOND);
    tab.peers = seen;
    tab.wait(0);
    tab.wake();
    tab.pass(LOCK_WAIT);
    tab.wait(LOCK_WAIT / 2);
    assert_eq!((tab.refreshes, tab.second_lock), (0, Lock::Free));
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_holder_thawed_in_the_meantime_is_given_way_to() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(LOCK_WAIT + SECOND);
    tab.holder = 3;
    tab.second_lock_comes_free();
    assert_eq!((tab.refreshes, tab.second_lock), (0, Lock::Free));
    tab.wait(SECOND);
    assert!(
        matches!(tab.lock, Lock::Theirs(Some(_))),
        "it lines up anew"
    );
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_who_has_given_way_begins_anew_to_wait_for_the_first_lock() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(LOCK_WAIT + SECOND);
    tab.holder = 3;
    tab.second_lock_comes_free();
    tab.wait(LOCK_WAIT);
    assert_eq!((tab.refreshes, tab.second_lock), (0, Lock::Free));
    tab.wait(2 * SECOND);
    assert_eq!(tab.refreshes, 1, "that one is silent");
}

#[test]
fn one_flight_who_has_the_first_lock_waits_for_one_at_work_with_the_second() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.second_lock_is_taken();
    tab.start();
    tab.wait(LOCK_WAIT / 2);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.second_lock_comes_free();
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn liveness_one_that_is_silent_with_the_second_lock_is_waited_for_with_a_bound() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.second_lock_is_taken();
    tab.start();
    tab.wait(LOCK_WAIT + SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn logout_final_a_refresh_with_the_second_lock_is_settled_first() {
    let mut tab = Tab::signed_in();
    tab.second_lock_is_taken();
    tab.logout();
    tab.wait(SECOND);
    assert_eq!(tab.logouts, []);
    tab.second_lock_comes_free();
    tab.wait(SECOND);
    assert_eq!(tab.logouts.len(), 1);
}

/// It has had the lock for so long that others may go on, and now it runs again.
fn thawed_while_it_asked() -> Tab {
    let mut tab = Tab::signed_in();
    let theirs = tab.renewed();
    tab.peer_is_at(theirs);
    tab.refresh();
    assert_eq!((tab.refreshes, tab.asked.len()), (0, 1));
    tab.now.monotonic += MINUTE;
    tab.now.wall += MINUTE;
    tab
}

#[test]
fn one_flight_a_thawed_holder_does_not_send_what_it_was_about_to() {
    let mut tab = thawed_while_it_asked();
    tab.second_lock_is_taken();
    tab.machine.handle_timeout(tab.now);
    tab.drain();
    tab.wait(LOCK_WAIT / 2);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.second_lock_comes_free();
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
    assert_eq!(
        tab.asked.len(),
        1,
        "what was asked in vain is not asked again"
    );
}

#[test]
fn one_flight_a_thawed_holder_does_not_exchange_a_cookie_at_once_either() {
    let mut tab = thawed_while_it_asked();
    tab.second_lock_is_taken();
    tab.sign_in(None);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.second_lock_comes_free();
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_lock_that_was_granted_to_a_frozen_page_is_not_made_use_of() {
    let mut tab = behind_another();
    tab.wait(SECOND);
    tab.now.monotonic += MINUTE;
    tab.now.wall += MINUTE;
    tab.lock_comes_free();
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_tab_that_was_frozen_in_line_has_not_seen_the_second_lock_all_the_time() {
    let mut tab = behind_another();
    tab.second_lock_is_taken();
    tab.wait(SECOND);
    tab.pass(MINUTE);
    tab.lock_comes_free();
    tab.wait(LOCK_WAIT / 2);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1, "that one is silent");
}

#[test]
fn one_flight_a_tab_that_was_frozen_after_a_step_back_has_not_either() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.second_lock_is_taken();
    tab.start();
    tab.pass(MINUTE);
    tab.wait(LOCK_WAIT / 2);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1, "that one is silent");
}

#[test]
fn one_flight_a_list_from_before_a_freeze_tells_nothing_after_it() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.refresh();
    tab.now.monotonic += MINUTE;
    tab.now.wall += MINUTE;
    tab.machine.handle_timeout(tab.now);
    tab.drain();
    tab.wait(SECOND);
    tab.peers_come(&[]);
    assert_eq!(tab.refreshes, 0);
    tab.peers_come(&[]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_page_that_was_frozen_in_line_lines_up_anew() {
    let mut tab = behind_another();
    tab.wait(SECOND);
    let before = tab.lock;
    tab.now.monotonic += MINUTE;
    tab.now.wall += MINUTE;
    tab.machine.handle_timeout(tab.now);
    tab.drain();
    assert!(matches!(tab.lock, Lock::Theirs(Some(_))));
    assert_ne!(tab.lock, before);
}

#[test]
fn a_page_that_was_busy_for_no_longer_than_the_others_allow_keeps_its_place() {
    let mut tab = behind_another();
    tab.wait(200);
    let before = tab.lock;
    tab.now.monotonic += 5 * SECOND;
    tab.now.wall += 5 * SECOND;
    tab.machine.handle_timeout(tab.now);
    tab.drain();
    assert_eq!(tab.lock, before);
    tab.wait(LOCK_WAIT - 200 - 5 * SECOND);
    assert_eq!(tab.refreshes, 1, "nor has it lost sight of the holder");
}

#[test]
fn after_a_step_back_nobody_lines_up_without_a_need() {
    let mut tab = thawed_while_it_asked();
    tab.wait(SECOND / 2);
    assert_eq!(tab.lock, Lock::Free);
    let end = tab.ended_elsewhere();
    tab.hear_signed_out(end);
    tab.lock_is_taken();
    tab.wait(2 * SECOND);
    assert_eq!(tab.lock, Lock::Theirs(None));
}

#[test]
fn a_lock_that_is_long_in_coming_is_made_use_of_at_once() {
    let mut tab = behind_another();
    tab.wait_behind_many(MINUTE / 2);
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_sleep_makes_no_page_look_frozen_to_itself() {
    let mut tab = behind_another();
    tab.wait(SECOND);
    tab.sleep(HOUR);
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn logout_final_a_logout_lines_up_at_once_even_after_a_step_back() {
    let mut tab = thawed_while_it_asked();
    tab.wait(SECOND / 2);
    assert_eq!((tab.lock, tab.refreshes), (Lock::Free, 0));
    tab.lock_is_taken();
    tab.logout();
    assert!(matches!(tab.lock, Lock::Theirs(Some(_))));
}

#[test]
fn it_is_requested_anew_after_each_task() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.logout();
    let Lock::Ours(first) = tab.lock else {
        panic!("it has the lock");
    };
    tab.granted("two", 5 * MINUTE);
    assert!(matches!(tab.lock, Lock::Ours(second) if second != first));
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn no_needless_refresh_a_list_from_before_the_lock_was_granted_tells_nothing() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.lock_is_taken();
    tab.refresh();
    tab.peers = None;
    tab.wait(200);
    tab.lock_comes_free();
    tab.peers_come(&[]);
    assert_eq!(tab.refreshes, 0);
    tab.peer_is_at(next);
    let peers = tab.peers.clone().expect("the peer is listed");
    tab.peers_come(&peers);
    assert_eq!((tab.refreshes, tab.asked.len()), (0, 1));
}

#[test]
fn it_is_not_waited_for_any_longer_than_there_is_a_need() {
    let mut tab = behind_another();
    tab.hear_news(version(1, 1), "one");
    tab.receive(version(1, 1), "one");
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(tab.lock, Lock::Theirs(None));
}

#[test]
fn liveness_a_list_of_peers_that_does_not_come_is_done_without() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peers = None;
    tab.start();
    assert_eq!(tab.refreshes, 0);
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}
