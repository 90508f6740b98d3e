//! The care of the database: verified, backed up while the service runs, restored, refused when damaged, and erased without a trace.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

use super::{Done, Place, Running, free_port};

/// A place whose page listens somewhere.
fn serving() -> (Place, u16) {
    let (place, port) = (Place::new(), free_port());
    place.write("rolecall.toml", &format!("{}[web]\nlisten = \"127.0.0.1:{port}\"\n", super::CONFIG));
    (place, port)
}

fn ready(port: u16) {
    let until = Instant::now() + Duration::from_mins(1);
    while !super::push::ask(port, "GET", "/readyz", "", "").contains(" 200 ") {
        assert!(Instant::now() < until, "the daemon did not get ready within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn names_in(folder: &Path) -> Vec<std::ffi::OsString> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

/// Every row of every table as text.
fn rows(file: &Path) -> BTreeMap<String, Vec<String>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
        let mut connection = options.connect().await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let mut all = BTreeMap::new();
        for table in tables {
            let columns: Vec<String> =
                sqlx::query_scalar("SELECT name FROM pragma_table_info($1)").bind(&table).fetch_all(&mut connection).await.unwrap();
            let text = columns.iter().map(|column| format!("quote(\"{column}\")")).collect::<Vec<_>>().join(" || ',' || ");
            let sql = format!("SELECT {text} FROM \"{table}\" ORDER BY 1");
            all.insert(table, sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap());
        }
        connection.close().await.unwrap();
        all
    })
}

#[test]
fn a_backup_of_a_running_service_comes_back_row_by_row_and_what_stood_there_is_kept_aside() {
    let (place, port) = serving();
    place.data("subscriber add early@example.org --confirmed");
    place.data("run");
    let daemon = place.start("serve");
    ready(port);
    place.data("backup saved.db");
    place.data("subscriber add late@example.org --confirmed");
    let held = place.run("restore saved.db");
    assert!(held.code == Some(75) && held.talk.contains("another rolecall runs"), "{held:?}");
    assert_eq!(daemon.stop(), Some(0));

    let saved = rows(&place.path("saved.db"));
    let restored = place.json("restore saved.db").remove(0);
    assert!(restored["backup"]["well"] == true && restored["backup"]["subscribers"] == 1, "{restored}");
    assert_eq!(rows(&place.path("data/rolecall.db")), saved);
    assert!(saved.len() > 12 && !saved["listing"].is_empty() && saved["subscriber"].len() == 1);
    let people = place.data("subscriber list");
    assert!(people.contains("early@") && !people.contains("late@"), "{people}");
    let kept = place.path("data").join(Path::new(restored["kept"].as_str().unwrap()).file_name().unwrap());
    assert_eq!(rows(&kept)["subscriber"].len(), 2, "nothing is lost by a restore of the wrong file");

    let again = place.start("serve");
    ready(port);
    assert_eq!(again.stop(), Some(0));
}

#[test]
fn what_is_no_whole_backup_is_not_restored_and_the_database_stays() {
    let place = Place::new();
    place.data("subscriber add asha@example.org --confirmed");
    let before = rows(&place.path("data/rolecall.db"));
    place.write("rubbish.db", &"no database ".repeat(900));
    place.data("backup saved.db");
    let mut bytes = std::fs::read(place.path("saved.db")).unwrap();
    bytes[4096 * 3..4096 * 3 + 100].fill(0xff);
    std::fs::write(place.path("damaged.db"), &bytes).unwrap();
    for (file, code, words) in [
        ("rubbish.db", 78, "no SQLite file"),
        ("damaged.db", 78, "is damaged"),
        ("gone.db", 77, "gone.db"),
        ("data/rolecall.db", 77, "itself"),
    ] {
        let refused = place.run(&format!("restore {file}"));
        assert!(refused.code == Some(code) && refused.talk.contains(words), "{file}: {refused:?}");
        assert_eq!(rows(&place.path("data/rolecall.db")), before, "{file}");
    }
    let whole = place.json("verify saved.db").remove(0);
    assert!(whole["well"] == true && whole["faults"] == serde_json::json!([]), "{whole}");
    assert!(place.data("verify").starts_with("whole"));
    let damaged = place.run("verify damaged.db");
    assert!(damaged.code == Some(65) && damaged.out.starts_with("DAMAGED") && damaged.talk.contains("rolecall restore"), "{damaged:?}");
}

