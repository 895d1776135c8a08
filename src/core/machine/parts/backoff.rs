//! Failures in a row, and how long to leave the backend alone after each.

use crate::core::entropy::Entropy;
use crate::core::error::Failure;
use crate::core::presence::SharedBackoff;
use crate::core::time::{Deadline, Now};

/// The bound of the first back-off; it doubles with every failure.
const BASE_MS: u64 = 1_000;
const CAP_MS: u64 = 60_000;
/// So long after a failure may somebody who acts try again, unless the server has asked for more.
pub(crate) const PROBE_MS: u64 = 3_000;
/// A server may ask for a longer wait than the full back-off, but at most for an hour.
const RETRY_AFTER_CAP_MS: u64 = 3_600_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Backoff {
    last: Option<Failure>,
    /// `None`: anybody may try at once.
    gate: Option<Deadline>,
    /// The same as the other tabs see it.
    shared: SharedBackoff,
    /// When the network last came back here, in epoch milliseconds.
    back: Option<u64>,
    /// Somebody has acted here since this tab last tried in vain: has opened or come back to the page, or
    /// asked for a refresh.
    someone_acts: bool,
}

impl Backoff {
    /// Counts a failure. Returns how long to wait, in milliseconds: what the server asked for and
    /// up to a fifth more, or a random time below a bound that doubles (full jitter).
    pub(crate) fn add(
        &mut self,
        failure: Failure,
        retry_after: Option<u64>,
        someone_waited: bool,
        entropy: &mut Entropy,
        now: Now,
    ) -> u64 {
        // A server that asks for no wait gets the usual back-off, because retries at once would be a storm.
        let retry_after = retry_after.filter(|asked| *asked >= BASE_MS);
        let wait = match retry_after {
            Some(asked) => {
                let asked = asked.min(RETRY_AFTER_CAP_MS);
                asked + entropy.between(0, asked / 5)
            }
            None => entropy.between(0, CAP_MS.min(BASE_MS << self.failures().min(16))),
        };
        let gate = Deadline::after(now, wait);
        self.last = Some(failure);
        self.gate = Some(gate);
        self.shared = SharedBackoff {
            failures: self.failures().saturating_add(1),
            status: SharedBackoff::status_of(failure),
            until: gate.wall(),
            wait,
            may_be_jumped: retry_after.is_none() && !someone_waited,
            is_asked_for: retry_after.is_some(),
        };
        self.someone_acts = false;
        wait
    }

    /// The part of it that the peers may know.
    pub(crate) fn shared(&self) -> SharedBackoff {
        self.shared
    }

    /// Takes over a peer's back-off if that is news. Returns whether it is. After equally many
    /// failures, the longer wait counts, unless the network has come back here since.
    pub(crate) fn adopt(&mut self, mut backoff: SharedBackoff, now: Now) -> bool {
        let is_over = |back| !backoff.is_refusal() && backoff.failed_at() <= back;
        if self.back.is_some_and(is_over) {
            backoff.until = 0;
        }
        let longest = RETRY_AFTER_CAP_MS / 5 * 6;
        let left = backoff.until.saturating_sub(now.wall);
        let until = match self.gate {
            Some(_) if left <= longest => self.shared.until,
            _ => u64::MAX,
        };
        if (backoff.failures, backoff.until) <= (self.failures(), until) {
            return false;
        }
        let wait = left.min(backoff.wait).min(longest);
        *self = Backoff {
            last: Some(backoff.failure()),
            gate: Some(Deadline::after(now, wait)),
            shared: backoff,
            back: self.back,
            someone_acts: self.someone_acts,
        };
        true
    }

    pub(crate) fn clear(&mut self) {
        *self = Backoff::default();
    }

    pub(crate) fn failures(&self) -> u32 {
        self.shared.failures
    }

    pub(crate) fn last(&self) -> Option<Failure> {
        self.last
    }

    /// Milliseconds until one may try again; 0: at once.
    pub(crate) fn wait(&self, someone_waits: bool, now: Now) -> u64 {
        let left = self.gate.map_or(0, |gate| gate.left(now));
        if someone_waits && self.shared.may_be_jumped {
            0
        } else if self.someone_acts && !self.shared.is_asked_for {
            left.min((left + PROBE_MS).saturating_sub(self.shared.wait))
        } else {
            left
        }
    }

    /// Somebody acts, who wants to know soon whether the backend answers again.
    pub(crate) fn act(&mut self) {
        self.someone_acts = true;
    }

    /// An attempt that failed for want of the network may be repeated at once, and so may one of a tab
    /// that has not heard yet. Returns whether any has failed so here.
    pub(crate) fn network_is_back(&mut self, now: Now) -> bool {
        self.back = Some(now.wall);
        let is_over = self.last.is_some() && !self.shared.is_refusal();
        if is_over {
            self.open_gate();
        }
        is_over
    }

