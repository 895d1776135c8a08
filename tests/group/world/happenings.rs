//! What comes about by itself, and how tabs are told.

use tokenhold::core::{Challenge, Failure, RequestId};

use super::agenda::{Happening, Told};
use super::backend::{Weather, failed};
use super::group::Group;
use super::tab::{Life, Outcome};

impl Group {
    pub(super) fn happen(&mut self, happening: Happening) {
        let network = self.latency.network.clone();
        match happening {
            Happening::Tell(tab, told) => self.tell(tab, told),
            Happening::PeersAreListed(tab) => {
                let (peers, holders) = (self.locks.peers(), self.locks.holders());
                self.tell(tab, Told::Peers(peers, holders));
            }
            Happening::PresenceShows(tab, presence) => {
                // A newer announcement takes the place of one that has not been made yet.
                let is_latest = self.tabs[tab].announced == Some(presence);
                if self.tabs[tab].is_alive() && is_latest {
                    self.locks.show(tab, presence);
                    self.tell(tab, Told::Announced(presence.version));
                }
            }
            Happening::RefreshArrives(tab, id, cookie) => match self.backend.weather {
                Weather::Silent => {}
                Weather::OneWay => {
                    self.backend.refresh(cookie, self.now);
                    let lost = failed(Failure::Network);
                    self.after(network, Happening::RefreshReturns(tab, id, lost, None));
                }
                _ => {
                    let (answer, fresh) = self.backend.refresh(cookie, self.now);
                    self.after(network, Happening::RefreshReturns(tab, id, answer, fresh));
                }
            },
            Happening::RefreshReturns(tab, id, answer, fresh) => {
                self.jar = fresh.or(self.jar);
                self.watch.flights.retain(|flight| !flight.is(tab, id));
                self.tell(tab, Told::RefreshAnswered(id, answer));
            }
            Happening::LogoutArrives(tab, id, cookie) => {
                if matches!(self.backend.weather, Weather::Fine | Weather::OneWay) {
                    self.backend.logout(cookie);
                }
                if self.backend.weather == Weather::Fine {
                    self.after(network, Happening::LogoutReturns(tab, id, cookie));
                } else if self.backend.weather != Weather::Silent {
                    let unconfirmed = Told::LogoutAnswered(id, false);
                    self.after(network, Happening::Tell(tab, unconfirmed));
                }
            }
            Happening::LogoutReturns(tab, id, cookie) => {
                self.jar = self.jar.filter(|kept| Some(*kept) != cookie);
                self.tell(tab, Told::LogoutAnswered(id, true));
            }
            Happening::RequestArrives(tab, id, token) => {
                let status = self.backend.status_for(token.as_deref(), self.now);
                let told = Told::RequestAnswered(id, Some(status));
                self.after(network, Happening::Tell(tab, told));
            }
        }
    }

    pub(super) fn tell(&mut self, tab: usize, told: Told) {
        match self.tabs[tab].life {
            Life::Running => self.reach(tab, told),
            Life::Frozen => self.tabs[tab].backlog.push(told),
            Life::Away | Life::Dead => {}
        }
    }

    fn reach(&mut self, tab: usize, told: Told) {
        self.drive(tab, |machine, now| match told {
            Told::LockGranted(ticket) => machine.handle_lock_granted(ticket, now),
            Told::Peers(ref peers, ref holders) => machine.handle_peers(peers, holders, now),
            Told::Announced(version) => machine.handle_announced(version, now),
            Told::Message(ref message) => machine.handle_message(message.clone(), now),
            Told::Unsealed(news, ref token) => machine.handle_unsealed(news, token.clone(), now),
            Told::RefreshAnswered(id, ref answer) => {
                machine.handle_refresh_answer(id, answer.clone(), now);
            }
            Told::LogoutAnswered(id, confirmed) => {
                machine.handle_logout_answer(id, confirmed, now);
            }
            Told::RequestAnswered(..) => {}
        });
        if let Told::RequestAnswered(id, status) = told {
            self.answer_request(tab, id, status);
        }
    }

    fn answer_request(&mut self, tab: usize, id: RequestId, status: Option<u16>) {
        let now = self.now;
        let request = self.tabs[tab].requests.get_mut(&id).expect("it was made");
        if request.outcome.is_some() {
            return;
        }
        if status == Some(401) {
            request.held_since = Some(now);
            return self.drive(tab, |machine, now| {
                machine.handle_rejected(id, Challenge::Refreshable, true, now);
            });
        }
        let outcome = status.map_or(Outcome::Failed, Outcome::Answered);
        self.finish(tab, id, outcome);
        self.drive(tab, |machine, _| machine.handle_request_over(id));
    }
}
