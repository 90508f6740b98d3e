//! Signs letters (DKIM, RFC 6376; Ed25519 by RFC 8463): the finished bytes, so that nothing is signed but what goes out.

mod canon;
mod key;
mod sign;

pub(in crate::mail) use sign::DkimSigner;
