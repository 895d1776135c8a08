//! Two tabs, exhaustively.

use crate::budget::{Budget, NOTHING, REQUESTS};
use crate::sights::{
    AHEAD, CHANGED_HANDS, FROZEN_HOLDER, HAND_OVER, LOGOUT_AGAIN, NEXT_LOCK, ORPHAN, REFRESH,
    REPLAY, SERVED_MEANWHILE, SIGNED_IN_ANEW, SIGNED_OUT,
};
use crate::start::{
    expired, fading, forgiving, named, one_of, refused, rejected, restoring, signed_in,
    silent_holder, strict,
};
use crate::story::Story;

#[test]
fn restoring_without_a_fault() {
    Story::new(restoring(2, strict()), REQUESTS)
        .meets(&[REFRESH, HAND_OVER, SIGNED_IN_ANEW])
        .has_states(998);
}

#[test]
fn restoring_while_one_crashes() {
    Story::new(
        restoring(2, strict()),
        Budget {
            crashes: 1,
            ..REQUESTS
        },
    )
    .meets(&[ORPHAN, SIGNED_IN_ANEW])
    .has_states(1944);
}

#[test]
fn restoring_at_a_forgiving_backend_while_one_crashes() {
    Story::new(
        restoring(2, forgiving()),
        Budget {
            crashes: 1,
            ..REQUESTS
        },
    )
    .meets(&[ORPHAN, SIGNED_IN_ANEW])
    .has_states(2391);
}

