//! Preferences held against listings: each rule by an example, and all of them by brute force.

#[path = "draw.rs"]
pub mod draw;
#[path = "oracle.rs"]
pub mod oracle;

use std::collections::HashSet;

use rolecall::domain::digest::{Criterion, Reason, Verdict};
use rolecall::domain::facts::Facts;
use rolecall::domain::pay::{Amount, Currency, Pay, PayPeriod, Rates};
use rolecall::domain::place::{GeoPoint, Place};
use rolecall::domain::words::Words;
use rolecall::domain::{Education, Preferences, Role, Seniority, Skill, WorkMode};
use rolecall::matching::{Block, Programs, matches, reasons};

use draw::{Chance, Drawn, bare, country, said};
use oracle::{Told, Wished};

/// A backend listing with these facts.
fn listing(change: impl FnOnce(&mut Facts)) -> Drawn {
    let mut facts = bare(Role::BackendEngineer);
    change(&mut facts);
    worded(facts, "Backend Engineer", Some("Acme"), "We build distributed systems.")
}

fn worded(facts: Facts, title: &str, company: Option<&str>, text: &str) -> Drawn {
    let words = Words::of(title, company, text);
    Drawn { facts, title: title.into(), company: company.map(Into::into), text: text.into(), words }
}

fn wishes(json: &str) -> Preferences {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

/// Asks the programs, and makes sure that the oracle and the reasons say the same.
fn fits(json: &str, listing: &Drawn) -> bool {
    let (preferences, rates) = (wishes(json), Rates::default());
    let answer = matches(&preferences, &listing.subject(), &rates);
    assert_eq!(answer, brute(&preferences, listing, &rates), "oracle: {json} {listing:?}");
    assert_eq!(answer, listing.fails_nothing(&preferences, &rates), "reasons: {json} {listing:?}");
    answer
}

fn brute(preferences: &Preferences, listing: &Drawn, rates: &Rates) -> bool {
    oracle::matches(&Wished::new(preferences, rates), &told(listing, rates))
}

fn told<'a>(listing: &'a Drawn, rates: &Rates) -> Told<'a> {
    Told::new(&listing.facts, &listing.title, listing.company.as_deref(), &listing.text, rates)
}

fn skilled(names: &[&str]) -> Drawn {
    listing(|facts| facts.skills = names.iter().map(|name| said(Skill::parse(name).expect("well formed"))).collect())
}

fn paid(min: Option<f64>, max: Option<f64>, currency: Option<&str>, period: Option<PayPeriod>) -> Drawn {
    let amount = |units: f64| Amount::from_units(units).expect("well formed");
    let currency = currency.map(|code| Currency::parse(code).expect("well formed"));
    let pay = Pay { min: min.map(amount), max: max.map(amount), currency, period, raw: "pay".into() };
    listing(|facts| facts.pay = Some(said(pay)))
}

fn located(city: Option<&str>, code: Option<&str>) -> Drawn {
    let place = Place { city: city.map(Into::into), country: code.map(country), ..Place::default() };
    listing(|facts| facts.places = vec![said(place)])
}

fn remote(open_to: &[&str]) -> Drawn {
    listing(|facts| {
        facts.work_mode = Some(said(WorkMode::Remote));
        facts.remote_countries = open_to.iter().map(|code| said(country(code))).collect();
    })
}

#[test]
fn no_wish_matches_everything() {
    assert!(fits("{}", &listing(|_| ())));
    assert!(fits("{}", &remote(&["US"])));
}

