//! Very many tabs, on a machine for which all of them are work.

use crate::world::{Backend, Group, MINUTE, Outcome, SECOND};

/// How many times slower a machine is than a desktop at rest.
const CALM: u64 = 1;
const BUSY: u64 = 10;
const VERY_BUSY: u64 = 20;

#[test]
fn no_needless_refresh_a_hundred_tabs_at_the_moment_of_expiry() {
    for slowness in [CALM, BUSY, VERY_BUSY] {
        let mut group = expired(100, slowness);
        group.request_in_all(1);
        group.settle();
        assert_eq!(group.backend.refreshes, 2, "{slowness} times slower");
        group.assert_outcomes(Outcome::Answered(200), 1);
    }
}

#[test]
fn the_work_of_an_expiry_grows_with_the_tabs_and_not_faster() {
    for count in [10, 50, 100, 200] {
        let mut group = expired(count, CALM);
        let (messages, lists) = (group.processor.messages, group.processor.lists);
        group.request_in_all(1);
        group.settle();
        let tabs = count as u64;
        let messages = group.processor.messages - messages;
        assert_eq!(messages, 3 * (tabs - 1), "news, questions, tokens");
        let lists = group.processor.lists - lists;
        assert!(lists <= 2 * tabs, "{lists} lists for {tabs} tabs");
    }
}

#[test]
fn liveness_a_tab_that_freezes_with_the_only_new_token_holds_a_hundred_up_for_seconds() {
    let mut group = expired(100, CALM);
    group.request(0);
    group.run(45);
    assert_eq!(group.backend.refreshes, 2);
    group.freeze(0);
    for tab in 1..20 {
        group.request(tab);
    }
    group.run(15 * SECOND);
    assert_eq!(group.backend.refreshes, 3);
    for tab in 1..20 {
        let outcomes = group.tabs[tab].outcomes();
        assert_eq!(outcomes, [(Some(Outcome::Answered(200)), 1)], "tab {tab}");
    }
}

#[test]
fn tabs_that_nobody_looks_at_do_not_keep_the_others_waiting() {
    let mut group = expired(100, BUSY);
    for tab in [0, 50, 99] {
        group.request(tab);
    }
    group.run(SECOND);
    assert_eq!(group.backend.refreshes, 2);
    for tab in [0, 50, 99] {
        let outcomes = group.tabs[tab].outcomes();
        assert_eq!(outcomes, [(Some(Outcome::Answered(200)), 1)], "tab {tab}");
    }
}

/// A few of them keep the token for all, should the tab that has it go.
#[test]
fn no_needless_refresh_tabs_that_nobody_looks_at_cost_one_message_each_and_still_have_the_token() {
    let mut group = expired(100, CALM);
    let (messages, lists) = (group.processor.messages, group.processor.lists);
    group.request(0);
    group.settle();
    let asked = (group.processor.messages - messages - 99) / 2;
    assert!(
        (1..=25).contains(&asked),
        "{asked} tabs asked for the token"
    );
    let lists = group.processor.lists - lists;
    assert!(lists <= 5, "{lists} lists");
    group.crash(0);
    group.request_in_all(1);
    group.run(5 * SECOND);
    assert_eq!(group.backend.refreshes, 2);
    for tab in 1..100 {
        let outcomes = group.tabs[tab].outcomes();
        assert_eq!(outcomes, [(Some(Outcome::Answered(200)), 1)], "tab {tab}");
    }
}

/// So many hidden tabs whose token has expired, on a machine that is so many times slower than one at rest.
fn expired(count: usize, slowness: u64) -> Group {
    let mut group = Group::of_tabs(Backend::strict(), count);
    group.run(5 * MINUTE);
    group.processor.slowness = slowness;
    group
}
