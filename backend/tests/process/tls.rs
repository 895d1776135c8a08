use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme, StreamOwned,
};

use crate::backend::{Answer, Backend, exchange, request};

fn over_tls(backend: &Backend, request: &str) -> Answer {
    let provider = Arc::new(ring::default_provider());
    let whoever = Arc::new(Whoever(provider.signature_verification_algorithms));
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(whoever)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    exchange(StreamOwned::new(connection, backend.connect()), request)
}

/// Accepts the certificate made at start, as a person clicks the browser's warning away.
#[derive(Debug)]
struct Whoever(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}

#[test]
fn it_speaks_tls_and_knows_its_own_origin() {
    let backend = Backend::start(&["--tls", "self-signed", "--demo-password", "secret"]);
    assert!(backend.url.starts_with("https://localhost:"));
    let body = r#"{"username":"alice","password":"secret"}"#;
    let login = request(
        "POST /auth/login",
        &["Content-Type: application/json"],
        body,
    );
    let signed_in = over_tls(&backend, &login);
    assert_eq!(signed_in.status, 200);

    let cookie = format!("Cookie: {}", signed_in.cookie());
    let refresh = |origin: &str| {
        let head = [
            &cookie,
            &format!("Origin: {origin}"),
            "X-Requested-With: tokenhold",
        ];
        over_tls(&backend, &request("POST /auth/refresh", &head, "")).status
    };
    assert_eq!(refresh(&backend.url.replace("https", "http")), 403);
    assert_eq!(refresh(&backend.url), 200);
}
