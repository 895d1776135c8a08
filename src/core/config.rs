//! The options: plain data, checked once, and the little of it that the machine goes by.

use std::borrow::Cow;

use super::error::Error;
use super::origin::Origin;
use super::token_response::ExpiresInUnit;

/// Everything that can be set. [`Options::new`] gives the defaults; [`Options::validate`] is
/// called when a manager is made.
#[derive(Clone, Debug)]
pub struct Options {
    /// How to exchange the cookie for a token.
    pub refresh: Refresh,
    /// How to end the session at the backend; `None`: it is ended in the browser only.
    pub logout: Option<Logout>,
    /// Where the fields are in what the login endpoint returns; `None`: as in `refresh`.
    pub sign_in: Option<ResponseShape>,
    /// Statuses by which an API says that a token is stale. Default: 401.
    pub rejected: Vec<u16>,
    /// Exact origins that may receive the token; `None`: the page's own.
    pub attach_to: Option<Vec<String>>,
    /// The group of tabs that share a session: 1 to 100 characters. By the default, `default`, tabs with
    /// the same refresh URL are one group, whatever its query.
    pub name: String,
    /// Whether to try a refresh at the start. Default: yes.
    pub restore: bool,
    /// A readable cookie to copy into a header of the app's own requests: those to the page's own origin
    /// that may change something. Default: none.
    pub csrf: Option<Csrf>,
    /// The scheme before the token; empty: the token alone. Default: `Bearer`.
    pub scheme: String,
    /// The header that carries the token. Default: `Authorization`.
    pub header: String,
    /// The claims that make a person; others may change. Default: `iss` and `sub`.
    pub identity: Vec<String>,
}

/// The refresh request and how to read its answer.
#[derive(Clone, Debug)]
pub struct Refresh {
    /// The request.
    pub request: AuthRequest,
    /// Where the fields of the answer are.
    pub response: ResponseShape,
    /// Statuses (300 to 599) that mean the session is over. Default: 400, 401 and 403.
    pub ended: Vec<u16>,
    /// Milliseconds for one attempt, 1 to 600,000. Default: 10,000.
    pub timeout: u64,
}

/// The logout request.
#[derive(Clone, Debug)]
pub struct Logout {
    /// The request.
    pub request: AuthRequest,
    /// Whether it carries a valid token, refreshed first if it must be. Default: no.
    pub with_token: bool,
    /// Statuses (200 to 599) that mean the backend has ended the session; `None`: any success, and 401. A
    /// redirect to where the page may not read confirms it in any case.
    pub confirmed: Option<Vec<u16>>,
}

impl Logout {
    /// A `POST` without a body and without a token.
    pub fn new(url: impl Into<String>) -> Logout {
        Logout {
            request: AuthRequest::post(url),
            with_token: false,
            confirmed: None,
        }
    }
}

/// A request to one of the auth endpoints.
#[derive(Clone, Debug)]
pub struct AuthRequest {
    /// The URL, as `fetch` takes it. A relative one is resolved when the manager is made.
    pub url: String,
    /// Default: `POST`.
    pub method: String,
    /// Headers beyond those the body brings; never `Authorization`.
    pub headers: Vec<(String, String)>,
    /// Default: none, and no content type.
    pub body: Option<Body>,
    /// `None`: `same-origin`, or `include` for another origin.
    pub credentials: Option<Credentials>,
    /// A readable cookie to copy into a header, read anew for every attempt.
    pub csrf: Option<Csrf>,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct Body {
    /// The text sent.
    pub text: String,
    /// Its content type; `None`: what `fetch` gives a text.
    pub content_type: Option<&'static str>,
}

/// The credentials mode of a request (Fetch, section 2.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// Cookies are sent to any origin.
    Include,
    /// Cookies are sent to the page's own origin.
    SameOrigin,
    /// Cookies are not sent.
    Omit,
}

/// The double-submit pattern: `cookie`'s value is sent as `header`.
#[derive(Clone, Debug)]
pub struct Csrf {
    /// The cookie's name.
    pub cookie: String,
    /// The header's name.
    pub header: String,
}

