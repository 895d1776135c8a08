//! One browser with its tabs, and the backend: everything a state of the model consists of.

mod backend;
mod effects;
mod tab;
mod tabs;
mod watch;

use simulated_browser::{App, Browser, Locks, Presences, RequestState, Told, failed};
use tokenhold::core::{
    CallId, Failure, LogoutPolicy, Machine, Message, Now, Policy, Status, TabId, TabSharing,
};

use crate::budget::{Budget, NOTHING};
pub use backend::{Backend, Cookie, SECRET, person, session_of};
pub use tab::{BackendJob, Flight, Life, Reply, Stage, Tab};
use tabs::Tabs;
pub use watch::Watch;

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;

/// The time-out of one attempt, as the options have it by default.
pub const TIMEOUT: u64 = 10 * SECOND;

const EPOCH_MS: u64 = 1_700_000_000_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    /// Milliseconds by the clock that stands still during sleep.
    pub clock: u64,
    pub slept: u64,
    pub tabs: Tabs,
    pub locks: Locks,
    /// The presences that the tabs can see of each other.
    pub presences: Presences,
    /// The session cookie, which all tabs share.
    pub jar: Option<Cookie>,
    pub backend: Backend,
    /// The budget that is left for this world.
    pub left: Budget,
    pub watch: Watch,
}

impl World {
    /// A world with so many `slots` for tabs, all of them closed, and a person who has signed in before.
    pub fn new(slots: usize, mut backend: Backend) -> World {
        let (cookie, _) = backend.login(0);
        let closed = |slot| Tab {
            life: Life::Dead,
            app: App::default(),
            ..Tab::new(id_of(slot, 0), machine(slot, 0, moment(0, 0)), 0)
        };
        World {
            clock: 0,
            slept: 0,
            tabs: Tabs::new((0..slots).map(closed)),
            locks: Locks::default(),
            presences: Presences::default(),
            jar: Some(cookie),
            backend,
            left: NOTHING,
            watch: Watch::default(),
        }
    }

    pub fn now(&self) -> Now {
        moment(self.clock, self.slept)
    }

    /// Sets the budget from now on.
    pub fn allow(&mut self, budget: Budget) {
        self.left = budget;
        for slot in 0..self.tabs.len() {
            if self.tabs[slot].is_running() {
                self.tabs[slot].to_request = budget.requests;
            }
        }
    }

    // The acts of people.

    /// A new page in this slot.
    pub fn open(&mut self, slot: usize) {
        let life = self.tabs[slot].id.0 % LIVES + 1;
        let machine = machine(slot, life, self.now());
        let flights = std::mem::take(&mut self.tabs[slot].flights);
        let fresh = Tab::new(id_of(slot, life), machine, self.clock);
        self.tabs[slot] = Tab { flights, ..fresh };
        self.tabs[slot].to_request = self.left.requests;
        self.watch.note_opened(slot);
        self.drive(slot, Machine::start);
    }

    pub fn crash(&mut self, slot: usize) {
        self.watch.forget_logouts_of(slot, &self.tabs[slot]);
        let tab = &mut self.tabs[slot];
        tab.life = Life::Dead;
        tab.drop_mail();
        tab.app = App::default();
        tab.to_request = 0;
        // The old machine would tell states apart that are the same.
        tab.machine = machine(slot, 0, moment(0, 0));
        self.presences.hide(slot);
        let granted = self.locks.release_all(slot);
        self.locks_are_granted(granted);
    }

    pub fn thaw(&mut self, slot: usize, is_told: bool) {
        let now = self.clock;
        let tab = &mut self.tabs[slot];
        tab.life = Life::Running;
        tab.app.shift_waits(|_| now);
        if is_told {
            self.drive(slot, Machine::handle_wake);
        }
    }

    /// The browser asks whether it may leave the page, which stays for the moment.
    pub fn ask_to_leave(&mut self, slot: usize) {
        self.part(slot, Machine::handle_leave);
    }

