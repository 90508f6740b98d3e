//! Pairs of real listings, labelled by reading them: which are one job.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use rolecall::domain::{Likeness, Posting, Relation};
use rolecall::extract::Extractor;
use rolecall::sources::read_payload;

use crate::matching::draw::Chance;
use crate::support;

struct Pair {
    a: String,
    b: String,
    label: Relation,
    split: String,
}

/// Counts of one half of the pairs.
#[derive(Default)]
struct Tally {
    right: u32,
    wrong: u32,
    missed: u32,
    places: u32,
    places_found: u32,
    twins: u32,
    twins_merged: u32,
    keyless: u32,
    pairs: u32,
}

impl Tally {
    fn precision(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.wrong)
    }

    fn recall(&self) -> f64 {
        f64::from(self.right) / f64::from(self.right + self.missed)
    }

    fn f1(&self) -> f64 {
        2.0 * self.precision() * self.recall() / (self.precision() + self.recall())
    }
}

fn pairs() -> Vec<Pair> {
    let file = include_str!("../fixtures/dedup/pairs.csv");
    let row = |line: &str| {
        let [a, b, label, split, _] = line.split(',').take(5).collect::<Vec<_>>().try_into().unwrap();
        let label = serde_json::from_value(serde_json::Value::String(label.to_owned())).unwrap();
        Pair { a: a.to_owned(), b: b.to_owned(), label, split: split.to_owned() }
    };
    file.lines().skip(1).map(row).collect()
}

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-09-01T00:00:00Z").unwrap().to_utc()
}

/// Every listing that is named, as the daemon would read it: corpus rows by id, payload postings by file and native id.
fn likenesses(data: &Path, wanted: &HashSet<&str>) -> BTreeMap<String, Likeness> {
    let extractor = Extractor::new();
    let mut found = BTreeMap::new();
    let mut keep = |id: String, posting: Posting| {
        let listing = extractor.read(posting, now());
        let likeness = extractor.likeness(&listing);
        found.insert(id, likeness);
    };
    for posting in corpus(data).filter(|posting| wanted.contains(posting.id.as_str())) {
        keep(posting.id.clone(), posting);
    }
    let files: HashSet<&str> = wanted.iter().filter_map(|id| Some(id.split_once(".json")?.0)).collect();
    for stem in files {
        let kind = stem.split('/').next().unwrap();
        let source = stem.strip_suffix(stem.rsplit('/').next().unwrap()).filter(|folder| folder.contains("series")).unwrap_or(stem);
        for ending in [".json", ".json.gz"] {
            let path = data.join("payloads").join(format!("{stem}{ending}"));
            let Ok(bytes) = std::fs::read(&path) else { continue };
            for posting in read_payload(kind, source, &unpacked(bytes)).unwrap().postings {
                let id = format!("{stem}{ending}#{}", posting.id);
                if wanted.contains(id.as_str()) {
                    keep(id, posting);
                }
            }
        }
    }
    found
}

fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut whole = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut whole).unwrap();
    whole
}

