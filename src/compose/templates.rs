//! The templates: those that are part of the program, an operator's own in their place, and the engine that fills them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Output, State, UndefinedBehavior, Value, escape_formatter};

use crate::compose::letter::ComposeError;
use crate::compose::subject::MAX_SUBJECT;
use crate::domain::language::Language;
use crate::domain::line::one_line;
use crate::domain::message::Message;
use crate::domain::nearest::nearest;
use crate::domain::texts::teach;

/// Templates by their names.
macro_rules! templates {
    ($($name:literal)+) => {
        &[$(($name, include_str!(concat!("templates/", $name)))),+]
    };
}

/// Name and text of every template: what `rolecall template export` writes, and what a folder of one's own may replace.
pub const TEMPLATES: &[(&str, &str)] = templates!(
    "shared/layout.html" "shared/layout.txt"
    "shared/alert.html" "shared/alert.txt"
    "shared/card.html" "shared/card.txt"
    "confirmation/subject.txt" "confirmation/body.txt" "confirmation/body.html"
    "link/subject.txt" "link/body.txt" "link/body.html"
    "goodbye/subject.txt" "goodbye/body.txt" "goodbye/body.html"
    "renewal/subject.txt" "renewal/body.txt" "renewal/body.html"
    "silence/subject.txt" "silence/body.txt" "silence/body.html"
    "webhook/subject.txt" "webhook/body.txt" "webhook/body.html"
    "operator/subject.txt" "operator/body.txt" "operator/body.html"
    "welcome/subject.txt" "welcome/body.txt" "welcome/body.html"
    "instant/subject.txt" "instant/body.txt" "instant/body.html"
    "digest/subject.txt" "digest/body.txt" "digest/body.html"
);

/// Largest template that is read, in bytes.
const MAX_BYTES: u64 = 256 * 1024;

/// A letter as the templates gave it.
pub(in crate::compose) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// What is wrong with a template, as the engine says it.
#[derive(Debug)]
pub(in crate::compose) struct Fault {
    /// The template that was asked for; the engine may know better.
    template: String,
    error: minijinja::Error,
}

/// The templates in use.
pub(in crate::compose) struct TemplateSet {
    folder: Option<PathBuf>,
    texts: Vec<(&'static str, Cow<'static, str>)>,
    own: Vec<&'static str>,
}

impl TemplateSet {
    /// Those that are part of the program.
    pub(in crate::compose) fn built_in() -> Self {
        let texts = TEMPLATES.iter().map(|(name, text)| (*name, Cow::Borrowed(*text))).collect();
        Self { folder: None, texts, own: Vec::new() }
    }

    /// The same, with those of a folder in their place.
    pub(in crate::compose) fn from_folder(folder: &Path) -> Result<Self, ComposeError> {
        let mut set = Self { folder: Some(folder.to_owned()), ..Self::built_in() };
        for file in files_of(folder)? {
            let name = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let known = set.texts.iter_mut().find(|(known, _)| *known == name);
            let Some((known, text)) = known else { return Err(unknown(&file, &name)) };
            *text = Cow::Owned(read(&file)?);
            set.own.push(known);
        }
        Ok(set)
    }

    /// The engine with every template compiled: a name that is missing in a template's context is an error, and `.html` is escaped.
    ///
    /// The escape rule is set before the templates, because minijinja applies it when it compiles them.
    pub(in crate::compose) fn engine(&self, language: Language) -> Result<Environment<'static>, ComposeError> {
        let mut engine = Environment::new();
        engine.set_undefined_behavior(UndefinedBehavior::Strict);
        teach(&mut engine, language);
        engine.set_formatter(write_value);
        engine.set_auto_escape_callback(|name| match name.rsplit('.').next() {
            Some("txt") => AutoEscape::None,
            _ => AutoEscape::Html,
        });
        let fault = |name: &str, error| self.fault(&Fault { template: name.to_owned(), error });
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        engine.set_syntax(syntax.map_err(|error| fault("shared/layout.html", error))?);
        for (name, text) in &self.texts {
            engine.add_template_owned(*name, text.clone()).map_err(|error| fault(name, error))?;
        }
        Ok(engine)
    }

    /// Where a template stands, in words.
    fn place(&self, template: &str) -> String {
        match &self.folder {
            Some(folder) if self.own.contains(&template) => folder.join(template).display().to_string(),
            Some(_) | None => format!("the built-in template {template}"),
        }
    }

    /// The fault with file, line and mend.
    pub(in crate::compose) fn fault(&self, fault: &Fault) -> ComposeError {
        let template = fault.error.name().unwrap_or(&fault.template).to_owned();
        let line = fault.error.line().map_or_else(String::new, |line| format!(":{line}"));
        // What the engine says of a file that another one extends stands in its causes.
        let mut cause = &fault.error as &dyn std::error::Error;
        let mut says = fault.error.kind().to_string();
        if let Some(detail) = fault.error.detail() {
            says = format!("{says}: {detail}");
        }
        while let Some(inner) = cause.source() {
            says = format!("{says}: {inner}");
            cause = inner;
        }
        let mend = match fault.error.kind() {
            minijinja::ErrorKind::UndefinedError => "use a name that the built-in template uses (`rolecall template export` writes it)",
            minijinja::ErrorKind::SyntaxError => "mend the tag there",
            minijinja::ErrorKind::TemplateNotFound => "extend or include a template that is there",
            _ => "mend it, or remove the file to get the built-in one",
        };
        ComposeError::Template { place: format!("{}{line}", self.place(&template)), fault: says, mend: mend.to_owned() }
    }

    /// Holds a rehearsed letter against what every letter must be.
    pub(in crate::compose) fn check(&self, mail: &str, message: &Message, must_have: &[(&str, String)]) -> Result<(), ComposeError> {
        let fault = |part: &str, fault: &str, mend: String| {
            Err(ComposeError::Template { place: self.place(&format!("{mail}/{part}")), fault: fault.to_owned(), mend })
        };
        if message.subject.is_empty() {
            return fault("subject.txt", "the subject is empty", "write one line".to_owned());
        }
        if message.html.contains("<script>") {
            let mend = "take away `safe` and `autoescape false`: what boards and people write is never markup".to_owned();
            return fault("body.html", "markup of a listing comes through as markup", mend);
        }
        for (name, link) in must_have {
            for (part, text, link) in [("body.txt", &message.text, link.clone()), ("body.html", &message.html, escaped(link))] {
                if !text.contains(link.as_str()) {
                    return fault(part, &format!("{name} is missing"), format!("put {{{{ {name} }}}} where readers find it"));
                }
            }
        }
        Ok(())
    }
}

