//! The council's own keys, kept in files beside the database, never in it.
//!
//! The *master key* wraps each subject's key, so that a copy of the database
//! without the key file gives away no name. The *signing key* signs the heads
//! of the journal, so that a head kept elsewhere proves what the journal said.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::{Error, Result};

const NONCE: usize = 24;

/// The council's keys. Cheap to clone.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
    signing: SigningKey,
    folder: PathBuf,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys in {}", self.folder.display())
    }
}

impl Keys {
    /// Reads `master.key` and `signing.key` from a folder, making them on the
    /// first start. The files are readable by their owner only.
    pub fn in_folder(folder: &Path) -> Result<Keys> {
        std::fs::create_dir_all(folder).map_err(|source| Error::File {
            path: folder.display().to_string(),
            source,
        })?;
        Ok(Keys {
            master: key_file(&folder.join("master.key"))?,
            signing: SigningKey::from_bytes(&key_file(&folder.join("signing.key"))?),
            folder: folder.to_owned(),
        })
    }

    /// Where the keys are, and where the signed heads go by default.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Seals short text under the master key, bound to a place, so that it
    /// cannot be moved to another row.
    pub(crate) fn seal(&self, place: &str, text: &[u8]) -> Result<String> {
        seal(&self.master, place, text)
    }

    /// Opens what [`Keys::seal`] sealed.
    pub(crate) fn open(&self, place: &str, sealed: &str) -> Result<Vec<u8>> {
        open(&self.master, place, sealed)
    }

    /// A mark by which a text is found again, and which says nothing of it
    /// without the master key. The same text has another mark at another place.
    pub(crate) fn mark(&self, place: &str, text: &str) -> String {
        let inner = Sha256::new()
            .chain_update(self.master)
            .chain_update(place.as_bytes())
            .chain_update([0])
            .chain_update(text.as_bytes())
            .finalize();
        let outer = Sha256::new()
            .chain_update(self.master)
            .chain_update([1])
            .chain_update(inner)
            .finalize();
        BASE64.encode(outer)
    }

    /// Signs a journal head.
    pub(crate) fn sign(&self, words: &str) -> String {
        BASE64.encode(self.signing.sign(words.as_bytes()).to_bytes())
    }

    /// The public half of the signing key, to be given to whoever keeps heads.
    pub fn public(&self) -> String {
        BASE64.encode(self.signing.verifying_key().as_bytes())
    }
}

/// Whether a signature over `words` was made by the holder of `public`.
pub(crate) fn signed_by(public: &str, words: &str, signature: &str) -> bool {
    let read = |text: &str| BASE64.decode(text).ok();
    let key = read(public)
        .and_then(|b| <[u8; 32]>::try_from(b).ok())
        .and_then(|b| VerifyingKey::from_bytes(&b).ok());
    let signature = read(signature)
        .and_then(|b| <[u8; 64]>::try_from(b).ok())
        .map(|b| Signature::from_bytes(&b));
    match (key, signature) {
        (Some(key), Some(signature)) => key.verify(words.as_bytes(), &signature).is_ok(),
        _ => false,
    }
}

/// A new random key.
pub(crate) fn new_key() -> [u8; 32] {
    rand::random()
}

/// Seals text under a key. The nonce stands in front of the ciphertext.
pub(crate) fn seal(key: &[u8; 32], place: &str, text: &[u8]) -> Result<String> {
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload {
        msg: text,
        aad: place.as_bytes(),
    };
    let sealed = XChaCha20Poly1305::new(&Key::from(*key))
        .encrypt(&XNonce::from(nonce), payload)
        .map_err(|_| Error::Key("text could not be sealed".into()))?;
    let mut bytes = nonce.to_vec();
    bytes.extend_from_slice(&sealed);
    Ok(BASE64.encode(bytes))
}

/// Opens sealed text, or says that the key does not fit.
pub(crate) fn open(key: &[u8; 32], place: &str, sealed: &str) -> Result<Vec<u8>> {
    let wrong = || {
        Error::Key(format!(
            "the sealed text at {place} does not open with its key"
        ))
    };
    let bytes = BASE64.decode(sealed).map_err(|_| wrong())?;
    let (nonce, text) = bytes.split_at_checked(NONCE).ok_or_else(wrong)?;
    let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| wrong())?;
    XChaCha20Poly1305::new(&Key::from(*key))
        .decrypt(
            &XNonce::from(nonce),
            Payload {
                msg: text,
                aad: place.as_bytes(),
            },
        )
        .map_err(|_| wrong())
}

fn key_file(path: &Path) -> Result<[u8; 32]> {
    let failed = |source| Error::File {
        path: path.display().to_string(),
        source,
    };
    match std::fs::read_to_string(path) {
        Ok(text) => BASE64
            .decode(text.trim())
            .ok()
            .and_then(|b| <[u8; 32]>::try_from(b).ok())
            .ok_or_else(|| {
                Error::Key(format!(
                    "{} is not a key of 32 bytes in base64; restore it from your backup",
                    path.display()
                ))
            }),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            let key = new_key();
            write_private(path, &BASE64.encode(key)).map_err(failed)?;
            Ok(key)
        }
        Err(e) => Err(failed(e)),
    }
}

/// Writes a file that only its owner can read, and never over another.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
