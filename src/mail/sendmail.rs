//! Letters through the machine's own `sendmail`.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use lettre::Address;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::timeout;

use crate::domain::delivery::{Blame, Outcome, Refusal};
use crate::mail::reply::{Phase, broken, cleaned};
use crate::mail::settings::SendmailSettings;

/// Hands one letter to `sendmail -i -f FROM -- TO` and reads its exit status (sysexits.h).
///
/// `-i` keeps a line with a lone dot from ending the letter; `--` keeps an address from being read as an option.
pub(in crate::mail) async fn hand_over(settings: &SendmailSettings, from: &Address, to: &Address, bytes: &[u8]) -> Outcome {
    let child = Command::new(&settings.program)
        .args(["-i", "-f", from.as_ref(), "--", to.as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => return broken(&format!("{} does not start: {error}", settings.program.display()), Phase::Hello),
    };
    // Programs on Unix end lines with a line feed; sendmail puts the carriage returns back.
    let letter: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    let limit: Duration = settings.timeout.get();
    // Its input stays with the child, which is killed before its input is closed: the end of input would send off half a letter.
    let written = match &mut child.stdin {
        Some(input) => timeout(limit, input.write_all(&letter)).await,
        None => Ok(Err(std::io::ErrorKind::BrokenPipe.into())),
    };
    let Ok(written) = written else { return broken("sendmail does not take the letter in time", Phase::Data) };
    drop(child.stdin.take());
    // A program that ends without reading all of its input says why by its exit status.
    match timeout(limit, child.wait_with_output()).await {
        Ok(Ok(output)) => outcome(output.status, written.is_ok(), &String::from_utf8_lossy(&output.stderr)),
        Ok(Err(error)) => broken(&error.to_string(), Phase::Dot),
        Err(_) => broken("sendmail took the letter and does not end in time", Phase::Dot),
    }
}

fn outcome(status: ExitStatus, whole: bool, said: &str) -> Outcome {
    let refusal = |blame| {
        let text =
            if said.trim().is_empty() { format!("sendmail ended with {status}") } else { format!("sendmail ended with {status}: {said}") };
        Refusal { blame, code: None, text: cleaned(&text) }
    };
    match status.code() {
        Some(0) if whole => Outcome::Accepted("taken by sendmail".to_owned()),
        // EX_NOUSER and EX_NOHOST.
        Some(67 | 68) => Outcome::Never(refusal(Blame::Recipient)),
        // EX_USAGE and EX_DATAERR.
        Some(64 | 65) => Outcome::Never(refusal(Blame::Sender)),
        // Ended by a signal after it had everything: it may have queued it.
        None if whole => broken("sendmail was killed after it took the letter", Phase::Dot),
        // EX_TEMPFAIL, and all that is wrong with the machine and not with the letter.
        _ => Outcome::Later(refusal(Blame::Relay)),
    }
}