/// Where the fields of a token response are: dotted paths into its JSON.
#[derive(Clone, Debug)]
pub struct ResponseShape {
    /// Default: `access_token`.
    pub token: String,
    /// Default: `expires_in`.
    pub expires_in: String,
    /// Default: seconds.
    pub expires_in_unit: ExpiresInUnit,
    /// ISO 8601, or seconds or milliseconds since the epoch. Default: `expires_at`.
    pub expires_at: String,
}

/// Requirements of some options, for values of a wrong type as for those out of range.
/// The name of the group of whoever chose none.
pub(crate) const DEFAULT_NAME: &str = "default";
pub(crate) const DEFAULT_TIMEOUT_MS: u64 = 10_000;

pub(crate) mod must_be {
    pub(crate) const CONFIRMED: &str = "must be an array of statuses from 200 to 599";
    pub(crate) const SCHEME: &str = "must be an authentication scheme, or empty";
    pub(crate) const HEADER_NAME: &str = "must be a header's name";
    pub(crate) const IDENTITY: &str = "must be an array of the names of claims";
    pub(crate) const STATUSES: &str = "must be an array of statuses from 300 to 599";
    pub(crate) const TIMEOUT: &str = "must be 1 to 600000 milliseconds";
    pub(crate) const NAME: &str = "must be a string of 1 to 100 characters";
    pub(crate) const URL: &str = "must be a URL that can be fetched";
    pub(crate) const METHOD: &str = "must be an HTTP method that fetch allows";
    pub(crate) const HEADERS: &str = "must be header names with values that HTTP can carry";
    pub(crate) const PATH: &str = "must be a dotted path such as data.access_token";
    pub(crate) const COOKIE: &str = "must be a cookie's name";
    pub(crate) const HEADER: &str = "must be a header's name other than Authorization";
}

impl Options {
    /// The defaults, with the URL that exchanges the cookie for a token.
    pub fn new(refresh_url: impl Into<String>) -> Options {
        Options {
            refresh: Refresh {
                request: AuthRequest::post(refresh_url),
                response: ResponseShape::default(),
                ended: vec![400, 401, 403],
                timeout: DEFAULT_TIMEOUT_MS,
            },
            logout: None,
            sign_in: None,
            rejected: vec![401],
            attach_to: None,
            name: DEFAULT_NAME.to_owned(),
            restore: true,
            csrf: None,
            scheme: "Bearer".to_owned(),
            header: "Authorization".to_owned(),
            identity: vec!["iss".to_owned(), "sub".to_owned()],
        }
    }

    /// Checks every option.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidOption`] names the first option that is out of its range.
    pub fn validate(&self) -> Result<(), Error> {
        self.refresh.request.validate("refresh")?;
        self.refresh.response.validate("refresh.response")?;
        if !(1..=600_000).contains(&self.refresh.timeout) {
            return Err(Error::invalid("refresh.timeout", must_be::TIMEOUT));
        }
        check_statuses("refresh.ended", &self.refresh.ended)?;
        if let Some(logout) = &self.logout {
            logout.request.validate("logout")?;
            let mut confirmed = logout.confirmed.iter().flatten();
            if !confirmed.all(|status| (200..=599).contains(status)) {
                return Err(Error::invalid("logout.confirmed", must_be::CONFIRMED));
            }
        }
        if let Some(shape) = &self.sign_in {
            shape.validate("signIn.response")?;
        }
        check_statuses("rejected", &self.rejected)?;
        for origin in self.attach_to.iter().flatten() {
            Origin::parse(origin).map_err(|problem| Error::invalid("attachTo", problem))?;
        }
        if self.name.is_empty() || self.name.chars().nth(100).is_some() {
            return Err(Error::invalid("name", must_be::NAME));
        }
        if let Some(csrf) = &self.csrf {
            csrf.validate("csrf")?;
        }
        if !self.scheme.is_empty() && !is_token(&self.scheme) {
            return Err(Error::invalid("scheme", must_be::SCHEME));
        }
        if !is_token(&self.header) {
            return Err(Error::invalid("header", must_be::HEADER_NAME));
        }
        if self.identity.is_empty() || self.identity.iter().any(String::is_empty) {
            return Err(Error::invalid("identity", must_be::IDENTITY));
        }
        Ok(())
    }

    /// The options that the machine goes by.
    pub fn policy(&self) -> Policy {
        Policy {
            timeout: self.refresh.timeout,
            restore: self.restore,
            logout: self.logout.as_ref().map(|logout| LogoutPolicy {
                with_token: logout.with_token,
            }),
        }
    }
}

