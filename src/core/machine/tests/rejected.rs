use super::samples::*;
use super::tab::*;
use crate::core::{Challenge, Event, RequestId, StepUp};

/// Signed in for longer than a token counts as young.
fn seasoned() -> Tab {
    let mut tab = Tab::signed_in();
    tab.wait(10 * SECOND);
    tab
}

/// Sends a request and takes note of it.
fn send(tab: &mut Tab) -> RequestId {
    let request = tab.request();
    assert!(matches!(tab.outcomes()[..], [Sent(..)]));
    request
}

#[test]
fn a_rejected_request_is_replayed_once_with_a_new_token() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.rejected(request);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn retry_once_the_second_401_is_the_callers() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.rejected(request);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    tab.wait(MINUTE);
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn no_needless_refresh_a_storm_of_401s_costs_one() {
    let mut tab = seasoned();
    let requests: Vec<_> = (0..100).map(|_| send(&mut tab)).collect();
    let (early, late) = requests.split_at(60);
    for request in early {
        tab.rejected(*request);
    }
    tab.granted("two", 5 * MINUTE);
    for request in late {
        tab.rejected(*request);
    }
    let all_with_two: Vec<_> = requests.iter().map(|id| sent(*id, "two")).collect();
    assert_eq!(tab.outcomes(), all_with_two);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn no_needless_refresh_a_late_401_is_replayed_with_the_token_that_came_meanwhile() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.refresh();
    tab.granted("two", 5 * MINUTE);
    tab.outcomes();
    tab.wait(MINUTE);
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_401_during_a_refresh_waits_for_it() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.refresh();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), []);
    tab.granted("two", 5 * MINUTE);
    assert!(tab.outcomes().contains(&sent(request, "two")));
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_young_token_is_not_renewed_for_a_401() {
    let mut tab = Tab::signed_in();
    tab.wait(9_999);
    let request = send(&mut tab);
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_token_is_young_for_ten_seconds() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.rejected(request);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
}

#[test]
fn a_short_lived_token_is_young_for_half_its_life() {
    let mut tab = Tab::signed_in_with(policy(), "one", 2 * SECOND);
    tab.hidden();
    tab.wait(999);
    let (early, late) = (send(&mut tab), send(&mut tab));
    tab.rejected(early);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![Delivered(early)], 0));
    tab.wait(1);
    tab.rejected(late);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
}

#[test]
fn an_api_that_always_says_401_costs_one_refresh_in_ten_seconds() {
    let mut tab = seasoned();
    for _ in 0..600 {
        let request = tab.request();
        tab.rejected(request);
        if tab.pending.is_some() {
            tab.granted("another", 5 * MINUTE);
            tab.rejected(request);
        }
        let outcomes = tab.outcomes();
        let times_sent = outcomes.iter().filter(|o| matches!(o, Sent(..))).count();
        assert!((1..=2).contains(&times_sent), "{outcomes:?}");
        assert_eq!(outcomes.last(), Some(&Delivered(request)));
        tab.wait(100);
    }
    assert!((6..=7).contains(&tab.refreshes), "{}", tab.refreshes);
}

#[test]
fn a_one_shot_body_is_never_replayed() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.one_shot_rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_wish_for_more_scope_is_the_callers_matter() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.challenged(request, Challenge::InsufficientScope);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!((tab.events(), tab.refreshes), (vec![], 0));
}

#[test]
fn a_wish_for_a_stronger_sign_in_is_told_and_refreshes_nothing() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    let wanted = StepUp {
        acr_values: vec!["gold".to_owned()],
        max_age: Some(60),
    };
    tab.challenged(request, Challenge::StepUp(wanted.clone()));
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!(tab.events(), [Event::StepUp(wanted)]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_401_that_only_the_end_of_the_session_answers_is_the_callers() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.rejected(request);
    tab.ended();
    assert_eq!(tab.outcomes(), [Delivered(request)]);
}

#[test]
fn a_401_that_comes_after_the_sign_out_is_the_callers() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.logout();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
}

#[test]
fn a_401_that_cannot_be_helped_for_now_is_an_error() {
    let mut tab = seasoned();
    let request = send(&mut tab);
    tab.rejected(request);
    tab.offline();
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed")]);
}

#[test]
fn an_abort_while_waiting_for_the_replay_spares_the_refresh() {
    let mut tab = seasoned();
    let (aborted, other) = (send(&mut tab), send(&mut tab));
    tab.rejected(aborted);
    tab.rejected(other);
    tab.over(aborted);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(other, "two")]);
}
