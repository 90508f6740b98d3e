//! Letters that are written and signed already: begun, handed over and recorded as sent, as the service does it.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rolecall::app::App;
use rolecall::clock::Clock;
use rolecall::domain::{DeliveryEvent, DeliveryId, DeliveryState, Outcome};
use rolecall::mail::{Lane, Parcel};
use rolecall::pipeline::Prepared;
use rolecall::store::{Ended, Progress, Store};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::house::{cpu_time, house};

type Work = Arc<Mutex<VecDeque<(DeliveryId, Parcel)>>>;
type Reports = mpsc::Sender<(Progress, oneshot::Sender<bool>)>;

/// How long so many letters take, what one weighs on average, and the time on processors to write and sign them before.
pub struct Ready {
    pub took: Duration,
    pub size: usize,
    pub cpu_writing: Duration,
}

/// Writes and signs letters, then hands them over.
pub async fn ready(port: u16, letters: usize, sessions: u16) -> Ready {
    let (_folder, app) = house(port, letters, sessions).await;
    app.alert.run().await.expect("alerts are decided");
    let cpu = cpu_time();
    let parcels = written(&app).await;
    let cpu_writing = cpu_time().saturating_sub(cpu);
    assert_eq!(parcels.len(), letters);
    let size = parcels.iter().map(|(_, parcel)| parcel.bytes().len()).sum::<usize>() / letters;
    let work = Arc::new(Mutex::new(parcels));
    let (reports, inbox) = mpsc::channel(64);
    let begun = Instant::now();
    tokio::spawn(commit(app.store.clone(), inbox));
    let mut workers = JoinSet::new();
    for number in 0..usize::from(sessions) {
        let lane = app.deliver.mailer.noting_lane(number).expect("a slip");
        workers.spawn(send(lane, Arc::clone(&work), reports.clone()));
    }
    drop(reports);
    let sent: usize = workers.join_all().await.into_iter().sum();
    let took = begun.elapsed();
    assert_eq!(sent, letters, "every letter is sent");
    let left = app.store.status(app.clock.now()).await.expect("the store answers");
    assert_eq!(left.delivered, letters as u64, "every letter is recorded as sent");
    app.store.close().await;
    Ready { took, size, cpu_writing }
}

async fn written(app: &App) -> VecDeque<(DeliveryId, Parcel)> {
    let (lane, mut parcels) = (app.deliver.mailer.lane(), VecDeque::new());
    loop {
        let now = app.clock.now();
        let claimed = app.store.claim(now, now + chrono::Duration::minutes(30), 1_000).await.expect("letters are claimed");
        if claimed.is_empty() {
            return parcels;
        }
        for one in claimed {
            let Prepared::Letter(message) = app.deliver.desk.prepare(&one, now).await.expect("a letter is written") else {
                panic!("every letter is to be sent")
            };
            parcels.push_back((one.delivery.id, lane.pack(message).expect("it is signed")));
        }
    }
}

async fn send(mut lane: Lane, work: Work, reports: Reports) -> usize {
    let take = || work.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let (mut sent, mut before, mut next) = (0, None, take());
    assert!(record(&reports, None, next.as_ref().map(|(id, _)| *id)).await, "nobody leaves meanwhile");
    while let Some((id, parcel)) = next.take() {
        next = take();
        let (following, behind) = (next.as_ref().map(|(id, _)| *id), next.as_ref().map(|(_, parcel)| parcel));
        // The next one begins while this one is on its way.
        let (outcome, began) = tokio::join!(lane.hand_over_before(&parcel, behind), record(&reports, before.take(), following));
        assert!(began, "nobody leaves meanwhile");
        let Outcome::Accepted(detail) = outcome else { panic!("{outcome:?}") };
        sent += 1;
        before = Some(Ended {
            delivery: id,
            from: DeliveryState::Sending,
            event: DeliveryEvent::Accepted,
            again_at: None,
            counts: true,
            tried: true,
            detail,
            letter: None,
            charge: None,
            receiver: "other",
            at: Clock::System.now(),
        });
    }
    record(&reports, before, None).await;
    lane.close().await;
    sent
}

async fn record(reports: &Reports, ended: Option<Ended>, begin: Option<DeliveryId>) -> bool {
    if ended.is_none() && begin.is_none() {
        return true;
    }
    let (done, wait) = oneshot::channel();
    reports.send((Progress { ended, begin }, done)).await.expect("somebody commits");
    wait.await.expect("it is committed")
}

/// Many lanes share a commit, as in the service.
async fn commit(store: Store, mut inbox: mpsc::Receiver<(Progress, oneshot::Sender<bool>)>) {
    let mut group = Vec::with_capacity(64);
    while inbox.recv_many(&mut group, 64).await > 0 {
        let progress: Vec<Progress> = group.iter().map(|(progress, _)| progress.clone()).collect();
        let began = store.record_progress(&progress).await.expect("it is recorded");
        for ((progress, done), began) in group.drain(..).zip(began) {
            let _ = done.send(began || progress.begin.is_none());
        }
    }
}
