//! A line of a GeoNames extract that an operator imports.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall::domain::geonames::parse_line;

fuzz_target!(|bytes: &[u8]| {
    for line in rolecall_fuzz::text(bytes).lines() {
        if let Err(fault) = parse_line(line) {
            assert!(!fault.to_string().is_empty());
        }
    }
});
