//! The machines' effects, performed: most of them after a while, and some never.

use simulated_browser::{
    App, Browser, LockRequest, Locks, RequestEnd, Told, contains, failed, seal, unseal,
};
use tokenhold::core::{
    AccessToken, Answer, Ask, AttemptId, CallId, Effect, Error, Event, Failure, HandOver, Machine,
    Message, News, Presence, Rank, RequestId, Status, TabId, TabSharing, Warning,
};

use super::agenda::Happening;
use super::group::Group;
use super::network::Weather;
use super::sending::Held;
use super::tab::Outcome;

impl Browser for Group {
    type Person = &'static str;

    fn id(&self, tab: usize) -> TabId {
        self.tabs[tab].id
    }

    fn machine(&mut self, tab: usize) -> &mut Machine {
        &mut self.tabs[tab].machine
    }

    fn app(&mut self, tab: usize) -> &mut App<&'static str> {
        &mut self.tabs[tab].app
    }

    fn locks(&mut self) -> &mut Locks {
        &mut self.locks
    }

    fn locks_are_granted(&mut self, granted: Vec<LockRequest>) {
        for LockRequest { tab, ticket } in granted {
            self.tabs[tab].granted_at.insert(ticket, self.now);
            self.tell_soon(tab, Told::LockGranted(ticket));
        }
    }

    fn query_peers(&mut self, tab: usize) {
        // The lists come in the order in which they were asked for.
        let drawn = self.now + self.random.within(&self.latency.locks);
        let at = drawn.max(self.tabs[tab].last_list);
        self.tabs[tab].last_list = at;
        self.agenda.add(at, Happening::PeersAreListed(tab));
    }

    fn announce(&mut self, tab: usize, presence: Presence) {
        self.tabs[tab].announced = Some(presence);
        let locks = self.latency.locks.clone();
        self.after(locks, Happening::PresenceShows(tab, presence));
    }

    fn withdraw(&mut self, tab: usize) {
        self.presences.hide(tab);
    }

    fn broadcast(&mut self, from: usize, message: &[u8]) {
        self.spread(message, Some(from));
    }

    fn send_sealed(&mut self, from: usize, message: Message) {
        self.post(from, &message);
    }

    fn hand_over(&mut self, tab: usize, ask: &Ask, news: News, token: &AccessToken) {
        // Without WebCrypto nothing can be sealed.
        if self.tabs[tab].sharing == TabSharing::Shared {
            self.send_sealed(tab, seal(ask, news, token));
        }
    }

    fn unseal(&mut self, tab: usize, hand_over: HandOver) {
        if let Some(token) = unseal(&hand_over, self.tabs[tab].id) {
            self.journal.count("token handed over");
            self.tell_soon(tab, Told::Unsealed(hand_over.news, token));
        }
    }

    fn send_refresh(&mut self, tab: usize, id: AttemptId, is_repeat: bool) {
        self.check_refresh(tab, id, is_repeat);
        self.journal.count("refresh sent");
        if !self.backend.is_strict() {
            self.journal.count("refresh sent, forgiving");
        }
        self.dispatch_refresh(tab, id);
    }

    /// Its cookie does not come back, and what still waits in the browser does not leave.
    fn call_off(&mut self, tab: usize, id: AttemptId) {
        self.journal.count("refresh called off");
        self.held.retain(|held| *held != Held::Refresh(tab, id));
        self.flight(tab, id).is_called_off = true;
    }

    fn send_login(&mut self, tab: usize, id: AttemptId, call: CallId) {
        self.check_login(tab);
        self.journal.count("login sent with the lock");
        let person = self.tabs[tab].logging_in.remove(&call).expect("its call");
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        let answer = match weather {
            Weather::Silent | Weather::Held | Weather::Deaf => return,
            Weather::Offline | Weather::LosesRequests => failed(Failure::Network, None),
            _ => Answer::Granted(self.enter(person, Some(tab))),
        };
        self.after(
            latency,
            Happening::Tell(tab, Told::RefreshAnswered(id, answer)),
        );
    }

    fn send_logout(&mut self, tab: usize, id: AttemptId, token: Option<AccessToken>) {
        self.check_logout(tab);
        self.tabs[tab].has_sent_logout = true;
        self.reference.sent_logout(tab, id);
        self.journal.count("logout sent");
        let token = token.map(|token| token.expose().to_owned());
        self.dispatch_logout(tab, id, token);
    }

    fn send_request(&mut self, tab: usize, id: RequestId, token: Option<AccessToken>) {
        let token = token.map(|token| token.expose().to_owned());
        if let Some(token) = &token {
            let (session, _) = self.backend.owner(token);
            self.check_not_logged_out(tab, session);
        }
        let weather = self.backend.weather.for_one(&mut self.random);
        let latency = weather.latency(&self.latency.network);
        match weather {
            Weather::Offline | Weather::LosesRequests => {
                let told = Told::RequestAnswered(id, None);
                self.after(latency, Happening::Tell(tab, told));
            }
            _ => self.after(latency, Happening::RequestArrives(tab, id, token, weather)),
        }
    }

    /// An opaque token does not tell whose it is; others have to.
    fn owner(&self, tab: usize, token: &AccessToken) -> Option<&'static str> {
        let (session, person) = self.backend.owner(token.expose());
        let was_told = self.reference.is_told_by(session, self.tabs[tab].heard);
        let can_know = self.backend.tells_subject || (was_told && !self.reference.is_blind);
        can_know.then_some(person)
    }

    fn shows_token(&self, tab: usize, shown: &[u8]) -> bool {
        let token = self.tabs[tab].machine.access_token();
        token.is_some_and(|token| contains(shown, token.expose().as_bytes()))
    }

    fn has_valid_token(&self, tab: usize) -> bool {
        self.tabs[tab].status() == Status::SignedIn && self.is_valid_to(tab)
    }

    fn note_effect(&mut self, tab: usize, effect: &Effect) {
        self.journal
            .write(self.now, || format!("tab {tab}   > {effect:?}"));
        if matches!(effect, Effect::RequestLock(_, rank) if *rank > Rank::FIRST) {
            self.journal.count("lock of a next rank");
        }
    }

    fn note_request_end(&mut self, tab: usize, id: RequestId, times_sent: u8, end: RequestEnd) {
        let outcome = match end {
            RequestEnd::Delivered => Outcome::Answered(401),
            RequestEnd::Rejected(error) => Outcome::Rejected(error.code()),
        };
        self.tabs[tab].note_outcome(id, times_sent, outcome);
    }

    fn note_settled(&mut self, tab: usize, call: CallId, outcome: Result<(), Error>) {
        let call = self.tabs[tab].calls.get_mut(&call).expect("it was made");
        call.outcome = Some(outcome.map_err(|error| error.code()));
    }

    fn note_event(&mut self, tab: usize, event: Event) {
        match event {
            Event::Warning(Warning::LogoutUnconfirmed) => self.journal.count("logout unconfirmed"),
            Event::RefreshFailed { .. } => self.tabs[tab].is_backing_off = true,
            Event::Recovered => self.tabs[tab].is_backing_off = false,
            _ => {}
        }
        self.tabs[tab].events.push(event);
    }
}