/// The options that the machine goes by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// Milliseconds for one attempt.
    pub timeout: u64,
    /// Whether to try a refresh at the start.
    pub restore: bool,
    /// `None`: there is no logout endpoint.
    pub logout: Option<LogoutPolicy>,
}

/// How the logout request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LogoutPolicy {
    /// Whether it carries a valid token.
    pub with_token: bool,
}

impl AuthRequest {
    /// A `POST` without a body.
    pub fn post(url: impl Into<String>) -> AuthRequest {
        AuthRequest {
            url: url.into(),
            method: "POST".to_owned(),
            headers: Vec::new(),
            body: None,
            credentials: None,
            csrf: None,
        }
    }

    fn validate(&self, option: &'static str) -> Result<(), Error> {
        let invalid = |field, problem| Err(Error::invalid(join(option, field), problem));
        if self.url.is_empty() {
            return invalid("url", must_be::URL);
        }
        let forbidden = ["CONNECT", "TRACE", "TRACK"];
        if !is_token(&self.method)
            || forbidden
                .iter()
                .any(|name| self.method.eq_ignore_ascii_case(name))
        {
            return invalid("method", must_be::METHOD);
        }
        let bodiless = ["GET", "HEAD"];
        if self.body.is_some()
            && bodiless
                .iter()
                .any(|name| self.method.eq_ignore_ascii_case(name))
        {
            return invalid("body", "cannot be sent with GET or HEAD");
        }
        if !self
            .headers
            .iter()
            .all(|(name, value)| is_token(name) && is_header_value(value))
        {
            return invalid("headers", must_be::HEADERS);
        }
        if self
            .headers
            .iter()
            .any(|(name, _)| names_authorization(name))
        {
            return invalid("headers", "must not contain Authorization");
        }
        match &self.csrf {
            Some(csrf) => csrf.validate(&join(option, "csrf")),
            None => Ok(()),
        }
    }
}

impl Csrf {
    fn validate(&self, option: &str) -> Result<(), Error> {
        if !is_token(&self.cookie) {
            return Err(Error::invalid(join(option, "cookie"), must_be::COOKIE));
        }
        if !is_token(&self.header) || names_authorization(&self.header) {
            return Err(Error::invalid(join(option, "header"), must_be::HEADER));
        }
        Ok(())
    }
}

impl ResponseShape {
    fn validate(&self, option: &'static str) -> Result<(), Error> {
        let paths = [
            ("token", &self.token),
            ("expiresIn", &self.expires_in),
            ("expiresAt", &self.expires_at),
        ];
        for (field, path) in paths {
            if path.split('.').any(str::is_empty) {
                return Err(Error::invalid(join(option, field), must_be::PATH));
            }
        }
        Ok(())
    }
}

impl Default for ResponseShape {
    fn default() -> ResponseShape {
        ResponseShape {
            token: "access_token".to_owned(),
            expires_in: "expires_in".to_owned(),
            expires_in_unit: ExpiresInUnit::default(),
            expires_at: "expires_at".to_owned(),
        }
    }
}

/// The dotted name of an option within another.
pub(crate) fn join(option: &str, field: &str) -> Cow<'static, str> {
    Cow::Owned([option, ".", field].concat())
}

fn check_statuses(option: &'static str, statuses: &[u16]) -> Result<(), Error> {
    if statuses.iter().all(|status| (300..=599).contains(status)) {
        return Ok(());
    }
    Err(Error::invalid(option, must_be::STATUSES))
}

/// A token of RFC 9110, section 5.6.2: methods and header names; cookie names too.
fn is_token(text: &str) -> bool {
    let is_tchar = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_tchar)
}

fn names_authorization(header: &str) -> bool {
    header.eq_ignore_ascii_case("authorization")
}

