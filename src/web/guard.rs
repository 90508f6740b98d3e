//! Whether a form comes from our own pages.
//!
//! No right here rests on a cookie, so a forged form can do no more than its sender could do alone; the check keeps other sites from
//! using their visitors' browsers for sign-ups all the same.

use axum::http::{HeaderMap, Method, header};
use url::Url;

/// Whether a request may pass: anything that changes nothing, and forms that no browser says come from elsewhere.
///
/// `Sec-Fetch-Site` decides where a browser sends it. Without it (old browsers, programs, plain http) `Origin` must name this service or
/// the host that was asked. `Origin: null` is what browsers send with our `no-referrer` policy; over https they send `Sec-Fetch-Site`
/// too, so it passes only where the service is reached over plain http.
pub(super) fn comes_from_here(method: &Method, headers: &HeaderMap, base: &Url) -> bool {
    if method.is_safe() {
        return true;
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let Some(origin) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return !headers.contains_key(header::ORIGIN);
    };
    if origin == "null" {
        return base.scheme() == "http";
    }
    let asked = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    origin == base.origin().ascii_serialization() || (authority.is_some() && authority == asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(base: &str, lines: &[(&'static str, &str)]) -> bool {
        let headers: HeaderMap = lines.iter().map(|(name, value)| ((*name).parse().unwrap(), value.parse().unwrap())).collect();
        comes_from_here(&Method::POST, &headers, &Url::parse(base).unwrap())
    }

    #[test]
    fn forms_of_our_own_pages_and_of_programs_pass() {
        let https = "https://jobs.example.org/";
        assert!(passes(https, &[]));
        assert!(passes(https, &[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(passes(https, &[("origin", "https://jobs.example.org")]));
        assert!(passes(https, &[("origin", "http://10.0.0.5:8080"), ("host", "10.0.0.5:8080")]));
        assert!(passes("http://jobs.lan/", &[("origin", "null")]));
    }

    #[test]
    fn forms_of_other_sites_do_not_pass() {
        let https = "https://jobs.example.org/";
        for site in ["cross-site", "same-site", ""] {
            assert!(!passes(https, &[("sec-fetch-site", site), ("origin", "https://jobs.example.org")]), "{site}");
        }
        assert!(!passes(https, &[("origin", "https://evil.example"), ("host", "jobs.example.org")]));
        assert!(!passes(https, &[("origin", "https://jobs.example.org.evil.example")]));
        assert!(!passes(https, &[("origin", "null")]));
    }

    #[test]
    fn what_changes_nothing_always_passes() {
        let headers = HeaderMap::from_iter([("sec-fetch-site".parse().unwrap(), "cross-site".parse().unwrap())]);
        assert!(comes_from_here(&Method::GET, &headers, &Url::parse("https://x.org").unwrap()));
    }
}
