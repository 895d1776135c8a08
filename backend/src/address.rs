//! The address of the server, as a browser would write it.

use std::net::{IpAddr, SocketAddr};

/// The address that the server listens on, and its scheme.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    socket: SocketAddr,
    tls: bool,
}

impl Address {
    pub fn new(socket: SocketAddr, tls: bool) -> Self {
        Self { socket, tls }
    }

    /// The origin to open in a browser on this machine.
    pub fn url(&self) -> String {
        match self.socket.ip() {
            ip if ip.is_loopback() || ip.is_unspecified() => self.origin("localhost"),
            ip => self.origin(&bracketed(ip)),
        }
    }

    /// Every origin that a page of this server can have: the names of the machine itself, and the address if it is
    /// another.
    pub fn origins(&self) -> Vec<String> {
        let mut origins = ["localhost", "127.0.0.1", "[::1]"]
            .map(|host| self.origin(host))
            .to_vec();
        origins.push(self.url());
        origins.dedup();
        origins
    }

    /// Browsers leave out the port that the scheme has anyway.
    fn origin(&self, host: &str) -> String {
        match (self.tls, self.socket.port()) {
            (true, 443) => format!("https://{host}"),
            (false, 80) => format!("http://{host}"),
            (true, port) => format!("https://{host}:{port}"),
            (false, port) => format!("http://{host}:{port}"),
        }
    }
}

fn bracketed(ip: IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(socket: &str, tls: bool) -> Address {
        Address::new(socket.parse().unwrap(), tls)
    }

    #[test]
    fn a_browser_on_this_machine_opens_localhost() {
        assert_eq!(
            address("127.0.0.1:8080", false).url(),
            "http://localhost:8080"
        );
        assert_eq!(
            address("0.0.0.0:8443", true).url(),
            "https://localhost:8443"
        );
        assert_eq!(address("[::1]:443", true).url(), "https://localhost");
        assert_eq!(address("127.0.0.1:80", false).url(), "http://localhost");
    }

    #[test]
    fn an_address_of_its_own_is_an_origin_too() {
        assert_eq!(
            address("[fd00::7]:8080", false).url(),
            "http://[fd00::7]:8080"
        );
        let origins = address("192.0.2.7:8080", false).origins();
        assert!(origins.contains(&"http://192.0.2.7:8080".into()));
        assert!(origins.contains(&"http://127.0.0.1:8080".into()));
    }
}
