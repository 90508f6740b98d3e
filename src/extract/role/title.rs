//! A title, job by job: `Java Developer / Lead / Architect` names three, `Software Engineer, Front End` one.

use crate::extract::phrase::Hit;
use crate::extract::role::job::{Job, JobReader, NARROWED, PLAIN, is_a_skill};
use crate::extract::role::part::{Brackets, at_the_front, split};

/// Reads the jobs of a title.
#[derive(Debug)]
pub struct TitleReader {
    reader: JobReader,
}

impl TitleReader {
    /// Builds the reader from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        Self { reader: JobReader::new() }
    }

    /// Whether a text speaks of a builder of software at all.
    #[must_use]
    pub fn names_a_builder(&self, text: &str) -> bool {
        self.reader.words().developer.any(text)
    }

    /// Whether an architect builds: in no package, by a word of the server's side in the title or else `by_text`.
    #[must_use]
    pub fn architect_builds(&self, title: &str, by_text: impl FnOnce() -> bool) -> bool {
        let words = self.reader.words();
        !words.package.any(title) && (words.server_language.any(title) || words.backend.any(title) || by_text())
    }

    /// Whether a title makes its software engineer one of big data.
    #[must_use]
    pub fn builds_of_data(&self, title: &str) -> bool {
        let words = self.reader.words();
        words.is_plainly_software(title) && words.data_building.any(title)
    }

    /// Whether the server's side rests on a language that is as much at home elsewhere: `Python Developer`.
    #[must_use]
    pub fn is_by_shared_language(&self, title: &str, job: &Job) -> bool {
        matches!(job, Job::Backend(hit) if self.reader.words().shared_language.any(&title[hit.start..hit.end]))
    }

    /// Whether a title speaks of science or data, and not of further jobs beside them as a header does.
    #[must_use]
    pub fn is_of_science(&self, title: &str, jobs: &[Job]) -> bool {
        let several = title.contains('|') && jobs.iter().filter(|job| **job != Job::Nothing).count() > 1;
        !several && self.reader.words().science.any(title)
    }

    /// The jobs of a title without hyphens, in order. Never empty.
    #[must_use]
    pub fn jobs(&self, plain: &str) -> Vec<Job> {
        if plain.contains('|') {
            return self.jobs_of_header(plain);
        }
        let words = self.reader.words();
        let mut parts = self.with_lent(split(plain, 0, Brackets::Whole));
        parts.retain(|(_, part, lent)| lent.is_some() || words.is_a_job(part));
        let whole = self.reader.judge(plain);
        if parts.len() < 2 {
            // `Java + Spring Boot`, `Python (4 - 8 years)`: a language is all that the title says.
            let language =
                whole == Job::Nothing && words.server_language.any(plain) && !words.leaning.any(plain) && !words.names_other(plain);
            return vec![if language { Job::Open { need: PLAIN } } else { whole }];
        }
        let mut jobs: Vec<Job> = Vec::new();
        let mut manages = false;
        for (at, part, lent) in parts {
            // `Data Scientist / Engineer`: a bare word goes on with the work before it; `Director, Backend Engineering` with the manager.
            let field = manages && plain[..at].ends_with(',');
            let goes_on = jobs.last().is_some_and(|job| job.is_other())
                && (field || words.is_a_bare_builder(part) && !words.is_plainly_software(part));
            let after_architect = matches!(jobs.last(), Some(Job::Architect { bare: false, .. }));
            let job = match lent.unwrap_or_else(|| self.reader.judge(part)).moved(at) {
                job @ Job::Architect { .. } => job,
                // `Solutions Architect / Engineer` is one.
                Job::Open { .. } if after_architect && words.is_a_bare_builder(part) && !words.software.any(part) => Job::Nothing,
                _ if goes_on => Job::Other,
                job => job,
            };
            manages = job.is_other() && (field || words.manages.any(part));
            jobs.push(job);
        }
        // `Software Engineer / Module Lead - Java`: the language belongs to all of them.
        if matches!(whole, Job::Backend(_)) && jobs.iter().all(|job| job.is_other() || matches!(job, Job::Open { .. })) {
            return vec![whole];
        }
        jobs
    }

    /// A header line `Company | Job, Job | Place`: the company's name is read only where nothing else names a job.
    fn jobs_of_header(&self, plain: &str) -> Vec<Job> {
        let words = self.reader.words();
        let mut segments = Vec::new();
        let mut at = 0;
        // `Acme | Data Scientist | Python, AWS`: beside other work alone, languages are only what it uses.
        let jobs = || plain.split('|').flat_map(|segment| split(segment, 0, Brackets::Open)).filter(|(_, part)| words.is_a_job(part));
        let used = jobs().next().is_some() && jobs().all(|(_, part)| self.reader.judge(part).is_other());
        for segment in plain.split('|') {
            segments.push(self.jobs_of_segment(segment, at, !used || words.is_a_job(segment)));
            at += segment.len() + 1;
        }
        let first = plain.split('|').next().unwrap_or(plain);
        let later = segments.iter().skip(1).flatten().any(|job| !job.is_other() && *job != Job::Nothing)
            || plain.split('|').skip(1).any(|segment| words.is_a_job(segment));
        let skipped = usize::from(later && !words.is_a_builder(first));
        if !later && let Some(company) = segments.first_mut() {
            company.retain(|job| !is_a_name(first, job));
        }
        let jobs: Vec<Job> = segments.into_iter().skip(skipped).flatten().collect();
        if jobs.is_empty() { vec![Job::Nothing] } else { jobs }
    }

    fn jobs_of_segment(&self, segment: &str, at: usize, languages: bool) -> Vec<Job> {
        let words = self.reader.words();
        let parts = split(segment, at, Brackets::Open);
        // `Firmware/Embedded C++ and Rust`: the language is the device's.
        let device = ["embedded", "firmware"].iter().any(|word| segment.contains(word));
        let alone = |part: &str| words.language_alone(part).filter(|_| languages && !device);
        let judge = |part: &str| match alone(part) {
            Some(hit) => Job::Backend(hit),
            None if words.is_terms(part) => Job::Nothing,
            None => self.reader.judge(part),
        };
        let parts = self.with_lent(parts);
        let named: Vec<Job> = parts.iter().map(|(at, part, lent)| lent.unwrap_or_else(|| judge(part)).moved(*at)).collect();
        // `Software Engineer, Front End` is one job, `Software Engineers, Data Scientists` are two.
        let narrowed = named.len() > 1 && parts.iter().zip(&named).any(|((_, part, _), job)| job.is_other() && !words.is_a_job(part));
        let front = at_the_front(segment);
        let full = |hit: Hit| segment[hit.start - at..hit.end - at].contains("full");
        let skill = |hit: Hit| is_a_skill(&segment[hit.start - at..hit.end - at]);
        let narrow = |job| match job {
            // `Data Analyst (Python, PL/SQL)`: what somebody knows is no job of its own.
            Job::Database(hit) if skill(hit) && parts.len() > 1 => Job::Nothing,
            Job::Backend(hit) if front && full(hit) => Job::FullStackAtTheFront(hit),
            Job::Open { need } if narrowed => Job::Open { need: need.max(NARROWED) },
            job => job,
        };
        named.into_iter().map(narrow).collect()
    }
}