fn is_header_value(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'\t' || (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: impl FnOnce(&mut Options)) -> String {
        let mut options = Options::new("/auth/refresh");
        options.logout = Some(Logout::new("/auth/logout"));
        assert_eq!(options.validate(), Ok(()));
        change(&mut options);
        match options.validate() {
            Err(Error::InvalidOption(invalid)) => invalid.option.into_owned(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn every_bad_option_is_named() {
        let csrf = |cookie: &str, header: &str| {
            Some(Csrf {
                cookie: cookie.to_owned(),
                header: header.to_owned(),
            })
        };
        let header = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(refused(|o| o.refresh.request.url.clear()), "refresh.url");
        assert_eq!(
            refused(|o| o.refresh.request.method = "TRACE".to_owned()),
            "refresh.method"
        );
        assert_eq!(
            refused(|o| o.refresh.request.method = "A B".to_owned()),
            "refresh.method"
        );
        assert_eq!(
            refused(|o| o.refresh.request.headers = header("a b", "c")),
            "refresh.headers"
        );
        assert_eq!(
            refused(|o| o.refresh.request.headers = header("a", "b\nc")),
            "refresh.headers"
        );
        assert_eq!(
            refused(|o| o.refresh.request.headers = header("AUTHORIZATION", "x")),
            "refresh.headers"
        );
        assert_eq!(
            refused(|o| o.refresh.request.csrf = csrf("", "x")),
            "refresh.csrf.cookie"
        );
        assert_eq!(
            refused(|o| o.refresh.request.csrf = csrf("x", "")),
            "refresh.csrf.header"
        );
        assert_eq!(
            refused(|o| o.refresh.request.csrf = csrf("x", "Authorization")),
            "refresh.csrf.header"
        );
        assert_eq!(
            refused(|o| o.refresh.response.token = "a..b".to_owned()),
            "refresh.response.token"
        );
        assert_eq!(
            refused(|o| o.refresh.response.expires_in.clear()),
            "refresh.response.expiresIn"
        );
        assert_eq!(refused(|o| o.refresh.timeout = 0), "refresh.timeout");
        assert_eq!(refused(|o| o.refresh.timeout = 600_001), "refresh.timeout");
        assert_eq!(refused(|o| o.refresh.ended = vec![200]), "refresh.ended");
        assert_eq!(
            refused(|o| o.logout.as_mut().unwrap().request.url.clear()),
            "logout.url"
        );
        assert_eq!(
            refused(|o| o.logout.as_mut().unwrap().confirmed = Some(vec![199])),
            "logout.confirmed"
        );
        assert_eq!(refused(|o| o.csrf = csrf("x", "a b")), "csrf.header");
        assert_eq!(refused(|o| o.csrf = csrf("x=", "a")), "csrf.cookie");
        assert_eq!(refused(|o| o.scheme = "A B".to_owned()), "scheme");
        assert_eq!(refused(|o| o.header.clear()), "header");
        assert_eq!(refused(|o| o.identity.clear()), "identity");
        assert_eq!(refused(|o| o.identity[0].clear()), "identity");
        assert_eq!(refused(|o| o.rejected = vec![401, 600]), "rejected");
        assert_eq!(
            refused(|o| o.attach_to = Some(vec!["https://a.example/".to_owned()])),
            "attachTo"
        );
        assert_eq!(refused(|o| o.name.clear()), "name");
    }

    #[test]
    fn a_body_needs_a_method_that_can_carry_it() {
        let body = Body {
            text: "{}".to_owned(),
            content_type: None,
        };
        let with_get = refused(|o| {
            o.refresh.request.method = "get".to_owned();
            o.refresh.request.body = Some(body);
        });
        assert_eq!(with_get, "refresh.body");
    }

    #[test]
    fn what_http_can_carry_is_taken() {
        let mut options = Options::new("/auth/refresh");
        let request = &mut options.refresh.request;
        request.method = "GET".to_owned();
        request.headers = vec![("X-App".to_owned(), "a b\tc~".to_owned())];
        assert_eq!(options.validate(), Ok(()));
        options.refresh.request.method = "put".to_owned();
        options.refresh.request.body = Some(Body {
            text: String::new(),
            content_type: None,
        });
        assert_eq!(options.validate(), Ok(()));
    }

    #[test]
    fn the_ends_of_every_range_are_within_it() {
        let mut options = Options::new("/auth/refresh");
        for (timeout, status, length) in [(1, 300, 1), (600_000, 599, 100)] {
            options.refresh.timeout = timeout;
            options.refresh.ended = vec![status];
            options.name = "é".repeat(length);
            assert_eq!(options.validate(), Ok(()));
        }
        assert_eq!(refused(|o| o.refresh.ended = vec![299]), "refresh.ended");
        assert_eq!(refused(|o| o.name = "é".repeat(101)), "name");
    }
}
