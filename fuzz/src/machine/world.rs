//! The world around one machine, as bad as it can be.

use std::collections::VecDeque;

use base64ct::{Base64UrlUnpadded, Encoding};
use tokenhold::core::{
    AccessToken, Answer, Ask, AttemptId, CallId, Claims, Effect, HandOver, Holder, Life,
    LogoutPolicy, Machine, Message, News, Now, Policy, Presence, Rank, Reason, RequestId,
    SharedBackoff, Status, Subject, TabId, TabSharing, TokenResponse, Version,
};

use super::checks::{Checks, Place};
use super::moves::{Answered, Held, Lasting, Move, Peer, Setting, Span, Told, Versioned, Who};

const US: TabId = TabId(1);
const PEER: TabId = TabId(2);
const START: Now = Now {
    monotonic: 5_000_000,
    wall: 1_700_000_000_000,
};
/// No single input makes that many things happen, beyond what waits.
const MAX_EFFECTS: usize = 64;
/// As many timers as there are may be due at once, and each may set another.
const MAX_TIMEOUTS_AT_ONCE: u32 = 32;
/// More timers than that are a long wait, not a better test.
const MAX_TIMEOUTS: u32 = 200;

pub(super) struct World {
    machine: Machine,
    now: Now,
    timeout: u64,
    checks: Checks,
    logouts: Vec<AttemptId>,
    announced: Option<Version>,
    asked: bool,
    /// The tokens of the peer, and those that it has sealed.
    peer: Option<(News, AccessToken)>,
    sealed: Vec<(News, AccessToken)>,
    unsealing: VecDeque<(News, AccessToken)>,
    /// A token has been unsealed, and the machine may still be looking before it takes it.
    unsealed: bool,
    away: bool,
    disposed: bool,
    last_id: u32,
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
            now: START,
            timeout,
            checks: Checks::of(sharing),
            logouts: Vec::new(),
            announced: None,
            asked: false,
            peer: None,
            sealed: Vec::new(),
            unsealing: VecDeque::new(),
            unsealed: false,
            away: false,
            disposed: false,
            last_id: 0,
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
                if let Some(id) = pick(&self.checks.requests(Place::Sent), which) {
                    self.checks.comes_back(id);
                    let challenge = says.challenge();
                    self.step(false, |machine, now| {
                        machine.handle_rejected(id, challenge, replayable, now)
                    });
                }
            }
            Move::Over { which } => {
                let requests = [Place::Sent, Place::Held].map(|place| self.checks.requests(place));
                if let Some(id) = pick(&requests.concat(), which) {
                    self.checks.forget(id);
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
            Move::Online => self.step(false, |machine, now| machine.handle_online(now)),
            Move::Hide => {
                self.away = true;
                self.checks.went_away();
                self.step(false, |machine, now| machine.handle_hide(now));
            }
            Move::Show => self.show(),
            Move::GrantLock => {
                if let Some(ticket) = self.checks.grant_lock() {
                    self.step(false, |machine, now| {
                        machine.handle_lock_granted(ticket, now)
                    });
                }
            }
            Move::Peers(peers, locks) => self.see(&peers, &locks),
            Move::Announced => {
                if let Some(version) = self.announced {
                    self.step(false, |machine, now| machine.handle_announced(version, now));
                }
            }
            Move::Unsealed => {
                if let Some((news, token)) = self.unsealing.pop_front() {
                    self.checks.logged_out(false);
                    self.unsealed = true;
                    let claims = Claims::read(token.expose());
                    self.step(true, |machine, now| {
                        machine.handle_unsealed(news, token, claims, now)
                    });
                }
            }
            Move::Answered { which, with } => {
                if let Some(id) = pick(&self.checks.in_flight(), which) {
                    self.answer(id, &with);
                }
            }
            Move::LogoutAnswered { confirmed } => {
                if let Some(id) = self.logouts.pop() {
                    self.step(false, |machine, now| {
                        machine.handle_logout_answer(id, confirmed, now)
                    });
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
        assert!(!self.checks.has_lock(), "the lock is left");
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
        self.checks.nobody_waits();
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
        let id = RequestId(self.next_id());
        self.checks.requested(id, self.machine.access_token());
        self.step(false, |machine, now| machine.handle_request(id, now));
    }

    fn call(&mut self, token_comes: bool, make: impl FnOnce(&mut Machine, CallId, Now)) {
        let call = CallId(self.next_id());
        self.checks.called(call);
        self.step(token_comes, |machine, now| make(machine, call, now));
    }

    fn show(&mut self) {
        self.away = false;
        self.step(false, |machine, now| machine.handle_show(now));
    }

    fn hear(&mut self, message: Message) {
        self.checks.logged_out(false);
        self.step(false, |machine, now| machine.handle_message(message, now));
    }

    fn see(&mut self, peers: &[Peer], locks: &[Held]) {
        self.checks.logged_out(false);
        let peers: Vec<Presence> = peers.iter().map(|peer| self.presence(*peer)).collect();
        let holder = |held: &Held| Holder {
            rank: Rank(held.rank.into()),
            client: held.client.into(),
        };
        let holders: Vec<Holder> = locks.iter().map(holder).collect();
        self.step(false, |machine, now| {
            machine.handle_peers(&peers, &holders, now)
        });
    }

    fn answer(&mut self, id: AttemptId, with: &Answered) {
        let (answer, token_comes) = match with {
            Answered::Granted(lasting) => (Answer::Granted(self.response(*lasting)), true),
            Answered::Ended => (Answer::Ended, false),
            Answered::Network | Answered::Malformed => (failed(with, None), false),
            Answered::Status(_, retry_after) => (failed(with, *retry_after), false),
        };
        self.checks.answered(id);
        self.step(token_comes, |machine, now| {
            machine.handle_refresh_answer(id, answer, now)
        });
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
            },
            said_at: self.now.wall,
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

    /// One input, and everything that comes of it.
    fn step(&mut self, token_comes: bool, happen: impl FnOnce(&mut Machine, Now)) {
        let was_signed_in = self.machine.status() == Status::SignedIn;
        let waiting =
            self.checks.requests(Place::Held).len() + self.checks.requests(Place::Sent).len();
        happen(&mut self.machine, self.now);
        let mut effects = 0;
        while let Some(effect) = self.machine.poll_effect() {
            effects += 1;
            assert!(effects <= MAX_EFFECTS + 2 * waiting + self.last_id as usize);
            self.perform(effect);
        }
        let token_comes = token_comes || self.unsealed;
        self.checks.state(&self.machine, was_signed_in, token_comes);
        self.unsealed &= self.machine.status() == Status::Restoring;
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, _) => self.checks.wants_lock(ticket),
            Effect::ReleaseLock(ticket) => self.checks.releases_lock(ticket),
            Effect::Announce(presence) => self.announced = Some(presence.version),
            Effect::Post(message) => {
                assert!(!self.away, "nothing can be said from afar");
                self.checks.shows_no_token(&message.encode());
            }
            Effect::Ask(tab) => self.asked = tab == PEER,
            Effect::HandOver { ask, token, .. } => {
                assert!(!self.away, "nothing can be handed over from afar");
                assert_eq!(ask.to, US, "confinement: somebody else was asked");
                assert_eq!(self.machine.access_token(), Some(token));
            }
            Effect::Unseal(hand_over) => {
                let place = <[u8; 8]>::try_from(hand_over.sealed).map_or(0, u64::from_be_bytes);
                let sealed = usize::try_from(place)
                    .ok()
                    .and_then(|place| self.sealed.get(place.checked_sub(1)?));
                // The news are bound to the token: who changes them cannot unseal it.
                self.unsealing
                    .extend(sealed.filter(|(news, _)| *news == hand_over.news).cloned());
            }
            Effect::Refresh(id) => self.checks.refreshes(id, self.now, self.timeout),
            Effect::Logout(id, _) => self.logouts.push(id),
            Effect::Send(id, token) => self.checks.sent(id, token.as_ref()),
            Effect::Deliver(id) => self.checks.over(id),
            Effect::Reject(id, error) => {
                self.checks.shows_no_token(error.message().as_bytes());
                self.checks.over(id);
            }
            Effect::Settle(call, outcome) => {
                self.checks
                    .shows_no_token(format!("{outcome:?}").as_bytes());
                self.checks.settled(call);
            }
            Effect::Ready => self.checks.ready(),
            Effect::Emit(event) => self.checks.shows_no_token(format!("{event:?}").as_bytes()),
            Effect::QueryPeers | Effect::Withdraw | Effect::Return => {}
        }
    }

    /// A token that there has not been before.
    fn response(&mut self, lasting: Lasting) -> TokenResponse {
        let number = self.next_id();
        let text = match lasting.subject {
            Some(one) => jwt(if one { "alice" } else { "bob" }, number),
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

    fn news(&self, told: Told) -> News {
        News {
            from: tab(told.from),
            version: self.version(told.version),
            subject: told.subject.map(Subject),
            life: Life {
                age: told.age,
                lifetime: told.lifetime,
            },
            said_at: told.said_at.unwrap_or(self.now.wall),
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
            },
            is_logging_out: peer.is_logging_out,
        }
    }

    fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
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

fn failed(with: &Answered, retry_after: Option<u64>) -> Answer {
    Answer::Failed {
        failure: with.failure(),
        retry_after,
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

fn jwt(subject: &str, number: u32) -> String {
    let payload = format!(r#"{{"sub":"{subject}","jti":{number}}}"#);
    let parts = [r#"{"alg":"EdDSA"}"#, &payload, "signature"];
    parts
        .map(|part| Base64UrlUnpadded::encode_string(part.as_bytes()))
        .join(".")
}
