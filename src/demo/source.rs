//! A `[[source]]` table of the caller's configuration.

use crate::demo::catalogue::BoardKind;

/// A board that the caller's service shall fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSource {
    /// The source's name.
    pub name: String,
    /// Kind as the configuration names it.
    pub kind: &'static str,
    /// The option the kind needs, with its value.
    pub option: Option<(&'static str, String)>,
    /// Scheme and host that stand for the platform's own.
    pub base_url: Option<String>,
    /// The employer, where the answers do not name it.
    pub company: Option<String>,
}

impl DemoSource {
    /// A board of a platform that names its boards.
    pub fn board(kind: BoardKind, name: String, board: &str, root: &str) -> Self {
        Self { name, kind: kind.name(), option: Some(("board", String::from(board))), base_url: Some(String::from(root)), company: None }
    }

    /// A platform that has one list.
    pub fn list(kind: BoardKind, name: String, root: String) -> Self {
        Self { name, kind: kind.name(), option: None, base_url: Some(root), company: None }
    }

    /// A feed.
    pub fn feed(kind: BoardKind, name: String, url: String) -> Self {
        Self { name, kind: kind.name(), option: Some(("url", url)), base_url: None, company: None }
    }

    /// The same source, with its employer stated.
    pub fn of_company(self, company: &str) -> Self {
        Self { company: Some(String::from(company)), ..self }
    }

    /// A file.
    pub fn file(name: String, path: String) -> Self {
        Self { name, kind: BoardKind::File.name(), option: Some(("path", path)), base_url: None, company: None }
    }

    /// The table, as TOML.
    pub fn toml(&self, schedule: &str) -> String {
        let mut lines = vec![String::from("[[source]]"), pair("name", &self.name), pair("kind", self.kind)];
        lines.extend(self.option.iter().map(|(key, value)| pair(key, value)));
        lines.extend(self.base_url.iter().map(|url| pair("base_url", url)));
        lines.extend(self.company.iter().map(|company| pair("company", company)));
        lines.push(pair("schedule", schedule));
        lines.join("\n") + "\n"
    }
}

fn pair(key: &str, value: &str) -> String {
    format!("{key} = {}", toml::Value::String(String::from(value)))
}

#[cfg(test)]
mod tests {
    use super::{BoardKind, DemoSource};

    #[test]
    fn a_path_with_quotes_and_backslashes_survives_the_configuration() {
        let path = String::from("C:\\jobs \"new\"\\a.ndjson");
        let table = DemoSource::file(String::from("demo-file"), path.clone()).toml("*/5 * * * * *");
        let read: toml::Table = toml::from_str(&table).unwrap();
        assert_eq!(read["source"][0]["path"].as_str(), Some(path.as_str()));
        assert_eq!(read["source"][0]["kind"].as_str(), Some(BoardKind::File.name()));
    }
}
