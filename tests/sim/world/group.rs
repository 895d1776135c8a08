//! The browser: what can be seen of it, and the loop that makes time pass.

use std::ops::Range;

use simulated_browser::{Browser, Locks, Presences, Told};
use tokenhold::core::{LogoutPolicy, Machine, Now, Policy, Status, Version};

use super::agenda::{Agenda, Happening};
use super::backend::{Backend, Cookie};
use super::channel::Channel;
use super::clocks::Device;
use super::invariants::Flight;
use super::journal::Journal;
use super::processor::Processor;
use super::random::Random;
use super::reference::Reference;
use super::sending::Held;
use super::tab::{Outcome, Tab};
use super::{MINUTE, SECOND, TIMEOUT};

/// A browser slows the timers of pages that have been hidden for this long down further.
const LONG_HIDDEN_MS: u64 = 5 * MINUTE;

/// More events than this in one millisecond mean an endless loop.
const ENDLESS: u32 = 20_000;

pub struct Group {
    pub now: u64,
    pub tabs: Vec<Tab>,
    pub backend: Backend,
    pub latency: Latency,
    pub random: Random,
    pub habits: Habits,
    pub device: Device,
    pub processor: Processor,
    pub channel: Channel,
    pub journal: Journal,
    /// The truth, as far as it is known, with which the tabs are compared.
    pub reference: Reference,
    /// The session cookie, which all tabs share.
    pub(super) jar: Option<Cookie>,
    pub(super) locks: Locks,
    pub(super) presences: Presences,
    pub(super) agenda: Agenda,
    pub(super) flights: Vec<Flight>,
    /// The requests that wait in the browser for a connection.
    pub(super) held: Vec<Held>,
    pub(super) waits_checked: u64,
    /// The number of events at this moment.
    at_once: u32,
}

/// Latencies in milliseconds, each drawn anew from its range.
pub struct Latency {
    pub channel: Range<u64>,
    pub locks: Range<u64>,
    /// One way.
    pub network: Range<u64>,
}

/// The differences between browsers.
pub struct Habits {
    /// Whether a request outlives its page (`keepalive`).
    pub keeps_alive: bool,
    /// Whether timers of hidden pages are slowed down.
    pub throttles: bool,
    /// Whether a page is told before it is left, and not only when it is (`beforeunload`).
    pub forewarns: bool,
}

impl Group {
    /// A browser without tabs, where `person` has signed in before.
    pub fn with_session(backend: Backend, person: &'static str) -> Group {
        let mut group = Group::without_session(backend);
        group.login(person);
        group
    }

    pub fn without_session(backend: Backend) -> Group {
        Group {
            now: 0,
            tabs: Vec::new(),
            backend,
            latency: Latency {
                channel: 2..3,
                locks: 1..2,
                network: 20..21,
            },
            random: Random::seeded(1),
            habits: Habits {
                keeps_alive: true,
                throttles: false,
                forewarns: false,
            },
            device: Device::default(),
            processor: Processor::default(),
            channel: Channel::default(),
            journal: Journal::default(),
            reference: Reference::default(),
            jar: None,
            locks: Locks::default(),
            presences: Presences::default(),
            agenda: Agenda::default(),
            flights: Vec::new(),
            held: Vec::new(),
            waits_checked: 0,
            at_once: 0,
        }
    }

    /// `count` tabs that are signed in and hidden, so that none refreshes ahead of time.
    pub fn of_tabs(backend: Backend, count: usize) -> Group {
        let mut group = Group::with_session(backend, "alice");
        for _ in 0..count {
            let tab = group.open();
            group.hide(tab);
            group.run(SECOND);
        }
        group.assert_all(Status::SignedIn);
        group
    }

    // How time passes.

    /// Runs all events of the next `ms` milliseconds.
    pub fn run(&mut self, ms: u64) {
        let end = self.now + ms;
        while self.step(end) {
            self.check_waits();
        }
    }

    /// Runs until what is under way is over, which takes a bounded time.
    pub fn settle(&mut self) {
        self.run(MINUTE);
    }

