//! Finds the boards that the careers page of an employer names. Text in, boards out; nothing is asked for here.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;
use scraper::{Html, Selector};
use url::Url;

use crate::sources::found::{Found, by_address, by_url};

/// The most addresses of one page that are looked at: more than any page of links has.
const MOST_ADDRESSES: usize = 20_000;

/// Longer ones are pictures written into the page.
const LONGEST_ADDRESS: usize = 2_000;

/// How often an address in a script may have been escaped into a string.
const MOST_ESCAPED: usize = 3;

/// Hosts that platforms keep for themselves besides those that `knows` refuses: their pictures and their own pages.
const OF_THE_PLATFORM: [&str; 14] = [
    "resources",
    "images",
    "media",
    "go",
    "info",
    "learn",
    "docs",
    "developer",
    "developers",
    "community",
    "marketplace",
    "partners",
    "get",
    "hello",
];

/// What a page says about boards.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// The boards, each once, in the order of the page.
    pub found: Vec<Found>,
    /// Platforms that the page certainly uses without naming the board, where none was found.
    pub hints: Vec<&'static str>,
}

/// The boards that a page names: those of employers in its addresses and scripts, else the platform whose scripts run a career site of
/// the employer's own, else its feeds of jobs, else the jobs it marks up itself. A feed in place of a page is taken as it is.
pub fn in_page(text: &str, page: &Url) -> Seen {
    if let Some(feed) = feed_kinds(text).iter().find_map(|kind| by_url(kind, page)) {
        return Seen { found: vec![feed], hints: Vec::new() };
    }
    let document = Html::parse_document(text);
    let mut scan = Scan::of(page);
    scan.read(&document);
    let mut found = scan.found;
    if found.is_empty() {
        found.extend(own_site(&scan.hosts, page));
    }
    if found.is_empty() {
        found = feeds(&document, page);
    }
    if found.is_empty() && marks_up_jobs(&document) {
        found.extend(by_url("json_ld", page));
    }
    let hints = if found.is_empty() { hints(text) } else { Vec::new() };
    Seen { found, hints }
}

/// Collects the boards of employers from a document.
struct Scan<'a> {
    page: &'a Url,
    tried: HashSet<String>,
    hosts: HashSet<String>,
    found: Vec<Found>,
}

impl<'a> Scan<'a> {
    fn of(page: &'a Url) -> Self {
        Self { page, tried: HashSet::new(), hosts: HashSet::new(), found: Vec::new() }
    }

