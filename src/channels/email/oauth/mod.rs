//! OAuth 2 client: access tokens for a mailbox, from a refresh token or from a service account, cached and renewed
//! before they expire (RFC 6749, RFC 7523).

mod credentials;
mod tokens;

pub use credentials::{CredentialsError, OauthCredentials, UserCredentials};
pub use tokens::{TokenError, TokenSettings, TokenSource};
