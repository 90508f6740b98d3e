//! What templates say: `{{ t("home-heading") }}`, `{{ t("fits-fit", count=3, all=120) }}`, and `lang` for the page's own attribute.

use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, Value};

use crate::domain::language::Language;
use crate::domain::texts::catalogue::{Text, find};

/// Lets the templates of an engine speak a language.
///
/// In a page the values of a text are escaped as everywhere, its own words are not, and its lines are joined; in plain text it stands as it is.
pub fn teach(engine: &mut Environment<'static>, language: Language) {
    engine.add_global("lang", language.as_str());
    engine.add_function("t", move |state: &mut State<'_, '_>, key: &str, given: Kwargs| said(state, language, key, &given));
    engine.add_filter("underlined", |heading: &str| format!("{heading}\n{}", "=".repeat(heading.chars().count())));
}

fn said(state: &mut State<'_, '_>, language: Language, key: &str, given: &Kwargs) -> Result<Value, Error> {
    let mut values = Vec::new();
    for name in given.args().collect::<Vec<_>>() {
        let value: Value = given.get(name)?;
        let text = match i64::try_from(value.clone()) {
            Ok(count) if value.is_number() => Text::Number(count),
            _ => Text::Words(state.format(value)?),
        };
        values.push((name, text));
    }
    let said = find(language, key, &values).ok_or_else(|| Error::new(ErrorKind::UndefinedError, format!("there is no text {key}")))?;
    Ok(match state.auto_escape() {
        AutoEscape::None => Value::from(said),
        _ => Value::from_safe_string(said.replace('\n', " ")),
    })
}