    fn read(&mut self, document: &Html) {
        for element in document.root_element().descendent_elements() {
            for (name, value) in element.value().attrs() {
                self.attribute(name, value);
            }
            if matches!(element.value().name(), "script" | "noscript") {
                let text = element.text().collect::<String>();
                self.text(&text);
                self.tokens(&text);
            }
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let leads = matches!(name, "href" | "src" | "action" | "data-src") && value.len() <= LONGEST_ADDRESS;
        if leads && let Ok(url) = self.page.join(value.trim()) {
            self.address(&url);
        }
        if value.contains('.') {
            self.text(value);
        }
        if name.contains("token") || value.contains("oken") || value.contains("job_board") {
            self.tokens(&format!("{name}=\"{value}\""));
        }
    }

    /// Every address in a text, its scheme said or not.
    fn text(&mut self, text: &str) {
        static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
            let pattern = r#"(?i)(?:https?:)?(?://)?((?:[a-z0-9_-]+\.)+[a-z]{2,}(?::\d+)?/?[^\s"'<>\\`)\]]*)"#;
            Regex::new(pattern).expect("a constant pattern")
        });
        for found in ADDRESS.captures_iter(&unescaped(text)).filter(|found| found[1].len() <= LONGEST_ADDRESS) {
            if let Ok(url) = Url::parse(&format!("https://{}", found[1].trim_end_matches(['.', ',', ';']))) {
                self.address(&url);
            }
        }
    }

    /// Names of boards that stand in scripts by themselves.
    fn tokens(&mut self, text: &str) {
        self.greenhouse(text);
        self.comeet(text);
    }

    /// Comeet's widget is given the employer's number and token side by side.
    fn comeet(&mut self, text: &str) {
        static UID: LazyLock<Regex> = LazyLock::new(|| value_of(r"company-uid", "[A-Za-z0-9.]+"));
        static TOKEN: LazyLock<Regex> = LazyLock::new(|| value_of(r"\btoken", "[A-Za-z0-9]+"));
        if let (Some(uid), Some(token)) = (UID.captures(text), TOKEN.captures(text)) {
            let call = format!("https://www.comeet.co/careers-api/2.0/company/{}/positions?token={}", &uid[1], &token[1]);
            if let Ok(url) = Url::parse(&call) {
                self.address(&url);
            }
        }
    }

    fn greenhouse(&mut self, text: &str) {
        static TOKEN: LazyLock<Regex> = LazyLock::new(|| value_of(r"(?:url|board|greenhouse)[_-]?token", "[A-Za-z0-9_-]+"));
        static EMBEDDED: LazyLock<Regex> =
            LazyLock::new(|| Regex::new(r#"embed/job_board[^\s"'<>]*[?&]for=([A-Za-z0-9_-]+)"#).expect("a constant pattern"));
        let text = unescaped(text);
        for found in TOKEN.captures_iter(&text).chain(EMBEDDED.captures_iter(&text)) {
            if let Ok(url) = Url::parse(&format!("https://boards.greenhouse.io/embed/job_board?for={}", &found[1])) {
                self.address(&url);
            }
        }
    }

    /// Keeps the board of an address, said as fully as anywhere in the page.
    fn address(&mut self, url: &Url) {
        if self.tried.len() >= MOST_ADDRESSES || !self.tried.insert(url.to_string()) {
            return;
        }
        self.hosts.extend(url.host_str().map(str::to_owned));
        let own = |value: &str| OF_THE_PLATFORM.contains(&value.trim_end_matches(|c: char| c.is_ascii_digit()));
        let Some(found) = by_address(url).filter(Found::is_of_an_employer) else { return };
        if found.keys.iter().any(|(_, value)| own(&value.to_ascii_lowercase())) || self.found.iter().any(|known| found.is_within(known)) {
            return;
        }
        match self.found.iter_mut().find(|known| known.is_within(&found)) {
            Some(known) => *known = found,
            None => self.found.push(found),
        }
    }
}

/// Finds `name = "value"`, `"name": "value"` and the same within a string, in scripts and attributes.
fn value_of(name: &str, value: &str) -> Regex {
    Regex::new(&format!(r#"(?i){name}\\*["']?\s*[:=]\s*\\*["']({value})"#)).expect("a constant pattern")
}

/// A text of a script or an attribute with the usual escapes of strings undone.
fn unescaped(text: &str) -> String {
    let mut text = text.replace("\\u002F", "/").replace("\\u002f", "/").replace("\\u0026", "&").replace("&amp;", "&");
    for _ in 0..MOST_ESCAPED {
        if !text.contains("\\/") {
            break;
        }
        text = text.replace("\\/", "/");
    }
    text
}

/// The kinds that read a text, where it is a feed and no page.
fn feed_kinds(text: &str) -> &'static [&'static str] {
    let start: String = text.trim_start_matches('\u{feff}').trim_start().chars().take(1_024).collect::<String>().to_lowercase();
    let has = |root: &str| start.contains(root);
    match start.chars().next() {
        Some('{') if has("jsonfeed.org/version") => &["json_feed", "rss"],
        Some('<') if has("<html") || has("<!doctype html") => &[],
        Some('<') if has("<rss") || has("<feed") || has("<rdf:rdf") => &["rss"],
        Some('<') if has("<source>") && has("<job>") => &["xml_feed"],
        _ => &[],
    }
}

/// The career site of the employer's own that a platform's scripts run: the platform answers there as it does at home.
fn own_site(hosts: &HashSet<String>, page: &Url) -> Option<Found> {
    const SCRIPTS: [(&str, &str); 2] = [("recruiteecdn.com", "recruitee"), ("teamtailor-cdn.com", "teamtailor")];
    let of = |domain: &str| hosts.iter().any(|host| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    let (_, kind) = SCRIPTS.iter().find(|(domain, _)| of(domain))?;
    by_url(kind, &page.join("/").ok()?)
}

/// The feeds that a page names and that speak of jobs: most pages have one of news only.
fn feeds(document: &Html, page: &Url) -> Vec<Found> {
    static LINK: LazyLock<Selector> = LazyLock::new(|| Selector::parse("link[rel~=alternate][type][href]").expect("a constant selector"));
    static JOBS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)job|career|vacanc|position|opening|opportunit|hiring|recruit|stellen|karriere|emploi|carriere|empleo|vagas")
            .expect("a constant pattern")
    });
    let mut found: Vec<Found> = Vec::new();
    for link in document.select(&LINK) {
        let attribute = |name: &str| link.value().attr(name).unwrap_or_default();
        let kind = match attribute("type").trim().to_ascii_lowercase().as_str() {
            "application/rss+xml" | "application/atom+xml" => "rss",
            "application/feed+json" => "json_feed",
            _ => continue,
        };
        let Ok(url) = page.join(attribute("href").trim()) else { continue };
        if matches!(url.scheme(), "http" | "https") && (JOBS.is_match(url.path()) || JOBS.is_match(attribute("title"))) {
            let feed = by_url(kind, &url).or_else(|| by_url("rss", &url));
            found.extend(feed.filter(|feed| !found.iter().any(|known| feed.is_within(known))));
        }
    }
    found
}

