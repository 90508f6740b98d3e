//! The rooms, built once from the configuration.

use std::sync::Arc;

use tokio::sync::mpsc::Receiver;

use crate::clock::Clock;
use crate::compose::{ComposeError, Composer, ServiceNames};
use crate::config::{Config, ConfigError};
use crate::consent::Consent;
use crate::domain::cron::{CronError, CronExpression};
use crate::domain::{EmailAddress, Rates, Signer};
use crate::extract::Extractor;
use crate::mail::{LmtpPlace, MailSettingsError, Maildir, Mailer};
use crate::pipeline::{
    AlertPass, CollectError, CollectPass, DeliverPass, Gate, IngestPass, LetterDesk, ReportPass, ReturnPass, SweepPass, WebhookPass,
};
use crate::pulse::Pulse;
use crate::sources::{Fetcher, FetcherError, Poster, PosterError, Source, SourceSettingsError};
use crate::store::{Store, StoreError};
use crate::tally::Tally;
use crate::web::{INTAKE_PLACES, Parcel, ServeError, WebState};

use super::lock::LockError;
use super::places::{PlacesError, join_added_places};
use super::start::{ClockError, look};

/// A source with the schedule it is asked by.
#[derive(Debug, Clone)]
pub struct ScheduledSource {
    /// The source.
    pub source: Source,
    /// When it is asked, UTC.
    pub schedule: CronExpression,
}

/// All rooms, ready to work.
#[derive(Debug, Clone)]
pub struct App {
    /// The configuration they were built from.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Clock,
    /// The signs of life of its loops.
    pub pulse: Pulse,
    /// The store.
    pub store: Store,
    /// Signs links.
    pub signer: Signer,
    /// The rates that salaries compare by.
    pub rates: Rates,
    /// The hall of consent.
    pub consent: Consent,
    /// Who hands letters over.
    pub mailer: Mailer,
    /// The enabled sources.
    pub sources: Arc<[ScheduledSource]>,
    /// Asks sources.
    pub ingest: IngestPass,
    /// Decides subscriptions.
    pub alert: AlertPass,
    /// Delivers letters.
    pub deliver: DeliverPass,
    /// Posts to webhooks.
    pub webhook: WebhookPass,
    /// Tells the operator.
    pub report: ReportPass,
    /// Ends what has run out.
    pub sweep: SweepPass,
    /// Takes what comes back.
    pub returned: ReturnPass,
    /// Takes it out of a Maildir.
    pub collect: CollectPass,
    /// Where it is handed over by LMTP.
    pub lmtp: Option<LmtpPlace>,
    /// What the passes did since the start.
    pub tally: Tally,
}

