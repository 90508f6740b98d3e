//! What several targets need: bytes as text, a moment, and a reading of the facts that must hold whatever the posting says.

use chrono::{DateTime, Utc};
use rolecall::domain::{Facts, Finding, Pay};

/// Bytes as the readers of text get them.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A moment of 2026.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_323_200, 0).expect("a moment of 2026")
}

/// What holds of the facts of any posting: lists are sorted and without repeats, pay is a range, years are years, evidence is short,
/// and all of it comes back from the store as it was put in.
pub fn hold(facts: &Facts) {
    assert!(facts.skills.windows(2).all(|pair| pair[0].value < pair[1].value), "skills in order, each once");
    assert!(facts.remote_countries.windows(2).all(|pair| pair[0].value < pair[1].value), "countries in order, each once");
    assert!(facts.optional_skills.iter().all(|skill| facts.skills.iter().any(|found| found.value == *skill)), "optional ones are skills");
    assert!(facts.min_years.as_ref().is_none_or(|found| found.value.is_finite() && (0.0..=60.0).contains(&found.value)));
    for pay in facts.pay.iter() {
        pay_holds(pay);
    }
    let line = serde_json::to_string(&facts.line("1")).expect("facts are written as JSON");
    assert!(!line.contains('\n'), "one line");
    assert!(facts.evidence().values().all(|words| !words.is_empty()));
    let kept = serde_json::to_vec(facts).expect("facts are written as JSON");
    assert_eq!(serde_json::from_slice::<Facts>(&kept).expect("what was written is read"), *facts);
}

/// Pay has at least one figure, the least is not above the most, and the words stand beside it.
pub fn pay_holds(found: &Finding<Pay>) {
    let pay = &found.value;
    assert!(pay.min.is_some() || pay.max.is_some(), "pay without a figure");
    assert!(pay.min.zip(pay.max).is_none_or(|(min, max)| min <= max), "{pay:?}");
    assert!(pay.best().is_some_and(|best| best.units() > 0.0), "{pay:?}");
    assert!(!pay.raw.trim().is_empty(), "pay rests on words");
}
