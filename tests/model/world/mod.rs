//! One browser with its tabs, and the backend: everything a state of the model consists of.

mod backend;
mod effects;
mod locks;
mod tab;
mod tabs;
mod watch;

use tokenhold::core::{
    CallId, Challenge, Claims, Failure, LogoutPolicy, Machine, Message, Now, Policy, RequestId,
    Status, TabId, TabSharing,
};

use crate::budget::{Budget, NOTHING};
pub use backend::{Backend, Cookie, SECRET, failed, person, session_of};
use locks::Locks;
pub use tab::{App, Attempt, Flight, Life, Phase, Reply, Request, Stage, Tab};
use tabs::Tabs;
pub use watch::{Breach, Watch};

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
    /// The session cookie, which all tabs share.
    pub jar: Option<Cookie>,
    pub backend: Backend,
    /// What may still be done to this world.
    pub left: Budget,
    pub watch: Watch,
}

impl World {
    /// `places` for tabs, all of them closed, and somebody who has signed in before.
    pub fn new(places: usize, mut backend: Backend) -> World {
        let (cookie, _) = backend.login(0);
        let closed = |place| Tab {
            life: Life::Dead,
            app: App::default(),
            ..Tab::new(id_of(place, 0), machine(place, 0, moment(0, 0)), 0)
        };
        World {
            clock: 0,
            slept: 0,
            tabs: Tabs::new((0..places).map(closed)),
            locks: Locks::default(),
            jar: Some(cookie),
            backend,
            left: NOTHING,
            watch: Watch::default(),
        }
    }

    pub fn now(&self) -> Now {
        moment(self.clock, self.slept)
    }

    /// What may be done to it from now on.
    pub fn allow(&mut self, budget: Budget) {
        self.left = budget;
        for place in 0..self.tabs.len() {
            if self.tabs[place].is_running() {
                self.tabs[place].app.to_request = budget.requests;
            }
        }
    }

    // What people do.

    /// A new page at this place.
    pub fn open(&mut self, place: usize) {
        let life = self.tabs[place].id.0 % LIVES + 1;
        let machine = machine(place, life, self.now());
        let flights = std::mem::take(&mut self.tabs[place].flights);
        let fresh = Tab::new(id_of(place, life), machine, self.clock);
        self.tabs[place] = Tab { flights, ..fresh };
        self.tabs[place].app.to_request = self.left.requests;
        self.watch.note_opened(place);
        self.drive(place, Machine::start);
    }

    pub fn crash(&mut self, place: usize) {
        self.watch.forget_logouts_of(place, &self.tabs[place]);
        let tab = &mut self.tabs[place];
        tab.life = Life::Dead;
        tab.drop_mail();
        tab.app = App::default();
        // What is left of the machine tells states apart that are the same.
        tab.machine = machine(place, 0, moment(0, 0));
        let granted = self.locks.release_all(place);
        self.hand_locks(granted);
    }

    pub fn thaw(&mut self, place: usize, is_told: bool) {
        let now = self.clock;
        let tab = &mut self.tabs[place];
        tab.life = Life::Running;
        tab.app.restart_waits(now);
        if is_told {
            self.drive(place, Machine::handle_wake);
        }
    }

    /// The browser asks whether it may leave the page, which stays for the moment.
    pub fn ask_to_leave(&mut self, place: usize) {
        self.part(place, Machine::handle_leave);
    }

    /// To another page, with this one kept for a return.
    pub fn leave(&mut self, place: usize) {
        self.part(place, Machine::handle_hide);
        let tab = &mut self.tabs[place];
        tab.life = Life::Away;
        tab.drop_mail();
        let cut_off = |request: &Request| matches!(request.phase, Phase::Sent(_));
        for request in tab.app.requests.extract_if(.., |request| cut_off(request)) {
            tab.machine.handle_request_over(request.id);
        }
    }

    fn part(&mut self, place: usize, input: impl FnOnce(&mut Machine, Now)) {
        self.watch.leaves = true;
        self.drive(place, input);
        self.watch.leaves = false;
    }

    pub fn come_back(&mut self, place: usize) {
        let now = self.clock;
        let tab = &mut self.tabs[place];
        tab.life = Life::Running;
        tab.app.restart_waits(now);
        self.drive(place, Machine::handle_show);
    }

    pub fn hide(&mut self, place: usize) {
        self.drive(place, |machine, now| machine.handle_visibility(false, now));
    }

    pub fn request(&mut self, place: usize) {
        let now = self.clock;
        let app = &mut self.tabs[place].app;
        app.to_request -= 1;
        let id = RequestId(app.next_id());
        app.requests.push(Request {
            id,
            made_as: app.person,
            times_sent: 0,
            phase: Phase::Held(now),
        });
        self.drive(place, |machine, now| machine.handle_request(id, now));
    }

    pub fn refresh(&mut self, place: usize) {
        self.call(place, Machine::handle_refresh);
    }

