//! The calls of the app: each becomes an input of the machine, and waits for what comes of it.

use js_sys::Function;
use wasm_bindgen::prelude::*;

use super::answer;
use super::done::{Done, Outcome};
use super::driver::{Driver, answered};
use super::error::FetchError;
use super::js::Record;
use super::request::{Outgoing, Pending, Watched};
use crate::core::{CallId, Error, Failure, Machine, Now, RequestId, TokenResponse, Warning};

impl Driver {
    /// Renews the token now.
    pub(crate) fn refresh(&self, done: Done) {
        self.call(done, Machine::handle_refresh);
    }

    /// Signs out.
    pub(crate) fn logout(&self, done: Done) {
        self.left.take();
        let me = self.me.clone();
        let done: Done = Box::new(move |outcome| {
            let left = me.upgrade().map(|driver| driver.left.borrow().clone());
            done(outcome.map(|_| Outcome::Response(left.unwrap_or_default())));
        });
        self.call(done, Machine::handle_logout);
    }

    /// Exchanges the cookie that a login has just set.
    pub(crate) fn sign_in_by_cookie(&self, done: Done) {
        self.sign_in_with(None, done);
    }

    /// Adopts what the login endpoint returned.
    ///
    /// A function is called with the lock, and returns it.
    pub(crate) fn sign_in(&self, returned: JsValue, done: Done) {
        let returned = match returned.dyn_into::<Function>() {
            Ok(login) => return self.log_in(login, done),
            Err(returned) => returned,
        };
        let reading = self.settings.field("signIn");
        if !answer::is_response(&returned) {
            return self.signed_in(answer::given(&returned, &reading), done);
        }
        self.when(answer::read(&returned, &reading), |driver, answer| {
            let answer = Record::of(answer.unwrap_or_default());
            driver.signed_in(answer::token_response(&answer), done);
        });
    }

    /// A request of the app.
    pub(crate) fn fetch(&self, input: &JsValue, init: &JsValue, done: Done) {
        match Outgoing::new(input, init) {
            Err(error) => done(Err(FetchError::Fetch(error))),
            Ok(outgoing) if self.settings.covers(&outgoing) => self.enqueue(done, |driver, id| {
                let abort = driver.driven(move |driver| driver.abort(id));
                Some(Watched::new(outgoing, abort))
            }),
            Ok(outgoing) => self.when(outgoing.pass(&self.settings.all), move |driver, outcome| {
                if outgoing.lacks_token() {
                    driver.warn_once(Warning::NotAttached);
                }
                done(answered(outcome));
            }),
        }
    }

    /// The app asks for the token itself.
    pub(crate) fn access_token(&self, done: Done) {
        self.enqueue(done, |_, _| None);
    }

    fn signed_in(&self, response: Result<TokenResponse, Failure>, done: Done) {
        match response {
            Ok(response) => self.sign_in_with(Some(response), done),
            Err(failure) => done(Err(Error::SignInFailed(failure).into())),
        }
    }

    fn sign_in_with(&self, response: Option<TokenResponse>, done: Done) {
        let call = self.add_call(done);
        self.drive(|machine, now| machine.handle_sign_in(call, response, now));
    }

    fn log_in(&self, login: Function, done: Done) {
        let call = self.add_call(done);
        self.logins.borrow_mut().push((call, login));
        self.drive(|machine, now| machine.handle_login(call, now));
    }

    fn call(&self, done: Done, input: fn(&mut Machine, CallId, Now)) {
        let call = self.add_call(done);
        self.drive(|machine, now| input(machine, call, now));
    }

    fn add_call(&self, done: Done) -> CallId {
        CallId(self.calls.borrow_mut().add(done))
    }

    fn enqueue(&self, done: Done, make: impl FnOnce(&Driver, RequestId) -> Option<Watched>) {
        let id = self.requests.borrow_mut().add_with(|id| Pending {
            outgoing: make(self, RequestId(id)),
            done,
        });
        self.drive(|machine, now| machine.handle_request(RequestId(id), now));
    }

    /// The app has aborted a request. If it is under way, `fetch` will say so too.
    fn abort(&self, id: RequestId) {
        if let Some(Pending {
            outgoing: Some(outgoing),
            done,
        }) = self.take_request(id)
        {
            done(Err(FetchError::Fetch(outgoing.outgoing.abort_reason())));
        }
        self.drive(|machine, _| machine.handle_request_over(id));
    }
}
