//! A page that is left before its logout has been sent.

use super::samples::*;
use super::tab::*;
use crate::core::{LogoutPolicy, Policy, Status};

/// It waits for the lock, which another tab has.
fn waiting() -> Tab {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.logout();
    tab
}

/// It waits for the tab's own refresh.
fn refreshing() -> Tab {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.logout();
    tab
}

/// The tab has the lock, and looks at the others.
fn looking() -> Tab {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.logout();
    tab
}

fn with_token() -> Policy {
    Policy {
        logout: Some(LogoutPolicy { with_token: true }),
        ..policy()
    }
}

#[test]
fn logout_final_it_is_sent_at_once() {
    for prepare in [waiting, refreshing, looking] {
        for go in [Tab::leave, Tab::hide] {
            let mut tab = prepare();
            assert_eq!(tab.logouts, []);
            go(&mut tab);
            assert_eq!(tab.logouts.len(), 1);
        }
    }
}

#[test]
fn logout_final_if_the_page_stays_it_is_sent_again_when_no_refresh_can_bring_a_cookie_any_more() {
    let mut tab = refreshing();
    tab.outcomes();
    tab.leave();
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), []);
    tab.granted("two", 5 * MINUTE);
    assert_eq!((tab.logouts.len(), tab.status()), (2, Status::SignedOut));
    tab.logout_answered(true);
    assert!(matches!(tab.outcomes()[..], [Settled(_, Ok(()))]));
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn what_came_of_it_is_not_what_the_app_is_told() {
    let mut tab = waiting();
    tab.leave();
    tab.outcomes();
    tab.events();
    for confirmed in [false, true] {
        tab.logout_answered(confirmed);
        assert_eq!((tab.outcomes(), tab.events()), (vec![], vec![]));
    }
    tab.hide();
    let outcomes = tab.outcomes();
    assert!(matches!(outcomes[..], [Settled(_, Ok(()))]));
    tab.show();
    tab.logout_answered(false);
    assert_eq!((tab.outcomes(), tab.logouts.len()), (vec![], 1));
}

#[test]
fn it_is_sent_ahead_of_its_turn_only_once() {
    let mut tab = waiting();
    tab.leave();
    tab.leave();
    tab.hide();
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn one_that_has_been_sent_is_not_sent_for_that() {
    let under_way: fn(&mut Tab) = |_| {};
    let unconfirmed: fn(&mut Tab) = |tab| tab.logout_answered(false);
    let confirmed: fn(&mut Tab) = |tab| tab.logout_answered(true);
    for happening in [under_way, unconfirmed, confirmed] {
        let mut tab = Tab::signed_in();
        tab.logout();
        happening(&mut tab);
        tab.leave();
        tab.hide();
        assert_eq!(tab.logouts.len(), 1);
    }
}

#[test]
fn one_identity_it_does_not_end_a_session_that_began_since() {
    let here: fn(&mut Tab) = |tab| {
        tab.sign_in(Some(response("two", 5 * MINUTE)));
    };
    let here_by_cookie: fn(&mut Tab) = |tab| {
        tab.sign_in(None);
    };
    let elsewhere: fn(&mut Tab) = |tab| tab.hear_news(tab.signed_in_anew(), "two");
    for sign_in in [here, here_by_cookie, elsewhere] {
        for go in [Tab::leave, Tab::hide] {
            let mut tab = waiting();
            sign_in(&mut tab);
            go(&mut tab);
            assert_eq!(tab.logouts, []);
        }
    }
}

#[test]
fn one_identity_nor_one_that_the_page_may_have_slept_through() {
    let mut tab = waiting();
    tab.peers = None;
    tab.sleep(HOUR);
    tab.leave();
    assert_eq!(tab.logouts, []);
    tab.peers_come(&[]);
    tab.leave();
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn that_of_the_next_session_is_sent_at_once_too() {
    let mut tab = waiting();
    tab.leave();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.logout();
    tab.leave();
    assert_eq!(tab.logouts.len(), 2);
}

#[test]
fn one_that_the_app_asks_for_anew_is_sent_at_once_too() {
    let mut tab = waiting();
    tab.leave();
    tab.lock_comes_free();
    tab.logout_answered(false);
    tab.lock_is_taken();
    tab.logout();
    tab.leave();
    assert_eq!(tab.logouts.len(), 3);
}

#[test]
fn with_token_a_valid_one_goes_along_and_another_is_not_waited_for() {
    for (age, token) in [(0, Some("one")), (5 * MINUTE, None)] {
        let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
        tab.hidden();
        tab.wait(age);
        tab.lock_is_taken();
        tab.logout();
        tab.leave();
        let tokens: Vec<_> = tab
            .logouts
            .iter()
            .map(|(_, token)| token.as_deref())
            .collect();
        assert_eq!(tokens, [token]);
    }
}

#[test]
fn with_token_one_that_is_being_renewed_is_not_waited_for_either() {
    let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.logout();
    assert_eq!((tab.refreshes, tab.logouts.len()), (1, 0));
    tab.leave();
    assert_eq!(tab.logouts[0].1, None);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.logouts[1].1.as_deref(), Some("two"));
}
