//! Reading what platforms send: JSON entry by entry, XML as a stream, schema.org in pages, dates and texts in all their spellings.

pub mod contact;
pub mod dates;
pub mod detail;
pub mod entities;
pub mod fields;
pub mod job_posting;
pub mod json;
pub mod ld_json;
pub mod markup;
pub mod mended;
pub mod pay;
pub mod plain;
pub mod posting_line;
pub mod search;
pub mod site;
pub mod sitemap;
pub mod text;
pub mod wording;
pub mod xml;
pub mod xml_entry;
pub mod xml_walk;
