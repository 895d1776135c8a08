use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};

use crate::cookie::Cookie;

/// How the session's cookie is written and read (RFC 6265bis). It has no lifetime of its own: the server knows when
/// the session ends, and the browser forgets the cookie when it is closed.
pub struct SessionCookie {
    name: &'static str,
    attributes: &'static str,
}

impl SessionCookie {
    /// `__Host-Http-` makes browsers insist on `Secure`, on `Path=/`, on the very host that set it, and on `HttpOnly`.
    /// WebKit insists on none of them.
    pub fn new(insecure: bool) -> Self {
        if insecure {
            Self {
                name: "session",
                attributes: "HttpOnly; SameSite=Strict; Path=/",
            }
        } else {
            Self {
                name: "__Host-Http-session",
                attributes: "HttpOnly; Secure; SameSite=Strict; Path=/",
            }
        }
    }

    /// The `Set-Cookie` that hands the browser its cookie.
    pub fn set(&self, cookie: &Cookie) -> HeaderValue {
        sensitive(format!(
            "{}={}; {}",
            self.name,
            cookie.encode(),
            self.attributes
        ))
    }

    /// The `Set-Cookie` that makes the browser forget it.
    pub fn clear(&self) -> HeaderValue {
        sensitive(format!("{}=; Max-Age=0; {}", self.name, self.attributes))
    }

    /// The cookie that came with a request, if there is one and it can be ours: of several, the newest, which browsers
    /// send last (RFC 6265, section 5.4). A browser has several after the cookie has become `Partitioned`.
    pub fn read(&self, headers: &HeaderMap) -> Option<Cookie> {
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(|header| header.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| *name == self.name)
            .filter_map(|(_, value)| Cookie::decode(value))
            .next_back()
    }
}

fn sensitive(header: String) -> HeaderValue {
    let mut value =
        HeaderValue::try_from(header).expect("names, attributes and base64url are visible ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[String]) -> HeaderMap {
        values
            .iter()
            .map(|value| (COOKIE, HeaderValue::try_from(value).unwrap()))
            .collect()
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let (kind, cookie) = (SessionCookie::new(false), Cookie::random());
        let pair = format!("__Host-Http-session={}", cookie.encode());
        let together = format!("theme=dark; {pair}; lang=en");
        for values in [vec![pair.clone()], vec![together], vec!["a=b".into(), pair]] {
            let read = kind.read(&headers(&values));
            assert!(read.is_some_and(|read| read == cookie), "{values:?}");
        }
    }

    #[test]
    fn of_several_cookies_the_newest_counts() {
        let (kind, old, new) = (
            SessionCookie::new(false),
            Cookie::random(),
            Cookie::random(),
        );
        let pair = |cookie: &Cookie| format!("__Host-Http-session={}", cookie.encode());
        let (old, last) = (pair(&old), pair(&new));
        let broken = "__Host-Http-session=short".to_owned();
        for values in [
            vec![format!("{old}; {last}")],
            vec![old, last.clone()],
            vec![last, broken],
        ] {
            let read = kind.read(&headers(&values));
            assert!(read.is_some_and(|read| read == new), "{values:?}");
        }
    }

    #[test]
    fn another_name_or_a_value_we_never_made_is_no_cookie() {
        let (kind, cookie) = (SessionCookie::new(false), Cookie::random());
        let plain = format!("session={}", cookie.encode());
        for header in [
            plain.as_str(),
            "__Host-Http-session=",
            "__Host-Http-session=short",
            "__Host-Http-session",
            "",
        ] {
            assert!(
                kind.read(&headers(&[header.into()])).is_none(),
                "{header:?}"
            );
        }
    }

    #[test]
    fn the_development_switch_drops_the_flag_and_the_prefix_and_nothing_else() {
        let cookie = Cookie::random();
        let set = SessionCookie::new(true).set(&cookie);
        assert_eq!(
            set.to_str().unwrap(),
            format!(
                "session={}; HttpOnly; SameSite=Strict; Path=/",
                cookie.encode()
            )
        );
    }
}
