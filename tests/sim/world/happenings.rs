//! Events that come about by themselves, and how tabs are told.

use simulated_browser::{Browser, Told, failed};
use tokenhold::core::{Answer, AttemptId, Failure, Message, RequestId, TabSharing, Version};
use tokenhold_backend::rules::Ended;

use super::SECOND;
use super::agenda::{Happening, Parting};
use super::backend::Cookie;
use super::group::Group;
use super::network::Weather;
use super::tab::{Kind, Life, Outcome};

impl Group {
    pub(super) fn happen(&mut self, happening: Happening) {
        self.note_work(&happening);
        match happening {
            Happening::Tell(tab, told) => self.tell(tab, told),
            Happening::Hear(tab, visit, message) if visit == self.tabs[tab].visit => {
                self.tell(tab, Told::Message(message));
            }
            Happening::Hear(..) => {}
            Happening::PeersAreListed(tab) => {
                let peers = self.presences.listed();
                let holders = self.locks.holders(|tab| tab as u64);
                self.tell(tab, Told::Peers(peers, holders));
            }
            Happening::PresenceShows(tab, presence) => {
                // A newer announcement takes the place of one that has not been made yet.
                let is_latest = self.tabs[tab].announced == Some(presence);
                if self.tabs[tab].is_alive() && !self.tabs[tab].disposed && is_latest {
                    self.presences.show(tab, presence);
                    self.tabs[tab].presence_since = self.now;
                    self.tell(tab, Told::Announced(presence.version));
                }
            }
            Happening::LocksAreFreed(tab) => {
                self.presences.hide(tab);
                let granted = self.locks.release_all(tab);
                self.locks_are_granted(granted);
            }
            Happening::RefreshArrives(tab, id, cookie, weather) => {
                self.refresh_arrives(tab, id, cookie, weather);
            }
            Happening::RefreshReturns(tab, id, answer, fresh) => {
                self.refresh_returns(tab, id, answer, fresh);
            }
            Happening::LogoutArrives(tab, id, parting, weather) => {
                self.logout_arrives(tab, id, &parting, weather);
            }
            Happening::LogoutReturns(tab, id, confirmed, clears) => {
                if clears && self.outlives_page(tab) {
                    self.jar = None;
                }
                self.tell(tab, Told::LogoutAnswered(id, confirmed));
            }
            Happening::RequestArrives(tab, id, token, weather) => {
                self.request_arrives(tab, id, token.as_deref(), weather);
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

    fn refresh_arrives(
        &mut self,
        tab: usize,
        id: AttemptId,
        cookie: Option<Cookie>,
        weather: Weather,
    ) {
        let latency = weather.latency(&self.latency.network);
        let lost = failed(Failure::Network, None);
        if self.is_down() {
            return self.after(latency, Happening::RefreshReturns(tab, id, lost, None));
        }
        let outcome = match weather.refusal() {
            Some((failure, retry_after)) => self.backend.refuse(failure, retry_after),
            None => self.backend.refresh(cookie, self.now),
        };
        if let Some((_, Ended::Reused)) = outcome.ended {
            self.note_reuse(cookie);
        }
        let rotated = outcome.cookie.is_some();
        match weather {
            Weather::Deaf => self.journal.count("refresh never answered"),
            Weather::LosesAnswers => {
                self.journal.count("refresh answer lost");
                self.after(latency, Happening::RefreshReturns(tab, id, lost, None));
            }
            _ if rotated && !self.keeps_answer_to(tab, id) => {
                self.journal.count("refresh answer lost with its page");
            }
            _ => {
                let (answer, cookie) = (outcome.answer, outcome.cookie);
                self.after(latency, Happening::RefreshReturns(tab, id, answer, cookie));
            }
        }
    }

    fn refresh_returns(
        &mut self,
        tab: usize,
        id: AttemptId,
        answer: Answer,
        fresh: Option<Cookie>,
    ) {
        if self.keeps_answer_to(tab, id) {
            self.note_overwriting(fresh);
            self.jar = fresh.or(self.jar);
        }
        self.note_landing(tab, id);
        if answer == Answer::Ended {
            self.note_end(tab, id);
        }
        self.tell(tab, Told::RefreshAnswered(id, answer));
    }

    fn logout_arrives(&mut self, tab: usize, id: AttemptId, parting: &Parting, weather: Weather) {
        let latency = weather.latency(&self.latency.network);
        let mut confirmed = !self.is_down() && weather.refusal().is_none();
        let mut clears = false;
        if confirmed {
            let token = parting.token.as_deref();
            clears = self.backend.logout(parting.cookie, token, self.now);
        }
        match weather {
            Weather::Deaf => return self.journal.count("logout never answered"),
            Weather::LosesAnswers => {
                self.journal.count("logout answer lost");
                (confirmed, clears) = (false, false);
            }
            _ => {}
        }
        self.after(
            latency,
            Happening::LogoutReturns(tab, id, confirmed, clears),
        );
    }

    fn request_arrives(
        &mut self,
        tab: usize,
        id: RequestId,
        token: Option<&str>,
        weather: Weather,
    ) {
        let status = match weather {
            _ if self.is_down() => None,
            Weather::LosesAnswers => None,
            Weather::Refuses(status, _) => Some(status),
            Weather::Html => Some(200),
            _ => Some(self.backend.status_for(token, self.now)),
        };
        let latency = weather.latency(&self.latency.network);
        self.after(
            latency,
            Happening::Tell(tab, Told::RequestAnswered(id, status)),
        );
    }

    fn is_down(&mut self) -> bool {
        let down = self.now < self.backend.down_until;
        if down {
            self.journal.count("request to a backend that restarts");
        }
        down
    }

    fn reach(&mut self, tab: usize, told: Told) {
        if self.tabs[tab].disposed {
            return;
        }
        self.note_told(tab, &told);
        if let Told::LogoutAnswered(id, true) = told {
            self.reference.confirmed_logout(tab, id);
        }
        match told {
            Told::RequestAnswered(id, status) => self.answer_request(tab, id, status),
            told => self.drive_with(tab, told),
        }
    }

    fn drive_with(&mut self, tab: usize, told: Told) {
        self.drive(tab, told.name(), |machine, now| told.tell(machine, now));
    }

    /// Notes the sign-ins and logouts that a tab learns of by this.
    fn note_told(&mut self, tab: usize, told: &Told) {
        let heard = match told {
            Told::Message(Message::News(news)) | Told::Unsealed(news, _) => Some(news.version),
            Told::Peers(peers, _) => peers.iter().map(|peer| peer.version).max(),
            _ => None,
        };
        self.tabs[tab].heard = self.tabs[tab].heard.max(heard.unwrap_or_default());
        let ends: Vec<_> = match told {
            Told::Message(Message::SignedOut { version, .. }) => vec![*version],
            // A page that is at something new goes by what comes of that.
            Told::Peers(peers, _) if self.goes_by_peers(tab) => {
                let ends = peers.iter().map(|peer| peer.version);
                ends.filter(|end| self.was_listed(tab, *end)).collect()
            }
            _ => return,
        };
        // A tab that cannot see the others knows nothing of what came before it.
        let since = match self.tabs[tab].sharing {
            TabSharing::Shared => 0,
            TabSharing::Alone => self.tabs[tab].opened_at,
        };
        for version in ends.into_iter().filter(|version| version.is_signed_out()) {
            let told = self.reference.logouts_up_to(version, since);
            self.tabs[tab].told.extend(told);
        }
        if let Told::Peers(peers, _) = told {
            for end in peers.iter().filter(|peer| peer.version.is_signed_out()) {
                let now = self.now;
                self.tabs[tab].ends.entry(end.version).or_insert(now);
            }
        }
    }

    /// Whether the tab has had time to see it: one list may be of too early a question.
    fn was_listed(&self, tab: usize, end: Version) -> bool {
        let since = self.tabs[tab].ends.get(&end);
        since.is_some_and(|since| since + SECOND < self.now)
    }

    fn goes_by_peers(&self, tab: usize) -> bool {
        let app = &self.tabs[tab];
        app.session.is_some() && app.waits_for(Kind::SignIn).is_none()
    }

    fn answer_request(&mut self, tab: usize, id: RequestId, status: Option<u16>) {
        let now = self.now;
        let app = &mut self.tabs[tab].app;
        if app.request(id).is_none() {
            return;
        }
        if status == Some(401) {
            app.take_back(id, now);
        } else {
            let outcome = status.map_or(Outcome::Failed, Outcome::Answered);
            self.tabs[tab].end_request(id, outcome);
        }
        self.drive_with(tab, Told::RequestAnswered(id, status));
    }
}
