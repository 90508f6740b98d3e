//! Puts title and text together: the title first, the text where the title leaves the side open.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::work::WorkSide;
use crate::domain::{Certainty, Finding, Role, Skill};
use crate::extract::fold::Folded;
use crate::extract::phrase::{Hit, is_whole, unhyphened};
use crate::extract::role::evidence::{Evidence, WorkScanner, role_line};
use crate::extract::role::job::{Job, PLAIN};
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

/// A server-side job named in the text behind a header line: `Backend Engineers`, `Mid-Level Java Developer`, `Developer (C#)`.
static SERVER_JOB: LazyLock<Regex> = LazyLock::new(|| {
    let side = r"(?:back[ -]?end|full[ -]?stack|server[ -]side)[^.\n|]{0,20}(?:engineer|developer|devs?(?-u:\b))";
    let language =
        r"(?:(?-u:\b)(?:java|python|php|ruby|rails|golang|go|c#|node(?:\.?js)?|scala|django|elixir|clojure|kotlin)|[^a-z0-9]\.net)";
    let before = format!(r"{language}(?:/[a-z.#+]{{2,12}})?[ -](?:software |web )?(?:engineer|developer|programmer)");
    let behind = format!(r"(?:engineer|developer)s? \({language}[ ,/)]");
    Regex::new(&format!("{side}|{before}|{behind}")).expect("a constant pattern")
});

/// The platform's own word for the server's side: `Engineering / Backend`.
static BACK_END: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?i-u:\bback[ -]?end\b)").expect("a constant pattern"));

/// The same at the head of a line, as a post lists its jobs behind the one in its header: `2) Backend Developer | Remote`.
static LISTED_JOB: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^[ \t]*(?:[-*•+]|\d+[.)])?[ \t]*(?:(?:senior|sr|lead|junior|jr|staff|principal|mid[- ]level|founding|experienced)[./ ]+){0,3}(?:back[ -]?end|full[ -]?stack)[^.\n|]{0,20}(?:engineer|developer|devs?(?-u:\b))")
        .expect("a constant pattern")
});

/// A job at the client's side named in the text behind a header line: `Senior Front-End Engineer`, `React Native Developer`.
static CLIENT_JOB: LazyLock<Regex> = LazyLock::new(|| {
    let side = r"(?:front ?end|ui(?:/ux)?|react(?: ?\.?js| native|/javascript)?|ios|android|mobile)";
    Regex::new(&format!(r"(?-u:\b){side} (?:software |web |app |ui |application )?(?:engineer|developer|programmer)s?(?-u:\b)"))
        .expect("a constant pattern")
});

/// Somebody who builds, of whatever side.
static BUILDER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:engineer|developer|programmer|coder|hacker|architect)s?(?-u:\b)|(?-u:\b)devs?(?-u:\b)|full ?stack")
        .expect("a constant pattern")
});

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

/// The jobs of a title in the order in which they count.
#[derive(Debug, Default)]
struct Named {
    backend: Option<Hit>,
    at_the_front: Option<Hit>,
    database: Option<Hit>,
    /// The architect, whether all of them stand bare, and whether one builds.
    architect: Option<(Hit, bool, bool)>,
    /// The least evidence that an open job needs.
    open: Option<u32>,
    /// How many jobs there are.
    count: usize,
    other: bool,
    /// The last of the other work that may be ours; by its text, too, where its field is near.
    leaning: Option<bool>,
    /// A bare architect stands behind other work, as in `Big Data Engineer / Architect`.
    follows_other: bool,
}

impl Named {
    fn of(jobs: &[Job]) -> Self {
        let mut named = Self::default();
        for job in jobs {
            named.count += usize::from(*job != Job::Nothing);
            match *job {
                Job::Backend(hit) => named.backend = named.backend.or(Some(hit)),
                Job::FullStackAtTheFront(hit) => named.at_the_front = named.at_the_front.or(Some(hit)),
                Job::Database(hit) => named.database = named.database.or(Some(hit)),
                Job::Architect { hit, bare, builds } => {
                    named.follows_other |= named.other;
                    let (first, all_bare, any_builds) = named.architect.unwrap_or((hit, true, false));
                    named.architect = Some((first, all_bare && bare, any_builds || builds));
                }
                Job::Open { need } => named.open = Some(named.open.map_or(need, |least| least.min(need))),
                Job::Other => named.other = true,
                Job::Leaning { near } => (named.other, named.leaning) = (true, Some(near)),
                Job::Nothing => {}
            }
        }
        named
    }

    /// Only work that is none of ours.
    fn is_other_alone(&self) -> bool {
        self.other && self.count == 1
    }
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
            _ if header => text.lists_a_server_job(),
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
        let line = role_line(text.body).unwrap_or(text.hints);
        let by_line = Named::of(&self.titles.jobs(&unhyphened(&Folded::new(line).folded)));
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        let weight = evidence.of(WorkSide::Server) + if by_line.backend.is_some() { LINE } else { 0 };
        // One word for the job weighs against it too; a list of tags only names what is used.
        let against = if by_line.is_other_alone() && !line.contains(',') { LINE } else { 0 };
        if header && let Some(hit) = SERVER_JOB.find(&text.body.folded) {
            return Some(inferred(Role::BackendEngineer, true, text.body.quote(hit.start(), hit.end()).trim()));
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
        by_line.database.map(|_| inferred(Role::DatabaseAdministrator, false, line)).or_else(|| text.of_databases(&evidence))
    }

