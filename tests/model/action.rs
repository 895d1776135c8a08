//! What can happen next in a world, and happening.

use crate::world::{HOUR, Life, Luck, Phase, Stage, World};

/// Timers further off than this are those of another story: the next refresh ahead of time.
const HORIZON: u64 = 65_000;
/// Pages are frozen for so long at least, unless there is nothing that it could be measured by.
const LONG: u64 = 14_000;
/// The longest that the browser takes for anything, short of freezing the page.
const MOMENT: u64 = 2_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    // What comes about by itself, of each tab.
    LockGranted(usize),
    PeersListed(usize),
    PeersTold(usize),
    Shown(usize),
    ShownTold(usize),
    Sealed(usize),
    Message(usize),
    Unsealed(usize),
    /// The requests of a tab, by their places.
    Arrives(usize, usize, Luck),
    ComesHome(usize, usize),
    AnswerTold(usize, usize),
    Served(usize, usize),
    Timer(usize),
    TimePasses,
    // What people do.
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
    /// It arrives, and nothing comes back.
    Silence(usize, usize),
    Overtake(usize),
}

impl World {
    /// What has to happen some time, without which nobody may be left waiting.
    pub fn due(&self, actions: &mut Vec<Action>) {
        for place in 0..self.tabs.len() {
            self.mail_of(place, actions);
            self.answers_to(place, actions);
            if self.timer_is_due(place) {
                actions.push(Action::Timer(place));
            }
        }
        if self.next_step().is_some() && actions.iter().all(|action| self.is_slow(*action)) {
            actions.push(Action::TimePasses);
        }
    }

