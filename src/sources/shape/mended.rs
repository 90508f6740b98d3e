//! Reading an entry of which a part has an unforeseen form: the same in another writing, or nothing where something was due.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// The most parts that are mended in one entry.
const MOST: usize = 64;

/// Reads an entry in spite of parts of another form: a number as text and the reverse, one thing for a list of them, an
/// object for its name, nothing for a list or an object. None where it has a part of which no sense can be made.
pub fn read<T: DeserializeOwned>(entry: &str) -> Option<T> {
    let mut entry: Value = serde_json::from_str(entry).ok().filter(Value::is_object)?;
    for _ in 0..MOST {
        let Fault { place, list_due } = match attempt(&entry) {
            Ok(read) => return Some(read),
            Err(fault) => fault,
        };
        let found = entry.pointer(&place)?.clone();
        let fits = forms(&found, list_due).into_iter().any(|form| {
            put(&mut entry, &place, form);
            attempt::<T>(&entry).err().is_none_or(|next| !within(&next.place, &place))
        });
        if !fits {
            leave_out(&mut entry, &place, says_nothing(&found))?;
        }
    }
    None
}

/// The first part that does not fit.
struct Fault {
    /// Where it is (RFC 6901).
    place: String,
    /// Whether a list was due: only then is one made of it, for serde takes a list for an object too, field by field.
    list_due: bool,
}

fn attempt<T: DeserializeOwned>(entry: &Value) -> Result<T, Fault> {
    serde_path_to_error::deserialize(entry).map_err(|error| {
        let segments = error.path().iter().map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            Segment::Enum { .. } | Segment::Unknown => String::new(),
        });
        Fault { place: segments.collect(), list_due: error.inner().to_string().contains("expected a sequence") }
    })
}

/// Whether a place is at or under another.
fn within(place: &str, other: &str) -> bool {
    place.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The other forms in which platforms write the same.
fn forms(value: &Value, list_due: bool) -> Vec<Value> {
    let listed = list_due.then(|| Value::Array(vec![value.clone()]));
    match value {
        Value::Number(number) => {
            let whole =
                number.as_f64().filter(|number| number.fract() == 0.0).and_then(|number| format!("{number:.0}").parse::<i64>().ok());
            let flag = whole.filter(|whole| matches!(whole, 0 | 1)).map(|whole| Value::Bool(whole == 1));
            [Value::String(number.to_string())].into_iter().chain(whole.map(Value::from)).chain(flag).chain(listed).collect()
        }
        Value::Bool(flag) => vec![Value::String(flag.to_string())],
        Value::String(text) => {
            let bare = serde_json::from_str::<Value>(&text.trim().to_ascii_lowercase()).ok().filter(|bare| !bare.is_object());
            let whole = text.trim().parse::<f64>().ok().and_then(|number| format!("{number:.0}").parse::<i64>().ok());
            bare.into_iter().chain(whole.map(Value::from)).chain(listed).collect()
        }
        Value::Object(fields) => {
            let name = ["name", "label", "title", "value"].iter().find_map(|key| fields.get(*key)).cloned();
            name.into_iter().chain(listed).collect()
        }
        Value::Array(entries) => entries.first().filter(|_| entries.len() == 1).cloned().into_iter().collect(),
        Value::Null => Vec::new(),
    }
}

fn put(entry: &mut Value, place: &str, form: Value) {
    if let Some(slot) = entry.pointer_mut(place) {
        *slot = form;
    }
}

/// Nothing in any of the ways in which platforms write it; anything else that does not fit is a fault, and to be named.
fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(entries) => entries.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Takes a part that says nothing out of its object or list; none where it says something, or is the entry itself.
fn leave_out(entry: &mut Value, place: &str, nothing: bool) -> Option<()> {
    let (parent, key) = place.rsplit_once('/').filter(|_| nothing)?;
    match entry.pointer_mut(parent)? {
        Value::Object(fields) => fields.remove(&key.replace("~1", "/").replace("~0", "~")).map(drop),
        Value::Array(entries) => {
            let at = key.parse::<usize>().ok().filter(|at| *at < entries.len())?;
            entries.remove(at);
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq, Default)]
    #[serde(default)]
    struct Job {
        title: String,
        place: Option<Place>,
        offices: Vec<Place>,
        created: Option<i64>,
        listed: Option<bool>,
        cities: Vec<String>,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Place {
        name: Option<String>,
    }

    #[test]
    fn parts_of_another_form_are_mended_or_left_out_and_the_rest_stays() {
        let named = |name: &str| Place { name: Some(name.to_owned()) };
        for (given, read_as) in [
            (r#"{"title":"A","created":"5","offices":null}"#, Job { title: "A".into(), created: Some(5), ..Job::default() }),
            (
                r#"{"title":"A","created":5.0,"listed":1}"#,
                Job { title: "A".into(), created: Some(5), listed: Some(true), ..Job::default() },
            ),
            (r#"{"title":7}"#, Job { title: "7".into(), ..Job::default() }),
            (r#"{"title":"A","place":{"name":7}}"#, Job { title: "A".into(), place: Some(named("7")), ..Job::default() }),
            (
                r#"{"title":{"name":"A"},"offices":{"name":"Pune"},"cities":"Pune","created":""}"#,
                Job { title: "A".into(), offices: vec![named("Pune")], cities: vec!["Pune".into()], ..Job::default() },
            ),
            (
                r#"{"title":"A","offices":[{"name":"a"},null],"cities":[null,"c"],"listed":"False","place":[]}"#,
                Job { title: "A".into(), offices: vec![named("a")], cities: vec!["c".into()], listed: Some(false), ..Job::default() },
            ),
        ] {
            assert_eq!(read::<Job>(given), Some(read_as), "{given}");
        }
        for given in ["7", "[]", "{", r#"{"created":"soon"}"#, r#"{"created":{"date":"soon"}}"#, r#"{"place":["x",1]}"#, r#"{"place":"x"}"#]
        {
            assert_eq!(read::<Job>(given), None, "{given}");
        }
    }

    #[test]
    fn an_entry_without_what_is_due_is_not_made_up() {
        #[derive(Deserialize, Debug, PartialEq)]
        struct Due {
            id: u64,
        }
        assert_eq!([read::<Due>("{}"), read(r#"{"id":"x"}"#), read(r#"{"id":"7"}"#)], [None, None, Some(Due { id: 7 })]);
    }
}
