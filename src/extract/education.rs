//! The education route a posting asks for.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Education, Finding};
use crate::extract::fold::Folded;

/// The first line of a board that lists degrees (`UG: B.Tech/B.E. in Any Specialization`).
static DEGREE_LINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)(?-u:\b)(?:ug|education)\s*:\s*[^\n]{3,160}").expect("a constant pattern"));
/// A degree by one of its names.
static DEGREE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:bachelor(?:['’]?s)?|master['’]s|masters (?:degree|in)|ph\.?d|b\.?\s?tech|m\.?\s?tech|b\.?e\.?/|(?:b|m)\.?sc(?:\.? ?(?:in|or|and|degree|comput|engin|scien|math|hons|\(|prefer|required|level)|[,/.])|b\.s\.?|m\.s\.|bs/ms|ms/bs|bs in|ba/bs|bs/ba|b\.a\.|bca|mca|mba|bs or|bs degree|ms degree|ms in|(?:university|college|engineering|technical|law|advanced|undergraduate|graduate|relevant|science|4[ -]year|four[ -]year|associate['’]?s?|cs|stem|higher) degree|degree (?:in|required|qualified|level|or)|degree,? preferably|graduation in|hochschulabschluss|abgeschlossenes studium|studium|diplômé|bac ?\+ ?[345]|licenciatura|título universitario|ensino superior|graduação em)(?-u:\b|\B)").expect("a constant pattern")
});
/// A way round the degree, or a mere wish for it.
static SOFT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"or (?:an? )?(?:the )?(?:equivalent|equal|related|relevant|similar|comparable|commensurate|foreign)(?:\s\w+){0,6}\s?(?:experience|training|knowledge|background|practical|work|skills)|or equivalent|equivalent (?:\w+ ){0,4}experience|and/or (?:\w+ ){0,3}experience|or (?:\w+ ){0,3}experience|prefer|a plus|is plus|nice to have|desir|advantage|ideally|bonus|beneficial|vergleichbar|wünschenswert|ou équivalent|o equivalente|ou equivalente|appreciat|bij voorkeur|desejável|deseable|souhait|in the absence of|may be substituted|in lieu|not required|optional|or \+?\d+").expect("a constant pattern")
});
/// A wish for a second degree, which makes the first no wish: `Bachelor's degree; MBA is a plus`.
static HIGHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[;,(–-]\s*(?:an? )?(?:mba|master|m\.?s(?-u:\b)|(?:post)?graduate degree|ph\.?d|advanced degree)[^.;)]{0,90}?(?:prefer\w*|plus|nice to have|desir\w*|advantage|bonus|beneficial)").expect("a constant pattern")
});
/// Before a degree: nobody has to have it.
static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:(?-u:\b)no (?:specific |formal )?|(?:doesn|don)['’]t (?:have|need) an? (?:[\w-]+ ){0,2})$").expect("a constant pattern")
});
/// Behind a degree: people who have it, not a demand.
static PEOPLE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:['’]?s(?-u:\b)[ ,.]|[ -](?:grads?|students?|holders|candidates)(?-u:\b)|,? and graduate programs)")
        .expect("a constant pattern")
});
/// Boot camps and teaching oneself, named as welcome.
static BOOTCAMP: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:boot\s?-?camps?|self[- ]taught|coding school|no degree (?:required|needed|necessary)|degree (?:is )?not (?:required|needed|necessary)|without a degree)").expect("a constant pattern")
});
/// Training on the job as the way in.
static APPRENTICE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:apprenticeships?|apprentice|traineeship|abgeschlossene (?:\w+ )?(?:berufs)?ausbildung|berufsausbildung|vocational (?:training|qualification)|lehrling|lehre (?:in|als|zum|zur)|azubi|auszubildende[rn]?)").expect("a constant pattern")
});

/// A trade learnt, named beside a degree as enough: `Studium der Informatik oder Ausbildung zum Fachinformatiker`.
static OR_A_TRADE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:oder|bzw\.?|/|,) ?(?:durch )?(?:eine? )?(?:(?:abgeschlossene|erfolgreich|einschlägige|technische|fachliche|kaufmännische|duale|fundierte|entsprechende|it-)[ -]?)*(?:berufs|fach|it-)?ausbildung(?-u:\b)|ausbildung (?:[\w-]+ ){0,6}oder (?:ein )?(?:[\w-]+ ){0,2}(?:fach|hochschul)?studium|or (?:an? )?(?:completed |relevant )?(?:apprenticeship|vocational (?:training|qualification|degree))").expect("a constant pattern")
});
/// Reads the route; none where nothing is said.
#[must_use]
pub fn education(field: Option<&str>, title: &Folded<'_>, body: &Folded<'_>) -> Option<Finding<Education>> {
    if let Some(found) = APPRENTICE.find(&title.folded) {
        return Some(Finding::stated(Education::Apprenticeship, title.quote(found.start(), found.end())));
    }
    bootcamp(body).or_else(|| degree_line(body)).or_else(|| degree(body)).or_else(|| apprenticeship(body)).or_else(|| from_field(field))
}

fn bootcamp(body: &Folded<'_>) -> Option<Finding<Education>> {
    let found = BOOTCAMP.find(&body.folded)?;
    let (before, after) = body.around(found.start(), found.end(), 60, 80);
    let refused = ["not accept", "no bootcamp", "not considered", "bootcamps do not"]
        .iter()
        .any(|word| before.contains(word) || after.contains(word));
    let ours = ["our bootcamp", "run bootcamp", "teach", "instructor"].iter().any(|word| before.contains(word) || after.contains(word));
    (!refused && !ours).then(|| Finding::stated(Education::BootcampOk, body.sentence(found.start(), found.end())))
}