#[test]
fn restoring_and_an_answer_is_lost() {
    Story::new(
        restoring(2, strict()),
        Budget {
            lost_answers: 1,
            ..REQUESTS
        },
    )
    .meets(&[SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(8115);
}

#[test]
fn restoring_and_an_answer_is_slow() {
    Story::new(
        restoring(2, strict()),
        Budget {
            slow_answers: 1,
            ..NOTHING
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(105591);
}

#[test]
fn restoring_while_somebody_logs_out() {
    Story::new(
        restoring(2, strict()),
        Budget {
            logouts: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(179791);
}

#[test]
fn a_new_tab_while_somebody_logs_out() {
    Story::new(
        one_of(2, strict()),
        Budget {
            opens: 1,
            logouts: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_OUT])
    .has_states(17954);
}

#[test]
fn a_new_tab_while_one_crashes() {
    Story::new(
        one_of(2, strict()),
        Budget {
            opens: 1,
            crashes: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(162);
}

#[test]
fn a_new_tab_while_one_is_frozen() {
    Story::new(
        one_of(2, strict()),
        Budget {
            opens: 1,
            freezes: 1,
            ..NOTHING
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(359);
}

#[test]
fn expiry_without_a_fault() {
    Story::new(expired(2, strict()), REQUESTS)
        .meets(&[REFRESH, HAND_OVER, SIGNED_IN_ANEW])
        .has_states(413);
}

#[test]
fn expiry_and_one_crashes() {
    Story::new(
        expired(2, strict()),
        Budget {
            crashes: 1,
            ..REQUESTS
        },
    )
    .meets(&[ORPHAN, SIGNED_IN_ANEW])
    .has_states(1473);
}

#[test]
fn expiry_and_one_crashes_and_an_answer_is_lost() {
    Story::new(
        expired(2, forgiving()),
        Budget {
            crashes: 1,
            lost_answers: 1,
            ..REQUESTS
        },
    )
    .meets(&[ORPHAN, SIGNED_IN_ANEW])
    .has_states(4375);
}

#[test]
fn expiry_and_an_answer_is_lost() {
    Story::new(
        expired(2, forgiving()),
        Budget {
            lost_answers: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(963);
}

#[test]
fn expiry_and_the_backend_is_busy() {
    Story::new(
        expired(2, strict()),
        Budget {
            refusals: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(641);
}

#[test]
fn expiry_and_an_answer_is_slow() {
    Story::new(
        expired(2, strict()),
        Budget {
            slow_answers: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(112311);
}

#[test]
fn expiry_and_the_browser_is_slow() {
    Story::new(
        expired(2, strict()),
        Budget {
            stalls: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(24523);
}

#[test]
fn expiry_while_somebody_logs_out() {
    Story::new(
        expired(2, strict()),
        Budget {
            logouts: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(37439);
}

#[test]
fn expiry_and_an_answer_is_lost_while_somebody_logs_out() {
    Story::new(
        expired(2, strict()),
        Budget {
            logouts: 1,
            lost_answers: 1,
            ..REQUESTS
        },
    )
    .meets(&[LOGOUT_AGAIN, SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(68401);
}

#[test]
fn expiry_and_messages_overtake_while_somebody_logs_out() {
    Story::new(
        expired(2, strict()),
        Budget {
            logouts: 1,
            overtakes: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(58075);
}

#[test]
fn expiry_and_one_leaves_and_comes_back() {
    Story::new(
        expired(2, strict()),
        Budget {
            leaves: 1,
            ..REQUESTS
        },
    )
    .meets(&[ORPHAN, SIGNED_IN_ANEW])
    .has_states(72324);
}

#[test]
fn a_frozen_tab_does_not_know_that_it_has_the_lock() {
    Story::new(silent_holder(2, 0, strict()), NOTHING)
        .meets(&[FROZEN_HOLDER, NEXT_LOCK, SIGNED_IN_ANEW])
        .has_states(7747);
}

#[test]
fn a_tab_is_frozen_while_it_looks() {
    Story::new(silent_holder(2, 2, strict()), NOTHING)
        .meets(&[FROZEN_HOLDER, NEXT_LOCK, SIGNED_IN_ANEW])
        .has_states(5036);
}

#[test]
fn a_tab_is_frozen_while_its_request_is_out() {
    Story::new(silent_holder(2, 3, strict()), NOTHING)
        .meets(&[FROZEN_HOLDER, NEXT_LOCK, SIGNED_IN_ANEW])
        .has_states(26112);
}

#[test]
fn somebody_logs_out_behind_a_frozen_tab() {
    Story::new(
        silent_holder(2, 2, strict()),
        Budget {
            logouts: 1,
            ..NOTHING
        },
    )
    .meets(&[FROZEN_HOLDER, NEXT_LOCK, SIGNED_OUT])
    .has_states(647718);
}

#[test]
fn tokens_are_rejected() {
    Story::new(
        rejected(2, strict()),
        Budget {
            requests: 2,
            ..NOTHING
        },
    )
    .meets(&[REPLAY, HAND_OVER, SIGNED_IN_ANEW])
    .has_states(11605);
}

#[test]
fn tokens_are_rejected_and_one_crashes() {
    Story::new(
        rejected(2, strict()),
        Budget {
            crashes: 1,
            ..REQUESTS
        },
    )
    .meets(&[REPLAY, ORPHAN, SIGNED_IN_ANEW])
    .has_states(1644);
}

#[test]
fn tokens_are_rejected_while_somebody_logs_out() {
    Story::new(
        rejected(2, strict()),
        Budget {
            logouts: 1,
            ..REQUESTS
        },
    )
    .meets(&[REPLAY, SIGNED_IN_ANEW, SIGNED_OUT])
    .has_states(43094);
}

#[test]
fn every_token_is_rejected() {
    Story::new(
        refused(2, strict()),
        Budget {
            refreshes: 1,
            ..REQUESTS
        },
    )
    .meets(&[REPLAY, HAND_OVER, SIGNED_IN_ANEW])
    .has_states(16998);
}

#[test]
fn a_refresh_fails_while_the_token_is_good() {
    Story::new(
        fading(2, strict()),
        Budget {
            refusals: 1,
            ..REQUESTS
        },
    )
    .meets(&[SERVED_MEANWHILE, SIGNED_IN_ANEW])
    .has_states(665);
}

#[test]
fn somebody_else_signs_in() {
    Story::new(
        signed_in(2, named()),
        Budget {
            sign_ins: 1,
            ..REQUESTS
        },
    )
    .meets(&[CHANGED_HANDS])
    .has_states(1817);
}

#[test]
fn expiry_while_somebody_else_signs_in() {
    Story::new(
        expired(2, named()),
        Budget {
            sign_ins: 1,
            ..REQUESTS
        },
    )
    .meets(&[CHANGED_HANDS, REFRESH])
    .has_states(52191);
}

#[test]
fn expiry_while_somebody_else_signs_in_by_cookie() {
    Story::new(
        expired(2, named()),
        Budget {
            sign_ins_by_cookie: 1,
            ..REQUESTS
        },
    )
    .meets(&[CHANGED_HANDS, REFRESH])
    .has_states(37507);
}

#[test]
fn somebody_logs_out_and_somebody_else_signs_in() {
    Story::new(
        signed_in(2, named()),
        Budget {
            sign_ins: 1,
            logouts: 1,
            ..NOTHING
        },
    )
    .meets(&[CHANGED_HANDS, SIGNED_OUT])
    .has_states(8735);
}

#[test]
fn one_leaves_and_comes_back_while_somebody_logs_out() {
    Story::new(
        signed_in(2, strict()),
        Budget {
            leaves: 1,
            logouts: 1,
            ..REQUESTS
        },
    )
    .meets(&[SIGNED_OUT])
    .has_states(67249);
}

#[test]
fn one_logs_out_and_leaves_in_mid_refresh() {
    Story::new(
        signed_in(2, strict()),
        Budget {
            refreshes: 1,
            logouts: 1,
            partings: 1,
            ..NOTHING
        },
    )
    .meets(&[AHEAD, SIGNED_OUT])
    .has_states(25079);
}

#[test]
fn one_logs_out_and_is_asked_before_it_leaves_in_mid_refresh() {
    Story::new(
        signed_in(2, strict()),
        Budget {
            refreshes: 1,
            logouts: 1,
            asks_to_part: 1,
            partings: 1,
            ..NOTHING
        },
    )
    .meets(&[AHEAD, SIGNED_OUT])
    .has_states(129945);
}

#[test]
fn one_logs_out_and_leaves_and_somebody_else_signs_in() {
    Story::new(
        signed_in(2, named()),
        Budget {
            logouts: 1,
            partings: 1,
            sign_ins: 1,
            ..NOTHING
        },
    )
    .meets(&[SIGNED_OUT, CHANGED_HANDS])
    .has_states(74585);
}

#[test]
fn the_machine_sleeps() {
    Story::new(
        signed_in(2, strict()),
        Budget {
            sleeps: 1,
            ..REQUESTS
        },
    )
    .meets(&[HAND_OVER, SIGNED_IN_ANEW])
    .has_states(3769);
}
