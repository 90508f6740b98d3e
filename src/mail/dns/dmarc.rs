//! The policy of a domain (DMARC, RFC 9989), found as receivers find it, and which domains count as one organisation's.

use crate::mail::dns::ask::{Dns, DnsFault};
use crate::mail::dns::finding::{Finding, quoted};

const CHECK: &str = "dmarc";
/// Most questions of one walk (RFC 9989 4.10).
const MOST_STEPS: usize = 8;
/// Tags of RFC 7489 that nobody reads any more.
const GONE: &[&str] = &["pct", "rf", "ri"];

/// A policy as published.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Policy {
    domain: String,
    tags: Vec<(String, String)>,
}

impl Policy {
    /// The only one of the texts at a name; where there are several none of them counts.
    fn of(domain: &str, texts: &[String]) -> Option<Self> {
        let tags = |text: &str| -> Vec<(String, String)> {
            let pairs = text.split(';').filter_map(|part| part.split_once('='));
            pairs.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect()
        };
        let is_policy = |tags: &Vec<(String, String)>| tags.first().is_some_and(|(name, value)| name == "v" && value == "DMARC1");
        let mut found = texts.iter().map(|text| tags(text)).filter(is_policy);
        let first = found.next()?;
        found.next().is_none().then(|| Self { domain: domain.to_owned(), tags: first })
    }

