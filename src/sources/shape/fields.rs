//! Fields of JSON whose shape varies: a number as text, a name or an object that has one, one thing or a list of them.

use serde_json::Value;

/// A text, or a number as one, trimmed; none where it is empty or anything else.
pub fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The first of these JSON pointers (RFC 6901) that holds a text.
pub fn at(value: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| value.pointer(pointer).and_then(text))
}

/// The text under each of these pointers that holds one.
pub fn all(value: &Value, pointers: &[&str]) -> Vec<String> {
    pointers.iter().filter_map(|pointer| value.pointer(pointer).and_then(text)).collect()
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

/// The entries of a list; a single value is a list of one, and null one of none.
pub fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(entries) => entries,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_read_in_every_way_they_are_written() {
        assert_eq!(
            [text(&json!(" a ")), text(&json!(7)), text(&json!("")), text(&json!({})), text(&json!(true))],
            [Some("a".into()), Some("7".into()), None, None, None]
        );
        assert_eq!([name(&json!({"name": "Sales"})), name(&json!("Sales"))], [Some("Sales".to_owned()), Some("Sales".to_owned())]);
        assert_eq!(
            [flag(&json!(true)), flag(&json!("no")), flag(&json!(1)), flag(&json!(null))],
            [Some(true), Some(false), Some(true), None]
        );
        assert_eq!([list(&json!([1, 2])).len(), list(&json!({})).len(), list(&Value::Null).len()], [2, 1, 0]);
    }

    #[test]
    fn the_first_place_that_says_something_is_taken() {
        let value = json!({"id": 7, "name": " A ", "none": null, "empty": "", "city": {"name": "Pune"}});
        assert_eq!(at(&value, &["/none", "/empty", "/city", "/city/name"]).as_deref(), Some("Pune"));
        assert_eq!(all(&value, &["/id", "/empty", "/name"]), ["7", "A"]);
    }
}
