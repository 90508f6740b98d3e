//! Puts title and text together: the title first, the text where the title leaves the side open.

use crate::domain::work::WorkSide;
use crate::domain::{Certainty, Finding, Role, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, unhyphened};
use crate::extract::role::evidence::{Evidence, WorkScanner};
use crate::extract::role::job::{Job, PLAIN};
use crate::extract::role::named::Named;
use crate::extract::role::text::Text;
use crate::extract::role::title::TitleReader;

/// What the platform's own word for the job weighs when it names the server side.
const LINE: u32 = 5;
/// What a header that names no job must bring in its text.
const SILENT_HEADER: u32 = 3;
/// What the text must bring where it names no builder either: `Ruby and Rails expert`.
const NAMELESS: u32 = 8;
/// The most that a job of a header line must bring: these boards are read by people who build software.
const HEADER: u32 = 5;
/// What a plain builder among several jobs of a header must bring: the text is shared by all of them and says little of each.
const ONE_OF_SEVERAL: u32 = 2;
/// What the text of a data engineer must bring to show that services are built.
const SERVICES: u32 = 8;
/// What the text of a software architect must bring to show that this one builds: a server language is enough.
const BUILDS: u32 = 2;
/// What the text of a software engineer of big data must bring, whatever it says of pipelines.
const OF_DATA: u32 = 2;
/// What the text must bring where the title's field is mostly other work: `Cloud Engineer`.
const LEANING: u32 = 8;
/// What a language or database weighs that is enough where a plain title's text names nothing else.
const ALONE: u32 = 2;
/// What the text must say of databases where the title leaves the side open.
const DATABASES: u32 = 10;
/// Words of this weight name the server side outright; in a post of several jobs they say that one of them is there.
const OUTRIGHT: u32 = 3;

/// What the text must bring, the language included, where a title with a language of many sides speaks of science or data.
const SHARED_IN_SCIENCE: u32 = 4;
/// Where only the text speaks of them: the weight for science or data by which no server is meant, unless a word names one outright.
const SCIENCE: u32 = 5;
/// The most that such a text brings for the server's side, the language included.
const SHARED: u32 = 4;

/// Finds the words of roles in titles and texts.
#[derive(Debug)]
pub struct RoleScanner {
    titles: TitleReader,
    work: WorkScanner,
}

/// The role and whether it is wanted by who wants back end work.
#[derive(Debug)]
pub struct RoleFindings {
    /// The role.
    pub role: Finding<Role>,
    /// Whether it builds server-side software.
    pub is_backend: Finding<bool>,
}

impl RoleScanner {
    /// Builds the scanner from the embedded words.
    #[must_use]
    pub fn new() -> Self {
        Self { titles: TitleReader::new(), work: WorkScanner::new() }
    }

    /// Reads the role of title and text; `hints` are the platform's own words for the job (department, tags), `skills` what it names.
    #[must_use]
    pub fn read(&self, title: &Folded<'_>, hints: &str, body: &Folded<'_>, skills: &[Finding<Skill>]) -> RoleFindings {
        let plain = unhyphened(&title.folded);
        let jobs = self.titles.jobs(&plain);
        let shared = |job: &Job| self.titles.is_by_shared_language(&plain, job);
        let science = jobs.iter().any(shared) && self.is_science(&plain, &jobs, body, skills);
        let jobs: Vec<Job> = jobs.into_iter().map(|job| if science && shared(&job) { Job::Other } else { job }).collect();
        let named = Named::of(&jobs);
        let of_databases = |hit: &Hit| plain[hit.start..hit.end].starts_with("database");
        if let Some(hit) = named.backend.filter(|hit| !of_databases(hit)) {
            return found(Role::BackendEngineer, true, title.quote(hit.start, hit.end));
        }
        let header = plain.contains('|');
        let text = Text { title, plain_title: plain, hints, body, plain: unhyphened(&body.folded), skills };
        let by_text = match named {
            Named { backend: Some(hit), .. } => Some(self.in_databases(&text, hit)),
            Named { at_the_front: Some(hit), .. } => return self.full_stack(&text, hit),
            Named { open: Some(PLAIN), count: 2.., .. } if header => self.open(&text, ONE_OF_SEVERAL, header),
            Named { open: Some(need), .. } if header => self.open(&text, need.min(HEADER), header),
            Named { open: Some(need), .. } => self.open(&text, need, header),
            Named { leaning: Some(near), count: 1, .. } => self.leaning(&text, near),
            Named { other: false, architect: None, database: None, .. } if header => self.silent(&text),
            Named { other: false, architect: None, database: None, .. } => self.by_line(&text),
            // A header of other work over a list of jobs of which one may be the server's.
            _ if header => text.listed_job().map(|words| inferred(Role::BackendEngineer, true, words)),
            _ => None,
        };
        by_text.unwrap_or_else(|| self.not_backend(&text, &named, header))
    }

