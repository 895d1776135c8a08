//! The invariants that must hold at every step, by the names under which all tests know them.

use tokenhold::core::{AttemptId, TabSharing, Version};

use super::backend::Cookie;
use super::clocks::Stamp;
use super::group::Group;
use super::tab::Kind;
use super::{MINUTE, SECOND, TIMEOUT};

/// The longest that anything may wait in a machine. A hidden page's browser may put off the timer that ends it.
const LONGEST_WAIT: u64 = 3 * TIMEOUT + 15 * SECOND;
/// The limit of refreshes in a minute, whatever happens: of all peers, or of one tab that works alone.
const STORM: usize = 70;
const WAITS_EVERY_MS: u64 = SECOND;
/// After a disturbance, the tabs' knowledge of each other has this long to settle.
const CALM_MS: u64 = 5 * SECOND;
/// The machine's own rule: it does not send a token that expires within this time, or a tenth of its life.
const LEEWAY_MS: u64 = 5 * SECOND;

/// A refresh request under way.
pub struct Flight {
    pub tab: usize,
    id: AttemptId,
    pub at: u64,
    sent: Stamp,
    /// With which cookie.
    pub cookie: Option<Cookie>,
    /// It ends with its page, and can be called off.
    pub is_repeat: bool,
    pub is_called_off: bool,
    /// Its page has left. To its peers, the tab is as good as dead.
    pub abandoned: bool,
    landed: bool,
}

impl Flight {
    /// When it was sent, by the wall clock of its page.
    pub fn sent_at_wall(&self) -> u64 {
        self.sent.now.wall
    }
}

impl Group {
    /// one-flight, no-needless-refresh.
    pub(super) fn check_refresh(&mut self, tab: usize, id: AttemptId, is_repeat: bool) {
        let others = self.flights_in_time();
        let alone = !self.is_peer(tab);
        assert!(
            others.is_empty() || alone,
            "one-flight: tab {tab} refreshes while tabs {others:?} do, at {}",
            self.now
        );
        if !alone {
            self.check_need(tab);
        }
        let minute_ago = self.now.saturating_sub(MINUTE);
        let of_late = self
            .flights
            .iter()
            .rev()
            .take_while(|flight| flight.at > minute_ago)
            .filter(|flight| flight.tab == tab || !alone && self.can_tell_when(flight.tab, tab));
        assert!(
            of_late.count() < STORM,
            "no-needless-refresh: a storm of refreshes, by tab {tab} at {}",
            self.now
        );
        let clock = self.tabs[tab].clock;
        self.flights.push(Flight {
            tab,
            id,
            at: self.now,
            sent: self.device.stamp(clock, self.now),
            cookie: self.jar,
            is_repeat,
            is_called_off: false,
            abandoned: false,
            landed: false,
        });
    }

    /// logout-final: a refresh under way is settled before the logout request leaves, unless its page does.
    ///
    /// one-identity: it ends no session of which the tab has heard since.
    pub(super) fn check_logout(&mut self, tab: usize) {
        let flights = self.flights_in_time();
        let alone = !self.is_peer(tab);
        let app = &self.tabs[tab];
        assert!(
            flights.is_empty() || alone || app.is_left,
            "logout-final: the logout of tab {tab} overtakes the refresh of tabs {flights:?}"
        );
        if let Some(session) = self.session_of_cookie().filter(|_| self.has_live_session()) {
            let is_known = self.reference.began_after_logout(session, tab, app.heard);
            assert!(
                !is_known || self.reference.is_hostile || self.reference.is_blind,
                "one-identity: the logout of tab {tab} ends session {session}, which it has heard of"
            );
        }
        if app.is_left {
            self.journal.count("logout sent by a page that is left");
            if !flights.is_empty() {
                self.journal.count("logout sent ahead of a refresh");
            }
        }
    }

    /// one-identity: no refresh is under way whose answer could bring back the cookie of before.
    pub(super) fn check_login(&mut self, tab: usize) {
        let flights = self.flights_in_time();
        assert!(
            flights.is_empty() || !self.is_peer(tab),
            "one-identity: the login of tab {tab} overtakes the refresh of tabs {flights:?}"
        );
    }

