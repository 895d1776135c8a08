//! The network between the browser and the backend, and its faults.

use std::ops::Range;

use tokenhold::core::Failure;

use super::SECOND;
use super::random::Random;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    Fine,
    /// Requests are refused with this status, and with `Retry-After` in milliseconds.
    Refuses(u16, Option<u64>),
    /// Something in between answers in HTML, with status 200.
    Html,
    /// Requests get nowhere.
    Offline,
    /// Requests get lost, and the browser notices.
    LosesRequests,
    /// Requests arrive, and their answers get lost.
    LosesAnswers,
    /// Requests to the auth endpoints get lost, and nobody ever notices.
    Silent,
    /// Requests to the auth endpoints arrive and take effect, but nobody ever sees an answer.
    Deaf,
    /// The browser has no connection left for the auth endpoints, so that requests to them wait in it.
    Held,
    /// Requests take up to a quarter of a minute, each way.
    Slow,
    /// Each request meets with different weather.
    Flaky,
}

/// One way, in milliseconds.
const SLOW: Range<u64> = 200..15 * SECOND;

impl Weather {
    /// The weather that one request meets with.
    pub fn for_one(self, random: &mut Random) -> Weather {
        let all = [
            Weather::Fine,
            Weather::Fine,
            Weather::Fine,
            Weather::LosesRequests,
            Weather::LosesAnswers,
            Weather::Slow,
            Weather::Refuses(503, None),
        ];
        match self {
            Weather::Flaky => *random.pick(&all),
            other => other,
        }
    }

    pub fn latency(self, usual: &Range<u64>) -> Range<u64> {
        match self {
            Weather::Slow => SLOW,
            _ => usual.clone(),
        }
    }

    /// The answer of something in between, to a request that has arrived.
    pub fn refusal(self) -> Option<(Failure, Option<u64>)> {
        match self {
            Weather::Refuses(status, retry_after) => Some((Failure::Status(status), retry_after)),
            Weather::Html => Some((Failure::Malformed(200), None)),
            _ => None,
        }
    }
}
