use std::time::Duration;

/// The time limits. A limit is reached when its whole length has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A session ends this long after its last use. Signing in and API calls are use; a refresh is not, or a page that
    /// merely stays open would never be idle.
    pub idle: Duration,
    /// A session ends this long after it began, whatever happens in it.
    pub absolute: Duration,
    /// For this long after a rotation the cookie just replaced still gets the same successor. Zero is strict rotation.
    pub reuse_grace: Duration,
}