#[test]
fn a_role_must_be_among_the_wanted() {
    assert!(fits(r#"{"roles":["backend_engineer","solutions_architect"]}"#, &listing(|_| ())));
    assert!(!fits(r#"{"roles":["database_administrator"]}"#, &listing(|_| ())));
}

#[test]
fn an_unknown_level_passes_unless_it_is_excluded() {
    let (unsaid, senior) = (listing(|_| ()), listing(|facts| facts.seniority = Some(said(Seniority::Senior))));
    assert!(fits(r#"{"seniority":["mid"]}"#, &unsaid));
    assert!(!fits(r#"{"seniority":["mid"]}"#, &senior));
    assert!(!fits(r#"{"seniority":{"any":["senior"],"unknown":"exclude"}}"#, &unsaid));
    assert!(fits(r#"{"seniority":{"any":["senior"],"unknown":"exclude"}}"#, &senior));
    assert!(!fits(r#"{"seniority":{"any":[],"unknown":"exclude"}}"#, &unsaid));
    assert!(fits(r#"{"seniority":{"any":[],"unknown":"exclude"}}"#, &senior));
}

#[test]
fn silence_about_education_is_a_value_of_its_own() {
    let degree = listing(|facts| facts.education = Some(said(Education::DegreeRequired)));
    assert!(fits(r#"{"education":["none_stated"]}"#, &listing(|_| ())));
    assert!(!fits(r#"{"education":["bootcamp_ok"]}"#, &listing(|_| ())));
    assert!(!fits(r#"{"education":["none_stated","bootcamp_ok"]}"#, &degree));
}

#[test]
fn skills_need_any_all_and_none_by_any_spelling() {
    assert!(fits(r#"{"skills":{"any":["rust","golang"]}}"#, &skilled(&["go"])));
    assert!(!fits(r#"{"skills":{"all":["rust","golang"]}}"#, &skilled(&["go"])));
    assert!(fits(r#"{"skills":{"all":["rust","Go"]}}"#, &skilled(&["go", "rust"])));
    assert!(!fits(r#"{"skills":{"any":["rust"],"none":["golang"]}}"#, &skilled(&["go", "rust"])));
}

#[test]
fn a_listing_that_names_no_skill_fails_any_and_all_but_passes_none() {
    assert!(!fits(r#"{"skills":{"any":["rust"]}}"#, &skilled(&[])));
    assert!(!fits(r#"{"skills":{"all":["rust"]}}"#, &skilled(&[])));
    assert!(fits(r#"{"skills":{"none":["rust"]}}"#, &skilled(&[])));
}

#[test]
fn a_listing_may_ask_for_no_more_years_than_there_are() {
    let asks = |years| listing(|facts| facts.min_years = Some(said(years)));
    assert!(fits(r#"{"experience_years":5}"#, &asks(5.0)));
    assert!(!fits(r#"{"experience_years":5}"#, &asks(5.5)));
    assert!(fits(r#"{"experience_years":0}"#, &listing(|_| ())));
}

#[test]
fn pay_compares_by_the_most_that_is_offered_in_one_currency_and_per_year() {
    let wish = r#"{"salary":{"min":2500000,"currency":"INR"}}"#;
    assert!(fits(wish, &paid(Some(1_000_000.0), Some(2_500_000.0), Some("INR"), Some(PayPeriod::Year))));
    assert!(!fits(wish, &paid(Some(1_000_000.0), Some(2_499_999.99), Some("INR"), Some(PayPeriod::Year))));
    assert!(fits(wish, &paid(Some(250_000.0), None, Some("INR"), Some(PayPeriod::Month))));
    assert!(fits(wish, &paid(None, Some(30_000.0), Some("USD"), Some(PayPeriod::Year))));
    assert!(!fits(wish, &paid(None, Some(13.0), Some("USD"), Some(PayPeriod::Hour))));
}

#[test]
fn pay_that_cannot_be_compared_follows_the_rule_for_undisclosed_pay() {
    let (include, exclude) =
        (r#"{"salary":{"min":1,"currency":"USD"}}"#, r#"{"salary":{"min":1,"currency":"USD","undisclosed":"exclude"}}"#);
    let year = Some(PayPeriod::Year);
    let silent = [
        listing(|_| ()),
        paid(Some(9e6), None, None, year),
        paid(Some(9e6), None, Some("USD"), None),
        paid(Some(9e6), None, Some("XTS"), year),
        paid(None, None, Some("USD"), year),
    ];
    for listing in silent {
        assert!(fits(include, &listing) && !fits(exclude, &listing), "{listing:?}");
    }
    let stated = paid(Some(9e6), None, Some("USD"), year);
    assert!(fits(r#"{"salary":{"min":1e9,"currency":"XTS"}}"#, &stated), "a wish without a rate cannot be compared either");
    assert!(!fits(r#"{"salary":{"min":0,"currency":"XTS","undisclosed":"exclude"}}"#, &stated));
}

#[test]
fn companies_compare_trimmed_and_folded() {
    let (acme, nameless) = (listing(|_| ()), worded(bare(Role::Other), "Clerk", Some("  "), ""));
    assert!(fits(r#"{"companies":{"only":[" ACME "]}}"#, &acme));
    assert!(!fits(r#"{"companies":{"only":["Acme Staffing"]}}"#, &acme));
    assert!(!fits(r#"{"companies":{"never":["aCmE"]}}"#, &acme));
    assert!(fits(r#"{"companies":{"never":["acme"]}}"#, &nameless));
    assert!(fits(r#"{"companies":{"only":["acme"]}}"#, &nameless));
    assert!(!fits(r#"{"companies":{"only":["acme"],"unknown":"exclude"}}"#, &nameless));
}

#[test]
fn a_remote_listing_fits_places_when_it_is_open_to_the_home_country_and_remote_is_wanted() {
    let pune = |more: &str| format!(r#"{{"places":[{{"country":"IN","city":"Pune"}}]{more}}}"#);
    assert!(fits(&pune(""), &remote(&[])));
    assert!(fits(&pune(r#","home_country":"IN""#), &remote(&["US", "IN"])));
    assert!(!fits(&pune(r#","home_country":"IN""#), &remote(&["US"])));
    assert!(!fits(&pune(""), &remote(&["IN"])), "nobody said where home is");
    assert!(fits(&pune(r#","work_modes":["remote"]"#), &remote(&[])));
    assert!(!fits(&pune(r#","work_modes":["hybrid"]"#), &remote(&[])));
    assert!(fits(r#"{"home_country":"DE"}"#, &remote(&["US"])), "no place is wished for");
}

#[test]
fn a_listing_with_a_place_fits_by_country_and_by_any_name_of_the_city() {
    let bengaluru = located(Some("Bengaluru"), Some("IN"));
    assert!(fits(r#"{"places":[{"country":"US"},{"country":"IN"}]}"#, &bengaluru));
    assert!(!fits(r#"{"places":[{"country":"US"}]}"#, &bengaluru));
    assert!(fits(r#"{"places":[{"city":"bangalore"}]}"#, &bengaluru));
    assert!(!fits(r#"{"places":[{"country":"IN","city":"Zzyzx"}]}"#, &bengaluru));
    assert!(fits(r#"{"places":[{"city":" ZZYZX  hollow"}]}"#, &located(Some("Zzyzx Hollow"), None)));
}

#[test]
fn a_city_reaches_as_far_as_is_wished() {
    let at = |latitude| {
        let point = Some(GeoPoint { latitude, longitude: 77.5946 });
        let place = Place { city: Some("Zzyzx Hollow".into()), country: Some(country("IN")), point, ..Place::default() };
        listing(|facts| facts.places = vec![said(place)])
    };
    let around = |km: u32| format!(r#"{{"places":[{{"country":"IN","city":"Bengaluru","within_km":{km}}}]}}"#);
    assert!(fits(&around(50), &at(13.3)), "36 km");
    assert!(!fits(&around(30), &at(13.3)));
    assert!(!fits(&around(50), &located(Some("Zzyzx Hollow"), Some("IN"))), "no point: the names differ");
    assert!(fits(r#"{"places":[{"city":"Zzyzx Hollow","within_km":5}]}"#, &located(Some("Zzyzx Hollow"), Some("IN"))));
}

#[test]
fn a_wish_for_an_area_is_one_for_each_of_its_cities() {
    for city in ["Delhi", "Gurgaon", "Noida", "Ghaziabad", "Faridabad"] {
        let there = located(Some(city), Some("IN"));
        for area in ["Delhi NCR", "delhi-ncr", "National Capital Region"] {
            assert!(fits(&format!(r#"{{"places":[{{"country":"IN","city":"{area}"}}]}}"#), &there), "{area}: {city}");
            assert!(fits(&format!(r#"{{"places":[{{"city":"{area}"}}]}}"#), &there), "{area}: {city}");
        }
        assert_eq!(fits(r#"{"places":[{"country":"IN","city":"Delhi"}]}"#, &there), city == "Delhi", "{city}");
    }
    let pune = located(Some("Pune"), Some("IN"));
    assert!(!fits(r#"{"places":[{"city":"Delhi NCR"}]}"#, &pune));
    assert!(fits(r#"{"places":[{"city":"Delhi NCR","within_km":1500}]}"#, &pune));
    assert!(!fits(r#"{"places":[{"country":"US","city":"Delhi NCR"}]}"#, &located(Some("Delhi"), Some("IN"))));
}

#[test]
fn a_distance_is_held_against_every_place_of_a_listing() {
    let places = [("Berlin", "DE"), ("Mysuru", "IN"), ("Hosur", "IN")];
    let several = listing(|facts| {
        let place =
            |(city, code): &(&str, &str)| said(Place { city: Some((*city).into()), country: Some(country(code)), ..Place::default() });
        facts.places = places.iter().map(place).collect();
    });
    let around = |city: &str, km: u32| format!(r#"{{"places":[{{"city":"{city}","within_km":{km}}}]}}"#);
    assert!(fits(&around("Bengaluru", 60), &several), "Hosur, the last of them, is 36 km away");
    assert!(fits(&around("Potsdam", 60), &several), "Berlin, the first of them");
    assert!(!fits(&around("Pune", 60), &several));
}

#[test]
fn a_part_of_a_place_that_is_not_known_passes_unless_it_is_excluded() {
    let (include, exclude) = (
        r#"{"places":[{"country":"IN","city":"Bengaluru"}]}"#,
        r#"{"places":{"any":[{"country":"IN","city":"Bengaluru"}],"unknown":"exclude"}}"#,
    );
    let in_country = listing(|facts| facts.country = Some(said(country("IN"))));
    for unsaid in [listing(|_| ()), located(None, Some("IN")), located(Some("Bengaluru"), None), located(None, None), in_country] {
        assert!(fits(include, &unsaid) && !fits(exclude, &unsaid), "{unsaid:?}");
    }
    assert!(!fits(include, &located(None, Some("US"))));
    let completed = listing(|facts| {
        facts.country = Some(said(country("US")));
        facts.places = vec![said(Place { city: Some("Bengaluru".into()), ..Place::default() })];
    });
    assert!(!fits(include, &completed), "the listing's one country is the country of its places");
}

#[test]
fn keywords_stand_in_title_company_or_text_but_never_across() {
    let listing = worded(bare(Role::Other), "Backend Kafka", Some("Streams Ltd"), "Straße und Snake_case, node.js");
    for (query, holds) in [
        ("kafka", true),
        ("\\\"kafka streams\\\"", false),
        ("\\\"streams ltd\\\"", true),
        ("\\\"ltd strasse\\\"", false),
        ("STRASSE", true),
        ("snake", false),
        ("node.js", true),
        ("-wordpress", true),
        ("NOT (kafka OR php)", false),
        ("title:kafka company:streams", true),
        ("title:streams", false),
        ("company:\\\"kafka\\\" OR title:backend", true),
    ] {
        assert_eq!(fits(&format!(r#"{{"keywords":"{query}"}}"#), &listing), holds, "{query}");
    }
}

#[test]
fn a_skill_keyword_stands_within_one_canonical_name() {
    let listing = skilled(&["spring boot", "sql server"]);
    assert!(fits(r#"{"keywords":"skill:boot"}"#, &listing));
    assert!(fits(r#"{"keywords":"skill:\"spring boot\""}"#, &listing));
    assert!(!fits(r#"{"keywords":"skill:\"boot sql\""}"#, &listing));
    assert!(!fits(r#"{"keywords":"skill:distributed"}"#, &listing));
}

/// Holds drawn preferences against drawn listings in blocks of `WORDS * 64`, and every pair to brute force and to its reasons.
fn agree<const WORDS: usize>(seed: u64, alerts: usize, listings: usize) {
    let (mut chance, rates) = (Chance::new(seed), Rates::default());
    let preferences: Vec<Preferences> = (0..alerts).map(|_| draw::preferences(&mut chance)).collect();
    let listings: Vec<Drawn> = (0..listings).map(|_| draw::listing(&mut chance)).collect();
    let programs = Programs::compile(&preferences, &rates);
    let subjects: Vec<_> = listings.iter().map(Drawn::subject).collect();
    let mut found = HashSet::new();
    for (piece, subjects) in subjects.chunks(Block::<WORDS>::LANES).enumerate() {
        programs.evaluate(&Block::<WORDS>::new(subjects), |alert, lanes| {
            assert!(!lanes.is_empty(), "only alerts with a hit are called back");
            found.extend(lanes.lanes().map(|lane| (alert, piece * Block::<WORDS>::LANES + lane)));
        });
    }
    let told: Vec<_> = listings.iter().map(|one| told(one, &rates)).collect();
    for (alert, wishes) in preferences.iter().enumerate() {
        let wished = Wished::new(wishes, &rates);
        for (at, one) in listings.iter().enumerate() {
            let answer = oracle::matches(&wished, &told[at]);
            assert_eq!(found.contains(&(alert, at)), answer, "programs, seed {seed}: {wishes:?} {one:?}");
            assert_eq!(one.fails_nothing(wishes, &rates), answer, "reasons, seed {seed}: {wishes:?} {one:?}");
        }
    }
    let (hits, pairs) = (found.len(), preferences.len() * listings.len());
    assert!(hits * 200 > pairs && hits * 2 < pairs, "the draw says something: {hits} of {pairs}");
}

#[test]
fn programs_reasons_and_brute_force_agree_on_blocks_of_64() {
    for seed in 0..6 {
        agree::<1>(seed, 200, 130);
    }
}

#[test]
fn programs_reasons_and_brute_force_agree_on_blocks_of_512() {
    for seed in 100..102 {
        agree::<8>(seed, 100, 600);
    }
}

#[test]
fn deep_queries_agree_with_brute_force() {
    let (mut chance, rates) = (Chance::new(7), Rates::default());
    let listings: Vec<Drawn> = (0..60).map(|_| draw::listing(&mut chance)).collect();
    for _ in 0..400 {
        let query = draw::query(&mut chance, 0);
        let preferences = wishes(&serde_json::json!({ "keywords": query }).to_string());
        for one in &listings {
            assert_eq!(matches(&preferences, &one.subject(), &rates), brute(&preferences, one, &rates), "{query} {one:?}");
        }
    }
}

#[test]
fn an_empty_block_and_no_alerts_give_no_hit() {
    let rates = Rates::default();
    Programs::compile(&[Preferences::default()], &rates).evaluate(&Block::<1>::new(&[]), |alert, _| panic!("{alert}"));
    let one = listing(|_| ());
    Programs::compile([] as [Preferences; 0], &rates).evaluate(&Block::<1>::new(&[one.subject()]), |alert, _| panic!("{alert}"));
}

#[test]
#[should_panic(expected = "at most 64 listings")]
fn a_block_takes_no_more_listings_than_it_has_lanes() {
    let one = listing(|_| ());
    let _ = Block::<1>::new(&[one.subject(); 65]);
}

fn reason(json: &str, listing: &Drawn, criterion: Criterion) -> Reason {
    let all = reasons(&wishes(json), &listing.subject(), &Rates::default());
    all.into_iter().find(|reason| reason.criterion == criterion).unwrap_or_else(|| panic!("{json} has no {criterion}"))
}

#[test]
fn reasons_speak_in_everyday_words() {
    let offer = paid(Some(1_800_000.0), Some(2_600_000.0), Some("INR"), Some(PayPeriod::Year));
    let bengaluru = located(Some("Bengaluru"), Some("IN"));
    let cases = [
        (r#"{"skills":{"any":["rust","golang"],"none":["php"]}}"#, &skilled(&["go"]), "rust or golang, not php", "go"),
        (r#"{"skills":{"all":["rust"]}}"#, &skilled(&["go"]), "rust", "none of these"),
        (r#"{"salary":{"min":2500000,"currency":"INR"}}"#, &offer, "at least ₹25 lakh a year", "₹18-26 lakh a year"),
        (
            r#"{"places":[{"country":"IN","city":"Bangalore","within_km":50}]}"#,
            &bengaluru,
            "within 50 km of Bangalore, IN or remote",
            "Bengaluru, IN",
        ),
        (r#"{"places":[{"country":"DE"}],"home_country":"DE"}"#, &remote(&["US"]), "DE or remote from DE", "remote, open to US"),
        (r#"{"experience_years":1}"#, &listing(|facts| facts.min_years = Some(said(3.0))), "at most 1 year", "asks for 3 years"),
        (r#"{"seniority":["mid","senior"]}"#, &listing(|_| ()), "mid level or senior", "not stated"),
        (r#"{"companies":{"never":["Acme Staffing"]}}"#, &listing(|_| ()), "not Acme Staffing", "Acme"),
        (
            r#"{"keywords":"\"distributed systems\" -php title:backend"}"#,
            &listing(|_| ()),
            "\"distributed systems\" -php title:backend",
            "distributed systems, backend (title)",
        ),
    ];
    for (json, listing, wish, found) in cases {
        let all = reasons(&wishes(json), &listing.subject(), &Rates::default());
        let told: Vec<_> = all.iter().map(|reason| (reason.wish.as_str(), reason.found.as_str())).collect();
        assert_eq!(told, [(wish, found)], "{json}");
    }
}

#[test]
fn a_reason_tells_what_fits_from_what_is_not_stated_and_names_its_evidence() {
    let json = r#"{"seniority":["senior"]}"#;
    assert_eq!(reason(json, &listing(|_| ()), Criterion::Seniority).verdict, Verdict::Unknown);
    let senior = reason(json, &listing(|facts| facts.seniority = Some(said(Seniority::Senior))), Criterion::Seniority);
    assert_eq!((senior.verdict, senior.evidence.as_str()), (Verdict::Holds, "as the posting says"));
    let strict = r#"{"seniority":{"any":["senior"],"unknown":"exclude"}}"#;
    assert_eq!(reason(strict, &listing(|_| ()), Criterion::Seniority).verdict, Verdict::Fails);
}

#[test]
fn a_listing_that_says_more_of_what_is_wished_scores_higher_and_newer_ones_too() {
    let wish = wishes(r#"{"seniority":["senior"],"skills":{"any":["rust","go"]}}"#);
    let silent = skilled(&["go"]);
    let both = skilled(&["go", "rust"]);
    let mut stated = skilled(&["go", "rust"]);
    stated.facts.seniority = Some(said(Seniority::Senior));
    assert!(silent.score(&wish, 1) < both.score(&wish, 1));
    assert!(both.score(&wish, 1) < stated.score(&wish, 1));
    assert!(stated.score(&wish, 2) < stated.score(&wish, 1));
}
