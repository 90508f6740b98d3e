//! `rolecall facts --explain`: each fact of a posting with how sure it is and the words it rests on, for whoever teaches it more words.

use serde_json::Value;

use crate::domain::NewListing;

/// The widest name of a fact, so that values stand in one column.
const NAME: usize = 16;

/// The facts of one posting, a line each; `unknown` where nothing is said.
///
/// The facts are walked as they are stored, so that a new one is told without a word here.
pub fn explained(listing: &NewListing) -> String {
    let posting = &listing.posting;
    let company = posting.company.as_deref().map(|name| format!(" · {name}")).unwrap_or_default();
    let mut text = format!("{}  {}{company}\n", posting.id, posting.title.lines().next().unwrap_or_default());
    let stored = serde_json::to_value(&listing.facts).expect("facts are stored as JSON");
    for (name, found) in stored.as_object().expect("facts are an object") {
        match found {
            Value::Array(findings) if !findings.is_empty() => findings.iter().for_each(|finding| text += &line(name, finding)),
            Value::Object(_) if name == "pay" => {
                let shown = listing.facts.pay.as_ref().map(|pay| pay.value.shown()).unwrap_or_default();
                text += &said(name, &shown, found);
            }
            Value::Object(_) => text += &line(name, found),
            _ => text += &said_nothing(name),
        }
    }
    text
}

fn said_nothing(name: &str) -> String {
    format!("  {name:<NAME$} unknown\n")
}

fn line(name: &str, finding: &Value) -> String {
    said(name, &value(&finding["value"]), finding)
}

/// The name, the value, how sure it is, and the posting's own words.
fn said(name: &str, value: &str, finding: &Value) -> String {
    let words = finding["evidence"].as_str().unwrap_or_default();
    let certainty = finding["certainty"].as_str().unwrap_or_default();
    let marks: String = finding.as_object().into_iter().flatten().map(|(key, mark)| marked(key, mark)).collect();
    format!("  {name:<NAME$} {value:<24} {certainty:<9} {words:?}{marks}\n")
}

/// What a finding says beside value, words and certainty.
fn marked(key: &str, mark: &Value) -> String {
    match mark {
        _ if matches!(key, "value" | "evidence" | "certainty") => String::new(),
        Value::Null | Value::Bool(false) => String::new(),
        Value::Bool(true) => format!(" {key}"),
        other => format!(" {key}: {}", value(other)),
    }
}

/// A value in a few words: of an object its parts, without the point on the globe.
fn value(value: &Value) -> String {
    match value {
        Value::String(word) => word.clone(),
        Value::Object(parts) => {
            let words: Vec<&str> = parts.values().filter_map(Value::as_str).collect();
            words.join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::domain::Posting;
    use crate::extract::Extractor;

    #[test]
    fn every_fact_is_told_with_its_words() {
        let posting = Posting {
            id: "7".into(),
            title: "Senior Backend Engineer".into(),
            company: Some("Narmada Pay".into()),
            location: Some("Pune, India".into()),
            description: Some("Rust and PostgreSQL. Salary: 18-26 LPA.".into()),
            ..Posting::default()
        };
        let text = explained(&Extractor::new().read(posting, DateTime::UNIX_EPOCH));
        for line in [
            "7  Senior Backend Engineer · Narmada Pay\n",
            "  role             backend_engineer         stated    \"Backend\"",
            "  seniority        senior                   stated    \"Senior\"",
            "  places           Pune, IN, Maharashtra",
            "  pay              ₹18-26 lakh a year",
            "  skills           rust",
            "  education        unknown\n",
        ] {
            assert!(text.contains(line), "{line:?} is missing in\n{text}");
        }
    }
}
