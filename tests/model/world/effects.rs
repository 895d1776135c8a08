//! What the machines want done, done.

use tokenhold::core::{
    AccessToken, Ask, Effect, Error, Event, HandOver, Message, PublicKey, RequestId, Status, TabId,
    Warning,
};

use super::locks::LockRequest;
use super::tab::{App, Attempt, Flight, Phase, Request, Stage};
use super::watch::Breach;
use super::{SECRET, World, moment};

impl World {
    pub(super) fn perform(&mut self, place: usize, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => {
                let granted = self.locks.request((place, ticket), rank);
                self.hand_locks(granted);
            }
            Effect::ReleaseLock(ticket) => {
                // A lock let go of before the tab has heard that it got it: the browser says nothing.
                self.tabs[place]
                    .mail
                    .granted
                    .retain(|granted| *granted != ticket);
                let released = self.locks.release((place, ticket));
                self.hand_locks(released);
            }
            Effect::QueryPeers => self.tabs[place].mail.unlisted += 1,
            Effect::Announce(presence) => self.tabs[place].mail.showing = Some(presence),
            Effect::Post(message) => self.post(place, &message),
            Effect::Ask(to) => {
                let from = self.tabs[place].id;
                let key = key_of(from);
                self.seal(place, Message::Ask(Ask { from, to, key }));
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
                self.seal(place, Message::HandOver(hand_over));
            }
            Effect::Unseal(hand_over) => self.unseal(place, hand_over),
            Effect::Refresh(id) => {
                self.watch.check_refresh(&self.tabs, self.clock);
                self.send(place, Attempt::Refresh(id));
            }
            Effect::Logout(id, _) => {
                self.watch
                    .check_logout(place, &self.tabs, self.jar, self.clock);
                self.send(place, Attempt::Logout(id));
            }
            Effect::Send(id, token) => self.send_request(place, id, token),
            Effect::Deliver(id) => self.finish(place, id),
            Effect::Reject(id, error) => {
                self.check_rejection(place, id, &error);
                self.finish(place, id);
            }
            Effect::Settle(call, _) => {
                let calls = &mut self.tabs[place].app.calls;
                match calls.iter().position(|(one, _)| *one == call) {
                    Some(found) => drop(calls.remove(found)),
                    None => self.watch.breach(Breach::SettledOnce),
                }
            }
            Effect::Ready => {
                if self.tabs[place].app.unready.take().is_none() {
                    self.watch.breach(Breach::SettledOnce);
                }
            }
            Effect::Emit(event) => {
                let is_out = self.tabs[place].has_logout_out();
                if event == Event::Warning(Warning::LogoutUnconfirmed) && !is_out {
                    self.watch.excuse_logouts_of(place);
                }
            }
            Effect::Withdraw => {
                self.tabs[place].mail.showing = None;
                self.tabs[place].shown = None;
            }
            Effect::Return => {}
        }
    }

    pub(super) fn hand_locks(&mut self, requests: Vec<LockRequest>) {
        for (place, ticket) in requests {
            self.tabs[place].mail.granted.push_back(ticket);
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
        for place in (0..self.tabs.len()).filter(|place| *place != from) {
            // Who is not meant drops it: that need not be a step of its own.
            if self.tabs[place].is_alive() && is_for(self.tabs[place].id, &message) {
                self.tabs[place].mail.inbox.push_back(message.clone());
            }
        }
    }

    fn seal(&mut self, place: usize, message: Message) {
        self.tabs[place].mail.sealing.push_back(message);
    }

    fn unseal(&mut self, place: usize, hand_over: HandOver) {
        if hand_over.key != key_of(self.tabs[place].id) {
            return;
        }
        let bytes = hand_over.sealed.iter().map(|byte| byte ^ MASK).collect();
        let text = String::from_utf8(bytes).ok();
        if let Some(token) = text.and_then(AccessToken::parse) {
            let mail = &mut self.tabs[place].mail;
            mail.unsealing.push_back((hand_over.news, token));
        }
    }

    fn send(&mut self, place: usize, attempt: Attempt) {
        self.watch.count(attempt);
        self.tabs[place].flights.push(Flight {
            attempt,
            since: self.clock,
            stage: Stage::Out(self.jar),
            is_slow: false,
            is_orphan: false,
        });
    }

    fn send_request(&mut self, place: usize, id: RequestId, token: Option<AccessToken>) {
        let Some(request) = find(&mut self.tabs[place].app, id) else {
            return self.watch.breach(Breach::SettledOnce);
        };
        request.times_sent += 1;
        request.phase = Phase::Sent(token.clone());
        let request = request.clone();
        self.watch.check_send(place, &request, token.as_ref());
    }

    fn finish(&mut self, place: usize, id: RequestId) {
        let requests = &mut self.tabs[place].app.requests;
        match requests.iter().position(|request| request.id == id) {
            Some(found) => drop(requests.remove(found)),
            None => self.watch.breach(Breach::SettledOnce),
        }
    }

    /// keep-serving: a request that has not been sent does not fail while the token is valid.
    fn check_rejection(&mut self, place: usize, id: RequestId, error: &Error) {
        let tab = &mut self.tabs[place];
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
