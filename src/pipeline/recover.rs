//! What a process that is gone left under way, taken up with as little doubt as can be.

use std::collections::HashMap;

use tracing::{info, warn};

use super::judge::Judge;
use super::queues::Waiting;
use super::tally::DeliverSummary;
use crate::domain::DeliveryId;
use crate::mail::{Mailer, SlipRecord};
use crate::store::{Ended, Progress, StoreError};

/// Letters taken up in one transaction.
const STEP: u32 = 500;

/// Takes up everything that was claimed, and has slips written that can be believed the next time; how many letters.
///
/// # Errors
/// Those of the store.
pub(in crate::pipeline) async fn recover(judge: &Judge, mailer: &Mailer) -> Result<u64, StoreError> {
    let mut taken_up = 0;
    if let Some(mut slips) = believed(judge, mailer).await? {
        taken_up += by_slips(judge, &mut slips).await?;
    }
    taken_up += judge.store.release_claims(None, judge.clock.now(), &judge.rules).await?;
    if let Some(slips) = mailer.slips() {
        let mark = slips.renew().unwrap_or_else(|fault| {
            warn!(detail = ?fault, "the slips of letters under way cannot be renewed: after a crash more letters would be doubted");
            None
        });
        judge.store.set_slips_mark(mark.unwrap_or(0)).await?;
    }
    Ok(taken_up)
}

/// The slips by delivery; none where they are not those that this database was told of, or the machine has started anew since.
async fn believed(judge: &Judge, mailer: &Mailer) -> Result<Option<HashMap<DeliveryId, SlipRecord>>, StoreError> {
    let Some(slips) = mailer.slips() else { return Ok(None) };
    if slips.mark().is_none_or(|mark| mark == 0) || slips.mark() != Some(judge.store.slips_mark().await?) {
        return Ok(None);
    }
    match slips.records() {
        Ok(records) => Ok(Some(records.into_iter().map(|record| (record.delivery, record)).collect())),
        Err(fault) => {
            warn!(detail = ?fault, "the slips of letters under way cannot be read: all of them are doubted");
            Ok(None)
        }
    }
}

/// Ends what was being sent by what its slip says: answered, without an answer, or (no slip) not sent yet.
async fn by_slips(judge: &Judge, slips: &mut HashMap<DeliveryId, SlipRecord>) -> Result<u64, StoreError> {
    let (mut taken_up, mut after, mut tally) = (0, DeliveryId(0), DeliverSummary::default());
    loop {
        let page = judge.store.under_way(after, STEP).await?;
        let Some(last) = page.last() else { break };
        after = last.delivery.id;
        taken_up += page.len() as u64;
        let mut reports = Vec::with_capacity(page.len());
        for claimed in page {
            let slip = slips.remove(&claimed.delivery.id);
            let ended = end(judge, &Waiting::of(claimed), slip, &mut tally);
            reports.push(Progress { ended: Some(ended), begin: None });
        }
        judge.store.record_progress(&reports).await?;
    }
    if tally != DeliverSummary::default() {
        let DeliverSummary { sent, retrying, failed, parked, .. } = tally;
        info!(sent, retrying, failed, parked, "letters that were under way are taken up");
    }
    Ok(taken_up)
}

fn end(judge: &Judge, letter: &Waiting, slip: Option<SlipRecord>, tally: &mut DeliverSummary) -> Ended {
    let Some(SlipRecord { answer, letter: bytes, .. }) = slip else {
        return judge.not_sent(letter, "its final dot was not sent");
    };
    let outcome = answer.unwrap_or_else(|| crate::domain::Outcome::Unknown("the process ended".to_owned()));
    judge.judge(letter, &outcome, &bytes, tally)
}
