//! Random schedules. A seed decides the acts of people, pages, clocks, the network and the backend. The invariants are
//! checked at every step. At the end the faults are over, and everything must work again.
//!
//! `TOKENHOLD_SCHEDULES` sets how many are run, or `TOKENHOLD_MINUTES` for how long. `TOKENHOLD_SEED` sets the first
//! seed, and `TOKENHOLD_GRACE` the grace of the backends that forgive, in seconds. The schedules in `regressions.txt` are run in
//! any case.

mod action;
mod draw;
mod ending;
mod perform;
mod run;
mod schedule;
mod settings;
mod shrink;
mod soak;
mod stopwatch;

use action::Action;
use run::Verdict;
use schedule::Schedule;
use soak::Plan;

/// Schedules that have failed once, one a line.
const REGRESSIONS: &str = include_str!("../regressions.txt");

#[test]
fn what_has_failed_once_does_not_fail_again() {
    for line in REGRESSIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let schedule: Schedule = line.parse().expect("a stored schedule");
        if let Verdict::Broken(_) = run::verdict(&schedule) {
            panic!("{}", shrink::report(&schedule));
        }
    }
}

#[test]
fn every_schedule_keeps_the_invariants_and_ends_well() {
    let plan = Plan::from_environment();
    let counts = soak::run(&plan);
    if !plan.is_long() {
        return;
    }
    for what in soak::MUST_OCCUR {
        assert!(counts.of(what) > 0, "it never came to this: {what}");
    }
    for action in Action::ALL {
        assert!(
            counts.of(action.name()) > 0,
            "nobody ever did this: {}",
            action.name()
        );
    }
}

#[test]
fn a_schedule_is_read_back_as_it_was_written() {
    for seed in 0..50 {
        let schedule = draw::schedule(seed);
        let read: Schedule = schedule.to_string().parse().expect("it was written");
        assert_eq!(read.to_string(), schedule.to_string());
    }
}