/// What a start says that is refused; one that is not fails.
fn refused(place: &Place) -> Done {
    let mut child = place.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_mins(1);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > until {
            child.kill().unwrap();
            panic!("the service started: {:?}", Done::of(child.wait_with_output().unwrap()));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Done::of(child.wait_with_output().unwrap())
}

/// A database of several hundred pages, closed well.
fn filled() -> (Place, Vec<u8>) {
    let place = Place::new();
    let person = |n| format!("{{\"email\":\"person-{n}@example.org\",\"preferences\":{{}},\"delivery\":{{\"frequency\":\"daily\"}}}}\n");
    let people = (0..400).map(person).collect::<Vec<_>>().concat();
    place.write("people.ndjson", &people);
    place.data("subscriber import people.ndjson");
    // A backup has no log beside it, in which SQLite would find the damaged page as it was.
    place.data("backup whole.db");
    let bytes = std::fs::read(place.path("whole.db")).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(place.path(&format!("data/rolecall.db{ending}")));
    }
    (place, bytes)
}

#[test]
fn a_damaged_database_is_refused_twenty_times_of_twenty_and_left_as_it_is() {
    let (place, bytes) = filled();
    let pages = bytes.len() / 4096;
    assert!(pages > 60, "{pages}");
    for round in 0..20 {
        let mut damaged = bytes.clone();
        // The head of a page: its kind, its cells. The first page's own head stands behind that of the file.
        let page = round * (pages - 1) / 19;
        let from = if page == 0 { 100 } else { page * 4096 };
        damaged[from..from + 8].iter_mut().for_each(|byte| *byte ^= 0x5a);
        std::fs::write(place.path("data/rolecall.db"), &damaged).unwrap();
        let said = refused(&place);
        assert!(said.code == Some(78) && said.talk.contains("rolecall restore BACKUP"), "page {page}: {said:?}");
        assert!(std::fs::read(place.path("data/rolecall.db")).unwrap() == damaged, "page {page} is not touched");
    }
}

#[test]
fn a_database_that_was_closed_in_order_is_read_behind_the_start_and_damage_ends_the_service_all_the_same() {
    let (place, port) = serving();
    let person = |n| format!("{{\"email\":\"person-{n}@example.org\",\"preferences\":{{}},\"delivery\":{{\"frequency\":\"daily\"}}}}\n");
    place.write("people.ndjson", &(0..400).map(person).collect::<Vec<_>>().concat());
    place.data("subscriber import people.ndjson");
    let (database, mark) = (place.path("data/rolecall.db"), place.path("data/rolecall.db-whole"));
    // Whatever looks into the database at the moment of a stop keeps it from being closed to its end.
    for _ in 0..3 {
        let daemon = place.start("serve");
        ready(port);
        assert_eq!(daemon.stop(), Some(0));
        if mark.exists() {
            break;
        }
    }
    let left = names_in(&place.path("data"));
    if left.iter().any(|name| name == "rolecall.db-wal") {
        return crate::support::skipped(
            "a database read behind the start",
            &format!("something here keeps databases from being closed: {left:?}"),
        );
    }
    assert!(mark.exists(), "it was whole and closed in order: {left:?}");

    // A disk that forgets leaves no trace outside the file.
    let written = std::fs::metadata(&database).unwrap().modified().unwrap();
    let mut bytes = std::fs::read(&database).unwrap();
    let page = bytes.len() / 4096 * 2 / 3;
    bytes[page * 4096..page * 4096 + 8].iter_mut().for_each(|byte| *byte ^= 0x5a);
    std::fs::write(&database, &bytes).unwrap();
    File::options().append(true).open(&database).unwrap().set_modified(written).unwrap();
    let said = refused(&place);
    assert!(said.code == Some(78) && said.talk.contains("rolecall serves") && said.talk.contains("rolecall restore BACKUP"), "{said:?}");
    assert!(!mark.exists());
    let again = refused(&place);
    assert!(again.code == Some(78) && !again.talk.contains("rolecall serves"), "without the mark it is read first: {again:?}");
}

