use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta};

/// A moment since the Unix epoch as people and browsers read it (RFC 3339, in UTC, to the millisecond).
pub fn timestamp(since_epoch: Duration) -> String {
    let moment =
        DateTime::UNIX_EPOCH + TimeDelta::from_std(since_epoch).unwrap_or(TimeDelta::zero());
    moment.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc_to_the_millisecond() {
        assert_eq!(
            timestamp(Duration::from_millis(1_700_000_000_123)),
            "2023-11-14T22:13:20.123Z"
        );
    }
}
