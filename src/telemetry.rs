//! The voice: log lines on stderr, as text for people or JSON for machines.
//!
//! Text from outside goes into fields with `?`, which escapes line breaks and control characters: the text format prints `%` fields
//! and messages raw, so that a job title could forge a log line.

use std::io::IsTerminal as _;
use std::os::unix::fs::MetadataExt as _;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::{FmtSpan, Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::domain::word::words;

words! {
    /// How log lines look.
    LogFormat, "log format" {
        /// For people.
        Text = "text", "text";
        /// One JSON object a line.
        Json = "json", "JSON";
    }
}

/// Sets up the voice once; a second call changes nothing. `level` is used where `RUST_LOG` is not set.
pub fn start(format: LogFormat, level: &str, colour: Colour) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(format!("{level},sqlx=warn,hyper=warn")));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_span_events(FmtSpan::NONE);
    // A log that nobody can read must not end the service: the complaint about it would panic.
    let builder = builder.log_internal_errors(false);
    let to_journal = heard_by_journald();
    let started = match format {
        LogFormat::Json if to_journal => {
            builder.json().flatten_event(true).event_format(Weighed(Format::default().json().flatten_event(true))).try_init()
        }
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text if to_journal => {
            builder.with_ansi(false).event_format(Weighed(Format::default().without_time().with_target(false).with_level(false))).try_init()
        }
        LogFormat::Text => builder.with_ansi(colour.wanted()).with_target(false).try_init(),
    };
    drop(started);
}

/// Whether stderr leads to the journal: `JOURNAL_STREAM` names its socket (systemd.exec(5)), and is inherited by programs whose stderr
/// leads elsewhere.
fn heard_by_journald() -> bool {
    let (Some(named), Ok(stderr)) = (std::env::var_os("JOURNAL_STREAM"), std::fs::metadata("/proc/self/fd/2")) else { return false };
    named.to_str() == Some(&format!("{}:{}", stderr.dev(), stderr.ino()))
}

/// Lines with their weight in front, as sd-daemon(3) has it: `journalctl -p warning` then finds them.
struct Weighed<F>(F);

impl<S, N, F> FormatEvent<S, N> for Weighed<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> std::fmt::Result {
        write!(writer, "<{}>", weight(*event.metadata().level()))?;
        self.0.format_event(context, writer, event)
    }
}

/// The severities of syslog(3).
const fn weight(level: Level) -> u8 {
    match level {
        Level::ERROR => 3,
        Level::WARN => 4,
        Level::INFO => 6,
        _ => 7,
    }
}

words! {
    /// Whether colours are used.
    Colour, "colour choice" {
        /// On a terminal, unless `NO_COLOR` is set.
        Auto = "auto", "auto";
        /// Always.
        Always = "always", "always";
        /// Never.
        Never = "never", "never";
    }
}

impl Colour {
    /// Whether stderr gets colours.
    #[must_use]
    pub fn wanted(self) -> bool {
        match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;
    use tracing_subscriber::fmt::MakeWriter;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;
        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn logged(write: impl FnOnce()) -> String {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::fmt().with_writer(kept.clone()).with_ansi(false).finish();
        tracing::subscriber::with_default(subscriber, write);
        let bytes = kept.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_line_for_the_journal_begins_with_its_weight() {
        let kept = Kept::default();
        let format = Weighed(Format::default().without_time().with_target(false).with_level(false));
        let subscriber = tracing_subscriber::fmt().with_writer(kept.clone()).with_ansi(false).event_format(format).finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(sent = 3, "letters delivered");
            tracing::error!("a loop broke");
        });
        let lines = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(lines, "<6>letters delivered sent=3\n<3>a loop broke\n");
    }

    const TITLE: &str = "Engineer\n2026-11-22T00:00:00Z  INFO letters delivered sent=999\u{1b}[31m";

    #[test]
    fn text_of_strangers_forges_no_log_line_when_it_stands_in_a_debug_field() {
        let log = logged(|| tracing::warn!(title = ?TITLE, "posting left out"));
        assert_eq!(log.lines().count(), 1, "{log}");
        assert!(!log.contains('\u{1b}'), "{log:?}");
        // What the rule guards against.
        let forged = logged(|| tracing::warn!(title = %TITLE, "posting left out"));
        assert_eq!(forged.lines().count(), 2, "{forged}");
    }
}
