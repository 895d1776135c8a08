//! Schedules drawn at random. The lives of the tabs are followed along, so that most actions find a tab to be done to.

use super::action::{Action, On};
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
        // Each schedule concentrates on some kinds of actions.
        unlikely: (0..Action::ALL.len()).map(|_| random.chance(50)).collect(),
        random,
    };
    drawer.add(Action::Open, 0, 0);
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
    /// Actions that this schedule has little of.
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
            self.add(Action::Pass, 0, number);
        }
    }

    fn act(&mut self) {
        let action = self.action();
        if matches!(
            action,
            Action::Open | Action::OpenHidden | Action::OpenQuiet | Action::OpenAlone
        ) {
            let alive = self.lives.iter().filter(|life| **life != Life::Dead);
            if alive.count() >= MAX_TABS {
                return;
            }
        }
        let able: Vec<usize> = (0..self.lives.len())
            .filter(|tab| action.on().takes(self.lives[*tab]))
            .collect();
        if action.on() != On::None && able.is_empty() {
            return;
        }
        let tab = if able.is_empty() {
            0
        } else {
            *self.random.pick(&able)
        };
        let number = self.number(action);
        self.add(action, tab, number);
    }

    fn action(&mut self) -> Action {
        let weights: Vec<u64> = Action::ALL
            .iter()
            .zip(&self.unlikely)
            .map(|(action, unlikely)| action.weight() * if *unlikely { 1 } else { 8 })
            .collect();
        let mut left = self.random.below(weights.iter().sum());
        for (action, weight) in Action::ALL.iter().zip(weights) {
            if left < weight {
                return *action;
            }
            left -= weight;
        }
        Action::Request
    }

    /// Small numbers are as likely as large ones.
    fn number(&mut self, action: Action) -> u64 {
        match action.most() {
            0 => 0,
            most if most <= 1_000 => self.random.below(most),
            most => {
                let most = (most / 1_000).max(1) * 10_u64.pow(self.random.below(4) as u32);
                self.random.below(most)
            }
        }
    }

    fn add(&mut self, action: Action, tab: usize, number: u64) {
        self.steps.push(Step {
            action,
            tab,
            number,
        });
        match action {
            Action::Open | Action::OpenHidden | Action::OpenQuiet | Action::OpenAlone => {
                self.lives.push(Life::Running);
            }
            Action::Freeze => self.lives[tab] = Life::Frozen,
            Action::Leave => self.lives[tab] = Life::Away,
            Action::Thaw | Action::Back => self.lives[tab] = Life::Running,
            Action::Close
            | Action::Crash
            | Action::CrashFrozen
            | Action::Evict
            | Action::Dispose => {
                self.lives[tab] = Life::Dead;
            }
            Action::Reload => {
                self.lives[tab] = Life::Dead;
                self.lives.push(Life::Running);
            }
            _ => {}
        }
    }
}
