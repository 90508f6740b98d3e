//! The education route a listing asks for.

use crate::domain::word::words;

words! {
    /// The education route of a listing. A listing that says nothing is `none_stated`, which is a value one can wish for.
    Education, "education route" {
        /// A degree is asked for without a way round.
        DegreeRequired = "degree_required", "degree required";
        /// A degree is preferred, or equivalent experience will do.
        DegreePreferred = "degree_preferred", "degree or equivalent";
        /// A boot camp or teaching oneself is named as welcome.
        BootcampOk = "bootcamp_ok", "boot camp or self-taught welcome";
        /// An apprenticeship or vocational training is the route in.
        Apprenticeship = "apprenticeship", "apprenticeship";
        /// Nothing is said.
        NoneStated = "none_stated", "no education stated";
    }
}
