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

/// The texts of a page that no element with `dir="auto"` keeps to themselves.
#[derive(Default)]
struct Loose {
    /// Each open element, and whether its direction follows from what is in it.
    open: RefCell<Vec<(String, bool)>>,
    texts: RefCell<Vec<String>>,
}

impl TokenSink for Loose {
    type Handle = ();
    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut open = self.open.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => while open.pop().is_some_and(|(name, _)| name != *tag.name) {},
            Token::TagToken(tag) if &*tag.name != "meta" => {
                let auto = tag.attrs.iter().any(|attribute| &*attribute.name.local == "dir" && &*attribute.value == "auto");
                open.push((tag.name.to_string(), auto));
            }
            Token::CharacterTokens(text) if !open.iter().any(|(_, auto)| *auto) => self.texts.borrow_mut().push(text.to_string()),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// The texts of its body that stand in the direction of the page, whatever is in them.
pub(super) fn loose_texts(html: &str) -> Vec<String> {
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(html.split_once("<body").expect("a page has a body").1));
    let tokenizer = Tokenizer::new(Loose::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.texts.take()
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