    /// The browser goes to another page, and keeps this one in the back/forward cache.
    pub fn leave(&mut self, slot: usize) {
        self.part(slot, Machine::handle_hide);
        let tab = &mut self.tabs[slot];
        tab.life = Life::Away;
        tab.drop_mail();
        for request in tab.app.cut_off() {
            tab.machine.handle_request_over(request.id);
        }
        self.presences.hide(slot);
    }

    fn part(&mut self, slot: usize, input: impl FnOnce(&mut Machine, Now)) {
        self.watch.leaves = true;
        self.drive(slot, input);
        self.watch.leaves = false;
    }

    pub fn come_back(&mut self, slot: usize) {
        let now = self.clock;
        let tab = &mut self.tabs[slot];
        tab.life = Life::Running;
        tab.app.shift_waits(|_| now);
        self.drive(slot, Machine::handle_show);
    }

    pub fn hide(&mut self, slot: usize) {
        self.drive(slot, |machine, now| machine.handle_visibility(false, now));
    }

    pub fn request(&mut self, slot: usize) {
        let now = self.clock;
        let tab = &mut self.tabs[slot];
        tab.to_request -= 1;
        let id = tab.app.make_request(now);
        self.drive(slot, |machine, now| machine.handle_request(id, now));
    }

    pub fn refresh(&mut self, slot: usize) {
        self.call(slot, Machine::handle_refresh);
    }

    pub fn logout(&mut self, slot: usize) {
        self.watch.note_logout(slot, &self.tabs[slot], self.jar);
        self.call(slot, Machine::handle_logout);
        let version = self.tabs[slot].machine.version();
        self.watch.name_logout(version);
    }

    /// The app has asked the login endpoint, and brings what it answered: as another person.
    pub fn sign_in(&mut self, slot: usize) {
        let (cookie, response) = self.backend.login(self.clock);
        self.jar = Some(cookie);
        self.watch.note_sign_in(slot, cookie.session);
        self.call(slot, |machine, call, now| {
            machine.handle_sign_in(call, Some(response), now);
        });
    }

    /// The app has asked the login endpoint, which sets a cookie and says nothing more.
    pub fn sign_in_by_cookie(&mut self, slot: usize) {
        let (cookie, _) = self.backend.login(self.clock);
        self.jar = Some(cookie);
        self.call(slot, |machine, call, now| {
            machine.handle_sign_in(call, None, now);
        });
    }

    // Events that come about by themselves.

    pub fn tell_granted(&mut self, slot: usize) {
        if let Some(ticket) = self.tabs[slot].mail.granted.pop_front() {
            self.tell(slot, Told::LockGranted(ticket));
        }
    }

    pub fn list_peers(&mut self, slot: usize) {
        let peers = self.presences.listed();
        let holders = self.locks.holders(|slot| self.tabs[slot].id.0);
        let mail = &mut self.tabs[slot].mail;
        mail.unlisted -= 1;
        mail.listed.push_back((peers, holders));
    }

    pub fn tell_peers(&mut self, slot: usize) {
        if let Some((peers, holders)) = self.tabs[slot].mail.listed.pop_front() {
            self.tell(slot, Told::Peers(peers, holders));
        }
    }

    pub fn show(&mut self, slot: usize) {
        let tab = &mut self.tabs[slot];
        if let Some(presence) = tab.mail.showing.take() {
            tab.mail.shown = Some(presence.version);
            self.presences.show(slot, presence);
            self.presences.sort();
        }
        if self.tabs[slot].is_running() {
            self.tell_shown(slot);
        }
    }

    pub fn tell_shown(&mut self, slot: usize) {
        if let Some(version) = self.tabs[slot].mail.shown.take() {
            self.tell(slot, Told::Announced(version));
        }
    }

