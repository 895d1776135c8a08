//! The group: what tests do with it, and the loop that makes time pass.

use std::ops::Range;

use tokenhold::core::{
    CallId, Company, LogoutPolicy, Machine, Now, Policy, RequestId, Status, TabId,
};

use super::agenda::{Agenda, Happening, Told};
use super::backend::{Backend, Cookie};
use super::invariants::Watch;
use super::locks::Locks;
use super::random::Random;
use super::tab::{Call, Life, Outcome, Request, Tab};
use super::{MINUTE, SECOND, TIMEOUT};

const EPOCH_MS: u64 = 1_700_000_000_000;

pub struct Group {
    pub now: u64,
    pub tabs: Vec<Tab>,
    pub backend: Backend,
    pub latency: Latency,
    pub random: Random,
    /// The session cookie, which all tabs share.
    pub(super) jar: Option<Cookie>,
    pub(super) locks: Locks,
    pub(super) agenda: Agenda,
    pub(super) watch: Watch,
    slept: u64,
}

/// In milliseconds, each drawn anew from its range.
pub struct Latency {
    pub channel: Range<u64>,
    pub locks: Range<u64>,
    /// One way.
    pub network: Range<u64>,
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
            jar: None,
            locks: Locks::default(),
            agenda: Agenda::default(),
            watch: Watch::default(),
            slept: 0,
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

    // What people do.

    pub fn open(&mut self) -> usize {
        self.open_with(policy(), Company::Siblings)
    }

    pub fn open_with(&mut self, policy: Policy, company: Company) -> usize {
        let place = self.tabs.len();
        // Any order of numbers will do; that of opening would hide mistakes.
        let id = TabId(((place as u64 + 1) * 97) % 251);
        let seed = self.random.next();
        let machine = Machine::new(policy, id, company, seed, self.clocks());
        self.tabs.push(Tab::new(id, company, machine));
        self.drive(place, |machine, now| machine.start(now));
        place
    }

    /// A logout that has not been answered by then may never have left.
    pub fn close(&mut self, tab: usize) {
        if self.tabs[tab]
            .calls
            .values()
            .any(|call| call.outcome.is_none())
        {
            self.watch.forget_logouts_of(tab);
        }
        self.tabs[tab].life = Life::Dead;
        let holder = self.locks.release_all(tab);
        self.grant_lock(holder);
    }

    pub fn hide(&mut self, tab: usize) {
        self.drive(tab, |machine, now| machine.handle_visibility(false, now));
    }

    pub fn look_at(&mut self, tab: usize) {
        self.drive(tab, |machine, now| machine.handle_visibility(true, now));
    }

    /// To another page, with this one kept for a return.
    pub fn leave(&mut self, tab: usize) {
        self.drive(tab, |machine, now| machine.handle_hide(now));
        let app = &mut self.tabs[tab];
        for (id, request) in &mut app.requests {
            if request.is_at_the_api() {
                request.outcome = Some(Outcome::Failed);
                app.machine.handle_request_over(*id);
            }
        }
        app.life = Life::Away;
        for flight in &mut self.watch.flights {
            flight.abandoned |= flight.is_of(tab);
        }
    }

    pub fn come_back(&mut self, tab: usize) {
        self.tabs[tab].life = Life::Running;
        let now = self.now;
        self.tabs[tab].restart_waits(now);
        self.drive(tab, |machine, now| machine.handle_show(now));
    }

    pub fn freeze(&mut self, tab: usize) {
        self.tabs[tab].life = Life::Frozen;
    }

    pub fn thaw(&mut self, tab: usize) {
        self.tabs[tab].life = Life::Running;
        let now = self.now;
        self.tabs[tab].restart_waits(now);
        self.drive(tab, |machine, now| machine.handle_wake(now));
        while !self.tabs[tab].backlog.is_empty() {
            let told = self.tabs[tab].backlog.remove(0);
            self.tell(tab, told);
        }
    }

    /// The machine sleeps: only the wall clock goes on.
    pub fn sleep(&mut self, ms: u64) {
        self.slept += ms;
    }

    /// At the login endpoint, without telling tokenhold.
    pub fn login(&mut self, person: &'static str) {
        let (cookie, _) = self.backend.login(person, self.now);
        self.jar = Some(cookie);
    }

    pub fn sign_in(&mut self, tab: usize, person: &'static str) -> CallId {
        let (cookie, grant) = self.backend.login(person, self.now);
        self.jar = Some(cookie);
        self.call(tab, |machine, call, now| {
            machine.handle_sign_in(call, Some(grant), now);
        })
    }

    pub fn sign_in_by_cookie(&mut self, tab: usize, person: &'static str) -> CallId {
        self.login(person);
        self.call(tab, |machine, call, now| {
            machine.handle_sign_in(call, None, now);
        })
    }