fn corpus(data: &Path) -> impl Iterator<Item = Posting> {
    ["train.ndjson.gz", "titles_train.ndjson.gz"]
        .map(|name| std::fs::File::open(data.join("corpus").join(name)).unwrap())
        .into_iter()
        .flat_map(|file| BufReader::new(flate2::read::MultiGzDecoder::new(file)).lines())
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

fn judge(pairs: &[&Pair], known: &BTreeMap<String, Likeness>) -> Tally {
    let mut tally = Tally::default();
    for pair in pairs {
        let (a, b) = (&known[&pair.a], &known[&pair.b]);
        let found = a.relation(b);
        assert_eq!(found, b.relation(a), "{} {}", pair.a, pair.b);
        if std::env::var_os("ROLECALL_SHOW_MISSES").is_some() && pair.label.is_one_job() != found.is_one_job() {
            support::say(&format!("{} {}: judged {:?}, found {found:?}", pair.a, pair.b, pair.label));
        }
        let twin = pair.label == Relation::Different && a.company == b.company && a.company.is_some() && a.title == b.title;
        tally.pairs += 1;
        tally.twins += u32::from(twin);
        tally.twins_merged += u32::from(twin && found.is_one_job());
        tally.right += u32::from(pair.label.is_one_job() && found.is_one_job());
        tally.wrong += u32::from(!pair.label.is_one_job() && found.is_one_job());
        tally.missed += u32::from(pair.label.is_one_job() && !found.is_one_job());
        tally.places += u32::from(pair.label == Relation::OtherPlace);
        tally.places_found += u32::from(pair.label == Relation::OtherPlace && found == Relation::OtherPlace);
        let meet = a.keys().iter().any(|key| b.keys().contains(key));
        tally.keyless += u32::from(found != Relation::Different && !meet);
    }
    tally
}

#[test]
fn labelled_pairs_are_told_apart_and_no_twins_are_merged() {
    let Some(data) = support::recorded_data() else { return support::skipped("dedup", "no recorded data") };
    let pairs = pairs();
    assert!(pairs.len() >= 600, "{}", pairs.len());
    let wanted: HashSet<&str> = pairs.iter().flat_map(|pair| [pair.a.as_str(), pair.b.as_str()]).collect();
    let known = likenesses(&data, &wanted);
    let lost: Vec<_> = wanted.iter().filter(|id| !known.contains_key(**id)).collect();
    assert!(lost.is_empty(), "not in the recorded data: {lost:?}");
    support::say("dedup     pairs  one job: right wrong missed  precision recall     F1  other place  twins merged");
    for split in ["tune", "held_out"] {
        let half: Vec<&Pair> = pairs.iter().filter(|pair| pair.split == split).collect();
        let tally = judge(&half, &known);
        support::say(&format!(
            "{split:9} {:5} {:14} {:5} {:6} {:10.3} {:6.3} {:6.3} {:5} of {:3} {:4} of {:3}",
            tally.pairs,
            tally.right,
            tally.wrong,
            tally.missed,
            tally.precision(),
            tally.recall(),
            tally.f1(),
            tally.places_found,
            tally.places,
            tally.twins_merged,
            tally.twins
        ));
        assert_eq!(tally.keyless, 0, "{split}: related listings must share a key");
        assert_eq!(tally.twins_merged, 0, "{split}: a job hidden behind its twin is lost");
        assert!(tally.f1() >= 0.95, "{split}: {:.3}", tally.f1());
    }
}

/// Small alphabets, so that listings meet in every way there is.
fn drawn(chance: &mut Chance) -> Posting {
    let words = ["rust", "go", "team", "payments", "search", "we", "build", "our", "client", "years", "5+ years", "the"];
    let text = |chance: &mut Chance, most: usize| chance.some(&words, most).join(" ");
    let start = "We build a payment platform in Rust and run it ourselves. ".repeat(chance.below(14));
    Posting {
        id: chance.number().to_string(),
        source: (*chance.one(&["a", "b"])).into(),
        title: (*chance.one(&["Rust Engineer", "Senior Rust Engineer", "Rust Engineer (m/w/d) - Pune", "X | Rust Engineer | Pune"])).into(),
        company: chance.one(&[Some("Acme GmbH"), Some("Acme"), Some("Acme India Ltd"), Some("Beta Staffing"), None]).map(str::to_owned),
        location: chance.one(&[Some("Pune"), Some("Remote"), Some("Berlin, Germany; Pune"), Some("Germany"), None]).map(str::to_owned),
        description: Some(format!("{start}{}", text(chance, 30))),
        url: chance
            .one(&[None, Some("https://jobs.lever.co/acme/1-2"), Some("https://acme.example/jobs/98765"), Some("bad")])
            .map(str::to_owned),
        posted_at: chance.one(&[None, Some("2026-01-01"), Some("2026-06-01")]).map(str::to_owned),
        department: chance.one(&[None, None, Some("Payments"), Some("Search")]).map(str::to_owned),
        ..Posting::default()
    }
}

#[test]
fn relations_are_symmetric_a_listing_equals_itself_and_related_ones_share_a_key() {
    let extractor = Extractor::new();
    let mut chance = Chance::new(11);
    let drawn: Vec<Likeness> = (0..240).map(|_| extractor.likeness(&extractor.read(drawn(&mut chance), now()))).collect();
    let mut seen = HashSet::new();
    for a in &drawn {
        assert_eq!(a.relation(&a.clone()), Relation::Same);
        assert!(a.keys().len() <= 13, "{a:?}");
        assert_eq!(serde_json::from_str::<Likeness>(&serde_json::to_string(a).unwrap()).unwrap(), *a);
        for b in &drawn {
            let found = a.relation(b);
            assert_eq!(found, b.relation(a), "{a:?} {b:?}");
            assert!(found == Relation::Different || a.keys().iter().any(|key| b.keys().contains(key)), "{a:?} {b:?}");
            seen.insert(found);
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
}

/// Minutes in a build without optimisation, so it is run by name: `cargo test --test it corpus_is_seen -- --ignored`.
#[test]
#[ignore = "reads 57,000 listings"]
fn how_much_of_the_corpus_is_seen_twice() {
    let Some(data) = support::recorded_data() else { return support::skipped("dedup::corpus", "no recorded data") };
    let extractor = Extractor::new();
    let mut by_key: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut all: Vec<Likeness> = Vec::new();
    let (mut again, mut elsewhere, mut compared) = (0_u32, 0_u32, 0_u64);
    for posting in corpus(&data) {
        let likeness = extractor.likeness(&extractor.read(posting, now()));
        let keys = likeness.keys();
        let near: BTreeSet<usize> = keys.iter().filter_map(|key| by_key.get(key)).flatten().copied().collect();
        let relations: Vec<Relation> = near.iter().map(|other| likeness.relation(&all[*other])).collect();
        compared += near.len() as u64;
        let one = relations.iter().any(|relation| relation.is_one_job());
        again += u32::from(one);
        elsewhere += u32::from(!one && relations.contains(&Relation::OtherPlace));
        for key in keys {
            by_key.entry(key).or_default().push(all.len());
        }
        all.push(likeness);
    }
    let each = compared / all.len() as u64;
    support::say(&format!("{} listings: {again} seen before, {elsewhere} open elsewhere as well, {each} compared a listing", all.len()));
    assert!(again > 0 && elsewhere > 0);
}
