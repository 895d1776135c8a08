//! A tab in a world that each test arranges. It owns time, does at once whatever needs no
//! decision, and keeps what the app, the other tabs and the backend would have seen.

mod effects;

use super::samples::{policy, response, version};
use crate::core::machine::{Answer, Machine, TabSharing};
use crate::core::{
    AccessToken, Ask, AttemptId, CallId, Challenge, Claims, Crowd, Effect, Error, Event, Failure,
    HandOver, Holder, Life, Message, News, Now, Policy, Presence, Rank, Reason, RequestId, Status,
    TabId, Ticket, TokenResponse, Version,
};

pub(super) const SECOND: u64 = 1_000;
pub(super) const MINUTE: u64 = 60 * SECOND;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;

/// The time-out of one attempt, as the options have it by default.
pub(super) const TIMEOUT: u64 = 10 * SECOND;
/// After this, a holder that has been seen all the time counts as silent.
pub(super) const LOCK_WAIT: u64 = 200 + TIMEOUT + 5 * SECOND;
/// Nobody waits for longer, whatever for.
pub(super) const WAIT_LIMIT: u64 = 3 * TIMEOUT + 15 * SECOND;
pub(super) const US: TabId = TabId(1);
pub(super) const PEER: TabId = TabId(2);

const START: Now = Now {
    monotonic: 5_000_000,
    wall: 1_700_000_000_000,
};
/// More timers than any test has a use for: a machine that lets so many run is spinning.
const MAX_WAKE_UPS: u32 = 100_000;

/// An outcome of the app's requests and calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Sent(RequestId, String),
    SentBare(RequestId),
    Delivered(RequestId),
    Rejected(RequestId, &'static str),
    Settled(CallId, Result<(), &'static str>),
    Ready,
}

pub(super) use Outcome::*;

pub(super) struct Tab {
    pub(super) machine: Machine,
    pub(super) now: Now,
    /// The list of the live tabs; `None`: no list comes.
    pub(super) peers: Option<Vec<Presence>>,
    /// Whether the others get to see what this tab announces.
    pub(super) visible_to_peers: bool,
    /// The group's first lock.
    pub(super) lock: Lock,
    /// The one to wait for when the first one's holder is silent.
    pub(super) second_lock: Lock,
    /// Which page has the locks that are not this tab's.
    pub(super) holder: u64,
    pub(super) presence: Option<Presence>,
    pub(super) refreshes: u32,
    pub(super) logins: u32,
    pub(super) pending: Option<AttemptId>,
    /// Whether the last refresh request went out as one that ends with its page.
    pub(super) is_repeat: bool,
    pub(super) called_off: Vec<AttemptId>,
    pub(super) logouts: Vec<(AttemptId, Option<String>)>,
    pub(super) queries: u32,
    pub(super) posted: Vec<Message>,
    pub(super) asked: Vec<TabId>,
    pub(super) handed_over: Vec<(TabId, String)>,
    pub(super) unsealing: Vec<HandOver>,
    pub(super) withdrawn: bool,
    outcomes: Vec<Outcome>,
    events: Vec<Event>,
    last_id: u32,
}

/// The group's lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lock {
    Free,
    Ours(Ticket),
    /// Another tab has it, and this one may be waiting for it.
    Theirs(Option<Ticket>),
}

impl Tab {
    /// A tab that has just been opened, and looks for its session.
    pub(super) fn opened() -> Tab {
        Tab::opened_with(policy(), TabSharing::Shared)
    }

    pub(super) fn opened_with(policy: Policy, sharing: TabSharing) -> Tab {
        let mut tab = Tab::not_started(policy, sharing);
        tab.start();
        tab
    }

