//! Schedules drawn at random. The lives of the tabs are followed along, so that most deeds find a tab to be done to.

use super::deed::{Deed, On};
use super::schedule::{Schedule, Step};
use super::settings::Settings;
use crate::world::{Life, MINUTE, Random, SECOND};

const MAX_TABS: usize = 6;

pub fn schedule(seed: u64) -> Schedule {
    let mut random = Random::seeded(seed);
    let settings = Settings::draw(&mut random);
    let mut drawer = Drawer {
        steps: Vec::new(),
        lives: Vec::new(),
        // Schedules are told apart by what they are about: few have everything.
        unlikely: (0..Deed::ALL.len()).map(|_| random.chance(50)).collect(),
        random,
    };
    drawer.add(Deed::Open, 0, 0);
    let length = 8 + drawer.random.below(50);
    for _ in 0..length {
        drawer.pass();
        drawer.act();
    }
    let steps = drawer.steps;
    Schedule { settings, steps }
}

struct Drawer {
    steps: Vec<Step>,
    lives: Vec<Life>,
    /// Deeds that this schedule has little of.
    unlikely: Vec<bool>,
    random: Random,
}

impl Drawer {
    fn pass(&mut self) {
        let longest = [
            1,
            50,
            SECOND,
            3 * SECOND,
            15 * SECOND,
            6 * MINUTE,
            20 * MINUTE,
        ];
        let longest = *self.random.pick(&longest);
        let number = self.random.below(longest);
        if number > 0 {
            self.add(Deed::Pass, 0, number);
        }
    }

    fn act(&mut self) {
        let deed = self.deed();
        if matches!(
            deed,
            Deed::Open | Deed::OpenHidden | Deed::OpenQuiet | Deed::OpenAlone
        ) {
            let alive = self.lives.iter().filter(|life| **life != Life::Dead);
            if alive.count() >= MAX_TABS {
                return;
            }
        }
        let able: Vec<usize> = (0..self.lives.len())
            .filter(|tab| deed.on().takes(self.lives[*tab]))
            .collect();
        if deed.on() != On::None && able.is_empty() {
            return;
        }
        let tab = if able.is_empty() {
            0
        } else {
            *self.random.pick(&able)
        };
        let number = self.number(deed);
        self.add(deed, tab, number);
    }

    fn deed(&mut self) -> Deed {
        let weights: Vec<u64> = Deed::ALL
            .iter()
            .zip(&self.unlikely)
            .map(|(deed, unlikely)| deed.weight() * if *unlikely { 1 } else { 8 })
            .collect();
        let mut left = self.random.below(weights.iter().sum());
        for (deed, weight) in Deed::ALL.iter().zip(weights) {
            if left < weight {
                return *deed;
            }
            left -= weight;
        }
        Deed::Request
    }

    /// Small numbers are as likely as large ones.
    fn number(&mut self, deed: Deed) -> u64 {
        match deed.most() {
            0 => 0,
            most if most <= 1_000 => self.random.below(most),
            most => {
                let most = (most / 1_000).max(1) * 10_u64.pow(self.random.below(4) as u32);
                self.random.below(most)
            }
        }
    }

    fn add(&mut self, deed: Deed, tab: usize, number: u64) {
        self.steps.push(Step { deed, tab, number });
        match deed {
            Deed::Open | Deed::OpenHidden | Deed::OpenQuiet | Deed::OpenAlone => {
                self.lives.push(Life::Running);
            }
            Deed::Freeze => self.lives[tab] = Life::Frozen,
            Deed::Leave => self.lives[tab] = Life::Away,
            Deed::Thaw | Deed::Back => self.lives[tab] = Life::Running,
            Deed::Close | Deed::Crash | Deed::CrashFrozen | Deed::Evict | Deed::Dispose => {
                self.lives[tab] = Life::Dead;
            }
            Deed::Reload => {
                self.lives[tab] = Life::Dead;
                self.lives.push(Life::Running);
            }
            _ => {}
        }
    }
}
