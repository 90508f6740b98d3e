//! The wishes of one saved search, in the shape of contract part 6.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::domain::described::{place_wish, wanted};
use crate::domain::education::Education;
use crate::domain::employment::EmploymentType;
use crate::domain::pay::{Amount, Currency, PayPeriod};
use crate::domain::place::Country;
use crate::domain::query::Query;
use crate::domain::role::Role;
use crate::domain::seniority::Seniority;
use crate::domain::skill::Skill;
use crate::domain::word::words;
use crate::domain::work_mode::WorkMode;

words! {
    /// What a facet does with a listing that does not say.
    UnknownRule, "rule for unknown facts" {
        /// The listing passes.
        Include = "include", "also when it is not said";
        /// The listing fails.
        Exclude = "exclude", "only when it is said";
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that declares the words derives no default")]
impl Default for UnknownRule {
    fn default() -> Self {
        Self::Include
    }
}

/// A set of wanted values. Written as a list, or as `{"any": [...], "unknown": "exclude"}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Facet<T> {
    /// The wanted values; empty does not restrict.
    pub any: Vec<T>,
    /// What happens to a listing that does not say.
    pub unknown: UnknownRule,
}

impl<T> Facet<T> {
    /// Whether the facet restricts nothing, so that it can be left out.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.any.is_empty() && self.unknown == UnknownRule::Include
    }
}

impl<T> Default for Facet<T> {
    fn default() -> Self {
        Self { any: Vec::new(), unknown: UnknownRule::Include }
    }
}

impl<T> From<Vec<T>> for Facet<T> {
    fn from(any: Vec<T>) -> Self {
        Self { any, unknown: UnknownRule::Include }
    }
}

impl<T: Serialize> Serialize for Facet<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        if self.unknown == UnknownRule::Include {
            return self.any.serialize(s);
        }
        let mut object = s.serialize_struct("Facet", 2)?;
        object.serialize_field("any", &self.any)?;
        object.serialize_field("unknown", &self.unknown)?;
        object.end()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Facet<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct FacetVisitor<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for FacetVisitor<T> {
            type Value = Facet<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list, or an object with \"any\" and \"unknown\"")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Facet::default())
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut any = Vec::new();
                while let Some(value) = list.next_element()? {
                    any.push(value);
                }
                Ok(Facet::from(any))
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut facet = Facet::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "any" => facet.any = map.next_value()?,
                        "unknown" => facet.unknown = map.next_value()?,
                        other => return Err(serde::de::Error::unknown_field(other, &["any", "unknown"])),
                    }
                }
                Ok(facet)
            }
        }
        d.deserialize_any(FacetVisitor(std::marker::PhantomData))
    }
}

/// Wanted skills. `any` needs one of them, `all` every one, `none` forbids; a listing that names no skill fails `any` and `all`
/// unless it names one: an empty list is read as "names none", not as "unknown" (ADR 0005).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SkillWish {
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub any: Vec<Skill>,
    /// Every one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub all: Vec<Skill>,
    /// Not one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub none: Vec<Skill>,
}

/// A wished least salary.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SalaryWish {
    /// The least, in units of the currency.
    pub min: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Its period.
    #[serde(default = "year")]
    pub period: PayPeriod,
    /// What happens to listings that state no comparable pay.
    #[serde(default, alias = "unknown")]
    pub undisclosed: UnknownRule,
}

const fn year() -> PayPeriod {
    PayPeriod::Year
}

/// A wanted place: a country, a city of it, or what lies around that city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaceWish {
    /// The country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// The city, by any of its names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Also places up to this far from the city, in kilometres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_km: Option<f64>,
}

impl PlaceWish {
    /// Half the way around the earth.
    const MAX_KM: f64 = 20_100.0;

    /// The city, where one is named.
    fn named_city(&self) -> Option<&str> {
        self.city.as_deref().filter(|city| !city.trim().is_empty())
    }
}

impl PartialSchema for PlaceWish {
    fn schema() -> RefOr<Schema> {
        place_wish(Self::MAX_KM)
    }
}

impl ToSchema for PlaceWish {}

/// Companies by name, compared trimmed and case-folded.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyWish {
    /// Only these, unless empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub only: Vec<String>,
    /// Never these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub never: Vec<String>,
    /// What `only` does with a listing that names no company.
    #[serde(skip_serializing_if = "is_include")]
    pub unknown: UnknownRule,
}

/// The wishes of one saved search. Facets are ANDed; an empty one does not restrict; an unknown fact passes unless the facet says otherwise.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Preferences {
    /// Wanted roles.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<Role, UnknownRule>, required = false)]
    pub roles: Facet<Role>,
    /// Wanted and unwanted skills.
    #[serde(skip_serializing_if = "is_default")]
    pub skills: SkillWish,
    /// Wanted levels.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<Seniority, UnknownRule>, required = false)]
    pub seniority: Facet<Seniority>,
    /// Years of experience the person has: a listing that asks for more fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 80)]
    pub experience_years: Option<f64>,
    /// Wished least salary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salary: Option<SalaryWish>,
    /// Wanted places.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<PlaceWish, UnknownRule>, required = false)]
    pub places: Facet<PlaceWish>,
    /// Wanted work modes; empty means any.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<WorkMode, UnknownRule>, required = false)]
    pub work_modes: Facet<WorkMode>,
    /// Where the person works from when the job is remote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_country: Option<Country>,
    /// Wanted kinds of contract.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<EmploymentType, UnknownRule>, required = false)]
    pub employment_types: Facet<EmploymentType>,
    /// Wanted education routes.
    #[serde(skip_serializing_if = "Facet::is_open")]
    #[schema(schema_with = wanted::<Education, UnknownRule>, required = false)]
    pub education: Facet<Education>,
    /// Wanted and unwanted companies.
    #[serde(skip_serializing_if = "is_default")]
    pub companies: CompanyWish,
    /// A keyword query.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "keywords")]
    pub keywords: Option<Query>,
}

