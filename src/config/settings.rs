//! The whole configuration as a value, read, checked, with its secrets in place.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

use crate::config::environment::{overlay, overrides, with_mend};
use crate::config::error::ConfigError;
use crate::config::lookup::found;
use crate::config::secret::{credential_path, made_secret, reveal};
use crate::domain::{Currency, DurationText, EmailAddress, Rates, Secret};
use crate::mail::MailSettings;
use crate::pipeline::{AlertSettings, DeliverSettings, RetentionSettings};
use crate::sources::{CatalogueSettings, FetchSettings, Source, SourceSettings, SourceSettingsError, WebhookSettings};
use crate::store::DatabaseSettings;
use crate::web::WebSettings;

/// The whole configuration.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[service]`
    pub service: ServiceSettings,
    /// `[database]`
    pub database: DatabaseSettings,
    /// `[web]`
    pub web: WebSettings,
    /// `[mail]`
    pub mail: MailSettings,
    /// `[alerts]`
    pub alerts: AlertSettings,
    /// `[delivery]`
    pub delivery: DeliverSettings,
    /// `[webhooks]`
    pub webhooks: WebhookSettings,
    /// `[retention]`
    pub retention: RetentionSettings,
    /// `[fetch]`
    pub fetch: FetchSettings,
    /// `[catalogue]`
    pub catalogue: CatalogueSettings,
    /// `[rates]`: how many units of a currency one US dollar buys; what is not given keeps its default.
    pub rates: BTreeMap<Currency, f64>,
    /// `[[source]]`, and what `[catalogue]` switches on.
    pub source: Vec<SourceSettings>,
}

/// `[service]`
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServiceSettings {
    /// The name on pages and letters.
    pub name: String,
    /// Links in letters start with this.
    pub base_url: Url,
    /// The secret that links are signed with; made at first start in `data_dir` when not set.
    pub secret: Option<Secret>,
    /// Where the database, the secret and written letters are kept.
    pub data_dir: PathBuf,
    /// Whom to tell, at most once a day, when a source wants looking at; nobody where empty.
    pub operator: String,
    /// Asked from time to time while all is well, so that somebody outside learns when it no longer is.
    pub heartbeat_url: Option<Url>,
    /// The time between two of these signs.
    pub heartbeat_every: DurationText,
    /// Start although the clock seems to be far off.
    pub trust_clock: bool,
}

impl Default for ServiceSettings {
    fn default() -> Self {
        Self {
            name: "Rolecall".to_owned(),
            base_url: Url::parse("http://127.0.0.1:8080").expect("a constant URL"),
            secret: None,
            data_dir: PathBuf::from("./data"),
            operator: String::new(),
            heartbeat_url: None,
            heartbeat_every: DurationText::from_secs(60),
            trust_clock: false,
        }
    }
}

impl Config {
    /// Finds, reads and checks the configuration: `explicit`, `$ROLECALL_CONFIG`, `$CONFIGURATION_DIRECTORY/rolecall.toml`,
    /// `./rolecall.toml`, `/etc/rolecall/rolecall.toml`, else the defaults; then `ROLECALL__SECTION__KEY` variables.
    ///
    /// # Errors
    /// Names file, line and the nearest known key, or the variable.
    pub fn load(explicit: Option<&Path>, environment: &[(OsString, OsString)]) -> Result<Self, ConfigError> {
        let (place, text) = found(explicit, environment)?;
        Self::parse(&place, &text, environment)
    }

    /// As [`Config::load`], but takes it that every systemd credential is there and fits: only the service itself can read them, and
    /// not the program that systemd runs before a reload.
    ///
    /// # Errors
    /// As there.
    pub fn load_supposing_credentials(explicit: Option<&Path>, environment: &[(OsString, OsString)]) -> Result<Self, ConfigError> {
        let (place, text) = found(explicit, environment)?;
        let mut config = Self::read(&place, &text, environment)?;
        config.suppose_credentials();
        config.settle(&place, &text)?;
        Ok(config)
    }

    /// Parses a text as [`Config::load`] does a file.
    ///
    /// # Errors
    /// As there.
    pub fn parse(place: &str, text: &str, environment: &[(OsString, OsString)]) -> Result<Self, ConfigError> {
        let mut config = Self::read(place, text, environment)?;
        config.settle(place, text)?;
        Ok(config)
    }

