//! The machines' effects, performed: some at once, some when their turn comes.

use simulated_browser::{App, Breach, Browser, LockRequest, Locks, contains, unseal};
use tokenhold::core::{
    AccessToken, AttemptId, CallId, Effect, Event, HandOver, Machine, Message, Presence, RequestId,
    Status, TabId, Warning,
};

use super::tab::{BackendJob, Flight, Stage};
use super::{SECRET, World, moment, person, session_of};

impl Browser for World {
    type Person = &'static str;

    fn id(&self, slot: usize) -> TabId {
        self.tabs[slot].id
    }

    fn machine(&mut self, slot: usize) -> &mut Machine {
        &mut self.tabs[slot].machine
    }

    fn app(&mut self, slot: usize) -> &mut App<&'static str> {
        &mut self.tabs[slot].app
    }

    fn locks(&mut self) -> &mut Locks {
        &mut self.locks
    }

    fn locks_are_granted(&mut self, granted: Vec<LockRequest>) {
        for request in granted {
            let mail = &mut self.tabs[request.tab].mail;
            mail.granted.push_back(request.ticket);
        }
    }

    fn query_peers(&mut self, slot: usize) {
        self.tabs[slot].mail.unlisted += 1;
    }

    fn announce(&mut self, slot: usize, presence: Presence) {
        self.tabs[slot].mail.showing = Some(presence);
    }

    fn withdraw(&mut self, slot: usize) {
        self.tabs[slot].mail.showing = None;
        self.presences.hide(slot);
    }

    fn broadcast(&mut self, from: usize, message: &[u8]) {
        let message = Message::decode(message).expect("what is sent can be read");
        for slot in (0..self.tabs.len()).filter(|slot| *slot != from) {
            // A tab that is not meant drops it: that need not be a step of its own.
            if self.tabs[slot].is_alive() && is_for(self.tabs[slot].id, &message) {
                self.tabs[slot].mail.inbox.push_back(message.clone());
            }
        }
    }

    fn send_sealed(&mut self, from: usize, message: Message) {
        self.tabs[from].mail.sealing.push_back(message);
    }

    fn unseal(&mut self, slot: usize, hand_over: HandOver) {
        if let Some(token) = unseal(&hand_over, self.tabs[slot].id) {
            let mail = &mut self.tabs[slot].mail;
            mail.unsealing.push_back((hand_over.news, token));
        }
    }

    fn send_refresh(&mut self, slot: usize, id: AttemptId, is_repeat: bool) {
        self.watch.check_refresh(&self.tabs, self.clock);
        self.send_job(slot, BackendJob::Refresh(id), is_repeat);
    }

    fn call_off(&mut self, slot: usize, id: AttemptId) {
        let mut flights = self.tabs[slot].flights.iter_mut();
        if let Some(flight) = flights.find(|flight| flight.job == BackendJob::Refresh(id)) {
            flight.is_called_off = true;
        }
    }

    fn send_login(&mut self, _slot: usize, _id: AttemptId, _call: CallId) {
        unreachable!("the stories tell of no login with the lock");
    }

    fn send_logout(&mut self, slot: usize, id: AttemptId, _token: Option<AccessToken>) {
        self.watch
            .check_logout(slot, &self.tabs, self.jar, self.clock);
        self.send_job(slot, BackendJob::Logout(id), false);
    }

    fn send_request(&mut self, slot: usize, _id: RequestId, token: Option<AccessToken>) {
        if let Some(token) = token {
            self.watch.check_token(slot, &token);
        }
    }

    fn owner(&self, _slot: usize, token: &AccessToken) -> Option<&'static str> {
        Some(person(session_of(token)))
    }

    fn shows_token(&self, _slot: usize, shown: &[u8]) -> bool {
        contains(shown, SECRET.as_bytes())
    }

    fn has_valid_token(&self, slot: usize) -> bool {
        let machine = &self.tabs[slot].machine;
        let wall = moment(self.clock, self.slept).wall;
        machine.status() == Status::SignedIn && machine.expires_at().is_none_or(|at| at > wall)
    }

    fn note_effect(&mut self, slot: usize, effect: &Effect) {
        if let Effect::ReleaseLock(released) = effect {
            // A lock let go of before the tab has heard that it got it: the browser says nothing.
            let granted = &mut self.tabs[slot].mail.granted;
            granted.retain(|ticket| ticket != released);
        }
    }

    fn note_event(&mut self, slot: usize, event: Event) {
        let is_out = self.tabs[slot].has_logout_out();
        if event == Event::Warning(Warning::LogoutUnconfirmed) && !is_out {
            self.watch.excuse_logouts_of(slot);
        }
    }

    fn breach(&mut self, _slot: usize, breach: Breach) {
        self.watch.breach(breach.invariant);
    }
}

impl World {
    fn send_job(&mut self, slot: usize, job: BackendJob, is_repeat: bool) {
        self.watch.count(job);
        self.tabs[slot].flights.push(Flight {
            job,
            since: self.clock,
            stage: Stage::Out(self.jar),
            is_slow: false,
            is_orphan: false,
            is_repeat,
            is_called_off: false,
        });
    }
}

fn is_for(tab: TabId, message: &Message) -> bool {
    message.to().is_none_or(|to| to == tab)
}
