//! Many schedules, one after the other on every processor, until there have been enough.

use std::collections::BTreeMap;
use std::env;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use super::draw;
use super::run::{self, Verdict};
use super::schedule::Schedule;
use super::shrink;
use super::stopwatch::Stopwatch;
use crate::world::Counts;

/// Events that must happen at least once in a run, or the run proves nothing.
pub const MUST_OCCUR: &[&str] = &[
    "ended signed in",
    "ended signed out",
    "lock of a next rank",
    "logout answer lost",
    "logout never answered",
    "logout request lost",
    "logout sent ahead of a refresh",
    "logout sent by a page that is left",
    "logout unconfirmed",
    "message delayed past others",
    "message duplicated",
    "message lost",
    "refresh answer lost",
    "refresh answer lost with its page",
    "refresh answered after its time-out",
    "refresh called off",
    "refresh held",
    "refresh never answered",
    "refresh request lost",
    "request to a backend that restarts",
    "tab frozen with the lock",
    "tab gone with a refresh under way",
    "tab gone with the lock",
    "token handed over",
];

/// The default number of schedules: a moment's work, even without optimisation.
const FEW: u64 = 300;
/// In so many schedules, all of these events must have happened.
const MANY: u64 = 20_000;

pub struct Plan {
    seed: u64,
    schedules: u64,
    time: Option<Duration>,
}

impl Plan {
    pub fn from_environment() -> Plan {
        let number = |name| {
            env::var(name)
                .ok()
                .and_then(|text| text.parse::<u64>().ok())
        };
        let minutes = number("TOKENHOLD_MINUTES");
        Plan {
            seed: number("TOKENHOLD_SEED").unwrap_or(0),
            schedules: match minutes {
                Some(_) => u64::MAX,
                None => number("TOKENHOLD_SCHEDULES").unwrap_or(FEW),
            },
            time: minutes.map(|minutes| Duration::from_secs(60 * minutes)),
        }
    }

    pub fn is_long(&self) -> bool {
        self.schedules >= MANY && self.time.is_none()
    }
}

/// Runs the schedules; panics with the reports of those that fail, one for each thing that they break.
pub fn run(plan: &Plan) -> Counts {
    let start = Stopwatch::start();
    let next = AtomicU64::new(0);
    let total = Mutex::new(Counts::default());
    let violations = Mutex::new(Violations::default());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                let mut counts = Counts::default();
                while let Some(seed) = next_seed(plan, &next, &start) {
                    if let Err(broken) = play(seed, &mut counts) {
                        let mut violations = violations.lock().expect("no holder panics");
                        violations.add(seed, broken);
                    }
                }
                total.lock().expect("no holder panics").add_all(&counts);
            });
        }
    });
    let counts = total.into_inner().expect("no holder panics");
    let violations = violations.into_inner().expect("no holder panics");
    print(plan, &counts, &violations, start.time());
    assert!(violations.count == 0, "{}", violations.report());
    counts
}

/// Schedules that broke something: the shortest for each thing broken.
#[derive(Default)]
struct Violations {
    count: u64,
    shortest: BTreeMap<String, (u64, String, Schedule)>,
}

impl Violations {
    fn add(&mut self, seed: u64, broken: String) {
        self.count += 1;
        println!("seed {seed} breaks {broken}");
        let schedule = draw::schedule(seed);
        let kind = shrink::kind(&broken);
        let length = schedule.steps.len();
        let known = self.shortest.get(&kind);
        if known.is_none_or(|(_, _, known)| known.steps.len() > length) {
            self.shortest.insert(kind, (seed, broken, schedule));
        }
    }

    fn report(&self) -> String {
        let reports = self.shortest.values().map(|(seed, broken, schedule)| {
            let shrunk = shrink::shrink(schedule, broken);
            let report = shrink::report(&shrunk);
            format!("seed {seed} breaks {broken}\n{report}")
        });
        reports.collect()
    }
}

fn next_seed(plan: &Plan, next: &AtomicU64, start: &Stopwatch) -> Option<u64> {
    let number = next
        .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |next| {
            next.checked_add(1)
        })
        .ok()?;
    let is_time = plan.time.is_none_or(|time| start.time() < time);
    (number < plan.schedules && is_time).then(|| plan.seed + number)
}

fn play(seed: u64, counts: &mut Counts) -> Result<(), String> {
    match run::verdict(&draw::schedule(seed)) {
        Verdict::Well(more) => {
            counts.add_all(&more);
            counts.add("schedule", 1);
            Ok(())
        }
        Verdict::Broken(broken) => Err(broken),
    }
}

fn print(plan: &Plan, counts: &Counts, violations: &Violations, took: Duration) {
    let schedules = counts.of("schedule") + violations.count;
    let seconds = took.as_secs_f64();
    let rate = schedules as f64 / seconds;
    println!(
        "{schedules} schedules from seed {} on in {seconds:.1} s, {rate:.0} a second",
        plan.seed
    );
    println!("{:>12} violations", violations.count);
    for (what, times) in counts.iter() {
        println!("{times:>12} {what}");
    }
}