    pub fn logout(&mut self, tab: usize) -> CallId {
        self.watch_logout(tab);
        self.call(tab, Machine::handle_logout)
    }

    pub fn refresh(&mut self, tab: usize) -> CallId {
        self.call(tab, Machine::handle_refresh)
    }

    pub fn request(&mut self, tab: usize) -> RequestId {
        let now = self.now;
        let app = &mut self.tabs[tab];
        let id = RequestId(app.next_id());
        let request = Request {
            made_as: app.person,
            times_sent: 0,
            held_since: Some(now),
            outcome: None,
        };
        app.requests.insert(id, request);
        self.drive(tab, |machine, now| machine.handle_request(id, now));
        id
    }

    pub fn request_in_all(&mut self, count: usize) {
        for tab in self.running() {
            for _ in 0..count {
                self.request(tab);
            }
        }
    }

    pub fn abort(&mut self, tab: usize, id: RequestId) {
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        request.outcome.get_or_insert(Outcome::Failed);
        request.held_since = None;
        self.drive(tab, |machine, _| machine.handle_request_over(id));
    }

    // How time passes.

    /// Lets everything happen that happens within `ms`.
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

    pub fn clocks(&self) -> Now {
        Now {
            monotonic: self.now,
            wall: EPOCH_MS + self.now + self.slept,
        }
    }

    // What can be seen.

    pub fn running(&self) -> Vec<usize> {
        (0..self.tabs.len())
            .filter(|tab| self.tabs[*tab].is_running())
            .collect()
    }

    pub fn has_live_session(&self) -> bool {
        self.backend.lives(self.jar)
    }

    /// No tab refreshes or logs out, or is about to, and all have heard the news.
    pub fn auth_is_quiet(&self) -> bool {
        let all_heard = self.watch.last_post < self.now;
        self.locks.are_free() && self.watch.flights.is_empty() && all_heard
    }

    pub fn holds_lock(&self, tab: usize) -> bool {
        self.locks.is_held_by(tab)
    }

    #[track_caller]
    pub fn assert_person(&self, person: &str) {
        for tab in self.running() {
            assert_eq!(self.tabs[tab].person, Some(person), "tab {tab}");
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
        let timer = self.next_timer();
        let timer_at = timer.map_or(u64::MAX, |(at, _)| at);
        let happening_at = self.agenda.next_at().unwrap_or(u64::MAX);
        if timer_at.min(happening_at) > end {
            self.now = end;
            return false;
        }
        self.now = self.now.max(timer_at.min(happening_at));
        if let Some(happening) = self.agenda.take_due(self.now) {
            self.happen(happening);
        } else if let Some((_, tab)) = timer {
            self.drive(tab, Machine::handle_timeout);
        }
        true
    }

    fn next_timer(&self) -> Option<(u64, usize)> {
        let clocks = self.clocks();
        let running = self.running().into_iter();
        running
            .filter_map(|tab| {
                let in_ms = self.tabs[tab].machine.next_timeout(clocks)?;
                Some((self.now + in_ms, tab))
            })
            .min()
    }

    /// Something happens to a tab's machine, and what it wants done about it is done.
    pub(super) fn drive(&mut self, tab: usize, input: impl FnOnce(&mut Machine, Now)) {
        let clocks = self.clocks();
        input(&mut self.tabs[tab].machine, clocks);
        while let Some(effect) = self.tabs[tab].machine.poll_effect() {
            self.perform(tab, effect);
        }
        self.note_person(tab);
        self.check_state(tab);
    }

    pub(super) fn after(&mut self, latency: Range<u64>, happening: Happening) {
        let span = latency.end - latency.start;
        let at = self.now + latency.start + self.random.below(span);
        self.agenda.add(at, happening);
    }

    pub(super) fn tell_soon(&mut self, tab: usize, told: Told) {
        self.after(self.latency.locks.clone(), Happening::Tell(tab, told));
    }

    fn call(&mut self, tab: usize, input: impl FnOnce(&mut Machine, CallId, Now)) -> CallId {
        let now = self.now;
        let app = &mut self.tabs[tab];
        let id = CallId(app.next_id());
        let call = Call {
            since: now,
            outcome: None,
        };
        app.calls.insert(id, call);
        self.drive(tab, |machine, now| input(machine, id, now));
        id
    }

    /// What an app would know from its snapshots.
    fn note_person(&mut self, tab: usize) {
        let person = match self.tabs[tab].status() {
            Status::Restoring => return,
            Status::SignedOut => None,
            Status::SignedIn => self.tabs[tab]
                .machine
                .access_token()
                .map(|token| self.backend.owner(token.expose()).1),
        };
        self.tabs[tab].person = person;
    }
}

pub fn policy() -> Policy {
    Policy {
        timeout: TIMEOUT,
        restore: true,
        logout: Some(LogoutPolicy { with_token: false }),
    }
}