    pub(super) fn not_started(policy: Policy, sharing: TabSharing) -> Tab {
        Tab {
            machine: Machine::new(policy, US, sharing, 42, START),
            now: START,
            peers: Some(Vec::new()),
            visible_to_peers: true,
            lock: Lock::Free,
            second_lock: Lock::Free,
            holder: 2,
            presence: None,
            refreshes: 0,
            logins: 0,
            pending: None,
            is_repeat: false,
            called_off: Vec::new(),
            logouts: Vec::new(),
            queries: 0,
            posted: Vec::new(),
            asked: Vec::new(),
            handed_over: Vec::new(),
            unsealing: Vec::new(),
            withdrawn: false,
            outcomes: Vec::new(),
            events: Vec::new(),
            last_id: 0,
        }
    }

    /// A tab whose session was restored with the token "one" of five minutes, a moment ago.
    pub(super) fn signed_in() -> Tab {
        Tab::signed_in_with(policy(), "one", 5 * MINUTE)
    }

    pub(super) fn signed_in_with(policy: Policy, token: &str, lifetime: u64) -> Tab {
        let mut tab = Tab::opened_with(policy, TabSharing::Shared);
        tab.granted(token, lifetime);
        tab.forget_the_past();
        tab
    }

    pub(super) fn signed_out() -> Tab {
        let mut tab = Tab::opened();
        tab.ended();
        tab.forget_the_past();
        tab
    }

    pub(super) fn start(&mut self) {
        self.machine.start(self.now);
        self.drain();
    }

    pub(super) fn forget_the_past(&mut self) {
        self.outcomes.clear();
        self.events.clear();
        self.posted.clear();
        self.refreshes = 0;
        self.queries = 0;
    }

    pub(super) fn status(&self) -> Status {
        self.machine.status()
    }

    /// The outcomes since the app last looked.
    pub(super) fn outcomes(&mut self) -> Vec<Outcome> {
        std::mem::take(&mut self.outcomes)
    }

    /// The events since the app last looked.
    pub(super) fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// The peer's next token of this tab's session.
    pub(super) fn renewed(&self) -> Version {
        let Version {
            epoch, generation, ..
        } = self.machine.version();
        version(epoch, generation + 1)
    }

    /// The end of this tab's session, as the peer saw it.
    pub(super) fn ended_elsewhere(&self) -> Version {
        version(self.machine.version().epoch, Version::SIGNED_OUT)
    }

    /// The first token of a session that the peer has signed in to after this tab's.
    pub(super) fn signed_in_anew(&self) -> Version {
        version(self.machine.version().epoch + 1, 1)
    }

    // Done by the app.

    pub(super) fn request(&mut self) -> RequestId {
        let id = RequestId(self.next_id());
        self.machine.handle_request(id, self.now);
        self.drain();
        id
    }

    /// The API has answered 401.
    pub(super) fn rejected(&mut self, id: RequestId) {
        self.challenged(id, Challenge::Refreshable);
    }

    pub(super) fn challenged(&mut self, id: RequestId, challenge: Challenge) {
        self.machine.handle_rejected(id, challenge, true, self.now);
        self.drain();
    }

    pub(super) fn one_shot_rejected(&mut self, id: RequestId) {
        let challenge = Challenge::Refreshable;
        self.machine.handle_rejected(id, challenge, false, self.now);
        self.drain();
    }

    pub(super) fn over(&mut self, id: RequestId) {
        self.machine.handle_request_over(id);
        self.drain();
    }

    pub(super) fn refresh(&mut self) -> CallId {
        let call = CallId(self.next_id());
        self.machine.handle_refresh(call, self.now);
        self.drain();
        call
    }

    pub(super) fn sign_in(&mut self, response: Option<TokenResponse>) -> CallId {
        let call = CallId(self.next_id());
        self.machine.handle_sign_in(call, response, self.now);
        self.drain();
        call
    }

    pub(super) fn log_in(&mut self) -> CallId {
        let id = CallId(self.next_id());
        self.machine.handle_login(id, self.now);
        self.drain();
        id
    }

    pub(super) fn logout(&mut self) -> CallId {
        let call = CallId(self.next_id());
        self.machine.handle_logout(call, self.now);
        self.drain();
        call
    }

