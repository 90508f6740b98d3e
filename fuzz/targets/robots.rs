//! A `robots.txt`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::sources::RobotsRules;
use url::Url;

fuzz_target!(|bytes: &[u8]| {
    let rules = RobotsRules::read(bytes, "Rolecall");
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let base = Url::parse("https://www.example.com/").expect("a constant address");
    if let Ok(url) = base.join(&rolecall_fuzz::text(&bytes[..end])) {
        let _ = rules.allow(&url);
    }
    assert!(rules.delay.is_none_or(|delay| delay.as_secs() <= 10));
});
