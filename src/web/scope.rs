//! Which requests may carry the token: those to an allowed origin that are not to an auth URL and
//! bring no `Authorization` of their own.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::auth::Endpoint;
use super::js;
use super::request::Outgoing;
use crate::core::{Error, Options};

#[wasm_bindgen(module = "/src/web/browser.js")]
extern "C" {
    #[wasm_bindgen(js_name = ownOrigin)]
    fn own_origin() -> JsValue;
}

pub(crate) struct Scope {
    /// As browsers serialise them, so that comparing text is enough.
    origins: Array,
    endpoints: Array,
    pub(crate) refresh: Endpoint,
    pub(crate) logout: Option<Endpoint>,
}

impl Scope {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if one of the auth URLs cannot be fetched.
    pub(crate) fn of(options: &Options) -> Result<Scope, Error> {
        let refresh = Endpoint::of(&options.refresh.request, "refresh.url")?;
        let logout = match &options.logout {
            Some(logout) => Some(Endpoint::of(&logout.request, "logout.url")?),
            None => None,
        };
        let origins = Array::new();
        match &options.attach_to {
            Some(allowed) => allowed.iter().for_each(|origin| js::push(&origins, origin)),
            None => drop(origins.push(&own_origin())),
        }
        let endpoints = Array::new();
        endpoints.push(&refresh);
        if let Some(logout) = &logout {
            endpoints.push(logout);
        }
        Ok(Scope {
            origins,
            endpoints,
            refresh,
            logout,
        })
    }

    pub(crate) fn covers(&self, outgoing: &Outgoing) -> bool {
        outgoing.is_for(&self.origins, &self.endpoints)
    }
}