    fn read(place: &str, text: &str, environment: &[(OsString, OsString)]) -> Result<Self, ConfigError> {
        let fault = |error: toml::de::Error| ConfigError::Text { place: place.to_owned(), fault: with_mend(&error.to_string()) };
        let from_file: Self = toml::from_str(text).map_err(fault)?;
        let variables = overrides(environment)?;
        if variables.is_empty() { Ok(from_file) } else { overlay(text, &variables) }
    }

    fn suppose_credentials(&mut self) {
        const SUPPOSED: &str = "a credential that only the service reads";
        let kept = [&mut self.service.secret, &mut self.mail.smtp.password];
        for secret in kept.into_iter().flatten().filter(|secret| matches!(secret, Secret::Credential { .. })) {
            *secret = Secret::Plain(SUPPOSED.to_owned());
        }
        if let Some(dkim) = &mut self.mail.dkim {
            dkim.keys.retain(|key| key.credential.is_none());
        }
        self.mail.dkim.take_if(|dkim| dkim.keys.is_empty());
        for value in self.source.iter_mut().flat_map(|source| source.options.iter_mut().map(|(_, value)| value)) {
            if matches!(value.clone().try_into(), Ok(Secret::Credential { .. })) {
                *value = toml::Value::String(SUPPOSED.to_owned());
            }
        }
    }

    /// Whom to tell of trouble.
    ///
    /// # Errors
    /// The address is none.
    pub fn operator(&self) -> Result<Option<EmailAddress>, ConfigError> {
        let address = self.service.operator.trim();
        let fault =
            |fault| ConfigError::Value { key: "service.operator".into(), fault: format!("{fault}: give the address of who runs this") };
        (!address.is_empty()).then(|| EmailAddress::parse(address).map_err(fault)).transpose()
    }

    /// The rates that salaries compare by.
    ///
    /// # Errors
    /// A rate that is no positive number.
    pub fn rates(&self) -> Result<Rates, ConfigError> {
        Rates::with(&self.rates).map_err(|fault| ConfigError::Value { key: "rates".into(), fault })
    }

    /// The secret that links are signed with; made in `data_dir` at first use.
    ///
    /// # Errors
    /// A secret that cannot be read or made.
    pub fn signing_secret(&self) -> Result<String, ConfigError> {
        const SHORTEST: usize = 16;
        let key = "service.secret";
        let secret = match &self.service.secret {
            Some(secret) => reveal(key, secret)?,
            None => made_secret(&self.service.data_dir.join("secret"))?,
        };
        if secret.len() < SHORTEST {
            return Err(ConfigError::Value {
                key: key.into(),
                fault: format!("it is shorter than {SHORTEST} characters: give a long random text"),
            });
        }
        Ok(secret)
    }

    /// Checks what is an address and read as a text.
    fn check_addresses(&self) -> Result<(), ConfigError> {
        let listen = self.web.listen.as_str();
        let with_port = |text: &str| text.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        if !listen.starts_with("unix:") && !with_port(listen) {
            let fault = format!("{listen:?} is no place to listen at: give ADDRESS:PORT, such as \"127.0.0.1:8080\", or unix:PATH");
            return Err(ConfigError::Value { key: "web.listen".into(), fault });
        }
        let contact = self.mail.contact.trim();
        let page = || Url::parse(contact).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto"));
        if !contact.is_empty() && !page() && EmailAddress::parse(contact).is_err() {
            let fault = format!("{contact:?} is no address: give a mail address, or the https address of a page");
            return Err(ConfigError::Value { key: "mail.contact".into(), fault });
        }
        Ok(())
    }

