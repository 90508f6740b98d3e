//! Text that a platform escaped as HTML once too often: `R&amp;D`, `&lt;p&gt;`.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{RawData, RawKind};
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Decodes character references once, with the whole table of HTML; everything else, tags too, stays as it is.
///
/// Runs in one pass whatever the input: the tokenizer is in its RCDATA state, where `<` is a letter like any other.
pub fn decode(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let options = TokenizerOpts { initial_state: Some(RawData(RawKind::Rcdata)), ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Letters::default(), options);
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

#[derive(Default)]
struct Letters(RefCell<String>);

impl TokenSink for Letters {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::CharacterTokens(run) = token {
            self.0.borrow_mut().push_str(&run);
        }
        TokenSinkResult::Continue
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_once_and_tags_stay() {
        assert_eq!(decode("&lt;p&gt;R&amp;amp;D &#8211; caf&eacute;&lt;/p&gt;"), "<p>R&amp;D – café</p>");
        assert_eq!(decode("<b>a</b> &amp; b </title> c"), "<b>a</b> & b </title> c");
        assert_eq!(decode("AT&T &copy &nosuch; 100 &"), "AT&T © &nosuch; 100 &");
        assert_eq!(decode("plain"), "plain");
    }

    #[test]
    fn a_megabyte_of_references_takes_no_time_to_speak_of() {
        let text = "&lt;div&gt;".repeat(100_000);
        assert_eq!(decode(&text).len(), 500_000);
    }
}