    /// Whether a language of many sides is not the server's here: `Python Developer` over a text of machine learning.
    fn is_science(&self, title: &str, jobs: &[Job], body: &Folded<'_>, skills: &[Finding<Skill>]) -> bool {
        let evidence = self.work.weigh("", &unhyphened(&body.folded), skills);
        let server = evidence.of(WorkSide::Server);
        let science = evidence.of(WorkSide::Science).max(evidence.of(WorkSide::Data));
        if self.titles.is_of_science(title, jobs) {
            return server < SHARED_IN_SCIENCE;
        }
        science >= SCIENCE && server <= SHARED && evidence.best(WorkSide::Server) < OUTRIGHT
    }

    /// `Software Engineer - Database` builds them, unless the text is about running and programming them.
    fn in_databases(&self, text: &Text<'_>, hit: Hit) -> RoleFindings {
        let evidence = self.work.weigh("", &text.plain, text.skills);
        let words = text.title.quote(hit.start, hit.end);
        let runs = evidence.best(WorkSide::Database) >= OUTRIGHT && evidence.of(WorkSide::Database) > evidence.of(WorkSide::Server);
        if runs { found(Role::DatabaseAdministrator, false, words) } else { found(Role::BackendEngineer, true, words) }
    }

    /// Full stack and front end by name: back end unless the text is mostly about the client's side.
    fn full_stack(&self, text: &Text<'_>, hit: Hit) -> RoleFindings {
        let evidence = self.work.weigh("", &text.plain, text.skills);
        let words = text.title.quote(hit.start, hit.end);
        if 3 * evidence.of(WorkSide::Client) >= 2 * evidence.of(WorkSide::Server) {
            return found(Role::Other, false, words);
        }
        found(Role::BackendEngineer, true, words)
    }

    /// A builder of software without a side: back end where the text and the platform's own word for the job weigh enough.
    fn open(&self, text: &Text<'_>, need: u32, header: bool) -> Option<RoleFindings> {
        let line = text.line();
        let by_line = Named::of(&self.titles.jobs(&unhyphened(&Folded::new(line).folded)));
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        let weight = evidence.of(WorkSide::Server) + if by_line.backend.is_some() { LINE } else { 0 };
        // One word for the job weighs against it too; a list of tags only names what is used.
        let against = if by_line.is_other_alone() && !line.contains(',') { LINE } else { 0 };
        if header && let Some(words) = text.server_job() {
            return Some(inferred(Role::BackendEngineer, true, words));
        }
        let elsewhere = evidence.elsewhere();
        let several = need == ONE_OF_SEVERAL;
        let named = header && evidence.best(WorkSide::Server) >= OUTRIGHT;
        let outright = named && 2 * weight > evidence.of(WorkSide::Device);
        let shared = several && 2 * weight > elsewhere;
        // One word that names the server is enough for the post of a whole company, unless it speaks far more of something else.
        let need = if named && 2 * weight > elsewhere { need.min(OUTRIGHT) } else { need };
        let alone = need == PLAIN && against == 0 && evidence.is_one_skill(ALONE) && self.titles.names_a_builder(&text.plain_title);
        let of_data = self.titles.builds_of_data(&text.plain_title) && weight >= OF_DATA + against;
        if alone || of_data || weight >= need + against && (weight > elsewhere + against || outright || shared) {
            return Some(inferred(Role::BackendEngineer, true, &text.words(&evidence, line)));
        }
        by_line.database.map(|_| inferred(Role::DatabaseAdministrator, false, line)).or_else(|| of_databases(text, &evidence))
    }

    /// A field that is mostly other work: back end where the platform says so, or where it is near and the text speaks of hardly
    /// anything else.
    fn leaning(&self, text: &Text<'_>, near: bool) -> Option<RoleFindings> {
        if text.is_filed_under_back_end() {
            return Some(inferred(Role::BackendEngineer, true, text.line()));
        }
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        let weight = evidence.of(WorkSide::Server);
        let plainly = near && evidence.best(WorkSide::Server) >= OUTRIGHT && weight >= LEANING && weight > 2 * evidence.elsewhere();
        plainly.then(|| inferred(Role::BackendEngineer, true, &text.words(&evidence, "")))
    }

