//! The properties that always hold, beyond those that every simulated browser checks.

use std::collections::BTreeSet;

use simulated_browser::{App, contains};
use tokenhold::core::{AccessToken, AttemptId, Claims, Machine, Now, Status, Subject, TabSharing};

/// Keeps count of what has gone in and come out.
#[derive(Debug, Default)]
pub(super) struct Checks {
    works_alone: bool,
    /// Every token that really came: from the backend, from the app, or sealed by the peer.
    tokens: BTreeSet<String>,
    in_flight: Vec<(AttemptId, Now)>,
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

    pub(super) fn logged_out(&mut self, nobody_else: bool) {
        self.logged_out = nobody_else;
    }

    pub(super) fn in_flight(&self) -> Vec<AttemptId> {
        self.in_flight.iter().map(|(id, _)| *id).collect()
    }

    /// logout-final, and no token from nowhere.
    pub(super) fn sent(&mut self, token: &AccessToken) {
        assert!(self.tokens.contains(token.expose()), "a token from nowhere");
        assert!(!self.logged_out, "logout-final: a token goes out");
        self.served = true;
    }

    /// one-flight, as far as one tab can see to it.
    pub(super) fn refreshes(&mut self, id: AttemptId, has_lock: bool, now: Now, timeout: u64) {
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

    /// Whether what goes to other tabs or to the app shows a token.
    pub(super) fn shows_token(&self, shown: &[u8]) -> bool {
        let mut tokens = self.tokens.iter();
        tokens.any(|token| contains(shown, token.as_bytes()))
    }

    /// A token appears in the machine only with one that really came.
    pub(super) fn state(&self, machine: &Machine, was_signed_in: bool, token_came: bool) {
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
}

/// liveness.
pub(super) fn nobody_waits(app: &App<Subject>) {
    assert!(app.is_ready(), "liveness: never ready");
    assert!(app.calls().is_empty(), "liveness: {:?}", app.calls());
    let requests = app.requests().iter();
    let held: Vec<_> = requests.filter(|one| !one.is_at_the_api()).collect();
    assert!(held.is_empty(), "liveness: {held:?}");
}

pub(super) fn subject(token: &AccessToken) -> Option<Subject> {
    Claims::read(token.expose())?.subject
}
