//! The backend says that the session is over: of the cookie that it was asked with, and perhaps not of
//! the one that is there now.

use super::samples::*;
use super::tab::*;
use crate::core::{Presence, Status};

#[test]
fn keep_serving_who_has_signed_in_by_cookie_meanwhile_is_not_signed_out() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    let call = tab.sign_in(None);
    tab.outcomes();
    tab.ended();
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 2));
    tab.granted("two", 5 * MINUTE);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
}

/// The others may have gone on without it, with a cookie of their own.
fn answered_when_thawed(tab: &mut Tab) {
    tab.pass(LOCK_WAIT + 1);
    tab.ended();
}

#[test]
fn keep_serving_a_tab_that_was_frozen_asks_once_more() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    answered_when_thawed(&mut tab);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 2));
    tab.ended();
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
}

#[test]
fn keep_serving_so_does_a_sign_in_by_cookie() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    answered_when_thawed(&mut tab);
    assert_eq!(tab.outcomes(), []);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn back_again_the_end_of_an_older_session_is_no_news() {
    let mut tab = Tab::signed_in();
    let older = version(tab.machine.version().epoch - 1, 1).ended(PEER);
    tab.hide();
    tab.show();
    tab.hear_signed_out(older);
    assert_eq!(tab.status(), Status::Restoring);
}

/// Its page runs again, and it has an answer before it has looked what it missed.
fn granted_before_a_look(tab: &mut Tab) {
    tab.peers = None;
    tab.pass(5 * SECOND);
    tab.wake();
    tab.granted("two", 5 * MINUTE);
}

#[test]
fn logout_final_an_answer_to_a_frozen_page_is_asked_for_once_more_after_a_look() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    granted_before_a_look(&mut tab);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    let end = tab.machine.version().logged_out(PEER, tab.now);
    let peers = [Presence::at(PEER, end)];
    for _list in ["of waking up", "with the lock"] {
        tab.machine.handle_peers(&peers, &[], tab.now);
        tab.drain();
    }
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 1));
}

#[test]
fn a_frozen_page_that_has_missed_nothing_is_served_by_the_next_answer() {
    let mut tab = Tab::signed_in();
    let call = tab.refresh();
    granted_before_a_look(&mut tab);
    tab.peers = Some(vec![]);
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 2);
    tab.granted("three", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn so_is_a_sign_in_by_cookie() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    granted_before_a_look(&mut tab);
    tab.peers = Some(vec![]);
    tab.wait(SECOND);
    tab.granted("three", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.status(), Status::SignedIn);
}
