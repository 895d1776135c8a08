//! `WWW-Authenticate`, as far as a bearer token's holder must understand it (RFC 9110, section
//! 11.6.1; RFC 6750, section 3; RFC 9470, section 3).

use super::text::{halves, number, parts};

/// The wishes of a step-up challenge (RFC 9470, section 3).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct StepUp {
    /// The authentication contexts that would do, in order of preference.
    pub acr_values: Vec<String>,
    /// How long ago the person may have signed in, in seconds.
    pub max_age: Option<u64>,
}

/// A resource server's verdict on the token.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Challenge {
    /// Nothing that would speak against a new token.
    Refreshable,
    /// `insufficient_scope`: a new token would be no better.
    InsufficientScope,
    /// `insufficient_user_authentication`: the person must sign in again.
    StepUp(StepUp),
}

impl Challenge {
    /// Reads a header value. Anything that cannot be made out is [`Challenge::Refreshable`].
    pub fn read(header: &str) -> Challenge {
        let parameters = bearer_parameters(header);
        let value = |name: &str| {
            parameters
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.as_str())
        };
        match value("error") {
            Some("insufficient_scope") => Challenge::InsufficientScope,
            Some("insufficient_user_authentication") => Challenge::StepUp(StepUp {
                acr_values: value("acr_values").map(listed).unwrap_or_default(),
                max_age: value("max_age").and_then(|age| number(age, 10)),
            }),
            _ => Challenge::Refreshable,
        }
    }
}

/// The names in a space-separated list.
fn listed(values: &str) -> Vec<String> {
    let mut list = Vec::new();
    for value in parts(values, b' ').filter(|value| !value.is_empty()) {
        list.push(value.to_owned());
    }
    list
}

/// The parameters of the first `Bearer` challenge among those the header lists.
///
/// Only ASCII means anything here, so all of this looks at bytes.
fn bearer_parameters(header: &str) -> Vec<(&str, String)> {
    let mut parameters = Vec::new();
    let mut in_bearer = false;
    for item in Items(header) {
        let (before_equals, value) = match halves(item, b'=') {
            Some((before, value)) => (before.trim_ascii_end(), Some(value.trim_ascii_start())),
            None => (item, None),
        };
        // "Scheme name=value" begins a challenge, "name=value" goes on with the last one.
        let space = before_equals.bytes().position(is_space);
        if space.is_some() || value.is_none() {
            if in_bearer {
                break;
            }
            let scheme = &before_equals[..space.unwrap_or(before_equals.len())];
            in_bearer = scheme.eq_ignore_ascii_case("bearer");
        }
        if let (true, Some(value)) = (in_bearer, value) {
            let name = before_equals[space.unwrap_or(0)..].trim_ascii_start();
            parameters.push((name, unquote(value)));
        }
    }
    parameters
}

/// The comma-separated items of a list, commas in quotes left alone.
struct Items<'a>(&'a str);

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let is_content = |byte| byte != b',' && !is_space(byte);
        self.0 = &self.0[self.0.bytes().position(is_content)?..];
        let (mut quoted, mut escaped) = (false, false);
        let end = self.0.bytes().position(|byte| {
            let ends = byte == b',' && !quoted;
            if escaped {
                escaped = false;
            } else if quoted && byte == b'\\' {
                escaped = true;
            } else if byte == b'"' {
                quoted = !quoted;
            }
            ends
        });
        let (item, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        self.0 = rest;
        Some(item.trim_ascii_end())
    }
}

fn is_space(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

fn unquote(value: &str) -> String {
    let Some(mut rest) = value.strip_prefix('"') else {
        return value.to_owned();
    };
    let mut text = String::new();
    while let Some(end) = rest.bytes().position(|byte| byte == b'"' || byte == b'\\') {
        text.push_str(&rest[..end]);
        if rest.as_bytes()[end] == b'"' {
            return text;
        }
        rest = &rest[end + 1..];
        if matches!(rest.as_bytes().first(), Some(b'"' | b'\\')) {
            text.push_str(&rest[..1]);
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_token_can_be_refreshed() {
        for header in [
            r#"Bearer realm="x", error="invalid_token""#,
            "Bearer",
            "",
            "Basic realm=\"x\"",
            "garbage, , =,\"",
        ] {
            assert_eq!(Challenge::read(header), Challenge::Refreshable, "{header}");
        }
    }

    #[test]
    fn insufficient_scope_cannot() {
        for header in [
            r#"Bearer error="insufficient_scope", scope="a b""#,
            "bearer error=insufficient_scope",
            r#"Basic realm="a, Bearer", Bearer realm="b" , error = "insufficient_scope""#,
        ] {
            assert_eq!(
                Challenge::read(header),
                Challenge::InsufficientScope,
                "{header}"
            );
        }
    }

    #[test]
    fn a_step_up_tells_what_it_wants() {
        let header = r#"Bearer error="insufficient_user_authentication", error_description="say \"hi\", please", acr_values="gold  silver", max_age="60""#;
        assert_eq!(
            Challenge::read(header),
            Challenge::StepUp(StepUp {
                acr_values: vec!["gold".to_owned(), "silver".to_owned()],
                max_age: Some(60),
            })
        );
    }

    #[test]
    fn the_errors_of_other_schemes_are_not_ours() {
        let header = r#"DPoP error="insufficient_scope", Bearer error="invalid_token""#;
        assert_eq!(Challenge::read(header), Challenge::Refreshable);
        let header = r#"Bearer error="invalid_token", DPoP error="insufficient_scope""#;
        assert_eq!(Challenge::read(header), Challenge::Refreshable);
    }

    #[test]
    fn a_max_age_that_is_no_number_is_left_out() {
        let header = r#"Bearer error="insufficient_user_authentication", max_age="-1""#;
        assert_eq!(
            Challenge::read(header),
            Challenge::StepUp(StepUp::default())
        );
    }

    #[test]
    fn what_is_quoted_is_unquoted() {
        let header = r#"Bearer error="insufficient_user_authentication", acr_values="a\"b\\c \d""#;
        let Challenge::StepUp(wanted) = Challenge::read(header) else {
            panic!("not read");
        };
        assert_eq!(wanted.acr_values, [r#"a"b\c"#, "d"]);
    }
}
