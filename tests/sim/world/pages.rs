//! The life of pages: opened, looked at, left, returned to, frozen, closed.

use simulated_browser::Told;
use tokenhold::core::{Machine, Now, Policy, TabId, TabSharing};

use super::agenda::Happening;
use super::group::{Group, policy};
use super::network::Weather;
use super::tab::{Life, Outcome, Tab};

/// A browser needs this long to notice that a page's process has died.
const CRASH_MS: u64 = 32;

impl Group {
    pub fn open(&mut self) -> usize {
        self.open_with(policy(), TabSharing::Shared)
    }

    pub fn open_with(&mut self, policy: Policy, sharing: TabSharing) -> usize {
        let place = self.tabs.len();
        // Any order of numbers will do; that of opening would hide mistakes.
        let id = TabId(((place as u64 + 1) * 97) % 251);
        let seed = self.random.next();
        let clock = self.device.clock(self.now);
        let machine = Machine::new(policy, id, sharing, seed, self.device.read(clock, self.now));
        let tab = Tab::new(id, sharing, machine, clock, self.now);
        self.tabs.push(tab);
        self.drive(place, "start", |machine, now| machine.start(now));
        place
    }

    /// The page goes without a word.
    pub fn close(&mut self, tab: usize) {
        self.die(tab, 0);
    }

    /// Its process does.
    pub fn crash(&mut self, tab: usize) {
        self.die(tab, CRASH_MS);
    }

    /// It is told of it first, as pages mostly are.
    pub fn unload(&mut self, tab: usize) {
        self.forewarn(tab);
        self.part(tab, "pagehide, for good", Machine::handle_leave);
        self.abandon(tab);
        self.die(tab, 0);
    }

    pub fn dispose(&mut self, tab: usize) {
        self.reference.give_up_logouts_of(tab);
        self.tabs[tab].disposed = true;
        self.drive(tab, "dispose", |machine, _| machine.handle_dispose());
        self.presences.hide(tab);
    }

    pub fn hide(&mut self, tab: usize) {
        let now = self.now;
        self.tabs[tab].hidden_since.get_or_insert(now);
        self.drive(tab, "hidden", |machine, now| {
            machine.handle_visibility(false, now)
        });
    }

    pub fn look_at(&mut self, tab: usize) {
        if self.tabs[tab].hidden_since.take().is_some() {
            self.tabs[tab].shown_at = self.now;
        }
        self.drive(tab, "visible", |machine, now| {
            machine.handle_visibility(true, now)
        });
    }

    pub fn focus(&mut self, tab: usize) {
        self.drive(tab, "focus", |machine, now| machine.handle_wake(now));
    }

    /// The browser asks the page whether it may be left, and the page stays for now.
    pub fn ask_to_leave(&mut self, tab: usize) {
        self.part(tab, "beforeunload", Machine::handle_leave);
    }

    /// The browser goes to another page, and keeps this one in the back/forward cache.
    pub fn leave(&mut self, tab: usize) {
        self.forewarn(tab);
        self.reference.give_up_logouts_of(tab);
        self.part(tab, "pagehide", Machine::handle_hide);
        self.abandon(tab);
        let page = &mut self.tabs[tab];
        for request in page.app.cut_off() {
            page.note_outcome(request.id, request.times_sent, Outcome::Failed);
            page.machine.handle_request_over(request.id);
        }
        page.life = Life::Away;
        page.visit += 1;
    }

    pub fn come_back(&mut self, tab: usize) {
        let now = self.now;
        self.tabs[tab].life = Life::Running;
        self.tabs[tab].shift_waits(|_| now);
        self.drive(tab, "pageshow", |machine, now| machine.handle_show(now));
    }

    pub fn freeze(&mut self, tab: usize) {
        self.reference.is_disturbed(self.now);
        if self.holds_lock(tab) {
            self.journal.count("tab frozen with the lock");
        }
        self.tabs[tab].life = Life::Frozen;
    }

    pub fn thaw(&mut self, tab: usize) {
        let now = self.now;
        self.reference.is_disturbed(now);
        self.tabs[tab].life = Life::Running;
        self.tabs[tab].shift_waits(|_| now);
        self.drive(tab, "resume", |machine, now| machine.handle_wake(now));
        while !self.tabs[tab].backlog.is_empty() {
            let told = self.tabs[tab].backlog.remove(0);
            self.tell(tab, told);
        }
    }

    /// A browser that was offline and is not any more says so to its pages.
    pub fn set_weather(&mut self, weather: Weather) {
        let was_offline = self.backend.weather == Weather::Offline;
        self.backend.weather = weather;
        if weather != Weather::Held {
            self.let_go();
        }
        if was_offline && weather != Weather::Offline {
            for tab in 0..self.tabs.len() {
                self.tell(tab, Told::Online);
            }
        }
    }

    /// Every page sees it at once.
    pub fn set_wall_clock(&mut self, by: i64) {
        self.reference.is_disturbed(self.now);
        self.device.set_wall_clock(by);
        if by > 0 {
            self.device.went_forward_at = self.now;
        } else {
            self.note_set_back();
        }
    }

    /// One page sees another time than the others, from now on.
    pub fn set_page_clock(&mut self, tab: usize, by: i64) {
        self.reference.is_disturbed(u64::MAX / 2);
        self.tabs[tab].clock.wall_error += by;
        self.note_set_back();
    }

    /// A channel that was rough may still be carrying late messages.
    pub fn set_rough(&mut self, rough: bool) {
        self.reference.is_disturbed(self.now);
        self.channel.is_rough = rough;
    }

    /// Before a page is left, the next one has to be fetched. Only a logout changes what happens meanwhile.
    fn forewarn(&mut self, tab: usize) {
        if self.habits.forewarns {
            self.ask_to_leave(tab);
            if self.tabs[tab].is_logging_out() {
                self.run(self.latency.network.end);
            }
        }
    }

    fn part(&mut self, tab: usize, why: &'static str, input: impl FnOnce(&mut Machine, Now)) {
        self.tabs[tab].is_left = true;
        self.drive(tab, why, input);
        self.tabs[tab].is_left = false;
        self.check_parting(tab);
    }

    fn abandon(&mut self, tab: usize) {
        for flight in &mut self.flights {
            flight.abandoned |= flight.tab == tab;
        }
    }

    /// A logout that has not been answered by then may never have left.
    fn die(&mut self, tab: usize, notice: u64) {
        if self.flights.iter().any(|flight| flight.tab == tab) {
            self.journal.count("tab gone with a refresh under way");
        }
        if self.holds_lock(tab) {
            self.journal.count("tab gone with the lock");
        }
        self.reference.give_up_logouts_of(tab);
        self.tabs[tab].life = Life::Dead;
        if notice == 0 {
            self.happen(Happening::LocksAreFreed(tab));
        } else {
            self.after(notice..notice + 1, Happening::LocksAreFreed(tab));
        }
    }
}
