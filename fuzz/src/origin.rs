//! `attachTo`, held against the URL Standard.

use tokenhold::core::Origin;
use url::Url;

/// The first line is an option, each of the others is where a request goes.
///
/// An accepted text is either an origin just as browsers write it, or matches no request at all.
pub fn origin(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let (option, requests) = text.split_once('\n').unwrap_or((text, ""));
    let accepted = Origin::parse(option);
    match (&accepted, Url::parse(option)) {
        (Ok(origin), Ok(url)) => is_that_of(origin, &url),
        (Ok(origin), Err(error)) => {
            assert!(is_unusual(option), "{option:?} is no URL: {error}");
            assert_eq!(origin.as_str(), option);
        }
        (Err(problem), Ok(url)) => {
            let is_origin = url.origin().ascii_serialization() == option;
            let refused_on_purpose = is_unusual(option) || !is_web(&url);
            assert!(!is_origin || refused_on_purpose, "{option:?} {problem}");
        }
        (Err(_), Err(_)) => {}
    }
    let Ok(origin) = accepted else {
        return false;
    };
    for url in requests.lines().filter_map(|line| Url::parse(line).ok()) {
        if url.origin().ascii_serialization() == origin.as_str() {
            assert_eq!(place(&url), place(&Url::parse(option).unwrap()));
        }
    }
    true
}

fn is_that_of(origin: &Origin, url: &Url) {
    assert_eq!(url.origin().ascii_serialization(), origin.as_str());
    assert!(is_web(url));
    assert_eq!((url.username(), url.password()), ("", None));
    assert_eq!((url.path(), url.query(), url.fragment()), ("/", None, None));
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Scheme, host and port: what an origin is (RFC 6454, section 4).
fn place(url: &Url) -> (&str, Option<&str>, Option<u16>) {
    (url.scheme(), url.host_str(), url.port_or_known_default())
}

/// Origins that browsers have a form for and `attachTo` does not take, or the other way round:
/// IPv6, hosts with characters beyond letters, digits, `-` and `_`, or too long for DNS, labels
/// in what only looks like Punycode, a last label that begins like a hexadecimal number, and port 0,
/// to which no browser sends anything.
fn is_unusual(option: &str) -> bool {
    let host = option.split_once("://").map_or("", |(_, rest)| rest);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    option.ends_with(":0")
        || host.starts_with('[')
        || !host.bytes().all(is_plain)
        || host.ends_with('.')
        || host.len() > 253
        || host
            .rsplit('.')
            .next()
            .is_some_and(|label| label.starts_with("0x"))
        || host
            .split('.')
            .any(|label| label.is_empty() || label.len() > 63 || label.starts_with("xn--"))
}
