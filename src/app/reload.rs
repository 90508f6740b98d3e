//! Another configuration for a running service: it is taken whole, or not at all.

use tracing::{error, info, warn};

use super::build::{App, AppError};
use super::house::House;
use crate::config::{Config, ConfigError};

/// Reads the configuration anew and builds its rooms on the open database; none where it cannot be used, and the log says why.
pub(super) fn reloaded(app: &App, read: &dyn Fn() -> Result<Config, ConfigError>) -> Option<House> {
    match rebuilt(app, read()) {
        Ok(house) => {
            info!(sources = house.app.sources.len(), "configuration reloaded");
            Some(house)
        }
        Err(fault) => {
            error!(fault = ?fault.to_string(), "the configuration cannot be used; the one before stays in force");
            None
        }
    }
}

fn rebuilt(app: &App, read: Result<Config, ConfigError>) -> Result<House, AppError> {
    let mut config = read?;
    for key in keep_what_stays(&mut config, &app.config) {
        warn!(key, "this setting is taken up by the next restart, not by a reload");
    }
    Ok(House::of(app.rebuilt(config)?))
}

/// Puts back what only a start can change; the keys that differed.
fn keep_what_stays(new: &mut Config, old: &Config) -> Vec<&'static str> {
    let mut differed = Vec::new();
    if new.service.data_dir != old.service.data_dir {
        new.service.data_dir.clone_from(&old.service.data_dir);
        differed.push("service.data_dir");
    }
    if new.database.url != old.database.url {
        new.database.url.clone_from(&old.database.url);
        differed.push("database.url");
    }
    if new.web.listen != old.web.listen {
        new.web.listen.clone_from(&old.web.listen);
        differed.push("web.listen");
    }
    if new.web.connections != old.web.connections {
        new.web.connections = old.web.connections;
        differed.push("web.connections");
    }
    differed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    async fn house(folder: &std::path::Path) -> App {
        App::build(config(folder, "").unwrap(), Clock::System).await.unwrap()
    }

    fn config(folder: &std::path::Path, more: &str) -> Result<Config, ConfigError> {
        Config::parse("rolecall.toml", &format!("[service]\ndata_dir = {:?}\n{more}", folder.display().to_string()), &[])
    }

    #[tokio::test]
    async fn a_new_source_is_taken_up_on_the_open_database() {
        let folder = tempfile::tempdir().unwrap();
        let app = house(folder.path()).await;
        let source = "[[source]]\nname = \"acme\"\nkind = \"greenhouse\"\nboard = \"acme\"\n";
        let path = folder.path().to_path_buf();
        let next = reloaded(&app, &move || config(&path, source)).unwrap();
        assert_eq!((app.sources.len(), next.app.sources.len()), (0, 1));
        app.store.close().await;
        assert!(next.app.store.probe_write().await.is_err(), "it is the same store");
    }

    #[tokio::test]
    async fn a_broken_configuration_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let app = house(folder.path()).await;
        for broken in ["nmae = \"x\"\n", "[rates]\nEUR = 0.0\n", "[[source]]\nname = \"a\"\nkind = \"nonesuch\"\n"] {
            let path = folder.path().to_path_buf();
            assert!(reloaded(&app, &move || config(&path, broken)).is_none(), "{broken}");
        }
    }

    #[test]
    fn what_only_a_start_can_change_stays_and_is_named() {
        let (old, elsewhere) =
            (Config::default(), "[service]\ndata_dir = \"/elsewhere\"\nname = \"New\"\n[web]\nlisten = \"127.0.0.1:1\"\nconnections = 3\n");
        let mut new = Config::parse("f", elsewhere, &[]).unwrap();
        assert_eq!(keep_what_stays(&mut new, &old), ["service.data_dir", "database.url", "web.listen", "web.connections"]);
        assert_eq!(
            (new.service.data_dir, new.web.listen, new.web.connections),
            (old.service.data_dir, old.web.listen, old.web.connections)
        );
        assert_eq!(new.service.name, "New");
    }
}