fn degree_line(body: &Folded<'_>) -> Option<Finding<Education>> {
    let found = DEGREE_LINE.find(&body.folded)?;
    let first = found.as_str().split(" pg").next().unwrap_or_default();
    let asked = ["ug", "graduate", "graduation"].iter().any(|word| first.contains(word)) || DEGREE.is_match(first);
    let soft = !first.contains("ug") && SOFT.is_match(first);
    let value = if soft { Education::DegreePreferred } else { Education::DegreeRequired };
    (asked && !first.contains("not required")).then(|| Finding::stated(value, body.quote(found.start(), found.end())))
}

/// The first degree named as a demand decides; the words of its sentence say how hard it is.
fn degree(body: &Folded<'_>) -> Option<Finding<Education>> {
    const MOST: usize = 12;
    for found in DEGREE.find_iter(&body.folded).take(MOST) {
        let (before, after) = body.around(found.start(), found.end(), 120, 160);
        let before = before.rsplit(['\n', '•']).next().unwrap_or(before);
        let after = after.split(['\n', '•']).next().unwrap_or(after);
        let before = before.rsplit(". ").next().unwrap_or(before);
        let after = &after[..sentence_end(after)];
        // The next heading is no word about this degree.
        let after = after.split("preferred qualifications").next().unwrap_or(after);
        let doctors = found.as_str().starts_with("ph") || found.as_str() == "mba";
        if REFUSED.is_match(before) || doctors && PEOPLE.is_match(after) {
            continue;
        }
        if before.contains("completing ") || before.contains("program for") || before.contains("tuition") || after.contains("students who")
        {
            continue;
        }
        let trade =
            OR_A_TRADE.is_match(&body.folded[found.start()..found.end() + after.len()]) || OR_A_TRADE.is_match(&format!("{before}studium"));
        let soft = SOFT.is_match(before) || SOFT.is_match(&HIGHER.replace(after, ""));
        let value = match (trade, soft) {
            (true, _) => Education::Apprenticeship,
            (false, true) => Education::DegreePreferred,
            (false, false) => Education::DegreeRequired,
        };
        return Some(Finding::stated(value, body.sentence(found.start(), found.end())));
    }
    None
}

/// Where a sentence ends: not behind an abbreviation (`B.S. in`, `BA/BS. Degree`).
fn sentence_end(text: &str) -> usize {
    let mut ends = text.match_indices(". ").map(|(at, _)| at);
    let abbreviation = |at: &usize| text[..*at].rsplit([' ', '/', '.']).next().is_some_and(|word| word.len() <= 2);
    ends.find(|at| !abbreviation(at)).unwrap_or(text.len())
}

fn apprenticeship(body: &Folded<'_>) -> Option<Finding<Education>> {
    let found = APPRENTICE.find(&body.folded)?;
    if body.folded[found.end()..].trim_start().starts_with("opportunit") {
        return None;
    }
    Some(Finding::inferred(Education::Apprenticeship, body.sentence(found.start(), found.end())))
}

/// The platform's field is a hint for a posting whose text says nothing.
fn from_field(field: Option<&str>) -> Option<Finding<Education>> {
    let text = field?;
    let folded = Folded::new(text);
    DEGREE.is_match(&folded.folded).then(|| Finding::inferred(Education::DegreeRequired, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Option<Education> {
        education(None, &Folded::new("Engineer"), &Folded::new(text)).map(|found| found.value)
    }

    #[test]
    fn the_route_is_what_the_sentence_says() {
        use Education::{Apprenticeship, BootcampOk, DegreePreferred, DegreeRequired};
        for (text, expected) in [
            ("Bachelor's degree in Computer Science", Some(DegreeRequired)),
            ("BS in CS or equivalent experience", Some(DegreePreferred)),
            ("A degree in engineering is preferred", Some(DegreePreferred)),
            ("Education: UG: B.Tech/B.E. in Any Specialization PG: Any", Some(DegreeRequired)),
            ("Bootcamp graduates and self-taught developers are welcome", Some(BootcampOk)),
            ("Complete a Level 4 apprenticeship with us", Some(Apprenticeship)),
            ("B.S./M.S. in Computer Science, Statistics, or equivalent experience desired", Some(DegreePreferred)),
            ("Skills and Education:\nBachelor's degree in Engineering, or specialized experience", Some(DegreePreferred)),
            ("Abgeschlossenes Studium oder eine vergleichbare Ausbildung", Some(DegreePreferred)),
            ("Abgeschlossenes Studium der Informatik oder Ausbildung zum Fachinformatiker", Some(Apprenticeship)),
            ("Studium der Informatik, eine abgeschlossene Ausbildung oder vergleichbar", Some(Apprenticeship)),
            ("Ausbildung als Fachinformatiker oder Studium der Informatik", Some(Apprenticeship)),
            ("Abgeschlossenes Studium der Informatik. Wir bieten eine Ausbildung zum Scrum Master.", Some(DegreeRequired)),
            ("Bachelor's degree in Finance; MBA is a plus", Some(DegreeRequired)),
            ("Bachelor's in Computer Science or a related field (MS or PhD preferred)", Some(DegreeRequired)),
            ("Bachelor's or Master's degree preferred", Some(DegreePreferred)),
            ("Basic Qualifications: A BS/MS in Computer Science Preferred Qualifications: 2 years", Some(DegreeRequired)),
            ("Masters degree in computer science is appreciated.", Some(DegreePreferred)),
            ("We are PhDs, engineers and designers", None),
            ("No specific degree or background required", None),
            ("MSC | DevOps | Bethesda", None),
            ("We value curiosity", None),
        ] {
            assert_eq!(route(text), expected, "{text}");
        }
    }
}
