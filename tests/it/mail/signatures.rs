//! Signatures before an independent judge: dkimpy, which is Python's.

use std::path::Path;
use std::process::Stdio;

use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine as _;
use rolecall::domain::{Message, MessageId};
use rolecall::mail::{DkimKey, DkimSettings, MailSettings, MailSettingsError, Mailer, TransportKind};

use super::message;
use crate::support::{python, say, skipped};

/// Reads the letters of a folder, looks for defects with Python's mail parser, holds each to its signatures with the records of the
/// first argument, then to none after a change: of each signed field, of the body, and by one more field of each signed name.
const DKIMPY: &str = r"
import email, email.policy, glob, json, sys
try: import dkim
except ImportError: print('NO DKIMPY'); sys.exit()
records = json.loads(sys.argv[1])
ask = lambda name, timeout=5: records.get((name.decode() if isinstance(name, bytes) else name).rstrip('.'), '').encode()
def holds(letter, at): return dkim.DKIM(letter).verify(idx=at, dnsfunc=ask)
count = refused = 0
for file in sorted(glob.glob(sys.argv[2] + '/*.eml')):
    letter = open(file, 'rb').read()
    signatures = letter.split(b'\r\n\r\n', 1)[0].count(b'DKIM-Signature:')
    if signatures != int(sys.argv[3]): print(file, 'has', signatures, 'signatures')
    read = email.message_from_bytes(letter, policy=email.policy.default)
    for part in read.walk():
        for name, value in part.items():
            for defect in getattr(value, 'defects', ()): print(file, name, repr(defect))
        for defect in part.defects: print(file, repr(defect))
    for at in range(signatures):
        try:
            if not holds(letter, at): print(file, 'signature', at, 'does not hold')
        except Exception as fault: print(file, 'signature', at, repr(fault))
    count += 1
    if count % int(sys.argv[4]): continue
    head, body = letter.split(b'\r\n\r\n', 1)
    lines = head.split(b'\r\n')
    changed = [head + b'\r\n\r\n' + body.replace(b'e', b'f', 1)]
    for at, line in enumerate(lines):
        name = line.split(b':')[0]
        if line[:1] in b' \t' or name in (b'DKIM-Signature',): continue
        changed.append(b'\r\n'.join(lines[:at] + [line + b'x'] + lines[at + 1:]) + b'\r\n\r\n' + body)
        changed.append(name + b': added\r\n' + letter)
    for letter in changed:
        for at in range(signatures):
            try: good = holds(letter, at)
            except Exception: good = False
            if good: print(file, 'signature', at, 'still holds after a change:', letter[:60])
        refused += 1
print('letters', count, 'refused', refused)
";

fn pem(der: &[u8]) -> String {
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", base64::engine::general_purpose::STANDARD.encode(der))
}

/// Writes an RSA key as PEM.
fn rsa_key(file: &Path) {
    let rsa = KeyPair::generate(KeySize::Rsa2048).unwrap();
    std::fs::write(file, pem(aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&rsa).unwrap().as_ref())).unwrap();
}

/// Writes both kinds of key as PEM, and gives their settings.
fn keys(folder: &Path) -> DkimSettings {
    rsa_key(&folder.join("rsa.pem"));
    let edwards = Ed25519KeyPair::generate().unwrap();
    std::fs::write(
        folder.join("ed25519.pem"),
        pem(aws_lc_rs::encoding::AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&edwards).unwrap().as_ref()),
    )
    .unwrap();
    let key = |selector: &str, file: &str| DkimKey { selector: selector.into(), file: folder.join(file), credential: None };
    DkimSettings { domain: "example.org".into(), keys: vec![key("a", "rsa.pem"), key("e", "ed25519.pem")] }
}

fn settings(dkim: DkimSettings) -> MailSettings {
    MailSettings {
        transport: TransportKind::File,
        from: "Rolecall, \"Jobs\" <alerts@example.org>".into(),
        dkim: Some(dkim),
        ..MailSettings::default()
    }
}

/// Letters made of what strangers write.
fn hostile(number: usize) -> Message {
    let texts = [
        "Rust in Pune".to_owned(),
        "a\r\nBcc: victim@example.org\r\n\r\nbody".into(),
        "🦀 Rust  jobs \t 🚀 ".into(),
        "बेंगलुरु में रस्ट ".repeat(1 + number % 60),
        "\u{202e}txt.exe\u{202c} \u{200f}عربي".into(),
        "=?utf-8?b?QmNjOiB4?= <script>alert(1)</script>&amp;".into(),
        "x".repeat(10_000),
        "trailing   \n\n\n   \n.\n..\n".into(),
        "From the ledger\nFrom: evil\n".into(),
        String::new(),
    ];
    let text = |at: usize| texts[(number / 7 + at) % texts.len()].clone();
    let mut letter = Message {
        id: MessageId(format!("{number}.0123456789abcdef@example.org")),
        subject: text(number),
        text: text(number + 1),
        html: format!("<p>{}</p>", text(number + 3)),
        ..message(1)
    };
    letter.list.as_mut().unwrap().name = text(number + 2);
    letter
}

