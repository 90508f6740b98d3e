//! A mail's HTML as a real parser reads it.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

/// Every start tag of a page with its attributes, read by a real parser.
#[derive(Default)]
struct Tags(RefCell<Vec<Tag>>);

impl TokenSink for Tags {
    type Handle = ();
    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if let Token::TagToken(tag) = token
            && tag.kind == TagKind::StartTag
        {
            self.0.borrow_mut().push(tag);
        }
        TokenSinkResult::Continue
    }
}

/// Its start tags.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html));
    let tokenizer = Tokenizer::new(Tags::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.take()
}

/// Its addresses.
pub(super) fn urls(html: &str) -> Vec<String> {
    let attributes = tags(html).into_iter().flat_map(|tag| tag.attrs);
    attributes.filter(|attribute| matches!(&*attribute.name.local, "href" | "src")).map(|attribute| attribute.value.to_string()).collect()
}

/// The shape of a page: the names of its start tags and of their attributes.
pub(super) fn shape(html: &str) -> Vec<(String, Vec<String>)> {
    let names = |tag: Tag| (tag.name.to_string(), tag.attrs.iter().map(|attribute| attribute.name.local.to_string()).collect());
    tags(html).into_iter().map(names).collect()
}
