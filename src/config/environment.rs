//! Keys that the environment overrides.

use std::ffi::OsString;

use serde::de::DeserializeOwned;

use crate::config::error::ConfigError;
use crate::domain::nearest::nearest;

/// A variable: its name, the keys it names, its value.
pub(in crate::config) type Variable = (String, Vec<String>, String);

/// The variables `ROLECALL__SECTION__KEY` as paths of keys.
pub(in crate::config) fn overrides(environment: &[(OsString, OsString)]) -> Result<Vec<Variable>, ConfigError> {
    let mut found = Vec::new();
    for (name, value) in environment {
        let Some(name) = name.to_str().filter(|name| name.starts_with("ROLECALL__")) else { continue };
        let keys: Vec<String> = name.split("__").skip(1).map(str::to_lowercase).collect();
        let Some(value) = value.to_str() else {
            return Err(ConfigError::Text { place: format!("environment variable {name}"), fault: "its value is not UTF-8".into() });
        };
        found.push((name.to_owned(), keys, value.to_owned()));
    }
    found.sort();
    Ok(found)
}

/// Sets variables one after the other, so that the first that does not fit is the one that is named.
pub(in crate::config) fn overlay<T: Default + DeserializeOwned>(text: &str, variables: &[Variable]) -> Result<T, ConfigError> {
    let mut table: toml::Table =
        toml::from_str(text).map_err(|error| ConfigError::Text { place: "the configuration".into(), fault: error.to_string() })?;
    let mut config = T::default();
    for (name, keys, value) in variables {
        let fault = |fault: String| ConfigError::Text { place: format!("environment variable {name}"), fault };
        let value = toml::from_str::<toml::Table>(&format!("v = {value}")).ok().and_then(|mut table| table.remove("v"));
        let plain =
            || toml::Value::String(variables.iter().find(|(other, ..)| other == name).map(|(_, _, text)| text.clone()).unwrap_or_default());
        set(&mut table, keys, value.unwrap_or_else(plain)).map_err(|()| fault("it names no key of a section".into()))?;
        config = serde_path_to_error::deserialize(table.clone()).map_err(|error| fault(with_mend(&error.to_string())))?;
    }
    Ok(config)
}

fn set(table: &mut toml::Table, keys: &[String], value: toml::Value) -> Result<(), ()> {
    match keys {
        [] => Err(()),
        [last] => {
            table.insert(last.clone(), value);
            Ok(())
        }
        [section, rest @ ..] => {
            let inner = table.entry(section.clone()).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            set(inner.as_table_mut().ok_or(())?, rest, value)
        }
    }
}

/// What to write where serde only says what it expected.
const MENDS: [(&str, &str); 5] = [
    ("relative URL without a base", "give a whole address, such as \"https://jobs.example.org\""),
    ("expected a boolean", "write true or false, without quotes"),
    ("expected a string", "write it in quotes"),
    ("expected u", "write a whole number without quotes, such as 10"),
    ("expected f", "write a number without quotes, such as 0.5"),
];

/// Adds "did you mean" to serde's message about an unknown field, and an example to one about a wrong value.
pub(in crate::config) fn with_mend(message: &str) -> String {
    let mended = with_nearest(message);
    match MENDS.iter().find(|(fault, _)| mended.contains(fault)) {
        Some((_, mend)) => format!("{mended}\n{mend}"),
        None => mended,
    }
}

fn with_nearest(message: &str) -> String {
    let trimmed = message.trim_end();
    let line = trimmed.lines().find(|line| line.contains("unknown field")).unwrap_or_default();
    let mut quoted = line.split('`').skip(1).step_by(2);
    let is_unknown = !line.is_empty();
    match quoted.next().filter(|_| is_unknown).and_then(|given| nearest(given, quoted)) {
        Some(known) => format!("{trimmed}\ndid you mean `{known}`?"),
        None => trimmed.to_owned(),
    }
}
