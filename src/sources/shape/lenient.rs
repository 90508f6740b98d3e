//! Values of JSON as boards send them: a number as text, a name or an object that has one, one thing or a list of them.

use serde_json::Value;

use crate::domain::Posting;
use crate::sources::adapter::Reading;
use crate::sources::shape::json::Envelope;
use crate::sources::shape::text::number;

/// A text, or a number as one, trimmed; none where it is empty or anything else.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A text, or the name of an object.
pub fn name(value: &Value) -> Option<String> {
    text(value).or_else(|| ["name", "label", "title"].iter().find_map(|key| text(&value[*key])))
}

/// A yes or no, also as a word or a number.
pub fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        _ => match text(value)?.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        },
    }
}

/// A sum above zero, also as a text with commas; none for 0 and for words, by which boards mean "unknown".
pub fn amount(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => number(&Value::String(text.replace(',', ""))),
        _ => number(value),
    }
}

/// The things of a list; one thing is a list of one, null of none.
pub fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(things) => things,
        Value::Null => &[],
        _ => std::slice::from_ref(value),
    }
}

/// Reads every entry of an answer; one that cannot be read is named by the first of the keys `ids` that it has.
pub fn read(envelope: &Envelope<'_>, ids: &[&str], posting: impl Fn(&Value) -> Option<Posting>) -> Reading {
    let mut reading = envelope.read(|entry: Value| posting(&entry));
    for bad in &mut reading.bad {
        let entry: Value = serde_json::from_str(envelope.items[bad.index].get()).unwrap_or_default();
        bad.id = ids.iter().find_map(|key| text(&entry[*key]));
    }
    reading
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_read_in_the_forms_that_boards_send() {
        assert_eq!(
            [text(&json!(" a ")), text(&json!(7)), text(&json!("")), text(&json!({}))],
            [Some("a".into()), Some("7".into()), None, None]
        );
        assert_eq!([name(&json!({"name": "Sales"})), name(&json!("Sales"))], [Some("Sales".to_owned()), Some("Sales".to_owned())]);
        assert_eq!(
            [flag(&json!(true)), flag(&json!("no")), flag(&json!(1)), flag(&json!(null))],
            [Some(true), Some(false), Some(true), None]
        );
        assert_eq!([amount(&json!("1,200.50")), amount(&json!(0)), amount(&json!("Not disclosed"))], [Some(1200.5), None, None]);
        assert_eq!([list(&json!([1, 2])).len(), list(&json!({})).len(), list(&Value::Null).len()], [2, 1, 0]);
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_named_by_the_key_of_its_platform() {
        let envelope = Envelope::array(r#"[{"slug":"a","guid":"b","code":"J1"}]"#).unwrap();
        let reading = read(&envelope, &["code"], |_| Some(Posting::default()));
        assert_eq!(reading.bad[0].id.as_deref(), Some("J1"));
    }
}
