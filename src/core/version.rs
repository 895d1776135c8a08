//! Which state of the session is the newest: an order all tabs agree on without asking anyone.

/// One tab (one machine) of a group, drawn at random when it starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TabId(pub u64);

/// A state of the session, as all tabs number it.
///
/// Signing in opens a new epoch; every refresh is the next generation of its epoch; signing out
/// is the *last* generation of its epoch. So whatever a late tab still says of an epoch in which
/// somebody signed out is old news, and a sign-in after that is not. Two tabs that reach the same
/// number at once (no locks, a holder given up for dead) are ordered by who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Version {
    /// Counts sign-ins.
    pub epoch: u32,
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

    /// The first token of a new epoch.
    pub(crate) fn next_epoch(self, author: TabId) -> Version {
        Version {
            epoch: self.epoch.saturating_add(1),
            generation: 1,
            author,
        }
    }

    /// The next token of the same epoch, or of a new one where this one has ended.
    pub(crate) fn next_generation(self, author: TabId) -> Version {
        if self.generation >= Version::SIGNED_OUT - 1 {
            return self.next_epoch(author);
        }
        Version {
            generation: self.generation + 1,
            author,
            ..self
        }
    }

    /// The end of whatever this is a state of; newer than it in any case.
    pub(crate) fn logged_out(self, author: TabId) -> Version {
        if self.is_signed_out() {
            return self.next_epoch(author).ended(author);
        }
        self.ended(author)
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

    #[test]
    fn logout_final_nothing_of_an_epoch_comes_after_its_end() {
        let first = Version::default().next_epoch(A);
        let ended = first.ended(A);
        let mut late = first;
        for _ in 0..1_000 {
            late = late.next_generation(B);
            assert!(late < ended);
        }
    }

    #[test]
    fn a_sign_in_comes_after_the_end_of_the_epoch_before() {
        let ended = Version::default().next_epoch(A).ended(A);
        assert!(ended.next_epoch(B) > ended);
        assert!(ended.next_generation(B) > ended);
        assert!(!ended.next_generation(B).is_signed_out());
    }

    #[test]
    fn the_same_number_reached_twice_is_still_ordered() {
        let first = Version::default().next_epoch(A);
        assert_ne!(first.next_generation(A), first.next_generation(B));
        assert!(first.next_generation(A) < first.next_generation(B));
    }
}
