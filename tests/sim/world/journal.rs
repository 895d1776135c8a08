//! The events, for a person to read, and how often each kind of them occurred.

use std::collections::BTreeMap;

#[derive(Default)]
pub struct Journal {
    /// Kept only on request: it is long.
    pub lines: Option<Vec<String>>,
    pub counts: Counts,
}

/// How often each kind of thing occurred.
#[derive(Clone, Default)]
pub struct Counts(BTreeMap<&'static str, u64>);

impl Journal {
    pub fn write(&mut self, now: u64, line: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.lines {
            let (seconds, ms) = (now / 1_000, now % 1_000);
            lines.push(format!("{seconds:>6}.{ms:03} {}", line()));
        }
    }

    pub fn count(&mut self, what: &'static str) {
        self.counts.add(what, 1);
    }
}

impl Counts {
    pub fn add(&mut self, what: &'static str, times: u64) {
        *self.0.entry(what).or_default() += times;
    }

    pub fn add_all(&mut self, other: &Counts) {
        for (what, times) in &other.0 {
            self.add(what, *times);
        }
    }

    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.0.iter().map(|(what, times)| (*what, *times))
    }
}
