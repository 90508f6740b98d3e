//! What comes with a job besides its pay.

use crate::domain::word::words;

words! {
    /// A benefit that a posting names.
    Perk, "perk" {
        /// Paid time off, holidays, annual leave.
        PaidLeave = "paid_leave", "paid leave";
        /// Health, medical or dental insurance.
        HealthInsurance = "health_insurance", "health insurance";
        /// Hours of one's own choosing.
        FlexibleHours = "flexible_hours", "flexible hours";
        /// Four days of work a week, or nine a fortnight.
        FourDayWeek = "four_day_week", "four-day week";
        /// Money for books, courses, conferences.
        LearningBudget = "learning_budget", "learning budget";
        /// Leave for parents.
        ParentalLeave = "parental_leave", "parental leave";
        /// Help with moving house.
        Relocation = "relocation", "relocation help";
        /// Options, shares, equity.
        StockOptions = "stock_options", "stock or options";
        /// A pension scheme or retirement plan.
        RetirementPlan = "retirement_plan", "pension or retirement plan";
        /// Money for working at home.
        HomeOfficeBudget = "home_office_budget", "home office budget";
        /// Sports and health.
        Wellness = "wellness", "wellness";
        /// The way to work: tickets, bicycles.
        Commuting = "commuting", "commuting help";
    }
}
