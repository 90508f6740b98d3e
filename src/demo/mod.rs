//! Plays the boards of `rolecall demo` on a loopback port, and shows the mailbox.
//!
//! A made-up [`World`] of employers lives in ticks: jobs open, change and close as a pure function of seed and tick. [`Boards`]
//! answers for it in the wire shapes of the real platforms, so that the real adapters fetch from it as they would outside. With
//! recorded answers at hand, [`Replay`] serves those instead. [`mailbox_router`] shows the letters that the service wrote to a
//! folder. Nothing here is known to the rest of the house but an address and a folder.

mod answer;
mod ask;
mod boards;
mod catalogue;
mod chance;
mod error;
mod job;
mod letter;
mod mailbox;
mod pay;
mod replay;
mod settings;
mod source;
mod steps;
mod theatre;
mod wire;
mod world;
mod writer;

pub use boards::Boards;
pub use catalogue::{BoardKind, Continent, Family, Level};
pub use error::DemoError;
pub use job::{DemoJob, DemoMode, DemoPay, Section};
pub use mailbox::mailbox_router;
pub use replay::Replay;
pub use settings::DemoSettings;
pub use world::World;
