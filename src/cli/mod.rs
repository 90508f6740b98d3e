//! The command line: the operator's door.
//!
//! Data goes to stdout, talk to stderr; exit codes are those of sysexits(3) as `exit` lists them.

mod alert;
mod args;
mod bounce;
mod care;
mod check;
mod check_line;
mod check_mail;
mod config_file;
mod delivery;
mod demo;
mod exit;
mod facts;
mod facts_explained;
mod matching;
mod operate;
mod output;
mod places;
mod preview;
mod run;
mod source;
mod source_add;
mod source_catalogue;
mod source_health;
mod subscriber;
mod talk;
mod template;
mod token;

use clap::{CommandFactory as _, Parser as _};

use crate::app::App;
use crate::clock::Clock;
use crate::config::Config;
use crate::telemetry;
use args::{Cli, Command, MailCommand};
use exit::CliError;
use facts::Print;

/// Parses the arguments, runs the command, and answers with the exit code.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    telemetry::start(cli.global.log_format, cli.global.level(), cli.global.color);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(fault) => return CliError::internal(&format!("the runtime does not start: {fault}")).report(),
    };
    let done = runtime.block_on(dispatch(cli));
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match done {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => error.report(),
    }
}

async fn dispatch(cli: Cli) -> Result<(), CliError> {
    let global = cli.global;
    match cli.command {
        Command::Serve => Box::pin(run::serve(&global)).await,
        Command::Run { now, dry_run } => Box::pin(run::run(global.load()?, now, run::Mode::of(dry_run), global.format())).await,
        Command::Demo(args) => Box::pin(demo::demo(args)).await,
        Command::Source(command) => source::source(command, &global).await,
        Command::Facts { file, explain } => {
            facts::facts(file.as_deref(), global.data_dir()?.as_deref(), if explain { Print::Explained } else { Print::Lines })
        }
        Command::Match(args) => matching::matching(&args, &global.load()?),
        Command::Explain { alert, listing } => alert::explain(&open(global.load()?).await?, alert, listing, global.format()).await,
        Command::Subscriber(command) => subscriber::subscriber(command, &open(global.load()?).await?, global.format()).await,
        Command::Alert(command) => alert::alert(command, &open(global.load()?).await?, global.format()).await,
        Command::Forecast { file } => alert::forecast(&file, &open(global.load()?).await?, global.format()).await,
        Command::Replay { at } => alert::replay(&open(global.load()?).await?, at, global.format()).await,
        Command::Bounce { file, dry_run: true } => bounce::tell(file.as_deref()),
        Command::Bounce { file, dry_run: false } => bounce::take(file.as_deref(), global.load()?).await,
        Command::Delivery(command) => delivery::delivery(command, &open(global.load()?).await?, global.format()).await,
        Command::Token(command) => token::token(command, &open(global.load()?).await?, global.format()).await,
        Command::Mail(MailCommand::Preview { kind, language, part }) => {
            preview::example(&kind, language, part, &global.load()?, global.format()).await
        }
        Command::Mail(MailCommand::Test { address }) => operate::mail_test(&address, &open(global.load()?).await?, global.format()).await,
        Command::Template(command) => template::template(&command, global.format()),
        Command::Places(command) => places::places(&command, &global.load()?.service.data_dir, global.format()),
        Command::Check { configuration: true, .. } => check::configuration(&global),
        Command::Check { offline, .. } => Box::pin(check::check(&global, check::Reach::of(offline))).await,
        Command::Status => operate::status(&open(global.load()?).await?, global.format()).await,
        Command::Verify { file } => care::verify(&global.load()?, file.as_deref(), global.format()).await,
        Command::Restore { file } => care::restore(&global.load()?, &file, global.format()).await,
        Command::Backup { file } => operate::backup(&open(global.load()?).await?, &file).await,
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "rolecall", &mut text);
            output::write(&text)
        }
        Command::Man => {
            let mut text = Vec::new();
            clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(|fault| CliError::internal(&fault.to_string()))?;
            output::write(&text)
        }
    }
}

/// Builds the rooms for a command that asks them something.
async fn open(config: Config) -> Result<App, CliError> {
    Ok(App::build(config, Clock::System).await?)
}
