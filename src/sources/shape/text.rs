//! Small ways of putting a platform's parts together.

use serde_json::Value;

/// Several places, departments or contract words as one text: `; ` between, repeats and empty ones left out.
pub fn join<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for part in parts {
        let part = part.as_ref().trim();
        if !part.is_empty() && !kept.iter().any(|known| known == part) {
            kept.push(part.to_owned());
        }
    }
    (!kept.is_empty()).then(|| kept.join("; "))
}

/// A number, or a text that is one; 0 and anything else is none.
pub fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    (number.is_finite() && number > 0.0).then_some(number)
}

/// A text that is not empty, trimmed.
pub fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Plain text as HTML, its lines kept.
pub fn plain_as_html(plain: &str) -> String {
    format!("<p>{}</p>", escape(plain.trim()).replace('\n', "<br>"))
}

/// Plain text in which nothing is taken for a tag.
pub fn escape(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The board's name in a link such as `https://jobs.lever.co/acme/…`: the employer, where nothing else names it.
pub fn board_in(link: Option<&str>) -> Option<String> {
    let url = url::Url::parse(link?).ok()?;
    let board = url.path_segments()?.next()?.to_owned();
    filled(Some(unescape_path(&board)))
}

/// A path segment without percent escapes.
pub fn unescape_path(segment: &str) -> String {
    let pairs = format!("x={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_without_repeats() {
        assert_eq!(join(["Berlin ", "", "Munich", "Berlin"]).as_deref(), Some("Berlin; Munich"));
        assert_eq!(join(["", " "]), None);
    }

    #[test]
    fn numbers_are_read_from_texts_and_zero_is_none() {
        assert_eq!(number(&serde_json::json!("100000.0")), Some(100_000.0));
        assert_eq!(number(&serde_json::json!(5)), Some(5.0));
        assert_eq!([number(&serde_json::json!(0)), number(&serde_json::json!("n/a")), number(&Value::Null)], [None; 3]);
    }

    #[test]
    fn the_board_is_read_from_its_link() {
        assert_eq!(board_in(Some("https://jobs.ashbyhq.com/Acme%20Inc/1")).as_deref(), Some("Acme Inc"));
        assert_eq!(board_in(Some("no link")), None);
        assert_eq!(plain_as_html("a < b\nc"), "<p>a &lt; b<br>c</p>");
    }
}
