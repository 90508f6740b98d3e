//! Small ways of putting a platform's parts together.

use crate::sources::shape::plain;

/// The most places of one job: one in more is advertised everywhere.
const MOST_PLACES: usize = 100;

/// Several places, departments or contract words as one text: `; ` between, repeats and empty ones left out.
pub fn join<T: AsRef<str>>(parts: impl IntoIterator<Item = T>) -> Option<String> {
    once_each(parts, "; ")
}

/// City, state and country as one place, repeats and empty ones left out: "Tel Aviv, Israel".
pub fn place<T: Into<Option<String>>>(parts: impl IntoIterator<Item = T>) -> Option<String> {
    once_each(parts.into_iter().filter_map(Into::into), ", ")
}

fn once_each<T: AsRef<str>>(parts: impl IntoIterator<Item = T>, between: &str) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for part in parts {
        let part = part.as_ref().trim();
        if !part.is_empty() && !kept.iter().any(|known| known == part) {
            kept.push(part.to_owned());
        }
    }
    (!kept.is_empty()).then(|| kept.join(between))
}

/// Adds the places of a further row to those of the same job.
pub fn add_places(known: &mut Option<String>, more: Option<&str>) {
    let places = |text: &str| text.split("; ").map(str::to_owned).collect::<Vec<_>>();
    let had = known.as_deref().map(places).unwrap_or_default();
    if had.len() < MOST_PLACES {
        *known = join(had.into_iter().chain(more.map(places).unwrap_or_default()).take(MOST_PLACES));
    }
}

/// A text that is not empty, trimmed.
pub fn filled(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// Plain text as HTML, its lines kept.
pub fn plain_as_html(plain: &str) -> String {
    format!("<p>{}</p>", escape(plain.trim()).replace('\n', "<br>"))
}

/// Plain text in which nothing is taken for a tag.
pub fn escape(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The board's name in a link such as `https://jobs.lever.co/acme/…`: the employer, where nothing else names it.
pub fn board_in(link: Option<&str>) -> Option<String> {
    let url = url::Url::parse(link?).ok()?;
    let board = url.path_segments()?.next()?.to_owned();
    filled(Some(unescape_path(&board)))
}

/// A path segment without percent escapes.
pub fn unescape_path(segment: &str) -> String {
    let pairs = format!("x={}", segment.replace('+', "%2B"));
    url::form_urlencoded::parse(pairs.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// A text in parts, each under its heading; parts that show nothing are left out with their heading.
pub fn sections(parts: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Option<String> {
    let mut shown = Vec::new();
    for (heading, html) in parts {
        let Some(html) = html.filter(|html| !plain::line(html).is_empty()) else { continue };
        let heading = heading.filter(|heading| !heading.trim().is_empty());
        let heading = heading.map(|heading| format!("<h3>{}</h3>", escape(heading.trim()))).unwrap_or_default();
        shown.push(heading + html.trim());
    }
    (!shown.is_empty()).then(|| shown.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_joined_without_repeats() {
        assert_eq!(join(["Berlin ", "", "Munich", "Berlin"]).as_deref(), Some("Berlin; Munich"));
        assert_eq!(join(["", " "]), None);
    }

    #[test]
    fn the_board_is_read_from_its_link() {
        assert_eq!(board_in(Some("https://jobs.ashbyhq.com/Acme%20Inc/1")).as_deref(), Some("Acme Inc"));
        assert_eq!(board_in(Some("no link")), None);
        assert_eq!(plain_as_html("a < b\nc"), "<p>a &lt; b<br>c</p>");
    }

    #[test]
    fn parts_that_show_nothing_bring_no_heading() {
        let part = |heading: &str, html: &str| (Some(heading.to_owned()), Some(html.to_owned()));
        let text = sections([part("Tasks", "<p>Rust &lt;3</p>"), part("Pay", "<p><br></p><p>&nbsp;</p>"), part("", " plain ")]);
        assert_eq!(text.as_deref(), Some("<h3>Tasks</h3><p>Rust &lt;3</p>\nplain"));
        assert_eq!(sections([(None, None), part("A", "")]), None);
        assert_eq!(place(["Tel Aviv", " Tel Aviv", "", "Israel"].map(|part| Some(part.to_owned()))).as_deref(), Some("Tel Aviv, Israel"));
    }
}