    /// A field that is mostly other work: back end where the platform says so, or where it is near and the text speaks of hardly
    /// anything else.
    fn leaning(&self, text: &Text<'_>, near: bool) -> Option<RoleFindings> {
        let line = role_line(text.body).unwrap_or(text.hints);
        // A list of tags only names what is used.
        if BACK_END.is_match(line) && !line.contains(',') {
            return Some(inferred(Role::BackendEngineer, true, line));
        }
        let evidence = self.work.weigh(&text.plain_title, &text.plain, text.skills);
        let weight = evidence.of(WorkSide::Server);
        let plainly = near && evidence.best(WorkSide::Server) >= OUTRIGHT && weight >= LEANING && weight > 2 * evidence.elsewhere();
        plainly.then(|| inferred(Role::BackendEngineer, true, &text.words(&evidence, "")))
    }

    /// A title that names no job: the platform's own word for it decides.
    fn by_line(&self, text: &Text<'_>) -> Option<RoleFindings> {
        let line = role_line(text.body).unwrap_or(text.hints);
        let named = Named::of(&self.titles.jobs(&unhyphened(&Folded::new(line).folded)));
        match named {
            Named { backend: Some(_), .. } => Some(inferred(Role::BackendEngineer, true, line)),
            Named { database: Some(_), .. } => Some(inferred(Role::DatabaseAdministrator, false, line)),
            Named { architect: Some(_), .. } => Some(inferred(Role::SolutionsArchitect, false, line)),
            _ => text.of_databases(&self.work.weigh(&text.plain_title, &text.plain, text.skills)),
        }
    }

    /// A header line without a job: the jobs stand in the text.
    fn silent(&self, text: &Text<'_>) -> Option<RoleFindings> {
        if let Some(hit) = SERVER_JOB.find(&text.body.folded) {
            return Some(inferred(Role::BackendEngineer, true, text.body.quote(hit.start(), hit.end()).trim()));
        }
        if only_at_the_client(&text.plain) {
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

/// A posting as the roles see it.
struct Text<'a> {
    title: &'a Folded<'a>,
    /// The folded title without hyphens.
    plain_title: String,
    hints: &'a str,
    body: &'a Folded<'a>,
    /// The folded text without hyphens.
    plain: String,
    skills: &'a [Finding<Skill>],
}

impl Text<'_> {
    /// A header of other work over a list of jobs of which one is the server's.
    fn lists_a_server_job(&self) -> Option<RoleFindings> {
        let hit = LISTED_JOB.find(&self.body.folded)?;
        Some(inferred(Role::BackendEngineer, true, self.body.quote(hit.start(), hit.end()).trim()))
    }

    /// Whether the text has this word.
    fn speaks_of(&self, word: &str) -> bool {
        self.plain.match_indices(word).any(|(at, _)| is_whole(&self.plain, at, at + word.len()))
    }

    /// A title without a side over a text that speaks of databases far more than of anything else.
    fn of_databases(&self, evidence: &Evidence) -> Option<RoleFindings> {
        let weight = evidence.of(WorkSide::Database);
        let most = weight >= DATABASES && weight > evidence.of(WorkSide::Server) && weight > evidence.elsewhere();
        let words = evidence.words(WorkSide::Database, self.title, self.body).filter(|_| most)?;
        Some(inferred(Role::DatabaseAdministrator, false, &words))
    }

    /// The words that speak most for the server side, else the platform's word for the job, else the title.
    fn words(&self, evidence: &Evidence, line: &str) -> String {
        let line = if line.is_empty() { self.title.text } else { line };
        evidence.words(WorkSide::Server, self.title, self.body).unwrap_or_else(|| line.to_owned())
    }
}

/// Whether each job that a text names is one of the client's side, whatever its company runs on: a list such as `backend and mobile
/// engineers` names others too.
fn only_at_the_client(plain: &str) -> bool {
    let listed = |at: usize| plain[..at].trim_end().ends_with([',', '/', '&']) || plain[..at].ends_with("and ");
    let mut jobs = CLIENT_JOB.find_iter(plain).peekable();
    let mut rest = 0;
    let client_alone = jobs.peek().is_some()
        && jobs.all(|job| {
            let other = BUILDER.is_match(&plain[rest..job.start()]) || listed(job.start());
            rest = job.end();
            !other
        });
    client_alone && !BUILDER.is_match(&plain[rest..])
}

fn found(role: Role, backend: bool, words: &str) -> RoleFindings {
    RoleFindings { role: Finding::stated(role, words), is_backend: Finding::inferred(backend, words) }
}

fn inferred(role: Role, backend: bool, words: &str) -> RoleFindings {
    let mut findings = found(role, backend, words);
    findings.role.certainty = Certainty::Inferred;
    findings
}