    /// A sealed message goes out to the others.
    pub fn post_sealed(&mut self, slot: usize) {
        if let Some(message) = self.tabs[slot].mail.sealing.pop_front() {
            self.post(slot, &message);
        }
    }

    pub fn tell_message(&mut self, slot: usize) {
        if let Some(message) = self.tabs[slot].mail.inbox.pop_front() {
            if let Message::SignedOut { version, .. } = message {
                self.watch.note_heard(slot, version);
            }
            self.tell(slot, Told::Message(message));
        }
    }

    pub fn tell_unsealed(&mut self, slot: usize) {
        if let Some((news, token)) = self.tabs[slot].mail.unsealing.pop_front() {
            self.tell(slot, Told::Unsealed(news, token));
        }
    }

    /// A request to an auth endpoint is answered. The answer may get lost on its way, with an
    /// error or without one.
    pub fn arrive(&mut self, slot: usize, flight: usize, luck: Luck) {
        let now = self.clock;
        let flight = &mut self.tabs[slot].flights[flight];
        let Stage::Out(cookie) = flight.stage else {
            return;
        };
        let said = match flight.job {
            _ if luck == Luck::Busy => None,
            BackendJob::Refresh(_) => {
                let (answer, fresh) = self.backend.refresh(cookie, now);
                Some(Reply::Refreshed(answer, fresh))
            }
            BackendJob::Logout(_) => {
                self.backend.logout(cookie);
                Some(Reply::LoggedOut(true, cookie))
            }
        };
        let is_the_last = flight.is_orphan && matches!(flight.job, BackendJob::Logout(_));
        if said.is_none() && is_the_last {
            self.watch.excuse_logouts_of(slot);
        }
        let failure = match luck {
            Luck::Busy => Failure::Status(503),
            _ => Failure::Network,
        };
        let reply = match (flight.job, said) {
            (_, Some(said)) if luck == Luck::Fine => said,
            (BackendJob::Refresh(_), _) => Reply::Refreshed(failed(failure, None), None),
            (BackendJob::Logout(_), _) => Reply::LoggedOut(false, None),
        };
        flight.stage = Stage::Back(reply);
    }

    /// The request arrives, and its answer will never come.
    pub fn silence(&mut self, slot: usize, flight: usize) {
        self.arrive(slot, flight, Luck::AnswerLost);
        self.tabs[slot].flights.remove(flight);
    }

    /// The answer reaches the browser, which keeps the cookie, whatever became of the tab.
    pub fn come_home(&mut self, slot: usize, flight: usize) {
        let Stage::Back(reply) = self.tabs[slot].flights[flight].stage.clone() else {
            return;
        };
        match reply {
            _ if self.tabs[slot].flights[flight].is_called_off => {}
            Reply::Refreshed(_, fresh) => self.jar = fresh.or(self.jar),
            Reply::LoggedOut(true, ended) => {
                self.jar = self.jar.filter(|kept| Some(*kept) != ended)
            }
            Reply::LoggedOut(false, _) => {}
        }
        let tab = &mut self.tabs[slot];
        if tab.flights[flight].is_orphan {
            tab.flights.remove(flight);
        } else {
            tab.flights[flight].stage = Stage::Landed(reply);
            if tab.is_running() {
                self.tell_answer(slot, flight);
            }
        }
    }

    pub fn tell_answer(&mut self, slot: usize, flight: usize) {
        let flight = self.tabs[slot].flights.remove(flight);
        let Stage::Landed(reply) = flight.stage else {
            return;
        };
        match (flight.job, reply) {
            (BackendJob::Refresh(id), Reply::Refreshed(answer, _)) => {
                self.tell(slot, Told::RefreshAnswered(id, answer));
            }
            (BackendJob::Logout(id), Reply::LoggedOut(confirmed, _)) => {
                self.tell(slot, Told::LogoutAnswered(id, confirmed));
            }
            _ => {}
        }
    }

