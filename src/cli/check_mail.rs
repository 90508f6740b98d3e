//! The part of `rolecall check` that is about mail: keys, DNS, one-click unsubscribing, what comes back, the clock.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::check_line::{Line, ill, warn, well};
use crate::app::App;
use crate::config::Config;
use crate::domain::{SubscriberId, SubscriptionId};
use crate::mail::TransportKind;
use crate::mail::dns::{Dns, Domains, Finding, Standing, survey};
use crate::sources::post_form;

/// The DKIM records to publish, or that nothing signs.
pub fn dkim(app: &App) -> Vec<Line> {
    let records = app.mailer.dkim_records();
    if records.is_empty() && app.config.mail.transport == TransportKind::Smtp {
        let says = "no key: let the relay sign, or set [mail.dkim] (openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048)";
        return vec![warn("dkim", says)];
    }
    records.iter().map(|(name, value)| well("dkim", format!("publish {name} TXT \"{value}\""))).collect()
}

/// Whether what comes back can be taken in, where it comes by itself.
pub async fn returned(app: &App) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(maildir) = &app.collect.maildir {
        lines.push(match maildir.probe().await {
            Ok(waiting) => well("returned mail", format!("out of {}, where {waiting} wait", maildir.folder().display())),
            Err(fault) => ill("returned mail", fault),
        });
    }
    lines.extend(app.lmtp.iter().map(|place| well("returned mail", format!("taken by LMTP at {place} while the service runs"))));
    lines
}

/// What receivers of letters ask the DNS, and what mail services ask our page. Letters that stay here are nobody's to judge.
pub async fn outside(app: &App) -> Vec<Line> {
    let mail = &app.config.mail;
    if mail.transport == TransportKind::File {
        return Vec::new();
    }
    let mut lines = match (Dns::new(&mail.resolver), Domains::of(mail, app.mailer.dkim_records())) {
        (Ok(dns), Ok(domains)) if domains.from.contains('.') => survey(&dns, &domains).await.into_iter().map(line).collect(),
        (Ok(_), Ok(domains)) => {
            vec![ill(
                "dns",
                format!("letters are from {:?}, which no other machine knows: set mail.from to a domain of yours", domains.from),
            )]
        }
        (Err(fault), _) => vec![ill("dns", fault.to_string())],
        (_, Err(fault)) => vec![ill("dns", fault.to_string())],
    };
    lines.push(one_click(app).await);
    lines
}

fn line(finding: Finding) -> Line {
    match finding.standing {
        Standing::Well => well(finding.check, finding.says),
        Standing::Wanting => warn(finding.check, finding.says),
        Standing::Wrong => ill(finding.check, finding.says),
    }
}

/// Whether the page answers as RFC 8058 asks: a POST without cookies, no redirect. The link is of nobody's alert.
async fn one_click(app: &App) -> Line {
    const CHECK: &str = "one-click";
    let link = app.deliver.desk.composer.links().unsubscribe(SubscriberId(0), SubscriptionId(i64::MAX));
    let base = &app.config.service.base_url;
    let proxy = format!("let the proxy before it pass POST on, without a redirect, to the page of this service: {base}");
    match post_form(&link, "List-Unsubscribe=One-Click").await {
        Ok(200) => well(CHECK, format!("a POST to {base} ends an alert")),
        Ok(404) => {
            ill(CHECK, format!("{base} does not know the links of this service: point service.base_url to its page, and keep its secret"))
        }
        Ok(status) => ill(CHECK, format!("a POST to {base} is answered with {status}: {proxy}")),
        Err(fault) => warn(CHECK, format!("{base} does not answer ({fault}): start the service, then check again")),
    }
}

/// Whether the clock can be right, and where letters go out at its hours, whether somebody keeps it so.
pub async fn clock(app: &App) -> Line {
    const CHECK: &str = "clock";
    const PATIENCE: Duration = Duration::from_secs(3);
    let now = app.clock.now().format("%Y-%m-%d %H:%M:%SZ");
    if let Err(fault) = app.refuse_odd_clock().await {
        return ill(CHECK, fault.to_string());
    }
    if app.config.mail.transport == TransportKind::File {
        return well(CHECK, now.to_string());
    }
    let asked = Command::new("timedatectl").args(["show", "--property=NTPSynchronized", "--value"]).stdin(Stdio::null()).output();
    let told = tokio::time::timeout(PATIENCE, asked).await.ok().and_then(Result::ok).map(|output| output.stdout);
    match told.as_deref() {
        Some(b"yes\n") => well(CHECK, format!("{now}, kept by NTP")),
        Some(b"no\n") => {
            warn(CHECK, format!("{now}, and nobody keeps it: install systemd-timesyncd or another NTP program, or letters drift"))
        }
        _ => well(CHECK, format!("{now}; whether NTP keeps it is not known here")),
    }
}

/// What letters need to be welcome.
pub fn letters(config: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    if config.mail.transport == TransportKind::Smtp {
        lines.push(match config.mail.postal_address.trim() {
            "" => ill("postal address", "mail.postal_address is empty: many countries' laws ask for one in every letter"),
            _ => well("postal address", "printed in every letter"),
        });
        let local = config.service.base_url.host_str().is_some_and(|host| host == "localhost" || host.starts_with("127."));
        lines.push(match (local, config.service.base_url.scheme()) {
            (true, _) => ill("links", "service.base_url is an address of this machine only: set the one that readers reach"),
            (false, "https") => well("links", format!("start with {}", config.service.base_url)),
            (false, _) => ill("links", "service.base_url is not https: one-click unsubscribing (RFC 8058) needs it"),
        });
    }
    lines
}
