//! Messages that are not meant for this tab, are no news to it, or have to be looked into first.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{HandOver, Message, Policy, Reason, Status, TabId, Version};

#[test]
fn what_is_handed_to_another_tab_is_left_sealed() {
    let mut tab = Tab::signed_in();
    let news = tab.news(tab.renewed(), "two");
    tab.hear(Message::HandOver(HandOver {
        to: TabId(9),
        news,
        key: [4; 65],
        nonce: [0; 12],
        sealed: vec![1],
    }));
    assert_eq!(tab.unsealing, []);
}

#[test]
fn a_sign_in_that_waits_is_not_called_off_by_the_end_of_an_older_session() {
    let mut tab = Tab::signed_in();
    let older = version(tab.machine.version().epoch - 1, Version::SIGNED_OUT);
    tab.lock_is_taken();
    let call = tab.sign_in(None);
    tab.hear_signed_out(older);
    assert_eq!(tab.outcomes(), []);
    tab.lock_comes_free();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn a_sign_in_that_waits_is_not_called_off_by_an_end_that_nobody_wanted() {
    let mut tab = Tab::signed_in();
    let version = tab.ended_elsewhere();
    tab.lock_is_taken();
    let call = tab.sign_in(None);
    let reason = Reason::Ended;
    tab.hear(Message::SignedOut { version, reason });
    assert_eq!((tab.outcomes(), tab.status()), (vec![], Status::SignedOut));
    tab.lock_comes_free();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn an_echo_of_its_own_logout_is_not_repeated() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.posted.clear();
    let own = tab.machine.version();
    tab.hear_signed_out(own);
    assert_eq!(tab.posted, []);
}

#[test]
fn who_has_not_tried_its_cookie_does_not_say_that_the_session_is_over() {
    let not_restoring = Policy {
        restore: false,
        ..policy()
    };
    let mut tab = Tab::opened_with(not_restoring, TabSharing::Shared);
    assert_eq!(tab.status(), Status::SignedOut);
    tab.hear_ask();
    assert_eq!(tab.posted, []);
}

#[test]
fn no_needless_refresh_a_token_that_was_asked_for_is_of_use_before_any_list_comes() {
    let mut signed_in = Tab::signed_in();
    let next = signed_in.renewed();
    signed_in.hear_news(next, "two");
    signed_in.peers = None;
    signed_in.receive(next, "two");
    let request = signed_in.request();
    assert_eq!(signed_in.outcomes(), [sent(request, "two")]);

    let mut restoring = Tab::not_started(policy(), TabSharing::Shared);
    restoring.peer_is_at(version(3, 7));
    restoring.start();
    restoring.peers = None;
    restoring.receive(version(3, 7), "one");
    assert_eq!(
        (restoring.status(), restoring.refreshes),
        (Status::SignedIn, 0)
    );
}

#[test]
fn what_was_asked_for_in_vain_is_not_asked_for_again_during_the_refresh() {
    let mut tab = Tab::signed_in();
    let theirs = tab.renewed();
    tab.peer_is_at(theirs);
    tab.refresh();
    tab.wait(2 * SECOND);
    assert_eq!(tab.refreshes, 1);
    let asked = tab.asked.len();
    tab.wake();
    assert_eq!(tab.asked.len(), asked);
}