    /// Lets the machine that the browser runs on sleep. Only the network and the backend go on.
    pub fn sleep(&mut self, ms: u64) {
        let end = self.now + ms;
        while let Some((at, happening)) = self.agenda.take_due_elsewhere(end) {
            self.now = self.now.max(at);
            self.happen(happening);
        }
        self.now = end;
        self.reference.is_disturbed(end);
        let unseen = self.device.sleep(ms);
        for tab in &mut self.tabs {
            tab.alarm = tab.alarm.map(|at| at + unseen);
            tab.shift_waits(|since| since + ms);
            tab.shown_at += ms;
        }
    }

    pub fn clocks(&self, tab: usize) -> Now {
        self.device.read(self.tabs[tab].clock, self.now)
    }

    // The state that tests can see.

    pub fn running(&self) -> Vec<usize> {
        (0..self.tabs.len())
            .filter(|tab| self.tabs[*tab].is_running())
            .collect()
    }

    pub fn has_live_session(&self) -> bool {
        self.backend.lives(self.jar)
    }

    /// The session that the cookie belongs to.
    pub fn session_of_cookie(&self) -> Option<usize> {
        self.backend.session_of(self.jar)
    }

    /// The person whose session the cookie belongs to.
    pub fn person_of_cookie(&self) -> Option<&'static str> {
        self.backend.person(self.jar)
    }

    /// As whom the tab with the newest session is signed in.
    pub fn person_of_newest_session(&self) -> Option<&'static str> {
        let signed_in = self.tabs.iter().filter(|page| page.session.is_some());
        let newest = signed_in.max_by_key(|page| page.machine.version());
        newest.and_then(|page| page.app.person)
    }

    pub fn holds_lock(&self, tab: usize) -> bool {
        self.locks.are_held_by(tab)
    }

    #[track_caller]
    pub fn assert_person(&self, person: &str) {
        for tab in self.running() {
            assert_eq!(self.tabs[tab].app.person, Some(person), "tab {tab}");
        }
    }

    #[track_caller]
    pub fn assert_all(&self, status: Status) {
        for tab in self.running() {
            assert_eq!(self.tabs[tab].status(), status, "tab {tab}");
        }
    }

    /// All requests of all running tabs came to the same end.
    #[track_caller]
    pub fn assert_outcomes(&self, outcome: Outcome, of_each: usize) {
        for tab in self.running() {
            let outcomes = self.tabs[tab].outcomes();
            assert_eq!(outcomes, [(Some(outcome), of_each)], "tab {tab}");
        }
    }

    fn step(&mut self, end: u64) -> bool {
        let alarm = self.next_alarm();
        let alarm_at = alarm.map_or(u64::MAX, |(at, _)| at);
        let happening_at = self.agenda.next_at().unwrap_or(u64::MAX);
        let processed_at = self.processor.next_at().unwrap_or(u64::MAX);
        let next_at = alarm_at.min(happening_at).min(processed_at);
        if next_at > end {
            self.now = end;
            return false;
        }
        let at = self.now.max(next_at);
        self.at_once = if at == self.now { self.at_once + 1 } else { 0 };
        assert!(
            self.at_once < ENDLESS,
            "liveness: it goes on without end at {at}"
        );
        self.now = at;
        if let Some(happening) = self.agenda.take_due(self.now) {
            self.process(happening);
        } else if processed_at <= self.now {
            self.process_next();
        } else if let Some((_, tab)) = alarm {
            self.drive(tab, "timer", Machine::handle_timeout);
        }
        true
    }

    fn next_alarm(&self) -> Option<(u64, usize)> {
        let running = (0..self.tabs.len()).filter(|tab| self.tabs[*tab].is_running());
        running
            .filter_map(|tab| {
                let at = self.tabs[tab].alarm?;
                Some((self.throttled(tab, at), tab))
            })
            .min()
    }

    /// When an alarm set for `at` rings.
    fn throttled(&self, tab: usize, at: u64) -> u64 {
        at.next_multiple_of(self.throttle(tab, at)).max(self.now)
    }

    /// To multiples of what a hidden page's timers are put off.
    pub(super) fn throttle(&self, tab: usize, at: u64) -> u64 {
        match self.tabs[tab].hidden_since {
            Some(since) if self.habits.throttles => {
                let long = at.saturating_sub(since) > LONG_HIDDEN_MS;
                if long { MINUTE } else { SECOND }
            }
            _ => 1,
        }
    }

    /// Gives an input to a tab's machine, and performs its effects.
    pub(super) fn drive(
        &mut self,
        tab: usize,
        why: &'static str,
        input: impl FnOnce(&mut Machine, Now),
    ) {
        let clocks = self.clocks(tab);
        let before = self.tabs[tab].machine.version();
        self.journal
            .write(self.now, || format!("tab {tab} < {why}"));
        input(&mut self.tabs[tab].machine, clocks);
        self.note_version(tab, before);
        self.note_session(tab);
        self.perform_all(tab);
        let app = &mut self.tabs[tab];
        let alarm = app.machine.next_timeout(clocks);
        app.alarm = alarm.map(|ms| self.now + ms);
        if !app.is_logging_out() {
            self.reference.give_up_logouts_of(tab);
        }
        self.note_state(tab);
    }

    pub(super) fn after(&mut self, latency: Range<u64>, happening: Happening) {
        let at = self.now + self.random.within(&latency);
        self.agenda.add(at, happening);
    }

    pub(super) fn tell_soon(&mut self, tab: usize, told: Told) {
        self.after(self.latency.locks.clone(), Happening::Tell(tab, told));
    }

    /// Notes versions that are too low or too high because of a clock.
    fn note_version(&mut self, tab: usize, before: Version) {
        let lowest = self.lowest_wall();
        let app = &mut self.tabs[tab];
        let version = app.machine.version();
        if version != before {
            app.had_since = self.now;
        }
        let knew = app.heard.max(app.had);
        app.had = app.had.max(version);
        let newest = self.reference.newest;
        self.reference.newest = newest.max(version);
        let is_its_own = version != before && version.author == app.id;
        let is_too_low = version < newest && app.heard < newest;
        if is_its_own && !self.device.set_back.is_empty() {
            let lowest = self.lowest_wall_since_sending(tab, version).min(lowest);
            let is_too_high = version.epoch > lowest.max(knew.epoch.saturating_add(1));
            self.reference.is_blind |= is_too_low || is_too_high;
        }
    }

    pub(super) fn note_set_back(&mut self) {
        let lowest = self.lowest_wall();
        self.device.set_back.push((self.now, lowest));
    }

    /// The lowest time that any page sees now.
    fn lowest_wall(&self) -> u64 {
        let walls = (0..self.tabs.len()).map(|tab| self.clocks(tab).wall);
        walls.min().unwrap_or_default()
    }

    /// The lowest time that a clock was set back to while the refresh was under way from which the tab has its version:
    /// that has its number from when it was sent.
    fn lowest_wall_since_sending(&self, tab: usize, version: Version) -> u64 {
        let sent = self
            .flights
            .iter()
            .rev()
            .find(|flight| flight.tab == tab && flight.sent_at_wall() == version.epoch)
            .map_or(self.now, |flight| flight.at);
        let meanwhile = self.device.set_back.iter().filter(|(at, _)| *at >= sent);
        meanwhile.map(|(_, wall)| *wall).min().unwrap_or(u64::MAX)
    }

    /// Notes as which version a tab has whose session.
    fn note_session(&mut self, tab: usize) {
        let machine = &self.tabs[tab].machine;
        if let Some(token) = machine.access_token() {
            let (session, _) = self.backend.owner(token.expose());
            self.reference.adopted(session, machine.version(), self.now);
        }
    }

    /// Notes what an app learns from its snapshots, and the fate of its session.
    fn note_state(&mut self, tab: usize) {
        let before = self.tabs[tab].status;
        let status = self.tabs[tab].status();
        self.tabs[tab].status = status;
        match status {
            Status::Restoring => {}
            Status::SignedOut => {
                self.tabs[tab].app.person = None;
                if before != Status::SignedOut {
                    self.check_sign_out(tab);
                }
                self.tabs[tab].session = None;
            }
            Status::SignedIn => {
                let token = self.tabs[tab].machine.access_token();
                let token = token.expect("a tab that is signed in has a token");
                let (session, person) = self.backend.owner(token.expose());
                self.tabs[tab].app.person = Some(person);
                self.tabs[tab].session = Some(session);
                self.check_not_logged_out(tab, session);
            }
        }
    }
}

pub fn policy() -> Policy {
    Policy {
        timeout: TIMEOUT,
        restore: true,
        logout: Some(LogoutPolicy { with_token: false }),
    }
}
