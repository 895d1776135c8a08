//! A logout that the backend does not confirm: it is tried again, as long as that is right.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Presence, Reason, Status, TabId, Version, Warning};

fn unconfirmed() -> Tab {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.logout_answered(false);
    tab
}

/// Waits for the next try, which fails as well.
fn fail_again(tab: &mut Tab) {
    let logouts = tab.logouts.len();
    let next = tab.next_timeout().expect("it is to be tried again");
    assert!(next <= 16 * SECOND, "{next}");
    tab.wait(next);
    assert_eq!(tab.logouts.len(), logouts + 1);
    tab.logout_answered(false);
}

fn is_logging_out(tab: &Tab) -> bool {
    tab.presence.is_some_and(|own| own.is_logging_out)
}

fn logging_out(version: Version) -> Presence {
    Presence {
        is_logging_out: true,
        ..Presence::at(PEER, version)
    }
}

#[test]
fn it_is_tried_again_until_it_is_confirmed() {
    let mut tab = unconfirmed();
    for failures in 1..4 {
        let longest = SECOND << failures;
        tab.wait(longest / 2 - 1);
        assert_eq!(tab.logouts.len(), failures, "not at once");
        tab.wait(longest / 2 + 1);
        assert_eq!(tab.logouts.len(), 1 + failures);
        tab.logout_answered(failures == 3);
    }
    tab.wait(HOUR);
    assert_eq!(tab.logouts.len(), 4);
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn an_endpoint_that_never_confirms_is_not_asked_for_ever() {
    let mut tab = unconfirmed();
    for _ in 0..100 {
        let logouts = tab.logouts.len();
        tab.wait(MINUTE);
        tab.wake();
        if tab.logouts.len() > logouts {
            tab.logout_answered(false);
        }
    }
    assert_eq!(tab.logouts.len(), 5);
    assert_eq!(tab.next_timeout(), None);
}

#[test]
fn it_is_tried_again_as_soon_as_the_network_is_back() {
    let mut tab = unconfirmed();
    tab.online();
    assert_eq!(tab.logouts.len(), 2);
    tab.logout_answered(false);
    for _ in 0..4 {
        fail_again(&mut tab);
    }
    tab.wait(HOUR);
    assert_eq!(tab.logouts.len(), 6);
    tab.online();
    assert_eq!(tab.logouts.len(), 7);
    assert!(is_logging_out(&tab));
    tab.logout_answered(true);
    assert!(!is_logging_out(&tab));
    tab.online();
    assert_eq!(tab.logouts.len(), 7);
}

#[test]
fn the_app_is_warned_once() {
    let mut tab = unconfirmed();
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
    tab.wait(2 * SECOND);
    tab.logout_answered(false);
    assert_eq!(warnings(&tab.events()), []);
    let call = tab.logout();
    tab.logout_answered(false);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
}

#[test]
fn one_that_joins_a_later_try_is_warned_of_and_tried_as_often() {
    let mut tab = unconfirmed();
    for _ in 0..3 {
        fail_again(&mut tab);
    }
    let last_but_one = tab.next_timeout().expect("it is to be tried again");
    tab.wait(last_but_one);
    tab.outcomes();
    tab.events();
    let call = tab.logout();
    tab.logout_answered(false);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
    for _ in 0..4 {
        fail_again(&mut tab);
    }
    assert!(!is_logging_out(&tab));
}

#[test]
fn a_sign_in_ends_the_tries() {
    let mut tab = unconfirmed();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.hidden();
    tab.wait(HOUR);
    tab.online();
    assert_eq!(tab.logouts.len(), 1);
    assert!(!is_logging_out(&tab));
}

#[test]
fn a_sign_in_elsewhere_ends_the_tries() {
    let mut tab = unconfirmed();
    let theirs = tab.signed_in_anew();
    tab.hear_news(theirs, "two");
    tab.receive(theirs, "two");
    tab.hidden();
    tab.wait(HOUR);
    assert_eq!((tab.logouts.len(), tab.status()), (1, Status::SignedIn));
}

#[test]
fn a_sign_in_elsewhere_that_was_missed_ends_the_tries() {
    let mut tab = unconfirmed();
    let theirs = tab.signed_in_anew();
    tab.peer_is_at(theirs);
    tab.wait(2 * SECOND);
    assert_eq!(tab.logouts.len(), 1);
    tab.receive(theirs, "two");
    assert_eq!((tab.status(), tab.lock), (Status::SignedIn, Lock::Free));
}

#[test]
fn one_identity_a_token_of_a_sign_in_elsewhere_ends_the_tries_though_its_news_was_missed() {
    let mut tab = unconfirmed();
    let theirs = tab.signed_in_anew();
    tab.receive(theirs, "two");
    assert_eq!(tab.status(), Status::SignedIn);
    assert!(!is_logging_out(&tab));
    tab.hidden();
    tab.wait(HOUR);
    tab.online();
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn a_logout_that_has_not_left_before_somebody_signs_in_elsewhere_never_does() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    let call = tab.logout();
    let theirs = tab.signed_in_anew();
    tab.hear_news(theirs, "two");
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
    tab.lock_comes_free();
    assert_eq!(tab.logouts, []);
}

#[test]
fn the_others_see_it_until_it_is_confirmed() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.logout();
    assert!(is_logging_out(&tab), "before it has left");
    tab.lock_comes_free();
    tab.logout();
    assert!(is_logging_out(&tab), "while it is under way");
    tab.logout_answered(false);
    assert!(is_logging_out(&tab), "while it is tried again");
    tab.wait(2 * SECOND);
    tab.logout_answered(true);
    assert!(!is_logging_out(&tab));
}

