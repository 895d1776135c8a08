//! Hidden, kept in the back/forward cache, asleep: what a page does when it is back.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Policy, Presence, Status, Warning};

#[test]
fn away_nothing_runs_and_nothing_is_held() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.hide();
    assert!(tab.withdrawn);
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn back_again_the_token_of_before_is_not_trusted() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.hide();
    tab.show();
    assert!(!tab.withdrawn);
    assert_eq!(tab.status(), Status::Restoring);
    let request = tab.request();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted(&jwt("alice"), 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, &jwt("alice"))]);
}

#[test]
fn no_needless_refresh_back_again_the_peers_are_asked() {
    let mut tab = Tab::signed_in();
    let same_as_before = tab.machine.version();
    tab.hide();
    tab.peer_is_at(same_as_before);
    tab.show();
    assert_eq!(tab.asked, [PEER]);
    tab.receive(same_as_before, "one");
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
}

#[test]
fn logout_final_back_after_a_logout_the_page_is_signed_out() {
    let mut tab = Tab::signed_in();
    tab.hide();
    tab.show();
    tab.ended();
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_back_again_a_token_from_one_that_has_not_heard_of_it_is_not_taken() {
    let mut tab = Tab::signed_in();
    let (late, end) = (tab.renewed(), tab.signed_in_anew().ended(PEER));
    tab.hide();
    tab.lock_is_taken();
    tab.show();
    tab.peer_is_at(end);
    tab.hear_news(late, "late");
    tab.receive(late, "late");
    assert_eq!(tab.status(), Status::Restoring);
    tab.lock_comes_free();
    tab.ended();
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn back_again_a_token_that_was_handed_over_before_is_not_trusted_either() {
    let mut tab = Tab::opened();
    tab.offline();
    let theirs = version(tab.now.wall, 7);
    tab.hear_news(theirs, "one");
    tab.peers = None;
    tab.receive(theirs, "one");
    tab.hide();
    tab.show();
    tab.peers_come(&[]);
    assert_eq!(tab.status(), Status::Restoring);
}

#[test]
fn a_signed_out_page_that_comes_back_learns_of_a_sign_in() {
    let mut tab = Tab::signed_out();
    tab.hide();
    tab.wait(MINUTE);
    tab.peer_is_at(version(1, 1));
    tab.show();
    assert_eq!(tab.asked, [PEER]);
    tab.receive(version(1, 1), "one");
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn liveness_what_a_signed_out_page_held_for_a_check_goes_out_when_it_is_back() {
    let mut tab = Tab::signed_out();
    tab.peers = None;
    tab.sleep(MINUTE);
    let request = tab.request();
    tab.hide();
    tab.show();
    tab.wait(SECOND);
    assert_eq!(tab.outcomes(), [SentBare(request)]);
}

#[test]
fn liveness_a_call_for_a_refresh_outlives_the_absence() {
    let mut tab = Tab::signed_in();
    let at_leaving = tab.machine.version();
    tab.lock_is_taken();
    let call = tab.refresh();
    tab.hide();
    tab.lock_comes_free();
    tab.peer_is_at(at_leaving);
    tab.show();
    tab.receive(at_leaving, "one");
    tab.wait(MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn liveness_a_sign_in_by_cookie_outlives_the_absence() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    tab.hide();
    tab.show();
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn logout_final_a_sign_in_from_before_the_absence_does_not_restore_what_has_been_left_since() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    let end = tab.signed_in_anew().ended(PEER);
    tab.hide();
    tab.peers = Some(vec![Presence {
        is_logging_out: true,
        ..Presence::at(PEER, end)
    }]);
    let refreshes = tab.refreshes;
    tab.show();
    assert_eq!(
        (tab.status(), tab.refreshes),
        (Status::SignedOut, refreshes)
    );
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
}

#[test]
fn a_logout_does_not_outlive_the_absence_and_is_warned_of() {
    let at_work: fn(&mut Tab) = |_| {};
    for prepare in [at_work, Tab::lock_is_taken] {
        let mut tab = Tab::signed_in();
        prepare(&mut tab);
        let call = tab.logout();
        tab.hide();
        assert_eq!(tab.logouts.len(), 1);
        assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
        assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
        tab.show();
        tab.wait(MINUTE);
        assert_eq!(tab.logouts.len(), 1);
        assert_eq!(tab.status(), Status::SignedOut);
    }
}

#[test]
fn one_identity_a_page_that_comes_back_to_another_person_sends_nothing_of_the_first() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    let of_alice = tab.request();
    tab.hide();
    tab.show();
    tab.granted(&jwt("bob"), 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Rejected(of_alice, "session-ended")]);
}

#[test]
fn one_identity_a_page_that_comes_back_cannot_tell_whose_an_opaque_token_is() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let request = tab.request();
    tab.hide();
    tab.show();
    tab.granted("perhaps_of_another", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Rejected(request, "session-ended")]);
}

