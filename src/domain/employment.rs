//! The kind of contract.

use crate::domain::word::words;

words! {
    /// The kind of contract a listing offers.
    EmploymentType, "employment type" {
        /// Permanent or full-time employment.
        FullTime = "full_time", "full time";
        /// Part-time employment.
        PartTime = "part_time", "part time";
        /// Contractor, freelance, business to business.
        Contract = "contract", "contract";
        /// For a limited time.
        Temporary = "temporary", "temporary";
        /// Internship or working student.
        Internship = "internship", "internship";
        /// Apprenticeship or traineeship.
        Apprenticeship = "apprenticeship", "apprenticeship";
    }
}
