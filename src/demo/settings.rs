//! What a demonstration may vary.

use std::path::PathBuf;
use std::time::Duration;

/// How the demo boards are played; `Default` is what `rolecall demo` wants, except for the folder.
#[derive(Debug, Clone)]
pub struct DemoSettings {
    /// How long one step of the world takes: one new job, now and then a change or a closing.
    pub tick: Duration,
    /// The world's seed: the same seed is the same world.
    pub seed: u64,
    /// How often each source is asked, as cron with seconds.
    pub schedule: String,
    /// Where the world's file source is written.
    pub folder: PathBuf,
}

impl Default for DemoSettings {
    fn default() -> Self {
        Self {
            tick: Duration::from_secs(10),
            seed: 20_260_901,
            schedule: String::from("*/5 * * * * *"),
            folder: std::env::temp_dir().join("rolecall-demo"),
        }
    }
}
