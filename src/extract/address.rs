//! What the address of a posting gives away: a platform's own id, and the page without what tracks and translates.

use url::Url;

use crate::domain::words::word_hash;

/// Parameters that say where a reader came from or how a page is shown, never which job it is; all `utm_` ones as well.
const NOISE: &[&str] = &[
    "ref",
    "refid",
    "referrer",
    "referer",
    "src",
    "source",
    "gh_src",
    "lever-source",
    "lever-origin",
    "ashby_source",
    "trk",
    "trackingid",
    "gclid",
    "fbclid",
    "msclkid",
    "mc_cid",
    "mc_eid",
    "lang",
    "language",
    "locale",
    "hl",
    "se",
    "originalsubdomain",
    "iis",
    "iisn",
    "rx_source",
];
/// Path segments behind which a platform shows the same job: its form, its thanks.
const FORMS: &[&str] = &["apply", "application", "thanks", "index.html", "index.htm", "index.php"];
/// Digits from which a number is an id and no year.
const ID_DIGITS: usize = 5;

/// What an address says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Address {
    /// Platform and native id, with the board where ids are its own.
    pub posting: Option<u64>,
    /// Host, path and telling parameters.
    pub page: Option<u64>,
    /// The name of the board, which stands for the employer's where a posting has none.
    pub board: Option<String>,
}

/// Reads an address; nothing of one that is none, no page of one that leads to no single job.
pub(super) fn read(text: &str) -> Address {
    let Ok(url) = Url::parse(text.trim()) else { return Address::default() };
    let Some(host) = url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host)) else { return Address::default() };
    let path = segments(&url);
    let page = page(&url, host, &path);
    let Some((platform, board, id)) = identity(&url, host, &path) else { return Address { page, ..Address::default() } };
    let own = if UNIQUE.contains(&platform) { "" } else { board };
    let posting = Some(hash(&[platform, own, &id]));
    let board = (!board.is_empty()).then(|| board.to_owned());
    Address { posting, page, board }
}

/// Platforms whose ids are unique over all their boards.
const UNIQUE: &[&str] = &["greenhouse", "lever", "ashby", "workable", "smartrecruiters", "linkedin", "indeed", "adzuna", "naukri", "seek"];

/// Platform, board (empty where the address does not tell) and native id.
fn identity<'a>(url: &Url, host: &'a str, path: &[&'a str]) -> Option<(&'static str, &'a str, String)> {
    if let Some(id) = param(url, "gh_jid") {
        return Some(("greenhouse", if host.ends_with("greenhouse.io") { path.first()? } else { "" }, id));
    }
    if let Some(id) = param(url, "ashby_jid") {
        return Some(("ashby", "", id));
    }
    let tenant = host.split('.').next().unwrap_or_default();
    let found = match (host, path) {
        (
            "boards.greenhouse.io" | "job-boards.greenhouse.io" | "boards.eu.greenhouse.io" | "job-boards.eu.greenhouse.io",
            [board, "jobs", id, ..],
        ) => ("greenhouse", *board, *id),
        ("jobs.lever.co" | "jobs.eu.lever.co", [board, id, ..]) => ("lever", *board, *id),
        ("jobs.ashbyhq.com", [board, id, ..]) => ("ashby", *board, *id),
        ("apply.workable.com", [board, "j", id, ..]) => ("workable", *board, *id),
        ("jobs.smartrecruiters.com" | "careers.smartrecruiters.com", [board, id, ..]) => ("smartrecruiters", *board, id.split('-').next()?),
        ("ats.rippling.com", [board, "jobs", id, ..]) => ("rippling", *board, *id),
        ("seek.com.au" | "seek.co.nz", ["job", id, ..]) => ("seek", "", *id),
        (_, ["jobs", "view", slug, ..]) if host.ends_with("linkedin.com") => ("linkedin", "", last_number(slug)?),
        (_, [slug, ..]) if host.ends_with("naukri.com") => ("naukri", "", last_number(slug)?),
        (_, [.., "details" | "ad", id]) if host.contains("adzuna.") => ("adzuna", "", *id),
        (_, ["job", id, ..]) if host.contains(".jobs.personio.") => ("personio", tenant, *id),
        (_, ["o", slug, ..]) if host.ends_with(".recruitee.com") => ("recruitee", tenant, *slug),
        (_, ["jobs", slug, ..]) if host.ends_with(".teamtailor.com") => ("teamtailor", tenant, slug.split('-').next()?),
        (_, ["careers" | "jobs", id, ..]) if host.ends_with(".bamboohr.com") => ("bamboohr", tenant, *id),
        (_, ["p", slug, ..]) if host.ends_with(".breezy.hr") => ("breezy", tenant, slug.split('-').next()?),
        (_, ["apply", id, ..]) if host.ends_with(".applytojob.com") => ("jazzhr", tenant, *id),
        (_, [.., "job", _, slug] | [.., "job", slug]) if host.ends_with(".myworkdayjobs.com") => {
            ("workday", tenant, slug.rsplit_once('_')?.1)
        }
        _ if host.contains("indeed.") => return Some(("indeed", "", param(url, "jk")?)),
        _ => return None,
    };
    let (platform, board, id) = found;
    (!id.is_empty()).then(|| (platform, board, id.to_ascii_lowercase()))
}

