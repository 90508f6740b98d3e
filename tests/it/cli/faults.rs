//! Bad input: an exit code of sysexits(3), an error that names the place and the mend, and neighbours unharmed.
//!
//! `cargo test --test it cli::faults -- --nocapture` prints each story's line of a table: input, exit code, error.

use super::{CONFIG, Done, Place, free_port, posting};

/// Runs a command that must fail in this way, and prints its line of the table.
fn fails(place: &Place, input: &str, line: &str, code: i32, words: &[&str]) -> Done {
    judge(input, place.run(line), code, words)
}

fn judge(input: &str, done: Done, code: i32, words: &[&str]) -> Done {
    let said: Vec<&str> = done.talk.lines().filter(|line| !line.trim_start().starts_with(['|', '^'])).collect();
    println!("| {input} | {code} | {} |", said.join(" / ").replace('|', "\\|"));
    assert_eq!(done.code, Some(code), "{input}: {done:?}");
    for word in words {
        assert!(done.talk.contains(word), "{input}: {word:?} is not in {}", done.talk);
    }
    assert!(!done.talk.contains("panicked"), "{input}: {}", done.talk);
    done
}

#[test]
fn a_configuration_with_a_fault_is_refused_by_file_line_and_key() {
    let place = Place::new();
    let cases: [(&str, &str, &[&str]); 8] = [
        ("unknown key", "[service]\nnmae = \"x\"\n", &["bad.toml", "line 2", "nmae", "did you mean `name`?"]),
        ("broken TOML", "[service]\n\nname = \"x\n", &["bad.toml", "line 3"]),
        ("unknown source kind", "[[source]]\nname = \"x\"\nkind = \"greenhuose\"\n", &["\"x\"", "did you mean \"greenhouse\"?"]),
        (
            "unknown key of a kind",
            "[[source]]\nname = \"x\"\nkind = \"greenhouse\"\nbaord = \"q\"\n",
            &["bad.toml, line 4", "\"x\"", "baord", "did you mean \"board\"?"],
        ),
        ("missing key of a kind", "[[source]]\nname = \"x\"\nkind = \"greenhouse\"\n", &["\"x\"", "board = "]),
        ("schedule that is none", "[fetch]\nschedule = \"x y\"\n", &["fetch.schedule", "five"]),
        ("database of another kind", "[database]\nurl = \"mysql://x.example/y\"\n", &["database.url", "sqlite:PATH"]),
        ("a secret too short", "[service]\nsecret = \"abc\"\n", &["service.secret", "long random text"]),
    ];
    for (input, text, words) in cases {
        place.write("bad.toml", text);
        fails(&place, input, "--config bad.toml source list", 78, words);
    }
    fails(&place, "missing configuration file", "--config gone.toml status", 78, &["gone.toml", "--config"]);
}

#[test]
fn facts_are_read_beside_a_broken_configuration_unless_it_was_named() {
    let place = Place::new();
    place.write("posting.ndjson", &posting("1", "Backend Engineer"));
    place.write("rolecall.toml", "[service]\nnmae = \"x\"\n");
    let done = place.run("facts posting.ndjson");
    assert_eq!((done.code, done.out.lines().count()), (Some(0), 1), "{done:?}");
    for word in ["rolecall.toml", "line 2", "nmae", "going on without the places"] {
        assert!(done.talk.contains(word), "{word:?} is not in {}", done.talk);
    }
    fails(&place, "named configuration of facts", "--config rolecall.toml facts posting.ndjson", 78, &["rolecall.toml", "line 2"]);
}

#[test]
fn a_variable_that_names_no_key_is_refused_by_its_name() {
    let place = Place::new();
    for (name, words) in [("ROLECALL__SERVICE__NMAE", "did you mean `name`?"), ("ROLECALL__SERVICES__NAME", "did you mean `service`?")] {
        let done = Done::of(place.command(&["status"]).env(name, "x").output().unwrap());
        judge("unknown environment key", done, 78, &[name, words]);
    }
    let done = Done::of(place.command(&["status"]).env("ROLECALL__ALERTS__MAX_LISTINGS", "many").output().unwrap());
    judge("environment value of a wrong kind", done, 78, &["ROLECALL__ALERTS__MAX_LISTINGS", "max_listings"]);
}

