//! `rolecall source add` and `source catalogue` as an operator types them, against a page on this machine.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use super::{Done, Place};

const CONFIG: &str = "# our   own order\n[fetch]\nallow_private_addresses = true\nper_host_interval = \"0ms\"\ntimeout = \"5s\"\n\
                      [service]\ndata_dir = \"data\"\n[[source]]\nname = \"malabar\"\nkind = \"lever\"\nboard = \"malabar\"";

/// A place whose only source is a board at Lever.
fn place() -> Place {
    let place = Place::new();
    place.write("rolecall.toml", CONFIG);
    place
}

/// A site that answers these paths, and 404 to all others; it lives until the test's process ends.
fn site(pages: &'static [(&'static str, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let mut lines = BufReader::new(&socket).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            let _rest: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
            let path = first.split(' ').nth(1).unwrap_or_default();
            let body = pages.iter().find(|(known, _)| *known == path).map(|(_, body)| *body);
            let status = if body.is_some() { "200 OK" } else { "404 Not Found" };
            let body = body.unwrap_or_default();
            let _ = write!(&socket, "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        }
    });
    url
}

fn fails(done: &Done, code: i32, words: &[&str]) {
    assert_eq!(done.code, Some(code), "{done:?}");
    for word in words {
        assert!(done.talk.contains(word), "{word:?} is not in {}", done.talk);
    }
}

const FEED: &str = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Jobs</title>\
                    <item><title>Backend Engineer</title><link>https://jobs.example.com/1</link><guid>1</guid></item>\
                    <item><title>Database Administrator</title><link>https://jobs.example.com/2</link><guid>2</guid></item>\
                    </channel></rss>";

#[test]
fn a_board_is_added_below_what_stands_there_and_can_be_listed() {
    let place = place();
    std::fs::set_permissions(place.path("rolecall.toml"), std::fs::Permissions::from_mode(0o640)).unwrap();
    let out = place.data("source add https://job-boards.greenhouse.io/tilia/jobs/4711 --offline");
    assert!(out.contains("tilia (greenhouse) added to ./rolecall.toml"), "{out}");
    let expected = format!("{CONFIG}\n\n[[source]]\nname = \"tilia\"\nkind = \"greenhouse\"\nboard = \"tilia\"\n");
    assert_eq!(place.read("rolecall.toml"), expected);
    assert_eq!(std::fs::metadata(place.path("rolecall.toml")).unwrap().permissions().mode() & 0o777, 0o640);
    let added = &place.json("source add jobs.eu.lever.co/malabar --offline")[0];
    assert_eq!((&added["name"], &added["written"], &added["checked"]), (&"malabar-lever".into(), &true.into(), &serde_json::Value::Null));
    assert!(place.read("rolecall.toml").starts_with(&expected) && place.read("rolecall.toml").ends_with("region = \"eu\"\n"));
    let names: Vec<_> = place.json("source list").iter().map(|line| line["name"].clone()).collect();
    assert_eq!(names, ["malabar", "tilia", "malabar-lever"]);
}

#[test]
fn without_a_configuration_one_is_made_that_holds_only_the_block() {
    let place = Place::new();
    std::fs::remove_file(place.path("rolecall.toml")).unwrap();
    place.data("source add https://jobs.ashbyhq.com/Tilia%20Bank/1 --name bank --offline");
    assert_eq!(place.read("rolecall.toml"), "[[source]]\nname = \"bank\"\nkind = \"ashby\"\nboard = \"Tilia Bank\"\n");
}

#[test]
fn a_careers_page_leads_to_its_feed_which_is_asked_once() {
    let place = place();
    let site = site(&[("/careers", "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/jobs.rss\">"), ("/jobs.rss", FEED)]);
    let shown = place.run(&format!("source add {site}/careers --dry-run"));
    assert_eq!(shown.out, format!("[[source]]\nname = \"127-0-0-1\"\nkind = \"rss\"\nurl = \"{site}/jobs.rss\"\n"), "{shown:?}");
    assert!(shown.talk.contains("2 postings, 0 left out"), "{shown:?}");
    assert_eq!(place.read("rolecall.toml"), CONFIG, "a dry run writes nothing");
    let added = &place.json(&format!("source add {site}/careers --name tilia"))[0];
    assert_eq!((&added["checked"]["postings"], &added["kind"]), (&2.into(), &"rss".into()));
    assert_eq!(place.json("source check tilia")[0]["postings"], 2);
    fails(&place.run(&format!("source add {site}/jobs.rss")), 65, &["is there already", "\"tilia\""]);
}

