//! Options, held against the `http` crate: what is accepted can be sent.

use arbitrary::{Arbitrary, Unstructured};
use http::{HeaderName, HeaderValue, Method};
use tokenhold::core::{AuthRequest, Body, Csrf, Logout, Options, ResponseShape};

#[derive(Arbitrary, Debug)]
struct Input {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Option<String>,
    csrf: Option<(String, String)>,
    paths: [String; 3],
    statuses: [Vec<u16>; 2],
    timeout: u64,
    logout: bool,
    attach_to: Option<Vec<String>>,
    name: String,
}

/// A request that passes the check can be sent, and never has an `Authorization`.
pub fn options(data: &[u8]) -> bool {
    let Ok(input) = Input::arbitrary(&mut Unstructured::new(data)) else {
        return false;
    };
    let options = input.options();
    let valid = options.validate();
    match &valid {
        Ok(()) => can_be_sent(&options),
        Err(error) => assert_eq!(error.code(), "invalid-option"),
    }
    valid.is_ok()
}

fn can_be_sent(options: &Options) {
    for request in [
        Some(&options.refresh.request),
        options.logout.as_ref().map(|logout| &logout.request),
    ]
    .into_iter()
    .flatten()
    {
        let method: Method = request.method.parse().expect("a method");
        assert!(request.body.is_none() || (method != Method::GET && method != Method::HEAD));
        let csrf = request.csrf.iter().map(|csrf| (csrf.header.as_str(), ""));
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in headers.chain(csrf) {
            let name: HeaderName = name.parse().expect("a header's name");
            assert_ne!(name, http::header::AUTHORIZATION);
            HeaderValue::from_str(value).expect("a header's value");
        }
    }
    let policy = options.policy();
    assert!((1..=600_000).contains(&policy.timeout));
    assert_eq!(policy.logout.is_some(), options.logout.is_some());
    let statuses = options.refresh.ended.iter().chain(&options.rejected);
    assert!(
        statuses
            .into_iter()
            .all(|status| !(200..300).contains(status))
    );
    let ResponseShape {
        token,
        expires_in,
        expires_at,
        ..
    } = &options.refresh.response;
    for path in [token, expires_in, expires_at] {
        assert!(!path.starts_with('.') && !path.ends_with('.') && !path.contains(".."));
    }
    assert!((1..=100).contains(&options.name.chars().count()));
}

impl Input {
    /// Anything there is, in the places of the defaults; nothing there leaves the default.
    fn options(self) -> Options {
        let mut options = Options::new(self.url.clone());
        self.fill(&mut options.refresh.request);
        options.logout = self.logout.then(|| {
            let mut request = AuthRequest::post("/logout");
            self.fill(&mut request);
            Logout {
                request,
                with_token: true,
                ..Logout::new("")
            }
        });
        let shape = &mut options.refresh.response;
        for (place, path) in [
            &mut shape.token,
            &mut shape.expires_in,
            &mut shape.expires_at,
        ]
        .into_iter()
        .zip(self.paths)
        {
            if !path.is_empty() {
                *place = path;
            }
        }
        let [ended, rejected] = self.statuses;
        options.refresh.ended.extend(ended);
        options.rejected.extend(rejected);
        if self.timeout > 0 {
            options.refresh.timeout = self.timeout;
        }
        options.attach_to = self.attach_to;
        if !self.name.is_empty() {
            options.name = self.name;
        }
        options
    }

    fn fill(&self, request: &mut AuthRequest) {
        if !self.method.is_empty() {
            request.method.clone_from(&self.method);
        }
        request.headers.clone_from(&self.headers);
        request.body = self.body.clone().map(|text| Body {
            text,
            content_type: None,
        });
        request.csrf = self
            .csrf
            .clone()
            .map(|(cookie, header)| Csrf { cookie, header });
    }
}
