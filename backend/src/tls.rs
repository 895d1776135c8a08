//! A certificate for a machine that has none.

use std::error::Error;
use std::net::IpAddr;
use std::sync::Arc;

use axum_server::tls_rustls::RustlsConfig;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;

/// A certificate made on the spot for this machine's own names. It is kept nowhere, so browsers warn after each start.
///
/// # Errors
///
/// If the certificate cannot be made or used, for which no cause is known.
pub fn self_signed(host: IpAddr) -> Result<RustlsConfig, Box<dyn Error>> {
    let mut names = ["localhost", "127.0.0.1", "::1"]
        .map(str::to_owned)
        .to_vec();
    names.push(host.to_string());
    names.dedup();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)?;
    let key = PrivateKeyDer::try_from(signing_key.serialize_der())?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