/// As the engine does it, but leaves slashes alone, which harm nobody: written as `&#x2f;` they would be a tenth of a letter.
fn write_value(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), minijinja::Error> {
    match value.as_str() {
        Some(text) if *state.auto_escape() == AutoEscape::Html && !value.is_safe() => Ok(out.write_str(&escaped(text))?),
        _ => escape_formatter(out, state, value),
    }
}

/// A text as it stands in HTML, between tags and in quoted attributes.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

/// Renders the three parts of a mail; the bodies know the subject.
pub(in crate::compose) fn render(engine: &Environment<'static>, mail: &str, context: &Value) -> Result<Rendered, Fault> {
    let part = |name: &str, context: &Value| render_one(engine, &format!("{mail}/{name}"), context);
    let subject = one_line(&part("subject.txt", context)?, MAX_SUBJECT);
    let with_subject = minijinja::context! { subject => subject.as_str(), ..context.clone() };
    Ok(Rendered { text: part("body.txt", &with_subject)?, html: part("body.html", &with_subject)?, subject })
}

/// Renders one template.
pub(in crate::compose) fn render_one(engine: &Environment<'static>, template: &str, context: &Value) -> Result<String, Fault> {
    let rendered = engine.get_template(template).and_then(|found| found.render(context.clone()));
    rendered.map_err(|error| Fault { template: template.to_owned(), error })
}

/// The files of a folder and of the folders in it; what editors and systems leave behind (`.name`, `name~`) is passed over.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, ComposeError> {
    let fault = |path: &Path, fault: &std::io::Error| ComposeError::Template {
        place: path.display().to_string(),
        fault: fault.to_string(),
        mend: "give a readable folder as mail.templates (`rolecall template export DIR` makes one)".to_owned(),
    };
    let entries = |path: &Path| -> Result<Vec<PathBuf>, ComposeError> {
        let read = std::fs::read_dir(path).map_err(|error| fault(path, &error))?;
        read.map(|entry| entry.map(|entry| entry.path()).map_err(|error| fault(path, &error))).collect()
    };
    let left_behind = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with('.') || name.ends_with('~')
    };
    let mut files = Vec::new();
    for path in entries(folder)?.into_iter().filter(|path| !left_behind(path)) {
        if path.is_dir() {
            files.extend(entries(&path)?.into_iter().filter(|path| !left_behind(path)));
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn unknown(file: &Path, name: &str) -> ComposeError {
    let near = nearest(name, TEMPLATES.iter().map(|(known, _)| *known));
    let mend = near.map_or_else(|| "remove it".to_owned(), |near| format!("did you mean {near}?"));
    ComposeError::Template { place: file.display().to_string(), fault: "there is no template of this name".to_owned(), mend }
}

fn read(file: &Path) -> Result<String, ComposeError> {
    let fault = |fault: String| ComposeError::Template {
        place: file.display().to_string(),
        fault,
        mend: format!("give readable UTF-8 text of at most {} kilobytes", MAX_BYTES / 1024),
    };
    match std::fs::metadata(file) {
        Ok(found) if found.len() > MAX_BYTES => Err(fault(format!("it has {} bytes", found.len()))),
        Ok(_) => std::fs::read_to_string(file).map_err(|error| fault(error.to_string())),
        Err(error) => Err(fault(error.to_string())),
    }
}
