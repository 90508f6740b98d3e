//! One entry of a feed in XML: its fields by their paths.

use crate::sources::shape::text::filled;

/// One entry of a feed.
#[derive(Debug, Default)]
pub struct Entry<'a> {
    /// Its fields, those of nested elements too, in the order in which they end.
    pub fields: Vec<Field<'a>>,
    /// Why it cannot be trusted, where its XML is broken.
    pub fault: Option<String>,
}

/// One field of an entry.
#[derive(Debug)]
pub struct Field<'a> {
    /// Its name, after those of the elements around it: `outer/inner`; an attribute is `@name`.
    pub path: String,
    /// Its text, escapes undone; what stands in elements within it is not part of that.
    pub text: String,
    /// What it holds as written, where it has elements.
    pub inner: Option<&'a str>,
}

impl Entry<'_> {
    /// The text of the first of these fields that has one, trimmed. A field within another is `outer/inner`, an attribute `@name`.
    pub fn text(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.all(path).next()).map(str::to_owned)
    }

    /// The texts of all fields of this path in order, trimmed; empty ones are left out.
    pub fn all(&self, path: &str) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(move |field| field.path == path);
        fields.map(|field| field.text.trim()).filter(|text| !text.is_empty())
    }

    /// The elements of this path in order, each as the HTML of its fields `inner`.
    pub fn rows<const N: usize>(&self, path: &str, inner: [&str; N]) -> Vec<[Option<String>; N]> {
        let (mut rows, mut row) = (Vec::new(), [const { None }; N]);
        for field in &self.fields {
            let name = field.path.strip_prefix(path).map(|rest| rest.trim_start_matches('/'));
            if name == Some("") {
                rows.push(std::mem::replace(&mut row, [const { None }; N]));
            } else if let Some(at) = inner.iter().position(|inner| name == Some(*inner)) {
                row[at] = row[at].take().or_else(|| field.html());
            }
        }
        rows
    }

    /// The first of these fields as HTML: as written, where its tags were not escaped.
    pub fn html(&self, paths: &[&str]) -> Option<String> {
        let mut fields = paths.iter().flat_map(|path| self.fields.iter().filter(move |field| field.path == *path));
        fields.find_map(Field::html)
    }
}

impl Field<'_> {
    fn html(&self) -> Option<String> {
        filled(Some(self.inner.unwrap_or(&self.text).to_owned()))
    }
}
