//! The world around one machine, as bad as it can be.

use std::collections::VecDeque;

use simulated_browser::{App, Browser, Locks, Told, failed, jwt};
use tokenhold::core::{
    AccessToken, Answer, Ask, AttemptId, CallId, Claims, Crowd, HandOver, Holder, Life,
    LogoutPolicy, Machine, Message, News, Now, Policy, Presence, Rank, Reason, RequestId,
    SharedBackoff, Status, Subject, TabId, TabSharing, Ticket, TokenResponse, Version,
};

use super::browser::OURS;
use super::checks::{self, Checks};
use super::moves::{Answered, Held, Lasting, Move, Peer, Rumour, Setting, Span, Versioned, Who};

pub(super) const US: TabId = TabId(1);
pub(super) const PEER: TabId = TabId(2);
const START: Now = Now {
    monotonic: 5_000_000,
    wall: 1_700_000_000_000,
};
/// No single input makes that many things happen, beyond what waits.
const MAX_EFFECTS: usize = 64;
/// Base64url, as of a JWT's signature.
const SIGNATURE: &str = "c2lnbmF0dXJl";
/// As many timers as there are may be due at once, and each may set another.
const MAX_TIMEOUTS_AT_ONCE: u32 = 32;
/// More timers than that are a long wait, not a better test.
const MAX_TIMEOUTS: u32 = 200;

pub(super) struct World {
    pub(super) machine: Machine,
    pub(super) app: App<Subject>,
    pub(super) locks: Locks,
    /// The locks that the tab has and has not heard of.
    pub(super) granted: VecDeque<Ticket>,
    pub(super) now: Now,
    pub(super) timeout: u64,
    pub(super) checks: Checks,
    /// The last refresh request, if it is one that ends with its page.
    pub(super) repeat: Option<AttemptId>,
    pub(super) logouts: Vec<AttemptId>,
    pub(super) announced: Option<Version>,
    pub(super) asked: bool,
    /// The tokens of the peer, and those that it has sealed.
    peer: Option<(News, AccessToken)>,
    pub(super) sealed: Vec<(News, AccessToken)>,
    pub(super) unsealing: VecDeque<(News, AccessToken)>,
    /// A token has been unsealed, and the machine may still be looking before it takes it.
    unsealed: bool,
    pub(super) away: bool,
    disposed: bool,
    /// How many more effects this input may have.
    pub(super) effects_left: usize,
}

impl World {
    pub(super) fn new(setting: &Setting) -> World {
        let timeout = u64::from(setting.timeout).max(1);
        let policy = Policy {
            timeout,
            restore: setting.restore,
            logout: setting.logout.map(|with_token| LogoutPolicy { with_token }),
        };
        let sharing = match setting.alone {
            true => TabSharing::Alone,
            false => TabSharing::Shared,
        };
        World {
            machine: Machine::new(policy, US, sharing, setting.seed, START),
            app: App::opened(START.monotonic),
            locks: Locks::default(),
            granted: VecDeque::new(),
            now: START,
            timeout,
            checks: Checks::of(sharing),
            repeat: None,
            logouts: Vec::new(),
            announced: None,
            asked: false,
            peer: None,
            sealed: Vec::new(),
            unsealing: VecDeque::new(),
            unsealed: false,
            away: false,
            disposed: false,
            effects_left: 0,
        }
    }

    pub(super) fn start(&mut self) {
        self.step(false, |machine, now| machine.start(now));
    }

