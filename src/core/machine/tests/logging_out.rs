use super::samples::*;
use super::tab::*;
use crate::core::machine::{Answer, TabSharing};
use crate::core::{Event, LogoutPolicy, Message, Policy, Reason, Status, Warning};

fn with_token() -> Policy {
    Policy {
        logout: Some(LogoutPolicy { with_token: true }),
        ..policy()
    }
}

#[test]
fn it_takes_effect_at_once_and_is_over_when_the_backend_has_answered() {
    let mut tab = Tab::signed_in();
    let call = tab.logout();
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(
        tab.events(),
        [Event::Change, Event::SignedOut(Reason::Logout)]
    );
    assert_eq!(tab.outcomes(), []);
    assert_eq!(tab.logouts.len(), 1);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.events(), []);
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn the_others_are_told_at_once() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.logout();
    let [Message::SignedOut { version, .. }] = tab.posted[..] else {
        panic!("{:?}", tab.posted);
    };
    assert!(version.is_signed_out());
    assert_eq!(tab.presence.map(|own| own.version), Some(version));
}

#[test]
fn logout_final_nothing_leaves_with_a_token_afterwards() {
    let mut tab = Tab::signed_in();
    let under_way = tab.request();
    tab.logout();
    tab.outcomes();
    tab.rejected(under_way);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [Delivered(under_way), SentBare(request)]);
}

#[test]
fn logout_final_what_was_held_is_not_sent_as_nobody() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let held = tab.request();
    tab.logout();
    assert_eq!(tab.outcomes(), [Rejected(held, "session-ended")]);
}

#[test]
fn logout_final_a_sign_in_called_off_is_not_granted_over_the_next_one_either() {
    let mut tab = Tab::signed_out();
    tab.sign_in(None);
    tab.logout();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.outcomes();
    tab.granted("one", 5 * MINUTE);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn logout_final_a_refresh_under_way_is_settled_first_and_its_token_is_dropped() {
    let mut tab = Tab::signed_in();
    let refresh = tab.refresh();
    let logout = tab.logout();
    assert_eq!(tab.outcomes(), [Settled(refresh, Err("session-ended"))]);
    assert_eq!(tab.logouts, []);

    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(tab.logouts.len(), 1);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(logout, Ok(()))]);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [SentBare(request)]);
}

#[test]
fn logout_final_a_refresh_of_another_tab_is_settled_first() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.logout();
    tab.wait(SECOND);
    assert_eq!(tab.logouts, []);
    tab.lock_comes_free();
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn liveness_a_frozen_tab_does_not_keep_the_logout_from_leaving() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    let call = tab.logout();
    tab.wait(LOCK_WAIT);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn logout_final_a_sign_in_that_waits_for_its_token_is_over_too() {
    let mut tab = Tab::signed_out();
    tab.lock_is_taken();
    let sign_in = tab.sign_in(None);
    let logout = tab.logout();
    tab.lock_comes_free();
    tab.logout_answered(false);
    assert_eq!(
        tab.outcomes(),
        [
            Settled(sign_in, Err("session-ended")),
            Settled(logout, Ok(()))
        ]
    );
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
}

