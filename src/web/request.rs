//! The app's requests: what is needed to send each of them, perhaps twice.

use js_sys::{ArrayBuffer, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{ReadableStream, Request, RequestInit, Response, UrlSearchParams};

use super::auth::attach;
use super::done::Done;
use super::js::{self, Callback, Literal};
use super::page::Listener;
use super::world::{Rejected, World};
use crate::core::{AccessToken, Challenge};

/// Something of the app that waits for a token to go with.
pub(crate) struct Pending {
    /// The request; `None`: it is the token itself that is wished for.
    pub(crate) outgoing: Option<Outgoing>,
    pub(crate) done: Done,
}

/// A request of the app.
pub(crate) struct Outgoing {
    request: Request,
    one_shot: bool,
    sent: bool,
    /// The response that was taken for a rejection.
    pub(crate) rejected_with: Option<JsValue>,
    _on_abort: Listener,
}

/// A request as the app wrote it, fixed: from here on nothing about it can change.
pub(crate) struct Draft {
    pub(crate) request: Request,
    one_shot: bool,
}

impl Draft {
    /// Does what `fetch(input, init)` does first; throws what it throws.
    pub(crate) fn new(input: &JsValue, init: &JsValue) -> Result<Draft, JsValue> {
        let body = if init.is_object() {
            js::get(init, "body")
        } else {
            JsValue::UNDEFINED
        };
        // A stream can be read once, and not every browser can send one twice from a clone.
        let one_shot = body.is_instance_of::<ReadableStream>();
        let init = &match copy(&body) {
            Some(copy) => with_body(init, copy),
            None => init.clone(),
        };
        // Any input and any init: the constructor sorts them out as `fetch` does.
        let (input, init): (&Request, &RequestInit) = (input.unchecked_ref(), init.unchecked_ref());
        let request = Request::new_with_request_and_init(input, init)?;
        Ok(Draft { request, one_shot })
    }
}

/// What the app may still write to. WebKit reads such a body only when it sends it, and again when it sends a clone.
fn copy(body: &JsValue) -> Option<JsValue> {
    if let Some(parameters) = body.dyn_ref::<UrlSearchParams>() {
        return UrlSearchParams::new_with_str(&String::from(parameters.to_string()))
            .ok()
            .map(JsValue::from);
    }
    let (buffer, offset, length) = match body.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => (buffer.clone(), 0, buffer.byte_length()),
        None => {
            let number = |key| js::get(body, key).as_f64().unwrap_or_default() as u32;
            let buffer = js::get(body, "buffer").dyn_into::<ArrayBuffer>().ok()?;
            (buffer, number("byteOffset"), number("byteLength"))
        }
    };
    let bytes = Uint8Array::new_with_byte_offset_and_length(&buffer, offset, length);
    Some(bytes.slice(0, length).into())
}

/// `init` with another body. Whatever else it has is read when the request is made, as `fetch` would.
fn with_body(init: &JsValue, body: JsValue) -> JsValue {
    let changed = Object::create(init.unchecked_ref::<Object>());
    let property = Literal::new().with("value", body).build();
    Object::define_property(&changed, &"body".into(), &property).into()
}

impl Outgoing {
    pub(crate) fn new(draft: Draft, on_abort: Callback) -> Outgoing {
        let mut listener = Listener::new(on_abort);
        listener.add(&draft.request.signal(), "abort");
        Outgoing {
            request: draft.request,
            one_shot: draft.one_shot,
            sent: false,
            rejected_with: None,
            _on_abort: listener,
        }
    }

    /// What to send: a copy, if it may have to be sent again.
    pub(crate) fn prepare(&mut self, token: Option<&AccessToken>) -> Result<Request, JsValue> {
        discard(self.rejected_with.take());
        let request = if self.one_shot || self.sent {
            Clone::clone(&self.request)
        } else {
            // `Request.clone()`, which leaves the body of this one unread.
            self.request.clone()?
        };
        self.sent = true;
        if let Some(token) = token {
            attach(&request.headers(), token)?;
        }
        Ok(request)
    }

    pub(crate) fn is_replayable(&self) -> bool {
        !self.one_shot
    }

    pub(crate) fn abort_reason(&self) -> JsValue {
        self.request.signal().reason()
    }
}

/// What a response says of the token it was asked for with.
pub(crate) enum Verdict {
    Accepted,
    Rejected,
    /// It is the app that decides; the promise is of its answer.
    Asked(Promise),
}

impl Verdict {
    pub(crate) fn of(response: &JsValue, world: &World) -> Verdict {
        let rejected = match &world.rejected {
            Rejected::Statuses(statuses) => {
                let status = js::get(response, "status").as_f64();
                statuses
                    .iter()
                    .any(|rejected| status == Some(f64::from(*rejected)))
            }
            Rejected::Asked(function) => {
                let copy = response.dyn_ref::<Response>().map(Response::clone);
                if let Some(Ok(copy)) = copy
                    && let Ok(verdict) = js::call(function, &copy)
                {
                    return Verdict::Asked(Promise::resolve(&verdict));
                }
                false
            }
        };
        if rejected {
            Verdict::Rejected
        } else {
            Verdict::Accepted
        }
    }
}

/// What else the response says of the token.
pub(crate) fn challenge(response: &JsValue) -> Challenge {
    let header = response
        .dyn_ref::<Response>()
        .and_then(|response| response.headers().get("WWW-Authenticate").ok().flatten());
    Challenge::read(header.as_deref().unwrap_or_default())
}

/// Gives up a response that nobody will read, so that its connection is free.
fn discard(response: Option<JsValue>) {
    let body = response.and_then(|response| response.dyn_ref::<Response>()?.body());
    if let Some(body) = body
        && !body.locked()
    {
        // It rejects if the stream has failed already; either way it is over.
        js::when(Ok(body.cancel()), Box::new(drop));
    }
}