    /// logout-final: no page is left with a logout that it has not sent, unless it has yet to see what it has missed.
    pub(super) fn check_parting(&self, tab: usize) {
        let app = &self.tabs[tab];
        let waits = app.is_logging_out() && app.waits_for(Kind::Logout).is_some();
        let is_looking = self.now <= app.last_list;
        assert!(
            !waits || app.has_sent_logout || is_looking,
            "logout-final: tab {tab} is left, and its logout has not been sent"
        );
    }

    /// keep-serving: a tab stays signed in unless somebody has logged out or the backend has ended the session.
    pub(super) fn check_sign_out(&self, tab: usize) {
        let app = &self.tabs[tab];
        let Some(session) = app.session else { return };
        let goes_on = self.has_live_session() && self.session_of_cookie() == Some(session);
        let is_open = self.reference.is_hostile || self.reference.is_blind;
        let is_apart = !self.is_peer(tab) || self.is_by_one_alone(app.machine.version());
        let excused = app.disposed || is_open || is_apart;
        assert!(
            !goes_on || excused || self.reference.may_have_been_left(session),
            "keep-serving: tab {tab} is signed out of session {session}, which nobody has ended"
        );
    }

    /// liveness.
    pub(super) fn check_waits(&mut self) {
        if self.now < self.waits_checked + WAITS_EVERY_MS {
            return;
        }
        self.waits_checked = self.now;
        self.check_held();
        for (tab, page) in self.tabs.iter().enumerate() {
            // Timers that were put off while it was hidden ring now.
            let just_shown = self.now < page.shown_at + WAITS_EVERY_MS;
            if !page.is_running() || just_shown {
                continue;
            }
            let Some(since) = page.app.oldest_wait() else {
                continue;
            };
            let put_off = self.throttle(tab, self.now) - 1;
            assert!(
                self.now - since <= LONGEST_WAIT + WAITS_EVERY_MS + put_off,
                "liveness: tab {tab} lets something wait since {since}, at {}",
                self.now
            );
        }
    }

    /// A session ended because a cookie was used twice. Counts the losses that no protocol could have prevented.
    pub(super) fn note_reuse(&mut self, cookie: Option<Cookie>) {
        let mut earlier = self.flights.iter().filter(|one| one.cookie == cookie);
        let overtook = earlier.any(|flight| !flight.landed && flight.abandoned);
        self.journal
            .count(match (overtook, self.backend.is_strict()) {
                (true, true) => "session lost, strict: its page left with a refresh under way",
                (false, true) => "session lost, strict: an answer never came, or came too late",
                (true, false) => "session lost, forgiving: its page left with a refresh under way",
                (false, false) => "session lost, forgiving: an answer never came, or came too late",
            });
    }

    /// A login does not wait for the lock, so an older session's answer may take its cookie away.
    pub(super) fn note_overwriting(&mut self, fresh: Option<Cookie>) {
        let of_another =
            fresh.is_some() && self.backend.session_of(fresh) != self.session_of_cookie();
        if of_another && self.has_live_session() {
            self.journal
                .count("session lost: an older one's answer overwrote its cookie");
        }
    }

    /// A tab is about to hear that the session is over. That may be true only of the cookie that it sent, because an
    /// older session's answer had overwritten the live cookie.
    pub(super) fn note_end(&mut self, tab: usize, id: AttemptId) {
        let Some(live) = self.session_of_cookie() else {
            return;
        };
        let Flight { cookie, at, .. } = *self.flight(tab, id);
        if self.backend.session_of(cookie) != Some(live) {
            self.reference.was_overwritten(live, at);
        }
    }

    pub(super) fn note_landing(&mut self, tab: usize, id: AttemptId) {
        let clock = self.tabs[tab].clock;
        let flight = self.flight(tab, id);
        flight.landed = true;
        let sent = flight.sent;
        if self.device.since(sent, clock, self.now) > TIMEOUT {
            self.journal.count("refresh answered after its time-out");
        }
    }

    /// The refresh request of that number.
    pub(super) fn flight(&mut self, tab: usize, id: AttemptId) -> &mut Flight {
        let mut flights = self.flights.iter_mut();
        let flight = flights.find(|flight| (flight.tab, flight.id) == (tab, id));
        flight.expect("it was sent")
    }