/// An empty or blank query is no query.
fn keywords<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Query>, D::Error> {
    let text = Option::<String>::deserialize(d)?.unwrap_or_default();
    if text.trim().is_empty() {
        return Ok(None);
    }
    Query::parse(&text).map(Some).map_err(serde::de::Error::custom)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_include(rule: &UnknownRule) -> bool {
    *rule == UnknownRule::Include
}

impl Preferences {
    /// Most values in one list of a facet.
    pub const MAX_VALUES: usize = 200;

    /// Checks what the types alone do not hold: list lengths, places that name something, figures that make sense.
    ///
    /// # Errors
    /// Names the facet and the mend.
    pub fn check(&self) -> Result<(), PreferencesError> {
        let lists = [
            ("skills.any", self.skills.any.len()),
            ("skills.all", self.skills.all.len()),
            ("skills.none", self.skills.none.len()),
            ("places", self.places.any.len()),
            ("companies.only", self.companies.only.len()),
            ("companies.never", self.companies.never.len()),
        ];
        if let Some((facet, given)) = lists.into_iter().find(|(_, len)| *len > Self::MAX_VALUES) {
            return Err(PreferencesError { facet, mend: format!("has {given} values; give at most {}", Self::MAX_VALUES) });
        }
        for place in &self.places.any {
            if place.country.is_none() && place.named_city().is_none() {
                return Err(PreferencesError { facet: "places", mend: "a place needs a country, a city or both".into() });
            }
            if place.within_km.is_some_and(|km| !(0.0..=PlaceWish::MAX_KM).contains(&km) || place.named_city().is_none()) {
                return Err(PreferencesError { facet: "places.within_km", mend: "give 0 to 20100 kilometres around a city".into() });
            }
        }
        if self.experience_years.is_some_and(|years| !(0.0..=80.0).contains(&years)) {
            return Err(PreferencesError { facet: "experience_years", mend: "give 0 to 80 years".into() });
        }
        Ok(())
    }
}

/// A facet that makes no sense, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("preferences: {facet}: {mend}")]
pub struct PreferencesError {
    /// The facet by its key.
    pub facet: &'static str,
    /// What to do.
    pub mend: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTRACT: &str = r#"{"roles":["backend_engineer"],"skills":{"any":["rust","go"],"all":[],"none":["php"]},
        "seniority":["mid","senior"],"experience_years":5,
        "salary":{"min":2500000,"currency":"INR","period":"year","undisclosed":"include"},
        "places":[{"country":"IN","city":"Bengaluru","within_km":50}],"work_modes":["remote","hybrid"],"home_country":"IN",
        "employment_types":["full_time"],"education":["bootcamp_ok","none_stated","degree_preferred"],
        "companies":{"only":[],"never":["Acme Staffing"]},
        "keywords":"(kafka OR \"distributed systems\") -wordpress title:backend"}"#;

    #[test]
    fn the_preferences_of_the_contract_go_in_and_out() {
        let preferences: Preferences = serde_json::from_str(CONTRACT).unwrap();
        preferences.check().unwrap();
        let again: Preferences = serde_json::from_str(&serde_json::to_string(&preferences).unwrap()).unwrap();
        assert_eq!(preferences, again);
    }

    #[test]
    fn a_facet_may_exclude_what_is_unknown() {
        let preferences: Preferences = serde_json::from_str(r#"{"seniority":{"any":["senior"],"unknown":"exclude"}}"#).unwrap();
        assert_eq!(preferences.seniority.unknown, UnknownRule::Exclude);
        let json = serde_json::to_string(&preferences).unwrap();
        assert_eq!(json, r#"{"seniority":{"any":["senior"],"unknown":"exclude"}}"#);
    }

    #[test]
    fn no_wish_at_all_is_an_empty_object() {
        assert_eq!(serde_json::to_string(&Preferences::default()).unwrap(), "{}");
        assert_eq!(serde_json::from_str::<Preferences>(r#"{"keywords":"  "}"#).unwrap(), Preferences::default());
    }

    #[test]
    fn a_wish_that_makes_no_sense_is_refused_by_name() {
        let cases = [
            (r#"{"places":[{}]}"#, "places"),
            (r#"{"places":[{"country":"IN","within_km":5}]}"#, "within_km"),
            (r#"{"places":[{"country":"IN","city":" ","within_km":5}]}"#, "within_km"),
            (r#"{"experience_years":-1}"#, "experience_years"),
        ];
        for (json, facet) in cases {
            let error = serde_json::from_str::<Preferences>(json).unwrap().check().unwrap_err();
            assert!(error.to_string().contains(facet), "{error}");
        }
        let error = serde_json::from_str::<Preferences>(r#"{"rolls":[]}"#).unwrap_err().to_string();
        assert!(error.contains("rolls") && error.contains("roles"), "{error}");
    }
}