#[test]
fn a_source_that_failed_waits_until_it_is_mended_or_resumed() {
    let place = Place::new();
    let asked = || place.json("run")[0]["sources_asked"].clone();
    place.write("rolecall.toml", &CONFIG.replace("postings.ndjson", "gone.ndjson"));
    assert_eq!((asked(), asked()), (1.into(), 0.into()));
    place.data("source resume local");
    fails(&place, "resumed without a wait", "source resume local", 65, &["neither rests nor waits"]);
    place.write("rolecall.toml", CONFIG);
    assert_eq!(place.json("run")[0]["new_listings"], 2, "a mended source is asked at once");
    assert_eq!(asked(), 0);
}

#[test]
fn files_that_bring_nothing_say_why() {
    let place = Place::new();
    std::fs::create_dir(place.path("folder")).unwrap();
    place.write("folder/jobs.csv", "1,Engineer\n");
    let with = |path: &str| place.write("rolecall.toml", &CONFIG.replace("postings.ndjson", path));
    with("nowhere");
    fails(&place, "a path that is not there", "source check local", 69, &["no such file or folder; set path"]);
    let checked = place.run("check --offline");
    assert!(checked.code == Some(78) && checked.out.contains("MEND source: local: ") && checked.out.contains("set path"), "{checked:?}");
    with("folder");
    assert!(place.run("source check local").talk.contains("only those whose names end in .ndjson, .jsonl, .json, .txt are"));
    assert!(place.data("check --offline").contains("WARN source: local: no file in "));
    with("pay.ndjson");
    place.write("pay.ndjson", "{\"id\":\"1\",\"title\":\"A\",\"salary\":\"12 LPA\"}\n");
    fails(&place, "every posting left out", "source check local", 65, &["pay.ndjson line 1: salary", "salary_text", "every posting"]);
    with("twice.ndjson");
    place.write("twice.ndjson", &(posting("1", "A") + &posting("1", "B") + &posting("2", "C")));
    assert!(place.data("source check local").contains("2 postings, 0 left out, 1 with the id of another"));
    assert_eq!(place.json("source check local")[0]["repeated"], 1);
    assert!(place.run("source read file twice.ndjson").talk.contains("1 posting left out, for another before has the same id"));
    place.write("array.json", "[{\"id\":1,\"title\":\"A\"},\n {\"id\":2,\"title\":\"B\"},{\"id\":3}]");
    let read = fails(&place, "an array with a bad entry", "source read file array.json", 65, &["posting 3", "no title"]);
    assert_eq!(read.out.lines().count(), 2);
}

#[test]
fn a_file_or_folder_is_no_address_of_a_board() {
    let place = Place::new();
    for path in ["/var/lib/postings", "postings.ndjson"] {
        fails(&place, "a path to add", &format!("source add {path}"), 65, &["kind = \"file\"", path]);
    }
}

#[test]
fn a_file_of_another_kind_is_no_damaged_database() {
    let place = Place::new();
    for (line, code) in [("verify postings.ndjson", 65), ("restore postings.ndjson", 78)] {
        let done = fails(&place, "no SQLite file", line, code, &["no SQLite file: give the file of a database or a backup"]);
        assert!(!done.talk.contains("damaged"), "{}", done.talk);
    }
}

#[test]
fn a_payload_with_a_fault_costs_itself_and_no_neighbour() {
    let place = Place::new();
    place.write("cut.json", "{\"jobs\":[{\"id\":1,\"tit");
    fails(&place, "truncated payload", "source read greenhouse cut.json", 65, &["cut.json", "$.jobs", "column"]);
    place.write(
        "board.json",
        r#"{"jobs":[{"id":1,"title":"A","absolute_url":"https://jobs.example.com/1"},{"id":2},{"id":3,"title":"C","absolute_url":"https://jobs.example.com/3"}]}"#,
    );
    let done = fails(&place, "one bad posting of three", "source read greenhouse board.json", 65, &["board.json", "jobs[1]", "title"]);
    assert_eq!(done.out.lines().count(), 2, "{}", done.out);
    fails(&place, "unknown kind", "source read greenhuose board.json", 65, &["greenhuose", "did you mean \"greenhouse\"?"]);
    fails(&place, "missing payload", "source read greenhouse gone.json", 69, &["gone.json", "readable"]);
    fails(&place, "unknown source", "source check nope", 65, &["\"nope\"", "local"]);
}

