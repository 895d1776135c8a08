//! What must hold at every step, by the names under which all tests know it.

use std::collections::BTreeMap;

use tokenhold::core::{AttemptId, Company, Error, Event, Message, RequestId, Status, Warning};

use super::group::Group;
use super::{SECOND, TIMEOUT};

/// The longest that anything may wait in a machine.
const LONGEST_WAIT: u64 = 3 * TIMEOUT + 15 * SECOND;

#[derive(Default)]
pub struct Watch {
    pub flights: Vec<Flight>,
    pub last_post: u64,
    /// The sessions that were logged out, by which tab, and when all others have heard of it.
    logged_out: BTreeMap<usize, (usize, u64)>,
}

impl Watch {
    pub fn forget_logouts_of(&mut self, tab: usize) {
        self.logged_out.retain(|_, (by, _)| *by != tab);
    }
}

/// A refresh request under way.
pub struct Flight {
    tab: usize,
    id: AttemptId,
    since: u64,
    /// Its page has left: to the others it is like one that has died.
    pub abandoned: bool,
}

impl Flight {
    pub fn is_of(&self, tab: usize) -> bool {
        self.tab == tab
    }

    pub fn is(&self, tab: usize, id: AttemptId) -> bool {
        self.tab == tab && self.id == id
    }
}

impl Group {
    /// one-flight.
    pub(super) fn check_refresh(&mut self, tab: usize, id: AttemptId) {
        let now = self.now;
        let others = self.flights_in_time();
        let alone = self.tabs[tab].company == Company::Alone;
        assert!(
            others.is_empty() || alone,
            "one-flight: tab {tab} refreshes while tabs {others:?} do, at {now}"
        );
        self.watch.flights.push(Flight {
            tab,
            id,
            since: now,
            abandoned: false,
        });
    }

    /// logout-final: a refresh under way is settled before the logout request leaves.
    pub(super) fn check_logout(&self, tab: usize) {
        let flights = self.flights_in_time();
        let alone = self.tabs[tab].company == Company::Alone;
        assert!(
            flights.is_empty() || alone,
            "logout-final: the logout of tab {tab} overtakes the refresh of tabs {flights:?}"
        );
    }

    pub(super) fn watch_logout(&mut self, tab: usize) {
        let known_by = self.now.max(self.watch.last_post) + self.latency.channel.end;
        let session = match self.tabs[tab].machine.access_token() {
            Some(token) => Some(self.backend.owner(token.expose()).0),
            None => self.backend.session_of(self.jar),
        };
        if let Some(session) = session {
            self.watch.logged_out.insert(session, (tab, known_by));
        }
    }

    /// retry-once, one-identity, logout-final.
    pub(super) fn check_send(&self, tab: usize, id: RequestId, token: Option<&str>) {
        let request = &self.tabs[tab].requests[&id];
        assert!(
            request.times_sent < 2,
            "retry-once: {id:?} of tab {tab} goes out a third time"
        );
        let Some(token) = token else { return };
        let (session, person) = self.backend.owner(token);
        if let Some(made_as) = request.made_as {
            assert_eq!(made_as, person, "one-identity: {id:?} of tab {tab}");
        }
        self.check_not_logged_out(tab, session);
    }

    /// logout-final: no tab has a token of a session once it has heard of its end.
    pub(super) fn check_state(&self, tab: usize) {
        let app = &self.tabs[tab];
        if let Some(token) = app.machine.access_token()
            && app.backlog.is_empty()
        {
            self.check_not_logged_out(tab, self.backend.owner(token.expose()).0);
        }
    }

    /// keep-serving.
    pub(super) fn check_rejection(&self, tab: usize, id: RequestId, error: &Error) {
        let machine = &self.tabs[tab].machine;
        let was_rejected = self.tabs[tab].requests[&id].times_sent > 0;
        let is_valid = machine.status() == Status::SignedIn
            && machine
                .expires_at()
                .is_none_or(|at| at > self.clocks().wall);
        assert!(
            was_rejected || !is_valid || !matches!(error, Error::RefreshFailed(_)),
            "keep-serving: {id:?} of tab {tab} fails though the token is valid"
        );
    }

    /// liveness.
    pub(super) fn check_waits(&self) {
        for tab in self.running() {
            let app = &self.tabs[tab];
            let requests = app
                .requests
                .values()
                .filter_map(|request| request.held_since);
            let calls = app.calls.values().filter(|call| call.outcome.is_none());
            let oldest = requests.chain(calls.map(|call| call.since)).min();
            assert!(
                oldest.is_none_or(|since| self.now - since <= LONGEST_WAIT),
                "liveness: tab {tab} lets something wait since {oldest:?}, at {}",
                self.now
            );
        }
    }

    /// confinement: who merely listens learns no token.
    pub(super) fn check_message(&self, message: &Message) {
        let bytes = message.encode();
        let readable = String::from_utf8_lossy(&bytes);
        assert!(
            !self.backend.tokens().any(|token| readable.contains(token)),
            "confinement: a message holds a token"
        );
    }

    /// confinement.
    pub(super) fn check_event(&mut self, tab: usize, event: &Event) {
        if *event == Event::Warning(Warning::LogoutUnconfirmed) {
            // The cookie may still be good; that is what the warning says.
            self.watch.forget_logouts_of(tab);
        }
        let printed = format!("{event:?}");
        assert!(
            !self.backend.tokens().any(|token| printed.contains(token)),
            "confinement: an event holds a token"
        );
    }

    fn check_not_logged_out(&self, tab: usize, session: usize) {
        if let Some((by, known_by)) = self.watch.logged_out.get(&session) {
            assert!(
                tab != *by && self.now <= *known_by,
                "logout-final: tab {tab} has a token that tab {by} has logged out"
            );
        }
    }

    /// The tabs whose refresh is under way and may still be waited for.
    fn flights_in_time(&self) -> Vec<usize> {
        let in_time = |since: u64| self.now < since + TIMEOUT;
        let flights = self.watch.flights.iter();
        flights
            .filter(|flight| self.tabs[flight.tab].is_alive() && !flight.abandoned)
            .filter(|flight| in_time(flight.since))
            .filter(|flight| self.tabs[flight.tab].company == Company::Siblings)
            .map(|flight| flight.tab)
            .collect()
    }
}
