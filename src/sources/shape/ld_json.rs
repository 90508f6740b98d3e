//! JSON-LD in web pages: finds the scripts, and mends what sites write in them.
//!
//! <https://www.w3.org/TR/json-ld11/>. Sites write it by template, so raw line breaks in texts, commas too many or too few, guards
//! against old browsers and lone surrogates are common; people see none of it.

use serde_json::Value;

use crate::sources::shape::entities::decode;
use crate::sources::shape::markup::elements;

/// The largest script that is read; JSON takes a multiple of its text in memory.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The JSON-LD scripts of a page, in order.
pub fn scripts(html: &str) -> Vec<&str> {
    let is_json_ld = |tag: &str| {
        let tag = tag.to_ascii_lowercase();
        ["ld+json", "ld&#43;json", "ld&#x2b;json"].iter().any(|name| tag.contains(name))
    };
    elements(html, "<script", "</script").into_iter().filter(|(tag, _)| is_json_ld(tag)).map(|(_, script)| script).collect()
}

/// What a script says, mended where it must be. Nesting is bounded by the parser (128 levels).
///
/// # Errors
/// No JSON can be made of it, or it is too large: why, in words.
pub fn parse(script: &str) -> Result<Value, String> {
    let text = unguarded(script);
    if text.len() > MOST_BYTES {
        return Err(format!("its JSON-LD has {} bytes, more than {MOST_BYTES}", text.len()));
    }
    let fault = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(fault) => fault,
    };
    let mended = if text.contains('"') { mend(text) } else { mend(&decode(text)) };
    let read = serde_json::from_str(&mended).or_else(|_| serde_json::from_str(&format!("[{mended}]")));
    read.map_err(|_| format!("its JSON-LD is no JSON: {fault}"))
}

/// Every object of this schema.org type, in lists, `@graph` and other objects too, but not inside one another.
pub fn of_type<'a>(value: &'a Value, name: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    collect(value, name, &mut found);
    found
}

fn collect<'a>(value: &'a Value, name: &str, found: &mut Vec<&'a Value>) {
    match value {
        Value::Array(entries) => entries.iter().for_each(|entry| collect(entry, name, found)),
        Value::Object(_) if is_type(value, name) => found.push(value),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, name, found)),
        _ => {}
    }
}

/// Whether an object is of a type: `@type` is a name or a list of names, bare or as an address.
pub fn is_type(value: &Value, name: &str) -> bool {
    let types = value.get("@type").or_else(|| value.get("type"));
    let entries = types.map_or(&[][..], crate::sources::shape::fields::list);
    entries.iter().filter_map(Value::as_str).any(|given| {
        let bare = given.rsplit(['/', ':', '#']).next().unwrap_or(given);
        bare.trim().eq_ignore_ascii_case(name)
    })
}

/// A script without the guards that keep it from browsers of the last century.
fn unguarded(script: &str) -> &str {
    const BEFORE: [&str; 5] = ["<!--", "<![CDATA[", "//", "/*", "*/"];
    const BEHIND: [&str; 6] = ["-->", "]]>", "//", "/*", "*/", ";"];
    let mut text = script.trim().trim_start_matches('\u{feff}');
    while let Some(rest) = BEFORE.iter().find_map(|guard| text.strip_prefix(guard)) {
        text = rest.trim_start();
    }
    while let Some(rest) = BEHIND.iter().find_map(|guard| text.strip_suffix(guard)) {
        text = rest.trim_end();
    }
    text
}

/// JSON with raw control characters, stray backslashes and quotes in texts escaped, and commas put right.
fn mend(text: &str) -> String {
    let mut mended = Mended { text: String::with_capacity(text.len() + 64), last: ' ', comma: None };
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter == '"' {
            mended.value_begins();
            mended.string(&mut rest);
        } else {
            mended.outside(letter);
        }
    }
    mended.text
}

struct Mended {
    text: String,
    /// The last letter outside of texts that is no blank; a quote after a text.
    last: char,
    /// Where the comma stands, while nothing follows it.
    comma: Option<usize>,
}

impl Mended {
    /// A comma, where a value begins right behind another.
    fn value_begins(&mut self) {
        if matches!(self.last, '"' | '}' | ']') {
            self.text.push(',');
        }
        self.comma = None;
    }

    fn outside(&mut self, letter: char) {
        match letter {
            '{' | '[' => self.value_begins(),
            '}' | ']' => {
                if let Some(at) = self.comma.take() {
                    self.text.truncate(at);
                }
            }
            ',' if self.comma.is_some() => return,
            ',' => self.comma = Some(self.text.len()),
            blank if blank.is_whitespace() => return self.text.push(' '),
            _ => self.comma = None,
        }
        self.text.push(letter);
        self.last = letter;
    }

