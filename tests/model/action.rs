//! The actions that are possible in a world, and their performance.

use crate::world::{HOUR, Life, Luck, Stage, World};

/// Timers further off than this belong to another story: the next refresh ahead of time.
const HORIZON: u64 = 65_000;
/// The shortest time for which a page is frozen, unless no timer could measure it.
const LONG: u64 = 14_000;
/// The longest that the browser takes for anything, short of freezing the page.
const MOMENT: u64 = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // Events of each tab that come about by themselves.
    LockGranted(usize),
    PeersListed(usize),
    PeersTold(usize),
    Shown(usize),
    ShownTold(usize),
    Sealed(usize),
    Message(usize),
    Unsealed(usize),
    /// The requests of a tab, by their order.
    Arrives(usize, usize, Luck),
    ComesHome(usize, usize),
    AnswerTold(usize, usize),
    Served(usize, usize),
    Timer(usize),
    TimePasses,
    // The acts of people.
    Request(usize),
    Refresh(usize),
    Logout(usize),
    SignIn(usize),
    SignInByCookie(usize),
    Open(usize),
    // Faults.
    Crash(usize),
    Freeze(usize),
    /// Whether the page is told that it was frozen.
    Thaw(usize, bool),
    Leave(usize),
    AskToPart(usize),
    Part(usize),
    ComeBack(usize),
    Sleep,
    /// Time passes before the browser does what it has to.
    Stall,
    Slow(usize, usize),
    /// The request arrives, and no answer comes back.
    Silence(usize, usize),
    Overtake(usize),
}

impl World {
    /// The actions that have to happen some time. If there are none, no caller may be waiting.
    pub fn due(&self, actions: &mut Vec<Action>) {
        for slot in 0..self.tabs.len() {
            self.mail_of(slot, actions);
            self.answers_to(slot, actions);
            if self.timer_is_due(slot) {
                actions.push(Action::Timer(slot));
            }
        }
        if self.next_step().is_some() && actions.iter().all(|action| self.is_slow(*action)) {
            actions.push(Action::TimePasses);
        }
    }

    /// The actions that may happen besides, as often as the budget says.
    pub fn possible(&self, actions: &mut Vec<Action>) {
        let left = &self.left;
        let mut may = |times: u8, action: Action| {
            if times > 0 {
                actions.push(action);
            }
        };
        for (slot, tab) in self.tabs.iter().enumerate() {
            match tab.life {
                Life::Running => {
                    may(tab.to_request, Action::Request(slot));
                    may(left.refreshes, Action::Refresh(slot));
                    may(left.logouts, Action::Logout(slot));
                    may(left.sign_ins, Action::SignIn(slot));
                    may(left.sign_ins_by_cookie, Action::SignInByCookie(slot));
                    may(left.crashes, Action::Crash(slot));
                    may(left.freezes, Action::Freeze(slot));
                    may(left.leaves, Action::Leave(slot));
                    if self.watch.has_logged_out(slot) {
                        may(left.asks_to_part, Action::AskToPart(slot));
                        may(left.partings, Action::Part(slot));
                    }
                    if tab.mail.inbox.len() > 1 {
                        may(left.overtakes, Action::Overtake(slot));
                    }
                }
                Life::Frozen(since) => {
                    if self.clock - since >= LONG || self.is_quiet() {
                        may(1, Action::Thaw(slot, true));
                        may(1, Action::Thaw(slot, false));
                    }
                    may(left.crashes, Action::Crash(slot));
                }
                Life::Away => may(1, Action::ComeBack(slot)),
                Life::Dead => may(left.opens, Action::Open(slot)),
            }
            for (number, flight) in tab.flights.iter().enumerate() {
                if matches!(flight.stage, Stage::Out(_)) {
                    let lost = Action::Arrives(slot, number, Luck::AnswerLost);
                    may(left.lost_answers, lost);
                    may(left.lost_answers, Action::Silence(slot, number));
                    let busy = Action::Arrives(slot, number, Luck::Busy);
                    may(left.refusals, busy);
                    if !flight.is_slow {
                        may(left.slow_answers, Action::Slow(slot, number));
                    }
                }
            }
        }
        may(left.sleeps, Action::Sleep);
        if left.stalls > 0 && self.may_stall() {
            actions.push(Action::Stall);
        }
    }

