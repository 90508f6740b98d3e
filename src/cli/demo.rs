//! `rolecall demo`: the whole service, no configuration, no server, no network.

use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;

use super::args::DemoArgs;
use super::exit::CliError;
use super::run::stop_on_signal;
use super::talk::talk;
use crate::app::{self, App, DataLock, House};
use crate::clock::Clock;
use crate::config::Config;
use crate::demo::{Boards, DemoSettings, Replay, mailbox_router};
use crate::web::Listener;

/// Runs boards, service and mailbox until SIGINT or SIGTERM.
pub async fn demo(args: DemoArgs) -> Result<(), CliError> {
    let temporary = match &args.data_dir {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(|fault| CliError::permission(format!("the folder for temporary files: {fault}")))?),
    };
    let data_dir = args.data_dir.clone().or_else(|| temporary.as_ref().map(|folder| folder.path().to_path_buf())).unwrap_or_default();
    let _lock = DataLock::take(&data_dir).map_err(app::AppError::from)?;
    let stop = stop_on_signal()?;
    let settings = DemoSettings { folder: data_dir.join("boards"), ..DemoSettings::default() };
    let bound =
        TcpListener::bind("127.0.0.1:0").await.map_err(|fault| CliError::unavailable(format!("no loopback port is to be had: {fault}")))?;
    let boards_stop = stop.child_token();
    let boards = match &args.payloads {
        None => Boards::start(bound, settings, Clock::System, boards_stop.clone()).await,
        Some(folder) => Replay::open(folder).and_then(|replay| Boards::replay(bound, replay, settings, Clock::System, boards_stop.clone())),
    };
    let boards = boards.map_err(|fault| CliError::data(fault.to_string()))?;
    let config = Config::parse("the demo's own configuration", &config_text(&args, &data_dir, &boards), &[])?;
    let app = App::build(config, Clock::System).await?;
    let listener = Listener::bind(&app.config.web).await.map_err(app::AppError::from)?;
    let mut house = House::of(app);
    house.router = house.router.merge(mailbox_router(data_dir.join("mail")));
    welcome(&args, boards.source_count(), &data_dir);
    Box::pin(app::serve(house, listener.into(), None, stop)).await?;
    boards_stop.cancel();
    boards.stopped().await.map_err(|fault| CliError::internal(&fault.to_string()))?;
    Ok(())
}

/// The configuration that an operator would write, with the boards of the demo.
fn config_text(args: &DemoArgs, data_dir: &Path, boards: &Boards) -> String {
    let DemoArgs { listen, .. } = args;
    let grouping = Duration::from_secs(5).as_secs();
    let folder = toml::Value::String(data_dir.display().to_string());
    format!(
        "[service]\nname = \"Rolecall demo\"\nbase_url = \"http://{listen}\"\ndata_dir = {folder}\n\
         [web]\nlisten = \"{listen}\"\n\
         [mail]\ntransport = \"file\"\nfrom = \"Rolecall demo <alerts@rolecall.example>\"\npostal_address = \"Rolecall demo, on this machine\"\n\
         [alerts]\ninstant_grouping = \"{grouping}s\"\n\
         [fetch]\nallow_private_addresses = true\nper_host_interval = \"20ms\"\n\n{}",
        boards.config_toml()
    )
}

fn welcome(args: &DemoArgs, boards: usize, data_dir: &Path) {
    let what = if args.payloads.is_some() { "recorded answers of real boards" } else { "made-up boards" };
    let page = format!("http://{}", args.listen);
    talk(&format!("Rolecall demo: {boards} {what} on a loopback port, no network used."));
    talk(&format!("  1. subscribe at  {page}/"));
    talk(&format!("  2. read mail at  {page}/mailbox   (the confirmation comes first; confirm, and the first alert follows)"));
    talk(&format!("  3. view jobs at  {page}/jobs"));
    match &args.data_dir {
        Some(_) => talk(&format!("State is kept in {}. Ctrl-C ends the demo.", data_dir.display())),
        None => talk("State is kept in a temporary folder and removed at the end. Ctrl-C ends the demo."),
    }
}
