//! Tokens that live for a second, and for ten years.

use super::samples::*;
use super::tab::*;
use crate::core::{Cause, Event, MAX_LIFETIME_MS};

#[test]
fn one_second_is_renewed_at_most_twice_a_second() {
    let mut tab = Tab::signed_in_with(policy(), "one", SECOND);
    for _ in 0..600 {
        tab.wait(100);
        if tab.pending.is_some() {
            tab.granted("next", SECOND);
        }
        let request = tab.request();
        assert!(matches!(tab.outcomes()[..], [Sent(id, _)] if id == request));
    }
    assert!((60..=120).contains(&tab.refreshes), "{}", tab.refreshes);
}

#[test]
fn one_second_in_a_hidden_tab_costs_nothing_while_nobody_asks() {
    let mut tab = Tab::signed_in_with(policy(), "one", SECOND);
    tab.hidden();
    tab.wait(HOUR);
    assert_eq!((tab.refreshes, tab.next_timeout()), (0, None));
}

#[test]
fn sixty_days_and_ten_years_are_renewed_on_their_day() {
    for lifetime in [60 * DAY, 3_650 * DAY, MAX_LIFETIME_MS] {
        let mut tab = Tab::signed_in_with(policy(), "one", lifetime);
        let next = tab.next_timeout().expect("a refresh ahead is planned");
        assert!((lifetime / 2..=lifetime / 10 * 9).contains(&next));
        tab.wait(next - 1);
        assert_eq!(tab.refreshes, 0);
        tab.wait(1);
        assert_eq!(tab.refreshes, 1);
        tab.granted("two", lifetime);
        assert_eq!(
            tab.events(),
            [Event::Change, Event::Refreshed(Cause::Refresh)]
        );
    }
}

#[test]
fn a_timer_that_runs_early_changes_nothing() {
    let mut tab = Tab::signed_in_with(policy(), "one", 60 * DAY);
    for _ in 0..1_000 {
        tab.machine.handle_timeout(tab.now);
        tab.drain();
    }
    assert_eq!((tab.refreshes, tab.events()), (0, vec![]));
}

#[test]
fn a_backend_that_grants_only_expired_tokens_is_not_hammered() {
    let mut tab = Tab::signed_in_with(policy(), "one", SECOND);
    for _ in 0..60 {
        tab.request();
        if tab.pending.is_some() {
            tab.granted("another", SECOND);
        }
        for outcome in tab.outcomes() {
            if let Sent(id, _) = outcome {
                tab.rejected(id);
            }
        }
        tab.wait(SECOND);
    }
    assert!(tab.refreshes <= 120, "{}", tab.refreshes);
}

#[test]
fn a_backend_that_gives_the_same_token_until_it_has_expired_is_asked_no_more_than_that() {
    let mut tab = Tab::signed_in();
    for lifetime in [5 * MINUTE, 5 * MINUTE] {
        tab.refresh();
        tab.granted("one", lifetime);
        tab.wait(MINUTE);
    }
    tab.forget_the_past();
    tab.wait(3 * MINUTE - SECOND);
    let request = tab.request();
    assert_eq!(
        (tab.refreshes, tab.outcomes()),
        (0, vec![sent(request, "one")])
    );
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
    let waiting = tab.request();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(waiting, "two")]);
}