#[test]
fn a_broken_line_is_left_out_by_number_and_the_others_are_read() {
    let place = Place::new();
    let broken = format!("{}{{\"id\":\"9\"\n[]\n{}", posting("1", "Backend Engineer"), posting("3", "Backend Engineer"));
    place.write("broken.ndjson", &broken);
    let done = fails(
        &place,
        "broken lines for facts",
        "facts broken.ndjson",
        65,
        &["broken.ndjson, line 2: column 9", "line 3: column 1", "2 of 4 lines", "mend"],
    );
    assert_eq!(done.out.lines().count(), 2);
    place.write("alerts.ndjson", "{\"id\":\"a1\",\"preferences\":{}}\n");
    let done = fails(
        &place,
        "broken lines for match",
        "match --alerts alerts.ndjson --listings broken.ndjson",
        65,
        &["broken.ndjson, line 2", "2 of 4 lines"],
    );
    assert_eq!(done.out.lines().count(), 2);
    place.write("postings.ndjson", &broken);
    let summary = &place.json("run")[0];
    assert_eq!((&summary["new_listings"], &summary["sources_failed"]), (&2.into(), &0.into()), "{summary}");
    let check = place.run("source check local");
    println!("| broken lines in a file source | 0 | {} |", check.talk.trim().replace('\n', " / "));
    assert!(check.talk.contains("postings.ndjson line 2") && check.talk.contains("line 3"), "{check:?}");
    fails(&place, "missing postings", "facts gone.ndjson", 69, &["gone.ndjson", "readable"]);
}

