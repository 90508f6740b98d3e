//! The voice: log lines on stderr, as text for people or JSON for machines.
//!
//! Text from outside goes into fields with `?`, which escapes line breaks and control characters: the text format prints `%` fields
//! and messages raw, so that a job title could forge a log line.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::FmtSpan;

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
    let under_journald = std::env::var_os("JOURNAL_STREAM").is_some();
    let started = match format {
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
        LogFormat::Text if under_journald => builder.with_ansi(false).without_time().try_init(),
        LogFormat::Text => builder.with_ansi(colour.wanted()).with_target(false).try_init(),
    };
    drop(started);
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
