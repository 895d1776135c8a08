use super::samples::*;
use super::tab::*;
use crate::core::{Failure, Status};

#[test]
fn a_fresh_token_goes_out_at_once() {
    let mut tab = Tab::signed_in();
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn no_needless_refresh_an_expired_token_is_renewed_once_for_all_that_wait() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let requests: Vec<_> = (0..100).map(|_| tab.request()).collect();
    assert_eq!(tab.outcomes(), []);
    assert_eq!(tab.refreshes, 1);

    tab.granted("two", 5 * MINUTE);
    let all_with_two: Vec<_> = requests.iter().map(|id| sent(*id, "two")).collect();
    assert_eq!(tab.outcomes(), all_with_two);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn a_token_about_to_expire_is_renewed_first() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE - 5 * SECOND);
    let request = tab.request();
    assert_eq!((tab.outcomes(), tab.refreshes), (vec![], 1));
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
}

#[test]
fn an_expired_token_that_cannot_be_renewed_is_an_error() {
    for failure in [
        Failure::Network,
        Failure::Timeout,
        Failure::Status(503),
        Failure::Malformed(200),
    ] {
        let mut tab = Tab::signed_in();
        tab.hidden();
        tab.wait(5 * MINUTE);
        let request = tab.request();
        tab.failed(failure, None);
        assert_eq!(tab.outcomes(), [Rejected(request, "refresh-failed")]);
        assert_eq!(tab.status(), Status::SignedIn);
    }
}

#[test]
fn a_session_that_turns_out_to_be_over_ends_what_waited_for_it() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let request = tab.request();
    tab.ended();
    assert_eq!(tab.outcomes(), [Rejected(request, "session-ended")]);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [SentBare(request)]);
}

#[test]
fn keep_serving_a_token_about_to_expire_serves_until_it_does() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE - 4 * SECOND);
    let first = tab.request();
    tab.offline();
    let second = tab.request();
    assert_eq!(tab.outcomes(), [sent(first, "one"), sent(second, "one")]);
}

#[test]
fn a_token_of_unknown_life_is_sent_until_it_is_rejected() {
    let mut tab = Tab::signed_out();
    tab.sign_in(Some(lasting("one", None)));
    tab.outcomes();
    assert_eq!(tab.next_timeout(), None);
    tab.wait(DAY);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "one")]);
    tab.rejected(request);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn signed_out_requests_go_out_bare_and_their_401_comes_back() {
    let mut tab = Tab::signed_out();
    let request = tab.request();
    assert_eq!(tab.outcomes(), [SentBare(request)]);
    tab.rejected(request);
    assert_eq!(tab.outcomes(), [Delivered(request)]);
    assert_eq!(tab.refreshes, 0);
}

#[test]
fn an_abort_while_held_spares_the_refresh_and_the_others() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let (aborted, other) = (tab.request(), tab.request());
    tab.over(aborted);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), [sent(other, "two")]);
    assert_eq!(tab.refreshes, 1);
}

#[test]
fn an_abort_of_the_only_one_that_waited_leaves_the_refresh_alone() {
    let mut tab = Tab::signed_in();
    tab.hidden();
    tab.wait(5 * MINUTE);
    let aborted = tab.request();
    tab.over(aborted);
    tab.granted("two", 5 * MINUTE);
    assert_eq!(tab.outcomes(), []);
    let request = tab.request();
    assert_eq!(tab.outcomes(), [sent(request, "two")]);
    assert_eq!(tab.refreshes, 1);
}
