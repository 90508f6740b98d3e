//! schema.org JobPosting, the open format that most career pages carry as JSON-LD.
//!
//! <https://schema.org/JobPosting>. Nearly every field is an object at one site, a text at the next and a list at the third.

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use crate::domain::{Posting, WorkMode};
use crate::sources::adapter::{BadPosting, ReadError, Reading, WebPage};
use crate::sources::shape::entities::decode;
use crate::sources::shape::fields::{self, list};
use crate::sources::shape::json::{complete, web_page};
use crate::sources::shape::text::{filled, join, place};
use crate::sources::shape::{dates, ld_json, markup, pay, plain, wording};

/// Words that stand for nothing.
const NOTHING: [&str; 6] = ["-", "n/a", "null", "none", "undefined", "not specified"];

/// Fields that carry text of their own beside the description, and what they are called for people.
const SECTIONS: [(&str, &str); 6] = [
    ("responsibilities", "Responsibilities"),
    ("qualifications", "Qualifications"),
    ("experienceRequirements", "Experience"),
    ("educationRequirements", "Education"),
    ("skills", "Skills"),
    ("jobBenefits", "Benefits"),
];

/// The most places, skills or kinds of contract of one posting.
const MOST_PARTS: usize = 300;

/// The longest text that is a level or a skill; a longer one is a section.
const SHORT: usize = 40;

/// The posting that a JSON-LD object describes, if it is a JobPosting. Its identity is its identifier, else its address.
pub fn posting(value: &Value, page: &Url) -> Option<Posting> {
    ld_json::is_type(value, "JobPosting").then(|| described(value, page))
}

