//! A way to the mail server that can be shut: it then hangs up, or says nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::net::{TcpListener, TcpStream};

/// What stands on the way.
#[derive(Clone, Copy)]
pub enum Way {
    Open,
    HangsUp,
    SaysNothing,
}

/// The way; clones are one.
#[derive(Clone, Default)]
pub struct Gate(Arc<AtomicU8>);

impl Gate {
    /// Lays the way to a port of this machine; the port to begin at.
    pub async fn before(&self, port: u16) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap().port();
        let gate = self.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let gate = gate.clone();
                tokio::spawn(async move {
                    match gate.0.load(Ordering::SeqCst) {
                        0 => {
                            let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                        }
                        1 => drop(client),
                        _ => {
                            let _ = client.readable().await;
                            std::future::pending::<()>().await;
                        }
                    }
                });
            }
        });
        here
    }

    pub fn set(&self, way: Way) {
        self.0.store(way as u8, Ordering::SeqCst);
    }
}
