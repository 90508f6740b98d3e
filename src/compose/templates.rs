//! The templates, which are part of the program, and the engine that fills them.

use minijinja::syntax::SyntaxConfig;
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};

/// A template by its name.
macro_rules! template {
    ($name:literal) => {
        ($name, include_str!(concat!("templates/", $name)))
    };
}

const TEMPLATES: &[(&str, &str)] = &[
    template!("shared/layout.html"),
    template!("shared/layout.txt"),
    template!("shared/alert.html"),
    template!("shared/alert.txt"),
    template!("confirmation/subject.txt"),
    template!("confirmation/body.txt"),
    template!("confirmation/body.html"),
    template!("link/subject.txt"),
    template!("link/body.txt"),
    template!("link/body.html"),
    template!("operator/subject.txt"),
    template!("operator/body.txt"),
    template!("operator/body.html"),
    template!("welcome/subject.txt"),
    template!("welcome/body.txt"),
    template!("welcome/body.html"),
    template!("instant/subject.txt"),
    template!("instant/body.txt"),
    template!("instant/body.html"),
    template!("digest/subject.txt"),
    template!("digest/body.txt"),
    template!("digest/body.html"),
];

/// A letter as the templates gave it.
pub(in crate::compose) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The engine with every template compiled: a name that is missing in a template's context is an error, and `.html` is escaped.
///
/// The escape rule is set before the templates, because minijinja applies it when it compiles them.
pub(in crate::compose) fn engine() -> Result<Environment<'static>, Error> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_auto_escape_callback(|name| match name.rsplit('.').next() {
        Some("txt") => AutoEscape::None,
        _ => AutoEscape::Html,
    });
    engine.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    for (name, source) in TEMPLATES {
        engine.add_template(name, source)?;
    }
    Ok(engine)
}

/// Renders the three parts of a mail; the bodies know the subject.
pub(in crate::compose) fn render(engine: &Environment<'static>, mail: &str, context: &Value) -> Result<Rendered, Error> {
    let part = |name: &str, context: &Value| engine.get_template(&format!("{mail}/{name}"))?.render(context.clone());
    let subject = part("subject.txt", context)?.trim().to_owned();
    let with_subject = minijinja::context! { subject => subject.as_str(), ..context.clone() };
    Ok(Rendered { text: part("body.txt", &with_subject)?, html: part("body.html", &with_subject)?, subject })
}
