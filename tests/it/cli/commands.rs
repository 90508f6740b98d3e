//! Every command end to end: data on stdout, talk on stderr, JSON where it is asked for.

use super::Place;

/// A place where a listing came after its subscriber, at a moment that is past, so that there is something to show.
fn lived_in() -> Place {
    let place = Place::new();
    place.data("run --now 2024-01-01T06:00:00Z");
    place.data("subscriber add ann@example.org --confirmed");
    let more = place.read("postings.ndjson") + &super::posting("3", "Backend Engineer, Payments");
    place.write("postings.ndjson", &more);
    place.data("run");
    place
}

#[test]
fn questions_about_sources_are_answered() {
    let place = lived_in();
    assert!(place.data("source list").contains("local"));
    let list = place.json("source list");
    assert_eq!((&list[0]["name"], &list[0]["last_yield"]), (&"local".into(), &3.into()));
    let kinds = place.json("source kinds");
    assert!(["greenhouse", "lever", "ashby", "rss", "file"].iter().all(|kind| kinds.iter().any(|known| known["kind"] == *kind)));
    assert!(place.data("source kinds").lines().count() >= kinds.len());
    assert_eq!(place.json("source check local")[0]["postings"], 3);
    assert!(place.data("source check local").contains("3 postings"));
    let read = place.json("source read file postings.ndjson");
    assert_eq!(read.len(), 3);
    for key in ["id", "source", "title", "company", "location", "description", "salary_text", "employment_type", "posted_at", "url"] {
        assert!(read[0].get(key).is_some(), "{key}");
    }
}

