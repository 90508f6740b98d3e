//! What SpamAssassin, with its local tests, thinks of the letters.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use rolecall::domain::{DeliveryKind, Language, Message};
use rolecall::mail::Sender;

use super::letters::every_letter;
use super::site::{ParseEmail as _, Site, noon};
use crate::support::{python, say, skipped};

/// No letter may have more; five is what is usually taken for spam.
const MOST_POINTS: f64 = 0.5;

/// Says which letter a report belongs to: letters come back in an order of their own.
const NAME: &str = "X-Name-In-This-Test: ";

/// The points of each letter of an mbox by its name, with the rules that gave some.
fn points(mbox: &[u8]) -> Option<BTreeMap<String, (f64, String)>> {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("letters.mbox");
    std::fs::write(&file, mbox).unwrap();
    let mut command = Command::new("spamassassin");
    command.args(["--local", "--test-mode", "--nocreate-prefs", "--mbox"]).arg(&file).env("HOME", home.path());
    let done = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let (mut name, mut all) = (String::new(), BTreeMap::new());
    for line in said.lines() {
        if let Some(next) = line.strip_prefix(NAME) {
            next.clone_into(&mut name);
        } else if let Some((_, report)) = line.split_once("Content analysis details:") {
            let number = report.split('(').nth(1).unwrap().split_whitespace().next().unwrap();
            all.insert(name.clone(), (number.parse().unwrap(), String::new()));
        } else if let Some((_, rules)) = all.get_mut(&name)
            && line.trim_start().starts_with(|c: char| c.is_ascii_digit())
        {
            rules.push_str(line);
        }
    }
    Some(all)
}

/// A letter as it goes over the wire, as one of an mbox.
fn in_mbox(name: &str, letter: &[u8]) -> String {
    let letter = String::from_utf8(letter.to_vec()).unwrap().replace("\r\n", "\n");
    assert!(!letter.contains("\nFrom "), "a line that an mbox takes for the next letter");
    format!("From alerts@example.org Sun Nov 22 12:00:00 2026\n{NAME}{name}\n{letter}\n\n")
}

/// Every letter of the year, and an example of each kind in each language, by name and as it goes over the wire.
async fn all_letters() -> Vec<(String, Vec<u8>)> {
    let site = Site::start().await;
    let to = "asha@example.org".parse_email();
    let composer = site.desk.composer.clone();
    let examples = |language: &Language| {
        let (composer, language) = (composer.speaking(*language), *language);
        let example = |kind: &DeliveryKind| (format!("example of {kind} in {language}"), composer.example(*kind, &to, noon()));
        DeliveryKind::ALL.iter().map(example).collect::<Vec<_>>()
    };
    let mut letters: Vec<(String, Message)> = Language::ALL.iter().flat_map(examples).collect();
    letters.push(("example of the report".to_owned(), composer.example_report(&to, noon())));
    every_letter(&site, async |name, letter| letters.push((name.to_owned(), letter.clone()))).await;
    let from = Sender::parse("Rolecall <alerts@example.org>").unwrap();
    letters.into_iter().map(|(name, letter)| (name, rolecall::mail::bytes(&letter, &from).unwrap())).collect()
}

/// Reads letters, a null byte between them, and prints what is wrong with each.
const PARSER: &str = r"
import sys, email, email.policy
letters = sys.stdin.buffer.read().split(b'\0')
for letter in letters:
    for part in email.message_from_bytes(letter, policy=email.policy.default).walk():
        for defect in part.defects: print(letter[:200], repr(defect))
        for name, value in part.items():
            for defect in getattr(value, 'defects', ()): print(name, value, repr(defect))
        if not part.is_multipart(): part.get_content()
print(len(letters))
";

#[tokio::test]
async fn an_independent_parser_finds_nothing_wrong_with_any_letter_in_any_language() {
    use std::io::Write as _;
    let letters: Vec<Vec<u8>> = all_letters().await.into_iter().map(|(_, letter)| letter).collect();
    let judge = Command::new(python()).args(["-c", PARSER]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut judge) = judge else { return skipped("every letter before Python's parser", "python3 is not installed") };
    judge.stdin.take().unwrap().write_all(&letters.join(&0)).unwrap();
    let said = String::from_utf8(judge.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!(said.trim(), letters.len().to_string());
}

#[tokio::test]
async fn no_letter_looks_like_spam() {
    let letters = all_letters().await;
    let mbox: String = letters.iter().map(|(name, letter)| in_mbox(name, letter)).collect();
    let Some(points) = points(mbox.as_bytes()) else {
        return skipped("letters before SpamAssassin", "spamassassin is not installed (Debian package spamassassin)");
    };
    assert_eq!(points.len(), letters.len());
    for (name, (points, rules)) in &points {
        assert!(*points <= MOST_POINTS, "{name}: {points} points: {rules}");
    }
    let spam = b"Subject: You WON a FREE prize!!!\n\nClick here to claim your million dollars, risk free, no obligation. Viagra.\n";
    let judged = self::points(in_mbox("spam", spam).as_bytes()).unwrap().into_values().next().expect("it is judged too");
    assert!(judged.0 > MOST_POINTS, "the judge judges: {judged:?}");
    let most = points.values().map(|(points, _)| *points).fold(f64::MIN, f64::max);
    say(&format!("SpamAssassin, local tests: {} letters, at most {most} points (spam of ours: {})", letters.len(), judged.0));
}
