//! A job as the source published it, untouched.

use serde::{Deserialize, Serialize};

use crate::domain::pay::PayPeriod;
use crate::domain::work_mode::WorkMode;

/// A posting: contract part 4, plus what an adapter knows in structured form.
///
/// Nothing here is interpreted: pay, place and text are as the platform gave them. Unknown further keys are ignored.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default)]
pub struct Posting {
    /// The platform's own id, unique within `source`.
    #[serde(deserialize_with = "text_or_nothing")]
    pub id: String,
    /// The name of the source.
    #[serde(deserialize_with = "text_or_nothing")]
    pub source: String,
    /// Title, as plain text.
    #[serde(deserialize_with = "text_or_nothing")]
    pub title: String,
    /// The employer, where known.
    pub company: Option<String>,
    /// Place as free text; several places joined by `; `.
    pub location: Option<String>,
    /// Plain text or HTML (already un-escaped as often as the platform escaped it).
    pub description: Option<String>,
    /// Pay as free text.
    pub salary_text: Option<String>,
    /// Kind of contract as the platform words it.
    pub employment_type: Option<String>,
    /// When the platform says it was posted: RFC 3339, or a date.
    pub posted_at: Option<String>,
    /// The page of the job.
    pub url: Option<String>,
    /// Where to apply, when it differs from `url`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_url: Option<String>,
    /// When the platform says it last changed; often not news.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<String>,
    /// After this moment or date the job is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_through: Option<String>,
    /// The platform's own remote, hybrid or on-site flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_mode: Option<WorkMode>,
    /// The platform's own structured base pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salary: Option<StructuredPay>,
    /// The team or department.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// Tags or skills the platform lists; a hint, often wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The platform's level field; a hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The platform's education field; a hint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub education: Option<String>,
    /// The platform's country field, where it gives one of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Whom the platform's terms ask to name beside the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// The text's language, where the platform says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// Null stands for an empty text, and ids are written as numbers as well.
fn text_or_nothing<'de, D: serde::Deserializer<'de>>(d: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(d)? {
        serde_json::Value::Null => Ok(String::new()),
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("give a text or null")),
    }
}

/// Base pay in a platform's own fields, not yet checked for sense.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, expecting = "an object of min, max, currency and period: pay as a text goes into salary_text")]
pub struct StructuredPay {
    /// Least, in units of the currency.
    pub min: Option<f64>,
    /// Most, in units of the currency.
    pub max: Option<f64>,
    /// Currency code as given.
    pub currency: Option<String>,
    /// Period, where the platform's word for it is known.
    pub period: Option<PayPeriod>,
    /// The board made the figures up from what others pay, and says so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub estimated: bool,
}
