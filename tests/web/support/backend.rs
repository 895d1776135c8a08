//! A `fetch` with a whole backend in it.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;

use js_sys::Function;
use tokenhold::{Functions, Rejected, World};
use wasm_bindgen::prelude::*;

use super::answers::{granted, json, status, token};
use super::call::Call;
use super::js::function;
use super::log::Log;

pub const REFRESH: &str = "/auth/refresh";
pub const LOGOUT: &str = "/auth/logout";

/// Answers by path, and remembers every call.
#[derive(Clone)]
pub struct Backend {
    pub calls: Log<Call>,
    answers: Rc<RefCell<Vec<(String, Answer)>>>,
}

type Answer = Rc<dyn Fn(&Call) -> JsValue>;

impl Backend {
    /// A backend without faults: refreshes get the next token, logouts 204, and everything else 200.
    pub fn new() -> Backend {
        let backend = Backend {
            calls: Log::default(),
            answers: Rc::default(),
        };
        let issued = Cell::new(0);
        backend.on(REFRESH, move |_| {
            issued.set(issued.get() + 1);
            granted(&token(issued.get()))
        });
        backend.on(LOGOUT, |_| status(204));
        backend
    }

    /// From now on answers calls to this path with this response, or promise of one.
    pub fn on(&self, path: &str, answer: impl Fn(&Call) -> JsValue + 'static) {
        let answer: Answer = Rc::new(answer);
        self.answers.borrow_mut().push((path.to_owned(), answer));
    }

    /// Gives these answers in their order, and the last one for ever.
    pub fn on_in_turn(&self, path: &str, answers: impl IntoIterator<Item = JsValue>) {
        let answers = RefCell::new(answers.into_iter().collect::<Vec<_>>());
        self.on(path, move |_| {
            let mut answers = answers.borrow_mut();
            if answers.len() > 1 {
                answers.remove(0)
            } else {
                copy(&answers[0])
            }
        });
    }

    pub fn fetch(&self) -> Function {
        let me = self.clone();
        function(move |input, init| me.answer(Call::new(input, init)))
    }

    pub fn world(&self) -> World {
        World {
            fetch: self.fetch(),
            rejected: Rejected::Statuses(vec![401]),
            functions: Functions::default(),
        }
    }

    pub fn calls_to(&self, path: &str) -> Vec<Call> {
        self.calls.those(|call| call.path() == path)
    }

    /// The `nth` (from 1) call to that path, once it has come.
    #[track_caller]
    pub fn nth_call(&self, nth: usize, path: &'static str) -> impl Future<Output = Call> + use<> {
        self.calls.nth(nth, move |call| call.path() == path)
    }

    /// Of all calls, in order.
    pub fn paths(&self) -> Vec<String> {
        self.calls.all().iter().map(Call::path).collect()
    }

    fn answer(&self, call: Call) -> JsValue {
        let path = call.path();
        let answers = self.answers.borrow();
        let found = answers.iter().rev().find(|(key, _)| *key == path);
        let answer = found.map(|(_, answer)| answer.clone());
        drop(answers);
        self.calls.push(call.clone());
        answer.map_or_else(|| json(r#"{"ok":true}"#), |answer| answer(&call))
    }
}

/// Copies the response, because a body can be read only once.
fn copy(answer: &JsValue) -> JsValue {
    match answer.dyn_ref::<web_sys::Response>() {
        Some(response) => response.clone().unwrap().into(),
        None => answer.clone(),
    }
}