#[test]
fn after_a_sleep_nothing_goes_out_before_it_is_known_what_was_missed() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.sleep(MINUTE);
    let request = tab.request();
    assert_eq!((tab.outcomes(), tab.queries), (vec![], 1));
    tab.peers_come(&[]);
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn logout_final_after_a_sleep_a_logout_is_noticed_before_anything_goes_out() {
    let mut tab = Tab::signed_in();
    tab.peer_is_at(tab.ended_elsewhere());
    tab.sleep(MINUTE);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [Rejected(request, "session-ended")]);
}

#[test]
fn one_flight_a_sleep_does_not_make_another_tab_look_frozen() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.refresh();
    tab.wait(TIMEOUT);
    tab.sleep(HOUR);
    tab.wake();
    tab.wait(LOCK_WAIT - TIMEOUT - SECOND);
    assert_eq!(tab.refreshes, 0);
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn one_flight_a_refresh_that_slept_is_given_the_rest_of_its_time() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    tab.sleep(HOUR);
    tab.wait(TIMEOUT - SECOND);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn one_flight_a_clock_set_forward_by_a_little_takes_nothing_from_a_request() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.sleep(4 * SECOND);
    tab.wait(TIMEOUT - SECOND);
    assert!(matches!(tab.lock, Lock::Ours(_)));
    tab.wait(SECOND);
    assert_eq!((tab.lock, tab.refreshes), (Lock::Free, 1));
}

#[test]
fn one_flight_a_clock_set_forward_by_a_little_makes_no_tab_look_frozen() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.refresh();
    tab.wait(LOCK_WAIT - 4 * SECOND);
    tab.sleep(4 * SECOND);
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 0);
    tab.wait(LOCK_WAIT);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_clock_set_forward_by_a_little_does_not_end_a_check() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.sleep(MINUTE);
    let request = tab.request();
    tab.sleep(SECOND);
    tab.wait(SECOND / 2);
    assert_eq!(tab.outcomes(), []);
    tab.wait(SECOND / 2);
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn liveness_after_a_sleep_a_silent_browser_is_not_waited_for() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.sleep(MINUTE);
    let request = tab.request();
    tab.wait(SECOND);
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn after_a_sleep_longer_than_its_life_the_token_is_renewed_before_use() {
    let mut tab = Tab::signed_in();
    tab.sleep(HOUR);
    let request = tab.request();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted(&jwt("alice"), 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, &jwt("alice"))]);
}

#[test]
fn one_identity_after_a_sleep_a_failing_refresh_is_not_why_the_first_persons_requests_end() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.refresh();
    tab.peers = None;
    tab.sleep(MINUTE);
    let of_alice = tab.request();
    tab.sign_in(Some(response(&jwt("bob"), 5 * MINUTE)));
    let call = tab.refresh();
    tab.outcomes();
    tab.offline();
    assert_eq!(
        tab.outcomes(),
        [
            Settled(call, Err("refresh-failed")),
            Rejected(of_alice, "session-ended")
        ]
    );
}

#[test]
fn after_a_sleep_a_failing_refresh_sends_nothing_unchecked() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.peers = None;
    tab.sleep(MINUTE);
    tab.request();
    tab.offline();
    assert!(!tab.outcomes().iter().any(|o| matches!(o, Sent(..))));
}

#[test]
fn waking_up_comes_with_many_events_and_costs_one_check() {
    let mut tab = Tab::signed_in();
    tab.wait(MINUTE);
    let queries = tab.queries;
    tab.visible();
    tab.wake();
    tab.online();
    assert_eq!(tab.queries, queries + 1);
    tab.wait(SECOND);
    tab.wake();
    assert_eq!(tab.queries, queries + 2);
}

#[test]
fn a_clock_set_back_does_not_prolong_a_token() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.now.wall -= DAY;
    tab.wait(5 * MINUTE);
    tab.request();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn away_a_list_that_comes_late_changes_nothing() {
    let mut tab = Tab::signed_in();
    let theirs = tab.signed_in_anew();
    tab.hide();
    tab.peers_come(&[Presence::at(PEER, theirs)]);
    assert!(tab.asked.is_empty());
    assert_eq!((tab.status(), tab.next_timeout()), (Status::SignedIn, None));
}

