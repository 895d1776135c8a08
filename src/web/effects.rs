//! Performing what the machine wants done: each effect, and the input that its outcome becomes.

use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::answer;
use super::done::{Outcome, done};
use super::driver::{Driver, Ready, answered};
use super::error::FetchError;
use super::js;
use super::locks::{self, Lock};
use super::request::{Pending, Verdict, challenge};
use super::seal::{self, Direction, Keys};
use crate::core::{
    AccessToken, Answer, Ask, AttemptId, CallId, Effect, Error, HandOver, Message, Presence, Rank,
    RequestId, Ticket,
};

impl Driver {
    pub(super) fn perform(&self, effect: Effect) {
        match effect {
            Effect::RequestLock(ticket, rank) => self.request_lock(ticket, rank),
            Effect::ReleaseLock(ticket) => {
                drop(self.lock.borrow_mut().take_if(|(held, _)| *held == ticket))
            }
            Effect::QueryPeers => self.query_peers(),
            Effect::Announce(presence) => self.announce(presence),
            Effect::Post(message) => self.post(&message),
            Effect::Ask(_) | Effect::HandOver { .. } | Effect::Unseal(_) => self.seal(effect),
            Effect::Refresh(id) => self.send_refresh(id),
            Effect::Logout(id, token) => self.send_logout(id, token),
            Effect::Send(id, token) => self.send(id, token),
            Effect::Deliver(id) => self.deliver(id),
            Effect::Reject(id, error) => self.reject(id, error),
            Effect::Settle(id, outcome) => self.settle(id, outcome),
            Effect::Ready => self.become_ready(),
            Effect::Emit(event) => self.events.borrow_mut().push(event),
            Effect::Withdraw => self.withdraw(),
            Effect::Return => self.open_channel(),
        }
    }

    fn request_lock(&self, ticket: Ticket, rank: Rank) {
        let name = locks::refresh_name(&self.group, rank);
        let granted = self.driven(move |driver| {
            driver.drive(|machine, now| machine.handle_lock_granted(ticket, now));
        });
        let lock = Lock::request(&name, Box::new(granted));
        drop(self.lock.replace(lock.map(|lock| (ticket, lock))));
    }

    fn query_peers(&self) {
        self.when(locks::query(), |driver, answer| {
            let (peers, holders) = locks::held(&driver.group, &answer.unwrap_or_default());
            driver.drive(|machine, now| machine.handle_peers(&peers, &holders, now));
        });
    }

    /// The old presence goes when the new one is there: at no time is this tab unseen.
    fn announce(&self, presence: Presence) {
        let name = locks::presence_name(&self.group, presence);
        let granted = self.driven(move |driver| {
            let next = driver.next_presence.take();
            drop(driver.presence.replace(next));
            driver.drive(|machine, now| machine.handle_announced(presence.version, now));
        });
        let lock = Lock::request(&name, Box::new(granted));
        drop(self.next_presence.replace(lock));
    }

