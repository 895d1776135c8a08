//! The tabs that have been seen with the group's locks, and for how long.

use crate::core::effect::{Holder, Rank};
use crate::core::time::Now;

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Sightings(Vec<Sighting>);

/// A holder of a lock, since when it has been seen there, and when last.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Sighting {
    holder: Holder,
    since: Now,
    last_seen: Now,
}

impl Sightings {
    /// Remembers which tab holds which lock for how long. A tab that stands in line knows that the
    /// holder it sees again has not been away in between; so what was seen before begins anew with
    /// that. Of the other locks it knows so only while it keeps looking, at least every `gap`, which
    /// a frozen page does not.
    pub(super) fn see(&mut self, holders: &[Holder], gap: u64, now: Now) {
        let before = std::mem::take(&mut self.0);
        for holder in holders {
            let known = before.iter().find(|sighting| {
                sighting.holder == *holder && now.ran_since(sighting.last_seen) <= gap
            });
            self.0.push(Sighting {
                holder: *holder,
                since: known.map_or(now, |sighting| sighting.since),
                last_seen: now,
            });
        }
    }

    /// For how long the holder of that lock has been seen there; `None`: there is none.
    pub(super) fn seen_for(&self, rank: Rank, now: Now) -> Option<u64> {
        let mut all = self.0.iter();
        let sighting = all.find(|sighting| sighting.holder.rank == rank)?;
        Some(now.ran_since(sighting.since))
    }

    /// Whether there is a holder of another lock that has been seen there for less than `ms`.
    pub(super) fn has_newer_than(&self, ms: u64, own: Rank, now: Now) -> bool {
        self.0
            .iter()
            .any(|sighting| sighting.holder.rank != own && now.ran_since(sighting.since) < ms)
    }

    pub(super) fn forget_all(&mut self) {
        self.0.clear();
    }

    pub(super) fn forget_from(&mut self, rank: Rank) {
        self.0.retain(|sighting| sighting.holder.rank < rank);
    }

    pub(super) fn forget_up_to(&mut self, rank: Rank) {
        self.0.retain(|sighting| sighting.holder.rank > rank);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Rank = Rank(2);
    const GAP: u64 = 5_000;

    fn at(ms: u64) -> Now {
        Now {
            monotonic: ms,
            wall: ms,
        }
    }

    fn holder(rank: Rank, client: u64) -> Holder {
        Holder { rank, client }
    }

    fn seen(looks: &[(u64, &[Holder])]) -> Sightings {
        let mut sightings = Sightings::default();
        for (ms, holders) in looks {
            sightings.see(holders, GAP, at(*ms));
        }
        sightings
    }

    #[test]
    fn a_holder_is_seen_from_the_first_look_on() {
        let one = [holder(Rank::FIRST, 1)];
        let sightings = seen(&[(1_000, &one), (6_000, &one)]);
        assert_eq!(sightings.seen_for(Rank::FIRST, at(7_000)), Some(6_000));
        assert_eq!(sightings.seen_for(SECOND, at(7_000)), None);
    }

    #[test]
    fn after_a_gap_a_holder_may_have_been_away() {
        let one = [holder(Rank::FIRST, 1)];
        let sightings = seen(&[(1_000, &one), (6_001, &one)]);
        assert_eq!(sightings.seen_for(Rank::FIRST, at(6_001)), Some(0));
    }

    #[test]
    fn another_holder_of_the_same_lock_is_a_new_one() {
        let (one, other) = ([holder(Rank::FIRST, 1)], [holder(Rank::FIRST, 2)]);
        let sightings = seen(&[(1_000, &one), (2_000, &other)]);
        assert_eq!(sightings.seen_for(Rank::FIRST, at(2_000)), Some(0));
    }

    #[test]
    fn a_holder_that_is_gone_is_forgotten() {
        let one = [holder(Rank::FIRST, 1)];
        let sightings = seen(&[(1_000, &one), (2_000, &[]), (3_000, &one)]);
        assert_eq!(sightings.seen_for(Rank::FIRST, at(3_000)), Some(0));
    }

    #[test]
    fn only_holders_of_other_locks_count_as_others() {
        let sightings = seen(&[(1_000, &[holder(SECOND, 1)])]);
        assert!(sightings.has_newer_than(500, Rank::FIRST, at(1_499)));
        assert!(!sightings.has_newer_than(500, Rank::FIRST, at(1_500)));
        assert!(!sightings.has_newer_than(500, SECOND, at(1_499)));
    }

    #[test]
    fn sightings_are_forgotten_by_rank() {
        let both = [holder(Rank::FIRST, 1), holder(SECOND, 2)];
        let has = |sightings: &Sightings| {
            [Rank::FIRST, SECOND].map(|rank| sightings.seen_for(rank, at(0)).is_some())
        };
        let mut sightings = seen(&[(0, &both)]);
        sightings.forget_from(SECOND);
        assert_eq!(has(&sightings), [true, false]);
        let mut sightings = seen(&[(0, &both)]);
        sightings.forget_up_to(Rank::FIRST);
        assert_eq!(has(&sightings), [false, true]);
        sightings.forget_all();
        assert_eq!(has(&sightings), [false, false]);
    }
}