    pub(super) fn make(&mut self, next: Move) {
        match next {
            Move::Request => self.request(),
            Move::Rejected {
                which,
                says,
                replayable,
            } => {
                if let Some(id) = pick(&self.requests(true), which) {
                    self.app.take_back(id, self.now.monotonic);
                    let challenge = says.challenge();
                    self.step(false, |machine, now| {
                        machine.handle_rejected(id, challenge, replayable, now)
                    });
                }
            }
            Move::Over { which } => {
                let requests = [true, false].map(|are_sent| self.requests(are_sent));
                if let Some(id) = pick(&requests.concat(), which) {
                    self.app.end_request(id);
                    self.step(false, |machine, _| machine.handle_request_over(id));
                }
            }
            Move::Refresh => self.call(false, |machine, call, now| {
                machine.handle_refresh(call, now)
            }),
            Move::SignIn(lasting) => {
                self.checks.logged_out(false);
                let response = lasting.map(|lasting| self.response(lasting));
                self.call(response.is_some(), |machine, call, now| {
                    machine.handle_sign_in(call, response, now)
                });
            }
            Move::Logout => {
                self.checks.logged_out(true);
                self.call(false, |machine, call, now| machine.handle_logout(call, now));
            }
            Move::Dispose => self.dispose(),
            Move::Wait(span) => self.wait(span.milliseconds()),
            Move::Sleep(span) => self.now.wall += span.milliseconds(),
            Move::SetClock(by) => self.now.wall = self.now.wall.saturating_add_signed(by.into()),
            Move::Timeout => self.step(false, |machine, now| machine.handle_timeout(now)),
            Move::Visible(visible) => self.step(false, |machine, now| {
                machine.handle_visibility(visible, now)
            }),
            Move::Wake => self.step(false, |machine, now| machine.handle_wake(now)),
            Move::Online => self.tell(false, Told::Online),
            Move::Hide => {
                self.away = true;
                self.checks.went_away();
                self.step(false, |machine, now| machine.handle_hide(now));
            }
            Move::Show => self.show(),
            Move::GrantLock => {
                if let Some(ticket) = self.grant_lock() {
                    self.tell(false, Told::LockGranted(ticket));
                }
            }
            Move::Peers(peers, locks) => self.see(&peers, &locks),
            Move::Announced => {
                if let Some(version) = self.announced {
                    self.tell(false, Told::Announced(version));
                }
            }
            Move::Unsealed => {
                if let Some((news, token)) = self.unsealing.pop_front() {
                    self.checks.logged_out(false);
                    self.unsealed = true;
                    self.tell(true, Told::Unsealed(news, token));
                }
            }
            Move::Answered { which, with } => {
                if let Some(id) = pick(&self.checks.in_flight(), which) {
                    self.answer(id, &with);
                }
            }
            Move::LogoutAnswered { confirmed } => {
                if let Some(id) = self.logouts.pop() {
                    self.tell(false, Told::LogoutAnswered(id, confirmed));
                }
            }
            Move::PeerHasToken(version, lasting) => {
                let version = self.version(version);
                self.peer_has(version, lasting);
            }
            Move::PeerHandsOver => self.peer_hands_over(),
            Move::Bytes(bytes) => {
                if let Some(message) = Message::decode(&bytes) {
                    self.hear(message);
                }
            }
            Move::News(told) => self.hear(Message::News(self.news(told))),
            Move::SignedOut { version, ended } => self.hear(Message::SignedOut {
                version: self.version(version),
                reason: if ended {
                    Reason::Ended
                } else {
                    Reason::Elsewhere
                },
            }),
            Move::Ask { to } => self.hear(Message::Ask(Ask {
                from: PEER,
                to: tab(to),
                key: [4; 65],
            })),
            Move::HandOver { to, told, sealed } => {
                self.hear(hand_over(tab(to), self.news(told), sealed))
            }
        }
    }

    pub(super) fn dispose(&mut self) {
        self.disposed = true;
        self.step(false, |machine, _| machine.handle_dispose());
        assert_eq!(self.machine.next_timeout(self.now), None, "a timer is left");
        assert_eq!(self.locks.requests_of(OURS).count(), 0, "the lock is left");
        assert_ne!(self.machine.status(), Status::SignedIn, "a session is left");
    }

    /// Nobody does anything any more, not even answer.
    pub(super) fn be_left_alone(&mut self) {
        if self.away && !self.disposed {
            self.show();
        }
        self.wait(10 * self.timeout + 60_000);
    }

