//! Looks: written before anything is shown, many in one commit.
//!
//! A record view must be durable before the response leaves. One commit for
//! each would queue a whole council behind the disk; so views that arrive
//! together are committed together, and each waits for that commit.

use tokio::sync::{mpsc, oneshot};

use crate::journal::Event;
use crate::store::WeakStore;
use crate::tx::Actor;
use crate::{Error, Result};

/// How many looks share one commit at most.
const TOGETHER: usize = 256;

struct Waiting {
    actor: Actor,
    event: Event,
    done: oneshot::Sender<std::result::Result<(), String>>,
}

pub(crate) struct Incoming(mpsc::Receiver<Waiting>);

/// The way in for looks.
#[derive(Debug, Clone)]
pub(crate) struct Looks(mpsc::Sender<Waiting>);

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a look by {}", self.actor.who)
    }
}

impl Looks {
    pub(crate) fn channel() -> (Looks, Incoming) {
        let (send, receive) = mpsc::channel(4096);
        (Looks(send), Incoming(receive))
    }

    /// Records a look and returns when it is on disk. If it cannot be
    /// recorded, the look fails and nothing may be shown.
    pub(crate) async fn record(&self, actor: Actor, event: Event) -> Result<()> {
        let lost = || Error::LookNotRecorded("the recorder has stopped".into());
        let (done, wait) = oneshot::channel();
        self.0
            .send(Waiting { actor, event, done })
            .await
            .map_err(|_| lost())?;
        wait.await
            .map_err(|_| lost())?
            .map_err(Error::LookNotRecorded)
    }
}

/// Takes looks as they come, for as long as the store is open.
pub(crate) fn record_in_background(store: WeakStore, mut incoming: Incoming) {
    tokio::spawn(async move {
        let mut batch = Vec::with_capacity(TOGETHER);
        while incoming.0.recv_many(&mut batch, TOGETHER).await > 0 {
            let together: Vec<Waiting> = std::mem::take(&mut batch);
            let outcome = write(&store, &together).await.map_err(|e| e.to_string());
            if let Err(cause) = &outcome {
                tracing::error!(looks = together.len(), cause, "looks were not recorded");
            }
            for waiting in together {
                // A viewer who has gone away no longer waits for the answer.
                if waiting.done.send(outcome.clone()).is_err() {
                    tracing::debug!("a look was recorded for a viewer who left");
                }
            }
        }
    });
}

async fn write(store: &WeakStore, together: &[Waiting]) -> Result<()> {
    let store = store
        .upgrade()
        .ok_or_else(|| Error::LookNotRecorded("the record is closed".into()))?;
    let mut tx = store.begin(&Actor::system("looks")).await?;
    for waiting in together {
        tx.append(&waiting.actor, waiting.event.clone()).await?;
    }
    tx.commit().await
}
