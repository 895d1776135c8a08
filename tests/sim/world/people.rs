//! The acts of people and apps.

use tokenhold::core::{CallId, Machine, Now, RequestId};

use super::group::Group;
use super::tab::{Call, Kind, Outcome};

impl Group {
    /// At the login endpoint, without telling tokenhold.
    pub fn login(&mut self, person: &'static str) {
        self.log_in(person, None);
    }

    pub fn sign_in(&mut self, tab: usize, person: &'static str) -> CallId {
        let response = self.log_in(person, Some(tab));
        self.call(tab, Kind::SignIn, |machine, call, now| {
            machine.handle_sign_in(call, Some(response), now);
        })
    }

    pub fn sign_in_by_cookie(&mut self, tab: usize, person: &'static str) -> CallId {
        self.log_in(person, Some(tab));
        self.call(tab, Kind::SignIn, |machine, call, now| {
            machine.handle_sign_in(call, None, now);
        })
    }

    /// The app logs somebody in with the lock.
    pub fn log_in_with_lock(&mut self, tab: usize, person: &'static str) -> CallId {
        let next = self.tabs[tab].app.next_call();
        self.tabs[tab].logging_in.insert(next, person);
        self.call(tab, Kind::SignIn, Machine::handle_login)
    }

    pub fn logout(&mut self, tab: usize) -> CallId {
        let number = self.reference.logged_out(tab, self.now);
        // It joins the one that is under way.
        self.tabs[tab].has_sent_logout &= self.tabs[tab].is_logging_out();
        let call = self.call(tab, Kind::Logout, Machine::handle_logout);
        let version = self.tabs[tab].machine.version();
        self.reference.number_logout(number, version);
        self.tabs[tab].told.insert(number);
        call
    }

    pub fn refresh(&mut self, tab: usize) -> CallId {
        self.call(tab, Kind::Refresh, Machine::handle_refresh)
    }

    pub fn request(&mut self, tab: usize) -> RequestId {
        let now = self.now;
        let id = self.tabs[tab].app.make_request(now);
        self.drive(tab, "request", |machine, now| {
            machine.handle_request(id, now)
        });
        id
    }

    pub fn request_in_all(&mut self, count: usize) {
        for tab in self.running() {
            for _ in 0..count {
                self.request(tab);
            }
        }
    }

    fn abort(&mut self, tab: usize, id: RequestId) {
        self.tabs[tab].end_request(id, Outcome::Failed);
        self.drive(tab, "abort", |machine, _| machine.handle_request_over(id));
    }

    /// The last one that it has made, if it still waits.
    pub fn abort_latest(&mut self, tab: usize) {
        let latest = self.tabs[tab].app.requests().last();
        if let Some(id) = latest.map(|request| request.id) {
            self.abort(tab, id);
        }
    }

    /// Ends the session of the browser's cookie at the backend, because a new cookie is about to replace it.
    fn log_in(
        &mut self,
        person: &'static str,
        tab: Option<usize>,
    ) -> tokenhold::core::TokenResponse {
        // Nobody types a password in no time.
        self.run(1);
        self.enter(person, tab)
    }

    pub(super) fn enter(
        &mut self,
        person: &'static str,
        tab: Option<usize>,
    ) -> tokenhold::core::TokenResponse {
        self.backend.end(self.jar);
        let (cookie, response) = self.backend.login(person, self.now);
        self.jar = Some(cookie);
        if let Some(session) = self.session_of_cookie() {
            let knew = tab.map(|tab| self.tabs[tab].told.clone());
            self.reference
                .logged_in(session, knew.unwrap_or_default(), self.now);
        }
        response
    }

    fn call(
        &mut self,
        tab: usize,
        kind: Kind,
        input: impl FnOnce(&mut Machine, CallId, Now),
    ) -> CallId {
        let now = self.now;
        let page = &mut self.tabs[tab];
        let id = page.app.make_call(now);
        let call = Call {
            kind,
            since: now,
            outcome: None,
        };
        page.calls.insert(id, call);
        let why = match kind {
            Kind::SignIn => "signIn()",
            Kind::Refresh => "refresh()",
            Kind::Logout => "logout()",
        };
        self.drive(tab, why, |machine, now| input(machine, id, now));
        id
    }
}