/// What a JobPosting says, also one that does not name its type.
pub fn described(value: &Value, page: &Url) -> Posting {
    let own = list(&value["url"]).first().and_then(fields::text).and_then(|url| page.join(&url).ok());
    let url = own.or_else(|| Some(page.clone())).filter(|url| matches!(url.scheme(), "http" | "https")).map(|url| untracked(&url));
    let (salary, salary_text) = pay::base_salary(&value["baseSalary"]);
    let date = |key: &str| text(&value[key]).and_then(|text| dates::from_text(&text).or_else(|| dates::from_text(text.get(..10)?)));
    let is_remote = |kind: &String| kind.to_uppercase().contains("TELECOMMUTE") || wording::work_mode(kind) == Some(WorkMode::Remote);
    let remote = texts(&value["jobLocationType"]).iter().any(is_remote);
    let (location, country) = places(value, remote);
    let experience = text(&value["experienceRequirements"]).filter(|text| text.len() <= SHORT);
    let title = text(&value["title"]).or_else(|| text(&value["name"])).unwrap_or_default();
    let company = text(&value["hiringOrganization"]).or_else(|| text(&value["identifier"]["name"]));
    let fallback = || [Some(title.clone()), company.clone(), location.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Posting {
        id: text(&value["identifier"]["value"])
            .or_else(|| text(&value["identifier"]))
            .or_else(|| url.as_ref().map(Url::to_string))
            .unwrap_or_else(fallback),
        description: description(value),
        salary_text,
        employment_type: join(texts(&value["employmentType"])),
        posted_at: date("datePosted"),
        url: url.map(String::from),
        updated_at: date("dateModified"),
        valid_through: date("validThrough"),
        work_mode: remote.then_some(WorkMode::Remote),
        salary,
        department: text(&value["employmentUnit"]).or_else(|| text(&value["occupationalCategory"])),
        tags: skills(value),
        level: experience,
        education: education(value),
        language: text(&value["inLanguage"]),
        title,
        company,
        location,
        country,
        ..Posting::default()
    }
}

/// Every posting of a page, or of a bare JSON-LD document; what cannot be read is named.
pub fn postings_in_html(html: &str, page: &Url) -> Reading {
    let is_json = html.trim_start().starts_with(['{', '[']);
    let own = markup::own_address(html).filter(|_| !is_json && page.scheme() == "file").and_then(|own| Url::parse(&own).ok());
    let page = own.as_ref().unwrap_or(page);
    let scripts = if is_json { vec![html] } else { ld_json::scripts(html) };
    let mut reading = Reading::default();
    for (index, script) in scripts.into_iter().enumerate() {
        match ld_json::parse(script) {
            Ok(value) => read_all(&value, page, &mut reading),
            Err(reason) if script.contains("JobPosting") => {
                reading.bad.push(BadPosting { index: reading.items, id: None, reason: format!("at script {}: {reason}", index + 1) });
                reading.items += 1;
            }
            Err(_) => {}
        }
    }
    told_apart(&mut reading.postings);
    reading
}

fn read_all(value: &Value, page: &Url, reading: &mut Reading) {
    for found in ld_json::of_type(value, "JobPosting").into_iter().filter_map(|object| posting(object, page)) {
        let index = reading.items;
        let id = filled(Some(found.id.clone()));
        match complete(found, &format!("JobPosting[{index}]")) {
            Ok(found) => reading.postings.push(found),
            Err(reason) => reading.bad.push(BadPosting { index, id, reason }),
        }
        reading.items += 1;
    }
}

/// Some sites give all postings of a page one identifier, such as the employer's name: then address, title and place tell them apart.
fn told_apart(postings: &mut [Posting]) {
    let mut seen = HashSet::new();
    for posting in postings.iter_mut().filter(|posting| !seen.insert(posting.id.clone())) {
        let place = posting.location.as_deref().unwrap_or_default();
        posting.id = format!("{}#{}, {place}", posting.url.as_deref().unwrap_or(&posting.id), posting.title);
    }
}

/// Why a page without any posting cannot be read: a check for robots, or no page of jobs.
pub fn none_found(html: &str) -> ReadError {
    const CHECKS: [&str; 5] = ["just a moment", "attention required", "are you a human", "access denied", "robot"];
    let ReadError::WebPage { title, .. } = web_page(html) else { return ReadError::shape("the page", "no JobPosting") };
    let shown = title.clone().unwrap_or_default();
    if CHECKS.iter().any(|check| shown.to_lowercase().contains(check)) {
        return ReadError::WebPage { title, kind: WebPage::Challenge };
    }
    ReadError::shape("the page", format!("there is no schema.org JobPosting in it; its title is {shown:?}"))
}

/// An address without the parameters that only count visitors, and without a fragment.
pub fn untracked(url: &Url) -> Url {
    const COUNTING: [&str; 6] = ["source", "src", "ref", "gclid", "fbclid", "trk"];
    let mut bare = url.clone();
    bare.set_fragment(None);
    let kept = url.query_pairs().filter(|(name, _)| !name.starts_with("utm_") && !COUNTING.contains(&name.as_ref()));
    let kept: Vec<(String, String)> = kept.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    if url.query().is_some() && kept.len() < url.query_pairs().count() {
        bare.set_query(None);
        if !kept.is_empty() {
            bare.query_pairs_mut().extend_pairs(kept);
        }
    }
    bare
}

/// The plain texts of a field: itself, each of its entries, or the name of the object it is.
fn texts(value: &Value) -> Vec<String> {
    let named = |entry: &Value| match entry {
        Value::Object(fields) => ["name", "@value", "legalName", "credentialCategory", "educationalLevel", "value"]
            .iter()
            .find_map(|key| fields.get(*key).and_then(fields::text)),
        other => fields::text(other),
    };
    let plain = list(value).iter().take(MOST_PARTS).filter_map(named).map(|text| decode(&text).trim().to_owned());
    plain.filter(|text| !text.is_empty() && !NOTHING.contains(&text.to_lowercase().as_str())).collect()
}

fn text(value: &Value) -> Option<String> {
    texts(value).into_iter().next()
}

/// Where the job is, and its country where there is but one; for a remote job the places it is open to, where they are said.
fn places(value: &Value, remote: bool) -> (Option<String>, Option<String>) {
    let open_to = if remote { texts(&value["applicantLocationRequirements"]) } else { Vec::new() };
    if !open_to.is_empty() {
        return (join(&open_to), (open_to.len() == 1).then(|| open_to[0].clone()));
    }
    let mut countries: Vec<String> = Vec::new();
    let all = list(&value["jobLocation"]).iter().take(MOST_PARTS).flat_map(|location| {
        let address = list(&location["address"]);
        if address.is_empty() { std::slice::from_ref(location) } else { address }
    });
    let shown: Vec<String> = all
        .take(MOST_PARTS)
        .filter_map(|address| {
            let country = text(&address["addressCountry"]);
            countries.extend(country.clone());
            let parts = [texts(&address["addressLocality"]), texts(&address["addressRegion"]), country.into_iter().collect()].concat();
            place(parts).or_else(|| text(address))
        })
        .collect();
    countries.dedup();
    (join(shown), if countries.len() == 1 { countries.pop() } else { None })
}

/// The text, with those of its parts that stand in fields of their own and are not in it.
fn description(value: &Value) -> Option<String> {
    let paragraphs =
        list(&value["description"]).iter().filter_map(|entry| fields::text(entry).or_else(|| fields::text(entry.get("@value")?)));
    let mut whole = unescaped(paragraphs.collect::<Vec<_>>().join("\n"));
    let said = plain::line(&whole);
    for (key, heading) in SECTIONS {
        let listed = value[key].is_array() && key == "skills";
        let parts: Vec<String> = list(&value[key]).iter().filter(|entry| !listed && entry.is_string()).filter_map(fields::text).collect();
        let part = unescaped(parts.join("\n"));
        let shown = plain::line(&part);
        if !shown.is_empty() && !NOTHING.contains(&shown.to_lowercase().as_str()) && !said.contains(&shown) {
            whole = format!("{whole}\n<h3>{heading}</h3>\n<p>{part}</p>");
        }
    }
    filled(Some(whole))
}

/// HTML that was escaped once or twice over, as HTML; line breaks that were escaped once too often, as such.
fn unescaped(mut text: String) -> String {
    const ESCAPED: [&str; 4] = ["&lt;", "&amp;lt;", "&#60;", "&#x3c;"];
    for _ in 0..3 {
        let tagged = ["</", "<br", "<p>", "<li>"].iter().any(|tag| text.contains(tag));
        if tagged || !ESCAPED.iter().any(|escaped| text.contains(escaped)) {
            break;
        }
        text = decode(&text);
    }
    if text.contains("\\n\\n") || text.contains("\\n<") { text.replace("\\n", "\n") } else { text }
}

/// Skills as tags: a list, or a short enumeration.
fn skills(value: &Value) -> Vec<String> {
    let given = texts(&value["skills"]);
    let words = if let [one] = given.as_slice() { one.split([',', ';']).map(|word| word.trim().to_owned()).collect() } else { given };
    if words.iter().all(|word| word.len() <= SHORT) { words.into_iter().filter(|word| !word.is_empty()).collect() } else { Vec::new() }
}

fn education(value: &Value) -> Option<String> {
    let held = |key: &str| value[key].is_object().then(|| text(&value[key])).flatten();
    held("educationRequirements")
        .or_else(|| held("qualifications"))
        .or_else(|| text(&value["educationRequirements"]).filter(|text| text.len() <= SHORT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_made_to_hurt_takes_no_time_to_speak_of() {
        let script = |json: String| format!("<script type=\"application/ld+json\">{json}</script>");
        let numbered = |from: &str, to: &str| (0..20_000).map(|number| format!("{from}{number}{to}")).collect::<Vec<_>>().join(",");
        let one = |field: String| script(format!(r#"{{"@type":"JobPosting","title":"A","url":"https://a.example/1",{field}}}"#));
        let url = Url::parse("https://a.example/jobs").unwrap();
        let started = std::time::Instant::now();
        for (page, items) in [
            (script(format!("[{}]", numbered(r#"{"@type":"JobPosting","title":"A","identifier":"#, "}"))), 20_000),
            (script(format!("[{}]", numbered(r#"{"@type":"JobPosting","title":"A","identifier":"Acme","url":"/"#, "\"}"))), 20_000),
            (one(format!(r#""jobLocation":[{}]"#, numbered("\"P", "\""))), 1),
            (one(format!(r#""skills":[{}]"#, numbered("\"P", "\""))), 1),
            (one(format!(r#""description":"{}""#, "&amp;amp;lt;p".repeat(60_000))), 1),
            (one(format!(r#""description":{}1{}"#, "[".repeat(200_000), "]".repeat(200_000))), 1),
            (script("{\"@type\":\"JobPosting\",".to_owned()).repeat(20_000), 20_000),
            ("<link <meta <script".repeat(200_000), 0),
        ] {
            assert_eq!(postings_in_html(&page, &url).items, items);
        }
        let took = started.elapsed();
        assert!(took.as_secs() < 60, "{took:?} without optimization");
    }
}