/// The page as a hash, where something in it looks like one job: a number, a long slug or a parameter that is left.
fn page(url: &Url, host: &str, path: &[&str]) -> Option<u64> {
    let mut telling: Vec<(String, String)> = url
        .query_pairs()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()))
        .filter(|(name, value)| !name.starts_with("utm_") && !NOISE.contains(&name.as_str()) && !value.is_empty())
        .collect();
    telling.sort_unstable();
    telling.dedup();
    let single = |part: &str| has_number(part) || part.matches(['-', '_']).count() >= 2 || part.len() >= 20;
    if !path.iter().any(|part| single(part)) && !telling.iter().any(|(_, value)| has_number(value) || value.len() >= 8) {
        return None;
    }
    let mut text = host.to_owned();
    for part in path {
        text.push('/');
        text.push_str(part);
    }
    for (name, value) in &telling {
        text.extend(["?", name, "=", value]);
    }
    Some(word_hash(&text.to_ascii_lowercase()))
}

/// The segments of a path without locale at its start and form at its end.
fn segments(url: &Url) -> Vec<&str> {
    let mut path: Vec<&str> = url.path_segments().into_iter().flatten().filter(|part| !part.is_empty()).collect();
    if path.first().is_some_and(|part| is_locale(part)) {
        path.remove(0);
    }
    if path.len() > 1 && path.last().is_some_and(|part| FORMS.contains(&part.to_ascii_lowercase().as_str())) {
        path.pop();
    }
    path
}

/// `en`, `de-CH`, `pt_BR`.
fn is_locale(part: &str) -> bool {
    let letters = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    part.split_once(['-', '_']).map_or_else(|| letters(part), |(language, country)| letters(language) && letters(country))
}

fn param(url: &Url, wanted: &str) -> Option<String> {
    let found = url.query_pairs().find(|(name, value)| name.eq_ignore_ascii_case(wanted) && !value.is_empty())?;
    Some(found.1.to_ascii_lowercase())
}

fn has_number(part: &str) -> bool {
    part.bytes().filter(u8::is_ascii_digit).count() >= ID_DIGITS
}

/// The number behind the last hyphen, or a slug that is nothing but a number.
fn last_number(slug: &str) -> Option<&str> {
    let last = slug.rsplit('-').next()?;
    (last.len() >= ID_DIGITS && last.bytes().all(|byte| byte.is_ascii_digit())).then_some(last)
}

fn hash(parts: &[&str]) -> u64 {
    word_hash(&parts.join("\n").to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        let (a, b) = (read(a), read(b));
        (a.posting.is_some() && a.posting == b.posting) || (a.page.is_some() && a.page == b.page)
    }

    #[test]
    fn one_page_under_many_addresses_is_one_page() {
        for (a, b) in [
            ("https://www.acme.example/jobs/rust-engineer-81234", "http://acme.example:80/jobs/rust-engineer-81234/?utm_source=x#top"),
            ("https://acme.example/en-GB/jobs/81234?lang=en", "https://acme.example:443/jobs/81234/apply"),
            ("https://acme.example/job?b=2&id=91234&ref=feed", "https://acme.example/job?id=91234&b=2"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn a_platforms_id_is_known_on_any_host() {
        for (a, b) in [
            ("https://boards.greenhouse.io/acme/jobs/4012345?gh_src=abc", "https://careers.acme.example/open?gh_jid=4012345"),
            ("https://job-boards.greenhouse.io/acme/jobs/4012345", "https://boards.greenhouse.io/acme/jobs/4012345#app"),
            ("https://jobs.lever.co/acme/0f-1a/apply", "https://jobs.lever.co/acme/0f-1a?lever-source=LinkedIn"),
            ("https://www.adzuna.example/land/ad/5751683822?se=x", "https://www.adzuna.example/details/5751683822"),
            ("https://uk.linkedin.com/jobs/view/rust-at-acme-4366957074?trk=a", "https://www.linkedin.com/jobs/view/4366957074/"),
        ] {
            assert!(same(a, b), "{a} {b}");
        }
        assert_eq!(read("https://jobs.lever.co/Acme/0f-1a").board.as_deref(), Some("Acme"));
    }

    #[test]
    fn other_jobs_and_pages_of_no_single_job_stay_apart() {
        for (a, b) in [
            ("https://acme.example/careers", "https://acme.example/careers"),
            ("https://acme.example/partner/jobListing.htm", "https://acme.example/partner/jobListing.htm"),
            ("https://acme.example/jobs/81234", "https://acme.example/jobs/81235"),
            ("https://a.jobs.personio.de/job/12", "https://b.jobs.personio.de/job/12"),
            ("no address", "no address"),
        ] {
            assert!(!same(a, b), "{a} {b}");
        }
    }
}
