//! How tabs see each other: each holds a Web Lock whose name says who it is and what it knows.
//!
//! Locks vanish with their tab and can be listed, so the list tells who is alive and how far each
//! one is, without a message having to arrive first.

use super::error::Failure;
use super::text::{number, parts};
use super::time::Now;
use super::version::{TabId, Version};

/// A live tab and the state it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Presence {
    /// The tab.
    pub tab: TabId,
    /// The state it is in.
    pub version: Version,
    /// How its refreshes of that have failed.
    pub backoff: SharedBackoff,
    /// It has logged out, and the backend has not confirmed it yet.
    pub is_logging_out: bool,
}

/// Refreshes that failed in a row: no tab is to try what another one has just tried.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SharedBackoff {
    /// How many; 0: none.
    pub failures: u32,
    /// The status of the last answer, if there was one; 1: none came in time.
    pub status: Option<u16>,
    /// Nobody is to try again before this, in epoch milliseconds,
    pub until: u64,
    /// nor has to wait for longer than this, in milliseconds, if the clock has been set back since;
    pub wait: u64,
    /// but one whom a person waits for may,
    pub may_be_jumped: bool,
    /// unless the backend has asked for that wait.
    pub is_asked_for: bool,
}

impl SharedBackoff {
    /// In the place of a status: no answer in time. In a lock's name, 0 is none.
    const TIMED_OUT: u16 = 1;

    pub(crate) fn status_of(failure: Failure) -> Option<u16> {
        match failure {
            Failure::Timeout => Some(Self::TIMED_OUT),
            other => other.status(),
        }
    }

    /// The last failure, as far as the other tabs tell it.
    pub(crate) fn failure(self) -> Failure {
        match self.status {
            None => Failure::Network,
            Some(Self::TIMED_OUT) => Failure::Timeout,
            Some(status) => Failure::Status(status),
        }
    }

    /// Whether the last of them failed after `then`.
    pub(crate) fn is_since(self, then: Now) -> bool {
        self.failed_at() > then.wall
    }

    /// When the last of them failed, in epoch milliseconds.
    pub(crate) fn failed_at(self) -> u64 {
        self.until.saturating_sub(self.wait)
    }

    /// Whether it was the backend that did not want to, rather than the network that could not.
    pub(crate) fn is_refusal(self) -> bool {
        self.status.is_some_and(|status| status >= 400)
    }
}

impl Presence {
    /// A tab that is in that state, and has nothing to complain about.
    pub fn at(tab: TabId, version: Version) -> Presence {
        Presence {
            tab,
            version,
            backoff: SharedBackoff::default(),
            is_logging_out: false,
        }
    }

    /// The part of the lock's name that says all this, in hexadecimal.
    pub fn encode(self) -> String {
        let Version {
            epoch,
            generation,
            author,
        } = self.version;
        let backoff = self.backoff;
        let mut text = String::new();
        for field in [
            self.tab.0,
            epoch,
            u64::from(generation),
            author.0,
            u64::from(backoff.failures),
            u64::from(backoff.status.unwrap_or_default()),
            backoff.until,
            backoff.wait,
            u64::from(backoff.may_be_jumped)
                + 2 * u64::from(self.is_logging_out)
                + 4 * u64::from(backoff.is_asked_for),
        ] {
            push_hex(&mut text, field);
            text.push_str(BETWEEN);
        }
        text.pop();
        text
    }

    /// Reads it back; `None` for anything else.
    pub fn decode(text: &str) -> Option<Presence> {
        let mut parts = parts(text, BETWEEN.as_bytes()[0]);
        let mut fields = [0; 9];
        for field in &mut fields {
            *field = number(parts.next()?, 16)?;
        }
        let [
            tab,
            epoch,
            generation,
            author,
            failures,
            status,
            until,
            wait,
            flags,
        ] = fields;
        let status = u16::try_from(status).ok()?;
        let presence = Presence {
            tab: TabId(tab),
            version: Version {
                epoch,
                generation: generation.try_into().ok()?,
                author: TabId(author),
            },
            backoff: SharedBackoff {
                failures: failures.try_into().ok()?,
                status: (status > 0).then_some(status),
                until,
                wait,
                may_be_jumped: flags & 1 != 0,
                is_asked_for: flags & 4 != 0,
            },
            is_logging_out: flags & 2 != 0,
        };
        parts.next().is_none().then_some(presence)
    }
}

/// Between two fields.
const BETWEEN: &str = ".";
const DIGITS: &str = "0123456789abcdef";

fn push_hex(text: &mut String, value: u64) {
    let significant = (16 - value.leading_zeros() / 4).max(1);
    for digit in (0..significant).rev() {
        let nibble = (value >> (digit * 4)) as usize & 0xF;
        text.push_str(DIGITS.get(nibble..nibble + 1).unwrap_or_default());
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
                backoff: SharedBackoff {
                    failures: number as u32,
                    status: (number > 0).then_some(0xFFFF),
                    until: number,
                    wait: number >> 1,
                    may_be_jumped: number & 1 != 0,
                    is_asked_for: number & 4 != 0,
                },
                is_logging_out: number & 2 != 0,
            };
            assert_eq!(Presence::decode(&presence.encode()), Some(presence));
        }
    }

    #[test]
    fn the_others_read_what_the_last_failure_was() {
        for failure in [Failure::Network, Failure::Timeout, Failure::Status(503)] {
            let mut presence = Presence::at(TabId(1), Version::default());
            presence.backoff.status = SharedBackoff::status_of(failure);
            let read = Presence::decode(&presence.encode()).expect("a presence");
            assert_eq!(read.backoff.failure(), failure);
        }
    }

    #[test]
    fn anything_else_is_no_presence() {
        for text in [
            "",
            "1",
            "1.2.3.4",
            "1.2.3.4.5.6.7.8",
            "1.2.3.4.5.6.7.8.0.0",
            "1.2.3.4.5.6.7.8.x",
            "1.1.100000000.1.1.1.1.1.0",
            "1.1.1.1.100000000.1.1.1.0",
            "1.1.1.1.1.10000.1.1.0",
            "1.10000000000000000.1.1.1.1.1.1.0",
            "1..2.3.4.5.6.7.0",
            "é.1.1.1.1.1.1.1.0",
        ] {
            assert_eq!(Presence::decode(text), None, "{text}");
        }
    }

    #[test]
    fn a_failure_of_the_same_moment_is_not_one_since() {
        let backoff = SharedBackoff {
            until: 1_500,
            wait: 500,
            ..SharedBackoff::default()
        };
        let at = |wall| Now { monotonic: 0, wall };
        assert!(backoff.is_since(at(999)));
        assert!(!backoff.is_since(at(1_000)));
    }

    #[test]
    fn numbers_are_written_without_leading_zeros() {
        let version = Version {
            epoch: 0x1F0,
            generation: Version::SIGNED_OUT,
            author: TabId(0x10_0000_0000),
        };
        let presence = Presence::at(TabId(0), version);
        assert_eq!(presence.encode(), "0.1f0.ffffffff.1000000000.0.0.0.0.0");
    }
}