impl TitleReader {
    /// The parts of a title, and the job of those that borrow its word from the part behind them.
    fn with_lent<'a>(&self, parts: Vec<(usize, &'a str)>) -> Vec<(usize, &'a str, Option<Job>)> {
        let behind: Vec<&str> = parts.iter().skip(1).map(|(_, part)| *part).chain([""]).collect();
        parts.into_iter().zip(behind).map(|((at, part), next)| (at, part, self.lent(part, next))).collect()
    }

    /// `Software/Data Engineers`: the first of two fields goes with the word behind the second.
    fn lent(&self, part: &str, next: &str) -> Option<Job> {
        let words = self.reader.words();
        let field = words.lends_a_job(part)?;
        let job = words.developer.all(next).pop().filter(|_| !words.is_a_job(part))?;
        let word = &next[job.start..job.end];
        if !["developer", "engineer", "programmer"]
            .iter()
            .any(|builder| word.ends_with(builder) || word.trim_end_matches('s').ends_with(builder))
        {
            return None;
        }
        let whole = format!("{} {word}", part.trim_end());
        Some(match self.reader.judge(&whole) {
            Job::Backend(_) => Job::Backend(field),
            Job::Database(_) => Job::Database(field),
            job => job,
        })
    }
}

/// `Architect Financial Technologies | Chicago`: an architect by name only.
fn is_a_name(segment: &str, job: &Job) -> bool {
    let Job::Architect { hit, .. } = job else { return false };
    let after = segment[hit.end..].trim_end();
    after.starts_with(' ') && after.trim_start().starts_with(char::is_alphabetic) && !after.contains([',', '(', '/'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::phrase::unhyphened;

    /// What the jobs of a title are, in a word each.
    fn jobs(title: &str) -> Vec<&'static str> {
        let word = |job: &Job| match job {
            Job::Backend(_) => "backend",
            Job::FullStackAtTheFront(_) => "front",
            Job::Database(_) => "database",
            Job::Architect { bare: true, .. } => "bare architect",
            Job::Architect { builds: true, .. } => "building architect",
            Job::Architect { .. } => "architect",
            Job::Open { .. } => "open",
            Job::Other | Job::Leaning { .. } => "other",
            Job::Nothing => "nothing",
        };
        TitleReader::new().jobs(&unhyphened(&title.to_lowercase())).iter().map(word).collect()
    }

    #[test]
    fn a_title_names_one_job_or_several() {
        for (title, expected) in [
            ("Software Engineer, Front-End", vec!["other"]),
            ("Java Developer / Lead / Architect", vec!["backend", "other", "bare architect"]),
            ("Data Scientist / Engineer", vec!["other", "other"]),
            ("Product Manager (ex-founder or ex-engineer)", vec!["other"]),
            ("Oracle PL/SQL Developer", vec!["database"]),
            (".NET/SQL Developer", vec!["backend"]),
            ("SQL Developer - (T-SQL and C#)", vec!["database"]),
            ("Full Stack Architect", vec!["building architect"]),
            ("Solution Architect - Salesforce", vec!["architect"]),
            ("Naval Architect", vec!["other"]),
            ("Programmer Analyst", vec!["open"]),
            ("Chief of Staff", vec!["nothing"]),
            ("Software Engineer / Module Lead - Java", vec!["backend"]),
            ("Senior Software Engineer, API Platform", vec!["backend"]),
            ("PHP Laravel Developer Cybersecurity", vec!["backend"]),
            ("Senior Software Developer (C#, SQL, ERP Software)", vec!["backend"]),
            ("ERP Developer", vec!["other"]),
            ("Spring 2027 Civil Engineering Internship", vec!["other"]),
            ("Go-to-Market Engineer", vec!["other"]),
            ("Full Stack Engineering Manager", vec!["other"]),
            ("Java Consultant", vec!["open"]),
            ("Python (4 - 8 years)", vec!["open"]),
            ("Java Developer - Spring, SQL, PL/SQL", vec!["backend"]),
            ("Data Analyst, PL/SQL", vec!["other"]),
            ("Machine Learning Architect", vec!["architect"]),
            ("AWS Architecture", vec!["architect"]),
            ("DevOps Engineer (Cloud Architect)", vec!["other"]),
            ("Furniture Architect", vec!["other"]),
            ("Solution Architect - Mobile App Development", vec!["architect"]),
            ("Netzwerkarchitekt (m/w/d)", vec!["architect"]),
            ("Database Architect", vec!["database"]),
            ("Senior DB2 Administrator", vec!["database"]),
            ("Administrador BBDD Oracle", vec!["database"]),
            ("Programista PL/SQL", vec!["database"]),
            ("Software Developer (PostgreSQL Expert)", vec!["open"]),
            ("Director, Solutions Architecture", vec!["other", "architect"]),
            ("Softwarearchitekt (m/w/d)", vec!["building architect"]),
            ("Engineering Manager, Back End", vec!["other"]),
            ("Director Backend Engineering", vec!["other"]),
            ("Manager, Software Engineering (Payments)", vec!["other", "other"]),
            ("Software Engineer in Test (Back-End)", vec!["other"]),
            ("Salesforce Full Stack Developer", vec!["other"]),
            ("Full Stack Marketer", vec!["other"]),
            ("Spring 2027 Civil Internship", vec!["nothing"]),
            ("Go-to-Market Associate", vec!["nothing"]),
            ("Data Scientist / Software Engineer", vec!["other", "open"]),
            ("Senior Analyst / Developer", vec!["open"]),
            ("Data Analyst / Developer", vec!["other"]),
            ("Software Developer with QA skills", vec!["open"]),
            ("Senior Engineer, Cloud Infrastructure", vec!["open"]),
            ("Cloud Infrastructure Engineer", vec!["other"]),
            ("Senior Software Engineer, Ads Quality", vec!["open"]),
            ("Safety Officer - Tier 1 Developer & Builder", vec!["other"]),
            ("Full- Stack Developer", vec!["backend"]),
            ("Linux Server Engineer", vec!["open"]),
            ("Principal Engineer - Technical Architect (Java)", vec!["building architect"]),
            ("Software Development Engineer - Test", vec!["other"]),
            ("Software Engineer in Test", vec!["other"]),
            ("Ext JS Developer", vec!["other"]),
            ("Software Engineer (Angular)", vec!["open"]),
            ("Ingénieur de la fiabilité des bases de données", vec!["database"]),
            ("Software/Data Engineers", vec!["open", "other"]),
            ("Database/BI Developer", vec!["database", "other"]),
            ("Solutions Architect / Engineer", vec!["architect", "nothing"]),
            ("Tableau/SQL Developer", vec!["other"]),
        ] {
            assert_eq!(jobs(title), expected, "{title}");
        }
    }

    #[test]
    fn other_work_between_a_word_and_its_job_takes_the_word_away() {
        for title in
            ["Backend QA Engineer", "Support Engineer - Backend Systems", "Full Stack Data Scientist", "Server-Side Rendering Engineer"]
        {
            assert!(!jobs(title).contains(&"backend"), "{title}: {:?}", jobs(title));
        }
        for title in ["Backend Engineer - Data Platform", "Senior Python Developer - Big Data", "Full Stack Developer - DevOps & Cloud"] {
            assert_eq!(jobs(title), ["backend"], "{title}");
        }
    }

    #[test]
    fn a_header_names_its_company_first_and_lists_its_jobs() {
        assert_eq!(jobs("Innovative Architects | Data & .Net Dev | Remote"), ["nothing", "backend", "nothing"]);
        assert_eq!(jobs("Acme | Front End / Full Stack Developer"), ["other", "front"]);
        assert_eq!(jobs("Senior Engineer | Riskpulse | Austin, TX"), ["open", "nothing", "nothing", "nothing"]);
        assert_eq!(jobs("Acme | Rails, iOS"), ["backend", "other"]);
        assert_eq!(jobs("Acme | Berlin | INTERNS, VISA, ONSITE"), ["nothing"; 4]);
        assert_eq!(jobs("Acme | Front End Developer | Intern"), ["other", "nothing"]);
        assert_eq!(jobs("Back/Front End Developers | Acme"), ["backend", "nothing"]);
        assert_eq!(jobs("Acme | Data Scientist | Python, AWS"), ["other", "nothing", "nothing"]);
        assert_eq!(jobs("Acme | AI Platform / Backend / Frontend / Full Stack"), ["nothing", "backend", "other", "front"]);
        assert_eq!(jobs("Acme | Front End Developer | Phoenix, AZ"), ["other", "nothing", "nothing"]);
        assert_eq!(jobs("Acme | Embedded C and Rust"), ["nothing", "nothing", "nothing"]);
        assert_eq!(jobs("Architect Houses | Chicago | architect.co"), ["nothing", "nothing"]);
        assert_eq!(jobs("Acme | Sr. Rails/React Engineer | Berlin"), ["backend", "other", "nothing"]);
        assert_eq!(jobs("Architect Financial Houses | Chicago"), ["nothing"]);
        assert_eq!(jobs("PHP Developers | React. Melbourne. Several positions"), ["backend", "other"]);
        assert_eq!(jobs("New York | Fullstack Academy | Instructor/Engineer"), ["nothing", "other", "open"]);
    }

    proptest::proptest! {
        #[test]
        fn any_title_has_a_job_and_its_words_stand_where_it_says(title in "[a-z|/,&() -]{0,60}(java|sql developer|architect|backend)?[a-z|/ ]{0,20}") {
            static READER: std::sync::LazyLock<TitleReader> = std::sync::LazyLock::new(TitleReader::new);
            let jobs = READER.jobs(&title);
            proptest::prop_assert!(!jobs.is_empty());
            for job in jobs {
                if let Job::Backend(hit) | Job::Database(hit) | Job::Architect { hit, .. } | Job::FullStackAtTheFront(hit) = job {
                    proptest::prop_assert!(title.get(hit.start..hit.end).is_some_and(|words| !words.is_empty() && words == words.trim()));
                }
            }
        }
    }
}
