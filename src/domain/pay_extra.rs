//! What is paid beside base pay.

use crate::domain::word::words;

words! {
    /// Something that is paid beside base pay. It is noted, never counted in.
    PayExtra, "pay extra" {
        /// Shares, or options on them.
        Equity = "equity", "equity";
        /// A bonus or variable part.
        Bonus = "bonus", "bonus";
        /// A share of what is sold.
        Commission = "commission", "commission";
        /// Hours beyond the usual ones are paid.
        Overtime = "overtime", "paid overtime";
        /// Money for a purpose: house rent, car, travel.
        Allowance = "allowance", "allowance";
        /// The employer's part of an Australian pension, on top.
        Superannuation = "superannuation", "superannuation";
    }
}