    /// Checks what goes across rooms, and puts secrets in place.
    fn settle(&mut self, place: &str, text: &str) -> Result<(), ConfigError> {
        self.check_addresses()?;
        let url = &self.service.base_url;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || url.query().is_some() || url.fragment().is_some() {
            let fault = format!("{url} cannot start links: give an http or https address without ? and #");
            return Err(ConfigError::Value { key: "service.base_url".into(), fault });
        }
        if self.database.url == DatabaseSettings::default().url {
            self.database.url = format!("sqlite:{}", self.service.data_dir.join("rolecall.db").display());
        }
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if !known.iter().any(|start| self.database.url.trim().starts_with(start)) {
            let fault = "it names no database: give sqlite:PATH or postgres://USER@HOST/NAME".to_owned();
            return Err(ConfigError::Value { key: "database.url".into(), fault });
        }
        for key in self.mail.dkim.iter_mut().flat_map(|dkim| &mut dkim.keys) {
            if let Some(name) = &key.credential {
                key.file = credential_path(name);
            }
        }
        if let Some(password) = &self.mail.smtp.password {
            self.mail.smtp.password = Some(Secret::Plain(reveal("mail.smtp.password", password)?));
        }
        if self.alerts.max_listings == 0 || self.alerts.max_per_company == 0 {
            return Err(ConfigError::Value { key: "alerts".into(), fault: "max_listings and max_per_company must be at least 1".into() });
        }
        for source in &mut self.source {
            for (key, value) in source.options.iter_mut().filter(|(_, value)| value.is_table()) {
                let place = format!("source {:?}: {key}", source.name);
                let wrong = |_| ConfigError::Value {
                    key: place.clone(),
                    fault: "give a text, { file = \"PATH\" } or { credential = \"NAME\" }".into(),
                };
                let secret: Secret = value.clone().try_into().map_err(wrong)?;
                *value = toml::Value::String(reveal(&place, &secret)?);
            }
        }
        for source in &self.source {
            Source::build(source).map_err(|fault| ConfigError::Text { place: in_line(place, text, &fault), fault: fault.to_string() })?;
        }
        let from_catalogue = self.catalogue.sources(&self.source);
        self.source
            .extend(from_catalogue.map_err(|error| ConfigError::Value { key: format!("catalogue.{}", error.key), fault: error.fault })?);
        let mut names = std::collections::BTreeSet::new();
        if let Some(twice) = self.source.iter().find(|source| !names.insert(source.name.as_str())) {
            let fault = format!("two sources are named {:?}: give each a name of its own", twice.name);
            return Err(ConfigError::Value { key: "source".into(), fault });
        }
        self.rates()?;
        Ok(())
    }
}

