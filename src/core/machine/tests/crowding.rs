//! Very many tabs: those that nobody waits for leave the others alone.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Failure, Presence, Status, TabId};

/// A hidden tab that is signed in, in a crowd in which another one has renewed the token.
fn told_in_a_crowd() -> Tab {
    let mut tab = Tab::signed_in();
    tab.hidden();
    let renewed = tab.renewed();
    tab.peer_is_at(renewed);
    tab.hear_news_in_a_crowd(renewed, "two");
    tab
}

#[test]
fn a_hidden_tab_in_a_crowd_does_not_ask_for_what_nobody_needs() {
    let mut tab = told_in_a_crowd();
    tab.wait(HOUR);
    assert_eq!((tab.asked.len(), tab.refreshes), (0, 0));
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn keep_serving_its_own_token_is_good_as_long_as_it_lives() {
    let mut tab = told_in_a_crowd();
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn a_rejected_token_is_replaced_by_the_one_that_it_was_told_of() {
    let mut tab = told_in_a_crowd();
    let request = tab.request();
    tab.rejected(request);
    assert_eq!(tab.asked, [PEER]);
    tab.receive(tab.renewed(), "two");
    assert_eq!(tab.outcomes(), [sent(request, "one"), sent(request, "two")]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn what_it_was_told_of_is_asked_for_as_soon_as_the_app_does_anything() {
    let mut tab = told_in_a_crowd();
    tab.request();
    assert_eq!(tab.asked, [PEER]);
    let mut tab = told_in_a_crowd();
    let call = tab.refresh();
    assert_eq!(tab.asked, [PEER]);
    tab.receive(tab.renewed(), "two");
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn keep_serving_a_tab_whose_refreshes_fail_is_not_told_in_vain() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let _rejected = tab.request();
    tab.failed(Failure::Network, None);
    tab.hear_news_in_a_crowd(tab.renewed(), "two");
    assert_eq!(tab.asked, [PEER]);
}

#[test]
fn no_needless_refresh_nor_is_one_that_waits_for_the_lock() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.wait_behind_many(5 * MINUTE);
    tab.hidden();
    tab.hear_news_in_a_crowd(tab.renewed(), "two");
    assert_eq!((tab.asked.len(), tab.refreshes), (1, 0));
}

#[test]
fn it_asks_at_once_when_somebody_waits() {
    let mut tab = told_in_a_crowd();
    tab.wait(5 * MINUTE);
    let request = tab.request();
    assert_eq!(tab.asked, [PEER]);
    tab.receive(tab.renewed(), "two");
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn it_asks_at_once_when_somebody_looks() {
    let mut tab = told_in_a_crowd();
    tab.visible();
    assert_eq!(tab.asked, [PEER]);
    tab.wait(SECOND / 4);
    assert_eq!(tab.asked, [PEER]);
}

#[test]
fn a_tab_that_is_looked_at_and_one_that_waits_ask_at_once_in_a_crowd() {
    let mut tab = Tab::signed_in();
    tab.hear_news_in_a_crowd(tab.renewed(), "two");
    assert_eq!(tab.asked, [PEER]);

    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.lock_is_taken();
    let _waiting = tab.request();
    tab.hear_news_in_a_crowd(tab.renewed(), "two");
    assert_eq!(tab.asked, [PEER]);

    let mut tab = Tab::signed_out();
    tab.hidden();
    tab.hear_news_in_a_crowd(version(1, 1), "one");
    assert_eq!(tab.asked, [PEER]);
}

#[test]
fn logout_final_a_tab_that_is_signed_out_does_not_ask_any_more() {
    let mut tab = told_in_a_crowd();
    tab.hear_signed_out(tab.ended_elsewhere());
    assert_eq!(tab.status(), Status::SignedOut);
    tab.wait(MINUTE);
    assert_eq!((tab.asked.len(), tab.refreshes), (0, 0));
}

/// A tab that has been opened among a hundred others, one of which has a token.
fn opened_in_a_crowd() -> Tab {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let others = (2..=100).map(|tab| Presence::at(TabId(tab), version(1, 1)));
    let newest = Presence::at(TabId(101), version(3, 7));
    tab.peers = Some(others.chain([newest]).collect());
    tab.start();
    assert_eq!(tab.asked, [TabId(101)]);
    tab
}

#[test]
fn no_needless_refresh_the_one_that_is_asked_may_take_longer_in_a_crowd() {
    let mut tab = opened_in_a_crowd();
    tab.wait(3 * SECOND);
    assert_eq!((tab.asked.len(), tab.refreshes), (1, 0));
    tab.receive(version(3, 7), "one");
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
}

#[test]
fn liveness_a_crowd_that_does_not_answer_lets_others_go_first_for_eight_seconds() {
    let mut tab = opened_in_a_crowd();
    tab.wait(4 * SECOND);
    assert_eq!((tab.lock, tab.refreshes), (Lock::Free, 0));
    tab.wait(6 * SECOND);
    assert_eq!((tab.asked.len(), tab.refreshes), (2, 0));
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn no_needless_refresh_a_list_that_is_late_in_a_crowd_is_asked_for_again() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.lock_is_taken();
    let request = tab.request();
    let renewed = tab.renewed();
    tab.hear_news_in_a_crowd(renewed, "two");
    tab.peers = None;
    tab.lock_comes_free();
    tab.wait(3 * SECOND);
    assert_eq!((tab.lock, tab.refreshes), (Lock::Free, 0));
    tab.receive(renewed, "two");
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}