    /// no-needless-refresh: no peer that this tab can ask has a token that would do.
    fn check_need(&self, tab: usize) {
        let app = &self.tabs[tab];
        let wants_another = app.waits_for(Kind::SignIn).is_some()
            || app.waits_for(Kind::Logout).is_some()
            || app.is_backing_off;
        let Some(lock_since) = self.lock_held_since(tab) else {
            return;
        };
        let is_disturbed = self.reference.is_hostile || self.channel.is_rough;
        if wants_another || is_disturbed || self.reference.is_blind {
            return;
        }
        let end = self.presences.newest_end();
        for (peer, other) in self.tabs.iter().enumerate() {
            let shown = self.presences.of(peer);
            let can_be_asked = other.is_running()
                && end.is_none_or(|end| end < other.machine.version())
                && app.had.epoch <= other.machine.version().epoch
                && app.heard <= other.machine.version()
                && self.is_peer(peer)
                && shown.is_some_and(|shown| {
                    other.presence_since < lock_since && shown.version == other.machine.version()
                });
            if can_be_asked || peer == tab {
                assert!(
                    !self.has_what_it_takes(peer, tab),
                    "no-needless-refresh: tab {tab} refreshes though tab {peer} has a good token"
                );
            }
        }
    }

    /// Since when the tab has a lock, if it has one.
    fn lock_held_since(&self, tab: usize) -> Option<u64> {
        let request = self.locks.held_by(tab)?;
        self.tabs[tab].granted_at.get(&request.ticket).copied()
    }

    /// Whether it knows of its peers' failed attempts.
    fn is_peer(&self, tab: usize) -> bool {
        self.tabs[tab].sharing == TabSharing::Shared
    }

    /// Whether `tab` knows how long ago `peer` has failed: not if their pages see different times.
    fn can_tell_when(&self, peer: usize, tab: usize) -> bool {
        let error = |tab: usize| self.tabs[tab].clock.wall_error;
        self.is_peer(peer) && error(peer) == error(tab)
    }

    /// Whether `peer` has a token of the cookie's session that serves `tab` as well as a new one.
    fn has_what_it_takes(&self, peer: usize, tab: usize) -> bool {
        let Some(token) = self.tabs[peer].machine.access_token() else {
            return false;
        };
        let issued = self.backend.issued(token.expose());
        let life = issued.expires - issued.at;
        let asked_anew = self.tabs[tab].latest(Kind::Refresh);
        let serves = Some(issued.session) == self.session_of_cookie()
            && !issued.revoked
            && !issued.was_rejected
            && self.now + LEEWAY_MS.min(life / 10) < issued.expires
            && self.now < issued.at + life / 2;
        serves
            && issued.at > self.reference.disturbed_at + CALM_MS
            && asked_anew.is_none_or(|call| call.since < issued.at)
    }

    /// Whether the token is alive by both of the tab's clocks.
    pub(super) fn is_valid_to(&self, tab: usize) -> bool {
        let machine = &self.tabs[tab].machine;
        let expires = machine.expires_at();
        let by_wall = expires.is_none_or(|at| at > self.clocks(tab).wall);
        let token = machine.access_token();
        let by_age = token.is_some_and(|token| {
            let issued = self.backend.issued(token.expose());
            self.now < issued.expires && self.device.went_forward_at < issued.at
        });
        by_wall && by_age && self.reference.disturbed_at + CALM_MS < self.now
    }

    /// logout-final: no tab has a token of a session once it has heard of its end.
    pub(super) fn check_not_logged_out(&self, tab: usize, session: usize) {
        let told = &self.tabs[tab].told;
        let is_open = self.reference.is_hostile || self.reference.is_blind;
        assert!(
            is_open || !self.reference.is_known_to_be_over(session, told),
            "logout-final: tab {tab} has a token of session {session}, and knows that it was logged out"
        );
    }

    /// Whether a tab without locks has warned of that. Its refresh may have overlapped with a peer's sign-in, and its
    /// peers do not hear of its refreshes.
    fn is_by_one_alone(&self, version: Version) -> bool {
        let mut tabs = self.tabs.iter();
        tabs.any(|app| app.id == version.author && app.sharing == TabSharing::Alone)
    }

    /// The tabs whose refresh is under way and may still be waited for.
    fn flights_in_time(&self) -> Vec<usize> {
        let flights = self.flights.iter();
        flights
            .filter(|flight| !flight.landed && !flight.abandoned)
            .filter(|flight| {
                let app = &self.tabs[flight.tab];
                app.is_alive()
                    && !app.disposed
                    && self.is_peer(flight.tab)
                    && self.device.since(flight.sent, app.clock, self.now) < TIMEOUT
            })
            .map(|flight| flight.tab)
            .collect()
    }
}
