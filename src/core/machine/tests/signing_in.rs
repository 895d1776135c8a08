use super::samples::*;
use super::tab::*;
use crate::core::machine::{Answer, TabSharing};
use crate::core::{Cause, Event, Message, Person, Presence, Status, Version, Warning};

#[test]
fn what_the_login_endpoint_granted_is_adopted_at_once() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(Some(response("one", 5 * MINUTE)));
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(
        tab.events(),
        [Event::Change, signed_in(Cause::SignIn, Person::First)]
    );
    assert!(matches!(tab.posted[..], [Message::News(_)]));
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_cookie_alone_is_exchanged_for_a_token() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(
        tab.events(),
        [Event::Change, signed_in(Cause::SignIn, Person::First)]
    );
}

#[test]
fn a_cookie_that_is_no_good_is_told() {
    let mut tab = Tab::signed_out();
    let call = tab.sign_in(None);
    tab.ended();
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    let call = tab.sign_in(None);
    tab.offline();
    assert_eq!(tab.outcomes(), [Settled(call, Err("refresh-failed"))]);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn signing_in_does_not_wait_for_a_back_off() {
    let mut tab = Tab::signed_out();
    for _ in 0..10 {
        tab.sign_in(None);
        tab.offline();
    }
    assert_eq!(tab.refreshes, 10);
}

#[test]
fn a_sign_in_while_restoring_makes_the_tab_ready_and_sends_what_is_held() {
    let mut tab = Tab::opened();
    let request = tab.request();
    let call = tab.sign_in(Some(response("one", 5 * MINUTE)));
    assert_eq!(
        tab.outcomes(),
        [Ready, sent(request, "one"), Settled(call, Ok(()))]
    );
}

#[test]
fn a_refresh_under_way_is_superseded_by_a_sign_in() {
    for answer in [Answer::Granted(response("old", 5 * MINUTE)), Answer::Ended] {
        let mut tab = Tab::signed_in();
        tab.refresh();
        tab.sign_in(Some(response("two", 5 * MINUTE)));
        tab.answered(answer);
        tab.outcomes();
        let request = tab.request();
        assert_eq!(tab.outcomes(), [sent(request, "two")]);
        assert_eq!(tab.lock, Lock::Free);
    }
}

#[test]
fn one_flight_a_sign_in_by_cookie_waits_for_the_refresh_under_way() {
    let mut tab = Tab::signed_in();
    let refresh = tab.refresh();
    let sign_in = tab.sign_in(None);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.refreshes, 2);
    tab.granted("three", 5 * MINUTE);
    assert_eq!(
        tab.outcomes(),
        [Settled(refresh, Ok(())), Settled(sign_in, Ok(()))]
    );
    assert_eq!(tab.refreshes, 2);
}

#[test]
fn a_sign_in_by_cookie_goes_ahead_of_asking_a_peer() {
    let mut tab = Tab::signed_in();
    tab.peer_is_at(tab.renewed());
    tab.refresh();
    assert_eq!((tab.asked.len(), tab.refreshes), (1, 0));
    let call = tab.sign_in(None);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert!(tab.outcomes().contains(&Settled(call, Ok(()))));
}

#[test]
fn one_identity_what_waits_for_one_person_is_not_sent_as_the_next() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    let of_alice = tab.request();
    tab.sign_in(Some(response(&jwt("bob"), 5 * MINUTE)));
    let of_bob = tab.request();
    let outcomes = tab.outcomes();
    assert!(outcomes.contains(&Rejected(of_alice, "session-ended")));
    assert!(outcomes.contains(&sent(of_bob, &jwt("bob"))));
    assert_eq!(outcomes.len(), 3);
}

#[test]
fn one_identity_a_request_of_one_person_is_not_replayed_as_the_next() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    let request = tab.request();
    tab.sign_in(Some(response(&jwt("bob"), 5 * MINUTE)));
    tab.outcomes();
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
}

#[test]
fn one_identity_a_refresh_that_brings_another_person_is_a_sign_in() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    tab.hidden();
    tab.wait(5 * MINUTE);
    let epoch = tab.machine.version().epoch;
    let of_alice = tab.request();
    tab.granted(&jwt("bob"), 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Rejected(of_alice, "session-ended")]);
    assert_eq!(
        tab.events(),
        [Event::Change, signed_in(Cause::Refresh, Person::Other)]
    );
    assert!(tab.machine.version().epoch > epoch);
}

