//! Where the work is done.

use crate::domain::word::words;

words! {
    /// Where the work is done, as far as the listing says.
    WorkMode, "work mode" {
        /// Wholly from elsewhere is allowed, also when only within some countries.
        Remote = "remote", "remote";
        /// Partly in an office.
        Hybrid = "hybrid", "hybrid";
        /// In an office, and said so.
        Onsite = "onsite", "on site";
    }
}
