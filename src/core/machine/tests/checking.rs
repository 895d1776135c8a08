//! When a page checks what it may have missed, and what goes on meanwhile.

use super::samples::*;
use super::tab::*;
use crate::core::Status;
use crate::core::machine::TabSharing;

#[test]
fn logout_final_an_end_that_is_heard_of_during_a_check_ends_what_is_held_at_once() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.peers = None;
    tab.sleep(MINUTE);
    let held = tab.request();
    assert_eq!(tab.outcomes(), []);
    tab.hear_signed_out(end);
    assert_eq!(tab.outcomes(), [Rejected(held, "session-ended")]);
}

#[test]
fn clocks_that_differ_by_a_few_seconds_are_no_sleep() {
    let mut tab = Tab::signed_in();
    tab.peers = None;
    tab.sleep(5 * SECOND);
    let before = tab.request();
    assert_eq!(
        (tab.outcomes(), tab.queries),
        (vec![sent(before, "one")], 0)
    );
    tab.sleep(5 * SECOND + 1);
    tab.request();
    assert_eq!((tab.outcomes(), tab.queries), (vec![], 1));
}

#[test]
fn who_works_alone_has_nobody_to_ask_what_it_missed() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.granted("one", 5 * MINUTE);
    tab.forget_the_past();
    tab.peers = None;
    tab.sleep(MINUTE);
    let request = tab.request();
    assert_eq!(
        (tab.outcomes(), tab.queries),
        (vec![sent(request, "one")], 0)
    );
}

#[test]
fn a_page_that_was_not_away_does_not_come_back() {
    let mut tab = Tab::signed_in();
    tab.show();
    assert_eq!((tab.status(), tab.events()), (Status::SignedIn, vec![]));
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
}

#[test]
fn the_networks_return_is_no_news_to_a_tab_that_has_not_missed_it() {
    let mut tab = Tab::signed_in();
    tab.presence = None;
    tab.online();
    assert_eq!(tab.presence, None);
}
