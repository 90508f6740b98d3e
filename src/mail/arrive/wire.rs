//! The bytes of an LMTP connection: commands and mails in, replies out, each within its time and its size.

use std::io::{Error, ErrorKind, Result};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;

/// Bytes asked for at a time.
const BLOCK: usize = 16 * 1024;
/// Longest command, in bytes (RFC 5321 4.5.3.1.4 asks for 512, and parameters may lengthen it).
const MOST_COMMAND: usize = 4_096;

/// How long and how large things may be on an LMTP connection.
#[derive(Debug, Clone, Copy)]
pub struct LmtpLimits {
    /// Wait for the next command (RFC 5321 4.5.3.2.7).
    pub command: Duration,
    /// Wait for the next part of a mail.
    pub block: Duration,
    /// Time in which a reply must be taken.
    pub reply: Duration,
    /// The whole connection.
    pub connection: Duration,
    /// Longest mail, in bytes: what a report says stands far before it.
    pub mail_bytes: usize,
}

impl Default for LmtpLimits {
    fn default() -> Self {
        Self {
            command: Duration::from_mins(5),
            block: Duration::from_mins(3),
            reply: Duration::from_mins(1),
            connection: Duration::from_mins(30),
            mail_bytes: 8 * 1024 * 1024,
        }
    }
}

/// One side of a connection.
pub(in crate::mail::arrive) struct Wire<S> {
    stream: S,
    arrived: Vec<u8>,
    /// How much of `arrived` was read.
    used: usize,
    limits: LmtpLimits,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(in crate::mail::arrive) fn new(stream: S, limits: LmtpLimits) -> Self {
        Self { stream, arrived: Vec::new(), used: 0, limits }
    }

    /// Says a reply of one line or several.
    pub(in crate::mail::arrive) async fn say(&mut self, reply: &str) -> Result<()> {
        let line = format!("{reply}\r\n");
        let said = async {
            self.stream.write_all(line.as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(self.limits.reply, said).await.map_err(|_| Error::from(ErrorKind::TimedOut))?
    }

    /// The next line, without its end.
    pub(in crate::mail::arrive) async fn line(&mut self) -> Result<String> {
        let mut line = Vec::new();
        loop {
            let rest = &self.arrived[self.used..];
            let end = rest.iter().position(|byte| *byte == b'\n');
            line.extend_from_slice(&rest[..end.unwrap_or(rest.len())]);
            self.used += end.map_or(rest.len(), |end| end + 1);
            if line.len() > MOST_COMMAND {
                return Err(ErrorKind::InvalidData.into());
            }
            if end.is_some() {
                return Ok(String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(&line)).into_owned());
            }
            self.fill(self.limits.command).await?;
        }
    }

    /// The mail up to its final dot; none where it is longer than a mail may be, and then it is read to its end all the same.
    pub(in crate::mail::arrive) async fn mail(&mut self) -> Result<Option<Vec<u8>>> {
        let (mut place, mut mail, mut too_long) = (Place::Begin, Vec::new(), false);
        loop {
            while let Some(byte) = self.arrived.get(self.used) {
                self.used += 1;
                place = place.after(*byte, &mut mail);
                if place == Place::End {
                    return Ok((!too_long).then_some(mail));
                }
                if mail.len() > self.limits.mail_bytes {
                    too_long = true;
                    mail.clear();
                }
            }
            self.fill(self.limits.block).await?;
        }
    }

    /// Waits for more, when all that came was read.
    async fn fill(&mut self, longest: Duration) -> Result<()> {
        self.arrived.clear();
        self.used = 0;
        self.arrived.reserve(BLOCK);
        let read = timeout(longest, self.stream.read_buf(&mut self.arrived)).await;
        match read.map_err(|_| Error::from(ErrorKind::TimedOut))?? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Where one is in a mail: only a dot between two whole line ends (CR LF) ends it, and a dot that begins a line was added on the way
/// (RFC 5321 4.5.2). Whoever takes a bare line feed for a line end lets one mail hide another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of a line.
    Begin,
    /// Behind a dot that begins one.
    Dot,
    /// Behind such a dot and a CR.
    DotCr,
    /// Within a line.
    Within,
    /// Behind a CR.
    Cr,
    /// Behind the final dot.
    End,
}

impl Place {
    /// Behind one more byte; what belongs to the mail is added to it.
    fn after(self, byte: u8, mail: &mut Vec<u8>) -> Self {
        match (self, byte) {
            (Self::Begin, b'.') => return Self::Dot,
            (Self::Dot, b'\r') => return Self::DotCr,
            (Self::DotCr, b'\n') => return Self::End,
            (Self::DotCr, _) => mail.push(b'\r'),
            _ => {}
        }
        mail.push(byte);
        match (self, byte) {
            (_, b'\r') => Self::Cr,
            (Self::Cr, b'\n') => Self::Begin,
            _ => Self::Within,
        }
    }
}
