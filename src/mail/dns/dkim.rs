//! Whether the keys that sign stand in the DNS (RFC 6376 3.6.1).

use crate::mail::dns::ask::{Dns, DnsFault};
use crate::mail::dns::finding::{Finding, quoted};

const CHECK: &str = "dkim in dns";

/// A finding for each key; of each kind the first one signs, and the others wait for their turn.
pub(in crate::mail::dns) async fn keys(dns: &Dns, records: &[(String, String)]) -> Result<Vec<Finding>, DnsFault> {
    let mut signing: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for (name, record) in records {
        let kind = tag(record, "k").unwrap_or("rsa");
        let signs = !signing.contains(&kind);
        signing.push(kind);
        findings.push(key(name, record, signs, &dns.texts(name).await?));
    }
    Ok(findings)
}

/// What is published at a selector, held against our key.
fn key(name: &str, record: &str, signs: bool, published: &[String]) -> Finding {
    let publish = format!("publish {name} TXT \"{record}\"");
    let ours = without_blanks(tag(record, "p").unwrap_or_default());
    let keys: Vec<&String> = published.iter().filter(|text| tag(text, "p").is_some()).collect();
    let found = keys.iter().find(|text| tag(text, "p").map(without_blanks).as_deref() == Some(ours.as_str()));
    let state = if signs { "it signs" } else { "it waits for its turn" };
    match (found, keys.as_slice()) {
        (Some(found), [_]) if tag(found, "t").is_some_and(|flags| flags.split(':').any(|flag| flag.trim() == "y")) => {
            Finding::wanting(CHECK, format!("{name} is published as a trial (t=y), which receivers may not count: {publish}"))
        }
        (Some(_), [_]) => Finding::well(CHECK, format!("{name} is published, {state}")),
        (Some(_), _) => Finding::wrong(CHECK, format!("{name} has several records, of which receivers take any: leave one, {publish}")),
        (None, []) if signs => Finding::wrong(CHECK, format!("{name} is not published, so that no signature holds: {publish}")),
        (None, []) => Finding::wanting(CHECK, format!("{name} is not published yet: before this key signs, {publish}")),
        (None, [only]) if tag(only, "p").is_some_and(str::is_empty) => {
            Finding::wrong(CHECK, format!("{name} is published as revoked (an empty p=): {publish}"))
        }
        (None, [first, ..]) => Finding::wrong(CHECK, format!("{name} has another key than ours, {}: {publish}", quoted(first))),
    }
}

/// The value of a tag.
fn tag<'a>(record: &'a str, name: &str) -> Option<&'a str> {
    record.split(';').filter_map(|part| part.split_once('=')).find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::dns::finding::Standing;

    #[test]
    fn a_key_that_is_published_is_told_from_another_from_none_and_from_a_revoked_one() {
        let ours = "v=DKIM1; k=rsa; p=AbC+/=";
        for (published, signs, standing, words) in [
            (&["v=DKIM1; k=rsa; p=AbC+/="][..], true, Standing::Well, "it signs"),
            (&["k=rsa;p=Ab C+ /="], false, Standing::Well, "waits for its turn"),
            (&["some text", "v=DKIM1; p=AbC+/=; s=email"], true, Standing::Well, "is published"),
            (&["v=DKIM1; t=s:y; p=AbC+/="], true, Standing::Wanting, "t=y"),
            (&[], true, Standing::Wrong, "publish a._domainkey.example.org TXT \"v=DKIM1; k=rsa; p=AbC+/=\""),
            (&[], false, Standing::Wanting, "not published yet"),
            (&["v=DKIM1; p="], true, Standing::Wrong, "revoked"),
            (&["v=DKIM1; p=other"], true, Standing::Wrong, "another key"),
            (&["v=DKIM1; p=AbC+/=", "v=DKIM1; p=other"], true, Standing::Wrong, "several records"),
        ] {
            let published: Vec<String> = published.iter().map(|text| (*text).to_owned()).collect();
            let found = key("a._domainkey.example.org", ours, signs, &published);
            assert!(found.standing == standing && found.says.contains(words), "{published:?}: {found:?}");
        }
    }
}