    /// A text up to its closing quote: a quote that nothing of JSON's own follows belongs to the text.
    fn string(&mut self, rest: &mut std::str::Chars<'_>) {
        self.text.push('"');
        while let Some(letter) = rest.next() {
            match letter {
                '"' => {
                    let next = rest.as_str().trim_start().chars().next();
                    if matches!(next, None | Some(',' | ':' | '}' | ']' | '"')) {
                        break;
                    }
                    self.text.push_str("\\\"");
                }
                '\\' => self.escape(rest),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                control if control.is_control() => self.text.push(' '),
                _ => self.text.push(letter),
            }
        }
        self.text.push('"');
        self.last = '"';
    }

    fn escape(&mut self, rest: &mut std::str::Chars<'_>) {
        match rest.as_str().chars().next() {
            Some(letter @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
                rest.next();
                self.text.extend(['\\', letter]);
            }
            Some('u') => self.unicode(rest),
            Some('\'') => {}
            _ => self.text.push_str("\\\\"),
        }
    }

    /// `\uXXXX`, where a surrogate without its other half is no letter.
    fn unicode(&mut self, rest: &mut std::str::Chars<'_>) {
        let unit = |text: &str| text.strip_prefix('u').and_then(|text| text.get(..4)).and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let ahead = rest.as_str();
        let Some(first) = unit(ahead) else { return self.text.push_str("\\\\") };
        let second = ahead[5..].strip_prefix('\\').and_then(unit).unwrap_or_default();
        let used = match char::decode_utf16([first, second]).next() {
            Some(Ok(letter)) => 6 * letter.len_utf16() - 1,
            _ => 0,
        };
        match used {
            0 => self.text.push('\u{fffd}'),
            _ => self.text.extend(['\\'].into_iter().chain(ahead[..used].chars())),
        }
        rest.nth(used.max(5) - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sites_write_by_template_is_mended() {
        for (given, read) in [
            ("{\"a\": \"one\n\ttwo\"}", "one\n\ttwo"),
            ("//<![CDATA[\n{\"a\":\"b\",}\n//]]>", "b"),
            ("<!-- {\"a\":\"b\"};\n-->", "b"),
            ("/*<![CDATA[*/{\"a\":\"b\"}/*]]>*/", "b"),
            ("{\"z\":1,\"b\":{\"c\":2}\n\"a\":\"b\"}", "b"),
            ("{\"z\":[1,2,,],, \"a\":\"b\"}", "b"),
            ("{\"a\":\"<a href=\"x\">b</a>\", \"c\":1,}", "<a href=\"x\">b</a>"),
            ("{\"a\":\"it\\'s C:\\dir\"}", "it's C:\\dir"),
            ("{\"a\":\"\\ud83d \\ud83d\\ude00 \\u00e9 \\u12\"}", "\u{fffd} \u{1f600} é \\u12"),
            ("{&quot;a&quot;:&quot;R&amp;amp;D&quot;}", "R&amp;D"),
        ] {
            assert_eq!(parse(given).unwrap()["a"], read, "{given}");
        }
        assert_eq!(parse("{\"a\":1}{\"a\":2}").unwrap().as_array().map(Vec::len), Some(2), "two objects in one script");
        assert!(parse("{\"a\":").unwrap_err().contains("no JSON"));
    }

    #[test]
    fn a_type_is_a_name_a_list_of_names_or_an_address() {
        let value = parse(
            r#"{"@graph":[{"@type":"WebSite"},{"@type":["Thing","JobPosting"]},{"item":{"@type":"http://schema.org/JobPosting"}},
                {"type":"schema:JobPosting","related":{"@type":"JobPosting"}},{"@type":"JobPostings"}]}"#,
        );
        assert_eq!(of_type(&value.unwrap(), "JobPosting").len(), 3);
    }

    #[test]
    fn a_script_that_was_made_to_hurt_takes_no_time_to_speak_of() {
        let deep = "[".repeat(1_000_000);
        let quotes = format!("{{\"a\":{}", "\"\" ".repeat(300_000));
        let blanks = format!("{{\"a\":\"{}", "\" x".repeat(300_000));
        let guards = "//".repeat(1_000_000);
        for script in [deep, quotes, blanks, guards, "{,".repeat(500_000), "\"".repeat(1_000_000), "\\u12".repeat(500_000)] {
            let _ = parse(&script).map(|value| of_type(&value, "JobPosting").len());
        }
        assert!(parse(&" 1,".repeat(2_000_000)).unwrap_err().contains("bytes"));
    }
}
