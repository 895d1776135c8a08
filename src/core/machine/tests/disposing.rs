use super::samples::*;
use super::tab::*;
use crate::core::machine::{Answer, TabSharing};
use crate::core::{AccessToken, Challenge, Effect, Message, Reason, Version};

#[test]
fn liveness_all_that_waits_is_rejected_and_no_timer_is_left() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let request = tab.request();
    let refresh = tab.refresh();
    let sign_in = tab.sign_in(None);
    tab.dispose();
    assert_eq!(
        tab.outcomes(),
        [
            Rejected(request, "disposed"),
            Settled(refresh, Err("disposed")),
            Settled(sign_in, Err("disposed"))
        ]
    );
    assert_eq!((tab.lock, tab.next_timeout()), (Lock::Free, None));
}

#[test]
fn liveness_what_is_under_way_at_the_backend_is_rejected_too() {
    let mut signing_in = Tab::signed_out();
    let sign_in = signing_in.sign_in(None);
    signing_in.dispose();
    assert_eq!(signing_in.outcomes(), [Settled(sign_in, Err("disposed"))]);
    let mut logging_out = Tab::signed_in();
    let logout = logging_out.logout();
    logging_out.dispose();
    assert_eq!(logging_out.outcomes(), [Settled(logout, Err("disposed"))]);
}

#[test]
fn liveness_a_tab_that_was_restoring_becomes_ready() {
    let mut tab = Tab::opened();
    tab.dispose();
    assert_eq!(tab.outcomes(), [Ready]);
}

#[test]
fn whatever_the_app_wants_afterwards_is_refused() {
    let mut tab = Tab::signed_in();
    tab.dispose();
    let request = tab.request();
    let calls = [
        tab.refresh(),
        tab.sign_in(None),
        tab.sign_in(Some(response("two", 5 * MINUTE))),
        tab.logout(),
    ];
    let mut expected = vec![Rejected(request, "disposed")];
    expected.extend(calls.map(|call| Settled(call, Err("disposed"))));
    assert_eq!(tab.outcomes(), expected);
    assert!(tab.machine.access_token().is_none());
}

#[test]
fn whatever_happens_afterwards_changes_nothing() {
    let mut tab = Tab::opened();
    let attempt = tab.pending.expect("a refresh is under way");
    let request = tab.request();
    tab.dispose();
    tab.forget_the_past();

    let granted = Answer::Granted(response("one", 5 * MINUTE));
    let happenings: [&dyn Fn(&mut Tab); 13] = [
        &|tab| {
            tab.machine
                .handle_refresh_answer(attempt, granted.clone(), tab.now)
        },
        &|tab| tab.machine.handle_logout_answer(attempt, true, tab.now),
        &|tab| tab.machine.handle_announced(Version::default(), tab.now),
        &|tab| tab.machine.handle_peers(&[], &[], tab.now),
        &|tab| {
            tab.machine
                .handle_rejected(request, Challenge::Refreshable, true, tab.now)
        },
        &|tab| {
            let (version, reason) = (version(9, Version::SIGNED_OUT), Reason::Elsewhere);
            let message = Message::SignedOut { version, reason };
            tab.machine.handle_message(message, tab.now);
        },
        &|tab| {
            let news = tab.news(version(9, 1), "one");
            let token = AccessToken::parse("one".to_owned()).expect("a token");
            tab.machine.handle_unsealed(news, token, None, tab.now);
        },
        &|tab| tab.machine.handle_visibility(false, tab.now),
        &|tab| tab.machine.handle_visibility(true, tab.now),
        &|tab| tab.machine.handle_online(tab.now),
        &|tab| tab.machine.handle_leave(tab.now),
        &|tab| tab.machine.handle_hide(tab.now),
        &|tab| tab.machine.handle_show(tab.now),
    ];
    for (which, happening) in happenings.iter().enumerate() {
        tab.sleep(MINUTE);
        happening(&mut tab);
        assert_eq!(tab.machine.poll_effect(), None, "happening {which}");
        assert_eq!(tab.next_timeout(), None, "happening {which}");
    }
}

#[test]
fn a_lock_granted_afterwards_is_let_go() {
    let mut tab = Tab::not_started(policy(), TabSharing::Shared);
    tab.lock_is_taken();
    tab.start();
    let Lock::Theirs(Some(ticket)) = tab.lock else {
        panic!("it waits for the lock");
    };
    tab.dispose();
    assert_eq!(tab.lock, Lock::Theirs(None));
    tab.sleep(MINUTE);
    tab.machine.handle_lock_granted(ticket, tab.now);
    let released = Some(Effect::ReleaseLock(ticket));
    assert_eq!(tab.machine.poll_effect(), released);
    assert_eq!(tab.machine.poll_effect(), None);
}

#[test]
fn it_may_be_done_twice() {
    let mut tab = Tab::signed_in();
    tab.dispose();
    tab.outcomes();
    tab.dispose();
    assert_eq!((tab.outcomes(), tab.events()), (vec![], vec![]));
}
