//! How tabs see each other: each holds a Web Lock whose name says who it is and what it knows.
//!
//! Locks vanish with their tab and can be listed, so the list tells who is alive and how far each
//! one is, without a message having to arrive first.

use super::version::{TabId, Version};

/// A live tab and the newest state it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presence {
    /// The tab.
    pub tab: TabId,
    /// The state it is in.
    pub version: Version,
}

impl Presence {
    /// The part of the lock's name that says all this, in hexadecimal.
    pub fn encode(self) -> String {
        let Version {
            epoch,
            generation,
            author,
        } = self.version;
        let mut text = String::new();
        for field in [self.tab.0, epoch, u64::from(generation), author.0] {
            push_hex(&mut text, field);
            text.push('.');
        }
        text.pop();
        text
    }

    /// Reads it back; `None` for anything else.
    pub fn decode(text: &str) -> Option<Presence> {
        let mut fields = text
            .split('.')
            .map(|field| u64::from_str_radix(field, 16).ok());
        let mut next = || fields.next().flatten();
        let presence = Presence {
            tab: TabId(next()?),
            version: Version {
                epoch: next()?,
                generation: next()?.try_into().ok()?,
                author: TabId(next()?),
            },
        };
        fields.next().is_none().then_some(presence)
    }
}

fn push_hex(text: &mut String, value: u64) {
    let significant = (16 - value.leading_zeros() / 4).max(1);
    for digit in (0..significant).rev() {
        let nibble = (value >> (digit * 4)) as u32 & 0xF;
        text.extend(char::from_digit(nibble, 16));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presences_are_read_back() {
        for number in [0, 1, 0xF, 0x10, 0xDEAD_BEEF, u64::MAX] {
            let presence = Presence {
                tab: TabId(number),
                version: Version {
                    epoch: number.rotate_left(7),
                    generation: (number >> 3) as u32,
                    author: TabId(!number),
                },
            };
            assert_eq!(Presence::decode(&presence.encode()), Some(presence));
        }
    }

    #[test]
    fn anything_else_is_no_presence() {
        for text in [
            "",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.x",
            "1.1.100000000.1",
            "1.10000000000000000.1.1",
            "1..2.3",
            "é.1.1.1",
        ] {
            assert_eq!(Presence::decode(text), None, "{text}");
        }
    }
}
