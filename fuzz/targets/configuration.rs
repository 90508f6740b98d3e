//! A configuration file, and its variables: lines `ROLECALL__SECTION__KEY=value` before the first blank line.
#![no_main]

use std::ffi::OsString;

use libfuzzer_sys::fuzz_target;
use rolecall::config::Config;

fuzz_target!(|bytes: &[u8]| {
    let text = rolecall_fuzz::text(bytes);
    let (head, file) = text.split_once("\n\n").filter(|(head, _)| head.starts_with("ROLECALL__")).unwrap_or(("", &text));
    let pairs = head.lines().filter_map(|line| line.split_once('='));
    let environment: Vec<(OsString, OsString)> = pairs.map(|(name, value)| (name.into(), value.into())).collect();
    match Config::parse("rolecall.toml", file, &environment) {
        Ok(config) => {
            // What the parts ask of it at the start.
            let _ = (config.operator(), config.rates());
        }
        Err(fault) => assert!(!fault.to_string().trim().is_empty()),
    }
});
