//! Which state of the session is the newest: an order all tabs agree on without asking anyone.

use super::time::Now;

/// One tab (one machine) of a group, drawn at random when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TabId(pub u64);

/// A good thirty years.
const LEAP_MS: u64 = 1 << 40;

/// A state of the session, as all tabs number it.
///
/// Signing in opens a new epoch; every refresh is the next generation of its epoch; an end is the
/// *last* generation of its epoch. So whatever a late tab still says of an epoch that has ended is
/// old news, and a sign-in after that is not. Two tabs that reach the same number at once (no
/// locks, a holder given up for dead) are ordered by who they are.
///
/// Epochs are numbered like a hybrid logical clock: each is above all that its author knows of,
/// and no lower than the milliseconds since 1970. So a tab that has not looked at the others yet, or
/// was away for long, can still say something that is news to them. Nothing depends on the clock
/// being right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version {
    /// Numbers sign-ins and logouts.
    pub epoch: u64,
    /// Counts tokens within the epoch, from 1; [`Version::SIGNED_OUT`] ends it.
    pub generation: u32,
    /// The tab that made this state.
    pub author: TabId,
}

impl Version {
    /// The generation that no other of the same epoch can follow.
    pub const SIGNED_OUT: u32 = u32::MAX;

    /// Whether this is the end of its epoch.
    pub fn is_signed_out(self) -> bool {
        self.generation == Version::SIGNED_OUT
    }

    /// Whether somebody can be there who knows of `known` at `now`. Epochs are moments, so a leap of
    /// decades is a forgery, after which there might be no number left to go on with.
    pub(crate) fn can_follow(self, known: Version, now: Now) -> bool {
        self.epoch.saturating_sub(known.epoch.max(now.wall)) < LEAP_MS
    }

    /// Whether there is no next generation.
    pub(crate) fn is_last_generation(self) -> bool {
        self.generation >= Version::SIGNED_OUT - 1
    }

    /// The first token of a new epoch.
    pub(crate) fn next_epoch(self, author: TabId, now: Now) -> Version {
        Version {
            epoch: self.epoch.saturating_add(1).max(now.wall),
            generation: 1,
            author,
        }
    }

    /// The next token of the same epoch.
    pub(crate) fn next_generation(self, author: TabId) -> Version {
        Version {
            generation: self
                .generation
                .saturating_add(1)
                .min(Version::SIGNED_OUT - 1),
            author,
            ..self
        }
    }

    /// The end of all that there has been, whether it is known here or not.
    pub(crate) fn logged_out(self, author: TabId, now: Now) -> Version {
        self.next_epoch(author, now).ended(author)
    }

    /// The end of this epoch.
    pub(crate) fn ended(self, author: TabId) -> Version {
        Version {
            generation: Version::SIGNED_OUT,
            author,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: TabId = TabId(1);
    const B: TabId = TabId(2);

    fn at(wall: u64) -> Now {
        Now { monotonic: 0, wall }
    }

    #[test]
    fn logout_final_nothing_of_an_epoch_comes_after_its_end() {
        let first = Version::default().next_epoch(A, at(5));
        let ended = first.ended(A);
        let mut late = first;
        for _ in 0..1_000 {
            late = late.next_generation(B);
            assert!(late < ended);
        }
    }

    #[test]
    fn logout_final_a_tab_that_knows_nothing_ends_what_the_others_have() {
        let theirs = Version::default()
            .next_epoch(A, at(1_000))
            .next_generation(B);
        let logout = Version::default().logged_out(B, at(1_001));
        assert!(logout > theirs && logout.epoch > theirs.epoch);
        let at_once = Version::default().logged_out(B, at(1_000));
        assert!(at_once > theirs && at_once.is_signed_out());
    }

    #[test]
    fn a_sign_in_comes_after_the_end_of_the_epoch_before() {
        let ended = Version::default().logged_out(A, at(1_000));
        for clock in [at(0), at(1_000), at(2_000)] {
            let next = ended.next_epoch(B, clock);
            assert!(next > ended);
            assert!(!next.is_signed_out());
        }
    }

    #[test]
    fn the_same_number_reached_twice_is_still_ordered() {
        let first = Version::default().next_epoch(A, at(5));
        assert_ne!(first.next_generation(A), first.next_generation(B));
        assert!(first.next_generation(A) < first.next_generation(B));
    }

    #[test]
    fn logout_final_an_epoch_never_counts_up_to_its_end() {
        let last = Version {
            epoch: 1,
            generation: Version::SIGNED_OUT - 1,
            author: A,
        };
        assert_eq!(last.next_generation(A), last);
        assert!(last < last.ended(A));
    }

    #[test]
    fn what_is_decades_ahead_of_all_that_is_known_cannot_follow() {
        let known = Version::default().next_epoch(A, at(5));
        for (now, latest) in [(at(0), known.epoch + LEAP_MS), (at(99), 99 + LEAP_MS)] {
            let far = |epoch| Version { epoch, ..known };
            assert!(far(latest - 1).can_follow(known, now));
            assert!(!far(latest).can_follow(known, now));
        }
    }

    #[test]
    fn whoever_makes_a_state_is_its_author() {
        let first = Version::default().next_epoch(A, at(5));
        let states = [
            first.next_epoch(B, at(6)),
            first.next_generation(B),
            first.ended(B),
            first.logged_out(B, at(6)),
        ];
        assert!(states.iter().all(|state| state.author == B));
    }
}
