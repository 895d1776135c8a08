//! The properties that always hold.

use std::collections::{BTreeMap, BTreeSet};

use tokenhold::core::{
    AccessToken, AttemptId, CallId, Claims, Machine, Now, RequestId, Status, Subject, TabSharing,
    Ticket,
};

/// Where a request of the app's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// With the machine, for the first time or again.
    Held,
    /// At the API.
    Sent,
}

#[derive(Debug)]
struct Lock {
    ticket: Ticket,
    granted: bool,
}

#[derive(Debug)]
struct Request {
    place: Place,
    /// Whose token there was when it was made, if that is known.
    made_as: Option<Subject>,
    times_sent: u32,
}

/// Keeps count of what has gone in and come out.
#[derive(Debug, Default)]
pub(super) struct Checks {
    works_alone: bool,
    /// Every token that really came: from the backend, from the app, or sealed by the peer.
    tokens: BTreeSet<String>,
    requests: BTreeMap<RequestId, Request>,
    calls: BTreeSet<CallId>,
    /// More than one only on the way from one line to the next.
    locks: Vec<Lock>,
    in_flight: Vec<(AttemptId, Now)>,
    ready: bool,
    served: bool,
    /// Nobody has signed in and no other tab has said a word since this one logged out.
    logged_out: bool,
}

impl Checks {
    pub(super) fn of(sharing: TabSharing) -> Checks {
        Checks {
            works_alone: sharing == TabSharing::Alone,
            ..Checks::default()
        }
    }

    pub(super) fn token_came(&mut self, token: &AccessToken) {
        self.tokens.insert(token.expose().to_owned());
    }

    pub(super) fn called(&mut self, call: CallId) {
        self.calls.insert(call);
    }

    pub(super) fn requested(&mut self, id: RequestId, token: Option<AccessToken>) {
        let place = Place::Held;
        let made_as = token.as_ref().and_then(subject);
        self.requests.insert(
            id,
            Request {
                place,
                made_as,
                times_sent: 0,
            },
        );
    }

    /// The API has answered, and that answer goes to the machine.
    pub(super) fn comes_back(&mut self, id: RequestId) {
        if let Some(request) = self.requests.get_mut(&id) {
            request.place = Place::Held;
        }
    }

    pub(super) fn logged_out(&mut self, nobody_else: bool) {
        self.logged_out = nobody_else;
    }

    /// The requests that are in that place.
    pub(super) fn requests(&self, place: Place) -> Vec<RequestId> {
        let there = |(id, request): (&RequestId, &Request)| (request.place == place).then_some(*id);
        self.requests.iter().filter_map(there).collect()
    }

    pub(super) fn in_flight(&self) -> Vec<AttemptId> {
        self.in_flight.iter().map(|(id, _)| *id).collect()
    }

    /// The lock comes free for the machine, if it waits for it.
    pub(super) fn grant_lock(&mut self) -> Option<Ticket> {
        let lock = self.locks.iter_mut().find(|lock| !lock.granted)?;
        lock.granted = true;
        Some(lock.ticket)
    }

    pub(super) fn has_lock(&self) -> bool {
        !self.locks.is_empty()
    }

    /// retry-once, one-identity, logout-final, and no token from nowhere.
    pub(super) fn sent(&mut self, id: RequestId, token: Option<&AccessToken>) {
        let request = self
            .requests
            .get_mut(&id)
            .expect("a request that is not over");
        assert_eq!(request.place, Place::Held, "{id:?} is under way already");
        request.place = Place::Sent;
        request.times_sent += 1;
        assert!(request.times_sent <= 2, "retry-once: {id:?}");
        if let Some(token) = token {
            assert!(self.tokens.contains(token.expose()), "a token from nowhere");
            assert!(!self.logged_out, "logout-final: a token goes out");
            if let Some((made_as, goes_as)) = request.made_as.zip(subject(token)) {
                assert_eq!(made_as, goes_as, "one-identity: {id:?}");
            }
            self.served = true;
        }
    }

    pub(super) fn over(&mut self, id: RequestId) {
        assert!(self.requests.remove(&id).is_some(), "{id:?} was over");
    }

    /// The app does not care any more.
    pub(super) fn forget(&mut self, id: RequestId) {
        self.requests.remove(&id);
    }

    pub(super) fn settled(&mut self, call: CallId) {
        assert!(self.calls.remove(&call), "{call:?} was settled");
    }

    pub(super) fn ready(&mut self) {
        assert!(!self.ready, "ready twice");
        self.ready = true;
    }

    pub(super) fn wants_lock(&mut self, ticket: Ticket) {
        let granted = false;
        self.locks.push(Lock { ticket, granted });
    }

    pub(super) fn releases_lock(&mut self, ticket: Ticket) {
        let place = self.locks.iter().position(|lock| lock.ticket == ticket);
        self.locks.remove(place.expect("a lock that it has"));
    }

    /// one-flight, as far as one tab can see to it.
    pub(super) fn refreshes(&mut self, id: AttemptId, now: Now, timeout: u64) {
        let has_lock = self.locks.iter().any(|lock| lock.granted);
        assert!(
            has_lock || self.works_alone,
            "one-flight: {id:?} without a lock"
        );
        for (before, sent) in &self.in_flight {
            let monotonic = now.monotonic.saturating_sub(sent.monotonic);
            let wall = now.wall.saturating_sub(sent.wall);
            let given_up = monotonic.max(wall) >= timeout;
            assert!(given_up, "one-flight: {id:?} beside {before:?}");
        }
        self.in_flight.push((id, now));
    }

    pub(super) fn answered(&mut self, id: AttemptId) {
        self.in_flight.retain(|(pending, _)| *pending != id);
    }

    /// The page went away with its request, which is nobody's any more.
    pub(super) fn went_away(&mut self) {
        self.in_flight.clear();
    }

    /// confinement: what goes to other tabs or to the app shows no token.
    pub(super) fn shows_no_token(&self, shown: &[u8]) {
        for token in &self.tokens {
            let found = shown
                .windows(token.len())
                .any(|part| part == token.as_bytes());
            assert!(!found, "confinement: {token} is shown");
        }
    }

    /// A token appears in the machine only with one that really came.
    pub(super) fn state(&self, machine: &Machine, was_signed_in: bool, token_came: bool) {
        assert!(
            self.locks.len() <= 1,
            "it stands in two lines: {:?}",
            self.locks
        );
        let is_signed_in = machine.status() == Status::SignedIn;
        assert!(
            was_signed_in || !is_signed_in || token_came,
            "signed in by nothing"
        );
        let token = machine.access_token();
        assert_eq!(token.is_some(), is_signed_in);
        assert!(token.is_none_or(|token| self.tokens.contains(token.expose())));
        assert!(is_signed_in || machine.expires_at().is_none());
        assert!(is_signed_in || machine.claims_json().is_none());
        assert!(
            !(self.logged_out && is_signed_in),
            "logout-final: signed in again"
        );
    }

    pub(super) fn served_somebody(&self) -> bool {
        self.served
    }

    /// liveness.
    pub(super) fn nobody_waits(&self) {
        assert!(self.ready, "liveness: never ready");
        assert!(self.calls.is_empty(), "liveness: {:?}", self.calls);
        let held = self.requests(Place::Held);
        assert!(held.is_empty(), "liveness: {held:?}");
    }
}

fn subject(token: &AccessToken) -> Option<Subject> {
    Claims::read(token.expose())?.subject
}
