use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{Cause, Event, Failure, Person, Policy, Status, Version, Warning};

#[test]
fn a_session_is_restored() {
    let mut tab = Tab::opened();
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 1));
    assert_eq!(tab.outcomes(), []);

    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(tab.outcomes(), [Ready]);
    assert_eq!(
        tab.events(),
        [Event::Change, signed_in(Cause::Restore, Person::First)]
    );
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn without_a_session_the_tab_is_signed_out_and_at_rest() {
    let mut tab = Tab::opened();
    tab.ended();
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(tab.outcomes(), [Ready]);
    assert_eq!(tab.events(), [Event::Change]);
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn a_failing_backend_leaves_it_open_and_is_asked_again() {
    let mut tab = Tab::opened();
    tab.failed(Failure::Status(503), None);
    assert_eq!(tab.status(), Status::Restoring);
    assert_eq!(tab.outcomes(), [Ready]);
    assert!(matches!(
        tab.events()[..],
        [Event::RefreshFailed {
            status: Some(503),
            attempt: 1,
            retry_in: 0..=1_000
        }]
    ));

    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 2);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(tab.outcomes(), []);
}

#[test]
fn offline_it_waits_for_the_network() {
    let mut tab = Tab::opened();
    for _ in 0..8 {
        tab.offline();
        tab.wait(MINUTE);
    }
    tab.offline();
    let refreshes = tab.refreshes;
    tab.online();
    assert_eq!(tab.refreshes, refreshes + 1);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn requests_made_meanwhile_are_held_until_there_is_a_token() {
    let mut tab = Tab::opened();
    let (first, second) = (tab.request(), tab.request());
    assert_eq!(tab.outcomes(), []);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(
        tab.outcomes(),
        [Ready, sent(first, "one"), sent(second, "one")]
    );
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn requests_made_meanwhile_go_out_bare_if_there_is_no_session() {
    let mut tab = Tab::opened();
    let request = tab.request();
    tab.ended();
    assert_eq!(tab.outcomes(), [Ready, SentBare(request)]);
}

#[test]
fn requests_made_meanwhile_are_rejected_if_the_backend_fails() {
    let mut tab = Tab::opened();
    let request = tab.request();
    tab.offline();
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed"), Ready]);
}

#[test]
fn liveness_a_backend_that_never_answers_is_given_up_on() {
    let mut tab = Tab::opened();
    let request = tab.request();
    tab.wait(TIMEOUT);
    assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed"), Ready]);
}

#[test]
fn unless_wanted_nothing_is_restored() {
    let policy = Policy {
        restore: false,
        ..policy()
    };
    let mut tab = Tab::opened_with(policy, TabSharing::Shared);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(tab.outcomes(), [Ready]);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [SentBare(request)]);
    assert_eq!(tab.refreshes, 0);

    let call = tab.refresh();
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn unless_wanted_nothing_is_restored_but_others_are_looked_at() {
    let policy = Policy {
        restore: false,
        ..policy()
    };
    let mut tab = Tab::not_started(policy, TabSharing::Shared);
    tab.peer_is_at(version(7, 1));
    tab.start();
    assert_eq!((tab.asked.len(), tab.refreshes), (1, 0));
    tab.sign_in(Some(response("one", 5 * MINUTE)));
    assert!(tab.machine.version().epoch > 7);
}

#[test]
fn liveness_a_refresh_that_was_asked_for_again_during_the_back_off_is_tried_again() {
    let policy = Policy {
        restore: false,
        ..policy()
    };
    let mut tab = Tab::opened_with(policy, TabSharing::Shared);
    let first = tab.refresh();
    tab.offline();
    let second = tab.refresh();
    assert_eq!(
        tab.outcomes(),
        [Ready, Settled(first, Err("refresh-failed"))]
    );
    tab.wait(SECOND);
    assert_eq!(tab.refreshes, 2);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(second, Ok(()))]);
}

#[test]
fn alone_it_restores_without_lock_or_peers_and_says_so_once() {
    let mut tab = Tab::opened_with(policy(), TabSharing::Alone);
    tab.granted("one", 5 * MINUTE);
    tab.wait(HOUR);
    assert_eq!(warnings(&tab.events()), [Warning::WorksAlone]);
    assert_eq!((tab.lock, tab.queries, tab.presence), (Lock::Free, 0, None));
    assert!(tab.refreshes > 1);
}

#[test]
fn it_begins_once() {
    let mut tab = Tab::opened();
    tab.start();
    tab.granted("one", 5 * MINUTE);
    tab.forget_the_past();
    tab.start();
    assert_eq!((tab.refreshes, tab.status()), (0, Status::SignedIn));
    tab.dispose();
    let mut disposed = Tab::not_started(policy(), TabSharing::Shared);
    disposed.dispose();
    disposed.start();
    assert_eq!((disposed.refreshes, disposed.next_timeout()), (0, None));
}

#[test]
fn logout_final_a_page_that_has_asked_in_vain_restores_no_session_that_was_logged_out_meanwhile() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peer_is_at(version(1, 1));
    tab.start();
    assert_eq!(
        (tab.asked.as_slice(), tab.refreshes),
        ([PEER].as_slice(), 0)
    );
    tab.wait(10);
    let logout = version(tab.now.wall, Version::SIGNED_OUT);
    tab.wait(10);
    tab.receive_aged(version(1, 1), "one", 5 * MINUTE);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    tab.hear_signed_out(logout);
    assert_eq!(tab.status(), Status::SignedOut);
}