#[test]
fn a_damaged_log_is_refused_and_never_dropped_in_silence() {
    let (place, port) = serving();
    let daemon = place.start("serve");
    ready(port);
    for n in 0..12 {
        place.data(&format!("subscriber add person-{n}@example.org --confirmed"));
    }
    let (database, log) = (place.path("data/rolecall.db"), place.path("data/rolecall.db-wal"));
    drop(daemon);
    let (whole, bytes) = (std::fs::read(&database).unwrap(), std::fs::read(&log).unwrap());
    assert!(bytes.len() > 20 * 4096, "the log was left behind");
    for at in [40, 4_000, bytes.len() / 4, bytes.len() / 3] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x10;
        std::fs::write(&log, &damaged).unwrap();
        let said = refused(&place);
        assert!(said.code == Some(78) && said.talk.contains("in its log"), "{at}: {said:?}");
        assert!(std::fs::read(&log).unwrap() == damaged && std::fs::read(&database).unwrap() == whole, "{at}: nothing was touched");
    }
    std::fs::write(&log, &bytes).unwrap();
    let again = place.start("serve");
    ready(port);
    assert_eq!(again.stop(), Some(0));
    assert_eq!(place.json("subscriber list").len(), 12, "with the log as it was, nobody is missing");
}

#[test]
fn a_clock_that_is_far_behind_the_newest_row_is_refused_until_it_is_trusted() {
    let (place, port) = serving();
    place.data("subscriber add asha@example.org --confirmed");
    place.data("run --now 2099-01-01T12:00:00Z");
    let said = refused(&place);
    assert!(said.code == Some(78) && said.talk.contains("2099-01-01") && said.talk.contains("service.trust_clock"), "{said:?}");
    let daemon = Running(
        place
            .command(&["serve"])
            .env("ROLECALL__SERVICE__TRUST_CLOCK", "true")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    ready(port);
    assert_eq!(daemon.stop(), Some(0));
}

#[test]
fn a_folder_that_cannot_be_written_is_refused_with_the_mend() {
    let place = Place::new();
    place.write("file", "x");
    let refused = Done::of(place.command(&["serve"]).env("ROLECALL__SERVICE__DATA_DIR", "file/data").output().unwrap());
    assert!(refused.code == Some(77) && refused.talk.contains("make the folder writable"), "{refused:?}");
}

#[test]
fn an_erased_address_stands_in_no_file_and_in_no_line_of_the_log() {
    let (place, port) = serving();
    let log = place.path("log");
    let words = ["serve", "-vv", "--log-format", "json"];
    let daemon = place.command(&words).stdout(Stdio::null()).stderr(File::create(&log).unwrap()).spawn().unwrap();
    let daemon = Running(daemon);
    ready(port);
    let form = "email=unforgettable%40example.org&name=Rust&frequency=daily&at=08%3A00";
    super::push::ask(port, "POST", "/subscribe", "content-type: application/x-www-form-urlencoded\r\n", form);
    place.data("subscriber add unforgettable@example.org --confirmed");
    let until = Instant::now() + Duration::from_mins(1);
    while !place.letters().iter().any(|letter| letter.contains("unforgettable@")) {
        assert!(Instant::now() < until, "no letter went out within a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
    let holds = |needle: &[u8]| -> Vec<String> {
        let database = std::fs::read_dir(place.path("data")).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let files = database.chain([log.clone()]);
        let found = files.filter(|file| std::fs::read(file).unwrap().windows(needle.len()).any(|bytes| bytes == needle));
        found.map(|file| file.display().to_string()).collect()
    };
    assert!(!holds(b"unforgettable").is_empty(), "the search finds what is there");
    place.data("subscriber erase unforgettable@example.org");
    assert_eq!(holds(b"unforgettable"), [""; 0], "while the service runs");
    assert_eq!(daemon.stop(), Some(0));
    assert_eq!(holds(b"unforgettable"), [""; 0], "after it ended");
    assert!(std::fs::metadata(&log).unwrap().len() > 1_000, "the log said everything else");
}
