//! Keyword queries: `(kafka OR "distributed systems") -wordpress title:backend` (contract part 6).

use serde::{Serialize, Serializer};

use crate::domain::line::quoted;

/// A parsed keyword query together with its own spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    source: String,
    root: Node,
}

/// The tree of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every part holds.
    And(Vec<Node>),
    /// One part holds.
    Or(Vec<Node>),
    /// The part does not hold.
    Not(Box<Node>),
    /// These folded words stand side by side in one field.
    Term {
        /// Where to look; `None` looks in title, company and description, each by itself.
        field: Option<Field>,
        /// One word, or the words of a phrase in order; never empty.
        words: Vec<String>,
    },
}

/// A field a term can be bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// `title:`
    Title,
    /// `company:`
    Company,
    /// `skill:`; each canonical skill name of the listing is a text of its own.
    Skill,
}

impl Field {
    /// The field's name as it is written before the colon.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Company => "company",
            Self::Skill => "skill",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::Title, Self::Company, Self::Skill].into_iter().find(|field| field.as_str() == name)
    }
}

impl Query {
    /// Longest query, in characters.
    pub const MAX_CHARS: usize = 2_000;
    /// Deepest nesting of parentheses and NOTs.
    pub const MAX_DEPTH: usize = 32;

    /// Parses a query. `AND`, `OR` and `NOT` are operators in capitals only; a minus before a term is NOT; two terms side by side
    /// mean AND; NOT binds tighter than AND, AND tighter than OR. A word with signs inside, such as `node.js`, is the phrase of its words.
    ///
    /// # Errors
    /// The position of the fault, counted in characters from 1, and the mend.
    pub fn parse(source: &str) -> Result<Self, QueryError> {
        let length = source.chars().count();
        if length > Self::MAX_CHARS {
            return Err(QueryError {
                position: Self::MAX_CHARS + 1,
                message: format!("the query is longer than {} characters", Self::MAX_CHARS),
            });
        }
        let tokens = lex(source)?;
        let mut parser = Parser { tokens: &tokens, at: 0, end: length + 1 };
        let root = parser.either(0)?;
        match parser.peek() {
            None => Ok(Self { source: source.trim().to_owned(), root }),
            Some(token) => Err(QueryError { position: token.position, message: "this parenthesis closes nothing: take it out".into() }),
        }
    }

    /// The tree.
    #[must_use]
    pub const fn root(&self) -> &Node {
        &self.root
    }

    /// The query as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.source
    }
}

impl std::fmt::Display for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.source)
    }
}

impl Serialize for Query {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.source)
    }
}

/// A query that cannot be parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("keywords, character {position}: {message}")]
pub struct QueryError {
    /// Counted in characters from 1; one past the end when something is missing there.
    pub position: usize,
    /// The fault and the mend.
    pub message: String,
}

struct Token {
    position: usize,
    kind: TokenKind,
}

enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Field(Field),
    Words(Vec<String>),
}

fn lex(source: &str) -> Result<Vec<Token>, QueryError> {
    let chars: Vec<char> = source.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let position = at + 1;
        let kind = match chars[at] {
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            '-' if chars.get(at + 1).is_some_and(|next| !next.is_whitespace()) => TokenKind::Not,
            '"' | '“' | '”' => {
                let end = (at + 1..chars.len()).find(|i| matches!(chars[*i], '"' | '“' | '”'));
                let Some(end) = end else {
                    return Err(QueryError { position, message: "this quotation mark is not closed".into() });
                };
                let phrase: String = chars[at + 1..end].iter().collect();
                tokens.push(Token { position, kind: words_token(&phrase, position)? });
                at = end + 1;
                continue;
            }
            _ => {
                let stop = |c: &char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '“' | '”' | ':');
                let end = chars[at..].iter().position(stop).map_or(chars.len(), |n| at + n);
                let word: String = chars[at..end].iter().collect();
                if chars.get(end) == Some(&':') {
                    let Some(field) = Field::named(&word.to_lowercase()) else {
                        return Err(QueryError {
                            position,
                            message: format!(
                                "unknown field {}: give title, company or skill, or put the colon into quotation marks",
                                quoted(&word)
                            ),
                        });
                    };
                    tokens.push(Token { position, kind: TokenKind::Field(field) });
                    at = end + 1;
                    continue;
                }
                at = end;
                let kind = match word.as_str() {
                    "AND" => TokenKind::And,
                    "OR" => TokenKind::Or,
                    "NOT" => TokenKind::Not,
                    _ => words_token(&word, position)?,
                };
                tokens.push(Token { position, kind });
                continue;
            }
        };
        tokens.push(Token { position, kind });
        at += 1;
    }
    Ok(tokens)
}

fn words_token(text: &str, position: usize) -> Result<TokenKind, QueryError> {
    let words = crate::domain::text::words(text);
    if words.is_empty() {
        return Err(QueryError { position, message: "there is no letter or digit here to look for".into() });
    }
    Ok(TokenKind::Words(words))
}

