//! Exact web origins: scheme, host and port, nothing less (RFC 6454).

/// An origin in the one form that browsers serialise it to, so that comparing text is enough.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin(String);

impl Origin {
    /// Takes an `http` or `https` origin such as `https://api.example.com` or
    /// `http://localhost:8080`, in canonical form: lower case, no default port, no path, no
    /// user, international names in Punycode. The `Err` says what is wrong.
    pub fn parse(text: &str) -> Result<Origin, &'static str> {
        let (default_port, rest) = if let Some(rest) = text.strip_prefix("https://") {
            (443, rest)
        } else if let Some(rest) = text.strip_prefix("http://") {
            (80, rest)
        } else {
            return Err("must begin with https:// or http://");
        };
        let (host, port) = split_port(rest)?;
        if let Some(port) = port {
            check_port(port, default_port)?;
        }
        check_host(host)?;
        Ok(Origin(text.to_owned()))
    }

    /// The origin's serialisation.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn split_port(authority: &str) -> Result<(&str, Option<&str>), &'static str> {
    if authority.starts_with('[') {
        return Err("an IPv6 address cannot be used; give it a name");
    }
    match authority.split_once(':') {
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((authority, None)),
    }
}

fn check_port(port: &str, default: u16) -> Result<(), &'static str> {
    let digits = port.bytes().all(|byte| byte.is_ascii_digit()) && !port.starts_with('0');
    match port.parse::<u16>() {
        Ok(number) if digits && number != default => Ok(()),
        Ok(_) if digits => Err("leave out the default port"),
        _ => Err("the port is no port"),
    }
}

fn check_host(host: &str) -> Result<(), &'static str> {
    let label_is_sound = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte)
            })
    };
    if host.len() > 253 || !host.split('.').all(label_is_sound) {
        return Err(
            "must be scheme://host or scheme://host:port in lower-case ASCII, without a path",
        );
    }
    let last = host.rsplit('.').next().unwrap_or_default();
    let looks_like_a_number =
        last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    if looks_like_a_number && !is_ipv4(host) {
        return Err("is not an IPv4 address in its usual form");
    }
    Ok(())
}

fn is_ipv4(host: &str) -> bool {
    let canonical =
        |part: &str| part.parse::<u8>().is_ok() && (part == "0" || !part.starts_with('0'));
    host.split('.').count() == 4 && host.split('.').all(canonical)
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
}
