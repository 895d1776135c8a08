//! What the machines want done, done.

use tokenhold::core::{
    AccessToken, Ask, Effect, Error, Event, HandOver, Message, PublicKey, RequestId, Status, TabId,
    Warning,
};

use super::locks::LockRequest;
use super::tab::{App, BackendJob, Flight, Request, RequestState, Stage};
use super::watch::Breach;
use super::{SECRET, World, moment};

impl World {
    pub(super) fn perform(&mut self, slot: usize, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => {
                let granted = self.locks.request((slot, ticket), rank);
                self.tell_granted_later(granted);
            }
            Effect::ReleaseLock(ticket) => {
                // A lock let go of before the tab has heard that it got it: the browser says nothing.
                self.tabs[slot]
                    .mail
                    .granted
                    .retain(|granted| *granted != ticket);
                let released = self.locks.release((slot, ticket));
                self.tell_granted_later(released);
            }
            Effect::QueryPeers => self.tabs[slot].mail.unlisted += 1,
            Effect::Announce(presence) => self.tabs[slot].mail.showing = Some(presence),
            Effect::Post(message) => self.post(slot, &message),
            Effect::Ask(to) => {
                let from = self.tabs[slot].id;
                let key = key_of(from);
                self.seal(slot, Message::Ask(Ask { from, to, key }));
            }
            Effect::HandOver { ask, news, token } => {
                let sealed = token.expose().bytes().map(|byte| byte ^ MASK).collect();
                let hand_over = HandOver {
                    to: ask.from,
                    news,
                    key: ask.key,
                    nonce: [0; 12],
                    sealed,
                };
                self.seal(slot, Message::HandOver(hand_over));
            }
            Effect::Unseal(hand_over) => self.unseal(slot, hand_over),
            Effect::Refresh(id) => {
                self.watch.check_refresh(&self.tabs, self.clock);
                self.send(slot, BackendJob::Refresh(id));
            }
            Effect::Logout(id, _) => {
                self.watch
                    .check_logout(slot, &self.tabs, self.jar, self.clock);
                self.send(slot, BackendJob::Logout(id));
            }
            Effect::Send(id, token) => self.send_request(slot, id, token),
            Effect::Deliver(id) => self.finish(slot, id),
            Effect::Reject(id, error) => {
                self.check_rejection(slot, id, &error);
                self.finish(slot, id);
            }
            Effect::Settle(call, _) => {
                let calls = &mut self.tabs[slot].app.calls;
                match calls.iter().position(|(one, _)| *one == call) {
                    Some(found) => drop(calls.remove(found)),
                    None => self.watch.breach(Breach::SettledOnce),
                }
            }
            Effect::Ready => {
                if self.tabs[slot].app.unready.take().is_none() {
                    self.watch.breach(Breach::SettledOnce);
                }
            }
            Effect::Emit(event) => {
                let is_out = self.tabs[slot].has_logout_out();
                if event == Event::Warning(Warning::LogoutUnconfirmed) && !is_out {
                    self.watch.excuse_logouts_of(slot);
                }
            }
            Effect::Withdraw => {
                self.tabs[slot].mail.showing = None;
                self.tabs[slot].shown = None;
            }
            Effect::Return => {}
        }
    }

    pub(super) fn tell_granted_later(&mut self, requests: Vec<LockRequest>) {
        for (slot, ticket) in requests {
            self.tabs[slot].mail.granted.push_back(ticket);
        }
    }
}

const MASK: u8 = 0xA5;

/// The key of a tab. What makes it private is that only this tab's number unseals.
fn key_of(tab: TabId) -> PublicKey {
    [tab.0 as u8; 65]
}

impl World {
    /// To all others that listen, as bytes.
    pub(super) fn post(&mut self, from: usize, message: &Message) {
        let bytes = message.encode();
        let secret = SECRET.as_bytes();
        if bytes.windows(secret.len()).any(|window| window == secret) {
            self.watch.breach(Breach::Confinement);
        }
        let message = Message::decode(&bytes).expect("what is sent can be read");
        for slot in (0..self.tabs.len()).filter(|slot| *slot != from) {
            // Who is not meant drops it: that need not be a step of its own.
            if self.tabs[slot].is_alive() && is_for(self.tabs[slot].id, &message) {
                self.tabs[slot].mail.inbox.push_back(message.clone());
            }
        }
    }

    fn seal(&mut self, slot: usize, message: Message) {
        self.tabs[slot].mail.sealing.push_back(message);
    }

    fn unseal(&mut self, slot: usize, hand_over: HandOver) {
        if hand_over.key != key_of(self.tabs[slot].id) {
            return;
        }
        let bytes = hand_over.sealed.iter().map(|byte| byte ^ MASK).collect();
        let text = String::from_utf8(bytes).ok();
        if let Some(token) = text.and_then(AccessToken::parse) {
            let mail = &mut self.tabs[slot].mail;
            mail.unsealing.push_back((hand_over.news, token));
        }
    }

    fn send(&mut self, slot: usize, job: BackendJob) {
        self.watch.count(job);
        self.tabs[slot].flights.push(Flight {
            job,
            since: self.clock,
            stage: Stage::Out(self.jar),
            is_slow: false,
            is_orphan: false,
        });
    }

    fn send_request(&mut self, slot: usize, id: RequestId, token: Option<AccessToken>) {
        let Some(request) = find(&mut self.tabs[slot].app, id) else {
            return self.watch.breach(Breach::SettledOnce);
        };
        request.times_sent += 1;
        request.state = RequestState::Sent(token.clone());
        let request = request.clone();
        self.watch.check_send(slot, &request, token.as_ref());
    }

    fn finish(&mut self, slot: usize, id: RequestId) {
        let requests = &mut self.tabs[slot].app.requests;
        match requests.iter().position(|request| request.id == id) {
            Some(found) => drop(requests.remove(found)),
            None => self.watch.breach(Breach::SettledOnce),
        }
    }

    /// keep-serving: a request that has not been sent does not fail while the token is valid.
    fn check_rejection(&mut self, slot: usize, id: RequestId, error: &Error) {
        let tab = &mut self.tabs[slot];
        let valid = tab.machine.status() == Status::SignedIn
            && tab
                .machine
                .expires_at()
                .is_none_or(|at| at > moment(self.clock, self.slept).wall);
        let unsent = find(&mut tab.app, id).is_some_and(|request| request.times_sent == 0);
        if valid && unsent && matches!(error, Error::RefreshFailed(_)) {
            self.watch.breach(Breach::KeepServing);
        }
    }
}

fn find(app: &mut App, id: RequestId) -> Option<&mut Request> {
    app.requests.iter_mut().find(|request| request.id == id)
}

fn is_for(tab: TabId, message: &Message) -> bool {
    match message {
        Message::Ask(ask) => ask.to == tab,
        Message::HandOver(hand_over) => hand_over.to == tab,
        Message::News(_) | Message::SignedOut { .. } => true,
    }
}
