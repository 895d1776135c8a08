//! Exact web origins: scheme, host and port, nothing less (RFC 6454).

/// An origin in the one form that browsers serialise it to, so that comparing text is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

/// The problem with anything else.
const PROBLEM: &str = "must be exact origins such as https://api.example.com or http://localhost:8080: \
    a host's name in lower-case ASCII, without a path, without the default port";

impl Origin {
    /// Takes an `http` or `https` origin such as `https://api.example.com` or
    /// `http://localhost:8080`, in canonical form: lower case, no default port, no path, no
    /// user, international names in Punycode, IPv4 addresses as four numbers, none of IPv6. The
    /// `Err` says what it must be.
    pub fn parse(text: &str) -> Result<Origin, &'static str> {
        if is_canonical(text) {
            Ok(Origin(text.to_owned()))
        } else {
            Err(PROBLEM)
        }
    }

    /// The origin's serialisation.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_canonical(origin: &str) -> bool {
    let (default_port, authority) = match origin.strip_prefix("https://") {
        Some(rest) => (443, rest),
        None => match origin.strip_prefix("http://") {
            Some(rest) => (80, rest),
            None => return false,
        },
    };
    match authority.split_once(':') {
        Some((host, port)) => is_host(host) && is_port(port, default_port),
        None => is_host(authority),
    }
}

fn is_port(port: &str, default: u64) -> bool {
    number(port).is_some_and(|port| (1..=65_535).contains(&port) && port != default)
}

fn is_host(host: &str) -> bool {
    let is_sound = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
    };
    let (mut labels, mut numbers, mut last) = (0, 0, "");
    for label in host.split('.') {
        if !(1..=63).contains(&label.len()) || !label.bytes().all(is_sound) {
            return false;
        }
        labels += 1;
        numbers += usize::from(number(label).is_some_and(|part| part <= 255));
        last = label;
    }
    // By its last label, a browser tells an IPv4 address from a name.
    let is_address = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    host.len() <= 253 && (!is_address || (labels, numbers) == (4, 4))
}

/// A whole number as browsers write it.
fn number(text: &str) -> Option<u64> {
    let is_canonical = text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() == 1 || !text.starts_with('0'));
    text.parse().ok().filter(|_| is_canonical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_origins_are_taken() {
        for good in [
            "https://api.example.com",
            "http://localhost:8080",
            "https://127.0.0.1:8443",
            "https://xn--bcher-kva.example",
            "http://a_b.example:443",
        ] {
            assert_eq!(Origin::parse(good).unwrap().as_str(), good);
        }
    }

    #[test]
    fn confinement_everything_else_is_refused() {
        for bad in [
            "",
            "*",
            "null",
            "api.example.com",
            "//api.example.com",
            "ftp://api.example.com",
            "https://",
            "https://api.example.com/",
            "https://api.example.com/v1",
            "https://api.example.com?x",
            "https://api.example.com#x",
            "https://user@api.example.com",
            "https://api.example.com@evil.example",
            "https://api.example.com\\evil.example",
            "https://API.example.com",
            "https://bücher.example",
            "https://*.example.com",
            "https://api.example.com:443",
            "http://api.example.com:80",
            "https://api.example.com:",
            "https://api.example.com:0443",
            "https://api.example.com:65536",
            "https://api.example.com:+1",
            "https://api.example.com.",
            "https://api..example.com",
            "https://0x7f.1",
            "https://127.1",
            "https://2130706433",
            "https://127.0.0.01",
            "https://[::1]",
            " https://api.example.com",
            "https://api.example.com ",
            "https://api.exa\tmple.com",
        ] {
            assert!(Origin::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn hosts_are_as_long_as_dns_has_them() {
        let label = "a".repeat(63);
        let host = [label.as_str(); 4].join(".");
        assert!(Origin::parse(&format!("https://{label}.example")).is_ok());
        assert!(Origin::parse(&format!("https://a{label}.example")).is_err());
        assert!(Origin::parse(&format!("https://{}", &host[..253])).is_ok());
        assert!(Origin::parse(&format!("https://{}", &host[..254])).is_err());
    }

    #[test]
    fn ports_and_addresses_are_within_their_ranges() {
        let is_taken = |place: &str| Origin::parse(&["http://", place].concat()).is_ok();
        for good in ["a:1", "a:65535", "a:443", "0.0.0.0", "255.255.255.255:81"] {
            assert!(is_taken(good), "{good}");
        }
        for bad in ["a:0", "a:65536", "a:081", "a:+81", "a:", "a:80", "a:8x"] {
            assert!(!is_taken(bad), "{bad}");
        }
        for bad in [
            "256.1.1.1",
            "1.1.1.256",
            "1.1.1.01",
            "1.1.1",
            "a.1.1.1",
            "1.1.1.1.1",
            "a.0x1",
        ] {
            assert!(!is_taken(bad), "{bad}");
        }
    }
}
