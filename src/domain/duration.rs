//! A length of time as people write it in a configuration: `30s`, `500ms`, `1h 30m`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time that is written as figures with units: `ms`, `s`, `m`, `h`, `d`; several parts add up.
///
/// A bare figure has no unit and is refused: nobody should have to guess whether `30` means seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DurationText(Duration);

/// The units, largest first, with their length in milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl DurationText {
    /// From whole seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// From milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(Duration::from_millis(millis))
    }

    /// The length itself.
    #[must_use]
    pub const fn get(self) -> Duration {
        self.0
    }
}

impl std::str::FromStr for DurationText {
    type Err = DurationTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || DurationTextError(text.chars().take(40).collect());
        let mut rest = text.trim();
        if rest.is_empty() {
            return Err(error());
        }
        let mut millis = 0_u64;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (figure, after) = rest.split_at(digits);
            let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (unit, after) = after.split_at(letters);
            let (_, length) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(error)?;
            let part = figure.parse::<u64>().ok().and_then(|figure| figure.checked_mul(*length)).ok_or_else(error)?;
            millis = millis.checked_add(part).ok_or_else(error)?;
            rest = after.trim_start();
        }
        Ok(Self::from_millis(millis))
    }
}

impl std::fmt::Display for DurationText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut millis = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if millis == 0 {
            return f.pad("0s");
        }
        let mut parts = Vec::new();
        for (unit, length) in UNITS {
            if millis >= length {
                parts.push(format!("{}{unit}", millis / length));
                millis %= length;
            }
        }
        f.pad(&parts.join(" "))
    }
}

impl Serialize for DurationText {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DurationText {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        std::borrow::Cow::<'de, str>::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What was given where a length of time was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no length of time: write a figure with a unit (ms, s, m, h, d), such as \"30s\" or \"1h 30m\"")]
pub struct DurationTextError(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_with_units_add_up_and_come_back() {
        for (text, millis, shown) in [
            ("30s", 30_000, "30s"),
            ("500ms", 500, "500ms"),
            ("90m", 5_400_000, "1h 30m"),
            (" 1h 30m ", 5_400_000, "1h 30m"),
            ("7d", 604_800_000, "7d"),
            ("1s500ms", 1_500, "1s 500ms"),
            ("0s", 0, "0s"),
        ] {
            let parsed: DurationText = text.parse().unwrap();
            assert_eq!(parsed, DurationText::from_millis(millis), "{text}");
            assert_eq!(parsed.to_string(), shown);
            assert_eq!(shown.parse(), Ok(parsed));
        }
    }

    #[test]
    fn what_leaves_a_doubt_is_refused_with_the_mend() {
        for text in ["", "30", "s", "-5s", "1.5h", "5 s", "5y", "99999999999999999999d", "9999999999999999d", "३s"] {
            let error = text.parse::<DurationText>().unwrap_err().to_string();
            assert!(error.contains("30s"), "{error}");
        }
    }
}
