//! Which requests may carry the token: those to an allowed origin that are not to an auth URL and
//! bring no `Authorization` of their own.

use web_sys::{Request, Url};

use super::auth::Endpoint;
use super::js;
use crate::core::{Error, Options};

pub(crate) struct Scope {
    /// As browsers serialise them, so that comparing text is enough.
    origins: Vec<String>,
    pub(crate) refresh: Endpoint,
    pub(crate) logout: Option<Endpoint>,
}

/// A URL without its query: what the browser will make of a request, not what the app wrote.
#[derive(PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) origin: String,
    path: String,
}

impl Scope {
    /// # Errors
    ///
    /// [`Error::InvalidOption`] if one of the auth URLs cannot be fetched.
    pub(crate) fn of(options: &Options) -> Result<Scope, Error> {
        let logout = options.logout.as_ref();
        Ok(Scope {
            origins: match &options.attach_to {
                Some(origins) => origins.clone(),
                None => vec![page_origin()],
            },
            refresh: Endpoint::of(&options.refresh.request, "refresh.url")?,
            logout: logout
                .map(|logout| Endpoint::of(&logout.request, "logout.url"))
                .transpose()?,
        })
    }

    /// The request is the very one that will be sent: nothing about it can change any more.
    pub(crate) fn covers(&self, request: &Request) -> bool {
        Place::of(request).is_some_and(|place| {
            self.origins.contains(&place.origin)
                && place != self.refresh.place
                && self
                    .logout
                    .as_ref()
                    .is_none_or(|logout| place != logout.place)
                && !request.headers().has("authorization").unwrap_or(true)
        })
    }
}

impl Place {
    pub(crate) fn of(request: &Request) -> Option<Place> {
        let url = Url::new(&request.url()).ok()?;
        Some(Place {
            origin: url.origin(),
            path: url.pathname(),
        })
    }
}

/// The page's own origin.
pub(crate) fn page_origin() -> String {
    js::get(&js::global("location"), "origin")
        .as_string()
        .unwrap_or_default()
}