    pub(super) fn dispose(&mut self) {
        self.machine.handle_dispose();
        self.drain();
    }

    // Done by the backend.

    pub(super) fn granted(&mut self, token: &str, lifetime: u64) {
        self.answered(Answer::Granted(response(token, lifetime)));
    }

    pub(super) fn ended(&mut self) {
        self.answered(Answer::Ended);
    }

    pub(super) fn offline(&mut self) {
        self.failed(Failure::Network, None);
    }

    pub(super) fn failed(&mut self, failure: Failure, retry_after: Option<u64>) {
        self.answered(Answer::Failed {
            failure,
            retry_after,
        });
    }

    pub(super) fn answered(&mut self, answer: Answer) {
        let id = self.pending.expect("a refresh is under way");
        self.answered_late(id, answer);
    }

    /// The answer to a refresh that may have been given up on.
    pub(super) fn answered_late(&mut self, id: AttemptId, answer: Answer) {
        self.pending = self.pending.filter(|pending| *pending != id);
        self.machine.handle_refresh_answer(id, answer, self.now);
        self.drain();
    }

    pub(super) fn logout_answered(&mut self, confirmed: bool) {
        let id = self.logouts.last().expect("a logout is under way").0;
        self.machine.handle_logout_answer(id, confirmed, self.now);
        self.drain();
    }

    // Done by the other tabs.

    pub(super) fn hear(&mut self, message: Message) {
        let message = Message::decode(&message.encode()).expect("what is sent can be read");
        self.machine.handle_message(message, self.now);
        self.drain();
    }

    /// The peer says that it has a new token.
    pub(super) fn hear_news(&mut self, version: Version, token: &str) {
        self.hear(Message::News(self.news(version, token)));
    }

    /// The same, and that there are a hundred tabs.
    pub(super) fn hear_news_in_a_crowd(&mut self, version: Version, token: &str) {
        let crowd = Crowd::of(100);
        let news = self.news(version, token);
        self.hear(Message::News(News { crowd, ..news }));
    }

    pub(super) fn hear_signed_out(&mut self, version: Version) {
        let reason = Reason::Elsewhere;
        self.hear(Message::SignedOut { version, reason });
    }

    /// The peer hands its token over, new and good for five minutes.
    pub(super) fn receive(&mut self, version: Version, token: &str) {
        self.receive_aged(version, token, 0);
    }

    pub(super) fn receive_aged(&mut self, version: Version, token: &str, age: u64) {
        let mut news = self.news(version, token);
        news.life.age = age;
        self.hear(Message::HandOver(HandOver {
            to: US,
            news,
            key: [4; 65],
            nonce: [0; 12],
            sealed: token.as_bytes().to_vec(),
        }));
        for HandOver { news, sealed, .. } in std::mem::take(&mut self.unsealing) {
            let token = String::from_utf8(sealed).expect("the token was text");
            let claims = Claims::read(&token);
            let token = AccessToken::parse(token).expect("it was a token");
            self.machine.handle_unsealed(news, token, claims, self.now);
        }
        self.drain();
    }

    pub(super) fn hear_ask(&mut self) {
        self.hear(Message::Ask(Ask {
            from: PEER,
            to: US,
            key: [4; 65],
        }));
    }

    /// The peer is alive and has got so far.
    pub(super) fn peer_is_at(&mut self, version: Version) {
        self.peers = Some(vec![Presence::at(PEER, version)]);
    }

    pub(super) fn lock_is_taken(&mut self) {
        assert_eq!(self.lock, Lock::Free);
        self.lock = Lock::Theirs(None);
    }

    pub(super) fn lock_comes_free(&mut self) {
        let Lock::Theirs(waiting) = self.lock else {
            panic!("no other tab has the lock");
        };
        self.lock = Lock::Free;
        if let Some(ticket) = waiting {
            self.grant_lock(ticket, Rank::FIRST);
        }
        self.drain();
    }

