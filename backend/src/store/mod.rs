//! The store, behind a trait: people, sessions, revoked tokens, notes.

mod sqlite;

use std::time::Duration;

pub use crate::cookie::{Mark, Nonce};
use crate::rules::Session;
pub use sqlite::Sqlite;

/// A person who can sign in.
#[derive(Clone, Debug)]
pub struct Person {
    /// The name that they sign in with; also the `sub` of their tokens.
    pub username: String,
    pub name: String,
    /// An argon2 hash in the PHC string format.
    pub password: String,
}

/// A live session, with the data stored about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The public name of the session. It opens nothing.
    pub id: String,
    pub username: String,
    pub user_agent: String,
    pub session: Session<Mark>,
    /// The nonce that made the current cookie, unless it is the first.
    pub nonce: Option<Nonce>,
}

/// A note somebody wrote.
#[derive(Clone, Debug)]
pub struct Note {
    pub id: i64,
    pub text: String,
    pub written: Duration,
}

/// The store could not do this; a later attempt may succeed.
#[derive(Debug, thiserror::Error)]
#[error("the store failed: {0}")]
pub struct StoreError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

pub type Result<T> = std::result::Result<T, StoreError>;

/// A store that any number of threads may use at once. Each call takes effect wholly or not at all.
///
/// Times are those since the Unix epoch. A session that ended is deleted: it needs no state of its own, and none of
/// its cookies can find it any more.
pub trait Store: Send + Sync + 'static {
    fn add_person(&self, person: &Person) -> Result<()>;
    fn person(&self, username: &str) -> Result<Option<Person>>;

    fn start(&self, record: &Record) -> Result<()>;
    /// The session that has, or ever had, this cookie.
    fn by_cookie(&self, mark: &Mark) -> Result<Option<Record>>;
    fn by_id(&self, id: &str) -> Result<Option<Record>>;
    /// Everything `username` has open, the oldest first.
    fn of(&self, username: &str) -> Result<Vec<Record>>;
    /// Keeps `rotated` if the session's cookie is still `from`. Says whether it was: of several that rotate one cookie
    /// at once, exactly one hears `true`.
    fn rotate(&self, from: &Mark, rotated: &Record) -> Result<bool>;
    /// Forgets the previous cookie of the session if this is still its rotation.
    fn received(&self, id: &str, rotation: u32) -> Result<()>;
    /// Moves the session's last use forward, never back.
    fn used(&self, id: &str, last_used: Duration) -> Result<()>;
    /// Says whether there was one to end.
    fn end(&self, id: &str) -> Result<bool>;
    /// Deletes records that no rule needs any more: sessions begun before `started`, revocations that ran out by `now`.
    fn prune(&self, started: Duration, now: Duration) -> Result<()>;

    /// Refuses the token from now on, which would have lasted `until`.
    fn revoke_token(&self, jti: &str, until: Duration) -> Result<()>;
    fn is_revoked(&self, jti: &str) -> Result<bool>;

    fn add_note(&self, username: &str, text: &str, now: Duration) -> Result<Note>;
    /// The latest first.
    fn notes(&self, username: &str) -> Result<Vec<Note>>;

    /// Fails if the store does not answer.
    fn check(&self) -> Result<()>;
}
