//! `WWW-Authenticate`, held against a parser that goes by the letter of RFC 9110.

use http_auth::ChallengeRef;
use tokenhold::core::{Challenge, StepUp};

/// Where the strict parser can read a header, both read the same.
pub fn challenge(data: &[u8]) -> bool {
    let Ok(header) = std::str::from_utf8(data) else {
        return false;
    };
    let read = Challenge::read(header);
    if read != Challenge::Refreshable {
        let plain = header.replace('\\', "").to_ascii_lowercase();
        assert!(plain.contains("bearer") && plain.contains("insufficient_"));
    }
    let strictly = http_auth::parse_challenges(header);
    if let Ok(challenges) = &strictly {
        assert_eq!(read, expected(challenges), "{header:?}");
    }
    strictly.is_ok()
}

fn expected(challenges: &[ChallengeRef<'_>]) -> Challenge {
    let bearer = challenges
        .iter()
        .find(|challenge| challenge.scheme.eq_ignore_ascii_case("bearer"));
    let value = |name: &str| {
        let (_, value) = bearer?
            .params
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
        Some(value.to_unescaped())
    };
    match value("error").as_deref() {
        Some("insufficient_scope") => Challenge::InsufficientScope,
        Some("insufficient_user_authentication") => Challenge::StepUp(StepUp {
            acr_values: value("acr_values")
                .unwrap_or_default()
                .split_terminator(' ')
                .filter(|value| !value.is_empty())
                .map(str::to_owned)
                .collect(),
            max_age: value("max_age").and_then(|age| age.parse().ok()),
        }),
        _ => Challenge::Refreshable,
    }
}
