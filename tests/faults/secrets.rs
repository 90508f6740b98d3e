//! A22, A23: secrets stand in no output, no log, no figure, and nowhere that another user of the machine can look; and nothing is open that
//! was not asked for.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::service::How;
use crate::world::World;

/// What must be seen nowhere.
const SIGNING: &str = "canary-of-the-signing-secret-0123456789";
const PASSWORD: &str = "canary-of-the-mail-password-0123456789";
const MONITOR: &str = "canary-of-the-monitor-0123456789";

/// Everything that one may read of a process without being it.
fn shown_of(process: u32) -> String {
    let read = |what: &str| fs::read(format!("/proc/{process}/{what}")).unwrap_or_default();
    let mut shown: Vec<u8> = [read("cmdline"), read("environ"), read("comm"), read("status"), read("maps")].concat();
    for thread in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
        shown.extend(fs::read(thread.unwrap().path().join("comm")).unwrap_or_default());
    }
    String::from_utf8_lossy(&shown).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_stands_in_an_output_a_log_a_figure_or_what_the_system_shows_of_the_process() {
    let world = World::set().await;
    let file = |name: &str, secret: &str| {
        let path = world.path(name);
        fs::write(&path, secret).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    };
    let (signing, password) = (file("signing", SIGNING), file("password", PASSWORD));
    let config = fs::read_to_string(world.path("rolecall.toml")).unwrap();
    let config = config.replace(
        "[service]\n",
        &format!("[service]\nsecret = {{ file = {signing:?} }}\nheartbeat_url = \"http://127.0.0.1:9/{MONITOR}\"\n"),
    );
    let config = config.replace("[mail.smtp]\n", &format!("[mail.smtp]\nuser = \"rolecall\"\npassword = {{ file = {password:?} }}\n"));
    fs::write(world.path("rolecall.toml"), config).unwrap();
    world.board.grow(true);
    // As chatty as it can be.
    let service = world.ready(&How::default().with("RUST_LOG", "trace").with("ROLECALL_LOG", "trace")).await;
    let page = service.page().to_owned();
    world.add_until_taken(&service).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let mut seen = vec![("the system", shown_of(service.id()))];
    for path in ["/", "/metrics", "/readyz", "/healthz", "/api/openapi.json", "/admin", "/nowhere"] {
        seen.push((path, reqwest::get(format!("{page}{path}")).await.unwrap().text().await.unwrap()));
    }
    for command in
        [&["status", "--json"][..], &["check"], &["source", "list", "--json"], &["token", "list", "--json"], &["delivery", "list"]]
    {
        let done = world.command(&How::default(), command).output().unwrap();
        seen.push((command[0], String::from_utf8_lossy(&done.stdout).into_owned()));
    }
    service.kill();
    seen.push(("the log", fs::read_to_string(world.path("log")).unwrap()));
    for name in ["rolecall.db", "rolecall.db-wal"] {
        seen.push((name, String::from_utf8_lossy(&fs::read(world.data().join(name)).unwrap_or_default()).into_owned()));
    }
    for (place, text) in &seen {
        for secret in [SIGNING, PASSWORD, MONITOR] {
            assert!(!text.contains(secret), "{secret} in {place}");
        }
    }
    assert!(seen.iter().any(|(place, text)| *place == "the log" && text.contains("no heartbeat is sent")), "the monitor was asked");
}

/// Where a process listens: the addresses of its sockets in state LISTEN (TCP) or bound (UDP), as the kernel writes them.
fn listens(process: u32) -> Vec<String> {
    let links = fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let own: Vec<String> = links.filter_map(|link| Some(fs::read_link(link.ok()?.path()).ok()?.to_string_lossy().into_owned())).collect();
    let mut found = Vec::new();
    for (table, state) in [("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07")] {
        let text = fs::read_to_string(format!("/proc/{process}/net/{table}")).unwrap_or_default();
        for fields in text.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>()) {
            if fields[3] == state && own.contains(&format!("socket:[{}]", fields[9])) {
                found.push(format!("{table} {}", fields[1]));
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_listens_but_the_page_and_the_page_on_loopback_where_nothing_else_is_said() {
    let world = World::set().await;
    let service = world.ready(&How::default()).await;
    let port: u16 = service.page().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(listens(service.id()), [format!("tcp 0100007F:{port:04X}")]);
    world.ends_well(service).await;
    assert!(rolecall::web::WebSettings::default().listen.starts_with("127.0.0.1:"));
}
