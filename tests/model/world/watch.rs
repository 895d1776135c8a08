//! The invariants that must hold at every step, by the names under which all tests know them.

use simulated_browser::Invariant;
use tokenhold::core::{AccessToken, Version};

use super::TIMEOUT;
use super::backend::{Cookie, session_of};
use super::tab::{BackendJob, Flight, Stage, Tab};
use super::tabs::Tabs;

/// The past, as far as it matters for what may follow.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Watch {
    /// The first invariant that was broken.
    pub broken: Option<Invariant>,
    /// The refresh requests that have been sent.
    pub refreshes: u8,
    /// How many more than one have been excused from the start.
    pub excused: u8,
    /// A page is being told that it is left.
    pub leaves: bool,
    logouts: Vec<Logout>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Logout {
    /// The session that ended.
    session: usize,
    /// The session that a tab began after it had heard of the end.
    followed_by: Option<usize>,
    by: usize,
    /// The version by which the peers hear of it.
    version: Version,
    /// The tabs that have heard of it, as bits.
    heard: u8,
    /// The backend may not have heard of it, and the app knows.
    is_excused: bool,
}

impl Watch {
    pub fn breach(&mut self, invariant: Invariant) {
        self.broken.get_or_insert(invariant);
    }

    /// one-flight.
    pub fn check_refresh(&mut self, tabs: &Tabs, now: u64) {
        if flights_in_time(tabs, now).next().is_some() {
            self.breach(Invariant::OneFlight);
        }
    }

    /// logout-final: a refresh under way is settled before the logout request leaves, unless its page
    /// does. one-identity: it ends no later session of which there is no news on their way to the tab.
    pub fn check_logout(&mut self, slot: usize, tabs: &Tabs, jar: Option<Cookie>, now: u64) {
        if flights_in_time(tabs, now).next().is_some() && !self.leaves {
            self.breach(Invariant::LogoutFinal);
        }
        let session = jar.map(|cookie| cookie.session);
        let mut logouts = self.logouts.iter();
        let is_followed = logouts
            .any(|it| it.by == slot && it.followed_by.is_some() && it.followed_by == session);
        if is_followed && !tabs[slot].is_to_hear_news() {
            self.breach(Invariant::OneIdentity);
        }
    }

    /// logout-final: no tab has a token of a session once it has heard of its end.
    pub fn check_state(&mut self, slot: usize, tab: &Tab) {
        if !self.logouts.is_empty()
            && let Some(token) = tab.machine.access_token()
        {
            self.check_token(slot, &token);
        }
    }

    pub fn note_logout(&mut self, by: usize, tab: &Tab, jar: Option<Cookie>) {
        let session = match tab.machine.access_token() {
            Some(token) => Some(session_of(&token)),
            None => jar.map(|cookie| cookie.session),
        };
        if let Some(session) = session {
            self.logouts.push(Logout {
                session,
                followed_by: None,
                by,
                version: Version::default(),
                heard: 1 << by,
                is_excused: false,
            });
        }
    }

    /// The version by which the peers will know it.
    pub fn name_logout(&mut self, version: Version) {
        if let Some(logout) = self.logouts.last_mut() {
            logout.version = version;
        }
    }

    pub fn note_sign_in(&mut self, slot: usize, session: usize) {
        for logout in &mut self.logouts {
            if logout.heard >> slot & 1 == 1 {
                logout.followed_by = Some(session);
            }
        }
    }

    pub fn note_heard(&mut self, slot: usize, version: Version) {
        for logout in &mut self.logouts {
            if logout.version == version {
                logout.heard |= 1 << slot;
            }
        }
    }

    /// Another page is at this slot now, which has heard of nothing.
    pub fn note_opened(&mut self, slot: usize) {
        for logout in &mut self.logouts {
            logout.heard &= !(1 << slot);
        }
    }

    pub fn excuse_logouts_of(&mut self, slot: usize) {
        for logout in &mut self.logouts {
            logout.is_excused |= logout.by == slot;
        }
    }

    /// A page that goes before its logout is answered never learns the outcome.
    pub fn forget_logouts_of(&mut self, slot: usize, tab: &Tab) {
        if !tab.app.calls().is_empty() {
            self.excuse_logouts_of(slot);
        }
    }

    /// The sessions that are over for good.
    pub fn ended(&self) -> impl Iterator<Item = usize> {
        let final_ones = self.logouts.iter().filter(|logout| !logout.is_excused);
        final_ones.map(|logout| logout.session)
    }

    pub fn has_logged_out(&self, slot: usize) -> bool {
        self.logouts.iter().any(|logout| logout.by == slot)
    }

    pub fn anyone_logged_out(&self) -> bool {
        !self.logouts.is_empty()
    }

    pub fn count(&mut self, job: BackendJob) {
        self.refreshes += u8::from(matches!(job, BackendJob::Refresh(_)));
    }

    /// logout-final.
    pub fn check_token(&mut self, slot: usize, token: &AccessToken) {
        let session = session_of(token);
        let is_over = |logout: &Logout| {
            let has_heard = logout.heard >> slot & 1 == 1;
            logout.session == session && has_heard && !logout.is_excused
        };
        if self.logouts.iter().any(is_over) {
            self.breach(Invariant::LogoutFinal);
        }
    }
}

/// The refresh requests that may still be waited for.
fn flights_in_time(tabs: &Tabs, now: u64) -> impl Iterator<Item = &Flight> {
    let flights = tabs.iter().flat_map(|tab| tab.flights.iter());
    flights.filter(move |flight| {
        matches!(flight.job, BackendJob::Refresh(_))
            && !matches!(flight.stage, Stage::Landed(_))
            && !flight.is_orphan
            && now < flight.since + TIMEOUT
    })
}
