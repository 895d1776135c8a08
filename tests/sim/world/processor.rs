//! The machine that the browser runs on. One tab's work takes time from all others, and with many tabs that is long.

use std::collections::VecDeque;

use simulated_browser::Told;
use tokenhold::core::Message;

use super::agenda::Happening;
use super::group::Group;

/// A processor that does one thing after the other, as long as they take a desktop at rest, in microseconds.
#[derive(Default)]
pub struct Processor {
    /// How many times slower it is; 0: everything takes no time.
    pub slowness: u64,
    /// When it is done with what it has begun.
    free_at: u64,
    waiting: VecDeque<Happening>,
    pub messages: u64,
    pub lists: u64,
}

/// A message goes through three processes, and is decoded.
const HEARING: u64 = 150;
/// To seal a token, or to unseal it: keys are imported and derived.
const SEALING: u64 = 800;
const LISTING: u64 = 200;
/// For each name in the list.
const LISTED: u64 = 10;

impl Processor {
    /// When it begins with what waits, if anything does.
    pub fn next_at(&self) -> Option<u64> {
        self.waiting.front()?;
        Some(self.free_at.div_ceil(1_000))
    }
}

impl Group {
    /// Lets it happen as soon as the machine has time for it.
    pub(super) fn process(&mut self, happening: Happening) {
        if self.processor.slowness == 0 || self.time_for(&happening) == 0 {
            self.happen(happening);
        } else {
            self.processor.waiting.push_back(happening);
        }
    }

    /// Lets the one happen that has waited the longest.
    pub(super) fn process_next(&mut self) {
        if let Some(happening) = self.processor.waiting.pop_front() {
            let takes = self.time_for(&happening) * self.processor.slowness;
            self.processor.free_at = self.processor.free_at.max(self.now * 1_000) + takes;
            self.happen(happening);
        }
    }

    pub(super) fn note_work(&mut self, happening: &Happening) {
        match happening {
            Happening::Hear(tab, _, message) if self.is_for(*tab, message) => {
                self.processor.messages += 1;
            }
            Happening::PeersAreListed(_) => self.processor.lists += 1,
            _ => {}
        }
    }

    fn time_for(&self, happening: &Happening) -> u64 {
        match happening {
            // What is for another tab does not get here: it has a channel of its own.
            Happening::Hear(tab, _, message) if !self.is_for(*tab, message) => 0,
            Happening::Hear(_, _, Message::Ask(_)) => HEARING + SEALING,
            Happening::Hear(..) => HEARING,
            Happening::Tell(_, Told::Unsealed(..)) => SEALING,
            Happening::PeersAreListed(_) => LISTING + LISTED * self.tabs.len() as u64,
            _ => 0,
        }
    }

    fn is_for(&self, tab: usize, message: &Message) -> bool {
        message.to().is_none_or(|to| to == self.tabs[tab].id)
    }
}
