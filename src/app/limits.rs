//! How many files may be open, and so how many visitors fit beside mail, sources and database.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tracing::warn;

use crate::config::Config;

/// Files that the service needs for itself: database, log, lock, runtime, listeners, programs that it starts.
const OWN: usize = 48;
/// Visitors who are let in however few files may be open.
const LEAST_CONNECTIONS: usize = 8;

/// Raises the soft limit to the hard one, as every program may that does not use select(2); visitors are then kept from taking the
/// files that mail and sources need.
pub fn make_room(config: &mut Config) {
    let limit = getrlimit(Resource::Nofile);
    // Where it stays as it is, there are fewer places.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).is_ok();
    let files = if raised { limit.maximum } else { limit.current };
    let Some(files) = files.map(|files| usize::try_from(files).unwrap_or(usize::MAX)) else { return };
    let fits = connections(files, config);
    if fits < config.web.connections {
        warn!(
            files,
            wanted = config.web.connections,
            connections = fits,
            "fewer visitors at a time than configured: raise the limit of open files (LimitNOFILE=)"
        );
        config.web.connections = fits;
    }
}

/// The connections of visitors for which there are files.
fn connections(files: usize, config: &Config) -> usize {
    let elsewhere = usize::from(config.mail.smtp.connections) + config.fetch.concurrency;
    files.saturating_sub(OWN + elsewhere).max(LEAST_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_leave_files_for_mail_and_sources() {
        let config = Config::default();
        let elsewhere = usize::from(config.mail.smtp.connections) + config.fetch.concurrency;
        assert_eq!(connections(1_024, &config), 1_024 - OWN - elsewhere);
        assert_eq!(connections(20, &config), LEAST_CONNECTIONS);
    }
}
