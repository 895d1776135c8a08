//! The channel between tabs, which may lose, repeat or delay messages.

use tokenhold::core::Message;

use super::SECOND;
use super::agenda::Happening;
use super::group::Group;
use super::tab::Life;

/// How late a message can be.
const LATEST_MS: u64 = 5 * SECOND;

#[derive(Default)]
pub struct Channel {
    /// Whether messages get lost, come twice, late, or in another order.
    pub is_rough: bool,
    /// All messages so far, for replays.
    pub history: Vec<Vec<u8>>,
    last_delivery: u64,
}

impl Group {
    /// Sends a message to all tabs that listen, in order, unless the channel is rough.
    pub(super) fn spread(&mut self, bytes: &[u8], from: Option<usize>) {
        let latency = self.latency.channel.clone();
        let drawn = self.random.within(&latency);
        let at = self.channel.last_delivery.max(self.now + drawn);
        self.channel.last_delivery = at;
        let message = Message::decode(bytes).expect("what is sent can be read");
        let mut all_hear = true;
        for tab in (0..self.tabs.len()).filter(|tab| Some(*tab) != from) {
            if !matches!(self.tabs[tab].life, Life::Dead | Life::Away) {
                all_hear &= self.deliver(tab, &message, at);
            }
        }
        // A page that has just been opened and does not hear of a logout restores the session by its cookie.
        if let (Some(from), Message::SignedOut { .. }, false) = (from, &message, all_hear) {
            self.reference.give_up_logouts_of(from);
        }
        self.channel.history.push(bytes.to_owned());
    }

    /// Returns whether the message arrives in time.
    fn deliver(&mut self, tab: usize, message: &Message, at: u64) -> bool {
        let mut times = vec![at];
        if self.channel.is_rough {
            match self.random.below(10) {
                0..3 => times.clear(),
                3..5 => times.push(at + self.random.below(LATEST_MS)),
                5..7 => times = vec![at + self.random.below(LATEST_MS)],
                _ => {}
            }
            self.count_fate(&times, at);
        }
        let arrives = times.contains(&at);
        for at in times {
            let visit = self.tabs[tab].visit;
            let heard = Happening::Hear(tab, visit, message.clone());
            self.agenda.add(at, heard);
        }
        arrives
    }

    fn count_fate(&mut self, times: &[u64], usual: u64) {
        match times {
            [] => self.journal.count("message lost"),
            [_, _] => self.journal.count("message duplicated"),
            [at] if *at > usual => self.journal.count("message delayed past others"),
            _ => {}
        }
    }
}
