//! Letters as files, one `.eml` each.

use std::io;
use std::path::Path;

use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use crate::domain::delivery::{Blame, Outcome, Refusal};
use crate::domain::message::Message;
use crate::mail::reply::cleaned;

/// Writes a letter under a name that sorts by date and belongs to its Message-ID: another attempt replaces it.
pub(in crate::mail) async fn keep(folder: &Path, message: &Message, bytes: &[u8]) -> Outcome {
    let name = name(message);
    match write(folder, &name, bytes).await {
        Ok(()) => Outcome::Accepted(format!("kept as {name}")),
        Err(error) => Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: cleaned(&error.to_string()) }),
    }
}

fn name(message: &Message) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-@+".contains(c) { c } else { '_' };
    let id: String = message.id.0.chars().map(plain).take(200).collect();
    format!("{}-{id}.eml", message.date.format("%Y%m%dT%H%M%SZ"))
}

/// Under a name that no reader takes for a letter first, so that a half-written one is never seen.
async fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let draft = folder.join(format!(".{name}.part"));
    let mut file = fs::File::create(&draft).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    fs::rename(&draft, folder.join(name)).await
}