    pub(super) fn nobody_waits(&self) {
        checks::nobody_waits(&self.app);
    }

    /// Whether a request has been sent with a token.
    pub(super) fn served_somebody(&self) -> bool {
        self.checks.served_somebody()
    }

    /// Time passes, and timers fire when they are due. Past a number of them the page is throttled:
    /// whatever else was due fires at the end.
    fn wait(&mut self, mut left: u64) {
        let (mut in_all, mut at_once) = (0, 0);
        while let Some(next) = self.next_timeout(left).filter(|_| in_all < MAX_TIMEOUTS) {
            in_all += 1;
            at_once = if next == 0 { at_once + 1 } else { 0 };
            assert!(at_once < MAX_TIMEOUTS_AT_ONCE, "it is spinning");
            left -= next;
            self.pass(next);
            self.step(false, |machine, now| machine.handle_timeout(now));
        }
        self.pass(left);
        self.step(false, |machine, now| machine.handle_timeout(now));
    }

    fn next_timeout(&self, within: u64) -> Option<u64> {
        self.machine
            .next_timeout(self.now)
            .filter(|next| *next <= within)
    }

    fn pass(&mut self, ms: u64) {
        self.now.monotonic += ms;
        self.now.wall += ms;
    }

    fn request(&mut self) {
        self.app.person = self
            .machine
            .access_token()
            .as_ref()
            .and_then(checks::subject);
        let id = self.app.make_request(self.now.monotonic);
        self.step(false, |machine, now| machine.handle_request(id, now));
    }

    fn call(&mut self, token_comes: bool, make: impl FnOnce(&mut Machine, CallId, Now)) {
        let call = self.app.make_call(self.now.monotonic);
        self.step(token_comes, |machine, now| make(machine, call, now));
    }

    fn show(&mut self) {
        self.away = false;
        self.step(false, |machine, now| machine.handle_show(now));
    }

    fn hear(&mut self, message: Message) {
        self.checks.logged_out(false);
        self.tell(false, Told::Message(message));
    }

    fn see(&mut self, peers: &[Peer], locks: &[Held]) {
        self.checks.logged_out(false);
        let peers: Vec<Presence> = peers.iter().map(|peer| self.presence(*peer)).collect();
        let holder = |held: &Held| Holder {
            rank: Rank(held.rank.into()),
            client: held.client.into(),
        };
        let holders: Vec<Holder> = locks.iter().map(holder).collect();
        self.tell(false, Told::Peers(peers, holders));
    }

    fn answer(&mut self, id: AttemptId, with: &Answered) {
        let (answer, token_comes) = match with {
            Answered::Granted(lasting) => (Answer::Granted(self.response(*lasting)), true),
            Answered::Ended => (Answer::Ended, false),
            Answered::Network | Answered::Malformed => (failed(with.failure(), None), false),
            Answered::Status(_, retry_after) => (failed(with.failure(), *retry_after), false),
        };
        self.checks.answered(id);
        self.tell(token_comes, Told::RefreshAnswered(id, answer));
    }

    fn peer_has(&mut self, version: Version, lasting: Lasting) {
        let response = self.response(lasting);
        let news = News {
            from: PEER,
            version,
            subject: response.claims.and_then(|claims| claims.subject),
            life: Life {
                age: 0,
                lifetime: response.lifetime,
                is_kept: false,
            },
            said_at: self.now.wall,
            crowd: Crowd::default(),
        };
        self.peer = Some((news, response.token));
        self.hear(Message::News(news));
    }

    fn peer_hands_over(&mut self) {
        let Some((news, token)) = self.peer.clone().filter(|_| self.asked) else {
            return;
        };
        self.asked = false;
        self.sealed.push((news, token));
        let place = self.sealed.len() as u64;
        self.hear(hand_over(US, news, place.to_be_bytes().to_vec()));
    }

    fn tell(&mut self, token_comes: bool, told: Told) {
        self.step(token_comes, |machine, now| told.tell(machine, now));
    }