#[test]
fn liveness_the_bound_of_what_waits_begins_anew_with_the_return() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    let call = tab.refresh();
    tab.hide();
    tab.wait(HOUR);
    tab.show();
    tab.wait_behind_many(WAIT_LIMIT - 1);
    assert_eq!(tab.outcomes(), []);
    tab.wait(1);
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
}

#[test]
fn liveness_a_list_that_never_came_delays_nobody_after_that() {
    let never_came: fn(&mut Tab) = |tab| tab.wait(SECOND);
    let left: fn(&mut Tab) = |tab| {
        tab.hide();
        tab.show();
        tab.wait(SECOND);
    };
    for happening in [never_came, left] {
        let mut tab = Tab::signed_in();
        tab.peers = None;
        tab.refresh();
        happening(&mut tab);
        tab.granted("two", 5 * MINUTE);
        tab.peers = Some(Vec::new());
        let refreshes = tab.refreshes;
        tab.refresh();
        assert_eq!(tab.refreshes, refreshes + 1);
    }
}

#[test]
fn a_page_that_may_be_left_steps_aside_and_is_seen_again_if_it_stays() {
    let mut tab = Tab::signed_in();
    let shown = tab.presence;
    assert!(shown.is_some());
    tab.leave();
    assert_eq!((tab.presence, tab.withdrawn), (None, false));
    tab.wait(5 * SECOND - 1);
    assert_eq!(tab.presence, None);
    tab.wait(1);
    assert_eq!(tab.presence, shown);
}

#[test]
fn aside_it_hears_of_the_others_and_shows_what_has_changed() {
    let mut tab = Tab::signed_in();
    tab.leave();
    let next = tab.renewed();
    tab.hear_news(next, "two");
    tab.receive(next, "two");
    assert!(tab.presence.is_some_and(|own| own.version == next));
}

#[test]
fn a_page_with_something_to_do_does_not_step_aside() {
    let refreshing: fn(&mut Tab) = |tab| {
        tab.refresh();
    };
    let waiting: fn(&mut Tab) = |tab| {
        tab.lock_is_taken();
        tab.refresh();
    };
    let logging_out: fn(&mut Tab) = |tab| {
        tab.logout();
        tab.logout_answered(false);
    };
    for prepare in [refreshing, waiting, logging_out] {
        let mut tab = Tab::signed_in();
        prepare(&mut tab);
        tab.leave();
        assert!(tab.presence.is_some());
    }
}

#[test]
fn a_page_that_was_left_is_not_seen_before_it_is_back() {
    let mut tab = Tab::signed_in();
    tab.leave();
    tab.hide();
    tab.wait(MINUTE);
    assert_eq!((tab.presence, tab.withdrawn), (None, true));
}

#[test]
fn away_nothing_is_shown_to_the_others() {
    let mut tab = Tab::signed_in();
    tab.hide();
    tab.presence = None;
    tab.posted.clear();
    tab.logout();
    assert_eq!((tab.presence, tab.posted.len()), (None, 0));
    tab.show();
    assert!(tab.presence.is_some_and(|own| own.version.is_signed_out()));
}

#[test]
fn liveness_a_hidden_tab_whose_session_cannot_be_restored_is_ready_all_the_same() {
    let mut tab = Tab::opened();
    tab.hidden();
    tab.offline();
    assert_eq!(tab.outcomes(), [Ready]);
    assert_eq!(tab.status(), Status::Restoring);
    tab.wait(HOUR);
    assert_eq!(tab.refreshes, 1);

    let request = tab.request();
    assert_eq!(tab.refreshes, 2, "it is tried again when somebody asks");
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn liveness_a_call_that_waits_for_another_try_gets_one_when_the_page_returns() {
    let never_tried = Policy {
        restore: false,
        ..policy()
    };
    let mut tab = Tab::opened_with(never_tried, TabSharing::Shared);
    tab.refresh();
    tab.offline();
    tab.forget_the_past();
    let call = tab.refresh();
    assert_eq!(tab.refreshes, 0, "the back-off holds it");
    tab.hide();
    tab.show();
    tab.wait(10 * SECOND);
    assert_eq!(tab.refreshes, 1);
    tab.granted("one", 5 * MINUTE);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
}

#[test]
fn a_clock_set_forward_costs_one_refresh_and_signs_nobody_out() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(MINUTE);
    tab.now.wall += DAY;
    let request = tab.request();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    tab.wait(MINUTE);
    tab.request();
    assert_eq!(tab.refreshes, 1);
}