/// Whether a page holds jobs in the vocabulary of schema.org.
fn marks_up_jobs(document: &Html) -> bool {
    static SCRIPT: LazyLock<Selector> =
        LazyLock::new(|| Selector::parse("script[type^=\"application/ld+json\" i]").expect("a constant selector"));
    document.select(&SCRIPT).any(|script| script.text().any(|text| text.contains("JobPosting")))
}

/// Platforms whose marks stand in a page that does not name the board.
fn hints(text: &str) -> Vec<&'static str> {
    const MARKS: [(&str, &str); 6] = [
        ("gh_jid", "Greenhouse"),
        ("grnhse", "Greenhouse"),
        ("ashby_jid", "Ashby"),
        ("recruiteecdn.com", "Recruitee"),
        ("teamtailor", "Teamtailor"),
        ("myworkday", "Workday"),
    ];
    let mut hints: Vec<&str> = MARKS.iter().filter(|(mark, _)| text.contains(mark)).map(|(_, platform)| *platform).collect();
    hints.dedup();
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::registry;

    fn page() -> Url {
        Url::parse("https://www.acme.example/careers/").unwrap()
    }

    /// What a page names, each as `kind key=value`.
    fn names(html: &str) -> Vec<String> {
        in_page(html, &page()).found.iter().map(shown).collect()
    }

    fn shown(found: &Found) -> String {
        let keys: Vec<String> = found.keys.iter().map(|(key, value)| format!("{key}={value}")).collect();
        format!("{} {}", found.kind.name, keys.join(" "))
    }

    #[test]
    fn each_way_of_naming_a_board_in_a_page_is_seen() {
        for (html, board) in [
            (r#"<a href="https://jobs.lever.co/acme/1?x=1&amp;y=2">Engineer</a>"#, "lever board=acme"),
            (r#"<a href="//jobs.ashbyhq.com/acme">Jobs</a>"#, "ashby board=acme"),
            (r#"<script src="https://boards.greenhouse.io/embed/job_board/js?for=acme"></script>"#, "greenhouse board=acme"),
            (r#"<script src="https://jobs.ashbyhq.com/acme/embed?version=2"></script>"#, "ashby board=acme"),
            (r#"<iframe src="https://boards.greenhouse.io/embed/job_board?for=acme&b=x"></iframe>"#, "greenhouse board=acme"),
            (r#"<script>var u = "https:\/\/jobs.lever.co\/acme";</script>"#, "lever board=acme"),
            (r#"<script>var s = "{\"u\":\"https:\\/\\/jobs.lever.co\\/acme\"}";</script>"#, "lever board=acme"),
            (r#"<script>self.d=["https://jobs.lever.co/acme"]</script>"#, "lever board=acme"),
            (r#"<script>{"urlToken":"acme","x":1}</script>"#, "greenhouse board=acme"),
            (r#"<script>s("{\"urlToken\":\"acme\"}")</script>"#, "greenhouse board=acme"),
            (r"<script>load({ boardToken: 'acme' })</script>", "greenhouse board=acme"),
            (r#"<div data-board-token="acme"></div>"#, "greenhouse board=acme"),
            (r#"<script>fetch("/embed/job_board?x=1&for=acme")</script>"#, "greenhouse board=acme"),
            (r#"<div data-page="{&quot;jobs&quot;:&quot;https:\/\/jobs.ashbyhq.com\/acme\/1&quot;}"></div>"#, "ashby board=acme"),
            (r#"<script>fetch("https://api.lever.co/v0/postings/acme?mode=json")</script>"#, "lever board=acme"),
            (r#"<script>fetch("https://boards-api.greenhouse.io/v1/boards/acme/jobs")</script>"#, "greenhouse board=acme"),
            (r#"<meta http-equiv="refresh" content="0; url=https://jobs.lever.co/acme">"#, "lever board=acme"),
            (r#"<noscript><a href="https://jobs.lever.co/acme">Jobs</a></noscript>"#, "lever board=acme"),
            (r#"<script>const b = "api.ashbyhq.com/posting-api/job-board/acme"</script>"#, "ashby board=acme"),
        ] {
            assert_eq!(names(html), [board], "{html}");
        }
    }

    #[test]
    fn every_platform_is_seen_in_pages_that_use_it() {
        for (kind, html, name) in [
            ("smartrecruiters", r#"<a href="https://careers.smartrecruiters.com/Acme">Jobs</a>"#, "Acme"),
            ("smartrecruiters", r#"<a href="https://jobs.smartrecruiters.com/oneclick-ui/company/Acme/publication/1">x</a>"#, "Acme"),
            ("workable", r#"<a href="https://apply.workable.com/acme/j/0A1B/">Engineer</a>"#, "acme"),
            ("recruitee", r#"<a href="https://acme.recruitee.com/o/engineer">Engineer</a>"#, "acme"),
            ("personio", r#"<a href="https://acme.jobs.personio.de/job/1">Engineer</a>"#, "acme"),
            ("personio", r#"<iframe src="https://acme.jobs.personio.com/?language=en"></iframe>"#, "acme"),
            ("teamtailor", r#"<a href="https://acme.teamtailor.com/jobs/1-engineer">Engineer</a>"#, "acme"),
            ("bamboohr", r#"<script src="https://acme.bamboohr.com/js/embed.js"></script>"#, "acme"),
            ("breezy", r#"<a href="https://acme.breezy.hr/p/0a1b-engineer">Engineer</a>"#, "acme"),
            ("workday", r#"<a href="https://acme.wd3.myworkdayjobs.com/en-US/External/job/Pune/x_R-1">Engineer</a>"#, "acme/External"),
            ("rippling", r#"<a href="https://ats.rippling.com/acme/jobs">Jobs</a>"#, "acme"),
            ("pinpoint", r#"<script>fetch("https://acme.pinpointhq.com/postings.json")</script>"#, "acme"),
            ("jazzhr", r#"<a href="https://acme.applytojob.com/apply/jobs">Jobs</a>"#, "acme"),
            ("manatal", r#"<a href="https://www.careers-page.com/acme">Jobs</a>"#, "acme"),
            ("eightfold", r#"<a href="https://acme.eightfold.ai/careers?domain=acme.example">Jobs</a>"#, "acme"),
            ("comeet", r#"<script>COMEET.init({"token": "0A1B2C", "company-uid": "30.00B"})</script>"#, "30.00B"),
            ("recruitee", r#"<script src="https://js.recruiteecdn.com/site.js"></script>"#, "www.acme.example"),
            ("teamtailor", r#"<script src="https://scripts.teamtailor-cdn.com/packs/site.js"></script>"#, "www.acme.example"),
        ] {
            let read = registry::find(kind).is_ok();
            let found: Vec<_> = in_page(html, &page()).found.iter().map(|found| (found.kind.name, found.name().to_owned())).collect();
            let expected: Vec<_> = read.then(|| (kind, name.to_owned())).into_iter().collect();
            assert_eq!(found, expected, "{html}");
        }
    }

    #[test]
    fn one_board_named_twice_is_one_and_two_are_two() {
        let twice = r#"<a href="https://boards.greenhouse.io/Acme">a</a><a href="https://job-boards.greenhouse.io/acme/jobs/1">b</a>"#;
        assert_eq!(names(twice), ["greenhouse board=Acme"]);
        let fuller = r#"<a href="https://jobs.lever.co/acme">a</a><a href="https://jobs.eu.lever.co/acme/1">b</a>"#;
        assert_eq!(names(fuller), ["lever board=acme region=eu"], "what is said more fully counts");
        let two = r#"<a href="https://jobs.lever.co/acme">a</a><a href="https://jobs.lever.co/acme-labs/1">b</a>"#;
        assert_eq!(names(two), ["lever board=acme", "lever board=acme-labs"]);
    }

    #[test]
    fn places_for_a_name_boards_of_many_employers_and_names_of_the_platforms_own_are_no_boards() {
        for html in [
            r"<script>`https://boards.greenhouse.io/embed/job_board?for=${token}`</script>",
            r#"<a href="https://boards.greenhouse.io/">us</a><script src="https://jobs.lever.co/js/x.js"></script>"#,
            r#"<a href="https://www.arbeitnow.com/">elsewhere</a><a href="https://jobicy.com/jobs">elsewhere</a>"#,
            r#"<img src="https://jobs.lever.co/images/x"><a href="https://jobs.ashbyhq.com/resources">a</a>"#,
            "<p>We use https://jobs.lever.co/ for our jobs.</p>",
        ] {
            assert_eq!(names(html), [""; 0], "{html}");
        }
    }

    #[test]
    fn without_a_board_a_feed_of_jobs_is_taken_and_a_feed_of_news_is_not() {
        let news = r#"<link rel="alternate" type="application/rss+xml" title="Acme &raquo; Feed" href="/feed/">"#;
        let jobs = r#"<link rel="alternate" type="application/rss+xml" title="Jobs" href="/open.rss">"#;
        let atom = r#"<link rel="Alternate home" type="application/atom+xml" href="jobs.atom">"#;
        assert_eq!(names(news), [""; 0]);
        assert_eq!(names(&format!("<head>{news}{jobs}</head>")), ["rss url=https://www.acme.example/open.rss"]);
        assert_eq!(
            names(&format!("<head>{}</head>", atom.replace("Alternate", "alternate"))),
            ["rss url=https://www.acme.example/careers/jobs.atom"]
        );
        let both = format!(r#"<head>{jobs}</head><a href="https://jobs.lever.co/acme">all</a>"#);
        assert_eq!(names(&both), ["lever board=acme"]);
        let json = r#"<link rel="alternate" type="application/feed+json" href="/jobs.json">"#;
        assert_eq!(in_page(json, &page()).found[0].keys, [("url", "https://www.acme.example/jobs.json".to_owned())]);
    }

    #[test]
    fn a_feed_given_for_a_page_is_the_source() {
        for feed in [
            "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel></channel></rss>",
            "\u{feff}<feed xmlns=\"http://www.w3.org/2005/Atom\"></feed>",
            r#"{"version": "https://jsonfeed.org/version/1.1", "items": []}"#,
        ] {
            let found = in_page(feed, &page()).found;
            assert_eq!(found[0].keys, [("url", "https://www.acme.example/careers/".to_owned())], "{feed}");
        }
        assert_eq!(names("<?xml version=\"1.0\"?><html><body></body></html>"), [""; 0]);
    }

    #[test]
    fn marked_up_jobs_are_taken_where_that_format_is_read() {
        let html = r#"<script type="application/ld+json">{"@context":"https://schema.org","@type":"JobPosting","title":"x"}</script>"#;
        let known = registry::find("json_ld").is_ok();
        let expected: &[&str] = if known { &["json_ld url=https://www.acme.example/careers/"] } else { &[] };
        assert_eq!(names(html), expected);
        assert_eq!(names(r#"<script type="application/ld+json">{"@type":"Organization"}</script>"#), [""; 0]);
    }

    #[test]
    fn a_page_that_uses_a_platform_without_naming_the_board_says_which() {
        let seen = in_page(r#"<a href="/careers/open?gh_jid=4711">Engineer</a>"#, &page());
        assert_eq!((seen.found.len(), seen.hints.as_slice()), (0, ["Greenhouse"].as_slice()));
        let seen = in_page(r#"<a href="/open?ashby_jid=1">Engineer</a>"#, &page());
        assert_eq!(seen.hints, ["Ashby"]);
    }

    #[test]
    fn a_long_page_is_read_in_the_time_of_its_length() {
        let line = r#"<a href="https://x.example/a.b.c?d=1">x</a><script>"a.b.c.d.e.f.g-h.i","\\/\\/"</script>"#;
        let html = format!("{}{}<a href=\"https://jobs.lever.co/acme\">", line.repeat(5_000), "<div>".repeat(5_000));
        assert_eq!(names(&html), ["lever board=acme"]);
    }
}