#[test]
fn logout_final_a_sign_in_whose_token_is_under_way_is_over_too() {
    let mut tab = Tab::signed_out();
    let sign_in = tab.sign_in(None);
    let logout = tab.logout();
    tab.granted("one", 5 * MINUTE);
    tab.logout_answered(true);
    assert_eq!(
        tab.outcomes(),
        [
            Settled(sign_in, Err("session-ended")),
            Settled(logout, Ok(()))
        ]
    );
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn while_restoring_it_settles_everything() {
    let mut tab = Tab::opened();
    let request = tab.request();
    let call = tab.logout();
    assert_eq!(tab.outcomes(), [Ready, SentBare(request)]);
    tab.granted("one", 5 * MINUTE);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_a_tab_that_has_not_looked_yet_ends_what_the_others_have() {
    let mut tab = Tab::opened();
    let theirs = version(tab.now.wall - HOUR, 12);
    tab.logout();
    assert!(tab.machine.version() > theirs);
    assert!(tab.machine.version().is_signed_out());
}

#[test]
fn without_a_session_the_backend_is_told_all_the_same() {
    let mut tab = Tab::signed_out();
    let call = tab.logout();
    assert_eq!(tab.logouts.len(), 1);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.events(), []);
}

#[test]
fn two_at_once_are_one() {
    let mut tab = Tab::signed_in();
    let (first, second) = (tab.logout(), tab.logout());
    tab.logout_answered(true);
    assert_eq!(
        tab.outcomes(),
        [Settled(first, Ok(())), Settled(second, Ok(()))]
    );
    assert_eq!(tab.logouts.len(), 1);
}

#[test]
fn an_unconfirmed_one_holds_here_and_is_warned_of() {
    let mut tab = Tab::signed_in();
    let call = tab.logout();
    tab.events();
    tab.logout_answered(false);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.events(), [Event::Warning(Warning::LogoutUnconfirmed)]);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn liveness_one_that_is_never_answered_is_unconfirmed() {
    let mut tab = Tab::signed_in();
    let call = tab.logout();
    tab.events();
    tab.wait(TIMEOUT);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.events(), [Event::Warning(Warning::LogoutUnconfirmed)]);
    assert_eq!(tab.lock, Lock::Free);
}

#[test]
fn without_an_endpoint_it_holds_here_and_is_warned_of() {
    let policy = Policy {
        logout: None,
        ..policy()
    };
    let mut tab = Tab::signed_in_with(policy, "one", 5 * MINUTE);
    let call = tab.logout();
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn with_token_a_valid_one_goes_along() {
    let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
    tab.logout();
    assert_eq!(tab.logouts[0].1.as_deref(), Some("one"));
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn with_token_an_expired_one_is_renewed_for_the_purpose_only() {
    let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    let call = tab.logout();
    assert_eq!((tab.refreshes, tab.logouts.len()), (1, 0));
    tab.posted.clear();
    tab.events();

    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.logouts[0].1.as_deref(), Some("two"));
    assert_eq!(tab.status(), Status::SignedOut);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!((tab.events(), tab.posted.len()), (vec![], 0));
}

#[test]
fn with_token_one_that_cannot_be_renewed_is_done_without() {
    let ended: fn(&mut Tab) = Tab::ended;
    for answer in [ended, Tab::offline, |tab| tab.wait(TIMEOUT)] {
        let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
        tab.hidden();
        tab.wait(5 * MINUTE);
        let call = tab.logout();
        answer(&mut tab);
        assert_eq!(tab.logouts.len(), 1);
        assert_eq!(tab.logouts[0].1, None);
        tab.logout_answered(true);
        assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
        assert_eq!(tab.refreshes, 1);
    }
}

#[test]
fn logout_final_with_token_one_that_is_renewed_too_late_is_dropped() {
    let mut tab = Tab::signed_in_with(with_token(), "one", 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.logout();
    let overdue = tab.pending.expect("the token is renewed first");
    tab.wait(TIMEOUT);
    let late = Answer::Granted(response("two", 5 * MINUTE));
    tab.answered_late(overdue, late);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn alone_it_works_too() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.granted("one", 5 * MINUTE);
    tab.refresh();
    tab.logout();
    assert_eq!(tab.logouts, []);
    tab.granted("two", 5 * MINUTE);
    tab.logout_answered(true);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(tab.next_timeout(), None);
}

#[test]
fn logout_final_one_that_is_under_way_does_not_do_for_the_next_session() {
    let mut tab = Tab::signed_in();
    let first = tab.logout();
    tab.sign_in(Some(response("two", 5 * MINUTE)));
    tab.outcomes();
    let second = tab.logout();
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(first, Ok(()))]);
    assert_eq!(tab.logouts.len(), 2);
    tab.logout_answered(true);
    assert_eq!(tab.outcomes(), [Settled(second, Ok(()))]);
}
