//! A title, job by job: `Java Developer / Lead / Architect` names three, `Software Engineer, Front End` one.

use crate::extract::role::job::{Job, JobReader, NARROWED};
use crate::extract::role::part::{Brackets, at_the_front, split};

/// Reads the jobs of a title.
#[derive(Debug)]
pub struct TitleReader {
    words: JobReader,
}

impl TitleReader {
    /// Builds the reader from the embedded title words.
    #[must_use]
    pub fn new() -> Self {
        Self { words: JobReader::new() }
    }

    /// Whether a text speaks of a builder of software at all.
    #[must_use]
    pub fn names_a_builder(&self, text: &str) -> bool {
        self.words.names_a_builder(text)
    }

    /// The jobs of a title without hyphens, in order. Never empty.
    #[must_use]
    pub fn jobs(&self, plain: &str) -> Vec<Job> {
        if plain.contains('|') {
            return self.jobs_of_header(plain);
        }
        let mut parts = split(plain, 0, Brackets::Whole);
        parts.retain(|(_, part)| self.words.is_a_job(part));
        if parts.len() < 2 {
            return vec![self.words.judge(plain)];
        }
        let mut jobs: Vec<Job> = Vec::new();
        for (at, part) in parts {
            // `Data Scientist / Engineer`: a bare word goes on with the work before it.
            let goes_on = jobs.last() == Some(&Job::Other) && self.words.is_a_bare_builder(part);
            jobs.push(if goes_on { Job::Other } else { self.words.judge(part).moved(at) });
        }
        jobs
    }

    /// A header line `Company | Job, Job | Place`: the company's name is read only where nothing else names a job.
    fn jobs_of_header(&self, plain: &str) -> Vec<Job> {
        let mut segments = Vec::new();
        let mut at = 0;
        for segment in plain.split('|') {
            segments.push(self.jobs_of_segment(segment, at));
            at += segment.len() + 1;
        }
        let later = segments.iter().skip(1).flatten().any(|job| !matches!(job, Job::Nothing | Job::Other))
            || plain.split('|').skip(1).any(|segment| self.words.is_a_job(segment));
        segments.into_iter().skip(usize::from(later)).flatten().collect()
    }

    fn jobs_of_segment(&self, segment: &str, at: usize) -> Vec<Job> {
        let parts = split(segment, at, Brackets::Open);
        let named: Vec<Job> =
            parts.iter().map(|(at, part)| self.words.language_alone(part).unwrap_or_else(|| self.words.judge(part)).moved(*at)).collect();
        // `Software Engineer, Front End` is one job, `Software Engineers, Data Scientists` are two.
        let narrowed = named.len() > 1 && parts.iter().zip(&named).any(|((_, part), job)| *job == Job::Other && !self.words.is_a_job(part));
        let front = at_the_front(segment);
        let narrow = |job| match job {
            Job::Backend(hit) if front => Job::FullStackAtTheFront(hit),
            Job::Open { need } if narrowed => Job::Open { need: need.max(NARROWED) },
            job => job,
        };
        named.into_iter().map(narrow).collect()
    }
}
