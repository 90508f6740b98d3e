//! F11, F12: the mail server is away, silent, or cannot be found.

use std::time::Duration;

use crate::gate::{Gate, Way};
use crate::say;
use crate::service::How;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_server_that_is_away_or_silent_costs_no_letter_and_holds_up_nothing_else() {
    let world = World::set().await;
    let gate = Gate::default();
    let port = gate.before(world.mail_port).await;
    world.board.grow(true);
    let how = How::default()
        .with("ROLECALL__MAIL__SMTP__URL", &format!("smtp://127.0.0.1:{port}"))
        .with("ROLECALL__MAIL__SMTP__TIMEOUTS__GREETING", "500ms");
    for way in [Way::HangsUp, Way::SaysNothing] {
        gate.set(way);
        let service = world.ready(&how).await;
        let before = world.sink.count();
        for _ in 0..20 {
            world.add_until_taken(&service).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(world.get(&service, "/jobs").await, Some(200));
        assert_eq!(world.sink.count(), before, "the way is shut");
        gate.set(Way::Open);
        world.next_letter(&service).await;
        assert_eq!(service.stop().await.code(), Some(0));
    }
    let service = world.ready(&how).await;
    let verdict = world.ends_well(service).await;
    assert_eq!(verdict.repeated, 0, "{verdict:?}");
    say(&format!("a mail server that hangs up, then one that says nothing: {} due, 0 lost, 0 doubled, 0 came again", verdict.due));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_cannot_be_resolved_cost_nothing() {
    let world = World::set().await;
    world.board.grow(true);
    let service = world.ready(&How::default()).await;
    world.next_letter(&service).await;
    assert_eq!(service.stop().await.code(), Some(0));
    // RFC 6761 6.4: no name below .invalid ever resolves.
    let nowhere = How::default().with("ROLECALL__MAIL__SMTP__URL", "smtp://mail.invalid:25?tls=none");
    let service = world.ready(&nowhere).await;
    for _ in 0..10 {
        world.add_until_taken(&service).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(world.get(&service, "/").await, Some(200));
    assert_eq!(service.stop().await.code(), Some(0));
    let service = world.ready(&How::default()).await;
    let verdict = world.ends_well(service).await;
    say(&format!("a mail server whose name does not resolve: {} due, 0 lost, 0 doubled", verdict.due));
}