    /// The API answers the app's request.
    pub fn serve(&mut self, slot: usize, request: usize) {
        let now = self.clock;
        let backend = &mut self.backend;
        let request = &self.tabs[slot].app.requests()[request];
        let RequestState::Sent(token) = &request.state else {
            return;
        };
        let id = request.id;
        let token = token.as_ref();
        let is_accepted = token.is_some_and(|token| backend.accepts(token, now));
        let app = &mut self.tabs[slot].app;
        if is_accepted {
            app.end_request(id);
            self.tell(slot, Told::RequestAnswered(id, Some(200)));
        } else {
            app.take_back(id, now);
            self.tell(slot, Told::RequestAnswered(id, Some(401)));
        }
    }

    // How time passes.

    /// Milliseconds until the next timer of a running tab is due.
    pub fn next_timer(&self) -> Option<u64> {
        let now = self.now();
        let running = self.tabs.iter().filter(|tab| tab.is_running());
        running
            .filter_map(|tab| tab.machine.next_timeout(now))
            .min()
    }

    pub fn timer_is_due(&self, slot: usize) -> bool {
        let tab = &self.tabs[slot];
        tab.is_running() && tab.machine.next_timeout(self.now()) == Some(0)
    }

    /// Time goes on. Tabs that have nothing to do about it are told all the same: it changes
    /// nothing for them but the last time they saw, and makes for fewer states.
    pub fn pass(&mut self, ms: u64) {
        self.clock += ms;
        for slot in 0..self.tabs.len() {
            if self.tabs[slot].is_running() && !self.timer_is_due(slot) {
                self.drive(slot, Machine::handle_timeout);
            }
        }
    }

    pub fn fire(&mut self, slot: usize) {
        self.drive(slot, Machine::handle_timeout);
    }

    fn tell(&mut self, slot: usize, told: Told) {
        self.drive(slot, |machine, now| told.tell(machine, now));
    }

    /// Gives an input to a tab's machine, and performs its effects.
    fn drive(&mut self, slot: usize, input: impl FnOnce(&mut Machine, Now)) {
        let now = self.now();
        input(&mut self.tabs[slot].machine, now);
        self.perform_all(slot);
        self.note_person(slot);
        self.watch.check_state(slot, &self.tabs[slot]);
    }

    fn call(&mut self, slot: usize, input: impl FnOnce(&mut Machine, CallId, Now)) {
        let now = self.clock;
        let id = self.tabs[slot].app.make_call(now);
        self.drive(slot, |machine, now| input(machine, id, now));
    }

    /// Notes what an app learns from its snapshots.
    fn note_person(&mut self, slot: usize) {
        let tab = &self.tabs[slot];
        let person = match tab.machine.status() {
            Status::Restoring => return,
            Status::SignedOut => None,
            Status::SignedIn => {
                let token = tab.machine.access_token();
                token.map(|token| person(session_of(&token)))
            }
        };
        self.tabs[slot].app.person = person;
    }
}

/// The fate of a request to an auth endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Luck {
    Fine,
    /// It arrived; the network fails before the answer does.
    AnswerLost,
    /// 503.
    Busy,
}

const LIVES: u64 = 100;

/// The tabs of one slot are numbered one after the other. The order of numbers is not that of
/// slots: it must not matter.
fn id_of(slot: usize, life: u64) -> TabId {
    TabId([7, 3, 5][slot] * LIVES + life)
}

fn machine(slot: usize, life: u64, now: Now) -> Machine {
    let policy = Policy {
        timeout: TIMEOUT,
        restore: true,
        logout: Some(LogoutPolicy { with_token: false }),
    };
    let id = id_of(slot, life);
    Machine::new(policy, id, TabSharing::Shared, id.0, now)
}

fn moment(clock: u64, slept: u64) -> Now {
    Now {
        monotonic: clock,
        wall: EPOCH_MS + clock + slept,
    }
}
