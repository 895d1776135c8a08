use super::samples::*;
use super::tab::*;
use crate::core::machine::TabSharing;
use crate::core::{
    Ask, Cause, Event, Failure, Message, Person, Presence, Reason, Status, TabId, Version,
};

fn opened_beside(version: Version) -> Tab {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peer_is_at(version);
    tab.start();
    tab
}

#[test]
fn no_needless_refresh_a_new_tab_asks_the_one_that_has_a_token() {
    let mut tab = opened_beside(version(3, 7));
    assert_eq!(tab.asked, [PEER]);
    tab.receive(version(3, 7), "one");
    assert_eq!(tab.outcomes(), [Ready]);
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(tab.machine.version(), version(3, 7));
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
}

#[test]
fn liveness_one_that_does_not_answer_is_not_waited_for() {
    let mut tab = opened_beside(version(3, 7));
    tab.wait(2 * SECOND - 1);
    assert_eq!(tab.refreshes, 0);
    tab.wait(1);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert!(tab.machine.version() > version(3, 7));
}

#[test]
fn liveness_one_that_is_gone_but_was_still_listed_is_not_waited_for() {
    let mut tab = opened_beside(version(3, 7));
    tab.peers = Some(Vec::new());
    tab.wait(SECOND / 2);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn liveness_of_those_that_are_left_only_one_with_a_token_is_waited_for() {
    let mut tab = opened_beside(version(3, 7));
    let ended = version(3, Version::SIGNED_OUT);
    tab.peers = Some(vec![Presence::at(TabId(9), ended)]);
    tab.wait(SECOND / 2);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn no_needless_refresh_of_those_that_have_the_token_each_is_asked_in_turn() {
    let with_it = |tab| Presence::at(TabId(tab), version(3, 7));
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peers = Some(vec![with_it(5), with_it(9), with_it(7)]);
    tab.start();
    assert_eq!(tab.asked, [TabId(9)]);
    tab.wait(SECOND);
    assert_eq!(tab.asked, [TabId(9), TabId(7), TabId(5)]);
    tab.receive(version(3, 7), "one");
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
    assert_eq!(tab.lock, Lock::Free);
}

#[test]
fn no_needless_refresh_one_that_is_not_listed_yet_is_waited_for() {
    let mut tab = Tab::opened();
    tab.offline();
    tab.hear_news(version(3, 7), "one");
    tab.wait(SECOND);
    tab.receive(version(3, 7), "one");
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 1));
}

#[test]
fn one_that_has_signed_out_does_not_keep_a_new_tab_from_trying_its_cookie() {
    let mut tab = opened_beside(version(3, Version::SIGNED_OUT));
    assert_eq!((tab.asked.len(), tab.refreshes), (0, 1));
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedIn);
    assert!(tab.machine.version().epoch > 3);
}

#[test]
fn logout_final_what_a_new_tab_saw_first_it_may_hear_of_afterwards() {
    let logout = version(3, Version::SIGNED_OUT);
    let mut tab = opened_beside(logout);
    assert_eq!(tab.refreshes, 1);
    tab.hear_signed_out(logout);
    tab.granted("one", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_a_session_restored_across_a_logout_is_older_than_that() {
    let mut tab = Tab::opened();
    tab.wait(SECOND);
    let logout = version(tab.now.wall, Version::SIGNED_OUT);
    tab.wait(SECOND);
    tab.granted("one", 5 * MINUTE);
    tab.hear_signed_out(logout);
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn no_needless_refresh_after_the_lock_the_faster_one_is_asked() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.lock_is_taken();
    let call = tab.refresh();
    tab.peer_is_at(next);
    tab.lock_comes_free();
    assert_eq!(tab.asked, [PEER]);
    tab.receive(next, "two");
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!(
        tab.events(),
        [Event::Change, Event::Refreshed(Cause::Elsewhere)]
    );
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
}

#[test]
fn no_needless_refresh_a_token_that_is_on_its_way_is_waited_for() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.hidden();
    tab.wait(5 * MINUTE);
    tab.hear_news(next, "two");
    let request = tab.request();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 0));
    tab.receive(next, "two");
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn news_of_a_token_are_followed_by_asking_for_it_once() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.hear_news(next, "two");
    tab.hear_news(next, "two");
    assert_eq!(tab.asked, [PEER]);
    let meanwhile = tab.request();
    tab.receive(next, "two");
    let afterwards = tab.request();
    assert_eq!(
        tab.outcomes(),
        [sent(meanwhile, "one"), sent(afterwards, "two")]
    );
    assert_eq!(
        tab.events(),
        [Event::Change, Event::Refreshed(Cause::Elsewhere)]
    );
}

