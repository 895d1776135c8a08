//! A script in the page that posts what it likes to the channel.

use tokenhold::core::{Ask, Crowd, HandOver, Life, Message, News, Reason, Subject, TabId, Version};

use super::group::Group;

impl Group {
    /// Posts one of many forged messages, by number.
    pub fn forge(&mut self, number: u64) {
        self.reference.is_hostile = true;
        self.reference.is_disturbed(self.now);
        let message = self.forgery(number);
        self.journal.count("message forged");
        self.spread(&message.encode(), None);
    }

    /// Posts an earlier message again, by number.
    pub fn replay(&mut self, number: u64) {
        let history = &self.channel.history;
        if history.is_empty() {
            return;
        }
        let place = number as usize % history.len();
        let message = history[place].clone();
        self.reference.is_hostile = true;
        self.reference.is_disturbed(self.now);
        self.journal.count("message replayed");
        self.spread(&message, None);
    }

    fn forgery(&self, number: u64) -> Message {
        let (what, how, who) = (number % 4, number / 4 % 6, number / 24 % 3);
        let tab = &self.tabs[(number / 72) as usize % self.tabs.len()];
        let author = [tab.id, TabId(u64::MAX), TabId(0)][who as usize];
        let version = forged_version(tab.machine.version(), how, author);
        let news = News {
            from: author,
            version,
            subject: (number % 5 > 2).then_some(Subject(number)),
            life: Life {
                age: [0, u64::MAX][number as usize % 2],
                lifetime: [None, Some(0), Some(u64::MAX)][number as usize % 3],
                is_kept: false,
            },
            said_at: [0, u64::MAX][number as usize / 2 % 2],
            crowd: Crowd([0, u8::MAX][number as usize / 4 % 2]),
        };
        match what {
            0 => Message::News(news),
            1 => Message::SignedOut {
                version: Version {
                    generation: Version::SIGNED_OUT,
                    ..version
                },
                reason: [Reason::Ended, Reason::Elsewhere][how as usize % 2],
            },
            2 => Message::Ask(Ask {
                from: TabId(number),
                to: tab.id,
                key: [7; 65],
            }),
            _ => Message::HandOver(HandOver {
                to: tab.id,
                news,
                key: [7; 65],
                nonce: [0; 12],
                sealed: vec![1, 2, 3],
            }),
        }
    }
}

fn forged_version(known: Version, how: u64, author: TabId) -> Version {
    let last = Version::SIGNED_OUT - 1;
    let (epoch, generation) = match how {
        0 => (known.epoch, known.generation.saturating_add(1)),
        1 => (known.epoch.saturating_add(1), 1),
        2 => (known.epoch, last),
        3 => (u64::MAX, 1),
        4 => (u64::MAX, last),
        _ => (0, 0),
    };
    Version {
        epoch,
        generation,
        author,
    }
}
