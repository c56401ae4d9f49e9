//! A file on its way in, as a reader: pieces go from the network to a thread
//! of their own, so that a file is never whole in memory or on disk.

use std::io::{self, Read};

use axum::body::Bytes;
use axum::extract::multipart::Field;
use tokio::sync::mpsc::{Receiver, channel};

/// The pieces of a file as a reader.
pub(super) struct Arriving {
    pieces: Receiver<Result<Bytes, String>>,
    piece: Bytes,
}

impl Read for Arriving {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.pieces.blocking_recv() {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => return Err(io::Error::other(error)),
                None => return Ok(0),
            }
        }
        let count = self.piece.len().min(to.len());
        to[..count].copy_from_slice(&self.piece.split_to(count));
        Ok(count)
    }
}

/// Hands a file to `work` while it arrives. What `work` did not want to read
/// is passed over, so that the browser can finish sending and hear the answer.
///
/// # Errors
/// `work` ended by a fault of the program.
pub(super) async fn with<T: Send + 'static>(
    field: &mut Field<'_>,
    work: impl FnOnce(Arriving) -> T + Send + 'static,
) -> Result<T, String> {
    let (send, pieces) = channel(8);
    let working = tokio::task::spawn_blocking(move || {
        work(Arriving {
            pieces,
            piece: Bytes::new(),
        })
    });
    let mut wanted = true;
    loop {
        let piece = match field.chunk().await {
            Ok(Some(piece)) => Ok(piece),
            Ok(None) => break,
            Err(error) => Err(format!("the file did not arrive whole: {error}")),
        };
        let ended = piece.is_err();
        if wanted {
            wanted = send.send(piece).await.is_ok();
        }
        if ended {
            break;
        }
    }
    drop(send);
    working.await.map_err(|error| error.to_string())
}

/// A whole field in memory, if it has no more than so many bytes.
///
/// # Errors
/// It did not arrive whole.
pub(super) async fn whole(field: &mut Field<'_>, most: usize) -> Result<Option<Vec<u8>>, String> {
    let (mut all, mut fits) = (Vec::new(), true);
    loop {
        match field.chunk().await {
            Ok(Some(piece)) => {
                fits &= all.len() + piece.len() <= most;
                if fits {
                    all.extend_from_slice(&piece);
                }
            }
            Ok(None) => return Ok(fits.then_some(all)),
            Err(error) => return Err(format!("the file did not arrive whole: {error}")),
        }
    }
}