    /// One input, and everything that comes of it.
    fn step(&mut self, token_comes: bool, happen: impl FnOnce(&mut Machine, Now)) {
        let was_signed_in = self.machine.status() == Status::SignedIn;
        let waiting = self.app.requests().len();
        self.effects_left = MAX_EFFECTS + 2 * waiting + self.app.ids_given() as usize;
        happen(&mut self.machine, self.now);
        self.perform_all(OURS);
        let lines = self.locks.requests_of(OURS).count();
        assert!(lines <= 1, "liveness: it stands in {lines} lines");
        let token_comes = token_comes || self.unsealed;
        self.checks.state(&self.machine, was_signed_in, token_comes);
        self.unsealed &= self.machine.status() == Status::Restoring;
    }

    /// A token that there has not been before.
    fn response(&mut self, lasting: Lasting) -> TokenResponse {
        let number = self.app.next_id();
        let text = match lasting.subject {
            Some(one) => {
                let person = if one { "alice" } else { "bob" };
                jwt(
                    &format!(r#"{{"sub":"{person}","jti":{number}}}"#),
                    SIGNATURE,
                )
            }
            None => format!("token-{number}!"),
        };
        let token = AccessToken::parse(text).expect("a token");
        self.checks.token_came(&token);
        TokenResponse {
            claims: Claims::read(token.expose()),
            token,
            lifetime: lasting.lifetime.map(|ms| u64::from(ms).max(1_000)),
        }
    }

    fn news(&self, told: Rumour) -> News {
        News {
            from: tab(told.from),
            version: self.version(told.version),
            subject: told.subject.map(Subject),
            life: Life {
                age: told.age,
                lifetime: told.lifetime,
                is_kept: false,
            },
            said_at: told.said_at.unwrap_or(self.now.wall),
            crowd: Crowd(told.crowd),
        }
    }

    fn version(&self, versioned: Versioned) -> Version {
        let here = self.machine.version();
        let near = |epoch: i8| here.epoch.saturating_add_signed(epoch.into());
        match versioned {
            Versioned::Any(epoch, generation, author) => Version {
                epoch,
                generation,
                author: tab(author),
            },
            Versioned::Near {
                epoch,
                generation,
                author,
            } => Version {
                epoch: near(epoch),
                generation: here.generation.saturating_add_signed(generation.into()),
                author: tab(author),
            },
            Versioned::EndNear { epoch, author } => Version {
                epoch: near(epoch),
                generation: Version::SIGNED_OUT,
                author: tab(author),
            },
        }
    }

    fn presence(&self, peer: Peer) -> Presence {
        let (failures, status, wait) = peer.backoff.unwrap_or((0, None, Span::Milliseconds(0)));
        Presence {
            tab: tab(peer.tab),
            version: self.version(peer.version),
            backoff: SharedBackoff {
                failures,
                status,
                until: self.now.wall.saturating_add(wait.milliseconds()),
                wait: wait.milliseconds(),
                may_be_jumped: peer.may_be_jumped,
                is_asked_for: peer.is_asked_for,
            },
            is_logging_out: peer.is_logging_out,
        }
    }

    fn requests(&self, are_sent: bool) -> Vec<RequestId> {
        let requests = self.app.requests().iter();
        let there = requests.filter(|request| request.is_at_the_api() == are_sent);
        there.map(|request| request.id).collect()
    }
}

fn pick<T: Copy>(all: &[T], which: u8) -> Option<T> {
    all.get(usize::from(which) % all.len().max(1)).copied()
}

fn tab(who: Who) -> TabId {
    match who {
        Who::Us => US,
        Who::Peer => PEER,
        Who::Other(id) => TabId(id),
    }
}

fn hand_over(to: TabId, news: News, sealed: Vec<u8>) -> Message {
    Message::HandOver(HandOver {
        to,
        news,
        key: [4; 65],
        nonce: [0; 12],
        sealed,
    })
}
