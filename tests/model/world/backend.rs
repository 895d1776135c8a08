//! The backend: sessions by the reference backend's own rules, and an API that takes their tokens.

use std::time::Duration;

use simulated_browser::jwt;
use tokenhold::core::{AccessToken, Answer, Claims, TokenResponse};
use tokenhold_backend::rules::{Limits, Refresh, Session};

/// Every token has this in it, so that one can be found where none should be. With the numbers of
/// its session and its own, it makes twelve characters: base64url that a JWT can be signed with.
pub const SECRET: &str = "s3cretly";

const AGES: Duration = Duration::from_secs(1 << 40);
const PEOPLE: [&str; 2] = ["alice", "bob"];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cookie {
    pub session: usize,
    number: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Backend {
    /// For how long the cookie before the current one is forgiven, in milliseconds.
    pub grace: u64,
    /// In milliseconds.
    pub access_ttl: u64,
    /// Whether tokens are JWTs that say whose they are.
    pub tells_subject: bool,
    /// Whether the API takes no token at all.
    pub refuses_all: bool,
    records: Vec<Record>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Record {
    session: Option<Session<Cookie>>,
    cookies: u8,
    /// Its tokens, by their numbers.
    tokens: Vec<Issued>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Issued {
    ends: u64,
    /// The rotation of the cookie with which it was given.
    rotation: u32,
}

impl Backend {
    pub fn new(grace: u64, access_ttl: u64, tells_subject: bool) -> Backend {
        Backend {
            grace,
            access_ttl,
            tells_subject,
            refuses_all: false,
            records: Vec::new(),
        }
    }

    /// Every session is another person's than the one before.
    pub fn login(&mut self, now: u64) -> (Cookie, TokenResponse) {
        let session = self.records.len();
        let cookie = Cookie { session, number: 0 };
        self.records.push(Record {
            session: Some(Session::start(cookie, self.time(now))),
            cookies: 1,
            tokens: Vec::new(),
        });
        (cookie, self.issue(session, now))
    }

    pub fn refresh(&mut self, cookie: Option<Cookie>, now: u64) -> (Answer, Option<Cookie>) {
        let Some(cookie) = cookie else {
            return (Answer::Ended, None);
        };
        let (time, limits) = (self.time(now), self.limits());
        let record = &mut self.records[cookie.session];
        let Some(session) = record.session.take() else {
            return (Answer::Ended, None);
        };
        let fresh = Cookie {
            session: cookie.session,
            number: record.cookies,
        };
        match session.refresh(&cookie, fresh, time, &limits) {
            Refresh::Rotated(session) => {
                record.cookies += 1;
                record.session = Some(session);
                (
                    Answer::Granted(self.issue(cookie.session, now)),
                    Some(fresh),
                )
            }
            Refresh::Repeated(session) => {
                let current = *session.current();
                record.session = Some(session);
                (
                    Answer::Granted(self.issue(cookie.session, now)),
                    Some(current),
                )
            }
            Refresh::Ended(_) => (Answer::Ended, None),
        }
    }

    pub fn logout(&mut self, cookie: Option<Cookie>) {
        if let Some(cookie) = cookie {
            self.records[cookie.session].session = None;
        }
    }

    /// Whether the API takes this token. If it does, its holder has received the answer that it came with.
    pub fn accepts(&mut self, token: &AccessToken, now: u64) -> bool {
        let (session, number) = numbers(token);
        let record = &mut self.records[session];
        let Issued { ends, rotation } = record.tokens[number];
        let accepts = now < ends && record.session.is_some() && !self.refuses_all;
        if accepts && self.grace > 0 {
            record.session = record.session.take().map(|live| live.received(rotation));
        }
        accepts
    }

    pub fn lives(&self, session: usize) -> bool {
        self.records[session].session.is_some()
    }

    /// From now on the API rejects all tokens issued so far.
    pub fn revoke_tokens(&mut self) {
        for record in &mut self.records {
            for issued in &mut record.tokens {
                issued.ends = 0;
            }
        }
    }

    fn issue(&mut self, session: usize, now: u64) -> TokenResponse {
        let record = &mut self.records[session];
        let mut text = format!("{SECRET}-{session}-{}", record.tokens.len());
        let alive = record.session.as_ref();
        record.tokens.push(Issued {
            ends: now + self.access_ttl,
            rotation: alive.expect("only a live session gets tokens").rotation(),
        });
        if self.tells_subject {
            let payload = format!(r#"{{"sub":"{}"}}"#, person(session));
            text = jwt(&payload, &text);
        }
        let token = AccessToken::parse(text).expect("what the backend issues is a token");
        TokenResponse {
            claims: Claims::read(token.expose()),
            token,
            lifetime: Some(self.access_ttl),
        }
    }

    /// Under strict rotation nothing depends on when it happens; then it is always the same time,
    /// which makes for fewer states.
    fn time(&self, now: u64) -> Duration {
        Duration::from_millis(if self.grace > 0 { now } else { 0 })
    }

    fn limits(&self) -> Limits {
        Limits {
            idle: AGES,
            absolute: AGES,
            reuse_grace: Duration::from_millis(self.grace),
        }
    }
}

/// The session that a token belongs to.
pub fn session_of(token: &AccessToken) -> usize {
    numbers(token).0
}

pub fn person(session: usize) -> &'static str {
    PEOPLE[session % PEOPLE.len()]
}

fn numbers(token: &AccessToken) -> (usize, usize) {
    let text = token.expose();
    let mut parts = text.rsplit('-');
    let mut next = || parts.next().and_then(|part| part.parse().ok());
    let (number, session) = (next(), next());
    session
        .zip(number)
        .expect("the backend has issued every token")
}