    fn post(&self, message: &Message) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.post(message);
        }
    }

    /// What needs this tab's keys.
    fn seal(&self, effect: Effect) {
        self.spawn(async move |driver| {
            let Some(keys) = driver.keys().await else {
                return;
            };
            let (direction, mut hand_over, content) = match effect {
                Effect::Ask(to) => {
                    return driver.post(&Message::Ask(Ask {
                        from: driver.tab,
                        to,
                        key: keys.public(),
                    }));
                }
                Effect::HandOver { ask, news, token } => {
                    let hand_over = HandOver {
                        to: ask.from,
                        news,
                        key: ask.key,
                        nonce: seal::random_bytes(),
                        sealed: Vec::new(),
                    };
                    let content = Uint8Array::from(token.expose().as_bytes());
                    (Direction::Seal, hand_over, content)
                }
                Effect::Unseal(hand_over) => {
                    let content = Uint8Array::from(hand_over.sealed.as_slice());
                    (Direction::Open, hand_over, content)
                }
                _ => return,
            };
            let Ok(output) = keys.turn(direction, &hand_over, &content).await else {
                return;
            };
            if direction == Direction::Seal {
                hand_over.key = keys.public();
                hand_over.sealed = output.to_vec();
                driver.post(&Message::HandOver(hand_over));
            } else if let Some(token) = seal::token(&output) {
                let news = hand_over.news;
                driver.drive(|machine, now| machine.handle_unsealed(news, token, now));
            }
        });
    }

    /// This tab's keys, made when first needed. Of two that are made at once, one is for all.
    async fn keys(&self) -> Option<Rc<Keys>> {
        let made = self.keys.borrow().clone();
        if made.is_some() {
            return made;
        }
        let made = Rc::new(Keys::generate().await.ok()?);
        Some(self.keys.borrow_mut().get_or_insert(made).clone())
    }

    fn send_refresh(&self, id: AttemptId) {
        let refresh = &self.options.refresh;
        let sent = self.scope.refresh.send(&refresh.request, &self.world, None);
        self.when(sent, move |driver, sent| match answer::response(sent) {
            Err(cause) => driver.refreshed(id, answer::none(), cause),
            Ok(response) => match answer::of_status(&response, &driver.options.refresh.ended) {
                Some(answer) => driver.refreshed(id, answer, JsValue::UNDEFINED),
                None => driver.read(&response, Driver::response, move |driver, grant| {
                    driver.refreshed(id, answer::of_grant(grant), JsValue::UNDEFINED);
                }),
            },
        });
    }

    fn refreshed(&self, id: AttemptId, answer: Answer, cause: JsValue) {
        self.cause.replace(cause);
        self.drive(|machine, now| machine.handle_refresh_answer(id, answer, now));
    }

    fn send_logout(&self, id: AttemptId, token: Option<AccessToken>) {
        let sent = match (&self.scope.logout, &self.options.logout) {
            (Some(endpoint), Some(logout)) => {
                endpoint.send(&logout.request, &self.world, token.as_ref())
            }
            _ => Err(JsValue::UNDEFINED),
        };
        self.when(sent, move |driver, response| {
            let confirmed = answer::confirms_logout(response);
            driver.drive(|machine, now| machine.handle_logout_answer(id, confirmed, now));
        });
    }

    fn send(&self, id: RequestId, token: Option<AccessToken>) {
        let prepared = match self.requests.borrow_mut().find(id.0) {
            Some(pending) => pending
                .outgoing
                .as_mut()
                .map(|outgoing| outgoing.prepare(token.as_ref())),
            None => return,
        };
        let Some(prepared) = prepared else {
            return self.grant_wish(id, token);
        };
        let sent = prepared.and_then(|request| self.world.fetch_request(&request));
        self.when(sent, move |driver, outcome| match outcome {
            Ok(response) => driver.answered(id, response),
            Err(_) => driver.finish(id, outcome),
        });
    }

    fn grant_wish(&self, id: RequestId, token: Option<AccessToken>) {
        if let Some(wish) = self.take_request(id) {
            (wish.done)(Ok(Outcome::Token(token)));
        }
        self.machine.borrow_mut().handle_request_over(id);
    }

    fn answered(&self, id: RequestId, response: JsValue) {
        match Verdict::of(&response, &self.world) {
            Verdict::Accepted => self.finish(id, Ok(response)),
            Verdict::Rejected => self.rejected(id, response),
            Verdict::Asked(verdict) => self.when(Ok(verdict), move |driver, verdict| {
                if verdict.is_ok_and(|verdict| verdict.is_truthy()) {
                    driver.rejected(id, response);
                } else {
                    driver.finish(id, Ok(response));
                }
            }),
        }
    }

    fn rejected(&self, id: RequestId, response: JsValue) {
        let challenge = challenge(&response);
        let replayable = match self.requests.borrow_mut().find(id.0) {
            Some(Pending {
                outgoing: Some(outgoing),
                ..
            }) => {
                outgoing.rejected_with = Some(response);
                outgoing.is_replayable()
            }
            _ => return,
        };
        self.drive(|machine, now| machine.handle_rejected(id, challenge, replayable, now));
    }

    fn finish(&self, id: RequestId, outcome: Result<JsValue, JsValue>) {
        if let Some(pending) = self.take_request(id) {
            (pending.done)(answered(outcome));
        }
        self.drive(|machine, _| machine.handle_request_over(id));
    }

    fn deliver(&self, id: RequestId) {
        if let Some(pending) = self.take_request(id)
            && let Some(response) = pending.outgoing.and_then(|outgoing| outgoing.rejected_with)
        {
            (pending.done)(Ok(Outcome::Response(response)));
        }
    }

    fn reject(&self, id: RequestId, error: Error) {
        if let Some(pending) = self.take_request(id) {
            (pending.done)(Err(FetchError::Manager(error)));
        }
    }

    fn settle(&self, id: CallId, outcome: Result<(), Error>) {
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

    fn spawn<F: Future<Output = ()> + 'static>(&self, task: impl FnOnce(Rc<Driver>) -> F) {
        if let Some(driver) = self.me() {
            js::spawn(Box::pin(task(driver)));
        }
    }
}