/// Why the service cannot be built or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The mail settings.
    #[error(transparent)]
    Mail(#[from] MailSettingsError),
    /// The fetch settings.
    #[error(transparent)]
    Fetcher(#[from] FetcherError),
    /// The settings of webhooks.
    #[error(transparent)]
    Poster(#[from] PosterError),
    /// A source.
    #[error(transparent)]
    Source(#[from] SourceSettingsError),
    /// A schedule.
    #[error("{place}: {fault}")]
    Schedule {
        /// Whose.
        place: String,
        /// The fault.
        fault: CronError,
    },
    /// A template.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// What came back.
    #[error(transparent)]
    Collect(#[from] CollectError),
    /// The places the operator added.
    #[error(transparent)]
    Places(#[from] PlacesError),
    /// The clock.
    #[error(transparent)]
    Clock(#[from] ClockError),
    /// The page.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A part of the running service.
    #[error("a part of the service broke; the log says which")]
    Broken,
}

impl App {
    /// Builds every room; opens and migrates the database.
    ///
    /// # Errors
    /// Names the setting, path or row, and the mend.
    pub async fn build(config: Config, clock: Clock) -> Result<Self, AppError> {
        join_added_places(&config.service.data_dir)?;
        // The settings come first: one that cannot be used leaves the database as it is.
        let tools = Tools::of(&config)?;
        let store = Store::open(&config.database).await?;
        Ok(Self::rooms(config, tools, clock, Default::default(), store))
    }

    /// Builds every room anew by another configuration, on the same open database.
    ///
    /// # Errors
    /// Names the setting, and the mend.
    pub fn rebuilt(&self, config: Config) -> Result<Self, AppError> {
        let tools = Tools::of(&config)?;
        let watch = (self.pulse.clone(), self.tally.clone());
        Ok(Self::rooms(config, tools, self.clock.clone(), watch, self.store.clone()))
    }

    /// Whether a configuration can be used, as far as that is known without the database.
    ///
    /// # Errors
    /// Names the setting, and the mend.
    pub fn try_settings(config: &Config) -> Result<(), AppError> {
        Tools::of(config).map(drop)
    }

    /// Refuses a clock that is before this program was written, or by more than a day before the newest row of the database.
    ///
    /// # Errors
    /// [`ClockError`], or the store's.
    pub async fn refuse_odd_clock(&self) -> Result<(), AppError> {
        if self.config.service.trust_clock {
            return Ok(());
        }
        let newest = self.store.newest_row().await?;
        Ok(look(self.clock.now(), newest)?)
    }

    fn rooms(config: Config, tools: Tools, clock: Clock, (pulse, tally): (Pulse, Tally), store: Store) -> Self {
        let Tools { rates, sources, fetcher, poster, signer, mailer, composer, operator, lmtp } = tools;
        let consent = Consent::new(store.clone(), clock.clone(), signer.clone());
        let ingest = IngestPass { store: store.clone(), fetcher, extractor: Extractor::new(), clock: clock.clone() };
        let alert = AlertPass {
            store: store.clone(),
            rates: rates.clone(),
            settings: config.alerts.clone(),
            clock: clock.clone(),
            beat: pulse.part("alert"),
        };
        let gate = Gate::new(&config.mail);
        let report = ReportPass {
            store: store.clone(),
            composer: Arc::clone(&composer),
            mailer: mailer.clone(),
            clock: clock.clone(),
            sources: sources.iter().map(|scheduled| (scheduled.source.name().to_owned(), scheduled.source.kind().to_owned())).collect(),
            operator,
            gate: gate.clone(),
        };
        let desk = LetterDesk::new(store.clone(), composer, rates.clone(), config.alerts.caps());
        let settings = config.delivery.clone();
        let deliver = DeliverPass {
            store: store.clone(),
            mailer: mailer.clone(),
            desk,
            settings,
            clock: clock.clone(),
            beat: pulse.part("deliver"),
            gate: gate.clone(),
        };
        let webhook = WebhookPass {
            store: store.clone(),
            desk: deliver.desk.clone(),
            poster,
            signer: signer.clone(),
            clock: clock.clone(),
            beat: pulse.part("webhook"),
        };
        let sweep = SweepPass { store: store.clone(), rules: deliver.rules(), retention: config.retention.clone(), clock: clock.clone() };
        let trusts_words = config.mail.bounces.address.trim().is_empty();
        let returned = ReturnPass { store: store.clone(), signer: signer.clone(), clock: clock.clone(), trusts_words };
        let collect = CollectPass { maildir: Maildir::at(&config.mail.bounces.maildir), returned: returned.clone() };
        Self {
            config: Arc::new(config),
            clock,
            pulse,
            store,
            signer,
            rates,
            consent,
            mailer,
            sources: sources.into(),
            ingest,
            alert,
            deliver,
            webhook,
            report,
            sweep,
            returned,
            collect,
            lmtp,
            tally,
        }
    }

    /// What the page needs, and where the postings that are sent to it come out.
    #[must_use]
    pub fn web_state(&self) -> (WebState, Receiver<Parcel>) {
        let (intake, parcels) = tokio::sync::mpsc::channel(INTAKE_PLACES);
        let state = WebState {
            store: self.store.clone(),
            consent: self.consent.clone(),
            signer: self.signer.clone(),
            clock: self.clock.clone(),
            rates: self.rates.clone(),
            tally: self.tally.clone(),
            pulse: self.pulse.clone(),
            desk: self.deliver.desk.clone(),
            webhooks: self.config.webhooks.reach(),
            service_name: self.config.service.name.clone(),
            base_url: self.config.service.base_url.clone(),
            sources: self.report.sources.clone(),
            intake,
        };
        (state, parcels)
    }
}

/// Who writes letters, with the operator's own templates where there are any. Opens no database.
///
/// # Errors
/// Names the template or the setting, and the mend.
pub fn composer(config: &Config) -> Result<Composer, AppError> {
    let signer = Signer::new(config.signing_secret()?.as_bytes());
    let names = service_names(config)?;
    Ok(match &config.mail.templates {
        Some(folder) => Composer::with_templates(folder, names, signer)?,
        None => Composer::new(names, signer)?,
    })
}

/// What the settings alone give.
struct Tools {
    rates: Rates,
    sources: Vec<ScheduledSource>,
    fetcher: Fetcher,
    poster: Option<Poster>,
    signer: Signer,
    mailer: Mailer,
    composer: Arc<Composer>,
    operator: Option<EmailAddress>,
    lmtp: Option<LmtpPlace>,
}

impl Tools {
    fn of(config: &Config) -> Result<Self, AppError> {
        let signer = Signer::new(config.signing_secret()?.as_bytes());
        let mailer = Mailer::new(&config.mail, &config.service.data_dir)?.noting_in(&config.service.data_dir)?;
        let mailer = match config.mail.return_paths(&signer)? {
            Some(paths) => mailer.returning_to(paths),
            None => mailer,
        };
        Ok(Self {
            rates: config.rates()?,
            sources: scheduled(config)?,
            fetcher: Fetcher::new(&config.fetch)?,
            poster: Poster::new(&config.webhooks, &config.fetch)?,
            composer: Arc::new(composer(config)?),
            operator: config.operator()?,
            lmtp: LmtpPlace::parse(&config.mail.bounces.lmtp)?,
            signer,
            mailer,
        })
    }
}

/// Who writes, as letters say it.
pub fn service_names(config: &Config) -> Result<ServiceNames, MailSettingsError> {
    Ok(ServiceNames {
        name: config.service.name.clone(),
        base_url: config.service.base_url.clone(),
        postal_address: config.mail.postal_address.clone(),
        contact: config.mail.contact.clone(),
        sender_domain: config.mail.sender()?.domain().to_owned(),
    })
}

/// The enabled sources with their schedules.
fn scheduled(config: &Config) -> Result<Vec<ScheduledSource>, AppError> {
    let parse = |place: String, text: &str| CronExpression::parse(text).map_err(|fault| AppError::Schedule { place, fault });
    let usual = parse("fetch.schedule".to_owned(), &config.fetch.schedule)?;
    let build = |settings: &crate::sources::SourceSettings| {
        let source = Source::build(settings)?;
        let schedule = match source.schedule() {
            Some(text) => parse(format!("source {:?}: schedule", source.name()), text)?,
            None => usual.clone(),
        };
        Ok(ScheduledSource { source, schedule })
    };
    let all: Result<Vec<ScheduledSource>, AppError> = config.source.iter().map(build).collect();
    Ok(all?.into_iter().filter(|scheduled| scheduled.source.enabled()).collect())
}
