//! The answer of a refresh or login endpoint, made sense of (RFC 6749, section 5.1).

use super::claims::Claims;
use super::time::Now;
use super::token::AccessToken;

/// Shorter lifetimes count as this long, so that no answer makes a client refresh without end.
pub const MIN_LIFETIME_MS: u64 = 1_000;
/// Longer lifetimes count as this long: a hundred years.
pub const MAX_LIFETIME_MS: u64 = 100 * 365 * 24 * 3_600 * 1_000;

/// Numbers above this are milliseconds since the epoch, below it seconds: it is the year 1973 in
/// the one, 5138 in the other.
const EPOCH_MS_FROM: f64 = 1e11;

/// The fields of an answer, as found where the options say they are.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    /// The access token.
    pub token: Option<String>,
    /// The claims of the token, if it is a JWT.
    pub claims: Option<Claims>,
    /// The lifetime, in the unit that the options give.
    pub expires_in: Option<f64>,
    /// The end of life: epoch seconds or milliseconds.
    pub expires_at: Option<f64>,
    /// The server's own clock when it answered (the `Date` header), epoch milliseconds.
    pub server_time: Option<f64>,
}

/// The unit of `expiresIn`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ExpiresInUnit {
    /// Seconds, as in RFC 6749.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// A token and how long it lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenResponse {
    /// The token.
    pub token: AccessToken,
    /// Its lifetime in milliseconds from receipt, between [`MIN_LIFETIME_MS`] and
    /// [`MAX_LIFETIME_MS`]; `None`: unknown, only a rejection causes a refresh.
    pub lifetime: Option<u64>,
    /// Its claims, if it is a JWT.
    pub claims: Option<Claims>,
}

impl TokenResponse {
    /// Reads an answer. `None`: there is no token in it that could be sent.
    ///
    /// The lifetime is taken from the first of `expires_in`, `expires_at` and the JWT's `exp`
    /// that makes sense, that is, lies ahead.
    pub fn read(fields: Fields, unit: ExpiresInUnit, now: Now) -> Option<TokenResponse> {
        let token = AccessToken::parse(fields.token?)?;
        let claims = fields.claims;
        let clock = fields.server_time.unwrap_or(now.wall as f64);
        let lifetime = fields
            .expires_in
            .and_then(|span| from_span(span, unit))
            .or_else(|| {
                fields
                    .expires_at
                    .and_then(|moment| from_moment(moment, clock))
            })
            .or_else(|| {
                claims
                    .as_ref()
                    .and_then(|claims| from_claims(claims, clock))
            });
        Some(TokenResponse {
            token,
            lifetime,
            claims,
        })
    }
}

fn from_span(span: f64, unit: ExpiresInUnit) -> Option<u64> {
    ahead(match unit {
        ExpiresInUnit::Seconds => span * 1_000.0,
        ExpiresInUnit::Milliseconds => span,
    })
}

fn from_moment(moment: f64, clock: f64) -> Option<u64> {
    let moment = if moment >= EPOCH_MS_FROM {
        moment
    } else {
        moment * 1_000.0
    };
    ahead(moment - clock)
}

/// With an `iat`, a wrong clock of this machine does no harm.
fn from_claims(claims: &Claims, clock: f64) -> Option<u64> {
    let expires = claims.expires? as f64 * 1_000.0;
    ahead(
        expires
            - claims
                .issued
                .map_or(clock, |issued| issued as f64 * 1_000.0),
    )
}

