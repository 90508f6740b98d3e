//! Stories of pay: read as it is written, in all its spellings, and never invented.

use proptest::prelude::*;
use rolecall::domain::posting::StructuredPay;
use rolecall::domain::{Certainty, Facts, PayExtra, Posting};
use rolecall::extract::Extractor;
use serde_json::Value;

static EXTRACTOR: std::sync::LazyLock<Extractor> = std::sync::LazyLock::new(Extractor::new);

fn in_field(text: &str) -> Facts {
    EXTRACTOR.facts(&Posting { salary_text: Some(text.to_owned()), ..Posting::default() })
}

fn in_text(text: &str) -> Facts {
    EXTRACTOR.facts(&Posting { description: Some(text.to_owned()), ..Posting::default() })
}

/// Least, most, currency and period as the contract prints them.
fn read(facts: &Facts) -> (Option<f64>, Option<f64>, Value, Value) {
    let pay = serde_json::to_value(facts.line("id")).expect("a line of facts is JSON")["salary"].clone();
    (pay["min"].as_f64(), pay["max"].as_f64(), pay["currency"].clone(), pay["period"].clone())
}

#[test]
fn the_phrases_on_which_others_fail_are_all_read() {
    // Twelve Indian and eight western ones: no open extractor that was looked at reads one of the twelve.
    for (phrase, min, max, currency, period) in [
        ("Salary: Rs 4,17,345 a year", 417_345.0, 417_345.0, "INR", "year"),
        ("Rs. 4,17,345 - 6,50,000 per annum", 417_345.0, 650_000.0, "INR", "year"),
        ("₹4,17,345", 417_345.0, 417_345.0, "INR", "year"),
        ("₹12,00,000 - 18,00,000", 1_200_000.0, 1_800_000.0, "INR", "year"),
        ("INR 12,00,000 - 18,00,000 P.A.", 1_200_000.0, 1_800_000.0, "INR", "year"),
        ("12-18 LPA", 1_200_000.0, 1_800_000.0, "INR", "year"),
        ("12 - 18 Lacs P.A.", 1_200_000.0, 1_800_000.0, "INR", "year"),
        ("up to 25 LPA", f64::NAN, 2_500_000.0, "INR", "year"),
        ("₹50,000 - 80,000 per month", 50_000.0, 80_000.0, "INR", "month"),
        ("1.2 Cr per annum", 12_000_000.0, 12_000_000.0, "INR", "year"),
        ("8.5 lakhs per annum", 850_000.0, 850_000.0, "INR", "year"),
        ("INR 18L-24L", 1_800_000.0, 2_400_000.0, "INR", "year"),
        ("$120,000 - $150,000 a year", 120_000.0, 150_000.0, "USD", "year"),
        ("$120K - $150K", 120_000.0, 150_000.0, "USD", "year"),
        ("£60,000 - £70,000", 60_000.0, 70_000.0, "GBP", "year"),
        ("€60.000 - €75.000 im Jahr", 60_000.0, 75_000.0, "EUR", "year"),
        ("€60,000 to €75,000 a year", 60_000.0, 75_000.0, "EUR", "year"),
        ("USD 110,000 - 140,000", 110_000.0, 140_000.0, "USD", "year"),
        ("$45 - $60 an hour", 45.0, 60.0, "USD", "hour"),
        ("CHF 110'000 - 130'000", 110_000.0, 130_000.0, "CHF", "year"),
    ] {
        let due = (Some(min).filter(|min| !min.is_nan()), Some(max), Value::from(currency), Value::from(period));
        assert_eq!(read(&in_field(phrase)), due, "{phrase} as a field");
        assert_eq!(read(&in_text(&format!("About us.\nSalary: {phrase}\nApply now."))), due, "{phrase} in a text");
    }
}

#[test]
fn what_a_board_reckons_itself_counts_and_is_marked_as_concluded() {
    let guess = StructuredPay { min: Some(41_234.5), currency: Some("GBP".into()), estimated: true, ..StructuredPay::default() };
    let structured = EXTRACTOR.facts(&Posting { salary: Some(guess), ..Posting::default() });
    for facts in [in_field("$62K/yr - $97K/yr (Glassdoor est.)"), in_text("Ledger, Leeds £65,829 per year - estimated ? Apply"), structured]
    {
        let pay = facts.pay.unwrap();
        assert_eq!(pay.certainty, Certainty::Inferred, "{pay:?}");
        assert_eq!(pay.value.period.unwrap().as_str(), "year");
    }
    let said = in_text("The estimated start is in May.\nSalary: £65,829 per year.").pay.unwrap();
    assert_eq!(said.certainty, Certainty::Stated, "{said:?}");
}

