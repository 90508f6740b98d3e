//! Who offers a job: what kind of company, and whether it hires for itself.

use crate::domain::word::words;

words! {
    /// The kind of company, in its own words.
    CompanyKind, "kind of company" {
        /// Young and small.
        Startup = "startup", "start-up";
        /// Grown out of that, still growing fast.
        Scaleup = "scaleup", "scale-up";
        /// A large company.
        Enterprise = "enterprise", "large company";
        /// Government, council, public body.
        PublicSector = "public_sector", "public sector";
    }
}

words! {
    /// Whether the one who posts is the one who employs.
    HiredBy, "hirer" {
        /// The employer itself.
        Employer = "employer", "the employer itself";
        /// A recruiter or staffing agency, for a client.
        Agency = "agency", "a recruiter or agency";
    }
}
