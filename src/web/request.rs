//! The app's requests: what is needed to send each of them, perhaps twice.

use futures_channel::oneshot::Sender;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, Request, RequestInit, Response};

use super::auth::attach;
use super::error::FetchError;
use super::js;
use super::page::Listener;
use super::world::{Rejected, World};
use crate::core::{AccessToken, Challenge};

/// Something of the app that waits for a token to go with.
pub(crate) enum Pending {
    /// A request.
    Request(Outgoing),
    /// The wish for the token itself.
    Token(Sender<Result<Option<AccessToken>, FetchError>>),
}

/// A request of the app.
pub(crate) struct Outgoing {
    request: Request,
    one_shot: bool,
    sent: bool,
    /// The response that was taken for a rejection.
    pub(crate) rejected_with: Option<JsValue>,
    pub(crate) done: Sender<Result<JsValue, FetchError>>,
    _on_abort: Option<Listener>,
}

/// A request as the app wrote it, fixed: from here on nothing about it can change.
pub(crate) struct Draft {
    pub(crate) request: Request,
    one_shot: bool,
}

impl Draft {
    /// Does what `fetch(input, init)` does first; throws what it throws.
    pub(crate) fn new(input: &JsValue, init: &JsValue) -> Result<Draft, JsValue> {
        // A stream can be read once, and not every browser can send one twice from a clone.
        let one_shot = init.is_object() && js::get(init, "body").is_instance_of::<ReadableStream>();
        // Any input and any init: the constructor sorts them out as `fetch` does.
        let (input, init): (&Request, &RequestInit) = (input.unchecked_ref(), init.unchecked_ref());
        let request = Request::new_with_request_and_init(input, init)?;
        Ok(Draft { request, one_shot })
    }

    pub(crate) fn into_outgoing(
        self,
        done: Sender<Result<JsValue, FetchError>>,
        on_abort: impl FnMut() + 'static,
    ) -> Outgoing {
        let mut on_abort = on_abort;
        let signal = self.request.signal();
        Outgoing {
            request: self.request,
            one_shot: self.one_shot,
            sent: false,
            rejected_with: None,
            done,
            _on_abort: Listener::add(&signal, "abort", move |_| on_abort()),
        }
    }
}

impl Outgoing {
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

/// What a response says of the token it was asked for with; `None`: nothing.
pub(crate) async fn objection(response: &JsValue, world: &World) -> Option<Challenge> {
    let rejected = match &world.rejected {
        Rejected::Statuses(statuses) => {
            let status = js::get(response, "status").as_f64()?;
            statuses
                .iter()
                .any(|rejected| f64::from(*rejected) == status)
        }
        Rejected::Asked(function) => {
            let copy = response.dyn_ref::<Response>()?.clone().ok()?;
            let verdict = function.call1(&JsValue::UNDEFINED, &copy).ok()?;
            let verdict = JsFuture::from(Promise::resolve(&verdict)).await.ok()?;
            verdict.is_truthy()
        }
    };
    rejected.then(|| challenge(response))
}

/// Gives up a response that nobody will read, so that its connection is free.
fn discard(response: Option<JsValue>) {
    let body = response.and_then(|response| response.dyn_ref::<Response>()?.body());
    if let Some(body) = body
        && !body.locked()
    {
        // It rejects if the stream has failed already; either way it is over.
        spawn_local(async move { drop(JsFuture::from(body.cancel()).await) });
    }
}

fn challenge(response: &JsValue) -> Challenge {
    let header = response
        .dyn_ref::<Response>()
        .and_then(|response| response.headers().get("WWW-Authenticate").ok().flatten());
    Challenge::read(header.as_deref().unwrap_or_default())
}
