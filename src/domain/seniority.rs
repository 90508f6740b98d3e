//! The level a listing is for.

use crate::domain::word::words;

words! {
    /// The level a listing states, or that its title or years of experience give.
    Seniority, "seniority" {
        /// Intern, co-op, working student.
        Intern = "intern", "intern";
        /// Junior, graduate, trainee, fresher; 0 to 1 years.
        Entry = "entry", "entry level";
        /// II, intermediate; 2 to 4 years.
        Mid = "mid", "mid level";
        /// Senior, staff, principal, expert; 5 years and more.
        Senior = "senior", "senior";
        /// Lead, manager, head, director.
        LeadOrManager = "lead_or_manager", "lead or manager";
    }
}