#[test]
fn an_alert_that_cannot_be_read_is_refused_by_line_and_position_and_the_others_match() {
    let place = Place::new();
    place.write(
        "alerts.ndjson",
        "{\"id\":\"a1\",\"preferences\":{}}\n{\"id\":\"a2\",\"preferences\":{\"keywords\":\"kafka AND (a OR\"}}\n\
         {\"id\":\"a3\",\"preferences\":{\"roles\":[\"plumber\"]}}\n{\"id\":\"a4\",\"preferences\":{\"roles\":[\"backend_engineer\"]}}\n",
    );
    let done = fails(
        &place,
        "keyword query that does not parse",
        "match --alerts alerts.ndjson --listings postings.ndjson --timing",
        65,
        &["alerts.ndjson, line 2: preferences.keywords", "character 16", "line 3: preferences.roles[0]", "2 of 4 lines"],
    );
    let last = done.talk.lines().last().unwrap();
    assert_eq!(serde_json::from_str::<serde_json::Value>(last).unwrap()["alerts"], 2, "the figures end stderr");
    let mut found: Vec<&str> = done.out.lines().collect();
    found.sort_unstable();
    let expected = [r#"{"listing":"1","alert":"a1"}"#, r#"{"listing":"1","alert":"a4"}"#, r#"{"listing":"2","alert":"a1"}"#];
    assert_eq!(found, expected);
}

#[test]
fn wishes_and_addresses_that_make_no_sense_are_refused_by_their_place() {
    let place = Place::new();
    fails(&place, "bad address", "subscriber add not-an-address", 65, &["address", "name@example.org"]);
    fails(&place, "address nobody has", "subscriber show ann@example.org", 65, &["subscriber list"]);
    fails(&place, "bad address for a test letter", "mail test x@", 65, &["name@example.org"]);
    let cases = [
        ("bad time zone", r#"{"delivery":{"frequency":"daily","at":"08:00","time_zone":"Mars/Base"}}"#, "IANA"),
        ("bad time of day", r#"{"delivery":{"frequency":"daily","at":"25:00","time_zone":"UTC"}}"#, "HH:MM"),
        ("unknown key of preferences", r#"{"preferences":{"role":["backend_engineer"]}}"#, "unknown field `role`"),
        ("unknown role", r#"{"preferences":{"roles":["backend_enginer"]}}"#, "backend_engineer"),
    ];
    for (input, text, words) in cases {
        place.write("alert.json", text);
        fails(&place, input, "subscriber add ann@example.org --preferences alert.json", 65, &["alert.json", words]);
    }
    assert_eq!(place.data("subscriber list --json"), "", "a refused alert adds nobody");
    fails(&place, "missing preferences", "forecast gone.json", 69, &["gone.json", "readable"]);
    place.write(
        "people.ndjson",
        "{\"email\":\"no address\"}\n{\"email\":\"ann@example.org\",\"preferences\":{\"skills\":{\"any\":[\"rust\"]}}}\n\
         {\"email\":\"bob@example.org\",\"prefs\":{}}\n",
    );
    let input = "bad lines of an import";
    fails(&place, input, "subscriber import people.ndjson", 65, &["line 1: email", "line 3", "`prefs`", "1 alert added", "2 of 3"]);
    assert_eq!(place.json("subscriber list")[0]["email"], "ann@example.org");
    fails(&place, "alert that is not there", "alert preview 77", 65, &["subscriber show"]);
    fails(&place, "listing that is not there", "explain --alert 1 --listing 99", 65, &["/jobs"]);
    fails(&place, "moment that is none", "run --now yesterday", 2, &["--now"]);
    place.data("backup copy.db");
    fails(&place, "copy over a file", "backup copy.db", 65, &["copy.db", "new file"]);
}

/// The newest schema number there can be, written as a future version would.
const FUTURE: &str = "INSERT INTO _sqlx_migrations SELECT 29991231000000, 'future', installed_on, success, checksum, execution_time \
                      FROM _sqlx_migrations LIMIT 1";

#[tokio::test]
async fn a_database_of_a_newer_version_is_left_untouched() {
    use sqlx::Connection as _;
    let place = Place::new();
    place.data("run");
    let url = format!("sqlite:{}", place.path("data/rolecall.db").display());
    let mut link = sqlx::SqliteConnection::connect(&url).await.unwrap();
    sqlx::query(FUTURE).execute(&mut link).await.unwrap();
    link.close().await.unwrap();
    let before = std::fs::read(place.path("data/rolecall.db")).unwrap();
    for line in ["status", "run", "serve"] {
        fails(&place, "database of a newer version", line, 78, &["29991231000000", "newer rolecall", "backup"]);
    }
    assert!(before == std::fs::read(place.path("data/rolecall.db")).unwrap(), "the database was written");
}

#[test]
fn a_folder_that_cannot_be_written_is_named_with_the_mend() {
    let place = Place::new();
    // Below /proc nobody may write, root neither.
    place.write("bad.toml", "[service]\ndata_dir = \"/proc/rolecall\"\n");
    for line in ["status", "run", "serve"] {
        fails(&place, "unwritable data folder", &format!("--config bad.toml {line}"), 77, &["/proc/rolecall", "service.data_dir"]);
    }
    place.write("bad.toml", "[database]\nurl = \"sqlite:/proc/rolecall.db\"\n");
    fails(&place, "unwritable database", "--config bad.toml status", 77, &["/proc", "database.url"]);
}

#[test]
fn a_place_that_is_taken_is_named_with_the_mend() {
    let place = Place::new();
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = holder.local_addr().unwrap().port();
    place.write("rolecall.toml", &format!("[web]\nlisten = \"127.0.0.1:{port}\"\n"));
    fails(&place, "port in use", "serve", 69, &[&port.to_string(), "listen"]);
    drop(holder);
    let port = free_port();
    place.write("rolecall.toml", &format!("[web]\nlisten = \"127.0.0.1:{port}\"\n"));
    let first = place.start("serve");
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(std::time::Instant::now() < until, "the daemon does not listen within 30 s");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    for line in ["serve", "run"] {
        fails(&place, "second process on one data folder", line, 75, &["rolecall.lock", "stop it first"]);
    }
    assert_eq!(first.stop(), Some(0));
}

#[test]
fn a_source_that_is_gone_fails_alone() {
    let place = Place::new();
    let more = format!("{}[[source]]\nname = \"gone\"\nkind = \"file\"\npath = \"gone.ndjson\"\n", super::CONFIG);
    place.write("rolecall.toml", &more);
    let summary = &place.json("run")[0];
    assert_eq!((&summary["sources_asked"], &summary["sources_failed"], &summary["new_listings"]), (&2.into(), &1.into(), &2.into()));
    fails(&place, "source whose file is gone", "source check gone", 69, &["gone.ndjson"]);
    let list = place.json("source list");
    assert!(list[0]["fault"].is_null() && !list[1]["fault"].is_null(), "{list:?}");
}