    /// What may happen besides, as often as the budget says.
    pub fn possible(&self, actions: &mut Vec<Action>) {
        let left = &self.left;
        let mut may = |times: u8, action: Action| {
            if times > 0 {
                actions.push(action);
            }
        };
        for (place, tab) in self.tabs.iter().enumerate() {
            match tab.life {
                Life::Running => {
                    may(tab.app.to_request, Action::Request(place));
                    may(left.refreshes, Action::Refresh(place));
                    may(left.logouts, Action::Logout(place));
                    may(left.sign_ins, Action::SignIn(place));
                    may(left.sign_ins_by_cookie, Action::SignInByCookie(place));
                    may(left.crashes, Action::Crash(place));
                    may(left.freezes, Action::Freeze(place));
                    may(left.leaves, Action::Leave(place));
                    if self.watch.has_logged_out(place) {
                        may(left.asks_to_part, Action::AskToPart(place));
                        may(left.partings, Action::Part(place));
                    }
                    if tab.mail.inbox.len() > 1 {
                        may(left.overtakes, Action::Overtake(place));
                    }
                }
                Life::Frozen(since) => {
                    if self.clock - since >= LONG || self.is_quiet() {
                        may(1, Action::Thaw(place, true));
                        may(1, Action::Thaw(place, false));
                    }
                    may(left.crashes, Action::Crash(place));
                }
                Life::Away => may(1, Action::ComeBack(place)),
                Life::Dead => may(left.opens, Action::Open(place)),
            }
            for (number, flight) in tab.flights.iter().enumerate() {
                if matches!(flight.stage, Stage::Out(_)) {
                    let lost = Action::Arrives(place, number, Luck::AnswerLost);
                    may(left.lost_answers, lost);
                    may(left.lost_answers, Action::Silence(place, number));
                    let busy = Action::Arrives(place, number, Luck::Busy);
                    may(left.refusals, busy);
                    if !flight.is_slow {
                        may(left.slow_answers, Action::Slow(place, number));
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
            Action::LockGranted(place) => self.tell_granted(place),
            Action::PeersListed(place) => self.list_peers(place),
            Action::PeersTold(place) => self.tell_peers(place),
            Action::Shown(place) => self.show(place),
            Action::ShownTold(place) => self.tell_shown(place),
            Action::Sealed(place) => self.post_sealed(place),
            Action::Message(place) => self.tell_message(place),
            Action::Unsealed(place) => self.tell_unsealed(place),
            Action::Arrives(place, flight, luck) => {
                match luck {
                    Luck::Fine => {}
                    Luck::AnswerLost => left.lost_answers -= 1,
                    Luck::Busy => left.refusals -= 1,
                }
                self.arrive(place, flight, luck);
            }
            Action::ComesHome(place, flight) => self.come_home(place, flight),
            Action::AnswerTold(place, flight) => self.tell_answer(place, flight),
            Action::Served(place, request) => self.serve(place, request),
            Action::Timer(place) => self.fire(place),
            Action::TimePasses => self.pass_on(),
            Action::Request(place) => {
                self.request(place);
            }
            Action::Refresh(place) => {
                left.refreshes -= 1;
                self.refresh(place);
            }
            Action::Logout(place) => {
                left.logouts -= 1;
                self.logout(place);
            }
            Action::SignIn(place) => {
                left.sign_ins -= 1;
                self.sign_in(place);
            }
            Action::SignInByCookie(place) => {
                left.sign_ins_by_cookie -= 1;
                self.sign_in_by_cookie(place);
            }
            Action::Open(place) => {
                left.opens -= 1;
                self.open(place);
            }
            Action::Crash(place) => {
                left.crashes -= 1;
                self.crash(place);
            }
            Action::Freeze(place) => {
                left.freezes -= 1;
                self.tabs[place].life = Life::Frozen(self.clock);
            }
            Action::Thaw(place, is_told) => self.thaw(place, is_told),
            Action::Leave(place) => {
                left.leaves -= 1;
                self.leave(place);
            }
            Action::AskToPart(place) => {
                left.asks_to_part -= 1;
                self.ask_to_leave(place);
            }
            Action::Part(place) => {
                left.partings -= 1;
                self.leave(place);
            }
            Action::ComeBack(place) => self.come_back(place),
            Action::Sleep => {
                left.sleeps -= 1;
                self.slept += HOUR;
            }
            Action::Stall => {
                left.stalls -= 1;
                self.pass_on();
            }
            Action::Slow(place, flight) => {
                left.slow_answers -= 1;
                self.tabs[place].flights[flight].is_slow = true;
            }
            Action::Overtake(place) => {
                left.overtakes -= 1;
                self.tabs[place].mail.inbox.swap(0, 1);
                self.tell_message(place);
            }
            Action::Silence(place, flight) => {
                left.lost_answers -= 1;
                self.silence(place, flight);
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
            Action::Arrives(place, flight, _) | Action::ComesHome(place, flight) => {
                self.tabs[place].flights[flight].is_slow
            }
            _ => false,
        }
    }

    /// Whether nothing happens any more unless somebody does something.
    pub fn is_quiet(&self) -> bool {
        let mut actions = Vec::new();
        self.due(&mut actions);
        actions.is_empty()
    }

    fn mail_of(&self, place: usize, actions: &mut Vec<Action>) {
        let tab = &self.tabs[place];
        let mail = &tab.mail;
        if mail.unlisted > 0 {
            actions.push(Action::PeersListed(place));
        }
        if mail.showing.is_some() {
            actions.push(Action::Shown(place));
        }
        if !tab.is_running() {
            return;
        }
        if mail.shown.is_some() {
            actions.push(Action::ShownTold(place));
        }
        if !mail.granted.is_empty() {
            actions.push(Action::LockGranted(place));
        }
        if !mail.listed.is_empty() {
            actions.push(Action::PeersTold(place));
        }
        if !mail.unsealing.is_empty() {
            actions.push(Action::Unsealed(place));
        }
        if !mail.inbox.is_empty() {
            actions.push(Action::Message(place));
        }
        if !mail.sealing.is_empty() {
            actions.push(Action::Sealed(place));
        }
    }

    fn answers_to(&self, place: usize, actions: &mut Vec<Action>) {
        let tab = &self.tabs[place];
        for (number, flight) in tab.flights.iter().enumerate() {
            match flight.stage {
                Stage::Out(_) => actions.push(Action::Arrives(place, number, Luck::Fine)),
                Stage::Back(_) => actions.push(Action::ComesHome(place, number)),
                Stage::Landed(_) if tab.is_running() => {
                    actions.push(Action::AnswerTold(place, number));
                }
                Stage::Landed(_) => {}
            }
        }
        if !tab.is_running() {
            return;
        }
        for (number, request) in tab.app.requests.iter().enumerate() {
            if matches!(request.phase, Phase::Sent(_)) {
                actions.push(Action::Served(place, number));
            }
        }
    }

    /// How far it is to the next timer, if it is not far, and none is due already.
    fn next_step(&self) -> Option<u64> {
        self.next_timer().filter(|ms| (1..=HORIZON).contains(ms))
    }

    fn pass_on(&mut self) {
        if let Some(ms) = self.next_step() {
            self.pass(ms);
        }
    }
}
