//! Refresh answers: fields of any kind, found where the options say they are.

use arbitrary::{Arbitrary, Unstructured};
use base64ct::{Base64UrlUnpadded, Encoding};
use tokenhold::core::{
    Claims, ExpiresInUnit, Fields, MAX_LIFETIME_MS, MIN_LIFETIME_MS, Now, TokenResponse,
};

#[derive(Arbitrary, Clone, Debug)]
struct Input {
    token: Option<Token>,
    expires_in: Option<Number>,
    milliseconds: bool,
    expires_at: Option<Number>,
    server_time: Option<Number>,
    now: (u64, u64),
}

#[derive(Arbitrary, Clone, Debug)]
enum Token {
    Any(String),
    Jwt { iat: Option<i64>, exp: Option<i64> },
}

/// The JavaScript value of a field.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Number {
    Any(f64),
    Whole(i64),
    Small(i16),
    Recent(i32),
}

/// A response has a token that can be sent and a lifetime within bounds, and each source of the
/// lifetime counts only where those before it say nothing.
pub fn token_response(data: &[u8]) -> bool {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else {
        return false;
    };
    let token = input.token.as_ref().map(Token::text);
    let sendable = token.as_ref().is_some_and(|token| {
        (1..=65_536).contains(&token.len())
            && token.bytes().all(|byte| (0x21..0x7F).contains(&byte))
    });
    let response = input.read();
    assert_eq!(response.is_some(), sendable);
    let Some(response) = response else {
        return false;
    };
    assert_eq!(Some(response.token.expose()), token.as_deref());
    if let Some(lifetime) = response.lifetime {
        assert!((MIN_LIFETIME_MS..=MAX_LIFETIME_MS).contains(&lifetime));
    }
    assert_eq!(response.lifetime, input.lifetime(), "{input:?}");
    true
}

impl Input {
    fn read(&self) -> Option<TokenResponse> {
        let token = self.token.as_ref().map(Token::text);
        let fields = Fields {
            claims: token.as_deref().and_then(Claims::read),
            token,
            expires_in: self.expires_in.map(Number::value),
            expires_at: self.expires_at.map(Number::value),
            server_time: self.server_time.map(Number::value),
        };
        let unit = match self.milliseconds {
            true => ExpiresInUnit::Milliseconds,
            false => ExpiresInUnit::Seconds,
        };
        let (monotonic, wall) = self.now;
        TokenResponse::read(fields, unit, Now { monotonic, wall })
    }

    /// The same by another way: all sources in milliseconds, and the first that lies ahead.
    fn lifetime(&self) -> Option<u64> {
        let clock = self.server_time.map_or(self.now.1 as f64, Number::value);
        let unit = if self.milliseconds { 1.0 } else { 1_000.0 };
        let span = self.expires_in.map(|number| number.value() * unit);
        let moment = self.expires_at.map(|number| match number.value() {
            seconds if seconds < 1e11 => seconds * 1_000.0 - clock,
            milliseconds => milliseconds - clock,
        });
        let claims = self.token.as_ref().and_then(|token| token.span(clock));
        [span, moment, claims]
            .into_iter()
            .flatten()
            .find(|span| *span > 0.0)
            .map(|span| span.clamp(MIN_LIFETIME_MS as f64, MAX_LIFETIME_MS as f64) as u64)
    }
}

impl Token {
    fn text(&self) -> String {
        match self {
            Token::Any(text) => text.clone(),
            Token::Jwt { iat, exp } => {
                let named = [("iat", iat), ("exp", exp)];
                let claims =
                    named.map(|(name, value)| value.map(|value| format!("\"{name}\":{value}")));
                let payload = claims.into_iter().flatten().collect::<Vec<_>>().join(",");
                let parts = ["{\"alg\":\"ES256\"}".to_owned(), format!("{{{payload}}}")];
                let [header, payload] =
                    parts.map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()));
                format!("{header}.{payload}.c2ln")
            }
        }
    }

    fn span(&self, clock: f64) -> Option<f64> {
        match self {
            // Times that no calendar has make the whole token opaque.
            Token::Jwt { iat, exp } if [iat, exp].into_iter().flatten().all(in_calendar) => {
                let from = iat.map_or(clock, |iat| iat as f64 * 1_000.0);
                Some((*exp)? as f64 * 1_000.0 - from)
            }
            _ => None,
        }
    }
}

/// The years that `chrono` knows: -262143 to 262142.
fn in_calendar(seconds: &i64) -> bool {
    (-8_334_601_228_800..=8_210_266_876_799).contains(seconds)
}

impl Number {
    fn value(self) -> f64 {
        match self {
            Number::Any(number) => number,
            Number::Whole(number) => number as f64,
            Number::Small(number) => number.into(),
            Number::Recent(offset) => 1_700_000_000.0 + f64::from(offset),
        }
    }
}
