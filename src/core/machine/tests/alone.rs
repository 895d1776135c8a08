//! A tab that works alone: it hears the others if there is a channel, but has no locks, or cannot
//! unseal a token.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Cause, Event, Message, Person, Reason, Status, Warning};

fn signed_in_as(subject: &str) -> Tab {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.granted(&jwt(subject), 5 * MINUTE);
    tab.forget_the_past();
    tab
}

#[test]
fn one_identity_it_follows_another_person_who_signs_in_elsewhere() {
    let mut tab = signed_in_as("alice");
    let theirs = tab.signed_in_anew();
    tab.hear_news(theirs, &jwt("bob"));
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 1));
    let request = tab.request();
    tab.granted(&jwt("bob"), 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Rejected(request, "session-ended")]);
    assert!(
        tab.events()
            .contains(&signed_in(Cause::Restore, Person::Other))
    );
    assert!(tab.machine.version() > theirs);
    assert!(tab.asked.is_empty());
}

#[test]
fn keep_serving_it_is_not_disturbed_by_what_the_same_person_does_elsewhere() {
    let mut tab = signed_in_as("alice");
    let theirs = tab.signed_in_anew();
    tab.hear_news(theirs, &jwt("alice"));
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, &jwt("alice"))]);
    assert_eq!((tab.refreshes, tab.events()), (0, vec![]));
}

#[test]
fn a_sign_in_elsewhere_reaches_it_when_it_is_signed_out() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.ended();
    tab.hear_news(version(tab.now.wall + 1, 1), &jwt("alice"));
    tab.granted(&jwt("alice"), 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn logout_final_it_follows_a_logout_elsewhere() {
    let mut tab = signed_in_as("alice");
    let end = tab.ended_elsewhere();
    tab.hear_signed_out(end);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(
        tab.events(),
        [Event::Change, Event::SignedOut(Reason::Elsewhere)]
    );
}

#[test]
fn it_tells_of_sign_ins_and_keeps_its_refreshes_to_itself() {
    let mut tab = signed_in_as("alice");
    tab.refresh();
    tab.granted(&jwt("alice"), 5 * MINUTE);
    assert_eq!(tab.posted, []);
    tab.sign_in(Some(response(&jwt("bob"), 5 * MINUTE)));
    assert!(matches!(tab.posted[..], [Message::News(_)]));
}

#[test]
fn a_tab_whose_locks_are_refused_goes_on_without_them() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.lock_is_taken();
    tab.start();
    assert_eq!(tab.refreshes, 0);
    tab.refused(true);
    assert_eq!(tab.refreshes, 1);
    tab.refused(true);
    assert_eq!(warnings(&tab.events()), [Warning::WorksAlone]);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(
        (tab.status(), tab.lock),
        (Status::SignedIn, Lock::Theirs(None))
    );
}

#[test]
fn a_refresh_under_way_is_not_repeated_when_the_locks_are_refused() {
    let mut tab = Tab::opened();
    tab.refused(true);
    assert_eq!(tab.refreshes, 1);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
    tab.refresh();
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn a_tab_that_cannot_see_or_hear_the_others_still_waits_for_the_lock() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.lock_is_taken();
    tab.start();
    tab.refused(false);
    assert_eq!(tab.refreshes, 0);
    assert_eq!(warnings(&tab.events()), [Warning::WorksAlone]);
    tab.lock_comes_free();
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn after_the_end_nothing_is_refused() {
    let mut tab = Tab::signed_in();
    tab.dispose();
    tab.forget_the_past();
    tab.refused(true);
    assert_eq!((tab.events(), tab.refreshes), (vec![], 0));
}