    pub fn act(&mut self, action: Action) {
        let left = &mut self.left;
        match action {
            Action::LockGranted(slot) => self.tell_granted(slot),
            Action::PeersListed(slot) => self.list_peers(slot),
            Action::PeersTold(slot) => self.tell_peers(slot),
            Action::Shown(slot) => self.show(slot),
            Action::ShownTold(slot) => self.tell_shown(slot),
            Action::Sealed(slot) => self.post_sealed(slot),
            Action::Message(slot) => self.tell_message(slot),
            Action::Unsealed(slot) => self.tell_unsealed(slot),
            Action::Arrives(slot, flight, luck) => {
                match luck {
                    Luck::Fine => {}
                    Luck::AnswerLost => left.lost_answers -= 1,
                    Luck::Busy => left.refusals -= 1,
                }
                self.arrive(slot, flight, luck);
            }
            Action::ComesHome(slot, flight) => self.come_home(slot, flight),
            Action::AnswerTold(slot, flight) => self.tell_answer(slot, flight),
            Action::Served(slot, request) => self.serve(slot, request),
            Action::Timer(slot) => self.fire(slot),
            Action::TimePasses => self.pass_on(),
            Action::Request(slot) => {
                self.request(slot);
            }
            Action::Refresh(slot) => {
                left.refreshes -= 1;
                self.refresh(slot);
            }
            Action::Logout(slot) => {
                left.logouts -= 1;
                self.logout(slot);
            }
            Action::SignIn(slot) => {
                left.sign_ins -= 1;
                self.sign_in(slot);
            }
            Action::SignInByCookie(slot) => {
                left.sign_ins_by_cookie -= 1;
                self.sign_in_by_cookie(slot);
            }
            Action::Open(slot) => {
                left.opens -= 1;
                self.open(slot);
            }
            Action::Crash(slot) => {
                left.crashes -= 1;
                self.crash(slot);
            }
            Action::Freeze(slot) => {
                left.freezes -= 1;
                self.tabs[slot].life = Life::Frozen(self.clock);
            }
            Action::Thaw(slot, is_told) => self.thaw(slot, is_told),
            Action::Leave(slot) => {
                left.leaves -= 1;
                self.leave(slot);
            }
            Action::AskToPart(slot) => {
                left.asks_to_part -= 1;
                self.ask_to_leave(slot);
            }
            Action::Part(slot) => {
                left.partings -= 1;
                self.leave(slot);
            }
            Action::ComeBack(slot) => self.come_back(slot),
            Action::Sleep => {
                left.sleeps -= 1;
                self.slept += HOUR;
            }
            Action::Stall => {
                left.stalls -= 1;
                self.pass_on();
            }
            Action::Slow(slot, flight) => {
                left.slow_answers -= 1;
                self.tabs[slot].flights[flight].is_slow = true;
            }
            Action::Overtake(slot) => {
                left.overtakes -= 1;
                self.tabs[slot].mail.inbox.swap(0, 1);
                self.tell_message(slot);
            }
            Action::Silence(slot, flight) => {
                left.lost_answers -= 1;
                self.silence(slot, flight);
            }
        }
    }

    /// Whether a timer may be faster than what the browser has to do.
    fn may_stall(&self) -> bool {
        let mut actions = Vec::new();
        self.due(&mut actions);
        !actions.is_empty()
            && !actions.contains(&Action::TimePasses)
            && self.next_step().is_some_and(|ms| ms <= MOMENT)
    }

    fn is_slow(&self, action: Action) -> bool {
        match action {
            Action::Arrives(slot, flight, _) | Action::ComesHome(slot, flight) => {
                self.tabs[slot].flights[flight].is_slow
            }
            _ => false,
        }
    }

    /// Whether nothing more happens by itself.
    pub fn is_quiet(&self) -> bool {
        let mut actions = Vec::new();
        self.due(&mut actions);
        actions.is_empty()
    }

    fn mail_of(&self, slot: usize, actions: &mut Vec<Action>) {
        let tab = &self.tabs[slot];
        let mail = &tab.mail;
        if mail.unlisted > 0 {
            actions.push(Action::PeersListed(slot));
        }
        if mail.showing.is_some() {
            actions.push(Action::Shown(slot));
        }
        if !tab.is_running() {
            return;
        }
        if mail.shown.is_some() {
            actions.push(Action::ShownTold(slot));
        }
        if !mail.granted.is_empty() {
            actions.push(Action::LockGranted(slot));
        }
        if !mail.listed.is_empty() {
            actions.push(Action::PeersTold(slot));
        }
        if !mail.unsealing.is_empty() {
            actions.push(Action::Unsealed(slot));
        }
        if !mail.inbox.is_empty() {
            actions.push(Action::Message(slot));
        }
        if !mail.sealing.is_empty() {
            actions.push(Action::Sealed(slot));
        }
    }

    fn answers_to(&self, slot: usize, actions: &mut Vec<Action>) {
        let tab = &self.tabs[slot];
        for (number, flight) in tab.flights.iter().enumerate() {
            match flight.stage {
                Stage::Out(_) => actions.push(Action::Arrives(slot, number, Luck::Fine)),
                Stage::Back(_) => actions.push(Action::ComesHome(slot, number)),
                Stage::Landed(_) if tab.is_running() => {
                    actions.push(Action::AnswerTold(slot, number));
                }
                Stage::Landed(_) => {}
            }
        }
        if !tab.is_running() {
            return;
        }
        for (number, request) in tab.app.requests().iter().enumerate() {
            if request.is_at_the_api() {
                actions.push(Action::Served(slot, number));
            }
        }
    }

    /// The time to the next timer, if that is near and no timer is due already.
    fn next_step(&self) -> Option<u64> {
        self.next_timer().filter(|ms| (1..=HORIZON).contains(ms))
    }

    fn pass_on(&mut self) {
        if let Some(ms) = self.next_step() {
            self.pass(ms);
        }
    }
}
