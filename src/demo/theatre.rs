//! A world on the clock, answering in each platform's shape.

use std::sync::{Arc, Mutex, PoisonError};

use crate::clock::Clock;
use crate::demo::answer::Answer;
use crate::demo::ask::Ask;
use crate::demo::catalogue::{BoardKind, Company};
use crate::demo::job::DemoJob;
use crate::demo::source::DemoSource;
use crate::demo::wire::{arbeitnow, ashby, greenhouse, jobicy, lever, ndjson, rss};
use crate::demo::world::World;

/// The name of the file source.
pub const FILE_SOURCE: &str = "demo-file";

/// The world as the boards see it.
#[derive(Debug)]
pub struct Theatre {
    world: World,
    clock: Clock,
    root: String,
    /// The jobs of the tick that was asked for last: a poll asks some twenty boards within one tick.
    last: Mutex<Option<(u64, Arc<Vec<DemoJob>>)>>,
}

impl Theatre {
    /// A world whose boards are reached under `root` (scheme, host and port).
    pub const fn new(world: World, clock: Clock, root: String) -> Self {
        Self { world, clock, root, last: Mutex::new(None) }
    }

    /// The jobs that are open now.
    pub fn open_jobs(&self) -> Arc<Vec<DemoJob>> {
        let tick = self.world.tick_at(self.clock.now());
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match last.as_ref() {
            Some((known, jobs)) if *known == tick => Arc::clone(jobs),
            _ => {
                let jobs = Arc::new(self.world.at(tick));
                *last = Some((tick, Arc::clone(&jobs)));
                jobs
            }
        }
    }

    /// The answer to a request; none where there is no such board.
    pub fn answer(&self, ask: &Ask) -> Option<Answer> {
        let company = self.company(ask);
        let open = self.open_jobs();
        let of_kind = open.iter().filter(|job| job.board == ask.kind);
        if matches!(ask.kind, BoardKind::Jobicy | BoardKind::Arbeitnow) {
            let jobs: Vec<&DemoJob> = of_kind.collect();
            return ask.board.is_empty().then(|| match ask.kind {
                BoardKind::Jobicy => Answer::json(&jobicy::list(&jobs)),
                _ => Answer::json(&arbeitnow::page(&jobs, ask.turn.page(), &self.root)),
            });
        }
        let company = company?;
        let jobs: Vec<&DemoJob> = of_kind.filter(|job| job.token == company.token).collect();
        match ask.kind {
            BoardKind::Greenhouse => Some(Answer::json(&greenhouse::list(&jobs, ask.turn.content()))),
            BoardKind::Lever => {
                let rest = jobs.into_iter().skip(ask.turn.skip()).take(ask.turn.limit.unwrap_or(usize::MAX));
                Some(Answer::json(&lever::list(&rest.collect::<Vec<_>>())))
            }
            BoardKind::Ashby => Some(Answer::json(&ashby::list(&jobs))),
            BoardKind::Rss => Some(Answer::rss(rss::feed(&company.name, &company.domain, &jobs))),
            BoardKind::Jobicy | BoardKind::Arbeitnow | BoardKind::File => None,
        }
    }

    /// The text of the file source as of now.
    pub fn file(&self) -> String {
        let open = self.open_jobs();
        let jobs: Vec<&DemoJob> = open.iter().filter(|job| job.board == BoardKind::File).collect();
        ndjson::lines(&jobs, FILE_SOURCE)
    }

    /// The sources to fetch: a board an employer, a list a platform, and the file.
    pub fn sources(&self, file: &str) -> Vec<DemoSource> {
        let own = self.world.catalogue().companies.iter().filter_map(|company| {
            let name = format!("demo-{}", company.token);
            let source = match company.kind {
                // Greenhouse names the employer in its answers; these two and most feeds do not.
                BoardKind::Greenhouse => return Some(DemoSource::board(company.kind, name, &company.token, &self.root)),
                BoardKind::Lever | BoardKind::Ashby => DemoSource::board(company.kind, name, &company.token, &self.root),
                BoardKind::Rss => DemoSource::feed(company.kind, name, format!("{}/feeds/{}/jobs.rss", self.root, company.token)),
                BoardKind::Jobicy | BoardKind::Arbeitnow | BoardKind::File => return None,
            };
            Some(source.of_company(&company.name))
        });
        own.chain([
            DemoSource::list(BoardKind::Jobicy, String::from("demo-jobicy"), self.root.clone()),
            DemoSource::list(BoardKind::Arbeitnow, String::from("demo-arbeitnow"), self.root.clone()),
            DemoSource::file(String::from(FILE_SOURCE), String::from(file)),
        ])
        .collect()
    }

    fn company(&self, ask: &Ask) -> Option<&Company> {
        self.world.catalogue().companies.iter().find(|company| company.kind == ask.kind && company.token == ask.board)
    }
}