#[test]
fn keep_serving_a_peer_that_dies_before_it_hands_over_disturbs_nobody() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.hear_news(next, "two");
    tab.wait(10 * SECOND);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
}

#[test]
fn old_news_are_no_news() {
    let mut tab = Tab::signed_out();
    tab.sign_in(Some(response("one", 5 * MINUTE)));
    let current = tab.machine.version();
    for old in [
        current,
        version(current.epoch, 0),
        version(current.epoch - 1, 9),
        version(current.epoch - 1, Version::SIGNED_OUT),
    ] {
        tab.hear_news(old, "old");
        tab.hear_signed_out(old);
        tab.receive(old, "old");
    }
    assert!(tab.asked.is_empty());
    assert_eq!(tab.machine.version(), current);
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn versions_beyond_reason_are_forged() {
    let mut tab = Tab::signed_in();
    let current = tab.machine.version();
    for epoch in [u64::MAX, current.epoch + (1 << 41)] {
        tab.hear_news(version(epoch, 1), "forged");
        tab.hear_signed_out(version(epoch, Version::SIGNED_OUT));
        tab.peer_is_at(version(epoch, 1));
        tab.wake();
        tab.wait(2 * SECOND);
    }
    assert!(tab.asked.is_empty());
    assert_eq!(tab.machine.version(), current);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
}

#[test]
fn no_needless_refresh_after_the_last_generation_comes_another_epoch() {
    let mut tab = Tab::signed_in();
    let epoch = tab.machine.version().epoch;
    tab.hear_news(version(epoch, Version::SIGNED_OUT - 1), "forged");
    let call = tab.refresh();
    tab.wait(2 * SECOND);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
    assert_eq!((tab.refreshes, tab.lock), (1, Lock::Free));
    assert!(tab.machine.version().epoch > epoch);
}

#[test]
fn who_was_asked_in_vain_is_asked_again_the_next_time() {
    let mut tab = opened_beside(version(3, 7));
    tab.wait(2 * SECOND);
    tab.offline();
    let asked = tab.asked.len();
    tab.wait(2 * SECOND);
    assert_eq!((tab.asked.len(), tab.refreshes), (asked + 1, 1));
    tab.receive(version(3, 7), "one");
    assert_eq!(tab.status(), Status::SignedIn);
}

#[test]
fn liveness_a_frozen_tab_is_asked_once_by_one_that_waits_for_the_lock() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.peer_is_at(version(3, 7));
    tab.lock_is_taken();
    tab.start();
    tab.wait(TIMEOUT);
    assert_eq!((&tab.asked[..], tab.refreshes), (&[PEER][..], 0));
    assert!(tab.queries > 5, "{} looks", tab.queries);
    tab.lock_comes_free();
    assert_eq!(tab.asked, [PEER, PEER]);
}

#[test]
fn liveness_a_frozen_tab_is_asked_ever_more_rarely_while_refreshes_fail() {
    let mut tab = opened_beside(version(3, 7));
    while tab.refreshes < 64 {
        tab.wait(100);
        if tab.pending.is_some() {
            tab.failed(Failure::Status(503), Some(SECOND));
        }
    }
    // Before the first attempt, and after 1, 2, 4, 8, 16 and 32 failures.
    assert_eq!(tab.asked.len(), 7);
    tab.wait(5 * SECOND);
    tab.granted("one", MINUTE);
    tab.peer_is_at(version(u64::MAX >> 20, 7));
    tab.refresh();
    assert_eq!(tab.asked.len(), 8);
}

#[test]
fn a_token_that_has_expired_on_its_way_is_renewed() {
    let mut tab = opened_beside(version(3, 7));
    tab.receive_aged(version(3, 7), "old", 5 * MINUTE);
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 1));
}

#[test]
fn liveness_a_token_that_has_expired_is_asked_for_once() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.lock_is_taken();
    tab.peer_is_at(version(3, 7));
    tab.start();
    tab.wait(SECOND);
    for _ in 0..3 {
        tab.receive_aged(version(3, 7), "old", 5 * MINUTE);
        tab.wait(2 * SECOND);
    }
    assert_eq!(tab.asked.len(), 1);
}

#[test]
fn no_needless_refresh_an_outdated_token_is_no_answer_to_what_was_asked_for_since() {
    let mut tab = opened_beside(version(3, 7));
    tab.hear_news(version(3, 8), "new");
    tab.receive_aged(version(3, 7), "old", 5 * MINUTE);
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 0));
    tab.receive(version(3, 8), "new");
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 0));
}

