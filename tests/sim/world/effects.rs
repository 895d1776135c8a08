//! What the machines want done, done.

use tokenhold::core::{
    AccessToken, Ask, AttemptId, Effect, Error, Event, Failure, Message, Rank, RequestId,
    TabSharing, Warning,
};

use super::agenda::{Happening, Parting, Told};
use super::group::Group;
use super::locks::Wait;
use super::network::{Weather, failed};
use super::tab::Outcome;
use super::wire;

impl Group {
    pub(super) fn perform(&mut self, tab: usize, effect: Effect) {
        let locks = self.latency.locks.clone();
        match effect {
            Effect::RequestLock(ticket, rank) => {
                if rank > Rank::FIRST {
                    self.journal.count("lock of a next rank");
                }
                let granted = self.locks.request(tab, ticket, rank, self.now);
                self.grant_locks(granted);
            }
            Effect::ReleaseLock(ticket) => {
                let granted = self.locks.release(tab, ticket, self.now);
                self.grant_locks(granted);
            }
            Effect::QueryPeers => {
                // The lists come in the order in which they were asked for.
                let drawn = self.now + self.random.within(&locks);
                let at = drawn.max(self.tabs[tab].last_list);
                self.tabs[tab].last_list = at;
                self.agenda.add(at, Happening::PeersAreListed(tab));
            }
            Effect::Announce(presence) => {
                self.tabs[tab].announced = Some(presence);
                self.after(locks, Happening::PresenceShows(tab, presence));
            }
            Effect::Post(message) => self.post(tab, &message),
            Effect::Ask(to) => {
                let from = self.tabs[tab].id;
                let key = wire::key_of(from);
                self.post(tab, &Message::Ask(Ask { from, to, key }));
            }
            // Without WebCrypto nothing can be sealed.
            Effect::HandOver { .. } if self.tabs[tab].sharing == TabSharing::Alone => {}
            Effect::HandOver { ask, news, token } => {
                self.post(tab, &wire::seal(&ask, news, &token));
            }
            Effect::Unseal(hand_over) => {
                if let Some(token) = wire::unseal(&hand_over, self.tabs[tab].id) {
                    self.journal.count("token handed over");
                    self.tell_soon(tab, Told::Unsealed(hand_over.news, token));
                }
            }
            Effect::Refresh(id) => self.send_refresh(tab, id),
            Effect::Logout(id, token) => self.send_logout(tab, id, token),
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
                assert_eq!(call.outcome, None, "liveness: a call is settled twice");
                call.outcome = Some(outcome.map_err(|error: Error| error.code()));
            }
            Effect::Ready => {
                assert!(!self.tabs[tab].is_ready(), "liveness: ready twice");
                self.tabs[tab].ready = Ok(());
            }
            Effect::Emit(event) => self.hear_event(tab, event),
            Effect::Withdraw => self.locks.hide(tab),
            Effect::Return => {}
        }
    }

    pub(super) fn grant_locks(&mut self, granted: Vec<Wait>) {
        for (tab, ticket) in granted {
            self.tell_soon(tab, Told::LockGranted(ticket));
        }
    }

    pub(super) fn finish(&mut self, tab: usize, id: RequestId, outcome: Outcome) {
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        assert_eq!(request.outcome, None, "liveness: {id:?} has two ends");
        request.outcome = Some(outcome);
        request.held_since = None;
    }

    fn hear_event(&mut self, tab: usize, event: Event) {
        self.check_event(tab, &event);
        match event {
            Event::Warning(Warning::LogoutUnconfirmed) => self.journal.count("logout unconfirmed"),
            Event::RefreshFailed { .. } => self.tabs[tab].is_backing_off = true,
            Event::SignedIn | Event::Refreshed => self.tabs[tab].is_backing_off = false,
            _ => {}
        }
        self.tabs[tab].events.push(event);
    }

    fn send_refresh(&mut self, tab: usize, id: AttemptId) {
        self.check_refresh(tab, id);
        self.journal.count("refresh sent");
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                self.journal.count("refresh request lost");
                let answer = failed(Failure::Network, None);
                self.after(latency, Happening::RefreshReturns(tab, id, answer, None));
            }
            Weather::Silent => self.journal.count("refresh never answered"),
            _ => self.after(
                latency,
                Happening::RefreshArrives(tab, id, self.jar, weather),
            ),
        }
    }

    fn send_logout(&mut self, tab: usize, id: AttemptId, token: Option<AccessToken>) {
        self.check_logout(tab);
        self.tabs[tab].has_sent_logout = true;
        self.journal.count("logout sent");
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        let parting = Parting {
            cookie: self.jar,
            token: token.map(|token| token.expose().to_owned()),
        };
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                self.journal.count("logout request lost");
                self.after(latency, Happening::LogoutReturns(tab, id, false, false));
            }
            Weather::Silent => self.journal.count("logout never answered"),
            _ => self.after(latency, Happening::LogoutArrives(tab, id, parting, weather)),
        }
    }

    fn send_request(&mut self, tab: usize, id: RequestId, token: Option<String>) {
        self.check_send(tab, id, token.as_deref());
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        request.times_sent += 1;
        request.held_since = None;
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                self.after(
                    latency,
                    Happening::Tell(tab, Told::RequestAnswered(id, None)),
                );
            }
            _ => self.after(latency, Happening::RequestArrives(tab, id, token, weather)),
        }
    }
}
