//! Letters before anybody gets them, and with templates of one's own.

use super::Place;

const KINDS: [&str; 10] = ["confirmation", "link", "welcome", "instant", "digest", "renewal", "silence", "webhook", "goodbye", "report"];

#[test]
fn every_letter_can_be_seen_before_anybody_gets_it() {
    let place = Place::new();
    for kind in KINDS {
        let text = place.data(&format!("mail preview {kind}"));
        assert!(text.starts_with("Subject: ") && text.contains("Sent by Rolecall"), "{kind}: {text}");
        assert!(place.data(&format!("mail preview {kind} --html")).starts_with("<!doctype html>"), "{kind}");
        let raw = place.data(&format!("mail preview {kind} --raw"));
        assert!(raw.contains("\r\nMIME-Version: 1.0\r\n") && raw.contains("multipart/alternative"), "{kind}: {raw}");
    }
    for (language, word) in [("de", "Gesendet von"), ("hi", "सहमति")] {
        let digest = place.data(&format!("mail preview digest --language {language}"));
        assert!(digest.contains(word), "{language}: {digest}");
    }
    assert!(!place.path("data/rolecall.db").exists() && !place.path("data/secret").exists(), "no database and no secret is needed");
    let unknown = place.run("mail preview birthday");
    assert!(unknown.code == Some(65) && unknown.talk.contains("goodbye"), "{unknown:?}");
}

#[test]
fn the_raw_preview_is_signed_where_a_key_is_set() {
    let place = Place::new();
    let made = std::process::Command::new("openssl")
        .args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"])
        .arg(place.path("dkim.pem"))
        .stderr(std::process::Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return crate::support::skipped("the signed preview", "openssl is not installed");
    }
    let dkim = "[mail.dkim]\ndomain = \"localhost\"\nkeys = [{ selector = \"a\", file = \"dkim.pem\" }]\n[[source]]";
    place.write("rolecall.toml", &super::CONFIG.replace("[[source]]", dkim));
    let raw = place.data("mail preview digest --raw");
    assert!(raw.starts_with("DKIM-Signature: ") && raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"), "{raw}");
}

#[test]
fn an_alert_is_shown_as_the_letter_it_would_be_now() {
    let place = Place::new();
    // Due on leap days only, so that no run of this test decides it.
    place.write("wishes.json", r#"{"name":"Backend","preferences":{},"delivery":{"frequency":"0 0 29 2 *"}}"#);
    place.data("subscriber add ann@example.org --confirmed --preferences wishes.json");
    place.data("run");
    let nothing = place.run("alert preview 1");
    assert!(nothing.code == Some(0) && nothing.out.is_empty() && nothing.talk.contains("nothing new fits"), "{nothing:?}");
    place.write("postings.ndjson", &format!("{}{}", place.read("postings.ndjson"), super::posting("3", "Rust Backend Engineer")));
    let later = rolecall::clock::Clock::System.now() + chrono::Duration::minutes(20);
    place.data(&format!("run --now {}", later.format("%Y-%m-%dT%H:%M:%SZ")));
    assert!(place.data("alert preview 1").starts_with("Subject: Rust Backend Engineer"));
    assert!(place.data("alert preview 1 --html").starts_with("<!doctype html>"));
    let raw = place.data("alert preview 1 --raw");
    assert!(raw.contains("\r\nTo: ann@example.org\r\n") && raw.contains("List-Id: \"Backend\" <alert-1.localhost>"), "{raw}");
    assert_eq!(place.json("alert preview 1")[0]["total"], 1);
}

#[test]
fn an_operator_changes_a_template_without_a_compiler() {
    let place = Place::new();
    let told = place.data("template export mine");
    assert!(told.lines().count() > 20 && told.contains("mine/digest/body.html"), "{told}");
    place.write("mine/goodbye/subject.txt", "Farewell from {{ service.name }}\n");
    assert_eq!(place.data("template export mine"), "", "what is there stays");
    place.write("rolecall.toml", &super::CONFIG.replace("[mail]", "[mail]\ntemplates = \"mine\""));
    assert!(place.data("mail preview goodbye").starts_with("Subject: Farewell from Rolecall\n"));
}

#[test]
fn a_template_that_would_fail_a_reader_stops_the_start_and_says_where_and_how_to_mend_it() {
    let place = Place::new();
    place.write("rolecall.toml", &super::CONFIG.replace("[mail]", "[mail]\ntemplates = \"mine\""));
    let missing = place.run("mail preview digest");
    assert!(missing.code == Some(78) && missing.talk.contains("template export"), "{missing:?}");
    let body = "{% extends \"shared/layout.html\" %}\n{% block content %}\n";
    let end = "<a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>\n{% endblock %}\n";
    for (file, text, words) in [
        (
            "digest/body.html",
            format!("{body}{{{{ alert.nmae }}}}\n{end}"),
            vec!["mine/digest/body.html:3", "undefined", "built-in template uses"],
        ),
        ("digest/body.html", format!("{body}{{% if %}}\n{end}"), vec!["mine/digest/body.html:3", "mend the tag"]),
        (
            "digest/body.html",
            format!("{body}{{{{ alert.name|safe }}}}\n{end}"),
            vec!["mine/digest/body.html", "markup of a listing", "safe"],
        ),
        (
            "digest/body.html",
            format!("{body}{{% endblock %}}\n"),
            vec!["mine/digest/body.html", "unsubscribe_url is missing", "{{ unsubscribe_url }}"],
        ),
        ("confirmation/body.txt", "Welcome!\n".to_owned(), vec!["mine/confirmation/body.txt", "confirm_url is missing"]),
        ("welcome/subject.txt", "{# nothing #}\n".to_owned(), vec!["mine/welcome/subject.txt", "the subject is empty"]),
        (
            "shared/layout.html",
            "{% block content %}{% endblock %}{{ colour }}\n".to_owned(),
            vec!["mine/shared/layout.html:1", "undefined"],
        ),
        ("digest/bdy.html", String::new(), vec!["mine/digest/bdy.html", "did you mean digest/body.html?"]),
        ("digest/body.html", "x".repeat(300_000), vec!["300000 bytes", "at most 256 kilobytes"]),
    ] {
        let _ = std::fs::remove_dir_all(place.path("mine"));
        std::fs::create_dir_all(place.path("mine").join(file).parent().unwrap()).unwrap();
        place.write(&format!("mine/{file}"), &text);
        let refused = place.run("check");
        assert!(refused.code == Some(78), "{file}: {refused:?}");
        let said = format!("{}{}", refused.out, refused.talk);
        for word in words {
            assert!(said.contains(word), "{word} in {said}");
        }
    }
    // A note beside the templates harms nobody.
    let _ = std::fs::remove_dir_all(place.path("mine"));
    std::fs::create_dir_all(place.path("mine/digest")).unwrap();
    place.write("mine/.gitignore", "*~\n");
    place.write("mine/digest/body.html~", "{{ old }}");
    assert_eq!(place.run("mail preview digest").code, Some(0));
}