#[tokio::test]
async fn an_independent_verifier_holds_every_signature_and_refuses_every_change() {
    let slow = std::env::var_os("ROLECALL_SLOW").is_some();
    let (letters, changed_one_in) = if slow { (1_000, 1) } else { (140, 20) };
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::new(&settings(keys(folder.path())), folder.path()).unwrap();
    let mut lane = mailer.lane();
    for number in 0..letters {
        lane.send(&hostile(number)).await;
    }
    let records = mailer.dkim_records();
    assert_eq!(records.len(), 2);
    let Some(said) = judged(folder.path(), records, 2, changed_one_in).await else { return };
    assert!(said.lines().count() == 1 && said.starts_with(&format!("letters {letters} refused ")), "{said}");
    say(&format!("dkimpy: {}", said.trim()));
}

/// What dkimpy says of the letters kept in a folder, each with so many signatures; none, said aloud, where it is not installed.
async fn judged(folder: &Path, records: Vec<(String, String)>, signatures: usize, changed_one_in: usize) -> Option<String> {
    let records: std::collections::HashMap<String, String> = records.into_iter().collect();
    let records = serde_json::to_string(&records).unwrap();
    let (mail, signatures, one_in) = (folder.join("mail"), signatures.to_string(), changed_one_in.to_string());
    let judge = tokio::process::Command::new(python())
        .args(["-c", DKIMPY, &records, mail.to_str().unwrap(), &signatures, &one_in])
        .stdin(Stdio::null())
        .output()
        .await;
    let Ok(judge) = judge else {
        skipped("signatures before dkimpy", "python3 is not installed");
        return None;
    };
    let said = String::from_utf8(judge.stdout).unwrap();
    if said.starts_with("NO DKIMPY") {
        skipped("signatures before dkimpy", "it is not installed (Debian package python3-dkim and python3-nacl)");
        return None;
    }
    Some(said + &String::from_utf8_lossy(&judge.stderr))
}

/// The next key is configured and published behind the one in use, then they change places: at no moment is there a letter, new or
/// on its way, whose key is not published.
#[tokio::test]
async fn keys_change_places_while_letters_of_both_hold() {
    let folder = tempfile::tempdir().unwrap();
    rsa_key(&folder.path().join("now.pem"));
    rsa_key(&folder.path().join("next.pem"));
    let key = |selector: &str| DkimKey { selector: selector.into(), file: folder.path().join(format!("{selector}.pem")), credential: None };
    let mailer = |keys: [&str; 2]| {
        let dkim = DkimSettings { domain: "example.org".into(), keys: keys.map(key).to_vec() };
        Mailer::new(&settings(dkim), folder.path()).unwrap()
    };
    let (before, after) = (mailer(["now", "next"]), mailer(["next", "now"]));
    before.lane().send(&hostile(1)).await;
    after.lane().send(&hostile(2)).await;
    let mut kept: Vec<_> = std::fs::read_dir(folder.path().join("mail")).unwrap().map(|file| file.unwrap().path()).collect();
    kept.sort();
    for (file, selector) in kept.iter().zip(["now", "next"]) {
        let letter = std::fs::read_to_string(file).unwrap();
        assert!(letter.matches("DKIM-Signature:").count() == 1 && letter.contains(&format!(" s={selector};")), "{letter}");
    }
    let published = before.dkim_records();
    let names: Vec<&str> = published.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["now._domainkey.example.org", "next._domainkey.example.org"]);
    let Some(said) = judged(folder.path(), published, 1, 1).await else { return };
    assert!(said.lines().count() == 1 && said.starts_with("letters 2 refused "), "{said}");
}

#[tokio::test]
async fn a_second_attempt_carries_the_same_signatures() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::new(&settings(keys(folder.path())), folder.path()).unwrap();
    let kept = || std::fs::read(std::fs::read_dir(folder.path().join("mail")).unwrap().next().unwrap().unwrap().path()).unwrap();
    mailer.lane().send(&message(1)).await;
    let first = kept();
    mailer.lane().send(&message(1)).await;
    assert!(first == kept() && first.starts_with(b"DKIM-Signature: v=1; a=rsa-sha256; "));
}

#[test]
fn a_key_that_receivers_would_not_count_is_refused_with_the_mend() {
    let folder = tempfile::tempdir().unwrap();
    let good = keys(folder.path());
    std::fs::write(folder.path().join("none.pem"), "no key").unwrap();
    let refused = |dkim: DkimSettings| match Mailer::new(&settings(dkim), folder.path()) {
        Err(fault @ MailSettingsError::Value { .. }) => fault.to_string(),
        Err(fault) => panic!("{fault}"),
        Ok(_) => panic!("it was taken"),
    };
    let with = |file: &str| DkimSettings {
        keys: vec![DkimKey { selector: "a".into(), file: folder.path().join(file), credential: None }],
        ..good.clone()
    };
    assert!(refused(with("none.pem")).contains("PEM"));
    assert!(refused(with("absent.pem")).contains("absent.pem"));
    assert!(refused(DkimSettings { keys: vec![], ..good.clone() }).contains("mail.dkim.keys"));
    assert!(refused(DkimSettings { domain: "a b".into(), ..good.clone() }).contains("mail.dkim.domain"));
}