#[test]
fn facts_keep_the_order_and_carry_every_key_of_the_contract() {
    let place = Place::new();
    let lines = place.json("facts postings.ndjson");
    assert_eq!(lines.iter().map(|line| line["id"].as_str().unwrap()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(
        (&lines[0]["role"], &lines[0]["seniority"], &lines[0]["country"]),
        (&"backend_engineer".into(), &"senior".into(), &"IN".into())
    );
    assert_eq!(lines[1]["is_backend"], false);
    let keys = "id role is_backend seniority work_mode remote_countries salary skills country city min_years education employment_type \
                visa language evidence";
    for key in keys.split_whitespace() {
        assert!(lines[0].get(key).is_some(), "{key}");
    }
    let mut command = place.command(&["facts"]);
    let input = std::fs::File::open(place.path("postings.ndjson")).unwrap();
    let piped = super::Done::of(command.stdin(input).output().unwrap());
    assert_eq!(piped.out, place.data("facts postings.ndjson"), "standard input and file say the same");
}

#[test]
fn a_subscriber_is_added_shown_paused_resumed_exported_and_erased() {
    let place = Place::new();
    place.write("alert.json", r#"{"id":"a1","name":"Rust","preferences":{"skills":{"any":["rust"]}},"delivery":{"frequency":"weekly","at":"09:30","days":["mon"],"time_zone":"Europe/Berlin"}}"#);
    let added = &place.json("subscriber add ann@example.org --preferences alert.json --confirmed")[0];
    assert_eq!((&added["subscriber"], &added["alert"]), (&1.into(), &1.into()));
    let shown = &place.json("subscriber show ann@example.org")[0];
    assert_eq!(shown["alerts"][0]["delivery"]["time_zone"], "Europe/Berlin");
    assert!(place.data("subscriber show ANN@example.org").contains("Rust"));
    for (command, state) in [("pause ann@example.org --until 2030-01-01T00:00:00Z", "paused"), ("resume ann@example.org", "active")] {
        assert_eq!(place.data(&format!("subscriber {command}")), "", "talk is no data");
        assert_eq!(place.json("subscriber list")[0]["state"], state);
    }
    assert!(place.data("subscriber list").contains("ann@example.org"));
    let export = &place.json("subscriber export ann@example.org")[0];
    assert_eq!((&export["email"], &export["alerts"][0]["name"]), (&"ann@example.org".into(), &"Rust".into()));
    assert!(export["consent"].as_array().unwrap().len() >= 3);
    place.data("subscriber erase ann@example.org");
    assert_eq!(place.data("subscriber list --json"), "");
}

#[test]
fn a_paused_source_is_said_to_be_paused() {
    let place = lived_in();
    place.data("source pause local");
    assert!(place.data("source list").contains("paused: `rolecall source resume` ends it"));
    assert_eq!(place.json("source list")[0]["health"], "paused");
    assert_eq!(place.json("status")[0]["sources"][0]["health"], "paused");
    assert!(place.data("check --offline").contains("1 enabled, 0 want looking at"));
}

#[test]
fn without_a_file_the_built_in_defaults_are_named() {
    let place = Place::new();
    std::fs::remove_file(place.path("rolecall.toml")).unwrap();
    assert!(place.data("check --offline").contains("built-in defaults"));
}

#[test]
fn who_erases_is_told_of_letters_in_files() {
    let place = Place::new();
    place.data("subscriber add ann@example.org --confirmed");
    assert!(place.run("subscriber erase ann@example.org").talk.contains("data/mail before still hold the address"));
}

#[test]
fn an_import_may_be_run_again_and_brings_nobody_back() {
    let place = Place::new();
    let line = |name: &str, alert: &str| {
        format!("{{\"email\":\"{name}@example.org\",\"name\":\"{alert}\",\"preferences\":{{\"skills\":{{\"any\":[\"golang\"]}}}}}}\n")
    };
    place.write("people.ndjson", &(line("ann", "Go  jobs") + &line("bob", "Go") + &line("ANN", "Go jobs")));
    let import = || place.run("subscriber import people.ndjson").talk;
    let alerts = |name: &str| place.json(&format!("subscriber show {name}@example.org"))[0]["alerts"].as_array().unwrap().len();
    assert!(import().contains("2 alerts added, 1 left alone"));
    assert!(import().contains("0 alerts added, 3 left alone"));
    place.write("people.ndjson", &(place.read("people.ndjson") + &line("ann", "Other")));
    assert!(import().contains("1 alert added, 3 left alone"));
    assert_eq!((alerts("ann"), alerts("bob")), (2, 1));
    place.data("run");
    assert_eq!(place.letters().len(), 3, "a welcome letter for each alert");
    place.data("subscriber suppress bob@example.org");
    place.data("subscriber unsuppress bob@example.org");
    import();
    assert_eq!(alerts("bob"), 0, "who left stays gone");
    place.write("one.json", r#"{"name":"Go","preferences":{"skills":{"any":["golang"]}}}"#);
    place.data("subscriber add bob@example.org --preferences one.json --confirmed");
    assert_eq!(alerts("bob"), 1, "the word of the operator for one person counts");
}

#[test]
fn an_unconfirmed_subscriber_is_asked_by_mail_and_gets_nothing_else() {
    let place = Place::new();
    place.data("subscriber add ann@example.org");
    assert_eq!(place.json("subscriber list")[0]["state"], "pending");
    place.data("run");
    let letters = place.letters();
    assert_eq!(letters.len(), 1);
    assert!(letters[0].contains("/confirm/"), "{}", letters[0]);
}

#[test]
fn the_evaluation_answers_for_one_alert_and_for_all() {
    let place = lived_in();
    let why = &place.json("explain --alert 1 --listing 3")[0];
    assert_eq!(why["fits"], true, "{why}");
    assert_eq!(place.json("explain --alert 1 --listing 2")[0]["fits"], false);
    assert!(place.data("explain --alert 1 --listing 2").contains("does not fit"));
    let letter = place.data("alert preview 1");
    assert!(letter.starts_with("Subject: ") && letter.contains("Backend Engineer, Payments"), "{letter}");
    assert!(place.data("alert preview 1 --html").contains("<html"));
    assert_eq!(place.json("alert preview 1")[0]["total"], 1);
    place.write("wishes.json", r#"{"keywords":"title:payments"}"#);
    assert_eq!(place.json("forecast wishes.json")[0]["fitting"], 1);
    let foretold = place.data("forecast wishes.json");
    assert!(
        foretold.starts_with("fewer than one a week: ") && foretold.contains("1 that fit"),
        "one day is no base for a week: {foretold}"
    );
    let next = place.json("subscriber show ann@example.org")[0]["alerts"][0]["due_at"].as_str().unwrap().to_owned();
    let replayed = place.json(&format!("replay --at {next}"));
    assert_eq!(replayed[0]["listings"][0]["title"], "Backend Engineer, Payments");
    assert!(place.data(&format!("replay --at {next}")).contains("Backend Engineer, Payments"));
}

#[test]
fn what_strangers_wrote_turns_no_terminal_around_and_nothing_is_said_to_be_nothing() {
    let place = Place::new();
    place.data("run --now 2024-01-01T06:00:00Z");
    place.data("subscriber add ann@example.org --confirmed");
    let (turned, long) = ("\u{202e}reenignE\u{202c} \u{1b}[31mRust", "X".repeat(400));
    let mut hostile: serde_json::Value = serde_json::from_str(&super::posting("9", &format!("Backend Engineer {turned} {long}"))).unwrap();
    hostile["company"] = format!("Malabar {turned} {long}").into();
    hostile["description"] = format!("<p>Services in Rust {turned}.</p>").into();
    place.write("postings.ndjson", &format!("{}{hostile}\n", place.read("postings.ndjson")));
    place.data("run");
    let next = place.json("subscriber show ann@example.org")[0]["alerts"][0]["due_at"].as_str().unwrap().to_owned();
    let replay = format!("replay --at {next}");
    let said = [place.data("explain --alert 1 --listing 3"), place.data(&replay)];
    for told in &said {
        assert!(told.contains("reenignE"), "{told}");
        assert!(!told.contains(['\u{202e}', '\u{202c}', '\u{1b}']), "{told:?}");
        assert!(!told.contains(&"X".repeat(160)), "a title is cut as pages cut it: {told}");
    }
    let nothing = place.run("replay --at 2020-01-01T00:00:00Z");
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(0), ""));
    assert!(nothing.talk.contains("no alert would have sent anything"), "{nothing:?}");
}

#[test]
fn the_operator_asks_for_mail_checks_state_and_a_copy() {
    let place = lived_in();
    assert_eq!(place.json("mail test ops@example.org")[0]["accepted"], true);
    assert!(place.data("mail test ops@example.org").starts_with("accepted"));
    assert!(place.json("check").iter().all(|line| line["well"] == true));
    assert!(place.data("check").lines().all(|line| line.starts_with("ok")));
    let status = &place.json("status")[0];
    for key in ["pending", "oldest_pending_seconds", "delivered", "failed", "sources"] {
        assert!(status.get(key).is_some(), "{key}: {status}");
    }
    let told = place.data("status");
    assert!(
        told.contains("last success") && told.contains("of those still kept ") && told.contains("3 open (3 jobs: each once)"),
        "{told}"
    );
    assert!(place.data("source list").contains("  3, usually 2  "), "what stands beside the count is named");
    assert_eq!(place.data("backup copy.db"), "");
    place.write("copy.toml", "[database]\nurl = \"sqlite:copy.db\"\n[service]\ndata_dir = \"elsewhere\"\n");
    assert_eq!(place.json("--config copy.toml status")[0]["open_listings"], 3, "the copy is whole");
}

#[test]
fn a_check_asks_for_a_contact_where_boards_are_configured_and_fails_nothing_for_it() {
    let place = Place::new();
    let warning = |contact: &str| {
        place.write("asks.toml", &format!("[fetch]\n{contact}\n[[source]]\nname = \"x\"\nkind = \"greenhouse\"\nboard = \"x\"\n"));
        place.data("--config asks.toml check").lines().find(|line| line.starts_with("WARN")).map(str::to_owned)
    };
    assert!(warning("").unwrap().contains("fetch.contact is empty"));
    assert_eq!(warning("contact = \"jobs@example.org\""), None);
}

#[test]
fn completions_and_the_man_page_are_written() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(place.data(&format!("completions {shell}")).contains("rolecall"), "{shell}");
    }
    assert!(place.data("man").contains(".TH rolecall"));
}

#[test]
fn logs_are_json_where_it_is_asked_for_and_silent_where_not() {
    let place = Place::new();
    let loud = place.run("run --log-format json");
    assert!(loud.talk.lines().count() > 0);
    assert!(loud.talk.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{}", loud.talk);
    assert_eq!(place.run("-q run").talk, "");
}

#[test]
fn a_reader_that_goes_away_ends_a_command_quietly() {
    let place = Place::new();
    place.write("many.ndjson", &(0..3_000).map(|id| super::posting(&id.to_string(), "Backend Engineer")).collect::<String>());
    place.write("bad.ndjson", &"{\n".repeat(3_000));
    let program = env!("CARGO_BIN_EXE_rolecall");
    for line in ["facts many.ndjson", "source kinds", "source read file many.ndjson", "completions bash", "man"] {
        let script = format!("{program} {line} | head -n 1; exit ${{PIPESTATUS[0]}}");
        let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(place.folder.path()).output().unwrap();
        let done = super::Done::of(output);
        assert_eq!((done.code, done.out.lines().count(), done.talk.as_str()), (Some(0), 1, ""), "{line}");
    }
    let script = format!("{program} facts bad.ndjson 2>&1 | head -n 1; exit ${{PIPESTATUS[0]}}");
    let output = std::process::Command::new("bash").args(["-c", &script]).current_dir(place.folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(65), "talk that nobody hears is no panic");
}
