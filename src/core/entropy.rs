//! Randomness as an input: a small generator (SplitMix64), seeded from outside.
//!
//! It spreads refreshes and retries over time; nothing secret is made from it.

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entropy(u64);

impl Entropy {
    pub(crate) fn seeded(seed: u64) -> Entropy {
        Entropy(seed)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let span = u128::from(high.saturating_sub(low)) + 1;
        let share = (u128::from(self.next()) * span) >> 64;
        low + share as u64
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_within_their_bounds_and_reach_all_of_them() {
        let mut entropy = Entropy::seeded(7);
        let mut seen = [false; 5];
        for _ in 0..1_000 {
            let drawn = entropy.between(10, 14);
            assert!((10..=14).contains(&drawn));
            seen[(drawn - 10) as usize] = true;
        }
        assert_eq!(seen, [true; 5]);
        assert_eq!(entropy.between(3, 3), 3);
    }

    #[test]
    fn the_whole_range_can_be_drawn_from() {
        let mut entropy = Entropy::seeded(1);
        let above_half = (0..1_000)
            .filter(|_| entropy.between(0, u64::MAX) > u64::MAX / 2)
            .count();
        assert!((400..600).contains(&above_half), "{above_half}");
    }

    #[test]
    fn the_generator_is_splitmix64() {
        let mut entropy = Entropy::seeded(1_234_567);
        let drawn = [(); 3].map(|()| entropy.between(0, u64::MAX));
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(drawn, published);
    }
}
