//! Recorded answers of real boards read in full: as many postings as the recording's own index says.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rolecall::domain::Posting;
use rolecall::sources::read_payload;
use serde_json::Value;

use crate::support;

/// The folder of a platform and the kind that reads it.
const PLATFORMS: &[(&str, &str)] = &[
    ("greenhouse", "greenhouse"),
    ("lever", "lever"),
    ("ashby", "ashby"),
    ("jobicy", "jobicy"),
    ("arbeitnow", "arbeitnow"),
    ("weworkremotely", "weworkremotely"),
    ("hackernews", "hacker_news"),
    ("remotive", "remotive"),
    ("remoteok", "remoteok"),
    ("himalayas", "himalayas"),
    ("themuse", "themuse"),
    ("adzuna", "adzuna"),
    ("usajobs", "usajobs"),
    ("eures", "eures"),
    ("workingnomads", "workingnomads"),
    ("solidjobs", "solidjobs"),
    ("by-hand/reed", "reed"),
    ("by-hand/jooble", "jooble"),
    ("by-hand/bundesagentur", "bundesagentur"),
    ("by-hand/xml_feed", "xml_feed"),
    ("teamtailor", "teamtailor"),
    ("workable", "workable"),
    ("recruitee", "recruitee"),
    ("personio", "personio"),
    ("pinpoint", "pinpoint"),
    ("comeet", "comeet"),
    ("manatal", "manatal"),
    ("jsonld", "json_ld"),
    ("smartrecruiters", "smartrecruiters"),
    ("workday", "workday"),
    ("bamboohr", "bamboohr"),
    ("breezy", "breezy"),
    ("rippling", "rippling"),
    ("jazzhr", "jazzhr"),
    ("eightfold", "eightfold"),
    ("oracle", "oracle"),
];

/// Other calls of a platform than the one its adapter makes: the tree of departments holds no postings but their names, and the
/// text that was cut out of an answer does not say whose it is.
const OTHER_CALLS: &[&str] = &["greenhouse/departments-tree.json", "smartrecruiters/automationanywhere-detail.json"];

#[test]
fn recorded_answers_give_as_many_postings_as_their_index_says() {
    let Some(data) = support::recorded_data() else { return support::skipped("sources::recorded", "no recorded data") };
    let folder = data.join("payloads");
    let mut files = Vec::new();
    for (platform, _) in PLATFORMS {
        match platform.split_once('/') {
            Some((within, start)) => {
                let mut some = Vec::new();
                collect(&folder.join(within), &mut some);
                files
                    .extend(some.into_iter().filter(|file| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))));
            }
            None => collect(&folder.join(platform), &mut files),
        }
    }
    files.sort();
    assert!(!files.is_empty(), "recorded data is there but empty");
    let index = index(&std::fs::read_to_string(folder.join("INDEX.md")).unwrap());
    let mut kinds: BTreeMap<&str, (usize, Vec<Posting>)> = BTreeMap::new();
    let mut indexed = 0;
    for file in &files {
        let name = file.strip_prefix(&folder).unwrap().to_str().unwrap();
        let (platform, kind) = PLATFORMS.iter().find(|(platform, _)| name.starts_with(platform)).unwrap();
        let bytes = std::fs::read(file).unwrap();
        let read = read_payload(kind, platform, &bytes);
        if OTHER_CALLS.contains(&name) {
            assert!(read.is_err(), "{name} is another call");
            continue;
        }
        let reading = read.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(reading.bad, [], "{name}");
        assert_eq!(reading.items, entries(&unpacked(file)).unwrap_or(reading.items), "{name}");
        if let Some(stated) = index.get(name) {
            assert_eq!(reading.items, *stated, "{name} by the index");
            indexed += 1;
        }
        assert!(reading.postings.iter().all(|posting| posting.source == *platform && posting.url.is_some()), "{name}");
        let row = kinds.entry(kind).or_default();
        row.0 += 1;
        row.1.extend(reading.postings);
    }
    table(&kinds);
    let total: usize = kinds.values().map(|(_, postings)| postings.len()).sum();
    support::say(&format!("{total} postings of {} files, {indexed} of them counted in the index", files.len()));
    assert!(indexed > 60, "the index was not understood: {indexed}");
}

/// Kind, files, postings, and which fields are filled in how many of a hundred of them.
fn table(kinds: &BTreeMap<&str, (usize, Vec<Posting>)>) {
    for (kind, (files, postings)) in kinds {
        support::say(&format!("{kind:<15} {files:>4} files {:>6} postings  {}", postings.len(), filled(postings)));
    }
}

/// The bytes of a recording, which may be packed.
fn unpacked(file: &Path) -> Vec<u8> {
    let bytes = std::fs::read(file).expect("a recording can be read");
    if file.extension().is_none_or(|ending| ending != "gz") {
        return bytes;
    }
    let mut whole = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut whole).expect("a recording unpacks");
    whole
}

/// Postings by file, as the tables of the index say: a heading names the folder, a row the file, its size and its postings.
fn index(text: &str) -> BTreeMap<String, usize> {
    let mut folder = "";
    let mut stated = BTreeMap::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("### ") {
            folder = heading.trim();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if let ["", file, _, postings, ..] = cells.as_slice()
            && let (Some(file), Ok(count)) = (file.strip_prefix('`').and_then(|file| file.strip_suffix('`')), postings.parse())
        {
            stated.insert(format!("{folder}/{file}"), count);
        }
    }
    stated
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// The entries of a JSON list, counted without any adapter.
fn entries(bytes: &[u8]) -> Option<usize> {
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let places = [
        "",
        "/jobs",
        "/data",
        "/items/0/requisitionList",
        "/items",
        "/content",
        "/jobPostings",
        "/result",
        "/positions",
        "/offers",
        "/results",
        "/hits",
        "/comments",
        "/jvs",
        "/ergebnisliste",
        "/SearchResult/SearchResultItems",
    ];
    // The terms as an element of the list are no entry of it.
    let count = |list: &Value| Some(list.as_array()?.iter().filter(|entry| entry.get("legal").is_none()).count());
    places.iter().find_map(|place| count(value.pointer(place)?)).or(Some(1))
}

/// Which fields are filled in how many of a hundred postings.
fn filled(postings: &[Posting]) -> String {
    let share = |has: &dyn Fn(&Posting) -> bool| 100 * postings.iter().filter(|posting| has(posting)).count() / postings.len().max(1);
    [
        ("company", share(&|p| p.company.is_some())),
        ("place", share(&|p| p.location.is_some())),
        ("text", share(&|p| p.description.is_some())),
        ("date", share(&|p| p.posted_at.is_some())),
        ("mode", share(&|p| p.work_mode.is_some())),
        ("pay", share(&|p| p.salary.is_some() || p.salary_text.is_some())),
        ("type", share(&|p| p.employment_type.is_some())),
        ("dept", share(&|p| p.department.is_some())),
    ]
    .map(|(name, share)| format!("{name} {share:3}"))
    .join("  ")
}
