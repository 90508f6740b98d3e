//! What the person hired would mostly do.

use crate::domain::word::words;

words! {
    /// The role of a listing. A subscriber wishes for one or more of the first three.
    Role, "role" {
        /// Builds server-side software: services, APIs, data access.
        BackendEngineer = "backend_engineer", "backend engineer";
        /// Runs, tunes, designs or develops databases.
        DatabaseAdministrator = "database_administrator", "database administrator";
        /// Decides how systems are built: solution, technical, software, enterprise, cloud or data architect.
        SolutionsArchitect = "solutions_architect", "solutions architect";
        /// Everything else.
        Other = "other", "other role";
    }
}
