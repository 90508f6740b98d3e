//! One posting as JSON, in the shape that `rolecall source read` writes and `rolecall facts` reads.

use serde_json::{Map, Value};

use crate::domain::Posting;
use crate::sources::shape::json;

/// One posting of a line; nulls are absent, and a number as id is one.
pub fn read_line(line: &str) -> Result<Posting, String> {
    let mut fields: Map<String, Value> = json::parse(line, "$").map_err(|error| error.to_string())?;
    fields.retain(|_, value| !value.is_null());
    if let Some(id) = fields.get_mut("id").filter(|id| id.is_number()) {
        *id = Value::String(id.to_string());
    }
    let posting = serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| error.to_string())?;
    json::complete(posting, "$")
}
