//! A browser's work for the machines in its tabs.

use tokenhold::core::{
    AccessToken, Ask, AttemptId, CallId, Effect, Error, Event, HandOver, Machine, Message, News,
    Presence, Rank, RequestId, TabId, Ticket,
};

use crate::{App, Breach, Invariant, LockRequest, Locks, key_of, seal};

/// How the machine ends a request of the app's.
#[derive(Clone, Debug)]
pub enum RequestEnd {
    /// The app gets the response that its request has got.
    Delivered,
    Rejected(Error),
}

/// A simulated browser. Its tabs are numbered.
///
/// The required methods are what one browser does otherwise than another. The provided ones are what all of them do,
/// with the checks that belong to it; [`Browser::perform`] alone knows all effects.
pub trait Browser {
    /// By what the apps tell people apart.
    type Person: Clone + PartialEq;

    // Its parts.

    fn id(&self, tab: usize) -> TabId;
    fn machine(&mut self, tab: usize) -> &mut Machine;
    fn app(&mut self, tab: usize) -> &mut App<Self::Person>;
    fn locks(&mut self) -> &mut Locks;

    // The effects that each browser performs in its own way.

    /// The lock is these requests' now. Their tabs are to be told.
    fn locks_are_granted(&mut self, granted: Vec<LockRequest>);
    /// A list of peers and of holders is wanted.
    fn query_peers(&mut self, tab: usize);
    fn announce(&mut self, tab: usize, presence: Presence);
    fn withdraw(&mut self, tab: usize);
    /// To all other tabs that listen.
    fn broadcast(&mut self, from: usize, message: &[u8]);
    /// A message that takes a key is ready to be sent, as soon as the key is.
    fn send_sealed(&mut self, from: usize, message: Message);
    fn unseal(&mut self, tab: usize, hand_over: HandOver);
    /// `is_repeat` if it ends with its page, and can be called off.
    fn send_refresh(&mut self, tab: usize, id: AttemptId, is_repeat: bool);
    fn call_off(&mut self, tab: usize, id: AttemptId);
    fn send_login(&mut self, tab: usize, id: AttemptId, call: CallId);

    fn send_logout(&mut self, tab: usize, id: AttemptId, token: Option<AccessToken>);
    /// The app has noted that the request is sent.
    fn send_request(&mut self, tab: usize, id: RequestId, token: Option<AccessToken>);

    // Answers that the checks need.

    /// Whose token it is, as far as the tab can know.
    fn owner(&self, tab: usize, token: &AccessToken) -> Option<Self::Person>;
    /// Whether what anybody can read shows a token.
    fn shows_token(&self, tab: usize, shown: &[u8]) -> bool;
    /// Whether the tab's token is valid for certain.
    fn has_valid_token(&self, tab: usize) -> bool;

    // Occasions to do something besides.

    fn note_effect(&mut self, _tab: usize, _effect: &Effect) {}
    fn note_request_end(&mut self, _tab: usize, _id: RequestId, _times_sent: u8, _end: RequestEnd) {
    }
    fn note_settled(&mut self, _tab: usize, _call: CallId, _outcome: Result<(), Error>) {}
    fn note_event(&mut self, _tab: usize, _event: Event) {}

    /// An invariant does not hold.
    #[track_caller]
    fn breach(&mut self, tab: usize, breach: Breach) {
        panic!("{breach}, in tab {tab}");
    }

    // The common ground.

    /// All that the machine wants done, in order.
    fn perform_all(&mut self, tab: usize) {
        while let Some(effect) = self.machine(tab).poll_effect() {
            self.note_effect(tab, &effect);
            self.perform(tab, effect);
        }
    }

