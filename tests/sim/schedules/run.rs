//! Plays one schedule. A panic anywhere in it, also in a machine, means that it is broken.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use tokenhold::core::Status;

use super::ending;
use super::perform::perform;
use super::schedule::Schedule;
use crate::world::{Counts, Group};

pub enum Verdict {
    Well(Counts),
    /// The invariant that does not hold.
    Broken(String),
}

thread_local! {
    static IS_PLAYING: Cell<bool> = const { Cell::new(false) };
}

pub fn verdict(schedule: &Schedule) -> Verdict {
    let mut group = schedule.settings.group();
    match caught(|| play(&mut group, schedule)) {
        Ok(()) => Verdict::Well(group.journal.counts),
        Err(broken) => Verdict::Broken(broken),
    }
}

/// Everything that happens in it, line by line.
pub fn journal(schedule: &Schedule) -> Vec<String> {
    let mut group = schedule.settings.group();
    group.journal.lines = Some(Vec::new());
    drop(caught(|| play(&mut group, schedule)));
    group.journal.lines.unwrap_or_default()
}

fn play(group: &mut Group, schedule: &Schedule) {
    for step in &schedule.steps {
        perform(group, &schedule.settings, *step);
    }
    ending::heal(group);
    let status = ending::check(group);
    group.journal.count(match status {
        Status::SignedIn => "ended signed in",
        _ => "ended signed out",
    });
}

/// The message of `action`'s panic. The panic is not printed: it is part of the search.
fn caught(action: impl FnOnce()) -> Result<(), String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_PLAYING.get() {
                usual(info);
            }
        }));
    });
    IS_PLAYING.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(action));
    IS_PLAYING.set(false);
    outcome.map_err(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let literal = payload
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned());
        text.or(literal).unwrap_or_default()
    })
}