/// The file and the line in it that a source's fault is about; its `[[source]]` where the key does not stand there.
fn in_line(place: &str, text: &str, fault: &SourceSettingsError) -> String {
    let (name, key) = fault.place();
    let value =
        |line: &str, key: &str| line.trim_start().strip_prefix(key)?.trim_start().strip_prefix('=').map(|value| value.trim().to_owned());
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| line.trim_start().starts_with('[');
    let blocks = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with("[[source]]"));
    for (start, _) in blocks {
        let block: Vec<&str> = lines[start + 1..].iter().take_while(|line| !begins(line)).copied().collect();
        let named = |line: &&str| value(line, "name").is_some_and(|value| value.trim_matches(['"', '\'']) == name);
        if block.iter().any(named) {
            let at = block.iter().position(|line| value(line, key).is_some()).map_or(start, |offset| start + 1 + offset);
            return format!("{place}, line {}", at + 1);
        }
    }
    place.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::lookup::DEFAULT_FILE;

    fn environment(pairs: &[(&str, &str)]) -> Vec<(OsString, OsString)> {
        pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect()
    }

    #[test]
    fn the_embedded_file_says_the_defaults_of_the_settings() {
        let file = Config::parse("config/rolecall.toml", DEFAULT_FILE, &[]).unwrap();
        let bare = Config::parse("nothing", "", &[]).unwrap();
        assert_eq!(format!("{file:#?}"), format!("{bare:#?}"));
    }

    #[test]
    fn an_unknown_key_names_file_line_and_the_nearest_known_key() {
        let error =
            Config::parse("rolecall.toml", "[service]\nname = \"x\"\nbase_ulr = \"http://x.example\"\n", &[]).unwrap_err().to_string();
        for words in ["rolecall.toml", "line 3", "base_ulr", "did you mean `base_url`?"] {
            assert!(error.contains(words), "{words}: {error}");
        }
    }

    #[test]
    fn a_fault_of_a_source_names_its_line() {
        let text = "[[source]]\nname = \"a\"\nkind = \"rss\"\nurl = \"https://a.example\"\n[[source]]\nname = \"b\"\nkind = \"file\"\npaht = \"x\"\n";
        let error = Config::parse("rolecall.toml", text, &[]).unwrap_err().to_string();
        assert!(error.starts_with("rolecall.toml, line 8: ") && error.contains("did you mean \"path\"?"), "{error}");
        let error = Config::parse("f", &text.replace("paht = \"x\"\n", ""), &[]).unwrap_err().to_string();
        assert!(error.starts_with("f, line 5: ") && error.contains("path ="), "{error}");
    }

    #[test]
    fn a_value_of_a_wrong_form_is_told_with_a_right_one() {
        for (text, mend) in [
            ("[service]\nbase_url = \"jobs.example.org\"", "\"https://jobs.example.org\""),
            ("[fetch]\nallow_private_addresses = \"yes\"", "true or false"),
            ("[mail.smtp]\nconnections = \"8\"", "a whole number without quotes"),
            ("[service]\nname = 7", "in quotes"),
            ("[web]\nlisten = \"18081\"", "\"127.0.0.1:8080\""),
            ("[mail]\ncontact = \"not an address\"", "a mail address"),
        ] {
            let error = Config::parse("f", text, &[]).unwrap_err().to_string();
            assert!(error.contains(mend), "{error}");
        }
        for listen in ["localhost:80", "[::1]:8080", "unix:/run/x"] {
            Config::parse("f", &format!("[web]\nlisten = {listen:?}\n[mail]\ncontact = \"ops@example.org\""), &[]).unwrap();
        }
    }

    #[test]
    fn the_environment_overrides_a_key_and_is_named_when_it_is_wrong() {
        let config = Config::parse(
            "f",
            "[service]\nname = \"a\"\n",
            &environment(&[("ROLECALL__SERVICE__NAME", "b"), ("ROLECALL__ALERTS__MAX_LISTINGS", "7")]),
        )
        .unwrap();
        assert_eq!((config.service.name.as_str(), config.alerts.max_listings), ("b", 7));
        let error = Config::parse("f", "", &environment(&[("ROLECALL__ALERTS__MAX_LISTING", "7")])).unwrap_err().to_string();
        assert!(error.contains("ROLECALL__ALERTS__MAX_LISTING") && error.contains("did you mean `max_listings`?"), "{error}");
    }

    #[test]
    fn the_database_lies_in_the_data_folder_unless_it_is_named() {
        let config = Config::parse("f", "[service]\ndata_dir = \"/var/lib/rolecall\"\n", &[]).unwrap();
        assert_eq!(config.database.url, "sqlite:/var/lib/rolecall/rolecall.db");
    }

    #[test]
    fn a_value_that_cannot_be_used_names_key_and_mend() {
        for (text, key) in [
            ("[service]\nbase_url = \"ftp://x.example\"", "service.base_url"),
            ("[alerts]\nmax_listings = 0", "alerts"),
            ("[rates]\nEUR = 0.0", "rates"),
            ("[database]\nurl = \"mysql://x.example/y\"", "database.url"),
            (
                "[[source]]\nname = \"a\"\nkind = \"rss\"\nurl = \"https://a.example\"\n[[source]]\nname = \"a\"\nkind = \"file\"\npath = \"b\"",
                "source",
            ),
        ] {
            let error = Config::parse("f", text, &[]).unwrap_err().to_string();
            assert!(error.starts_with(key), "{error}");
        }
    }

    #[test]
    fn a_secret_is_made_once_and_only_its_owner_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let text = format!("[service]\ndata_dir = {:?}\n", folder.path().join("deep"));
        let config = Config::parse("f", &text, &[]).unwrap();
        let secret = config.signing_secret().unwrap();
        assert_eq!(secret, config.signing_secret().unwrap());
        assert_eq!(std::fs::metadata(folder.path().join("deep/secret")).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn credentials_that_only_the_service_can_read_are_supposed_to_fit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rolecall.toml");
        let text = "[service]\nsecret = { credential = \"a\" }\n[mail.smtp]\npassword = { credential = \"b\" }\n\
                    [mail.dkim]\ndomain = \"example.org\"\nkeys = [{ selector = \"a\", credential = \"d\" }]\n\
                    [[source]]\nname = \"s\"\nkind = \"push\"\ntoken = { credential = \"c\" }\n";
        std::fs::write(&path, text).unwrap();
        assert!(Config::load(Some(&path), &[]).is_err());
        let config = Config::load_supposing_credentials(Some(&path), &[]).unwrap();
        assert!(config.signing_secret().is_ok() && config.source[0].options["token"].is_str() && config.mail.dkim.is_none());
        std::fs::write(&path, text.replace("secret =", "sceret =")).unwrap();
        assert!(Config::load_supposing_credentials(Some(&path), &[]).unwrap_err().to_string().contains("line 2"));
    }

    #[test]
    fn a_secret_never_shows_in_debug() {
        let config = Config::parse("f", "[service]\nsecret = \"correct horse battery staple\"\n", &[]).unwrap();
        assert!(!format!("{config:?}").contains("horse"));
    }
}