    /// A title that names no job: the platform's own word for it decides.
    fn by_line(&self, text: &Text<'_>) -> Option<RoleFindings> {
        let line = text.line();
        let named = Named::of(&self.titles.jobs(&unhyphened(&Folded::new(line).folded)));
        match named {
            Named { backend: Some(_), .. } => Some(inferred(Role::BackendEngineer, true, line)),
            Named { database: Some(_), .. } => Some(inferred(Role::DatabaseAdministrator, false, line)),
            Named { architect: Some(_), .. } => Some(inferred(Role::SolutionsArchitect, false, line)),
            _ => of_databases(text, &self.work.weigh(&text.plain_title, &text.plain, text.skills)),
        }
    }

    /// A header line without a job: the jobs stand in the text.
    fn silent(&self, text: &Text<'_>) -> Option<RoleFindings> {
        if let Some(words) = text.server_job() {
            return Some(inferred(Role::BackendEngineer, true, words));
        }
        if text.is_only_at_the_client() {
            return None;
        }
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        if !self.titles.names_a_builder(&text.plain) && evidence.of(WorkSide::Server) < NAMELESS {
            return None;
        }
        let enough = evidence.of(WorkSide::Server) >= SILENT_HEADER
            && (evidence.of(WorkSide::Server) > evidence.elsewhere() || evidence.best(WorkSide::Server) >= OUTRIGHT);
        enough.then(|| inferred(Role::BackendEngineer, true, &text.words(&evidence, "")))
    }

    /// Database, then architect, then anything else.
    fn not_backend(&self, text: &Text<'_>, named: &Named, header: bool) -> RoleFindings {
        let title = text.title;
        if let Some(hit) = named.database {
            return found(Role::DatabaseAdministrator, false, title.quote(hit.start, hit.end));
        }
        let Some((hit, bare, builds)) = named.architect else {
            return found(Role::Other, text.plain_title.contains("data engineer") && self.builds_services(text), title.text);
        };
        // `Data Analyst / Architect`: the text says whether an architect is meant.
        let of_data = named.follows_other && text.plain_title.contains("data") && !text.speaks_of("architect");
        if bare && of_data && !header || bare && self.builds_houses(text) {
            return found(Role::Other, false, title.text);
        }
        let beside = named.open.is_some_and(|need| header || need == PLAIN);
        let builds = self.titles.architect_builds(&text.plain_title, || (builds || beside) && self.builds_servers(text));
        found(Role::SolutionsArchitect, builds, title.quote(hit.start, hit.end))
    }

    /// A data engineer whose text speaks of services far more than of pipelines.
    fn builds_services(&self, text: &Text<'_>) -> bool {
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        let (server, elsewhere) = (evidence.of(WorkSide::Server), evidence.elsewhere());
        server >= SERVICES && 2 * server > 3 * elsewhere
    }

    /// An architect of software, or beside a developer, whose text speaks of the server's side.
    fn builds_servers(&self, text: &Text<'_>) -> bool {
        self.work.weigh(&text.plain_title, &text.plain, text.skills).of(WorkSide::Server) >= BUILDS
    }

    /// An architect without a word of what, whose text speaks of buildings.
    fn builds_houses(&self, text: &Text<'_>) -> bool {
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        evidence.of(WorkSide::Building) > evidence.of(WorkSide::Server)
    }
}

/// A title without a side over a text that speaks of databases far more than of anything else.
fn of_databases(text: &Text<'_>, evidence: &Evidence) -> Option<RoleFindings> {
    let weight = evidence.of(WorkSide::Database);
    let most = weight >= DATABASES && weight > evidence.of(WorkSide::Server) && weight > evidence.elsewhere();
    let words = evidence.words(WorkSide::Database, text.title, text.body).filter(|_| most)?;
    Some(inferred(Role::DatabaseAdministrator, false, &words))
}

fn found(role: Role, backend: bool, words: &str) -> RoleFindings {
    RoleFindings { role: Finding::stated(role, words), is_backend: Finding::inferred(backend, words) }
}

fn inferred(role: Role, backend: bool, words: &str) -> RoleFindings {
    let mut findings = found(role, backend, words);
    findings.role.certainty = Certainty::Inferred;
    findings
}
