//! Three tabs, as far as is feasible.

use crate::budget::{Budget, NOTHING};
use crate::sights::{HAND_OVER, ORPHAN, REFRESH, SIGNED_IN_ANEW, SIGNED_OUT};
use crate::start::{forgiving, restoring, signed_in, storm, strict};
use crate::story::Story;

#[test]
fn restoring_without_a_fault() {
    Story::new(restoring(3, strict()), NOTHING)
        .meets(&[REFRESH, HAND_OVER, SIGNED_IN_ANEW])
        .has_states(4881);
}

#[test]
fn restoring_while_one_crashes() {
    Story::new(
        restoring(3, strict()),
        Budget {
            crashes: 1,
            ..NOTHING
        },
    )
    .meets(&[ORPHAN, HAND_OVER, SIGNED_IN_ANEW])
    .has_states(20617);
}

#[test]
fn a_storm() {
    Story::new(storm(3, strict()), NOTHING)
        .meets(&[REFRESH, HAND_OVER, SIGNED_IN_ANEW])
        .has_states(6065);
}

#[test]
fn a_storm_and_one_crashes() {
    Story::new(
        storm(3, strict()),
        Budget {
            crashes: 1,
            ..NOTHING
        },
    )
    .meets(&[ORPHAN, HAND_OVER, SIGNED_IN_ANEW])
    .has_states(21778);
}

#[test]
fn a_storm_and_an_answer_is_lost() {
    Story::new(
        storm(3, forgiving()),
        Budget {
            lost_answers: 1,
            ..NOTHING
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(6274);
}

#[test]
fn somebody_logs_out() {
    Story::new(
        signed_in(3, strict()),
        Budget {
            logouts: 1,
            ..NOTHING
        },
    )
    .meets(&[SIGNED_OUT])
    .has_states(442);
}
