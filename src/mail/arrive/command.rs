//! The commands of LMTP (RFC 2033; their syntax is that of RFC 5321 4.1).

/// A command that reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mail::arrive) enum Command {
    /// The greeting of LMTP.
    Lhlo,
    /// A greeting of SMTP.
    Hello,
    /// From whom a mail is, and how long it says to be.
    Mail {
        from: String,
        size: usize,
    },
    /// To whom it goes.
    Rcpt {
        to: String,
    },
    Data,
    Rset,
    Noop,
    Vrfy,
    Quit,
}

impl Command {
    /// Reads a line without its end.
    ///
    /// # Errors
    /// The reply to what is no command, or one that does not read.
    pub(in crate::mail::arrive) fn read(line: &str) -> Result<Self, &'static str> {
        const UNCLEAR: &str = "501 5.5.4 the command does not read";
        let (word, rest) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        let after = |name: &str| {
            let start = rest.get(..name.len()).filter(|start| start.eq_ignore_ascii_case(name));
            start.and_then(|start| path(rest[start.len()..].trim_start())).ok_or(UNCLEAR)
        };
        Ok(match word.to_ascii_uppercase().as_str() {
            "LHLO" if !rest.trim().is_empty() => Self::Lhlo,
            "EHLO" | "HELO" => Self::Hello,
            "MAIL" => {
                let (from, parameters) = after("FROM:")?;
                Self::Mail { from, size: size(parameters).ok_or(UNCLEAR)? }
            }
            "RCPT" => match after("TO:")? {
                (to, _) if !to.is_empty() => Self::Rcpt { to },
                _ => return Err(UNCLEAR),
            },
            "DATA" if rest.is_empty() => Self::Data,
            "RSET" => Self::Rset,
            "NOOP" => Self::Noop,
            "VRFY" => Self::Vrfy,
            "QUIT" => Self::Quit,
            "LHLO" | "DATA" => return Err(UNCLEAR),
            _ => return Err("500 5.5.2 no command of LMTP"),
        })
    }
}

/// The address between angle brackets, and what follows. A quoted local part may hold a bracket.
fn path(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('<')?;
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in inner.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '>' if !quoted => {
                let rest = &inner[at + 1..];
                let ends = rest.is_empty() || rest.starts_with(' ');
                return ends.then(|| (inner[..at].to_owned(), rest));
            }
            c if c.is_control() => return None,
            _ => {}
        }
    }
    None
}

/// How long a mail says to be (RFC 1870), 0 where it does not; of other parameters nothing follows here.
fn size(parameters: &str) -> Option<usize> {
    let named = |word: &str| word.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("SIZE="));
    parameters.split_ascii_whitespace().find(|word| named(word)).map_or(Some(0), |word| word[5..].parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_in_any_case_with_their_parameters() {
        let from = |from: &str, size| Command::Mail { from: from.into(), size };
        let to = |to: &str| Command::Rcpt { to: to.into() };
        for (line, command) in [
            ("lhlo mx.example.org", Command::Lhlo),
            ("EHLO x", Command::Hello),
            ("MAIL FROM:<>", from("", 0)),
            ("mail from: <a@x.org> body=8BITMIME size=1200 SMTPUTF8", from("a@x.org", 1_200)),
            ("RCPT TO:<bounces+abc@x.org> NOTIFY=NEVER", to("bounces+abc@x.org")),
            ("RCPT TO:<\"a>b\\\"c\"@x.org>", to("\"a>b\\\"c\"@x.org")),
            ("RCPT TO:<आशा@x.org>", to("आशा@x.org")),
            ("data", Command::Data),
            ("QUIT ", Command::Quit),
            ("NOOP whatever", Command::Noop),
        ] {
            assert_eq!(Command::read(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn what_does_not_read_is_told_from_what_is_unknown() {
        for line in [
            "LHLO",
            "MAIL",
            "MAIL FROM:",
            "MAIL FROM:a@x.org",
            "MAIL TO:<a@x.org>",
            "MAIL FROM:<a@x.org",
            "MAIL FROM:<a>x",
            "DATA now",
            "MAIL FROM:<> SIZE=many",
            "RCPT TO:<>",
            "RCPT TO:<\"a>",
            "RCPT TO:<a\u{7}@x.org>",
            "MAIL FROM:<> SIZE=-1",
        ] {
            assert!(Command::read(line).unwrap_err().starts_with("501 "), "{line}");
        }
        for line in ["", " ", "WHAT", "STARTTLS", "BDAT 3 LAST", "रस्ट", "MAILFROM:<>"] {
            assert!(Command::read(line).unwrap_err().starts_with("500 "), "{line}");
        }
    }
}
