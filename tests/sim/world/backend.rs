//! The backend: sessions by the reference backend's own rules, access tokens, and an API.

use std::collections::BTreeMap;
use std::time::Duration;

use simulated_browser::{failed, jwt};
use tokenhold::core::{AccessToken, Answer, Claims, Failure, TokenResponse};
use tokenhold_backend::rules::{Ended, Limits, REUSE_GRACE, Refresh, Session};

use super::network::Weather;
use super::{HOUR, MINUTE};

/// The grace that is recommended, in milliseconds.
pub const GRACE: u64 = REUSE_GRACE.as_secs() * 1_000;

const SIGNATURE: &str = "c2lnbmF0dXJl";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cookie(u64);

pub struct Backend {
    pub weather: Weather,
    /// Milliseconds.
    pub access_ttl: u64,
    /// Whether tokens are JWTs that say whose they are.
    pub tells_subject: bool,
    /// Whether the API rejects every token.
    pub rejects_all: bool,
    /// When it has restarted; it answers nobody before.
    pub down_until: u64,
    /// Refresh requests that arrived.
    pub refreshes: u32,
    /// Logout requests that arrived.
    pub logouts: u32,
    limits: Limits,
    sessions: Vec<Record>,
    owners: BTreeMap<Cookie, usize>,
    tokens: BTreeMap<String, Issued>,
    last_id: u64,
}

struct Record {
    person: &'static str,
    session: Option<Session<Cookie>>,
}

/// The backend's knowledge of a token.
#[derive(Clone, Copy)]
pub struct Issued {
    pub session: usize,
    /// The rotation of the session's cookie with which it was given.
    rotation: u32,
    pub at: u64,
    pub expires: u64,
    pub revoked: bool,
    /// The API has rejected it.
    pub was_rejected: bool,
}

/// The outcome of a refresh request.
pub struct Outcome {
    pub answer: Answer,
    pub cookie: Option<Cookie>,
    /// The session that the request ended, and why.
    pub ended: Option<(usize, Ended)>,
}

impl Backend {
    /// With strict rotation: a cookie that is used twice ends its session.
    pub fn strict() -> Backend {
        Backend::with_grace(0)
    }

    /// With the grace that is recommended.
    pub fn forgiving() -> Backend {
        Backend::with_grace(GRACE)
    }

    /// A backend that forgives the second use of a cookie for `grace` milliseconds, or until the answer to the first is
    /// used.
    pub fn with_grace(grace: u64) -> Backend {
        Backend {
            weather: Weather::Fine,
            access_ttl: 5 * MINUTE,
            tells_subject: true,
            rejects_all: false,
            down_until: 0,
            refreshes: 0,
            logouts: 0,
            limits: Limits {
                idle: Duration::from_millis(10_000 * HOUR),
                absolute: Duration::from_millis(100_000 * HOUR),
                reuse_grace: Duration::from_millis(grace),
            },
            sessions: Vec::new(),
            owners: BTreeMap::new(),
            tokens: BTreeMap::new(),
            last_id: 0,
        }
    }

    pub fn is_strict(&self) -> bool {
        self.limits.reuse_grace.is_zero()
    }

    pub fn login(&mut self, person: &'static str, now: u64) -> (Cookie, TokenResponse) {
        let cookie = self.next_cookie(self.sessions.len());
        let session = Some(Session::start(cookie, Duration::from_millis(now)));
        self.sessions.push(Record { person, session });
        (cookie, self.issue(self.sessions.len() - 1, now))
    }

    pub fn refresh(&mut self, cookie: Option<Cookie>, now: u64) -> Outcome {
        self.refreshes += 1;
        let over = Outcome {
            answer: Answer::Ended,
            cookie: None,
            ended: None,
        };
        let Some(owner) = self.session_of(cookie) else {
            return over;
        };
        let Some((cookie, session)) = cookie.zip(self.sessions[owner].session.take()) else {
            return over;
        };
        let fresh = self.next_cookie(owner);
        let time = Duration::from_millis(now);
        match session.refresh(&cookie, fresh, time, &self.limits) {
            Refresh::Rotated(session) | Refresh::Repeated(session) => {
                let current = *session.current();
                self.sessions[owner].session = Some(session);
                Outcome {
                    answer: Answer::Granted(self.issue(owner, now)),
                    cookie: Some(current),
                    ended: None,
                }
            }
            Refresh::Ended(why) => Outcome {
                ended: Some((owner, why)),
                ..over
            },
        }
    }

