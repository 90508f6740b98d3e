//! HTML or plain text to text, in one linear walk.
//!
//! Only the tokenizer of html5ever is used: its tree builder is quadratic in nesting, and no tree is needed to know where lines
//! break. Its tokenizer is quadratic in the attributes of one tag, so tags lose their attributes before it sees them.

use std::cell::{Cell, RefCell};
use std::sync::LazyLock;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use regex::Regex;

/// Most bytes of a description that are read; the longest real one of 33,347 recorded listings has 20 KB.
pub const MAX_BYTES: usize = 128 * 1024;

/// Elements whose content no reader sees.
const HIDDEN: [&str; 4] = ["script", "style", "noscript", "template"];

/// A tag that only HTML would hold: `Vec<T>` and `a < b` are plain text.
static HTML_TAG: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)<(?:!doctype|!--|/?(?:p|br|hr|li|ul|ol|dl|dt|dd|div|span|h[1-6]|strong|b|em|i|u|a|table|tbody|tr|td|th|script|style|section|article|body|html|img|font|blockquote|pre|code)(?:[\s/][^<>]{0,4096})?/?>)",
    )
    .expect("a constant pattern")
});

/// A character reference, as plain text cut out of a page may hold it.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"&(?:amp|lt|gt|quot|apos|nbsp|[a-zA-Z]{2,8}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});").expect("a constant pattern")
});

/// The text a reader would see: lines broken where the page breaks them, character references decoded, scripts left out.
///
/// Plain text passes through unharmed. At most 128 KB of the input are read.
#[must_use]
pub fn html_to_text(source: &str) -> String {
    without_escapes(text_of(head(source, MAX_BYTES)))
}

/// The same text without the backslashes of Markdown before marks (`C\+\+`, `scikit\-learn`), which some boards leave in.
fn without_escapes(text: String) -> String {
    const MARKS: [char; 14] = ['-', '+', '#', '.', '*', '_', '&', '(', ')', '[', ']', '!', '~', '|'];
    if !text.contains('\\') {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || chars.peek().is_none_or(|next| !MARKS.contains(next)) {
            out.push(c);
        }
    }
    out
}

fn text_of(source: &str) -> String {
    if HTML_TAG.is_match(source) {
        return tokenize(&without_attributes(source));
    }
    if REFERENCE.is_match(source) {
        return tidy_plain(&tokenize_verbatim(source));
    }
    tidy_plain(source)
}

/// The first `limit` bytes, or a little less so that no character is cut.
fn head(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// Line ends as `\n`, no blank at the end of a line, no other control characters.
fn tidy_plain(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> =
        unified.split('\n').map(|line| line.trim_end().chars().filter(|c| *c == '\t' || !c.is_control()).collect()).collect();
    lines.join("\n").trim().to_owned()
}

/// Plain text keeps its angle brackets while its references are decoded.
fn tokenize_verbatim(text: &str) -> String {
    let sink = Page::new(true);
    run(sink, &text.replace('<', "&lt;"))
}

fn tokenize(html: &str) -> String {
    let text = run(Page::new(false), html);
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn run(page: Page, html: &str) -> String {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(page, TokenizerOpts::default());
    // The result only asks for a script to be run, which this page never does.
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.text.into_inner()
}

/// The same page with every tag reduced to its name and hidden elements left out; linear.
fn without_attributes(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let slash = usize::from(rest[1..].starts_with('/'));
        let name_len = rest[1 + slash..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        if name_len == 0 || !rest.as_bytes()[1 + slash].is_ascii_alphabetic() {
            out.push('<');
            rest = &rest[1..];
            continue;
        }
        let name = rest[1 + slash..][..name_len].to_ascii_lowercase();
        rest = after_tag(rest);
        if slash == 0 && HIDDEN.contains(&name.as_str()) {
            rest = after_element(rest, &name);
            out.push(' ');
        } else {
            out.push_str(if slash == 1 { "</" } else { "<" });
            out.push_str(&name);
            out.push('>');
        }
    }
    out.push_str(rest);
    out
}

/// What follows the tag that `text` begins with; a `>` inside a quoted value does not end it. Nothing follows a tag that never ends.
fn after_tag(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut at = 1;
    while at < bytes.len() {
        match bytes[at] {
            b'>' => return &text[at + 1..],
            quote @ (b'"' | b'\'') if text[..at].trim_end_matches(' ').ends_with('=') => match text[at + 1..].find(char::from(quote)) {
                Some(end) => at += end + 2,
                None => return "",
            },
            _ => at += 1,
        }
    }
    ""
}

/// What follows the end of a hidden element; nothing where it never ends.
fn after_element<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(close) = text[from..].find("</").map(|found| from + found) {
        let tail = &text[close + 2..];
        if tail.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name)) {
            return after_tag(&text[close..]);
        }
        from = close + 2;
    }
    ""
}

