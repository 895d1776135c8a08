use std::time::Duration;

/// The recommended [`reuse_grace`](Limits::reuse_grace): five lost answers in a row, at tokenhold's time-out of ten
/// seconds, would be needed to lose a session.
pub const REUSE_GRACE: Duration = Duration::from_secs(60);

/// The time limits. A limit is reached when its whole length has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A session ends this long after its last use. Signing in and API calls are use; a refresh is not, or a page that
    /// merely stays open would never be idle.
    pub idle: Duration,
    /// A session ends this long after it began, whatever happens in it.
    pub absolute: Duration,
    /// For this long after a rotation the cookie just replaced still gets the same successor, unless its holder has
    /// surely received the answer. It has to be longer than a client's time-out and its first retries; see
    /// [`REUSE_GRACE`]. Zero is strict rotation.
    pub reuse_grace: Duration,
}