#[test]
fn the_others_see_it_no_longer_than_it_is_tried() {
    let mut tab = unconfirmed();
    for _ in 0..4 {
        assert!(is_logging_out(&tab));
        fail_again(&mut tab);
    }
    assert!(!is_logging_out(&tab));
}

#[test]
fn logout_final_a_new_tab_does_not_restore_what_another_logs_out_of() {
    for others in [
        vec![],
        vec![Presence::at(TabId(9), version(3, Version::SIGNED_OUT))],
        vec![Presence::at(TabId(0), version(2, Version::SIGNED_OUT))],
    ] {
        let mut tab = Tab::not_started(policy(), TabSharing::Shared);
        let end = version(3, Version::SIGNED_OUT);
        tab.peers = Some([vec![logging_out(end)], others].concat());
        tab.start();
        assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
        assert_eq!(tab.outcomes(), [Ready]);
        assert_eq!(tab.machine.version(), end);

        let call = tab.sign_in(None);
        tab.granted("two", 5 * MINUTE);
        assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    }
}

#[test]
fn logout_final_a_new_tab_does_not_restore_what_two_have_left_one_of_which_is_gone() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let end = version(5, Version::SIGNED_OUT);
    tab.lock_is_taken();
    tab.peers = Some(vec![Presence::at(TabId(9), end)]);
    tab.start();
    tab.wait(SECOND);
    tab.peers = Some(vec![logging_out(version(3, Version::SIGNED_OUT))]);
    tab.lock_comes_free();
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
    assert_eq!((tab.machine.version(), tab.lock), (end, Lock::Free));
}

#[test]
fn logout_final_nor_if_a_later_logout_is_over() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let end = version(5, Version::SIGNED_OUT);
    let sooner = logging_out(version(3, Version::SIGNED_OUT));
    tab.peers = Some(vec![sooner, Presence::at(TabId(9), end)]);
    tab.start();
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
    assert_eq!(tab.machine.version(), end);
}

#[test]
fn with_token_it_goes_along_with_every_try() {
    let mut policy = policy();
    policy.logout = Some(crate::core::LogoutPolicy { with_token: true });
    let mut tab = Tab::signed_in_with(policy, "one", 5 * MINUTE);
    tab.logout();
    tab.logout_answered(false);
    tab.wait(2 * SECOND);
    let tokens: Vec<_> = tab
        .logouts
        .iter()
        .map(|(_, token)| token.as_deref())
        .collect();
    assert_eq!(tokens, [Some("one"), Some("one")]);
}

#[test]
fn an_end_by_the_backend_needs_no_logout() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.ended();
    assert!(!is_logging_out(&tab));
    let reason = Reason::Ended;
    assert!(
        tab.events()
            .contains(&crate::core::Event::SignedOut(reason))
    );
    tab.online();
    assert_eq!(tab.logouts, []);
}

#[test]
fn liveness_another_try_does_not_take_the_place_of_a_newer_logout() {
    let mut tab = Tab::signed_in();
    let first = tab.logout();
    let sign_in = tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.peers = None;
    let second = tab.logout();
    tab.logout_answered(false);
    tab.wait(MINUTE);
    assert_eq!(
        tab.outcomes(),
        [sign_in, first, second].map(|call| Settled(call, Ok(())))
    );
}

#[test]
fn a_sign_in_while_it_is_under_way_makes_it_the_last_try() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.logout_answered(false);
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
    assert!(!is_logging_out(&tab));
    tab.hidden();
    tab.wait(HOUR);
    tab.online();
    assert_eq!((tab.logouts.len(), tab.status()), (1, Status::SignedIn));
}

#[test]
fn logout_final_after_a_sign_in_by_cookie_a_logout_is_not_the_one_under_way() {
    let mut tab = Tab::signed_in();
    let first = tab.logout();
    let sign_in = tab.sign_in(None);
    let second = tab.logout();
    tab.logout_answered(true);
    assert_eq!(tab.logouts.len(), 2, "the cookie is another one by now");
    tab.logout_answered(true);
    assert_eq!(
        tab.outcomes(),
        [
            Settled(sign_in, Err("session-ended")),
            Settled(first, Ok(())),
            Settled(second, Ok(()))
        ]
    );
}
