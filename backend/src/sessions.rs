//! Performs the decisions of the rules: reads a session, asks the rules, writes the result.

use std::sync::Arc;
use std::time::Duration;

use crate::access_token::Subject;
use crate::cookie::{Cookie, Nonce};
use crate::random;
use crate::rules::{Ended, Limits, Refresh, Session};
use crate::store::{Record, Result, Store};

/// The sessions in the store. Calls block while the store works.
pub struct Sessions {
    store: Arc<dyn Store>,
    limits: Limits,
}

/// A session and the cookie that now belongs in the browser.
pub struct Granted {
    pub session: Record,
    pub cookie: Cookie,
}

impl Sessions {
    pub fn new(store: Arc<dyn Store>, limits: Limits) -> Self {
        Self { store, limits }
    }

    /// Begins a session for a person who has just proved who they are.
    pub fn start(&self, username: &str, user_agent: &str, now: Duration) -> Result<Granted> {
        self.store
            .prune(now.saturating_sub(self.limits.absolute), now)?;
        let cookie = Cookie::random();
        let session = Record {
            id: random::id(),
            username: username.to_owned(),
            user_agent: user_agent.to_owned(),
            session: Session::start(cookie.mark(), now),
            nonce: None,
        };
        self.store.start(&session)?;
        tracing::info!(session = session.id, "session started");
        Ok(Granted { session, cookie })
    }

    /// Answers a cookie with its successor. `None`: there is no such session, or it has ended.
    pub fn refresh(&self, presented: &Cookie, now: Duration) -> Result<Option<Granted>> {
        let mark = presented.mark();
        // The request that loses the race to rotate a cookie reads again and finds it replaced, so the second look
        // decides.
        while let Some(found) = self.store.by_cookie(&mark)? {
            let nonce = Nonce::random();
            let successor = presented.successor(&nonce);
            match found
                .session
                .clone()
                .refresh(&mark, successor.mark(), now, &self.limits)
            {
                Refresh::Rotated(session) => {
                    let rotated = Record {
                        session,
                        nonce: Some(nonce),
                        ..found
                    };
                    if self.store.rotate(&mark, &rotated)? {
                        tracing::info!(session = rotated.id, "cookie rotated");
                        return Ok(Some(Granted {
                            session: rotated,
                            cookie: successor,
                        }));
                    }
                }
                Refresh::Repeated(_) => {
                    tracing::info!(session = found.id, "cookie repeated within the grace");
                    return Ok(found.nonce.map(|nonce| Granted {
                        cookie: presented.successor(&nonce),
                        session: found,
                    }));
                }
                Refresh::Ended(why) => {
                    self.end_because(&found.id, why)?;
                    return Ok(None);
                }
            }
        }
        Ok(None)
    }

    /// Counts a use of the session by one of its tokens. Says whether it lives.
    pub fn visit(&self, token: &Subject, now: Duration) -> Result<bool> {
        let Some(found) = self.store.by_id(&token.sid)? else {
            return Ok(false);
        };
        match found.session.used(now, &self.limits) {
            Ok(session) => {
                self.store.used(&found.id, session.last_used())?;
                if session.clone().received(token.rot) != session {
                    self.store.received(&found.id, token.rot)?;
                }
                Ok(true)
            }
            Err(why) => {
                self.end_because(&found.id, why)?;
                Ok(false)
            }
        }
    }

    /// A person's sessions that live, the oldest first.
    pub fn of(&self, username: &str, now: Duration) -> Result<Vec<Record>> {
        let mut sessions = self.store.of(username)?;
        sessions.retain(|found| found.session.ended(now, &self.limits).is_none());
        Ok(sessions)
    }

    /// Ends the session that has, or ever had, this cookie. Says whether there was one.
    pub fn end_by_cookie(&self, cookie: &Cookie) -> Result<bool> {
        match self.store.by_cookie(&cookie.mark())? {
            Some(found) => self.end(&found.id),
            None => Ok(false),
        }
    }

    /// Ends a session of this person's own. Says whether there was one.
    pub fn end_own(&self, username: &str, id: &str) -> Result<bool> {
        match self.store.by_id(id)? {
            Some(found) if found.username == username => self.end(id),
            _ => Ok(false),
        }
    }

    /// Ends a session. Says whether it lived.
    pub fn end(&self, id: &str) -> Result<bool> {
        let ended = self.store.end(id)?;
        if ended {
            tracing::info!(session = id, "session ended by its owner");
        }
        Ok(ended)
    }

    fn end_because(&self, id: &str, why: Ended) -> Result<()> {
        if self.store.end(id)? {
            match why {
                Ended::Reused => {
                    tracing::warn!(session = id, "session ended: a cookie was used again")
                }
                Ended::Idle => tracing::info!(session = id, "session ended: idle for too long"),
                Ended::Absolute => tracing::info!(session = id, "session ended: its time is over"),
            }
        }
        Ok(())
    }
}
