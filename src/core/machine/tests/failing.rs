//! A backend that fails: how often it is asked again, and who is told.

use super::samples::*;
use super::tab::*;
use crate::core::machine::Answer;
use crate::core::{Cause, Event, Failure, Person, Reason, Status};

fn expired() -> Tab {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab
}

/// The back-off that the last failure told.
fn told_retry_in(tab: &mut Tab) -> u64 {
    match tab.events()[..] {
        [Event::RefreshFailed { retry_in, .. }] => retry_in,
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn a_visible_tab_tries_again_and_again_ever_more_rarely() {
    let mut tab = Tab::opened();
    tab.offline();
    for failed in 1..20 {
        let events = tab.events();
        let [
            Event::RefreshFailed {
                attempt, retry_in, ..
            },
        ] = events[..]
        else {
            panic!("{events:?}");
        };
        assert_eq!(attempt, failed);
        assert!(retry_in <= (SECOND << (failed - 1)).min(MINUTE));
        tab.wait(retry_in.saturating_sub(1));
        assert!(retry_in == 0 || tab.refreshes == failed);
        tab.wait(1);
        assert_eq!(tab.refreshes, failed + 1);
        tab.offline();
    }
}

#[test]
fn the_end_of_an_outage_is_told_once_whatever_it_is() {
    let restored = signed_in(Cause::Restore, Person::First);
    let handed_over = signed_in(Cause::Elsewhere, Person::First);
    let log_out = |tab: &mut Tab| {
        tab.logout();
    };
    let ends: Vec<(fn(&mut Tab), _)> = vec![
        (|tab| tab.granted("one", 5 * MINUTE), vec![restored]),
        (|tab| tab.ended(), vec![]),
        (|tab| tab.receive(version(1, 1), "one"), vec![handed_over]),
        (log_out, vec![]),
    ];
    for (end, told) in ends {
        let mut tab = Tab::opened();
        for _ in 0..2 {
            tab.offline();
            tab.wait(2 * SECOND);
        }
        tab.events();
        end(&mut tab);
        let expected = [vec![Event::Change], told, vec![Event::Recovered]].concat();
        assert_eq!(tab.events(), expected);
    }
}

#[test]
fn a_session_that_ends_without_an_outage_has_not_recovered() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.ended();
    let ended = Event::SignedOut(Reason::Ended);
    assert_eq!(tab.events(), [Event::Change, ended]);
}

#[test]
fn a_hidden_tab_tries_again_when_it_is_looked_at() {
    let mut tab = Tab::opened();
    tab.hidden();
    tab.offline();
    tab.wait(HOUR);
    assert_eq!(tab.refreshes, 1);
    tab.visible();
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn what_the_backend_asks_for_wins_over_the_back_off() {
    let mut tab = Tab::opened();
    tab.failed(Failure::Status(429), Some(30 * SECOND));
    let retry_in = told_retry_in(&mut tab);
    assert!((30_000..=36_000).contains(&retry_in), "{retry_in}");
    tab.wait(retry_in - 1);
    assert_eq!(tab.refreshes, 1);
    tab.wait(1);
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn the_first_attempt_that_a_person_waits_for_is_not_delayed() {
    let mut tab = Tab::signed_in();
    let ahead = tab.next_timeout().expect("a refresh ahead is planned");
    tab.wait(ahead);
    tab.offline();
    tab.hidden();
    tab.wait(5 * MINUTE - ahead);
    tab.outcomes();
    let request = tab.request();
    assert_eq!(tab.refreshes, 2);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn the_next_one_that_a_person_waits_for_is() {
    let mut tab = expired();
    let first = tab.request();
    for _ in 0..4 {
        tab.offline();
        let retry_in = told_retry_in(&mut tab);
        let refreshes = tab.refreshes;
        tab.request();
        assert!(retry_in == 0 || tab.refreshes == refreshes);
        tab.wait(retry_in);
        assert_eq!(tab.refreshes, refreshes + 1);
    }
    assert_eq!(tab.outcomes()[0], Rejected(first, "refresh-failed"));
}

#[test]
fn a_short_back_off_is_waited_for() {
    let mut tab = expired();
    tab.request();
    tab.failed(Failure::Status(503), Some(5 * SECOND));
    tab.outcomes();
    let request = tab.request();
    tab.wait(6 * SECOND);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 2));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn liveness_a_back_off_longer_than_a_time_out_is_not_waited_for() {
    let mut tab = expired();
    tab.request();
    tab.failed(Failure::Status(503), Some(MINUTE));
    tab.outcomes();
    let request = tab.request();
    let call = tab.refresh();
    assert_eq!(
        tab.outcomes(),
        [
            Rejected(request, "refresh-failed"),
            Settled(call, Err("refresh-failed"))
        ]
    );
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_success_forgets_the_failures() {
    let mut tab = Tab::opened();
    for _ in 0..5 {
        tab.offline();
        let sent = tab.refreshes;
        while tab.refreshes == sent {
            tab.wait(SECOND);
        }
    }
    tab.granted("one", 5 * MINUTE);
    tab.events();
    tab.refresh();
    tab.offline();
    assert!(matches!(
        tab.events()[..],
        [Event::RefreshFailed {
            attempt: 1,
            retry_in: 0..=1_000,
            ..
        }]
    ));
}

#[test]
fn an_ended_session_latches_until_somebody_signs_in() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.ended();
    for _ in 0..100 {
        let request = tab.request();
        tab.rejected(request);
        tab.refresh();
        tab.hidden();
        tab.visible();
        tab.online();
        tab.wait(MINUTE);
    }
    assert_eq!(tab.refreshes, 1);
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn an_answer_after_the_time_out_is_still_good() {
    let mut tab = expired();
    let request = tab.request();
    let overdue = tab.pending.expect("a refresh is under way");
    tab.wait(TIMEOUT);
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed")]);
    tab.answered_late(overdue, Answer::Granted(response("two", 5 * MINUTE)));
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn an_answer_after_the_time_out_is_too_late_if_there_is_a_newer_token() {
    let mut tab = expired();
    tab.request();
    let overdue = tab.pending.expect("a refresh is under way");
    tab.wait(TIMEOUT + SECOND);
    tab.refresh();
    tab.granted("three", 5 * MINUTE);
    tab.outcomes();
    tab.answered_late(overdue, Answer::Granted(response("two", 5 * MINUTE)));
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "three")]);
}

#[test]
fn logout_final_an_answer_after_the_time_out_is_too_late_after_a_logout() {
    let mut tab = expired();
    tab.request();
    let overdue = tab.pending.expect("a refresh is under way");
    tab.wait(TIMEOUT);
    tab.logout();
    tab.answered_late(overdue, Answer::Granted(response("two", 5 * MINUTE)));
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn an_end_that_is_told_after_the_time_out_is_left_to_the_next_attempt() {
    let mut tab = expired();
    tab.request();
    let overdue = tab.pending.expect("a refresh is under way");
    tab.wait(TIMEOUT);
    tab.answered_late(overdue, Answer::Ended);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn an_answer_that_nobody_waits_for_changes_nothing() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    let answered = tab.pending.expect("a refresh is under way");
    tab.granted("two", 5 * MINUTE);
    tab.answered_late(answered, Answer::Granted(response("again", 5 * MINUTE)));
    tab.answered_late(answered, Answer::Ended);
    tab.outcomes();
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn liveness_what_waits_in_a_hidden_tab_goes_on_when_the_network_is_back() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.refresh();
    tab.offline();
    tab.forget_the_past();
    let call = tab.refresh();
    assert_eq!(tab.refreshes, 0, "the back-off holds it");
    tab.online();
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn a_flaky_network_signs_nobody_out() {
    let mut tab = expired();
    let failures = [
        Failure::Network,
        Failure::Timeout,
        Failure::Status(500),
        Failure::Malformed(200),
    ];
    for failure in failures.into_iter().cycle().take(100) {
        tab.request();
        if tab.pending.is_some() {
            tab.failed(failure, None);
        }
        assert_eq!(tab.status(), Status::SignedIn);
        tab.wait(MINUTE);
    }
    tab.request();
    tab.granted("two", 5 * MINUTE);
    let request = tab.request();
    assert!(tab.outcomes().contains(&sent(request, "two")));
}

#[test]
fn only_what_nobody_waited_for_may_be_tried_again_at_once() {
    let mut ahead = Tab::signed_in();
    let point = ahead.next_timeout().expect("a refresh ahead is planned");
    ahead.wait(point);
    ahead.offline();
    ahead.refresh();
    assert_eq!(ahead.refreshes, 2);

    let mut by_cookie = Tab::signed_in();
    by_cookie.sign_in(None);
    by_cookie.offline();
    by_cookie.refresh();
    assert_eq!(by_cookie.refreshes, 1);
    by_cookie.wait(SECOND);
    assert_eq!(by_cookie.refreshes, 2);
}

#[test]
fn no_needless_refresh_one_that_fails_after_a_sign_in_is_not_tried_again() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.events();
    tab.offline();
    assert_eq!((tab.events(), tab.lock), (vec![], Lock::Free));
    tab.wait(MINUTE);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn nothing_is_told_of_one_that_fails_after_a_logout() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.logout();
    tab.events();
    tab.offline();
    assert_eq!(tab.events(), []);
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn a_network_that_is_back_does_not_overrule_a_backend_that_asked_for_patience() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.failed(Failure::Status(503), Some(30 * SECOND));
    let refreshes = tab.refreshes;
    tab.online();
    tab.wait(29 * SECOND);
    assert_eq!(tab.refreshes, refreshes);
    tab.wait(7 * SECOND);
    assert_eq!(tab.refreshes, refreshes + 1);
}

#[test]
fn a_network_that_is_back_ends_the_back_off_after_an_answer_that_was_cut_off() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    let refreshes = tab.refreshes;
    tab.failed(Failure::Malformed(200), Some(30 * SECOND));
    tab.online();
    assert_eq!(tab.refreshes, refreshes + 1);
}