    fn tag(&self, name: &str) -> Option<&str> {
        self.tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    fn says(&self, name: &str, value: &str) -> bool {
        self.tag(name).is_some_and(|found| found.eq_ignore_ascii_case(value))
    }
}

/// The names that are asked, from the domain up to its top (RFC 9989 4.10).
fn steps(domain: &str) -> Vec<&str> {
    let mut steps = vec![domain];
    let above = |name: &str| name.split_once('.').map(|(_, above)| above.len()).map(|length| domain.len() - length);
    let mut rest = domain;
    // Of a very long name only the last seven labels are asked after it.
    let most = if domain.split('.').count() > MOST_STEPS { MOST_STEPS - 1 } else { MOST_STEPS };
    while rest.split('.').count() > most {
        let Some(start) = above(rest) else { break };
        rest = &domain[start..];
    }
    if rest != domain {
        steps.push(rest);
    }
    while steps.len() < MOST_STEPS {
        let Some(start) = above(rest) else { break };
        rest = &domain[start..];
        steps.push(rest);
    }
    steps
}

/// The policies on the way up, the longest name first.
async fn walk(dns: &Dns, domain: &str) -> Result<Vec<Policy>, DnsFault> {
    let mut found = Vec::new();
    for name in steps(domain) {
        let Some(policy) = Policy::of(name, &dns.texts(&format!("_dmarc.{name}")).await?) else { continue };
        let last = policy.says("psd", "n") || policy.says("psd", "y");
        found.push(policy);
        if last {
            break;
        }
    }
    Ok(found)
}

/// The organisation's domain, by the policies that a walk found (RFC 9989 4.10.2).
fn organisation(domain: &str, found: &[Policy]) -> String {
    let below = |top: &str| {
        let before = domain.strip_suffix(top).and_then(|rest| rest.strip_suffix('.')).unwrap_or_default();
        let label = before.rsplit('.').next().unwrap_or_default();
        if label.is_empty() { top.to_owned() } else { format!("{label}.{top}") }
    };
    match found.last() {
        Some(policy) if policy.says("psd", "y") => below(&policy.domain),
        Some(policy) => policy.domain.clone(),
        None => domain.to_owned(),
    }
}

/// The domain of the organisation that a domain belongs to.
pub(in crate::mail::dns) async fn organisation_of(dns: &Dns, domain: &str) -> Result<String, DnsFault> {
    Ok(organisation(domain, &walk(dns, domain).await?))
}

/// What is asked of receivers for letters from this domain.
pub(in crate::mail::dns) async fn policy(dns: &Dns, from: &str) -> Result<Vec<Finding>, DnsFault> {
    let found = walk(dns, from).await?;
    let organisation = organisation(from, &found);
    let counts = found.iter().find(|policy| policy.domain == from || policy.domain == organisation);
    let publish = format!("publish _dmarc.{from} TXT \"v=DMARC1; p=none; rua=mailto:dmarc@{from}\"");
    let missing = || vec![Finding::wrong(CHECK, format!("{from} has no policy, which large receivers ask for: {publish}"))];
    Ok(counts.map_or_else(missing, |policy| judged(policy, from)))
}

fn judged(policy: &Policy, from: &str) -> Vec<Finding> {
    let name = format!("_dmarc.{}", policy.domain);
    let own = policy.tag("p");
    let asked = if policy.domain == from { own } else { policy.tag("sp").or(own) };
    let mut findings = vec![match asked.map(str::to_ascii_lowercase).as_deref() {
        Some(asked @ ("quarantine" | "reject")) => Finding::well(CHECK, format!("{name} asks to {asked} what is not from you")),
        Some("none") => {
            Finding::well(CHECK, format!("{name} watches only (p=none): once its reports are clean, publish p=quarantine or p=reject"))
        }
        Some(other) => {
            Finding::wrong(CHECK, format!("{name} has p={}, which is none: publish p=none, quarantine or reject", quoted(other)))
        }
        None => Finding::wrong(CHECK, format!("{name} has no p=: publish \"v=DMARC1; p=none\"")),
    }];
    let gone: Vec<&str> = GONE.iter().copied().filter(|tag| policy.tag(tag).is_some()).collect();
    if !gone.is_empty() {
        findings.push(Finding::wanting(CHECK, format!("{name} has {}, which RFC 9989 took away: leave it out", gone.join(", "))));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::dns::finding::Standing;

    fn published(domain: &str, text: &str) -> Policy {
        Policy::of(domain, &[text.to_owned()]).unwrap()
    }

    #[test]
    fn a_walk_asks_the_name_and_what_is_above_it_and_never_more_than_eight() {
        assert_eq!(steps("alerts.example.org"), ["alerts.example.org", "example.org", "org"]);
        let long = "a.b.c.d.e.f.g.h.i.j.example.org";
        let asked = steps(long);
        assert_eq!((asked.len(), asked[0], asked[1], asked[7]), (8, long, "f.g.h.i.j.example.org", "org"));
        assert_eq!(steps("a.b.c.d.e.f.g.org").len(), 8);
    }

    #[test]
    fn the_organisation_is_the_highest_policy_unless_one_says_where_it_ends() {
        let (host, top) = (published("alerts.example.org", "v=DMARC1; p=none"), published("example.org", "v=DMARC1;p=reject"));
        assert_eq!(organisation("alerts.example.org", &[host.clone(), top]), "example.org");
        assert_eq!(organisation("alerts.example.org", &[published("alerts.example.org", "v=DMARC1; psd=n")]), "alerts.example.org");
        assert_eq!(organisation("a.b.co.example", &[published("co.example", "v=DMARC1; p=reject; psd=y")]), "b.co.example");
        assert_eq!(organisation("alerts.example.org", &[]), "alerts.example.org");
        assert_eq!(organisation("alerts.example.org", &[host]), "alerts.example.org");
    }

    #[test]
    fn only_one_policy_that_begins_as_one_counts() {
        let of = |texts: &[&str]| Policy::of("x.org", &texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()).is_some();
        assert!(of(&["v=DMARC1; p=none"]) && of(&["other", "V=DMARC1;p=none"]));
        for bad in [&["p=none; v=DMARC1"][..], &["v=DMARC2; p=none"], &["v=DMARC1; p=none", "v=DMARC1; p=reject"], &[]] {
            assert!(!of(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_policy_is_judged_by_what_it_asks_for_letters_of_this_domain() {
        for (domain, text, standing, words) in [
            ("a.example.org", "v=DMARC1; p=reject", Standing::Well, "reject"),
            ("a.example.org", "v=DMARC1; p=none", Standing::Well, "watches only"),
            ("example.org", "v=DMARC1; p=reject; sp=none", Standing::Well, "watches only"),
            ("example.org", "v=DMARC1; p=quarantine", Standing::Well, "quarantine"),
            ("a.example.org", "v=DMARC1; p=maybe", Standing::Wrong, "p=\"maybe\""),
            ("a.example.org", "v=DMARC1; rua=mailto:x@y.org", Standing::Wrong, "no p="),
        ] {
            let found = judged(&published(domain, text), "a.example.org");
            assert!(found[0].standing == standing && found[0].says.contains(words), "{text}: {found:?}");
        }
        let old = judged(&published("a.example.org", "v=DMARC1; p=none; pct=50; ri=3600"), "a.example.org");
        assert!(old[1].standing == Standing::Wanting && old[1].says.contains("pct, ri"), "{old:?}");
    }
}