    pub fn logout(&mut self, place: usize) {
        self.watch.note_logout(place, &self.tabs[place], self.jar);
        self.call(place, Machine::handle_logout);
        let version = self.tabs[place].machine.version();
        self.watch.name_logout(version);
    }

    /// The app has asked the login endpoint, and brings what it answered: as another person.
    pub fn sign_in(&mut self, place: usize) {
        let (cookie, response) = self.backend.login(self.clock);
        self.jar = Some(cookie);
        self.watch.note_sign_in(place, cookie.session);
        self.call(place, |machine, call, now| {
            machine.handle_sign_in(call, Some(response), now);
        });
    }

    /// The app has asked the login endpoint, which sets a cookie and says nothing more.
    pub fn sign_in_by_cookie(&mut self, place: usize) {
        let (cookie, _) = self.backend.login(self.clock);
        self.jar = Some(cookie);
        self.call(place, |machine, call, now| {
            machine.handle_sign_in(call, None, now);
        });
    }

    // What comes about by itself.

    pub fn tell_granted(&mut self, place: usize) {
        if let Some(ticket) = self.tabs[place].mail.granted.pop_front() {
            self.drive(place, |machine, now| {
                machine.handle_lock_granted(ticket, now);
            });
        }
    }

    pub fn list_peers(&mut self, place: usize) {
        let peers = self.tabs.iter().filter_map(|tab| tab.shown).collect();
        let holders = self.locks.holders(|place| self.tabs[place].id.0);
        let mail = &mut self.tabs[place].mail;
        mail.unlisted -= 1;
        mail.listed.push_back((peers, holders));
    }

    pub fn tell_peers(&mut self, place: usize) {
        if let Some((peers, holders)) = self.tabs[place].mail.listed.pop_front() {
            self.drive(place, |machine, now| {
                machine.handle_peers(&peers, &holders, now);
            });
        }
    }

    pub fn show(&mut self, place: usize) {
        let tab = &mut self.tabs[place];
        if let Some(presence) = tab.mail.showing.take() {
            tab.shown = Some(presence);
            tab.mail.shown = Some(presence.version);
        }
        if tab.is_running() {
            self.tell_shown(place);
        }
    }

    pub fn tell_shown(&mut self, place: usize) {
        if let Some(version) = self.tabs[place].mail.shown.take() {
            self.drive(place, |machine, now| machine.handle_announced(version, now));
        }
    }

    /// What has been sealed goes out to the others.
    pub fn post_sealed(&mut self, place: usize) {
        if let Some(message) = self.tabs[place].mail.sealing.pop_front() {
            self.post(place, &message);
        }
    }

    pub fn tell_message(&mut self, place: usize) {
        if let Some(message) = self.tabs[place].mail.inbox.pop_front() {
            if let Message::SignedOut { version, .. } = message {
                self.watch.note_heard(place, version);
            }
            self.drive(place, |machine, now| machine.handle_message(message, now));
        }
    }

    pub fn tell_unsealed(&mut self, place: usize) {
        if let Some((news, token)) = self.tabs[place].mail.unsealing.pop_front() {
            let claims = Claims::read(token.expose());
            self.drive(place, |machine, now| {
                machine.handle_unsealed(news, token, claims, now);
            });
        }
    }

    /// A request to an auth endpoint is answered. The answer may get lost on its way, with an
    /// error or without one.
    pub fn arrive(&mut self, place: usize, flight: usize, luck: Luck) {
        let now = self.clock;
        let flight = &mut self.tabs[place].flights[flight];
        let Stage::Out(cookie) = flight.stage else {
            return;
        };
        let said = match flight.attempt {
            _ if luck == Luck::Busy => None,
            Attempt::Refresh(_) => {
                let (answer, fresh) = self.backend.refresh(cookie, now);
                Some(Reply::Refreshed(answer, fresh))
            }
            Attempt::Logout(_) => {
                self.backend.logout(cookie);
                Some(Reply::LoggedOut(true, cookie))
            }
        };
        let is_the_last = flight.is_orphan && matches!(flight.attempt, Attempt::Logout(_));
        if said.is_none() && is_the_last {
            self.watch.excuse_logouts_of(place);
        }
        let failure = match luck {
            Luck::Busy => Failure::Status(503),
            _ => Failure::Network,
        };
        let reply = match (flight.attempt, said) {
            (_, Some(said)) if luck == Luck::Fine => said,
            (Attempt::Refresh(_), _) => Reply::Refreshed(failed(failure), None),
            (Attempt::Logout(_), _) => Reply::LoggedOut(false, None),
        };
        flight.stage = Stage::Back(reply);
    }

    /// It arrives, and no answer to it will ever come.
    pub fn silence(&mut self, place: usize, flight: usize) {
        self.arrive(place, flight, Luck::AnswerLost);
        self.tabs[place].flights.remove(flight);
    }

