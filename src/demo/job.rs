//! One job of the demo world, before a platform's wire shape is put around it.

use chrono::{DateTime, Utc};

use crate::demo::catalogue::{BoardKind, Continent, Family, Level};
use crate::demo::chance::Chance;
use crate::domain::PayPeriod;

/// Where the work is done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DemoMode {
    /// From home, within the stated limit ("India only", "EMEA", "Worldwide").
    Remote(String),
    /// Some days in the office.
    Hybrid,
    /// In the office, the ward, on the site.
    OnSite,
}

/// Pay, in figures for platforms that have fields and in words for all others.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoPay {
    /// Least, in units of the currency; none where only an upper end is stated.
    pub min: Option<u32>,
    /// Most, in units of the currency; none where one figure is stated.
    pub max: Option<u32>,
    /// ISO 4217.
    pub currency: &'static str,
    /// What the figures are for.
    pub period: PayPeriod,
    /// As the employer spells it.
    pub text: String,
}

/// A part of the text: paragraphs, then points.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Above it; empty for the opening.
    pub heading: String,
    /// Running text.
    pub paragraphs: Vec<String>,
    /// Points of a list.
    pub points: Vec<String>,
}

/// One open job.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoJob {
    /// Its number in the world, from 0 in the order of publishing.
    pub number: u64,
    /// How often its text was changed since it was published.
    pub revision: u32,
    /// The employer's board token.
    pub token: String,
    /// The employer.
    pub company: String,
    /// The employer's host.
    pub domain: String,
    /// The platform it is published on.
    pub board: BoardKind,
    /// Title as published.
    pub title: String,
    /// The family of the role.
    pub family: Family,
    /// The level.
    pub level: Level,
    /// The department.
    pub department: String,
    /// The place as this board spells it, with the limit of remote work.
    pub location: String,
    /// Further places.
    pub more_places: Vec<String>,
    /// The town in plain English.
    pub city: String,
    /// State or region; empty where none is written.
    pub region: String,
    /// The country in English.
    pub country: String,
    /// ISO 3166 alpha-2.
    pub iso: String,
    /// The continent.
    pub continent: Continent,
    /// Where the work is done.
    pub mode: DemoMode,
    /// Kind of contract: "Full-time", "Contract", "Internship", "Part-time".
    pub employment: &'static str,
    /// Pay, where stated.
    pub pay: Option<DemoPay>,
    /// The text.
    pub sections: Vec<Section>,
    /// When it was published.
    pub published_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

impl DemoJob {
    /// A number as ATS platforms give: long, and steady over the job's life.
    pub fn long_id(&self) -> u64 {
        4_100_000_000 + self.number * 1_009
    }

    /// A UUID-shaped id that follows from the number (version 8 of RFC 9562: the writer's own scheme).
    pub fn uuid(&self) -> String {
        let mut chance = Chance::of(self.number, "uuid", 0);
        let (high, low) = (chance.next(), chance.next());
        format!(
            "{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xFFFF,
            high & 0xFFF,
            0x8000 | ((low >> 48) & 0x3FFF),
            low & 0xFFFF_FFFF_FFFF
        )
    }

    /// Title, town and number as a path segment.
    pub fn slug(&self) -> String {
        let mut slug = String::new();
        for letter in format!("{} {} {}", self.title, self.city, self.long_id() % 1_000_000).chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
        slug
    }

    /// The job's own page, on the employer's host.
    pub fn page(&self) -> String {
        format!("https://{}/careers/{}", self.domain, self.slug())
    }

    /// Whether it is done from home.
    pub const fn is_remote(&self) -> bool {
        matches!(self.mode, DemoMode::Remote(_))
    }

    /// The whole text as HTML.
    pub fn html(&self) -> String {
        self.sections.iter().map(Section::html).collect()
    }

    /// The whole text without markup.
    pub fn plain(&self) -> String {
        self.sections.iter().map(Section::plain).collect::<Vec<_>>().join("\n\n")
    }
}

impl Section {
    /// As HTML: heading, paragraphs, list.
    pub fn html(&self) -> String {
        let mut lines = Vec::new();
        if !self.heading.is_empty() {
            lines.push(format!("<h3>{}</h3>\n", escape(&self.heading)));
        }
        lines.extend(self.paragraphs.iter().map(|paragraph| format!("<p>{}</p>\n", escape(paragraph))));
        if !self.points.is_empty() {
            lines.push(format!("<ul>\n{}</ul>\n", self.points_html()));
        }
        lines.concat()
    }

    /// A list under a heading and nothing else.
    pub const fn is_list(&self) -> bool {
        self.paragraphs.is_empty() && !self.points.is_empty()
    }

    /// The points alone, as a run of `<li>`.
    pub fn points_html(&self) -> String {
        self.points.iter().map(|point| format!("<li>{}</li>\n", escape(point))).collect::<Vec<_>>().concat()
    }

    /// Without markup.
    pub fn plain(&self) -> String {
        let heading = (!self.heading.is_empty()).then(|| self.heading.clone());
        let points = self.points.iter().map(|point| format!("- {point}"));
        let points = (!self.points.is_empty()).then(|| points.collect::<Vec<_>>().join("\n"));
        heading.into_iter().chain(self.paragraphs.iter().cloned()).chain(points).collect::<Vec<_>>().join("\n")
    }
}

/// Text for HTML and XML, in element content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::DateTime;

    use super::{DemoJob, Section, escape};
    use crate::demo::world::World;

    fn jobs() -> Vec<DemoJob> {
        World::new(5, DateTime::UNIX_EPOCH, Duration::from_secs(10)).at(0)
    }

    #[test]
    fn a_section_shows_the_same_words_with_and_without_markup() {
        let section = Section {
            heading: String::from("What you'll do"),
            paragraphs: vec![String::from("R&D first.")],
            points: vec![String::from("Keep p99 < 20 ms"), String::from("Sleep")],
        };
        assert_eq!(section.plain(), "What you'll do\nR&D first.\n- Keep p99 < 20 ms\n- Sleep");
        let html = "<h3>What you&#39;ll do</h3>\n<p>R&amp;D first.</p>\n<ul>\n<li>Keep p99 &lt; 20 ms</li>\n<li>Sleep</li>\n</ul>\n";
        assert_eq!(section.html(), html);
        assert!(!section.is_list());
        assert!(Section { paragraphs: Vec::new(), ..section }.is_list());
    }

    #[test]
    fn an_empty_section_leaves_no_empty_elements() {
        assert_eq!(Section::default().html(), "");
        assert_eq!(Section::default().plain(), "");
    }

    #[test]
    fn ids_have_the_shapes_of_the_platforms() {
        for job in jobs() {
            let uuid = job.uuid();
            let parts: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{uuid}");
            assert!(uuid.as_bytes()[14] == b'8' && b"89ab".contains(&uuid.as_bytes()[19]), "{uuid} is not of version 8");
            assert!(job.long_id() > 4_000_000_000);
        }
    }

    #[test]
    fn a_page_is_on_the_employers_own_host_and_fits_a_path() {
        for job in jobs() {
            let slug = job.slug();
            assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'), "{slug}");
            assert!(!slug.contains("--") && !slug.starts_with('-') && !slug.ends_with('-'), "{slug}");
            assert_eq!(job.page(), format!("https://{}/careers/{slug}", job.domain));
        }
    }

    #[test]
    fn nothing_escaped_can_open_an_element_or_leave_an_attribute() {
        assert_eq!(escape("<a href=\"x\" on='y'>&amp;"), "&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;amp;");
    }
}
