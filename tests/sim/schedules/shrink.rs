//! Finds the shortest schedule that breaks the same invariant, and writes the report for a person.

use std::time::Duration;

use super::action::{Action, On};
use super::run::{self, Verdict};
use super::schedule::Schedule;
use super::settings::Settings;
use super::stopwatch::Stopwatch;
use crate::world::{MINUTE, SECOND};

/// How long the search for a simpler schedule may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many lines of the log are printed: the last ones.
const LINES: usize = 200;

/// The kind of a breach, without its tab and time.
pub fn kind(broken: &str) -> String {
    broken
        .chars()
        .filter(|letter| !letter.is_ascii_digit())
        .collect()
}

pub fn shrink(schedule: &Schedule, broken: &str) -> Schedule {
    let mut search = Search {
        best: schedule.clone(),
        kind: kind(broken),
        since: Stopwatch::start(),
    };
    while search.round() {}
    search.best
}

/// The report of a schedule that fails.
pub fn report(schedule: &Schedule) -> String {
    let mut text = String::from("\nsettings: ");
    text += &schedule.settings.to_string();
    if let Verdict::Broken(broken) = run::verdict(schedule) {
        text += "\nbreaks ";
        text += &broken;
    }
    let lines = run::journal(schedule);
    for line in &lines[lines.len().saturating_sub(LINES)..] {
        text += "\n";
        text += line;
    }
    text + "\n\nto store it, add this line to tests/sim/regressions.txt:\n"
        + &schedule.to_string()
        + "\n"
}

struct Search {
    best: Schedule,
    kind: String,
    since: Stopwatch,
}

impl Search {
    /// Whether anything could be left out or made simpler.
    fn round(&mut self) -> bool {
        let before = self.best.clone();
        self.drop_steps();
        self.join_passes();
        self.simplify_settings();
        self.simplify_steps();
        self.best != before
    }

    fn drop_steps(&mut self) {
        let mut length = self.best.steps.len();
        while length > 0 {
            let mut from = 0;
            while from < self.best.steps.len() {
                let mut fewer = self.best.clone();
                fewer
                    .steps
                    .drain(from..(from + length).min(fewer.steps.len()));
                if !self.take(fewer) {
                    from += length;
                }
            }
            length /= 2;
        }
    }

    fn join_passes(&mut self) {
        let mut place = 1;
        while place < self.best.steps.len() {
            let mut joined = self.best.clone();
            let second = joined.steps.remove(place);
            let first = &mut joined.steps[place - 1];
            first.number += second.number;
            let both_pass = (first.action, second.action) == (Action::Pass, Action::Pass);
            if !(both_pass && self.take(joined)) {
                place += 1;
            }
        }
    }

    fn simplify_settings(&mut self) {
        let usual = Settings {
            ttl: 5 * MINUTE,
            network: 20,
            ..Settings::default()
        };
        for (place, value) in usual
            .clone()
            .all()
            .into_iter()
            .map(|(_, value)| *value)
            .enumerate()
        {
            let mut simpler = self.best.clone();
            *simpler.settings.all()[place].1 = value;
            self.take(simpler);
        }
    }

    fn simplify_steps(&mut self) {
        for place in 0..self.best.steps.len() {
            if self.best.steps[place].action.on() != On::None {
                self.lower(place, |step| &mut step.0);
            }
            self.lower(place, |step| &mut step.1);
            for action in [Action::Open, Action::Crash, Action::Freeze, Action::Offline] {
                let mut simpler = self.best.clone();
                let step = &mut simpler.steps[place];
                if action.on() == step.action.on() && action.most() == step.action.most() {
                    step.action = action;
                    self.take(simpler);
                }
            }
        }
    }

    /// Tries smaller and rounder numbers.
    fn lower(&mut self, place: usize, field: impl Fn(&mut (u64, u64)) -> &mut u64) {
        let step = self.best.steps[place];
        let value = *field(&mut (step.tab as u64, step.number));
        let halves = (1..40).map(|half| value >> half);
        let rounded =
            [10 * MINUTE, MINUTE, 10 * SECOND, SECOND, 100, 10].map(|unit| value / unit * unit);
        let mut candidates: Vec<u64> = halves
            .chain(rounded)
            .chain([value.saturating_sub(1)])
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        for candidate in candidates
            .into_iter()
            .filter(|candidate| *candidate < value)
        {
            let mut numbers = (step.tab as u64, step.number);
            *field(&mut numbers) = candidate;
            let mut simpler = self.best.clone();
            simpler.steps[place].tab = numbers.0 as usize;
            simpler.steps[place].number = numbers.1;
            if self.take(simpler) {
                return;
            }
        }
    }

    fn take(&mut self, candidate: Schedule) -> bool {
        if self.since.time() > PATIENCE || candidate == self.best {
            return false;
        }
        let fails = match run::verdict(&candidate) {
            Verdict::Broken(broken) => kind(&broken) == self.kind,
            Verdict::Well(_) => false,
        };
        if fails {
            self.best = candidate;
        }
        fails
    }
}