    /// A refresh that something in between answers.
    pub fn refuse(&mut self, failure: Failure, retry_after: Option<u64>) -> Outcome {
        self.refreshes += 1;
        Outcome {
            answer: failed(failure, retry_after),
            cookie: None,
            ended: None,
        }
    }

    /// Ends the session of the cookie, and that of the token. Returns whether the cookie had one.
    pub fn logout(&mut self, cookie: Option<Cookie>, token: Option<&str>, now: u64) -> bool {
        self.logouts += 1;
        if let Some(token) = token.filter(|token| self.accepts(token, now)) {
            let session = self.tokens[token].session;
            self.sessions[session].session = None;
        }
        self.end(cookie)
    }

    /// Ends the session of a cookie, if it has one that lives.
    pub fn end(&mut self, cookie: Option<Cookie>) -> bool {
        let owner = self.session_of(cookie);
        owner.is_some_and(|owner| self.sessions[owner].session.take().is_some())
    }

    /// The API's answer to a request with this token.
    pub fn status_for(&mut self, token: Option<&str>, now: u64) -> u16 {
        if let Some(token) = token.filter(|token| self.accepts(token, now)) {
            self.note_use_of(token);
            return 200;
        }
        if let Some(issued) = token.and_then(|token| self.tokens.get_mut(token)) {
            issued.was_rejected = true;
        }
        401
    }

    pub fn revoke_all_tokens(&mut self) {
        for issued in self.tokens.values_mut() {
            issued.revoked = true;
        }
    }

    pub fn end_all_sessions(&mut self) {
        for record in &mut self.sessions {
            record.session = None;
        }
    }

    /// The person whose session the cookie belongs to, alive or not.
    pub fn person(&self, cookie: Option<Cookie>) -> Option<&'static str> {
        Some(self.sessions[self.session_of(cookie)?].person)
    }

    pub fn lives(&self, cookie: Option<Cookie>) -> bool {
        self.session_of(cookie)
            .is_some_and(|session| self.sessions[session].session.is_some())
    }

    /// The session that a cookie belongs to, alive or not.
    pub fn session_of(&self, cookie: Option<Cookie>) -> Option<usize> {
        self.owners.get(&cookie?).copied()
    }

    /// The session that a token belongs to, and the person.
    pub fn owner(&self, token: &str) -> (usize, &'static str) {
        let session = self.tokens[token].session;
        (session, self.sessions[session].person)
    }

    pub fn issued(&self, token: &str) -> Issued {
        self.tokens[token]
    }

    /// The holder of this token has received the answer that it came with.
    fn note_use_of(&mut self, token: &str) {
        let issued = self.tokens[token];
        let session = &mut self.sessions[issued.session].session;
        *session = session
            .take()
            .map(|session| session.received(issued.rotation));
    }

    fn accepts(&self, token: &str, now: u64) -> bool {
        !self.rejects_all
            && self.tokens.get(token).is_some_and(|issued| {
                let lives = self.sessions[issued.session].session.is_some();
                lives && !issued.revoked && now < issued.expires
            })
    }

    fn issue(&mut self, session: usize, now: u64) -> TokenResponse {
        self.last_id += 1;
        let text = if self.tells_subject {
            let (person, id) = (self.sessions[session].person, self.last_id);
            jwt(&format!(r#"{{"sub":"{person}","jti":"{id}"}}"#), SIGNATURE)
        } else {
            format!("opaque-{}", self.last_id)
        };
        let alive = self.sessions[session].session.as_ref();
        let issued = Issued {
            session,
            rotation: alive.expect("only a live session gets tokens").rotation(),
            at: now,
            expires: now + self.access_ttl,
            revoked: false,
            was_rejected: false,
        };
        self.tokens.insert(text.clone(), issued);
        let token = AccessToken::parse(text).expect("what the backend issues is a token");
        TokenResponse {
            claims: Claims::read(token.expose()),
            token,
            lifetime: Some(self.access_ttl),
        }
    }

    fn next_cookie(&mut self, owner: usize) -> Cookie {
        self.last_id += 1;
        let cookie = Cookie(self.last_id);
        self.owners.insert(cookie, owner);
        cookie
    }
}
