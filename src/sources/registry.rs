//! The kinds there are, by name.

use crate::domain::nearest::nearest;
use crate::sources::kind::Kind;
use crate::sources::kinds::{
    adzuna, arbeitnow, ashby, bamboohr, breezy, bundesagentur, comeet, eightfold, eures, file, greenhouse, hacker_news, himalayas, jazzhr,
    jobicy, jooble, json_feed, json_ld, lever, manatal, oracle, personio, pinpoint, push, recruitee, reed, remoteok, remotive, rippling,
    rss, smartrecruiters, solidjobs, teamtailor, themuse, usajobs, weworkremotely, workable, workday, workingnomads, xml_feed,
};

/// Every kind, by the order of the manual.
#[rustfmt::skip]
static KINDS: &[Kind] = &[
    // Boards of one employer, list and text in one call.
    greenhouse::KIND,
    lever::KIND,
    ashby::KIND,
    workable::KIND,
    recruitee::KIND,
    personio::KIND,
    teamtailor::KIND,
    pinpoint::KIND,
    comeet::KIND,
    manatal::KIND,
    // Boards of one employer, a call for each text.
    smartrecruiters::KIND,
    workday::KIND,
    bamboohr::KIND,
    breezy::KIND,
    rippling::KIND,
    jazzhr::KIND,
    eightfold::KIND,
    oracle::KIND,
    // Boards of many employers.
    hacker_news::KIND,
    arbeitnow::KIND,
    jobicy::KIND,
    remotive::KIND,
    remoteok::KIND,
    himalayas::KIND,
    weworkremotely::KIND,
    workingnomads::KIND,
    themuse::KIND,
    solidjobs::KIND,
    eures::KIND,
    bundesagentur::KIND,
    // Boards of many employers, with a key.
    adzuna::KIND,
    usajobs::KIND,
    reed::KIND,
    jooble::KIND,
    // Open formats.
    json_ld::KIND,
    rss::KIND,
    json_feed::KIND,
    xml_feed::KIND,
    file::KIND,
    push::KIND,
];

/// Every kind there is.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// The kind of a name.
///
/// # Errors
/// A hint: the nearest kind, or all of them.
pub fn find(name: &str) -> Result<&'static Kind, String> {
    let names = || KINDS.iter().map(|kind| kind.name);
    KINDS.iter().find(|kind| kind.name == name).ok_or_else(|| match nearest(name, names()) {
        Some(near) => format!("did you mean {near:?}?"),
        None => format!("there are: {}", names().collect::<Vec<_>>().join(", ")),
    })
}
