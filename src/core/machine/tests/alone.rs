//! A tab that works alone: it hears the others if there is a channel, but has no locks, or cannot
//! unseal a token.

use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Event, Message, Reason, Status};

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
    assert!(tab.events().contains(&Event::SignedIn));
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