#[test]
fn no_needless_refresh_a_token_is_kept_though_one_that_is_gone_had_news_meanwhile() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    let theirs = tab.renewed();
    tab.hear_news(theirs, "theirs");
    tab.granted("ours", 5 * MINUTE);
    assert!(tab.machine.version() > theirs);
    tab.wait(MINUTE);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedIn, 1));
}

#[test]
fn a_new_token_is_told_to_all_and_handed_to_those_who_ask() {
    let mut tab = Tab::signed_in();
    tab.refresh();
    tab.granted("two", 5 * MINUTE);
    let [Message::News(news)] = tab.posted[..] else {
        panic!("{:?}", tab.posted);
    };
    assert_eq!((news.from, news.version), (US, tab.machine.version()));
    assert_eq!((news.life.age, news.life.lifetime), (0, Some(5 * MINUTE)));
    tab.hear_ask();
    assert_eq!(tab.handed_over, [(PEER, "two".to_owned())]);
}

#[test]
fn confinement_a_token_is_handed_to_nobody_who_asks_another_tab() {
    let mut tab = Tab::signed_in();
    tab.hear(Message::Ask(Ask {
        from: PEER,
        to: TabId(9),
        key: [4; 65],
    }));
    assert!(tab.handed_over.is_empty());
}

#[test]
fn logout_final_a_signed_out_tab_hands_nothing_over_and_is_seen_to_be_signed_out() {
    let mut tab = Tab::signed_in();
    tab.logout();
    tab.posted.clear();
    tab.hear_ask();
    assert!(tab.handed_over.is_empty());
    assert_eq!(tab.posted, [], "an answer to all for each question");
    assert_eq!(
        tab.presence.map(|own| own.version),
        Some(tab.machine.version())
    );
}

#[test]
fn logout_final_a_tab_that_asks_one_that_has_signed_out_sees_it_in_the_list() {
    let mut tab = Tab::signed_in();
    tab.hear_news(tab.renewed(), "two");
    assert_eq!(tab.asked, [PEER]);
    tab.peer_is_at(tab.ended_elsewhere());
    tab.wait(SECOND / 2);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
}

#[test]
fn logout_final_a_logout_elsewhere_ends_the_session_here() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.lock_is_taken();
    let call = tab.refresh();
    tab.hear_signed_out(end);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(
        tab.events(),
        [Event::Change, Event::SignedOut(Reason::Elsewhere)]
    );
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    assert_eq!(tab.lock, Lock::Theirs(None));
    assert_eq!(tab.posted, [], "news are not echoed");
}

#[test]
fn logout_final_a_refresh_under_way_is_not_adopted_after_a_logout_elsewhere() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.refresh();
    tab.hear_signed_out(end);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!((tab.posted.len(), tab.lock), (0, Lock::Free));
}

#[test]
fn logout_final_a_sign_in_that_waits_is_called_off_by_a_logout_elsewhere() {
    let mut tab = Tab::signed_out();
    tab.lock_is_taken();
    let call = tab.sign_in(None);
    tab.hear_signed_out(version(1, Version::SIGNED_OUT));
    tab.lock_comes_free();
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn a_sign_in_that_waits_is_not_called_off_by_a_logout_of_before() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.lock_is_taken();
    let call = tab.sign_in(None);
    tab.peer_is_at(end);
    tab.wake();
    assert_eq!(tab.status(), Status::SignedOut);
    tab.lock_comes_free();
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [Settled(call, Ok(()))]);
}

#[test]
fn logout_final_no_token_of_the_ended_epoch_is_taken_any_more() {
    let mut tab = Tab::signed_in();
    let (next, end) = (tab.renewed(), tab.ended_elsewhere());
    tab.hear_news(next, "two");
    tab.hear_signed_out(end);
    tab.receive(next, "two");
    let late = version(next.epoch, next.generation + 1);
    tab.hear_news(late, "three");
    tab.receive(late, "three");
    assert_eq!(tab.status(), Status::SignedOut);
}

#[test]
fn logout_final_a_logout_that_was_missed_shows_when_the_tab_wakes() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.peer_is_at(end);
    tab.wake();
    assert_eq!(tab.status(), Status::SignedOut);
    assert_eq!(
        tab.events(),
        [Event::Change, Event::SignedOut(Reason::Elsewhere)]
    );
}

