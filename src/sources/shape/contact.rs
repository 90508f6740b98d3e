//! Takes mail addresses and phone numbers out of texts that people wrote by hand, obfuscated ones too: they are never kept.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// What stands where an address stood: the post itself still shows it.
const GONE: &str = "…";

/// `@`, bracketed, quoted, or between blanks; in HTML brackets may be entities.
const AT: &str =
    r#"(?:\s*(?:\[|\(|\{|<|&lt;|&#60;|_|"|&quot;)\s*(?:at|@)\s*(?:\]|\)|\}|>|&gt;|&#62;|_|"|&quot;)\s*|\s*(?:@|&#64;|&commat;)\s*)"#;

/// A dot, written out or as itself, bracketed or quoted or not.
const DOT: &str = r#"(?:\s*(?:\[|\(|\{|<|&lt;|&#60;|"|&quot;)\s*(?:dot|\.)\s*(?:\]|\)|\}|>|&gt;|&#62;|"|&quot;)\s*|\s+dot\s+|\s+\.\s+|\.)"#;

/// One word of a name, or a hint in brackets such as `(company name)`.
const WORD: &str = r"(?:[\w+%-]+|\([^)<|]{1,30}\)|\[[^\]<|]{1,30}\]|&lt;[\w -]{1,30}&gt;)";

static FORMS: LazyLock<[Regex; 6]> = LazyLock::new(|| {
    let whole = |pattern: String| Regex::new(&format!("(?i){pattern}")).expect("the patterns of this file compile");
    [
        // someone@example.org, someone [at] example [dot] org, someone @ example . org
        whole(format!(r"{WORD}(?:{DOT}{WORD})*{AT}(?:[\w-]+|\[[^\]<|]{{1,30}}\]){DOT}[\w-]+(?:{DOT}[a-z]{{2,}})*")),
        // someone at example dot org, someone at our domain dot org
        whole(format!(r"{WORD}(?:{DOT}{WORD})*\s+at\s+(?:(?:our|the)\s+)?{WORD}(?:\s+dot\s+[a-z]{{2,}})+\b")),
        // someone@ and "first.last@firm": half an address
        whole(r"[\w+-]+(?:\.[\w+-]+)*@(?:\s|[.,;:!?)<]|$)|[\w+-]+\.[\w.+-]*@[\w-]+".to_owned()),
        // +1 650 555 0100, (650) 555-0100, 650-555-0100
        whole(r"\+\d[\d ().-]{7,17}\d|\(\d{3}\)\s?\d{3}[ .-]\d{4}\b|\b\d{3}[.-]\d{3}[.-]\d{4}\b".to_owned()),
        // jobs at example.org
        whole(
            r"\b(?:jobs?|careers?|hiring|recruit\w*|talent|hr|people|team|hello|hi|info|cv|resumes?)\s+at\s+[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?P<path>/|&#x2F;)?"
                .to_owned(),
        ),
        // mail someone at example.org
        whole(
            r"(?P<lead>\b(?:e-?mail|write|contact|message|ping)\b[^.<@]{0,40}?\s)(?P<local>[\w.+-]+)\s+at\s+[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?P<path>/|&#x2F;)?"
                .to_owned(),
        ),
    ]
});

/// Words before `at example.org` that make it a page, not an address.
const NO_MAILBOX: [&str; 12] = ["us", "me", "out", "him", "her", "them", "here", "more", "you", "directly", "now", "apply"];

/// The text, plain or HTML, without mail addresses and phone numbers.
pub fn without_addresses(text: &str) -> String {
    let mut kept = text.to_owned();
    for form in FORMS.iter() {
        kept = form.replace_all(&kept, replaced).into_owned();
    }
    kept
}

fn replaced(found: &Captures<'_>) -> String {
    let whole = found[0].to_owned();
    let page = found.name("local").is_some_and(|local| NO_MAILBOX.contains(&local.as_str().to_ascii_lowercase().as_str()));
    if page || found.name("path").is_some() {
        return whole;
    }
    let lead = found.name("lead").map_or("", |lead| lead.as_str());
    let tail = whole.chars().next_back().filter(|last| !last.is_alphanumeric() && !"@)]>".contains(*last)).map(String::from);
    format!("{lead}{GONE}{}", tail.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_out_however_they_are_written() {
        for written in [
            "jane.doe+jobs@acme.example",
            "jane [at] acme [dot] example",
            "jane(at)acme.example",
            "harshal [dot] g [at] acme.example",
            "jane &lt;at&gt; acme &lt;dot&gt; example",
            "jane @ acme.example",
            "rik_v&lt;at&gt;acme.example",
            "scott \"dot\" s \"@\" acme \".\" com",
            "tilo at (company name) dot com",
            "michael at our domain dot com",
            "jane AT acme DOT co DOT uk",
            "(my HN username)@acme.example",
            "jobs at acme.example",
            "raffael+hn@[companydomain].com",
            "jane&#64;acme.example",
        ] {
            let kept = without_addresses(&format!("<p>Write to us: {written}, please."));
            assert_eq!(kept, "<p>Write to us: …, please.", "{written}");
        }
        assert_eq!(without_addresses("email robbie at acme.example today"), "email … today");
        assert_eq!(without_addresses("Mail jason@. Call +1 (650) 555-0100 or 650-555-0100"), "Mail …. Call … or …");
    }

    #[test]
    fn what_only_looks_like_an_address_stays() {
        for text in [
            "Apply at acme.example&#x2F;careers",
            "I am an engineer at Booking.com, the big one",
            "engineering manager @ Checkr. We are hiring",
            "<a href=\"https:&#x2F;&#x2F;medium.com&#x2F;@acme\">blog</a>",
            "contact us at acme.example/jobs",
            "$120,000 - $140,000 | UTC+5:30 | 2026-11-22",
        ] {
            assert_eq!(without_addresses(text), text);
        }
    }
}
