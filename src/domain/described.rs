//! How nouns that write themselves in a form of their own describe it to programs: JSON Schema, for the description of the API.

use std::borrow::Cow;

use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::pay::{Amount, Currency};
use crate::domain::place::Country;
use crate::domain::query::Query;
use crate::domain::skill::Skill;

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

fn described(object: ObjectBuilder, words: &str) -> RefOr<Schema> {
    object.description(Some(words)).into()
}

macro_rules! described {
    ($($noun:ident => $schema:expr;)+) => { $(
        impl PartialSchema for $noun {
            fn schema() -> RefOr<Schema> { $schema }
        }
        impl ToSchema for $noun {
            fn name() -> Cow<'static, str> { stringify!($noun).into() }
        }
    )+ };
}

described! {
    Amount => described(
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).minimum(Some(0)).maximum(Some(100_000_000_000_i64)),
        "Money in units of its currency.",
    );
    Currency => described(text().pattern(Some("^[A-Za-z]{3}$")), "ISO 4217, such as INR or EUR.");
    Country => described(text().pattern(Some("^[A-Za-z]{2}$")), "ISO 3166 alpha-2, such as IN or DE.");
    Skill => described(
        text().min_length(Some(1)).max_length(Some(Skill::MAX_CHARS)),
        "A skill by any of its names, such as rust or golang.",
    );
    Query => described(
        text().max_length(Some(Query::MAX_CHARS)),
        "Words, \"phrases\", AND, OR, NOT or -word, parentheses, title: company: skill: before a term.",
    );
}

/// A country, a city, or both, and up to `most_km` around the city.
pub(super) fn place_wish(most_km: f64) -> RefOr<Schema> {
    let null = || ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null));
    let or_null = |schema: RefOr<Schema>| AnyOfBuilder::new().item(schema).item(null());
    let around = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).minimum(Some(0)).maximum(Some(most_km));
    let around = around.description(Some("Also places up to this far from the city, in kilometres."));
    let city = text().pattern(Some(r"\S")).description(Some("The city, by any of its names."));
    let closed = || ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
    let country = closed()
        .property("country", Country::schema())
        .property("city", or_null(text().into()))
        .property("within_km", null())
        .required("country");
    let town = closed()
        .property("country", or_null(Country::schema()))
        .property("city", city)
        .property("within_km", or_null(around.into()))
        .required("city");
    AnyOfBuilder::new().item(country).item(town).description(Some("A country, a city of it, or what lies around that city.")).into()
}

/// A facet of these values: a list of them, or an object that also says what a listing does that is silent.
pub(super) fn wanted<T: PartialSchema, Rule: PartialSchema>() -> RefOr<Schema> {
    let values = || ArrayBuilder::new().items(T::schema());
    let object = ObjectBuilder::new()
        .property("any", values())
        .property("unknown", Rule::schema())
        .additional_properties(Some(AdditionalProperties::FreeForm(false)));
    AnyOfBuilder::new()
        .item(values())
        .item(object)
        .item(ObjectBuilder::new().schema_type(SchemaType::Type(Type::Null)))
        .description(Some("The wanted values; none restricts nothing. As an object it also says what becomes of a listing that is silent."))
        .into()
}