#[test]
fn logout_final_a_logout_that_was_missed_shows_before_a_refresh() {
    let mut tab = Tab::signed_in();
    let end = tab.ended_elsewhere();
    tab.peer_is_at(end);
    let call = tab.refresh();
    assert_eq!(tab.outcomes(), [Settled(call, Err("session-ended"))]);
    assert_eq!((tab.refreshes, tab.lock), (0, Lock::Free));
}

#[test]
fn a_sign_in_that_was_missed_shows_before_a_refresh() {
    let mut tab = Tab::signed_in();
    let theirs = tab.signed_in_anew();
    tab.peer_is_at(theirs);
    tab.refresh();
    assert_eq!((tab.status(), tab.refreshes), (Status::Restoring, 0));
    let request = tab.request();
    tab.receive(theirs, "two");
    assert!(!tab.outcomes().contains(&sent(request, "one")));
}

#[test]
fn liveness_a_sign_in_and_then_a_logout_that_were_missed_leave_no_lock_behind() {
    let mut tab = Tab::signed_in();
    let theirs = tab.signed_in_anew();
    let end = tab.ended_elsewhere();
    tab.peer_is_at(theirs);
    tab.refresh();
    tab.wait(2 * SECOND);
    tab.offline();
    tab.peer_is_at(end);
    let call = tab.refresh();
    tab.wait(MINUTE);
    assert!(matches!(tab.outcomes().last(), Some(Settled(last, Err(_))) if *last == call));
}

#[test]
fn a_loser_does_not_end_what_the_winner_has() {
    let mut tab = Tab::signed_in();
    let next = tab.renewed();
    tab.refresh();
    tab.hear_news(next, "two");
    tab.ended();
    assert_eq!(tab.status(), Status::SignedIn);
    tab.receive(next, "two");
    let request = tab.request();
    assert!(tab.outcomes().contains(&sent(request, "two")));
}

#[test]
fn a_sign_in_elsewhere_reaches_a_signed_out_tab() {
    let mut tab = Tab::signed_out();
    tab.hear_news(version(1, 1), "one");
    assert_eq!(tab.status(), Status::Restoring);
    tab.receive(version(1, 1), "one");
    assert_eq!(tab.status(), Status::SignedIn);
    assert_eq!(
        tab.events(),
        [
            Event::Change,
            Event::Change,
            signed_in(Cause::Elsewhere, Person::First)
        ]
    );
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn liveness_a_sign_in_elsewhere_whose_tab_dies_is_restored_by_cookie() {
    let mut tab = Tab::signed_out();
    tab.hear_news(version(1, 1), "one");
    let request = tab.request();
    tab.wait(5 * SECOND);
    assert_eq!(tab.refreshes, 1);
    tab.granted("two", 5 * MINUTE);
    assert!(tab.outcomes().contains(&sent(request, "two")));
}

#[test]
fn one_identity_a_sign_in_elsewhere_as_another_person_ends_what_waits_here() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    let theirs = tab.signed_in_anew();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let of_alice = tab.request();
    tab.hear_news(theirs, &jwt("bob"));
    assert_eq!(tab.status(), Status::Restoring);
    let still_of_alice = tab.request();
    tab.receive(theirs, &jwt("bob"));
    let of_bob = tab.request();
    assert_eq!(
        tab.outcomes(),
        [
            Rejected(of_alice, "session-ended"),
            Rejected(still_of_alice, "session-ended"),
            sent(of_bob, &jwt("bob"))
        ]
    );
}

#[test]
fn one_identity_the_same_person_signing_in_again_elsewhere_disturbs_nothing_that_waits() {
    let mut tab = Tab::signed_in_with(policy(), &jwt("alice"), 5 * MINUTE);
    let theirs = tab.signed_in_anew();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let request = tab.request();
    tab.hear_news(theirs, &jwt("alice"));
    tab.receive(theirs, &jwt("alice"));
    assert_eq!(tab.outcomes(), [sent(request, &jwt("alice"))]);
}

#[test]
fn logout_final_a_newcomer_that_is_asking_gives_up_when_that_session_is_being_left() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    let theirs = version(7, 1);
    tab.peer_is_at(theirs);
    tab.start();
    assert_eq!(tab.asked, [PEER]);
    tab.peers = None;
    tab.wake();
    let logging_out = Presence {
        is_logging_out: true,
        ..Presence::at(PEER, version(8, 1).ended(PEER))
    };
    tab.peers_come(&[logging_out]);
    assert_eq!((tab.status(), tab.refreshes), (Status::SignedOut, 0));
}
