use std::time::Duration;

use super::Limits;

/// A session that lives: its current cookie, the one before it, and the two clocks that end it.
///
/// A cookie that has been replaced is forgiven as long as its holder may not have received the answer: within the
/// grace, and until the answer is used. An answer is used when the current cookie is presented, or an access token
/// that was given with it ([`received`](Self::received)). An answer that got lost never is.
///
/// Every `now` is the time since one fixed moment of the caller's choice. A clock that steps back ends nothing.
///
/// The caller knows which cookies a session has ever had, and brings a session only cookies that were once its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Session<C> {
    current: C,
    /// None also once the answer with the current cookie has surely arrived.
    previous: Option<Previous<C>>,
    /// How often the cookie has been replaced.
    rotation: u32,
    started: Duration,
    last_used: Duration,
}

/// The cookie that the current one replaced, as long as it may be forgiven.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Previous<C> {
    pub cookie: C,
    pub replaced: Duration,
}

/// The outcome of a refresh. An ended session is gone, so that nobody can use it by mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refresh<C> {
    /// The fresh cookie is current now, and the answer to give.
    Rotated(Session<C>),
    /// Nothing changed: the answer is the current cookie, the same that the first use of this cookie got.
    Repeated(Session<C>),
    Ended(Ended),
}

/// Why a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Idle,
    Absolute,
    /// A cookie was presented that had been replaced: two parties hold this session, and one of them may be a thief
    /// (RFC 9700, section 4.14.2).
    Reused,
}

impl<C: Eq> Session<C> {
    /// A session that begins now, with its first cookie.
    pub fn start(cookie: C, now: Duration) -> Self {
        Self {
            current: cookie,
            previous: None,
            rotation: 0,
            started: now,
            last_used: now,
        }
    }

    /// The session as a store kept it.
    pub fn restore(
        current: C,
        previous: Option<Previous<C>>,
        rotation: u32,
        started: Duration,
        last_used: Duration,
    ) -> Self {
        Self {
            current,
            previous,
            rotation,
            started,
            last_used,
        }
    }

    /// Answers one of this session's cookies, with `fresh` as the successor if there is to be a new one.
    pub fn refresh(
        mut self,
        presented: &C,
        fresh: C,
        now: Duration,
        limits: &Limits,
    ) -> Refresh<C> {
        if let Some(ended) = self.ended(now, limits) {
            return Refresh::Ended(ended);
        }
        if *presented == self.current {
            let replaced = std::mem::replace(&mut self.current, fresh);
            self.previous = Some(Previous {
                cookie: replaced,
                replaced: now,
            });
            self.rotation += 1;
            return Refresh::Rotated(self);
        }
        if self.forgives(presented, now, limits) {
            return Refresh::Repeated(self);
        }
        Refresh::Ended(Ended::Reused)
    }

    /// The limit that has ended this session, if one has.
    pub fn ended(&self, now: Duration, limits: &Limits) -> Option<Ended> {
        if now.saturating_sub(self.started) >= limits.absolute {
            return Some(Ended::Absolute);
        }
        (now.saturating_sub(self.last_used) >= limits.idle).then_some(Ended::Idle)
    }

    /// Counts a use of the session now, unless a limit has ended it.
    ///
    /// # Errors
    ///
    /// The limit that has.
    pub fn used(mut self, now: Duration, limits: &Limits) -> Result<Self, Ended> {
        if let Some(ended) = self.ended(now, limits) {
            return Err(ended);
        }
        self.last_used = self.last_used.max(now);
        Ok(self)
    }

    /// Takes note that an access token is used that was given with the cookie of this rotation. If that is the current
    /// cookie, its holder has received it, and has no excuse to present the one before.
    #[must_use]
    pub fn received(mut self, rotation: u32) -> Self {
        if rotation == self.rotation {
            self.previous = None;
        }
        self
    }

    pub fn current(&self) -> &C {
        &self.current
    }

    pub fn previous(&self) -> Option<&Previous<C>> {
        self.previous.as_ref()
    }

    /// How often the cookie has been replaced. An access token that is given with a cookie has to say it, for
    /// [`received`](Self::received).
    pub fn rotation(&self) -> u32 {
        self.rotation
    }

    pub fn started(&self) -> Duration {
        self.started
    }

    pub fn last_used(&self) -> Duration {
        self.last_used
    }

    /// Whether this is the cookie right before the current one, within the grace, and its holder may not have received
    /// the answer.
    fn forgives(&self, presented: &C, now: Duration, limits: &Limits) -> bool {
        self.previous.as_ref().is_some_and(|previous| {
            previous.cookie == *presented
                && now.saturating_sub(previous.replaced) < limits.reuse_grace
        })
    }
}

#[cfg(test)]
mod tests;
