//! Notices of Amazon SES, which come as JSON in a mail of Amazon SNS.

use serde::Deserialize;

use crate::domain::delivery::Blame;
use crate::domain::email::EmailAddress;
use crate::domain::report::{Report, ReportKind, StatusCode};
use crate::mail::reply::cleaned;
use crate::mail::report::answer::other;
use crate::mail::report::judge::{Action, judge};
use crate::mail::report::parts::Parts;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    #[serde(alias = "eventType")]
    notification_type: String,
    #[serde(default)]
    bounce: Bounce,
    #[serde(default)]
    complaint: Complaint,
    #[serde(default)]
    delivery: Delivery,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Bounce {
    bounce_type: String,
    bounced_recipients: Vec<Bounced>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Bounced {
    email_address: String,
    action: String,
    status: String,
    diagnostic_code: String,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Complaint {
    complained_recipients: Vec<Bounced>,
    complaint_feedback_type: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Delivery {
    recipients: Vec<String>,
    smtp_response: String,
}

pub(in crate::mail::report) fn read(parts: &Parts<'_>) -> Option<Vec<Report>> {
    // SNS breaks long lines with a mark of its own.
    let text = parts.whole_text.trim_start().replace("!\n ", "");
    if !text.starts_with('{') {
        return None;
    }
    let notice = serde_json::Deserializer::from_str(&text).into_iter::<Notice>().next()?.ok()?;
    let reports: Vec<Report> = match notice.notification_type.as_str() {
        "Bounce" => notice.bounce.bounced_recipients.iter().map(|bounced| bounced_report(bounced, &notice.bounce.bounce_type)).collect(),
        "Complaint" => {
            let kind = notice.complaint.complaint_feedback_type.unwrap_or_else(|| "abuse".into());
            let about = |one: &Bounced| Report {
                kind: ReportKind::Complaint,
                blame: Blame::Recipient,
                diagnostic: cleaned(&kind),
                ..named(&one.email_address)
            };
            notice.complaint.complained_recipients.iter().map(about).collect()
        }
        _ => notice
            .delivery
            .recipients
            .iter()
            .map(|to| Report { diagnostic: cleaned(&notice.delivery.smtp_response), ..named(to) })
            .collect(),
    };
    Some(if reports.is_empty() { vec![other()] } else { reports })
}

fn named(address: &str) -> Report {
    Report { recipient: EmailAddress::parse(address).ok(), ..other() }
}

/// What is called transient there is never hard, whatever the words.
fn bounced_report(bounced: &Bounced, bounce_type: &str) -> Report {
    let judged = judge(Action::parse(&bounced.action), StatusCode::parse(&bounced.status), &bounced.diagnostic_code);
    let kind = if bounce_type == "Transient" && judged.kind == ReportKind::Hard { ReportKind::Soft } else { judged.kind };
    let diagnostic = cleaned(&bounced.diagnostic_code);
    Report { kind, blame: judged.blame, status: judged.status, diagnostic, is_delay: judged.is_delay, ..named(&bounced.email_address) }
}
