//! The browser around the one machine: it does as little as a browser may.

use simulated_browser::{App, Browser, LockRequest, Locks};
use tokenhold::core::{
    AccessToken, Ask, AttemptId, CallId, Effect, HandOver, Machine, Message, News, Presence, Rank,
    RequestId, Subject, TabId, Ticket,
};

use super::checks::subject;
use super::world::{PEER, US, World};

/// The number of the tab with the machine, and that of the peer.
pub(super) const OURS: usize = 0;
const PEERS: usize = 1;

impl Browser for World {
    type Person = Subject;

    fn id(&self, _tab: usize) -> TabId {
        US
    }

    fn machine(&mut self, _tab: usize) -> &mut Machine {
        &mut self.machine
    }

    fn app(&mut self, _tab: usize) -> &mut App<Subject> {
        &mut self.app
    }

    fn locks(&mut self) -> &mut Locks {
        &mut self.locks
    }

    /// The peer is ahead, until `Move::GrantLock`.
    fn request_lock(&mut self, tab: usize, ticket: Ticket, rank: Rank) {
        if !self.locks.is_held(rank) {
            self.locks.request(LockRequest { tab: PEERS, ticket }, rank);
        }
        self.locks.request(LockRequest { tab, ticket }, rank);
    }

    fn locks_are_granted(&mut self, granted: Vec<LockRequest>) {
        self.granted
            .extend(granted.iter().map(|request| request.ticket));
    }

    fn query_peers(&mut self, _tab: usize) {}

    fn announce(&mut self, _tab: usize, presence: Presence) {
        self.announced = Some(presence.version);
    }

    fn withdraw(&mut self, _tab: usize) {}

    fn broadcast(&mut self, _from: usize, _message: &[u8]) {
        assert!(!self.away, "nothing can be said from afar");
    }

    fn send_sealed(&mut self, _from: usize, message: Message) {
        if let Message::Ask(ask) = message {
            self.asked = ask.to == PEER;
        }
    }

    fn hand_over(&mut self, _tab: usize, ask: &Ask, _news: News, token: &AccessToken) {
        assert!(!self.away, "nothing can be handed over from afar");
        assert_eq!(ask.to, US, "confinement: somebody else was asked");
        assert_eq!(self.machine.access_token().as_ref(), Some(token));
    }

    /// A sealed token is known by its number: hostile bytes do not unseal, as with a real key.
    fn unseal(&mut self, _tab: usize, hand_over: HandOver) {
        let number = <[u8; 8]>::try_from(hand_over.sealed).map_or(0, u64::from_be_bytes);
        let sealed = usize::try_from(number)
            .ok()
            .and_then(|number| self.sealed.get(number.checked_sub(1)?));
        // The news are bound to the token: to change them is to make it useless.
        let intact = sealed.filter(|(news, _)| *news == hand_over.news);
        self.unsealing.extend(intact.cloned());
    }

    fn send_refresh(&mut self, tab: usize, id: AttemptId, is_repeat: bool) {
        self.repeat = is_repeat.then_some(id);
        let has_lock = self.locks.are_held_by(tab) && self.granted.is_empty();
        self.checks.refreshes(id, has_lock, self.now, self.timeout);
    }

    fn call_off(&mut self, _tab: usize, id: AttemptId) {
        let last = self.repeat.take();
        assert_eq!(
            last,
            Some(id),
            "a request is called off that outlives its page"
        );
    }

    fn send_login(&mut self, _tab: usize, _id: AttemptId, _call: CallId) {
        unreachable!("no move logs in with the lock");
    }

    fn send_logout(&mut self, _tab: usize, id: AttemptId, _token: Option<AccessToken>) {
        self.logouts.push(id);
    }

    fn send_request(&mut self, _tab: usize, _id: RequestId, token: Option<AccessToken>) {
        if let Some(token) = token {
            self.checks.sent(&token);
        }
    }

    fn owner(&self, _tab: usize, token: &AccessToken) -> Option<Subject> {
        subject(token)
    }

    fn shows_token(&self, _tab: usize, shown: &[u8]) -> bool {
        self.checks.shows_token(shown)
    }

    /// A page may have missed something, and this world does not know what.
    fn has_valid_token(&self, _tab: usize) -> bool {
        false
    }

    fn note_effect(&mut self, tab: usize, effect: &Effect) {
        let left = self.effects_left.checked_sub(1);
        self.effects_left = left.expect("so many effects of one input have no end");
        if let Effect::ReleaseLock(ticket) = effect {
            let mut requests = self.locks.requests_of(tab);
            let has_it = requests.any(|request| request.ticket == *ticket);
            assert!(has_it, "liveness: a lock that it has not is let go");
            self.granted.retain(|granted| granted != ticket);
        }
    }
}

impl World {
    /// The lock comes free for the machine, if it waits for one.
    pub(super) fn grant_lock(&mut self) -> Option<Ticket> {
        if self.granted.is_empty() {
            let granted = self.locks.release_all(PEERS);
            self.locks_are_granted(granted);
        }
        self.granted.pop_front()
    }
}