    fn perform(&mut self, tab: usize, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => self.request_lock(tab, ticket, rank),
            Effect::ReleaseLock(ticket) => self.release_lock(tab, ticket),
            Effect::QueryPeers => self.query_peers(tab),
            // The others read it in a lock's name.
            Effect::Announce(presence) => {
                let read = Presence::decode(&presence.encode()).expect("a presence");
                self.announce(tab, read);
            }
            Effect::StepAside | Effect::Withdraw => self.withdraw(tab),
            // The channel is open again, and the next presence is announced by itself.
            Effect::Return => {}
            Effect::Post(message) => self.post(tab, &message),
            Effect::Ask(to) => {
                let from = self.id(tab);
                let key = key_of(from);
                self.send_sealed(tab, Message::Ask(Ask { from, to, key }));
            }
            Effect::HandOver { ask, news, token } => self.hand_over(tab, &ask, news, &token),
            Effect::Unseal(hand_over) => self.unseal(tab, hand_over),
            Effect::Refresh(id) => self.send_refresh(tab, id, false),
            Effect::RefreshAgain(id) => self.send_refresh(tab, id, true),
            Effect::CallOff(id) => self.call_off(tab, id),
            Effect::Login(id, call) => self.send_login(tab, id, call),
            Effect::Logout(id, token) => self.send_logout(tab, id, token),
            Effect::Send(id, token) => self.send(tab, id, token),
            Effect::Deliver(id) => self.end_request(tab, id, RequestEnd::Delivered),
            Effect::Reject(id, error) => self.end_request(tab, id, RequestEnd::Rejected(error)),
            Effect::Settle(call, outcome) => self.settle(tab, call, outcome),
            Effect::Ready => {
                let ready = self.app(tab).become_ready();
                self.check(tab, ready);
            }
            Effect::Emit(event) => {
                self.check_shown(tab, "an event", format!("{event:?}").as_bytes());
                self.note_event(tab, event);
            }
        }
    }

    fn request_lock(&mut self, tab: usize, ticket: Ticket, rank: Rank) {
        let request = LockRequest { tab, ticket };
        let granted = self.locks().request(request, rank);
        self.locks_are_granted(Vec::from_iter(granted));
    }

    fn release_lock(&mut self, tab: usize, ticket: Ticket) {
        let granted = self.locks().release(LockRequest { tab, ticket });
        self.locks_are_granted(granted);
    }

    /// confinement: other scripts of the page's origin read what goes by the channel.
    fn post(&mut self, tab: usize, message: &Message) {
        let bytes = message.encode();
        self.check_shown(tab, "a message", &bytes);
        self.broadcast(tab, &bytes);
    }

    fn hand_over(&mut self, tab: usize, ask: &Ask, news: News, token: &AccessToken) {
        self.send_sealed(tab, seal(ask, news, token));
    }

    /// retry-once, one-identity.
    fn send(&mut self, tab: usize, id: RequestId, token: Option<AccessToken>) {
        let owner = token.as_ref().and_then(|token| self.owner(tab, token));
        let sent = self.app(tab).send(id, token.clone(), owner);
        self.check(tab, sent);
        self.send_request(tab, id, token);
    }

    /// keep-serving: a request that has not been sent does not fail while the token is valid.
    fn end_request(&mut self, tab: usize, id: RequestId, end: RequestEnd) {
        if let RequestEnd::Rejected(error) = &end {
            self.check_error(tab, error);
        }
        let finished = self.app(tab).finish(id);
        let request = match finished {
            Ok(request) => request,
            Err(breach) => return self.breach(tab, breach),
        };
        let has_failed = matches!(end, RequestEnd::Rejected(Error::RefreshFailed(_)));
        if has_failed && request.times_sent == 0 && self.has_valid_token(tab) {
            let seen = format!("{id:?} fails though the token is valid");
            self.breach(tab, Invariant::KeepServing.is_broken(seen));
        }
        self.note_request_end(tab, id, request.times_sent, end);
    }

    fn settle(&mut self, tab: usize, call: CallId, outcome: Result<(), Error>) {
        if let Err(error) = &outcome {
            self.check_error(tab, error);
        }
        let settled = self.app(tab).settle(call);
        self.check(tab, settled);
        self.note_settled(tab, call, outcome);
    }

    fn check(&mut self, tab: usize, result: Result<(), Breach>) {
        if let Err(breach) = result {
            self.breach(tab, breach);
        }
    }

    fn check_error(&mut self, tab: usize, error: &Error) {
        let shown = format!("{} {error:?}", error.message());
        self.check_shown(tab, "an error", shown.as_bytes());
    }

    /// confinement.
    fn check_shown(&mut self, tab: usize, what: &str, shown: &[u8]) {
        if self.shows_token(tab, shown) {
            let breach = Invariant::Confinement.is_broken(format!("{what} holds a token"));
            self.breach(tab, breach);
        }
    }
}
