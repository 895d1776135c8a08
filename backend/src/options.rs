//! The command line.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::rules::Limits;

/// tokenhold's reference backend: sign in, refresh by cookie, sign out, and a small API to call.
///
/// Durations are written as 30s, 5m, 1h 30m.
#[derive(Clone, Debug, Parser)]
#[command(version)]
pub struct Options {
    /// The port to listen on; 0 takes any that is free
    #[arg(long, default_value_t = 8080)]
    pub port: u16,

    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,

    /// The origin that browsers see, when it is not the one listened on (behind a proxy); may be given several times
    #[arg(long, value_name = "URL", value_parser = origin)]
    pub origin: Vec<String>,

    /// How long an access token lasts, in whole seconds
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = whole_seconds)]
    pub access_ttl: Duration,

    /// A session ends when its API has not been called for this long
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = humantime::parse_duration)]
    pub idle: Duration,

    /// A session ends this long after it began, used or not
    #[arg(long, value_name = "TIME", default_value = "12h", value_parser = humantime::parse_duration)]
    pub absolute: Duration,

    /// For this long, or until the answer is used, the cookie just replaced gets the same successor again; 0s is strict
    /// rotation
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    pub reuse_grace: Duration,

    /// Keep everything in this SQLite file [default: in memory]
    #[arg(long, value_name = "FILE")]
    pub db: Option<PathBuf>,

    /// Serve this folder at /
    #[arg(long, value_name = "DIR")]
    pub www: Option<PathBuf>,

    /// Serve this folder, the built npm package, at /tokenhold/
    #[arg(long, value_name = "DIR")]
    pub package: Option<PathBuf>,

    /// Speak HTTPS
    #[arg(long, value_name = "HOW")]
    pub tls: Option<Tls>,

    /// For development only: a cookie that works on plain http in Safari, and that is not safe
    #[arg(long)]
    pub insecure_cookies: bool,

    /// The demo people's password, instead of random ones (for tests)
    #[arg(long, value_name = "PASSWORD")]
    pub demo_password: Option<String>,
}

/// Where the certificate comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Tls {
    /// Made at start; browsers warn about it once
    SelfSigned,
}

impl Options {
    pub fn limits(&self) -> Limits {
        Limits {
            idle: self.idle,
            absolute: self.absolute,
            reuse_grace: self.reuse_grace,
        }
    }
}

fn whole_seconds(text: &str) -> Result<Duration, String> {
    let duration = humantime::parse_duration(text).map_err(|error| error.to_string())?;
    let centuries = Duration::from_secs(200 * 365 * 86_400);
    if duration.as_secs() == 0 || duration.subsec_nanos() != 0 || duration > centuries {
        return Err("must be whole seconds, from 1s to 200 years".into());
    }
    Ok(duration)
}

/// An origin as browsers write it (RFC 6454, section 6.1), so that it can be compared byte by byte.
fn origin(text: &str) -> Result<String, String> {
    let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
    let (default_port, host) = match text.split_once("://") {
        Some(("https", host)) => (":443", host),
        Some(("http", host)) => (":80", host),
        _ => return Err(NOT_AN_ORIGIN.into()),
    };
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) {
        return Err(NOT_AN_ORIGIN.into());
    }
    Ok(text.strip_suffix(default_port).unwrap_or(&text).to_owned())
}

const NOT_AN_ORIGIN: &str = "must be scheme, host and port alone, as in https://app.example.com";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::REUSE_GRACE;

    fn parse(arguments: &[&str]) -> Result<Options, clap::Error> {
        Options::try_parse_from([&["tokenhold-backend"], arguments].concat())
    }

    #[test]
    fn the_defaults_are_those_documented() {
        let options = parse(&[]).unwrap();
        assert_eq!(
            (options.port, options.host.to_string().as_str()),
            (8080, "127.0.0.1")
        );
        assert_eq!(options.access_ttl, Duration::from_secs(300));
        assert_eq!(options.idle, Duration::from_secs(1_800));
        assert_eq!(options.absolute, Duration::from_secs(43_200));
        assert_eq!(options.reuse_grace, REUSE_GRACE);
        assert!(options.db.is_none() && options.tls.is_none() && !options.insecure_cookies);
    }

    #[test]
    fn lifetimes_are_read_as_people_write_them() {
        let options = parse(&[
            "--access-ttl",
            "30s",
            "--idle",
            "1h 30m",
            "--reuse-grace",
            "0s",
        ])
        .unwrap();
        assert_eq!(options.access_ttl, Duration::from_secs(30));
        assert_eq!(options.limits().idle, Duration::from_secs(5_400));
        assert_eq!(options.limits().reuse_grace, Duration::ZERO);
    }

    #[test]
    fn a_token_lifetime_that_expires_in_cannot_say_is_refused() {
        for bad in ["0s", "500ms", "1500ms", "soon"] {
            assert!(parse(&["--access-ttl", bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_brought_to_the_form_that_browsers_send() {
        for (given, sent) in [
            ("https://App.example.com/", "https://app.example.com"),
            ("https://a.example:443", "https://a.example"),
            ("http://a.example:443", "http://a.example:443"),
            ("http://localhost:3000", "http://localhost:3000"),
        ] {
            assert_eq!(parse(&["--origin", given]).unwrap().origin, [sent]);
        }
        for bad in [
            "app.example.com",
            "https://",
            "https://a.example/x",
            "https://u@a.example",
            "ftp://a.example",
        ] {
            assert!(parse(&["--origin", bad]).is_err(), "{bad}");
        }
    }
}