#[test]
fn one_identity_opaque_tokens_belong_to_their_sign_in() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let before = tab.request();
    let call = tab.sign_in(Some(response("two", 5 * MINUTE)));
    assert_eq!(
        tab.outcomes(),
        [Rejected(before, "session-ended"), Settled(call, Ok(()))]
    );
}

#[test]
fn one_identity_a_sign_in_that_is_answered_late_is_still_a_sign_in() {
    let mut tab = Tab::signed_in();
    let epoch = tab.machine.version().epoch;
    tab.sign_in(None);
    let overdue = tab.pending.expect("the cookie is exchanged");
    tab.hidden();
    tab.wait(TIMEOUT);
    tab.answered_late(overdue, Answer::Granted(response("two", 5 * MINUTE)));
    assert!(tab.machine.version().epoch > epoch);
}

#[test]
fn a_logout_that_has_not_left_yet_does_not_end_the_next_session() {
    for login in [Some(response("two", 5 * MINUTE)), None] {
        let by_cookie = login.is_none();
        let mut tab = Tab::signed_in();
        tab.lock_is_taken();
        let logout = tab.logout();
        let sign_in = tab.sign_in(login);
        tab.lock_comes_free();
        if by_cookie {
            tab.granted("two", 5 * MINUTE);
        }
        assert_eq!(
            tab.outcomes(),
            [Settled(logout, Ok(())), Settled(sign_in, Ok(()))]
        );
        assert_eq!(warnings(&tab.events()), [Warning::LogoutUnconfirmed]);
        assert_eq!(tab.status(), Status::SignedIn);
        assert!(tab.logouts.is_empty());
    }
}

#[test]
fn a_sign_in_by_cookie_is_newer_than_all_that_it_sees_whatever_the_clock_says() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let ended = version(tab.now.wall + HOUR, 1).ended(PEER);
    tab.peer_is_at(ended);
    tab.lock_is_taken();
    tab.start();
    tab.sign_in(None);
    tab.lock_comes_free();
    tab.granted("one", 5 * MINUTE);
    assert!(tab.machine.version() > ended);
}

#[test]
fn tokens_that_do_not_always_say_whose_they_are_go_on_with_the_session() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    let epoch = tab.machine.version().epoch;
    for token in ["opaque", &jwt("alice")] {
        tab.refresh();
        tab.granted(token, 5 * MINUTE);
        assert_eq!(tab.machine.version().epoch, epoch);
        assert_eq!(
            tab.events(),
            [Event::Change, Event::Refreshed(Cause::Refresh)]
        );
    }
}

#[test]
fn a_sign_in_by_cookie_asks_nobody_for_the_token_of_another_sign_in() {
    let mut tab = Tab::signed_in();
    let theirs = tab.signed_in_anew();
    tab.peer_is_at(theirs);
    let call = tab.sign_in(None);
    assert_eq!((tab.asked.len(), tab.refreshes), (0, 1));
    assert_eq!(tab.events(), []);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert!(tab.machine.version() > theirs);
}

#[test]
fn logout_final_a_sign_in_by_cookie_that_saw_the_logout_before_it_was_told_of_it_is_called_off() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    let call = tab.sign_in(None);
    let end = tab.signed_in_anew().ended(PEER);
    tab.peer_is_at(end);
    tab.lock_comes_free();
    tab.hear_signed_out(end);
    tab.granted("late", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedOut);
    assert!(
        tab.outcomes()
            .contains(&Settled(call, Err("session-ended")))
    );
}

#[test]
fn logout_final_of_two_logouts_the_first_that_is_told_calls_it_off() {
    let mut tab = Tab::signed_in();
    tab.lock_is_taken();
    tab.sign_in(None);
    let first = tab.signed_in_anew().ended(PEER);
    let second = version(first.epoch + 1, 1).ended(PEER);
    tab.peer_is_at(second);
    tab.lock_comes_free();
    tab.hear_signed_out(first);
    assert_eq!(tab.status(), Status::SignedOut);
    tab.granted("late", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_it_is_newer_than_all_that_a_list_of_before_the_lock_told() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peers = None;
    tab.lock_is_taken();
    tab.start();
    tab.wake();
    tab.lock_comes_free();
    let end = Version::default().logged_out(PEER, tab.now);
    let peers = [Presence::at(PEER, end)];
    tab.machine.handle_peers(&peers, &[], tab.now);
    tab.drain();
    tab.sign_in(Some(response("one", 5 * MINUTE)));
    assert!(tab.machine.version() > end);
}