    /// Lets one try again at once.
    pub(crate) fn open_gate(&mut self) {
        self.gate = None;
        self.shared.until = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now {
        monotonic: 0,
        wall: 0,
    };

    fn nth_wait(failures: u32, seed: u64) -> u64 {
        let mut entropy = Entropy::seeded(seed);
        let mut backoff = Backoff::default();
        let mut wait = 0;
        for _ in 0..=failures {
            wait = backoff.add(Failure::Network, None, true, &mut entropy, NOW);
        }
        wait
    }

    #[test]
    fn the_bound_doubles_up_to_a_minute() {
        for (failures, bound) in [
            (0, 1_000),
            (1, 2_000),
            (5, 32_000),
            (6, 60_000),
            (40, 60_000),
        ] {
            let waits: Vec<u64> = (0..300).map(|seed| nth_wait(failures, seed)).collect();
            assert!(waits.iter().all(|wait| *wait <= bound));
            assert!(waits.iter().any(|wait| *wait > bound / 2));
            assert!(waits.iter().any(|wait| *wait < bound / 2));
        }
    }

    #[test]
    fn what_the_server_asks_for_wins() {
        let mut entropy = Entropy::seeded(1);
        for _ in 0..100 {
            let wait = Backoff::default().add(
                Failure::Status(503),
                Some(10_000),
                false,
                &mut entropy,
                NOW,
            );
            assert!((10_000..=12_000).contains(&wait));
        }
        let wait = Backoff::default().add(
            Failure::Status(503),
            Some(u64::MAX),
            false,
            &mut entropy,
            NOW,
        );
        assert!(wait <= RETRY_AFTER_CAP_MS / 5 * 6);
    }

    #[test]
    fn a_server_that_asks_for_no_patience_gets_some_all_the_same() {
        let mut entropy = Entropy::seeded(1);
        let mut backoff = Backoff::default();
        let busy = Failure::Status(503);
        let waits = (0..50).map(|_| backoff.add(busy, Some(0), true, &mut entropy, NOW));
        assert!(waits.sum::<u64>() > 50 * CAP_MS / 4);
    }

    #[test]
    fn the_first_attempt_that_a_person_waits_for_is_not_delayed() {
        let mut entropy = Entropy::seeded(1);
        let mut backoff = Backoff::default();
        assert_eq!(backoff.wait(true, NOW), 0);
        while backoff.add(Failure::Network, None, false, &mut entropy, NOW) == 0 {}
        assert_eq!(backoff.wait(true, NOW), 0);
        assert!(backoff.wait(false, NOW) > 0);
        while backoff.add(Failure::Network, None, true, &mut entropy, NOW) == 0 {}
        assert!(backoff.wait(true, NOW) > 0);
        backoff.add(Failure::Network, Some(5_000), false, &mut entropy, NOW);
        assert!(backoff.wait(true, NOW) >= 5_000);
        backoff.open_gate();
        assert_eq!(backoff.wait(false, NOW), 0);
    }

    #[test]
    fn what_the_server_asks_for_is_stretched_by_up_to_a_fifth() {
        let mut entropy = Entropy::seeded(1);
        let waits = [(); 100].map(|()| {
            let asked = Some(10_000);
            Backoff::default().add(Failure::Status(503), asked, false, &mut entropy, NOW)
        });
        assert!(waits.iter().any(|wait| *wait < 10_500));
        assert!(waits.iter().any(|wait| *wait > 11_500));
    }

    #[test]
    fn the_last_failure_is_remembered_until_there_is_none() {
        let mut entropy = Entropy::seeded(1);
        let mut backoff = Backoff::default();
        for (count, failure) in [(1, Failure::Network), (2, Failure::Status(503))] {
            backoff.add(failure, None, true, &mut entropy, NOW);
            assert_eq!(backoff.last(), Some(failure));
            assert_eq!(backoff.failures(), count);
        }
        backoff.clear();
        assert_eq!((backoff.last(), backoff.failures()), (None, 0));
    }

    #[test]
    fn what_another_tab_was_told_is_waited_for_no_longer_than_any_server_may_ask() {
        let shared = SharedBackoff {
            failures: 1,
            status: Some(503),
            until: u64::MAX,
            wait: u64::MAX,
            may_be_jumped: false,
            is_asked_for: true,
        };
        let mut backoff = Backoff::default();
        assert!(backoff.adopt(shared, NOW));
        let longest = RETRY_AFTER_CAP_MS + RETRY_AFTER_CAP_MS / 5;
        assert_eq!(backoff.wait(true, NOW), longest);
    }
}