/// Collects the text of a page while its tokens pass by.
struct Page {
    text: RefCell<String>,
    /// A blank was read and is written before the next word.
    blank: Cell<bool>,
    /// Blanks and line ends stay as they are.
    verbatim: bool,
}

impl Page {
    fn new(verbatim: bool) -> Self {
        Self { text: RefCell::default(), blank: Cell::new(false), verbatim }
    }

    /// Breaks the line unless `most` line ends stand there already.
    fn break_line(&self, most: usize) {
        let mut text = self.text.borrow_mut();
        let ends = text.bytes().rev().take_while(|byte| *byte == b'\n').count();
        if !text.is_empty() && ends < most {
            text.push('\n');
        }
        self.blank.set(false);
    }

    fn write(&self, words: &str) {
        let mut text = self.text.borrow_mut();
        if self.verbatim {
            text.push_str(words);
            return;
        }
        for c in words.chars() {
            if c.is_whitespace() || c.is_control() {
                self.blank.set(true);
                continue;
            }
            if self.blank.replace(false) && !text.is_empty() && !text.ends_with(['\n', ' ']) {
                text.push(' ');
            }
            text.push(c);
        }
    }

    fn tag(&self, name: &str, kind: TagKind) {
        match name {
            "br" => self.break_line(2),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table" | "section" | "article" | "blockquote" | "hr" => {
                self.break_line(1);
                self.break_line(2);
            }
            "li" => {
                self.break_line(1);
                if kind == TagKind::StartTag {
                    self.text.borrow_mut().push_str("- ");
                }
            }
            "div" | "tr" | "dt" | "dd" | "dl" | "pre" | "header" | "footer" | "main" | "body" | "title" | "option" => self.break_line(1),
            "td" | "th" | "img" => self.blank.set(true),
            _ => {}
        }
    }
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(words) => self.write(&words),
            Token::TagToken(tag) => self.tag(&tag.name, tag.kind),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use rustix::time::{ClockId, clock_gettime};

    use super::*;

    #[test]
    fn a_page_breaks_its_lines_where_a_reader_sees_them() {
        let html = "<p>We use <b>Rust</b>&nbsp;&amp; Go.</p><ul><li>Java</li><li>React</li></ul>one<br>two<br/><script>x < 1 && '</b>'</script>three";
        assert_eq!(html_to_text(html), "We use Rust & Go.\n\n- Java\n- React\n\none\ntwo\nthree");
    }

    #[test]
    fn plain_text_passes_through_unharmed() {
        for plain in ["a < b and b > c", "Vec<T> and Map<K, V>", "R&D; 5 > 3", "line one\nline two", "<no closing"] {
            assert_eq!(html_to_text(plain), plain);
        }
        assert_eq!(html_to_text("C&amp;A pays &pound;40,000 <T>"), "C&A pays £40,000 <T>");
    }

    #[test]
    fn attributes_comments_and_styles_leave_no_trace() {
        let html = "<div class=\"a>b\" data-x='1'>one<!-- no --><style>p{}</style></div><P STYLE=x>two</P>";
        assert_eq!(html_to_text(html), "one\n\ntwo");
    }

    #[test]
    fn hostile_pages_cost_little_time() {
        let hostile = [
            "<ul><li>".repeat(100_000),
            format!("<p {}>", (0..90_000).map(|n| format!("a{n}")).collect::<Vec<_>>().join(" ")),
            "<script>".repeat(40_000),
            "<a x=\"".repeat(50_000),
            "</".repeat(150_000),
            "&amp".repeat(100_000),
            "<!--".repeat(80_000) + "<p>",
            format!("<p>{}", "<br>".repeat(80_000)),
            format!("<a {}'>", "= ".repeat(120_000)),
            format!("<a {}>", "='".repeat(120_000)),
            format!("<a {}>", " \"".repeat(120_000)),
        ];
        for page in hostile {
            // What this thread has had of the processor: a busy machine fails no test.
            let seconds = || clock_gettime(ClockId::ThreadCPUTime).tv_sec;
            let start = seconds();
            let text = html_to_text(&page);
            assert!(text.len() <= MAX_BYTES * 3);
            assert!(seconds() - start < 5, "{} s for {}", seconds() - start, &page[..20]);
        }
    }

    #[test]
    fn escapes_of_markdown_are_taken_out() {
        assert_eq!(html_to_text(r"C\+\+, C\# and scikit\-learn"), "C++, C# and scikit-learn");
        assert_eq!(html_to_text(r"<p>5\-8 years</p>"), "5-8 years");
        assert_eq!(html_to_text(r"C:\Users and \n"), r"C:\Users and \n");
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        let long = "ü".repeat(MAX_BYTES);
        assert_eq!(html_to_text(&long).len(), MAX_BYTES);
    }
}
