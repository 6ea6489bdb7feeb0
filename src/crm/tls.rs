//! TLS to PostgreSQL with libpq's meaning of `sslmode`: what is verified is exactly what the mode promises.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use thiserror::Error;

/// How a connection is encrypted and what is checked (PostgreSQL manual, "SSL Support", table 32.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    Disable,
    /// Encrypted where the server offers it; nothing is checked. libpq's default, and ours.
    Prefer,
    /// Encrypted; the chain is checked only where a root certificate is given.
    Require,
    /// Encrypted; chain and host name are checked.
    VerifyFull,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsConfig {
    pub mode: Option<SslMode>,
    /// PEM file with the trusted roots instead of the system's; `system` means the system's.
    pub root_cert: Option<PathBuf>,
}

#[derive(Debug, Error)]
pub enum TlsError {
    #[error("could not read root certificates from {path}: {reason}")]
    RootCert { path: PathBuf, reason: String },
    #[error("the system has no usable root certificates: name a file in POSTGRES_SSLROOTCERT")]
    NoSystemRoots,
    #[error("could not set up TLS")]
    Setup(#[from] rustls::Error),
}

impl SslMode {
    pub const EXPECTS: &str = "disable, prefer, require or verify-full";
}

impl FromStr for SslMode {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "disable" => Ok(Self::Disable),
            "prefer" => Ok(Self::Prefer),
            "require" => Ok(Self::Require),
            "verify-full" => Ok(Self::VerifyFull),
            _ => Err(()),
        }
    }
}

impl fmt::Display for SslMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disable => "disable",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyFull => "verify-full",
        })
    }
}

/// The client side of TLS for `tls`; `None` when nothing is to be encrypted.
pub(super) fn client_config(tls: &TlsConfig) -> Result<Option<ClientConfig>, TlsError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let given_root = tls.root_cert.as_deref().filter(|path| *path != Path::new("system"));
    let check = match (tls.mode.unwrap_or(SslMode::Prefer), given_root) {
        (SslMode::Disable, _) => return Ok(None),
        (SslMode::Prefer, _) | (SslMode::Require, None) => CertificateCheck::Nothing,
        (SslMode::Require, Some(path)) => CertificateCheck::Chain(verifier(roots_from(path)?, &provider)?),
        (SslMode::VerifyFull, Some(path)) => {
            CertificateCheck::ChainAndName(verifier(roots_from(path)?, &provider)?)
        }
        (SslMode::VerifyFull, None) => CertificateCheck::ChainAndName(verifier(system_roots()?, &provider)?),
    };
    let trust = Trust { provider: Arc::clone(&provider), check };
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    Ok(Some(config))
}

fn verifier(
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, TlsError> {
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| TlsError::Setup(rustls::Error::General(error.to_string())))
}

fn roots_from(path: &Path) -> Result<RootCertStore, TlsError> {
    let failed = |reason: String| TlsError::RootCert { path: path.to_owned(), reason };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| failed(error.to_string()))? {
        let certificate = certificate.map_err(|error| failed(error.to_string()))?;
        roots.add(certificate).map_err(|error| failed(error.to_string()))?;
    }
    if roots.is_empty() { Err(failed("it holds no certificate".into())) } else { Ok(roots) }
}

fn system_roots() -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(TlsError::NoSystemRoots) } else { Ok(roots) }
}

/// Whom the client believes. Handshake signatures are always checked.
#[derive(Debug)]
struct Trust {
    provider: Arc<CryptoProvider>,
    check: CertificateCheck,
}

#[derive(Debug)]
enum CertificateCheck {
    Nothing,
    Chain(Arc<WebPkiServerVerifier>),
    ChainAndName(Arc<WebPkiServerVerifier>),
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let check = |verifier: &WebPkiServerVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        match &self.check {
            CertificateCheck::Nothing => Ok(ServerCertVerified::assertion()),
            // The verifier checks the chain first: a name that does not match means that the chain did.
            CertificateCheck::Chain(verifier) => match check(verifier) {
                // The chain is checked first: a name that does not match means that the chain does.
                Err(error) if is_name_mismatch(&error) => Ok(ServerCertVerified::assertion()),
                checked => checked,
            },
            CertificateCheck::ChainAndName(verifier) => check(verifier),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn is_name_mismatch(error: &rustls::Error) -> bool {
    use CertificateError::{NotValidForName, NotValidForNameContext};
    matches!(error, rustls::Error::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }))
}