#[test]
fn what_is_paid_beside_base_pay_is_noted_apart() {
    let facts = in_text(
        "Salary: ₹12-15 LPA plus ESOPs and an annual bonus.\nHRA and a travel allowance, paid overtime, uncapped commission.\n\
         We value diversity, equity and inclusion, and Rust is a bonus.",
    );
    let extras: Vec<&str> = facts.pay_extras.iter().map(|found| found.value.as_str()).collect();
    assert_eq!(extras, ["equity", "bonus", "commission", "overtime", "allowance"]);
    assert!(facts.pay_extras[0].evidence.contains("ESOPs"), "{:?}", facts.pay_extras[0]);
    assert_eq!(read(&facts).1, Some(1_500_000.0), "they are not counted in");
    let aussie = in_field("$130,000 + super + bonus").pay_extras;
    assert_eq!(aussie.iter().map(|found| found.value).collect::<Vec<_>>(), [PayExtra::Bonus, PayExtra::Superannuation]);
    for silent in
        ["We trade equity derivatives for private equity.", "Knowledge of Kafka would be a bonus.", "An annual leave allowance of 25 days."]
    {
        assert_eq!(in_text(silent).pay_extras, [], "{silent}");
    }
}

#[test]
fn facts_stored_before_extras_were_read_are_read_back() {
    let mut stored = serde_json::to_value(in_text("Salary: ₹12-15 LPA plus ESOPs.")).unwrap();
    let extras = stored.as_object_mut().unwrap().remove("pay_extras");
    assert!(extras.is_some());
    let facts: Facts = serde_json::from_value(stored).unwrap();
    assert_eq!((facts.pay_extras.len(), read(&facts).1), (0, Some(1_500_000.0)));
}

#[test]
fn of_several_pays_the_one_for_the_postings_own_place_counts() {
    let text = "For New York-based roles: The base salary range is USD$185,000 per year - USD$205,000 per year.\n\
                For Berlin-based roles: The base salary range is €85.000 - €110.000 gross a year.";
    let posting = |location: &str| Posting { location: Some(location.into()), description: Some(text.into()), ..Posting::default() };
    assert_eq!(read(&EXTRACTOR.facts(&posting("Berlin, Germany"))).0, Some(85_000.0));
    assert_eq!(read(&EXTRACTOR.facts(&posting("New York, New York, United States"))).0, Some(185_000.0));
    // The money of the country decides where the city is not named.
    assert_eq!(read(&EXTRACTOR.facts(&posting("Hamburg, Germany"))).0, Some(85_000.0));
}

#[test]
fn a_title_that_shows_one_end_of_the_range_gives_way_to_the_range() {
    let posting = Posting {
        title: "Data Analyst | $70/hr Remote".into(),
        description: Some("**Compensation:** $22 \\- $70/hour **Location:** Remote".into()),
        ..Posting::default()
    };
    assert_eq!(read(&EXTRACTOR.facts(&posting)).0, Some(22.0));
}

#[test]
fn a_sign_parted_from_its_figure_and_ends_joined_by_words_are_read() {
    for (text, min, max, period) in [
        ("The pay range for this role is $\n164,000\nto $\n225,500\nper year.", 164_000.0, Some(225_500.0), "year"),
        ("The base compensation range for this role is $\n160,000\n- $195,000\n. Actual pay varies.", 160_000.0, Some(195_000.0), "year"),
        ("The pay range for this role is $120,000.00 and $150,000.00 per year.", 120_000.0, Some(150_000.0), "year"),
        ("The salary range of $120,000 through $150,000", 120_000.0, Some(150_000.0), "year"),
        ("15-25% equity opportunity + $10k per-month salary.", 10_000.0, Some(10_000.0), "month"),
        ("Stable work history - salary $180K+ bonus", 180_000.0, None, "year"),
    ] {
        let due = (Some(min), max, Value::from("USD"), Value::from(period));
        assert_eq!(read(&in_text(&format!("About us.\n{text}\nApply now."))), due, "{text}");
    }
}

#[test]
fn what_a_board_lost_on_the_way_is_read_all_the_same() {
    for (text, min, max, currency, period) in [
        ("**Rate:**\n£41\\.87 PAYE or £56\\.44 Umbrella", 41.87, 41.87, "GBP", "hour"),
        ("In Germany, the compensation range for this role is €109,709 - €131, 651. It may vary.", 109_709.0, 131_651.0, "EUR", "year"),
        ("Pay range:\n\nLevel 1: $22.00 - $26.50\nLevel 2: $25.00 - $31.00", 22.0, 26.5, "USD", "hour"),
        ("REMUNERATION\nAnnual Salary\n: (Net of taxes)\nUS$ 73,516.00 + post adjustment", 73_516.0, 73_516.0, "USD", "year"),
        ("8 AM - 4:30 PM$18 HourlyRequirementsKnowledge of Word", 18.0, 18.0, "USD", "hour"),
        ("Salary: 960 - 1120 PLN netto VAT/ MD Work model: hybrid", 960.0, 1_120.0, "PLN", "day"),
    ] {
        let due = (Some(min), Some(max), Value::from(currency), Value::from(period));
        assert_eq!(read(&in_text(&format!("About us.\n{text}"))), due, "{text}");
    }
}

