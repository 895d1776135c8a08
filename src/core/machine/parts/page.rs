//! The page's life: hidden and visible, left, away and back, asleep and awake.

use crate::core::entropy::Entropy;
use crate::core::session::Session;
use crate::core::time::Now;
use crate::core::timer::{Timer, Timers};

/// The monotonic clock standing still for longer than this means that the machine was asleep.
const SLEEP_MS: u64 = 5_000;
/// Waking up comes with several events at once; one check serves them all.
const RECHECK_EVERY_MS: u64 = 1_000;
/// How long requests are held for that check.
const RECHECK_MS: u64 = 1_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Page {
    visible: bool,
    /// Kept by the browser for a possible return, frozen.
    away: bool,
    /// Requests are held until it is known what was missed.
    rechecking: bool,
    /// The refresh ahead of time came due while nobody was looking.
    ahead_is_due: bool,
    last_recheck: Option<Now>,
    last_seen: Now,
}

impl Page {
    pub(crate) fn new(now: Now) -> Page {
        Page {
            visible: true,
            away: false,
            rechecking: false,
            ahead_is_due: false,
            last_recheck: None,
            last_seen: now,
        }
    }

    /// It runs. Returns whether the machine has slept since it was last seen to.
    pub(crate) fn woke_up(&mut self, now: Now) -> bool {
        let slept = now.slept_since(self.last_seen);
        self.last_seen = now;
        slept > SLEEP_MS
    }

    pub(crate) fn set_visible(&mut self, visible: bool) {
        self.visible = visible;
    }

    pub(crate) fn is_visible(&self) -> bool {
        self.visible
    }

    pub(crate) fn is_away(&self) -> bool {
        self.away
    }

    pub(crate) fn go_away(&mut self) {
        self.away = true;
        self.rechecking = false;
        self.last_recheck = None;
    }

    pub(crate) fn come_back(&mut self, now: Now) {
        self.away = false;
        self.last_seen = now;
    }

    /// It may have missed something. Returns whether that is to be looked into now: nothing queued
    /// goes out before there is an answer.
    pub(crate) fn recheck(&mut self, now: Now, timers: &mut Timers) -> bool {
        let is_recent = |last: Now| now.since(last) < RECHECK_EVERY_MS;
        if self.away || self.last_recheck.is_some_and(is_recent) {
            return false;
        }
        self.last_recheck = Some(now);
        self.rechecking = true;
        timers.set(Timer::Recheck, RECHECK_MS, now);
        true
    }

    /// The answer is there, or does not come. Returns whether there was a question.
    pub(crate) fn rechecked(&mut self, timers: &mut Timers) -> bool {
        if self.rechecking {
            timers.stop(Timer::Recheck);
        }
        std::mem::take(&mut self.rechecking)
    }

    pub(crate) fn is_rechecking(&self) -> bool {
        self.rechecking
    }

    /// Nothing is left that an answer could change.
    pub(crate) fn stop_rechecking(&mut self) {
        self.rechecking = false;
    }

    /// This session is to be refreshed ahead of time.
    pub(crate) fn arm_ahead(
        &mut self,
        session: &Session,
        entropy: &mut Entropy,
        now: Now,
        timers: &mut Timers,
    ) {
        self.ahead_is_due = false;
        match session.refresh_ahead_in(entropy, now) {
            Some(ms) => timers.set(Timer::Ahead, ms, now),
            None => timers.stop(Timer::Ahead),
        }
    }

    /// The time for that has come. Returns whether anybody is looking; if not, it waits until then.
    pub(crate) fn ahead_is_due(&mut self) -> bool {
        self.ahead_is_due = !self.visible;
        self.visible
    }

    /// Whether that has waited for somebody to look, and somebody does.
    pub(crate) fn has_put_ahead_off(&self) -> bool {
        self.visible && self.ahead_is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::token::AccessToken;
    use crate::core::token_response::TokenResponse;
    use crate::core::version::Version;

    fn at(ms: u64) -> Now {
        Now {
            monotonic: ms,
            wall: ms,
        }
    }

    fn living(lifetime: Option<u64>) -> Session {
        let response = TokenResponse {
            token: AccessToken::parse("one".to_owned()).unwrap(),
            lifetime,
            claims: None,
        };
        Session::granted(response, Version::default(), at(0))
    }

    #[test]
    fn a_clock_that_stood_still_means_sleep() {
        let mut page = Page::new(at(0));
        let woken = |wall| Now { monotonic: 0, wall };
        assert!(!page.woke_up(woken(SLEEP_MS)));
        assert!(page.woke_up(woken(2 * SLEEP_MS + 1)));
        assert!(!page.woke_up(woken(2 * SLEEP_MS + 1)));
        page.come_back(woken(9 * SLEEP_MS));
        assert!(!page.woke_up(woken(9 * SLEEP_MS)));
    }

    #[test]
    fn several_wake_ups_share_one_check() {
        let (mut page, mut timers) = (Page::new(at(0)), Timers::default());
        assert!(!page.is_rechecking() && !page.rechecked(&mut timers));
        assert!(page.recheck(at(0), &mut timers));
        assert!(page.is_rechecking());
        assert_eq!(timers.next(at(0)), Some(RECHECK_MS));
        assert!(!page.recheck(at(RECHECK_EVERY_MS - 1), &mut timers));
        assert!(page.rechecked(&mut timers));
        assert!(!page.is_rechecking() && !timers.is_set(Timer::Recheck));
        assert!(page.recheck(at(RECHECK_EVERY_MS), &mut timers));
        page.stop_rechecking();
        assert!(!page.is_rechecking());
    }

    #[test]
    fn a_page_that_is_away_checks_nothing_and_at_once_when_it_is_back() {
        let (mut page, mut timers) = (Page::new(at(0)), Timers::default());
        assert!(page.recheck(at(0), &mut timers));
        page.go_away();
        assert!(page.is_away() && !page.is_rechecking());
        assert!(!page.recheck(at(1), &mut timers));
        page.come_back(at(2));
        assert!(!page.is_away());
        assert!(page.recheck(at(2), &mut timers));
    }

    #[test]
    fn a_refresh_ahead_waits_for_somebody_to_look() {
        let (mut page, mut timers) = (Page::new(at(0)), Timers::default());
        let mut entropy = Entropy::seeded(1);
        assert!(page.ahead_is_due());
        assert!(!page.has_put_ahead_off());
        page.set_visible(false);
        assert!(!page.is_visible() && !page.ahead_is_due());
        assert!(!page.has_put_ahead_off());
        page.set_visible(true);
        assert!(page.is_visible() && page.has_put_ahead_off());
        page.arm_ahead(&living(Some(60_000)), &mut entropy, at(0), &mut timers);
        assert!(!page.has_put_ahead_off() && timers.is_set(Timer::Ahead));
        page.arm_ahead(&living(None), &mut entropy, at(0), &mut timers);
        assert!(!timers.is_set(Timer::Ahead));
    }
}
