//! Countries and places.

use serde::{Deserialize, Serialize};

/// An ISO 3166 alpha-2 country code in upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// Reads two ASCII letters in either case; whether the code is assigned is the vocabulary's business.
    ///
    /// # Errors
    /// Anything but two ASCII letters.
    pub fn parse(text: &str) -> Result<Self, CountryError> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()])),
            _ => Err(CountryError(text.chars().take(40).collect())),
        }
    }

    /// The country of two upper-case letters that are known when this is compiled.
    #[must_use]
    pub const fn from_letters(code: [u8; 2]) -> Self {
        assert!(code[0].is_ascii_uppercase() && code[1].is_ascii_uppercase(), "a country code is two upper-case letters");
        Self(code)
    }

    /// The code, two upper-case letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a country code is two ASCII letters by construction")
    }
}

impl std::fmt::Debug for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for Country {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl std::str::FromStr for Country {
    type Err = CountryError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for Country {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&std::borrow::Cow::<'de, str>::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// What was given where a country code was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no country code: give the two letters of ISO 3166, such as IN or DE")]
pub struct CountryError(pub String);

/// A point on the globe, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GeoPoint {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

impl GeoPoint {
    /// Great-circle distance in kilometres (haversine, mean radius 6,371.0088 km of IUGG).
    #[must_use]
    pub fn kilometres_to(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let half_lat = ((b - a) / 2.0).sin();
        let half_lon = ((other.longitude - self.longitude).to_radians() / 2.0).sin();
        let chord = half_lat * half_lat + a.cos() * b.cos() * half_lon * half_lon;
        2.0 * 6_371.008_8 * chord.sqrt().min(1.0).asin()
    }
}

/// A place a listing names; each part only where it is known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Place {
    /// The city by its canonical name (Bengaluru, also where Bangalore was written).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State, province or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Where the city lies, when the vocabulary knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<GeoPoint>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [self.city.as_deref(), self.region.as_deref(), self.country.as_ref().map(Country::as_str)];
        let known: Vec<&str> = parts.into_iter().flatten().collect();
        f.write_str(&known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bengaluru_lies_about_840_km_from_mumbai() {
        let bengaluru = GeoPoint { latitude: 12.9716, longitude: 77.5946 };
        let mumbai = GeoPoint { latitude: 19.0760, longitude: 72.8777 };
        let distance = bengaluru.kilometres_to(mumbai);
        assert!((835.0..850.0).contains(&distance), "{distance}");
        assert!(mumbai.kilometres_to(mumbai) < 1e-9);
    }

    #[test]
    fn a_country_is_two_letters_in_any_case() {
        assert_eq!(Country::parse("in").unwrap().as_str(), "IN");
        for bad in ["", "I", "IND", "1N", "ü"] {
            assert!(Country::parse(bad).is_err(), "{bad}");
        }
    }
}
