//! Requests to the auth endpoints on their way out of the browser, which may have no connection for them.

use simulated_browser::failed;
use tokenhold::core::{AttemptId, Failure};

use super::agenda::{Happening, Parting};
use super::group::Group;
use super::network::Weather;
use super::tab::Life;

/// A request that waits in the browser.
#[derive(Debug, PartialEq, Eq)]
pub enum Held {
    Refresh(usize, AttemptId),
    Logout(usize, AttemptId, Option<String>),
}

impl Group {
    pub(super) fn dispatch_refresh(&mut self, tab: usize, id: AttemptId) {
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                self.journal.count("refresh request lost");
                let answer = failed(Failure::Network, None);
                self.after(latency, Happening::RefreshReturns(tab, id, answer, None));
            }
            Weather::Silent => self.journal.count("refresh never answered"),
            Weather::Held => {
                self.journal.count("refresh held");
                self.held.push(Held::Refresh(tab, id));
            }
            _ => {
                let arrives = Happening::RefreshArrives(tab, id, self.jar, weather);
                self.after(latency, arrives);
            }
        }
    }

    pub(super) fn dispatch_logout(&mut self, tab: usize, id: AttemptId, token: Option<String>) {
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                self.journal.count("logout request lost");
                self.after(latency, Happening::LogoutReturns(tab, id, false, false));
            }
            Weather::Silent => self.journal.count("logout never answered"),
            Weather::Held => self.held.push(Held::Logout(tab, id, token)),
            _ => {
                let cookie = self.jar;
                let arrives = Happening::LogoutArrives(tab, id, Parting { cookie, token }, weather);
                self.after(latency, arrives);
            }
        }
    }

    /// There are connections again: all that waited for one leaves, with the cookie of this moment.
    pub(super) fn let_go(&mut self) {
        for held in std::mem::take(&mut self.held) {
            match held {
                Held::Refresh(tab, id) if self.keeps_answer_to(tab, id) => {
                    let jar = self.jar;
                    let flight = self.flight(tab, id);
                    flight.cookie = jar;
                    let sent = flight.at;
                    if let Some(session) = self.session_of_cookie() {
                        self.reference.was_asked_for(session, sent);
                    }
                    self.dispatch_refresh(tab, id);
                }
                Held::Logout(tab, id, token) if self.outlives_page(tab) => {
                    self.dispatch_logout(tab, id, token);
                }
                _ => {}
            }
        }
    }

    /// Whether an answer to this refresh still finds the browser willing to take its cookie.
    pub(super) fn keeps_answer_to(&mut self, tab: usize, id: AttemptId) -> bool {
        let is_alive = self.tabs[tab].life != Life::Dead;
        let outlives_page = self.outlives_page(tab);
        let flight = self.flight(tab, id);
        match flight.is_repeat {
            true => is_alive && !flight.is_called_off,
            false => outlives_page,
        }
    }

    pub(super) fn outlives_page(&self, tab: usize) -> bool {
        self.habits.keeps_alive || self.tabs[tab].life != Life::Dead
    }
}
