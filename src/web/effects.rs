//! Performs the machine's effects, and turns their outcomes into inputs.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;

use super::answer;
use super::done::{Outcome, done};
use super::driver::{Driver, Ready, answered};
use super::error::FetchError;
use super::js::Record;
use super::locks::{self, Lock};
use super::request::{Outgoing, Watched};
use super::seal;
use crate::core::{
    AccessToken, Answer, Ask, AttemptId, CallId, Effect, Error, Event, HandOver, Message, News,
    Person, Presence, Rank, RequestId, TabId, Ticket, Warning,
};

impl Driver {
    #[inline(never)]
    pub(super) fn perform(&self, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => self.request_lock(ticket, rank),
            Effect::ReleaseLock(ticket) => {
                drop(self.lock.borrow_mut().take_if(|(held, _)| *held == ticket))
            }
            Effect::QueryPeers => self.query_peers(),
            Effect::Announce(presence) => self.announce(presence),
            Effect::Post(message) => self.post(&message),
            Effect::Ask(to) => self.ask_tab(to),
            Effect::HandOver { ask, news, token } => self.hand_over(ask, news, &token),
            Effect::Unseal(hand_over) => self.unseal(&hand_over),
            Effect::Refresh(id) => self.send_refresh(id, false),
            Effect::RefreshAgain(id) => self.send_refresh(id, true),
            Effect::CallOff(_) => self.settings.refresh.call_off(),
            Effect::Login(id, call) => self.send_login(id, call),
            Effect::Logout(id, token) => self.send_logout(id, token),
            Effect::Send(id, token) => self.send(id, token),
            Effect::Deliver(id) => self.deliver(id),
            Effect::Reject(id, error) => self.reject(id, error),
            Effect::Settle(id, outcome) => self.settle(id, outcome),
            Effect::Ready => self.become_ready(),
            Effect::Emit(event) => self.emit(event),
            Effect::StepAside => self.step_aside(),
            Effect::Withdraw => self.withdraw(),
            Effect::Return => self.open_channel(),
        }
    }

    fn emit(&self, event: Event) {
        if let Event::SignedOut(_)
        | Event::SignedIn {
            person: Person::Other,
            ..
        } = event
        {
            self.session_is_over.set(true);
        }
        self.events.borrow_mut().push(event);
    }

    fn request_lock(&self, ticket: Ticket, rank: Rank) {
        let name = locks::refresh_name(&self.settings.group, rank);
        let granted = move |driver: &Driver| {
            driver.drive(|machine, now| machine.handle_lock_granted(ticket, now));
        };
        let lock = self.lock(&name, Box::new(granted));
        drop(self.lock.replace(lock.map(|lock| (ticket, lock))));
    }

    /// Waits for a lock, as long as the browser does not refuse it.
    #[inline(never)]
    fn lock(&self, name: &str, granted: Box<dyn Fn(&Driver)>) -> Option<Lock> {
        let me = self.me.clone();
        Lock::request(name, move |is_granted| match me.upgrade() {
            Some(driver) if is_granted => granted(&driver),
            Some(driver) => driver.refused(true),
            None => {}
        })
    }

    fn query_peers(&self) {
        self.when(locks::query(&self.settings.group), |driver, answer| {
            if answer.is_err() {
                driver.refused(false);
            }
            let answer = answer.unwrap_or_else(|_| Array::new().into());
            let refresh = driver.settings.refresh.path();
            let (peers, holders, is_shared) = locks::held(answer, &refresh);
            if is_shared {
                driver.warn_once(Warning::NameShared);
            }
            driver.drive(|machine, now| machine.handle_peers(&peers, &holders, now));
        });
    }

    /// Releases the old presence only once the new one is granted, so that peers always see this tab.
    fn announce(&self, presence: Presence) {
        let name = locks::presence_name(
            &self.settings.group,
            presence,
            &self.settings.refresh.path(),
        );
        let granted = move |driver: &Driver| {
            let next = driver.next_presence.take();
            drop(driver.presence.replace(next));
            driver.drive(|machine, now| machine.handle_announced(presence.version, now));
        };
        let lock = self.lock(&name, Box::new(granted));
        drop(self.next_presence.replace(lock));
    }

    fn post(&self, message: &Message) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.post(message);
        }
    }

    fn ask_tab(&self, to: TabId) {
        self.when(self.keys.show(), move |driver, key| {
            if let Some(key) = seal::public(key) {
                let from = driver.tab;
                driver.post(&Message::Ask(Ask { from, to, key }));
            }
        });
    }

    fn hand_over(&self, ask: Ask, news: News, token: &AccessToken) {
        let sealed = self.keys.seal_for(&ask, &news, token);
        self.when(sealed, move |driver, sealed| {
            if let Some(hand_over) = seal::hand_over(&ask, news, sealed) {
                driver.post(&Message::HandOver(hand_over));
            }
        });
    }

    fn unseal(&self, hand_over: &HandOver) {
        let news = hand_over.news;
        self.when(self.keys.unseal(hand_over), move |driver, opened| {
            if let Some((token, claims)) = seal::token(opened, &driver.settings.field("identity")) {
                driver.drive(|machine, now| machine.handle_unsealed(news, token, claims, now));
            }
        });
    }

    fn send_refresh(&self, id: AttemptId, is_repeat: bool) {
        let answer = self.settings.refresh.ask(&self.settings.all, is_repeat);
        self.expect_answer(answer, id, None);
    }

    fn send_login(&self, id: AttemptId, call: CallId) {
        if let Some(login) = self.take_login(call) {
            let answer = answer::of_login(&login, &self.settings.field("signIn"));
            self.expect_answer(answer, id, Some(call));
        }
    }

    /// The answer to a refresh, or to the login of that call.
    fn expect_answer(&self, answer: Promise, id: AttemptId, login: Option<CallId>) {
        self.when(answer, move |driver, answer| {
            let is_forbidden = login.is_none() && answer::is_forbidden(&answer);
            let (answer, cause) = answer::of_refresh(answer);
            if is_forbidden && answer == Answer::Ended {
                driver.warn(Warning::RefreshForbidden);
            }
            match login {
                Some(call) if !cause.is_undefined() => driver.fail(call, cause),
                _ => drop(driver.cause.replace(cause)),
            }
            driver.drive(|machine, now| machine.handle_refresh_answer(id, answer, now));
        });
    }

    fn take_login(&self, call: CallId) -> Option<Function> {
        let mut logins = self.logins.borrow_mut();
        let at = logins.iter().position(|(each, _)| *each == call)?;
        Some(logins.remove(at).1)
    }

    fn send_logout(&self, id: AttemptId, token: Option<AccessToken>) {
        let answer = match &self.settings.logout {
            Some(endpoint) => {
                endpoint.leave(&self.settings.all, token.as_ref().map(AccessToken::expose))
            }
            None => Promise::resolve(&JsValue::UNDEFINED),
        };
        self.when(answer, move |driver, answer| {
            let answer = answer.unwrap_or_default();
            let confirmed = Record::of(answer.clone()).get("confirmed").is_truthy();
            driver.left.replace(answer);
            driver.drive(|machine, now| machine.handle_logout_answer(id, confirmed, now));
        });
    }

    fn send(&self, id: RequestId, token: Option<AccessToken>) {
        match self.outgoing(id) {
            Some(Some(outgoing)) => {
                let token = token.as_ref().map(AccessToken::expose);
                let sent = outgoing.send(&self.settings.all, token);
                self.when(sent, move |driver, outcome| driver.answered(id, outcome));
            }
            Some(None) => self.grant_wish(id, token),
            None => {}
        }
    }

    fn grant_wish(&self, id: RequestId, token: Option<AccessToken>) {
        if let Some(wish) = self.take_request(id) {
            (wish.done)(Ok(Outcome::Token(token)));
        }
        self.machine.borrow_mut().handle_request_over(id);
    }

    fn answered(&self, id: RequestId, outcome: Result<JsValue, JsValue>) {
        let outgoing = self.outgoing(id).flatten();
        let challenge = outgoing.as_ref().and_then(Outgoing::challenge);
        let (Some(outgoing), Some(challenge)) = (outgoing, challenge) else {
            return self.finish(id, outcome);
        };
        let replayable = outgoing.is_replayable();
        self.drive(|machine, now| machine.handle_rejected(id, challenge, replayable, now));
    }

    /// The request to be sent, if it is one: a handle that can be used with nothing borrowed.
    fn outgoing(&self, id: RequestId) -> Option<Option<Outgoing>> {
        let mut requests = self.requests.borrow_mut();
        let outgoing = &requests.find(id.0)?.outgoing;
        Some(outgoing.as_ref().map(|watched| watched.outgoing.clone()))
    }

    fn finish(&self, id: RequestId, outcome: Result<JsValue, JsValue>) {
        if let Some(pending) = self.take_request(id) {
            (pending.done)(answered(outcome));
        }
        self.drive(|machine, _| machine.handle_request_over(id));
    }

    fn deliver(&self, id: RequestId) {
        if let Some(pending) = self.take_request(id)
            && let Some(Watched { outgoing, .. }) = &pending.outgoing
        {
            let response = outgoing.rejected();
            (pending.done)(Ok(Outcome::Response(response)));
        }
    }

    fn reject(&self, id: RequestId, error: Error) {
        if let Some(pending) = self.take_request(id) {
            (pending.done)(Err(FetchError::Manager(error)));
        }
    }

    /// The app's own function has failed: its caller gets the very error.
    fn fail(&self, id: CallId, reason: JsValue) {
        let waiting = self.calls.borrow_mut().remove(id.0);
        if let Some(tell) = waiting {
            tell(Err(FetchError::Fetch(reason)));
        }
    }

    fn settle(&self, id: CallId, outcome: Result<(), Error>) {
        drop(self.take_login(id));
        let waiting = self.calls.borrow_mut().remove(id.0);
        if let Some(tell) = waiting {
            tell(done(outcome));
        }
    }

    fn become_ready(&self) {
        if let Ready::NotYet(waiting) = self.ready.replace(Ready::Yes) {
            for tell in waiting {
                tell(Ok(Outcome::Nothing));
            }
        }
    }
}
