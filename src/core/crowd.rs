//! How many tabs there are, how much longer each may take for it, and how few of them do what few can do for all.
//!
//! The tabs of a browser share one machine. Each that asks, lists the locks or seals a token delays all others, so what few
//! tabs do at once, many do one after the other.

use super::entropy::Entropy;

/// So many may do everything at once.
const FEW: usize = 10;
/// The work that one tab more makes for the others, and so for how long each of them lets the others go first.
const PER_TAB_MS: u64 = 20;
/// They are let go first for so long at most, in milliseconds: a tab with the lock counts as frozen after five seconds
/// without a sign of life.
const LONGEST_MS: u64 = 2_000;

/// The tabs beyond a few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Crowd(pub u8);

impl Crowd {
    /// The crowd in which there are so many tabs.
    pub fn of(tabs: usize) -> Crowd {
        Crowd(u8::try_from(tabs.saturating_sub(FEW)).unwrap_or(u8::MAX))
    }

    /// How much longer everything takes because of it, in milliseconds.
    pub(crate) fn delay(self) -> u64 {
        (u64::from(self.0) * PER_TAB_MS).min(LONGEST_MS)
    }

    /// Draws whether this tab is one of about ten that do what is not every tab's task.
    pub(crate) fn draws_one_of_few(self, entropy: &mut Entropy) -> bool {
        let few = FEW as u64;
        self.0 == 0 || entropy.between(1, few + u64::from(self.0)) <= few
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_tabs_are_no_crowd_and_a_crowd_has_a_bound() {
        let delays = [0, 1, 10, 11, 100, 110, 1_000].map(|tabs| Crowd::of(tabs).delay());
        assert_eq!(delays, [0, 0, 0, 20, 1_800, 2_000, 2_000]);
    }

    #[test]
    fn about_ten_of_a_crowd_are_drawn_and_all_of_a_few() {
        let mut entropy = Entropy::seeded(1);
        for (tabs, least, most) in [
            (1, 1_000, 1_000),
            (10, 1_000, 1_000),
            (20, 450, 550),
            (100, 75, 125),
        ] {
            let crowd = Crowd::of(tabs);
            let drawn = (0..1_000).filter(|_| crowd.draws_one_of_few(&mut entropy));
            let drawn = drawn.count();
            assert!((least..=most).contains(&drawn), "{drawn} of {tabs} tabs");
        }
    }
}