#[test]
fn figures_that_only_look_like_such_pay_are_none() {
    for text in [
        "Lunch is $12.50, coffee is $3.20.",
        "Level 1: $22.00 - $26.50 is what our customers spend.",
        "We process €109,709 - €131, 651 of our users are happy.",
    ] {
        assert_eq!(in_text(text).pay, None, "{text}");
    }
}

#[test]
fn money_near_a_line_break_or_a_plus_sign_is_no_pay_by_that() {
    for text in [
        "We pay in USD\n50000 users rely on us.",
        "You write shell scripts: cd $\n2019 brought us 40 offices.",
        "The bonus range is $10,000 and $20,000 is the most.",
        "Sign up and get a referral bonus of $5,000+ bonus points.",
        "Our clients range from banks that lend $120,000 and $150,000 in assets.",
    ] {
        assert_eq!(in_text(text).pay, None, "{text}");
    }
}

/// A number grouped as Indians do.
fn indian(number: u64) -> String {
    let digits = number.to_string();
    let Some(head) = digits.len().checked_sub(3).filter(|head| *head > 0) else { return digits };
    let mut groups = vec![&digits[head..]];
    let mut end = head;
    while end > 0 {
        groups.push(&digits[end.saturating_sub(2)..end]);
        end = end.saturating_sub(2);
    }
    groups.reverse();
    groups.join(",")
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn units(number: u64) -> f64 {
    number as f64
}

proptest! {
    #[test]
    fn every_rupee_figure_is_read_to_the_rupee(low in 100_000_u64..9_999_999, more in 1_u64..10_000_000) {
        let high = low + more.min(low * 10);
        let (a, b) = (indian(low), indian(high));
        for phrase in [format!("₹{a} - ₹{b} a year"), format!("Rs. {a}/- to {b}/- p.a."), format!("INR {a}-{b} PA"), format!("{a} - {b} P.A. Best in industry")] {
            let pay = read(&in_field(&phrase));
            prop_assert_eq!((pay.0, pay.1, pay.2.as_str(), pay.3.as_str()), (Some(units(low)), Some(units(high)), Some("INR"), Some("year")), "{}", phrase);
        }
    }

    #[test]
    fn tenths_of_a_lakh_are_read_as_written(low in 10u64..990, more in 1u64..500) {
        let high = low + more.min(low * 10);
        let decimal = |tenths: u64| format!("{}.{}", tenths / 10, tenths % 10);
        for phrase in [format!("{}-{} LPA", decimal(low), decimal(high)), format!("Salary: {} to {} lakhs per annum", decimal(low), decimal(high))] {
            let pay = read(&in_text(&format!("Pay: {phrase}")));
            prop_assert_eq!((pay.0, pay.1), (Some(units(low * 10_000)), Some(units(high * 10_000))), "{}", phrase);
        }
    }

    /// Pieces of pay in any order: whatever comes, no panic, no amount beyond all money, no range upside down.
    #[test]
    fn no_mixture_of_pieces_breaks_the_reader(pieces in proptest::collection::vec(prop_oneof![
        "[0-9]{1,40}", "[0-9]{1,3}([,.' ][0-9]{2,3}){0,4}", "[₹$€£¥]", "(Rs\\.|INR|USD|zł|CHF|R\\$|lakh|LPA|Cr|k|m|bn)", "( |-|–| to |/|\n|,|\\.|\\(|\\)|e|%|\\+)",
        "(per|a|p\\.a\\.|hour|month|year|annum|day|super|up to|from|min|salary|bonus|CTC:|Pay: |ıİß)",
    ], 0..14)) {
        let text: String = pieces.concat();
        for facts in [in_field(&text), in_text(&text), in_text(&format!("Salary: {text}"))] {
            let Some(pay) = facts.pay else { continue };
            prop_assert!(pay.value.min.is_some() || pay.value.max.is_some());
            for end in [pay.value.min, pay.value.max].into_iter().flatten() {
                prop_assert!(end.units() > 1.0 && end.units() <= 1e11, "{} gave {:?}", text, pay);
            }
            if let (Some(min), Some(max)) = (pay.value.min, pay.value.max) {
                prop_assert!(min <= max, "{} gave {:?}", text, pay);
            }
            let _ = (pay.value.shown(), pay.value.yearly());
        }
    }
}
