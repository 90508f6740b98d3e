//! Takes the postings that are sent to us, one parcel after the other: what is answered as taken is kept.

use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::build::App;
use super::count::{counted, ingest_items};
use crate::pipeline::{IngestSummary, TakeError};
use crate::web::{NotTaken, Parcel, Taken};

/// Takes parcels until the stop; `taken` is called after each that brought something new.
pub(super) async fn intake_loop(app: App, mut parcels: Receiver<Parcel>, taken: impl Fn(), stop: CancellationToken) {
    loop {
        let parcel = tokio::select! {
            () = stop.cancelled() => return,
            parcel = parcels.recv() => parcel,
        };
        let Some(parcel) = parcel else { return };
        let answer = take(&app, &parcel).await;
        if answer.as_ref().is_ok_and(|taken| taken.new > 0) {
            taken();
        }
        // A sender that has gone away sends again; what is known already is not new then.
        let _ = parcel.reply.send(answer);
    }
}

async fn take(app: &App, parcel: &Parcel) -> Result<Taken, NotTaken> {
    let found = app.sources.iter().map(|scheduled| &scheduled.source).find(|source| source.name() == parcel.source);
    let Some(source) = found.filter(|source| source.admits(&parcel.token)) else {
        warn!(source = ?parcel.source, "postings of a stranger refused");
        return Err(NotTaken::Stranger);
    };
    match counted(app, "ingest", app.ingest.take(source, &parcel.body), ingest_items).await {
        Ok(IngestSummary { bad, faults, kept, .. }) => {
            let (new, twins, changed, relisted, closed) = (kept.new, kept.twins, kept.changed, kept.relisted, kept.closed);
            Ok(Taken { new, twins, changed, relisted, closed, bad, faults })
        }
        Err(TakeError::Read(fault)) => Err(NotTaken::Unreadable(fault.to_string())),
        Err(TakeError::Store(fault)) => {
            error!(source = source.name(), detail = ?fault, "postings that were sent cannot be kept");
            Err(NotTaken::NotNow)
        }
    }
}