fn ahead(ms: f64) -> Option<u64> {
    // A cast saturates, and NaN is not above zero.
    (ms > 0.0).then(|| (ms as u64).clamp(MIN_LIFETIME_MS, MAX_LIFETIME_MS))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Now = Now {
        monotonic: 5,
        wall: 1_700_000_000_000,
    };

    fn lifetime(fields: Fields) -> Option<u64> {
        let fields = Fields {
            token: Some("opaque".to_owned()),
            ..fields
        };
        TokenResponse::read(fields, ExpiresInUnit::Seconds, NOW)
            .unwrap()
            .lifetime
    }

    fn expires_in(value: f64) -> Option<u64> {
        lifetime(Fields {
            expires_in: Some(value),
            ..Fields::default()
        })
    }

    fn expires_at(value: f64) -> Option<u64> {
        lifetime(Fields {
            expires_at: Some(value),
            ..Fields::default()
        })
    }

    #[test]
    fn spans_are_seconds_or_milliseconds() {
        assert_eq!(expires_in(300.0), Some(300_000));
        assert_eq!(
            from_span(300.0, ExpiresInUnit::Milliseconds),
            Some(MIN_LIFETIME_MS)
        );
        assert_eq!(from_span(5_000.0, ExpiresInUnit::Milliseconds), Some(5_000));
    }

    #[test]
    fn lifetimes_that_make_no_sense_are_unknown_and_huge_ones_are_bounded() {
        for nonsense in [0.0, -1.0, -1e300, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(expires_in(nonsense), None, "{nonsense}");
        }
        for huge in [1e15, 1e300, f64::INFINITY] {
            assert_eq!(expires_in(huge), Some(MAX_LIFETIME_MS), "{huge}");
        }
        assert_eq!(expires_in(0.001), Some(MIN_LIFETIME_MS));
    }

    #[test]
    fn moments_are_epoch_seconds_or_milliseconds() {
        assert_eq!(expires_at(1_700_000_060.0), Some(60_000));
        assert_eq!(expires_at(1_700_000_060_000.0), Some(60_000));
        assert_eq!(expires_at(1_600_000_000.0), None);
    }

    #[test]
    fn the_servers_clock_counts_where_it_is_known() {
        let an_hour_ahead = NOW.wall as f64 + 3_600_000.0;
        let known = lifetime(Fields {
            expires_at: Some(an_hour_ahead + 60_000.0),
            server_time: Some(an_hour_ahead),
            ..Fields::default()
        });
        assert_eq!(known, Some(60_000));
    }

    #[test]
    fn the_sources_are_asked_in_order() {
        let both = Fields {
            expires_in: Some(10.0),
            expires_at: Some(1_700_000_060.0),
            ..Fields::default()
        };
        assert_eq!(lifetime(both), Some(10_000));
        let first_is_nonsense = Fields {
            expires_in: Some(-10.0),
            expires_at: Some(1_700_000_060.0),
            ..Fields::default()
        };
        assert_eq!(lifetime(first_is_nonsense), Some(60_000));
    }

    #[test]
    fn exp_counts_from_iat_whatever_the_local_clock_says() {
        let claims = |issued, expires| Claims {
            issued,
            expires: Some(expires),
            subject: None,
            json: String::new(),
        };
        assert_eq!(
            from_claims(&claims(Some(1_000), 1_300), NOW.wall as f64),
            Some(300_000)
        );
        assert_eq!(
            from_claims(&claims(None, 1_700_000_060), NOW.wall as f64),
            Some(60_000)
        );
        assert_eq!(from_claims(&claims(None, 1_300), NOW.wall as f64), None);
        assert_eq!(
            from_claims(&claims(Some(i64::MIN), i64::MAX), 0.0),
            Some(MAX_LIFETIME_MS)
        );
    }

    #[test]
    fn no_token_no_grant() {
        let read = |token: Option<&str>| {
            let fields = Fields {
                token: token.map(str::to_owned),
                ..Fields::default()
            };
            TokenResponse::read(fields, ExpiresInUnit::Seconds, NOW)
        };
        assert!(read(None).is_none());
        assert!(read(Some("")).is_none());
        assert!(read(Some("two words")).is_none());
        assert!(read(Some("one")).is_some());
    }

    #[test]
    fn the_longest_lifetime_is_a_hundred_years() {
        assert_eq!(MAX_LIFETIME_MS, 3_153_600_000_000);
        assert_eq!(expires_in(3_153_599_999.0), Some(3_153_599_999_000));
    }
}
