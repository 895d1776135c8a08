//! Which requests may carry the token: those to an allowed origin that are not to an auth URL and
//! bring no `Authorization` of their own.

use web_sys::{Request, Url};

use super::auth::Endpoint;
use super::js;

pub(crate) struct Scope {
    /// As browsers serialise them, so that comparing text is enough.
    origins: Vec<String>,
    auth_urls: Vec<Place>,
}

/// A URL without its query: what the browser will make of a request, not what the app wrote.
#[derive(PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) origin: String,
    path: String,
}

impl Scope {
    pub(crate) fn new(
        origins: Option<Vec<String>>,
        refresh: &Endpoint,
        logout: Option<&Endpoint>,
    ) -> Scope {
        let mut auth_urls = vec![refresh.place()];
        auth_urls.extend(logout.map(Endpoint::place));
        Scope {
            origins: origins.unwrap_or_else(|| vec![page_origin()]),
            auth_urls,
        }
    }

    /// The request is the very one that will be sent: nothing about it can change any more.
    pub(crate) fn covers(&self, request: &Request) -> bool {
        Place::of(request).is_some_and(|place| {
            self.origins.contains(&place.origin)
                && !self.auth_urls.contains(&place)
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
