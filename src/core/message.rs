//! Messages between tabs, and their form on the wire: a few fixed-width big-endian fields.
//!
//! Anyone of the origin can post to the channel, so decoding trusts nothing: what is not exactly
//! a message is none.

use super::crowd::Crowd;
use super::event::Reason;
use super::identity::Subject;
use super::session::Life;
use super::version::{TabId, Version};

/// An uncompressed P-256 point, as WebCrypto exports it.
pub type PublicKey = [u8; 65];
/// The nonce of AES-GCM.
pub type Nonce = [u8; 12];

/// The first byte of every message: tabs of another build may be alive during a deployment.
const FORMAT: u8 = 3;
/// Room for the longest token and the authentication tag.
const MAX_SEALED: usize = 64 * 1024 + 16;

/// A message between tabs. None of them can be read for a token by one who merely listens.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// There is a new token.
    News(News),
    /// The session is over.
    SignedOut {
        /// The end of which epoch.
        version: Version,
        /// Whether somebody logged out or the backend ended it.
        reason: Reason,
    },
    /// "Please hand me your token."
    Ask(Ask),
    /// The token, for one tab's eyes.
    HandOver(HandOver),
}

/// A description of a token, for tabs that do not have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct News {
    /// The tab that says so, and has it.
    pub from: TabId,
    /// The state it belongs to.
    pub version: Version,
    /// Whose it is, if that is known.
    pub subject: Option<Subject>,
    /// How old it is, and how long it lives.
    pub life: Life,
    /// When this was said, in epoch milliseconds: a frozen tab may hear it much later.
    pub said_at: u64,
    /// How many tabs there are, as far as that tab has seen.
    pub crowd: Crowd,
}

/// A tab's wish for the token of another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// The tab that asks.
    pub from: TabId,
    /// The tab that is asked.
    pub to: TabId,
    /// The key to seal it to.
    pub key: PublicKey,
}

/// A token sealed to the tab that asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HandOver {
    /// The tab it is for.
    pub to: TabId,
    /// A description of the token in it.
    pub news: News,
    /// The sender's key.
    pub key: PublicKey,
    /// The nonce.
    pub nonce: Nonce,
    /// The sealed token.
    pub sealed: Vec<u8>,
}

impl Message {
    /// The one tab that it is for; `None`: all of them.
    pub fn to(&self) -> Option<TabId> {
        match self {
            Message::News(_) | Message::SignedOut { .. } => None,
            Message::Ask(ask) => Some(ask.to),
            Message::HandOver(hand_over) => Some(hand_over.to),
        }
    }

    /// The form on the wire.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        match self {
            Message::News(news) => {
                bytes.push(1);
                news.write(&mut bytes);
            }
            Message::SignedOut { version, reason } => {
                bytes.push(2);
                write_version(&mut bytes, *version);
                bytes.push(u8::from(*reason == Reason::Ended));
            }
            Message::Ask(ask) => {
                bytes.push(3);
                write_u64(&mut bytes, ask.from.0);
                write_u64(&mut bytes, ask.to.0);
                bytes.extend_from_slice(&ask.key);
            }
            Message::HandOver(hand_over) => {
                bytes.push(4);
                write_u64(&mut bytes, hand_over.to.0);
                hand_over.news.write(&mut bytes);
                bytes.extend_from_slice(&hand_over.key);
                bytes.extend_from_slice(&hand_over.nonce);
                bytes.extend_from_slice(&hand_over.sealed);
            }
        }
        bytes
    }

    /// Reads a message; `None` for anything that is not exactly one.
    pub fn decode(bytes: &[u8]) -> Option<Message> {
        let mut reader = Reader(bytes);
        if reader.byte()? != FORMAT {
            return None;
        }
        let message = match reader.byte()? {
            1 => Message::News(reader.news()?),
            2 => Message::SignedOut {
                version: reader.version()?,
                reason: if reader.flag()? {
                    Reason::Ended
                } else {
                    Reason::Elsewhere
                },
            },
            3 => Message::Ask(Ask {
                from: reader.tab()?,
                to: reader.tab()?,
                key: reader.array()?,
            }),
            4 => Message::HandOver(HandOver {
                to: reader.tab()?,
                news: reader.news()?,
                key: reader.array()?,
                nonce: reader.array()?,
                sealed: reader.rest()?,
            }),
            _ => return None,
        };
        reader.0.is_empty().then_some(message)
    }
}

impl News {
    /// The form on the wire; a sealed token is bound to it as additional data.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }

    /// The token's life by now: the news itself may have been under way for long.
    pub(crate) fn life_at(&self, wall: u64) -> Life {
        Life {
            age: self
                .life
                .age
                .saturating_add(wall.saturating_sub(self.said_at)),
            ..self.life
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        write_u64(bytes, self.from.0);
        write_version(bytes, self.version);
        write_option(bytes, self.subject.map(|subject| subject.0));
        write_u64(bytes, self.life.age);
        write_option(bytes, self.life.lifetime);
        bytes.push(u8::from(self.life.is_kept));
        write_u64(bytes, self.said_at);
        bytes.push(self.crowd.0);
    }
}

fn write_u64(bytes: &mut Vec<u8>, value: u64) {
    bytes.extend_from_slice(&value.to_be_bytes());
}

fn write_option(bytes: &mut Vec<u8>, value: Option<u64>) {
    bytes.push(u8::from(value.is_some()));
    write_u64(bytes, value.unwrap_or_default());
}

fn write_version(bytes: &mut Vec<u8>, version: Version) {
    write_u64(bytes, version.epoch);
    bytes.extend_from_slice(&version.generation.to_be_bytes());
    write_u64(bytes, version.author.0);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    fn option(&mut self) -> Option<Option<u64>> {
        let present = self.flag()?;
        let value = self.u64()?;
        match (present, value) {
            (true, value) => Some(Some(value)),
            (false, 0) => Some(None),
            (false, _) => None,
        }
    }

    fn tab(&mut self) -> Option<TabId> {
        self.u64().map(TabId)
    }

    fn version(&mut self) -> Option<Version> {
        Some(Version {
            epoch: self.u64()?,
            generation: self.u32()?,
            author: self.tab()?,
        })
    }

    fn news(&mut self) -> Option<News> {
        Some(News {
            from: self.tab()?,
            version: self.version()?,
            subject: self.option()?.map(Subject),
            life: Life {
                age: self.u64()?,
                lifetime: self.option()?,
                is_kept: self.flag()?,
            },
            said_at: self.u64()?,
            crowd: Crowd(self.byte()?),
        })
    }

    fn rest(&mut self) -> Option<Vec<u8>> {
        let rest = std::mem::take(&mut self.0);
        (rest.len() <= MAX_SEALED).then(|| rest.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples() -> Vec<Message> {
        let version = Version {
            epoch: 1_700_000_000_003,
            generation: 7,
            author: TabId(u64::MAX),
        };
        let news = News {
            from: TabId(5),
            version,
            subject: Some(Subject(9)),
            life: Life {
                age: 12,
                lifetime: None,
                is_kept: true,
            },
            said_at: 1_700_000_000_000,
            crowd: Crowd(90),
        };
        vec![
            Message::News(news),
            Message::SignedOut {
                version: version.ended(TabId(1)),
                reason: Reason::Ended,
            },
            Message::Ask(Ask {
                from: TabId(1),
                to: TabId(2),
                key: [4; 65],
            }),
            Message::HandOver(HandOver {
                to: TabId(1),
                news,
                key: [4; 65],
                nonce: [1; 12],
                sealed: vec![1, 2, 3],
            }),
        ]
    }

    #[test]
    fn messages_are_read_back() {
        for message in samples() {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
    }

    #[test]
    fn a_logout_is_elsewhere_for_those_who_hear_of_it() {
        let message = Message::SignedOut {
            version: Version::default().ended(TabId(1)),
            reason: Reason::Logout,
        };
        let Some(Message::SignedOut { reason, .. }) = Message::decode(&message.encode()) else {
            panic!("not read back");
        };
        assert_eq!(reason, Reason::Elsewhere);
    }

    #[test]
    fn cut_off_and_overlong_messages_are_none() {
        for message in samples() {
            let mut bytes = message.encode();
            let shortest = match message {
                Message::HandOver(_) => bytes.len() - 3,
                _ => bytes.len(),
            };
            for length in 0..shortest {
                assert_eq!(Message::decode(&bytes[..length]), None);
            }
            if !matches!(message, Message::HandOver(_)) {
                bytes.push(0);
                assert_eq!(Message::decode(&bytes), None);
            }
        }
    }

    #[test]
    fn other_formats_and_kinds_are_none() {
        for bytes in [&[][..], &[2, 1], &[3], &[3, 0], &[3, 9, 0, 0]] {
            assert_eq!(Message::decode(bytes), None);
        }
    }

    #[test]
    fn old_news_tells_of_an_older_token() {
        let Message::News(news) = samples().remove(0) else {
            panic!("the first sample is news");
        };
        assert_eq!(news.life_at(news.said_at + 100).age, 112);
        assert_eq!(news.life_at(news.said_at - 100).age, 12);
    }

    #[test]
    fn the_longest_token_there_is_can_be_handed_over() {
        let Some(Message::HandOver(hand_over)) = samples().pop() else {
            panic!("the last sample is a hand-over");
        };
        let sealing = |length| {
            let sealed = vec![7; length];
            let message = Message::HandOver(HandOver {
                sealed,
                ..hand_over.clone()
            });
            Message::decode(&message.encode()) == Some(message)
        };
        assert!(sealing(65_536 + 16));
        assert!(!sealing(65_536 + 17));
    }

    #[test]
    fn a_sealed_token_is_bound_to_all_of_its_news() {
        let Message::News(news) = samples().remove(0) else {
            panic!("the first sample is news");
        };
        assert_eq!(Message::News(news).encode()[2..], news.encode());
        assert_eq!(news.encode().len(), 8 + 20 + 9 + 8 + 9 + 1 + 8 + 1);
    }
}
