//! Fields of JSON whose shape varies: texts, numbers and flags as every platform and version writes them.

use serde_json::Value;

/// A text, or a number or flag as one; trimmed, and none where it is then empty.
pub fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The first of these JSON pointers (RFC 6901) that holds a text.
pub fn at(value: &Value, pointers: &[&str]) -> Option<String> {
    pointers.iter().find_map(|pointer| value.pointer(pointer).and_then(scalar))
}

/// The text under each of these pointers that holds one.
pub fn all(value: &Value, pointers: &[&str]) -> Vec<String> {
    pointers.iter().filter_map(|pointer| value.pointer(pointer).and_then(scalar)).collect()
}

/// The entries of a list; a single value is a list of one, and null one of none.
pub fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(entries) => entries,
        Value::Null => &[],
        one => std::slice::from_ref(one),
    }
}

/// A flag, also where it is written as a text or a number.
pub fn flag(value: &Value, pointers: &[&str]) -> Option<bool> {
    match at(value, pointers)?.to_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

/// City, region and country as one text, repeats left out.
pub fn place(parts: Vec<String>) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for part in parts {
        if !kept.contains(&part) {
            kept.push(part);
        }
    }
    (!kept.is_empty()).then(|| kept.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_are_read_in_every_way_they_are_written() {
        let value = json!({"id": 7, "name": " A ", "none": null, "empty": "", "remote": "1", "places": "x", "city": {"name": "Pune"}});
        assert_eq!(at(&value, &["/none", "/empty", "/city", "/city/name"]).as_deref(), Some("Pune"));
        assert_eq!(all(&value, &["/id", "/empty", "/name"]), ["7", "A"]);
        assert_eq!((flag(&value, &["/remote"]), flag(&value, &["/none"])), (Some(true), None));
        assert_eq!((list(&value["places"]).len(), list(&value["none"]).len(), list(&json!([1, 2])).len()), (1, 0, 2));
        assert_eq!(place(vec!["Berlin".into(), "Berlin".into(), "DE".into()]).as_deref(), Some("Berlin, DE"));
    }
}