    /// The list of peers that was asked for first comes.
    pub(super) fn peers_come(&mut self, peers: &[Presence]) {
        let holders = self.holders();
        self.machine.handle_peers(peers, &holders, self.now);
        self.drain();
    }

    /// The second lock is another tab's. Like the first one's, its holder may not be the same for
    /// long.
    pub(super) fn second_lock_is_taken(&mut self) {
        assert_eq!(self.second_lock, Lock::Free);
        self.second_lock = Lock::Theirs(None);
    }

    pub(super) fn second_lock_comes_free(&mut self) {
        let Lock::Theirs(waiting) = self.second_lock else {
            panic!("no other tab has the second lock");
        };
        self.second_lock = Lock::Free;
        if let Some(ticket) = waiting {
            self.grant_lock(ticket, Rank(2));
        }
        self.drain();
    }

    /// Time passes, and the locks that are not this tab's go from one to the next all the time.
    pub(super) fn wait_behind_many(&mut self, ms: u64) {
        for _ in 0..ms / SECOND {
            self.wait(SECOND);
            self.holder += 1;
        }
        self.wait(ms % SECOND);
    }

    // Done by the browser.

    pub(super) fn hidden(&mut self) {
        self.machine.handle_visibility(false, self.now);
        self.drain();
    }

    pub(super) fn visible(&mut self) {
        self.machine.handle_visibility(true, self.now);
        self.drain();
    }

    pub(super) fn wake(&mut self) {
        self.machine.handle_wake(self.now);
        self.drain();
    }

    pub(super) fn refused(&mut self, with_locks: bool) {
        self.machine.handle_refusal(with_locks, self.now);
        self.drain();
    }

    pub(super) fn online(&mut self) {
        self.machine.handle_online(self.now);
        self.drain();
    }

    /// It is about to go, or so it seems.
    pub(super) fn leave(&mut self) {
        self.machine.handle_leave(self.now);
        self.drain();
    }

    /// Into the back/forward cache: nothing under way is heard of again.
    pub(super) fn hide(&mut self) {
        self.machine.handle_hide(self.now);
        self.pending = None;
        self.drain();
    }

    pub(super) fn show(&mut self) {
        self.machine.handle_show(self.now);
        self.drain();
    }

    /// Time passes, and the timers run when they are due.
    pub(super) fn wait(&mut self, ms: u64) {
        let end = self.now.monotonic + ms;
        let mut wake_ups = 0;
        while let Some(next) = self.next_timeout()
            && self.now.monotonic + next <= end
        {
            self.pass(next);
            self.machine.handle_timeout(self.now);
            self.drain();
            wake_ups += 1;
            assert!(wake_ups < MAX_WAKE_UPS, "the machine is spinning");
        }
        self.pass(end - self.now.monotonic);
    }

    /// Time passes for the wall clock alone: the machine sleeps, and no timer runs.
    pub(super) fn sleep(&mut self, ms: u64) {
        self.now.wall += ms;
    }

    pub(super) fn next_timeout(&self) -> Option<u64> {
        self.machine.next_timeout(self.now)
    }

    pub(super) fn drain(&mut self) {
        while let Some(effect) = self.machine.poll_effect() {
            self.perform(effect);
        }
    }

    /// Time passes, and no timer runs: those of a hidden page are late.
    pub(super) fn pass(&mut self, ms: u64) {
        self.now.monotonic += ms;
        self.now.wall += ms;
    }

    pub(super) fn news(&self, version: Version, token: &str) -> News {
        News {
            from: PEER,
            version,
            subject: response(token, SECOND)
                .claims
                .and_then(|claims| claims.subject),
            life: Life {
                age: 0,
                lifetime: Some(5 * MINUTE),
                is_kept: false,
            },
            said_at: self.now.wall,
            crowd: Crowd::default(),
        }
    }

    fn next_id(&mut self) -> u32 {
        self.last_id += 1;
        self.last_id
    }
}

fn text(token: &AccessToken) -> String {
    token.expose().to_owned()
}
