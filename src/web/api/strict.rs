//! JSON read as it is described: an object is an object. What serde derives would take a list of its fields as well.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Unexpected, Visitor};
use serde_json::{Error, Value};

/// A value of JSON on its way into a type.
pub(super) struct Strict(pub(super) Value);

impl IntoDeserializer<'_, Error> for Strict {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Strict {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(Strict))),
            Value::Object(fields) => visitor.visit_map(MapDeserializer::new(fields.into_iter().map(|(name, value)| (name, Strict(value))))),
            plain => plain.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        if self.0.is_array() { Err(Error::invalid_type(Unexpected::Seq, &visitor)) } else { self.deserialize_any(visitor) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.deserialize_enum(name, variants, visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Preferences;

    fn read(json: &str) -> Result<Preferences, String> {
        serde_path_to_error::deserialize(Strict(serde_json::from_str(json).unwrap())).map_err(|fault| fault.to_string())
    }

    #[test]
    fn wishes_are_read_as_ever_but_a_list_is_no_object() {
        let json = r#"{"roles":["backend_engineer"],"skills":{"any":["rust"]},"seniority":{"any":["senior"],"unknown":"exclude"},
            "salary":{"min":12.5,"currency":"eur"},"places":[{"country":"IN","within_km":null}],"keywords":null}"#;
        assert_eq!(read(json).unwrap(), serde_json::from_str(json).unwrap());
        for (bad, place) in [(r"[]", "."), (r#"{"skills":[]}"#, "skills"), (r#"{"places":[["IN"]]}"#, "places[0]")] {
            assert!(read(bad).unwrap_err().starts_with(&format!("{place}: invalid type: sequence")) || place == ".", "{bad}");
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