#[test]
fn what_is_there_already_is_refused_by_name() {
    let place = place();
    fails(&place.run("source add https://jobs.lever.co/Malabar/1 --offline"), 65, &["is there already", "\"malabar\""]);
    fails(&place.run("source add https://jobs.lever.co/tilia --name malabar --offline"), 65, &["\"malabar\"", "--name"]);
    assert_eq!(place.read("rolecall.toml"), CONFIG);
}

#[test]
fn a_page_with_several_boards_or_none_asks_for_one() {
    let place = place();
    let site = site(&[
        ("/two", "<a href=\"https://jobs.lever.co/tilia\">a</a><a href=\"https://jobs.ashbyhq.com/linden\">b</a>"),
        ("/none", "<a href=\"/about\">about</a>"),
        ("/hint", "<a href=\"/open?gh_jid=4711\">Engineer</a>"),
    ]);
    let words = ["2 boards", "https://jobs.lever.co/tilia", "https://jobs.ashbyhq.com/linden"];
    fails(&place.run(&format!("source add {site}/two")), 65, &words);
    fails(&place.run(&format!("source add {site}/none")), 65, &["no board that is known", "source kinds"]);
    fails(&place.run(&format!("source add {site}/hint")), 65, &["it uses Greenhouse"]);
    fails(&place.run(&format!("source add {site}/gone")), 69, &["404"]);
    fails(&place.run(&format!("source add {site}/two --offline")), 65, &["--offline"]);
    fails(&place.run("source add ftp://tilia.example"), 65, &["http or https"]);
    fails(&place.run("source add https://"), 65, &["give an address"]);
    assert_eq!(place.read("rolecall.toml"), CONFIG);
}

#[test]
fn a_source_that_cannot_be_read_is_refused_unless_it_is_forced() {
    let place = place();
    let site = site(&[("/careers", "<link rel=\"alternate\" type=\"application/rss+xml\" href=\"/jobs.rss\">")]);
    fails(&place.run(&format!("source add {site}/careers")), 69, &["cannot be read", "404", "--force"]);
    assert_eq!(place.read("rolecall.toml"), CONFIG);
    let forced = place.run(&format!("source add {site}/careers --force"));
    assert!(forced.code == Some(0) && forced.talk.contains("cannot be read"), "{forced:?}");
    assert!(place.read("rolecall.toml").contains("jobs.rss"));
}

#[test]
fn a_file_that_no_block_can_follow_is_left_as_it_is() {
    let place = place();
    let inline = "source = [{ name = \"a\", kind = \"file\", path = \"x\" }]\n";
    place.write("rolecall.toml", inline);
    fails(&place.run("source add https://jobs.lever.co/tilia --offline"), 78, &["nothing was written", "board = \"tilia\""]);
    assert_eq!(place.read("rolecall.toml"), inline);
}

#[test]
fn the_catalogue_is_listed_and_switched_on_by_the_configuration() {
    let place = place();
    let all = place.json("source catalogue");
    assert!(all.len() > 1_000 && all.iter().all(|entry| entry["on"] == false));
    let listed = place.run("source catalogue --country in --tag fintech");
    assert!(listed.out.starts_with("ON  COMPANY") && listed.out.contains("Paytm"), "{listed:?}");
    assert!(listed.talk.contains("0 of them on"), "{listed:?}");
    fails(&place.run("source catalogue --tag fintec"), 65, &["--tag", "\"fintech\""]);
    place
        .write("rolecall.toml", &format!("{CONFIG}\n[catalogue]\ncompanies = [\"gitlab\"]\ntags = [\"backend\"]\nexcept = [\"stripe\"]\n"));
    assert_eq!(place.json("source catalogue --search gitlab")[0]["on"], true);
    let listed = place.json("source list");
    let named = |name: &str| listed.iter().any(|source| source["name"] == name);
    assert!(listed.len() > 50 && named("malabar") && named("catalogue/greenhouse/gitlab") && !named("catalogue/greenhouse/stripe"));
    fails(&place.run("source add https://boards.greenhouse.io/gitlab --offline"), 65, &["catalogue/greenhouse/gitlab"]);
    place.write("rolecall.toml", &format!("{CONFIG}\n[catalogue]\ncompanies = [\"gitlap\"]\n"));
    fails(&place.run("source list"), 78, &["catalogue.companies", "did you mean \"gitlab\"?"]);
}
