//! TLS proxy before PostgreSQL: it answers SSLRequest (PostgreSQL manual, "SSL Session Encryption") and terminates TLS,
//! since the embedded server has none. It forwards unencrypted connections unchanged.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Length 8, then the SSLRequest code.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A certificate authority for one test.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        Self { issuer }
    }

    /// Writes the root certificate for a client to trust.
    pub fn write_root(&self, folder: &Path) -> PathBuf {
        let path = folder.join("root certificate.pem");
        std::fs::write(&path, self.issuer.pem()).unwrap();
        path
    }

    /// A server's certificate and key.
    fn issue(&self, host: &str) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([host.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// Writes a server's key and certificate into one file, in PEM.
    pub fn write_server(&self, folder: &Path, host: &str) -> PathBuf {
        let (certificate, key) = self.issue(host);
        let path = folder.join("server.pem");
        std::fs::write(&path, key.serialize_pem() + &certificate.pem() + &self.issuer.pem()).unwrap();
        path
    }

    /// The settings of a server with such a certificate.
    pub fn server(&self, host: &str) -> ServerConfig {
        let (certificate, key) = self.issue(host);
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap()
    }
}

pub struct TlsProxy {
    pub port: u16,
    encrypted: Arc<AtomicUsize>,
}

impl TlsProxy {
    /// Listens on 127.0.0.1 as `host`, and forwards to the server at `upstream`.
    pub async fn start(authority: &Authority, host: &str, upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(Arc::new(authority.server(host)));
        let encrypted = Arc::new(AtomicUsize::new(0));
        let proxy = Self { port, encrypted: Arc::clone(&encrypted) };
        #[expect(clippy::disallowed_methods, reason = "ends with the runtime of its test")]
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let session = serve(client, upstream, acceptor.clone(), Arc::clone(&encrypted));
                tokio::spawn(session);
            }
        });
        proxy
    }

    /// The number of sessions that were encrypted and accepted by their client.
    pub fn encrypted(&self) -> usize {
        self.encrypted.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut client: TcpStream,
    upstream: u16,
    acceptor: TlsAcceptor,
    encrypted: Arc<AtomicUsize>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(("127.0.0.1", upstream)).await?;
    let mut start = [0; 8];
    client.read_exact(&mut start).await?;
    if start != SSL_REQUEST {
        server.write_all(&start).await?;
        copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    client.write_all(b"S").await?;
    let mut client = acceptor.accept(client).await?;
    encrypted.fetch_add(1, Ordering::SeqCst);
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
