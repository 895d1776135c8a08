//! What the machines want done, done.

use tokenhold::core::{
    Ask, AttemptId, Company, Effect, Error, Failure, Message, RequestId, Ticket,
};

use super::agenda::{Happening, Told};
use super::backend::{Weather, failed};
use super::group::Group;
use super::tab::{Life, Outcome};
use super::wire;

impl Group {
    pub(super) fn perform(&mut self, tab: usize, effect: Effect) {
        let locks = self.latency.locks.clone();
        match effect {
            Effect::RequestLock(ticket, rank) => {
                let holder = self.locks.request(tab, ticket, rank);
                self.grant_lock(holder);
            }
            Effect::ReleaseLock(ticket) => {
                let holder = self.locks.release(tab, ticket);
                self.grant_lock(holder);
            }
            Effect::QueryPeers => self.after(locks, Happening::PeersAreListed(tab)),
            Effect::Announce(presence) => {
                self.tabs[tab].announced = Some(presence);
                self.after(locks, Happening::PresenceShows(tab, presence));
            }
            Effect::Post(message) => self.post(tab, message),
            Effect::Ask(peer) => {
                let from = self.tabs[tab].id;
                let key = wire::key_of(from);
                self.post(
                    tab,
                    Message::Ask(Ask {
                        from,
                        to: peer,
                        key,
                    }),
                );
            }
            // Without WebCrypto nothing can be sealed.
            Effect::HandOver { .. } if self.tabs[tab].company == Company::Alone => {}
            Effect::HandOver { ask, news, token } => {
                self.post(tab, wire::seal(&ask, news, &token));
            }
            Effect::Unseal(hand_over) => {
                if let Some(token) = wire::unseal(&hand_over, self.tabs[tab].id) {
                    self.tell_soon(tab, Told::Unsealed(hand_over.news, token));
                }
            }
            Effect::Refresh(id) => self.send_refresh(tab, id),
            Effect::Logout(id, _) => self.send_logout(tab, id),
            Effect::Send(id, token) => {
                self.send_request(tab, id, token.map(|token| token.expose().to_owned()));
            }
            Effect::Deliver(id) => self.finish(tab, id, Outcome::Answered(401)),
            Effect::Reject(id, error) => {
                self.check_rejection(tab, id, &error);
                self.finish(tab, id, Outcome::Rejected(error.code()));
            }
            Effect::Settle(call, outcome) => {
                let call = self.tabs[tab].calls.get_mut(&call).expect("it was made");
                assert_eq!(call.outcome, None, "settled twice");
                call.outcome = Some(outcome.map_err(|error: Error| error.code()));
            }
            Effect::Ready => {
                assert!(!self.tabs[tab].ready, "ready twice");
                self.tabs[tab].ready = true;
            }
            Effect::Emit(event) => {
                self.check_event(tab, &event);
                self.tabs[tab].events.push(event);
            }
            Effect::Withdraw => self.locks.hide(tab),
            Effect::Return => {}
        }
    }

    pub(super) fn grant_lock(&mut self, granted: impl IntoIterator<Item = (usize, Ticket)>) {
        for (tab, ticket) in granted {
            self.tell_soon(tab, Told::LockGranted(ticket));
        }
    }

    pub(super) fn finish(&mut self, tab: usize, id: RequestId, outcome: Outcome) {
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        assert_eq!(request.outcome, None, "{id:?} has two ends");
        request.outcome = Some(outcome);
        request.held_since = None;
    }

    /// In order, to all others: a channel does not lose or reorder what it was given.
    fn post(&mut self, from: usize, message: Message) {
        self.check_message(&message);
        let latency = self.latency.channel.clone();
        let drawn = latency.start + self.random.below(latency.end - latency.start);
        let at = self.watch.last_post.max(self.now + drawn);
        self.watch.last_post = at;
        let bytes = message.encode();
        for tab in (0..self.tabs.len()).filter(|tab| *tab != from) {
            if self.tabs[tab].life != Life::Dead {
                let message = Message::decode(&bytes).expect("what is sent can be read");
                let told = Told::Message(message);
                self.agenda.add(at, Happening::Tell(tab, told));
            }
        }
    }

    fn send_refresh(&mut self, tab: usize, id: AttemptId) {
        self.check_refresh(tab, id);
        let network = self.latency.network.clone();
        if self.backend.weather == Weather::Offline {
            let answer = failed(Failure::Network);
            self.after(network, Happening::RefreshReturns(tab, id, answer, None));
        } else {
            self.after(network, Happening::RefreshArrives(tab, id, self.jar));
        }
    }

    fn send_logout(&mut self, tab: usize, id: AttemptId) {
        self.check_logout(tab);
        let network = self.latency.network.clone();
        if self.backend.weather == Weather::Offline {
            self.after(
                network,
                Happening::Tell(tab, Told::LogoutAnswered(id, false)),
            );
        } else {
            self.after(network, Happening::LogoutArrives(tab, id, self.jar));
        }
    }

    fn send_request(&mut self, tab: usize, id: RequestId, token: Option<String>) {
        self.check_send(tab, id, token.as_deref());
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        request.times_sent += 1;
        request.held_since = None;
        let network = self.latency.network.clone();
        if self.backend.weather == Weather::Offline {
            self.after(
                network,
                Happening::Tell(tab, Told::RequestAnswered(id, None)),
            );
        } else {
            self.after(network, Happening::RequestArrives(tab, id, token));
        }
    }
}