struct Parser<'a> {
    tokens: &'a [Token],
    at: usize,
    end: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn position(&self) -> usize {
        self.peek().map_or(self.end, |token| token.position)
    }

    fn fault<T>(&self, message: &str) -> Result<T, QueryError> {
        Err(QueryError { position: self.position(), message: message.to_owned() })
    }

    fn either(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while matches!(self.peek().map(|token| &token.kind), Some(TokenKind::Or)) {
            self.at += 1;
            parts.push(self.all(depth)?);
        }
        Ok(one_or(parts, Node::Or))
    }

    fn all(&mut self, depth: usize) -> Result<Node, QueryError> {
        let mut parts = vec![self.factor(depth)?];
        loop {
            match self.peek().map(|token| &token.kind) {
                None | Some(TokenKind::Close | TokenKind::Or) => return Ok(one_or(parts, Node::And)),
                Some(TokenKind::And) => self.at += 1,
                Some(_) => {}
            }
            parts.push(self.factor(depth)?);
        }
    }

    fn factor(&mut self, depth: usize) -> Result<Node, QueryError> {
        if depth > Query::MAX_DEPTH {
            return self.fault("the query is nested too deep");
        }
        match self.peek().map(|token| &token.kind) {
            Some(TokenKind::Not) => {
                self.at += 1;
                Ok(Node::Not(Box::new(self.factor(depth + 1)?)))
            }
            Some(TokenKind::Open) => {
                self.at += 1;
                let inner = self.either(depth + 1)?;
                if !matches!(self.peek().map(|token| &token.kind), Some(TokenKind::Close)) {
                    return self.fault("a closing parenthesis is missing here");
                }
                self.at += 1;
                Ok(inner)
            }
            Some(&TokenKind::Field(field)) => {
                self.at += 1;
                match self.factor(depth + 1)? {
                    Node::Term { field: None, words } => Ok(Node::Term { field: Some(field), words }),
                    node => bind(node, field).or_else(|message| self.fault(message)),
                }
            }
            Some(TokenKind::Words(words)) => {
                let words = words.clone();
                self.at += 1;
                Ok(Node::Term { field: None, words })
            }
            Some(TokenKind::And | TokenKind::Or) => {
                self.fault("a word is missing before this operator; write it in small letters to look for the word itself")
            }
            Some(TokenKind::Close) => self.fault("a word is missing before this parenthesis"),
            None => self.fault("a word is missing here"),
        }
    }
}

/// Binds every term of a group to a field: `title:(java OR kotlin)`.
fn bind(node: Node, field: Field) -> Result<Node, &'static str> {
    let each = |parts: Vec<Node>| parts.into_iter().map(|part| bind(part, field)).collect::<Result<Vec<_>, _>>();
    Ok(match node {
        Node::And(parts) => Node::And(each(parts)?),
        Node::Or(parts) => Node::Or(each(parts)?),
        Node::Not(part) => Node::Not(Box::new(bind(*part, field)?)),
        Node::Term { field: None, words } => Node::Term { field: Some(field), words },
        Node::Term { field: Some(_), .. } => return Err("a field stands inside another field: take one of them out"),
    })
}

fn one_or(mut parts: Vec<Node>, join: fn(Vec<Node>) -> Node) -> Node {
    if parts.len() == 1 { parts.swap_remove(0) } else { join(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a tree in full, so that a test can read it.
    fn shape(node: &Node) -> String {
        let all = |parts: &[Node]| parts.iter().map(shape).collect::<Vec<_>>().join(" ");
        match node {
            Node::And(parts) => format!("(and {})", all(parts)),
            Node::Or(parts) => format!("(or {})", all(parts)),
            Node::Not(part) => format!("(not {})", shape(part)),
            Node::Term { field, words } => format!("{}{}", field.map(|f| format!("{}:", f.as_str())).unwrap_or_default(), words.join("+")),
        }
    }

    #[test]
    fn queries_parse_into_the_tree_they_mean() {
        for (query, tree) in [
            (
                "(kafka OR \"distributed systems\") -wordpress title:backend",
                "(and (or kafka distributed+systems) (not wordpress) title:backend)",
            ),
            ("a b OR c", "(or (and a b) c)"),
            ("a AND NOT b", "(and a (not b))"),
            ("NOT a b", "(and (not a) b)"),
            ("-(a OR b)", "(not (or a b))"),
            ("node.js", "node+js"),
            ("e-mail - x", "ERR"),
            ("and or", "(and and or)"),
            ("Title:\"Solutions Architect\"", "title:solutions+architect"),
            ("title:(java OR kotlin) -title:lead", "(and (or title:java title:kotlin) (not title:lead))"),
            ("skill:c++", "skill:c"),
            ("STRASSE Straße", "(and strasse strasse)"),
        ] {
            let got = Query::parse(query).map_or_else(|_| "ERR".to_owned(), |parsed| shape(parsed.root()));
            assert_eq!(got, tree, "{query}");
        }
    }

    #[test]
    fn a_query_that_cannot_be_parsed_names_the_place() {
        for (query, position) in [
            ("(a OR b", 8),
            ("a)", 2),
            ("a OR", 5),
            ("OR a", 1),
            ("\"a", 1),
            ("a AND AND b", 7),
            ("()", 2),
            ("city:pune", 1),
            ("", 1),
            ("++", 1),
            ("title:", 7),
            ("title:company:a", 16),
            ("NOT", 4),
        ] {
            let error = Query::parse(query).unwrap_err();
            assert_eq!(error.position, position, "{query}: {error}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        assert!(Query::parse(&"(".repeat(1_500)).is_err());
        assert!(Query::parse(&"-".repeat(1_500)).is_err());
        assert!(Query::parse(&"a ".repeat(1_500)).is_err());
        assert!(Query::parse(&format!("{}a{}", "(".repeat(20), ")".repeat(20))).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,80}") {
            let _ = Query::parse(&text);
        }
    }
}
