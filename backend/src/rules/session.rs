use std::time::Duration;

use super::Limits;

/// A session that lives: its current cookie, the one before it, and the two clocks that end it.
///
/// Every `now` is the time since one fixed moment of the caller's choice. A clock that steps back ends nothing.
///
/// The caller knows which cookies a session has ever had, and brings a session only cookies that were once its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session<C> {
    current: C,
    previous: Option<Previous<C>>,
    started: Duration,
    last_used: Duration,
}

/// The cookie that the current one replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous<C> {
    pub cookie: C,
    pub replaced: Duration,
}

/// What became of a refresh. An ended session is gone: there is nothing left to use by mistake.
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
            started: now,
            last_used: now,
        }
    }

    /// The session as a store kept it.
    pub fn restore(
        current: C,
        previous: Option<Previous<C>>,
        started: Duration,
        last_used: Duration,
    ) -> Self {
        Self {
            current,
            previous,
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

    /// Notes that the session was used. Call it only on a session that no limit has [ended](Self::ended).
    pub fn used(&mut self, now: Duration) {
        self.last_used = self.last_used.max(now);
    }

    pub fn current(&self) -> &C {
        &self.current
    }

    pub fn previous(&self) -> Option<&Previous<C>> {
        self.previous.as_ref()
    }

    pub fn started(&self) -> Duration {
        self.started
    }

    pub fn last_used(&self) -> Duration {
        self.last_used
    }

    /// Only the cookie right before the current one, and only for the grace: its holder may never have seen the answer.
    fn forgives(&self, presented: &C, now: Duration, limits: &Limits) -> bool {
        self.previous.as_ref().is_some_and(|previous| {
            previous.cookie == *presented
                && now.saturating_sub(previous.replaced) < limits.reuse_grace
        })
    }
}