    /// The answer reaches the browser, which keeps the cookie, whatever became of the tab.
    pub fn come_home(&mut self, place: usize, flight: usize) {
        let Stage::Back(reply) = self.tabs[place].flights[flight].stage.clone() else {
            return;
        };
        match reply {
            Reply::Refreshed(_, fresh) => self.jar = fresh.or(self.jar),
            Reply::LoggedOut(true, ended) => {
                self.jar = self.jar.filter(|kept| Some(*kept) != ended)
            }
            Reply::LoggedOut(false, _) => {}
        }
        let tab = &mut self.tabs[place];
        if tab.flights[flight].is_orphan {
            tab.flights.remove(flight);
        } else {
            tab.flights[flight].stage = Stage::Landed(reply);
            if tab.is_running() {
                self.tell_answer(place, flight);
            }
        }
    }

    pub fn tell_answer(&mut self, place: usize, flight: usize) {
        let flight = self.tabs[place].flights.remove(flight);
        let Stage::Landed(reply) = flight.stage else {
            return;
        };
        self.drive(place, |machine, now| match (flight.attempt, reply) {
            (Attempt::Refresh(id), Reply::Refreshed(answer, _)) => {
                machine.handle_refresh_answer(id, answer, now);
            }
            (Attempt::Logout(id), Reply::LoggedOut(confirmed, _)) => {
                machine.handle_logout_answer(id, confirmed, now);
            }
            _ => {}
        });
    }

    /// The API answers the app's request.
    pub fn serve(&mut self, place: usize, request: usize) {
        let now = self.clock;
        let backend = &self.backend;
        let request = &mut self.tabs[place].app.requests[request];
        let Phase::Sent(token) = &request.phase else {
            return;
        };
        let id = request.id;
        if token
            .as_ref()
            .is_some_and(|token| backend.accepts(token, now))
        {
            self.tabs[place]
                .app
                .requests
                .retain(|request| request.id != id);
            self.drive(place, |machine, _| machine.handle_request_over(id));
        } else {
            request.phase = Phase::Held(now);
            self.drive(place, |machine, now| {
                machine.handle_rejected(id, Challenge::Refreshable, true, now);
            });
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

    pub fn timer_is_due(&self, place: usize) -> bool {
        let tab = &self.tabs[place];
        tab.is_running() && tab.machine.next_timeout(self.now()) == Some(0)
    }

    /// Time goes on. Tabs that have nothing to do about it are told all the same: it changes
    /// nothing for them but the last time they saw, and makes for fewer states.
    pub fn pass(&mut self, ms: u64) {
        self.clock += ms;
        for place in 0..self.tabs.len() {
            if self.tabs[place].is_running() && !self.timer_is_due(place) {
                self.drive(place, Machine::handle_timeout);
            }
        }
    }

    pub fn fire(&mut self, place: usize) {
        self.drive(place, Machine::handle_timeout);
    }

    /// Something happens to a tab's machine, and what it wants done about it is done.
    fn drive(&mut self, place: usize, input: impl FnOnce(&mut Machine, Now)) {
        let now = self.now();
        input(&mut self.tabs[place].machine, now);
        while let Some(effect) = self.tabs[place].machine.poll_effect() {
            self.perform(place, effect);
        }
        self.note_person(place);
        self.watch.check_state(place, &self.tabs[place]);
    }

    fn call(&mut self, place: usize, input: impl FnOnce(&mut Machine, CallId, Now)) {
        let now = self.clock;
        let app = &mut self.tabs[place].app;
        let id = CallId(app.next_id());
        app.calls.push((id, now));
        self.drive(place, |machine, now| input(machine, id, now));
    }

    /// What an app would know from its snapshots.
    fn note_person(&mut self, place: usize) {
        let tab = &self.tabs[place];
        let person = match tab.machine.status() {
            Status::Restoring => return,
            Status::SignedOut => None,
            Status::SignedIn => {
                let token = tab.machine.access_token();
                token.map(|token| person(session_of(&token)))
            }
        };
        self.tabs[place].app.person = person;
    }
}

/// What becomes of a request to an auth endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Luck {
    Fine,
    /// It arrived; the network fails before the answer does.
    AnswerLost,
    /// 503.
    Busy,
}

const LIVES: u64 = 100;

/// The tabs of one place are numbered one after the other. The order of numbers is not that of
/// places: it must not matter.
fn id_of(place: usize, life: u64) -> TabId {
    TabId([7, 3, 5][place] * LIVES + life)
}

fn machine(place: usize, life: u64, now: Now) -> Machine {
    let policy = Policy {
        timeout: TIMEOUT,
        restore: true,
        logout: Some(LogoutPolicy { with_token: false }),
    };
    let id = id_of(place, life);
    Machine::new(policy, id, TabSharing::Shared, id.0, now)
}

fn moment(clock: u64, slept: u64) -> Now {
    Now {
        monotonic: clock,
        wall: EPOCH_MS + clock + slept,
    }
}
