//! The demo people.

use crate::http::App;
use crate::random;
use crate::store;

/// A made-up person, with the password that the console shows.
pub struct DemoPerson {
    pub username: &'static str,
    pub name: &'static str,
    pub password: String,
}

/// Adds alice and bob, with the password given or one made up for each. Passwords of an earlier start are replaced.
pub fn add_people(app: &App, password: Option<&str>) -> store::Result<Vec<DemoPerson>> {
    [("alice", "Alice"), ("bob", "Bob")]
        .into_iter()
        .map(|(username, name)| {
            let password = password.map_or_else(random_password, str::to_owned);
            app.add_person(username, name, &password)?;
            Ok(DemoPerson {
                username,
                name,
                password,
            })
        })
        .collect()
}

/// 60 random bits in characters that nobody misreads.
fn random_password() -> String {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = random::bytes::<12>().map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    letters
        .chunks(4)
        .map(String::from_iter)
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_readable_and_never_alike() {
        let password = random_password();
        assert_eq!(password.len(), 14);
        assert!(
            password
                .chars()
                .all(|c| c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit())
        );
        assert_ne!(password, random_password());
    }
}
