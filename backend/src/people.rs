//! The people who can sign in, and the check of their passwords.

use std::sync::Arc;

use argon2::password_hash::{self, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::random;
use crate::store::{Person, Result, Store};

/// The cost of a password hash. The default is the minimum that OWASP recommends (19 MiB, two passes).
#[derive(Clone, Debug, Default)]
pub struct PasswordCost(Params);

impl PasswordCost {
    /// As cheap as argon2 gets: for tests that sign in by the hundred, and nothing else.
    pub fn token() -> Self {
        Self(Params::new(Params::MIN_M_COST, 1, 1, None).expect("argon2's own minimum is in range"))
    }
}

/// The people in the store. Hashing takes a core for a while: call it where blocking is allowed.
pub struct People {
    store: Arc<dyn Store>,
    argon2: Argon2<'static>,
    /// The hash of a password that nobody has, checked when there is nobody of the name given.
    nobody: String,
}

impl People {
    pub fn new(store: Arc<dyn Store>, cost: PasswordCost) -> Self {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost.0);
        let nobody = hash(&argon2, &random::id());
        Self {
            store,
            argon2,
            nobody,
        }
    }

    /// Lets a person in from now on, or changes their password.
    pub fn add(&self, username: &str, name: &str, password: &str) -> Result<()> {
        let password = hash(&self.argon2, password);
        self.store.add_person(&Person {
            username: username.to_owned(),
            name: name.to_owned(),
            password,
        })
    }

    /// The person, if there is one and the password is theirs. An unknown name takes as long as a wrong password.
    pub fn verify(&self, username: &str, password: &str) -> Result<Option<Person>> {
        let person = self.store.person(username)?;
        let expected = person
            .as_ref()
            .map_or(self.nobody.as_str(), |person| &person.password);
        let right = PasswordHash::new(expected)
            .and_then(|hash| self.argon2.verify_password(password.as_bytes(), &hash))
            .is_ok();
        Ok(person.filter(|_| right))
    }
}

fn hash(argon2: &Argon2<'_>, password: &str) -> String {
    let hashed = || -> password_hash::Result<String> {
        let salt = SaltString::encode_b64(&random::bytes::<16>())?;
        Ok(argon2
            .hash_password(password.as_bytes(), &salt)?
            .to_string())
    };
    hashed()
        .expect("argon2 fails only on a salt or a password out of range, and these are in range")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Sqlite;

    fn people() -> People {
        let store = Arc::new(Sqlite::in_memory().unwrap());
        let people = People::new(store, PasswordCost::token());
        people.add("alice", "Alice", "right").unwrap();
        people
    }

    #[test]
    fn only_the_right_password_of_the_right_person_verifies() {
        let people = people();
        assert_eq!(
            people.verify("alice", "right").unwrap().unwrap().name,
            "Alice"
        );
        assert!(people.verify("alice", "wrong").unwrap().is_none());
        assert!(people.verify("alice", "").unwrap().is_none());
        assert!(people.verify("mallory", "right").unwrap().is_none());
    }

    #[test]
    fn a_password_is_kept_as_a_salted_argon2id_hash() {
        let people = people();
        let first = people.store.person("alice").unwrap().unwrap().password;
        people.add("alice", "Alice", "right").unwrap();
        let second = people.store.person("alice").unwrap().unwrap().password;
        assert!(first.starts_with("$argon2id$v=19$"));
        assert_ne!(first, second);
    }
}
