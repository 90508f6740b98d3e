//! A place that publishes jobs, and where we left off with it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::word::words;

words! {
    /// Why a fetch did not bring what it should; each has its mend.
    FetchFault, "fetch fault" {
        /// The board is not there: 404 or 410.
        Gone = "gone", "the board is gone or its name is wrong";
        /// Nothing where there used to be jobs.
        Empty = "empty", "an empty answer where there used to be jobs";
        /// 401, 403, a challenge page.
        Blocked = "blocked", "the source refuses us";
        /// 429, or Retry-After.
        TooFast = "too_fast", "the source asks us to slow down";
        /// The payload is not what the kind expects.
        ChangedFormat = "changed_format", "the answer has another format than expected";
        /// The answer could be read, but not everything in it is right.
        Flawed = "flawed", "the answer is flawed";
        /// No answer in time.
        Slow = "slow", "the source is too slow";
        /// More bytes than allowed.
        TooBig = "too_big", "the answer is larger than allowed";
        /// 5xx.
        ServerError = "server_error", "the source has an error of its own";
        /// Name, route or connection.
        Unreachable = "unreachable", "the source cannot be reached";
        /// A certificate that is not trusted, or a handshake that fails.
        BadTls = "bad_tls", "no secure connection to the source can be made";
        /// An address that sources may not point to.
        Forbidden = "forbidden", "the address is inside the network and not allowed";
        /// A setting of the source is wrong.
        Misconfigured = "misconfigured", "the source is not configured right";
    }
}

/// Where we left off with a source.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceState {
    /// The validator of the last good answer, for conditional requests (RFC 9110 8.8).
    pub etag: Option<String>,
    /// The date validator of the last good answer.
    pub last_modified: Option<String>,
    /// When the first complete fetch ended; until then everything found is published quietly.
    pub first_success_at: Option<DateTime<Utc>>,
    /// When it last answered well, changed or not.
    pub last_success_at: Option<DateTime<Utc>>,
    /// When it was last asked.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// Not to be asked before this moment (Retry-After, backoff).
    pub not_before: Option<DateTime<Utc>>,
    /// A digest of the settings it was last asked with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_with: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// What went wrong last, while it is wrong.
    pub fault: Option<FetchFault>,
    /// The words of what went wrong last.
    pub fault_text: Option<String>,
    /// Since when something has been wrong without a break.
    pub fault_since: Option<DateTime<Utc>>,
    /// Listings in the last good fetch.
    pub last_yield: Option<u32>,
    /// The usual number of listings: a slow average over good fetches.
    pub usual_yield: Option<f64>,
    /// When a fetch last brought something new.
    pub last_new_at: Option<DateTime<Utc>>,
    /// The usual time between two fetches that bring something new, in hours: a slow average.
    pub usual_news_gap: Option<f64>,
    /// Fetches that brought something new.
    pub news: u32,
}

/// How a source is.
#[derive(Debug, Clone, PartialEq)]
pub enum Health {
    /// It was never asked.
    NotAsked,
    /// The operator lets it rest.
    Paused,
    /// All is as usual.
    Well,
    /// It does not bring what it should.
    Faulty {
        /// Why.
        fault: FetchFault,
        /// In words, with the mend.
        text: String,
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It answers, but with many more postings than usual.
    Swollen {
        /// Postings of the last fetch.
        postings: u32,
        /// Postings usually.
        usual: u32,
    },
    /// It answers well, but nothing new came for unusually long.
    Stale {
        /// When something new last came.
        since: DateTime<Utc>,
        /// After how many hours something new usually comes.
        usual_hours: u32,
    },
    /// Nobody asked it for long: a schedule that never comes, or a service that stood still.
    Unasked {
        /// When it was last asked.
        since: DateTime<Utc>,
    },
}

/// What one fetch may move the usual time between news by.
const NEWS_WEIGHT: f64 = 0.2;
/// News needed before their pace is believed.
const NEWS_NEEDED: u32 = 5;
/// Nothing new for so many times the usual is unusually long.
const STALE_GAPS: f64 = 8.0;
/// And never sooner than this.
const STALE_AFTER: TimeDelta = TimeDelta::days(7);
/// A source that nobody asked for so long is told.
const UNASKED_AFTER: TimeDelta = TimeDelta::days(2);

impl SourceState {
    /// Notes that the fetch at `now` brought something new.
    pub fn note_news(&mut self, now: DateTime<Utc>) {
        if let Some(last) = self.last_new_at {
            let hours = (now - last).as_seconds_f64() / 3_600.0;
            let usual = self.usual_news_gap.unwrap_or(hours);
            self.usual_news_gap = Some(usual + NEWS_WEIGHT * (hours - usual));
        }
        self.last_new_at = Some(now);
        self.news = self.news.saturating_add(1);
    }

    /// How the source is at `now`.
    #[must_use]
    pub fn health(&self, now: DateTime<Utc>) -> Health {
        let Some(asked) = self.last_attempt_at else { return Health::NotAsked };
        if let Some(fault) = self.fault {
            let text = self.fault_text.clone().unwrap_or_default();
            return Health::Faulty { fault, text, since: self.fault_since.unwrap_or(asked) };
        }
        if now - asked > UNASKED_AFTER && self.not_before.is_none_or(|until| until < now) {
            return Health::Unasked { since: asked };
        }
        if let (Some(postings), Some(usual)) = (self.last_yield, self.usual_yield)
            && f64::from(postings) > 3.0 * usual + 20.0
        {
            return Health::Swollen { postings, usual: whole(usual) };
        }
        match (self.last_new_at, self.usual_news_gap) {
            (Some(since), Some(gap)) if self.news >= NEWS_NEEDED && is_stale(now - since, gap) => {
                Health::Stale { since, usual_hours: whole(gap) }
            }
            _ => Health::Well,
        }
    }
}

fn is_stale(quiet: TimeDelta, usual_hours: f64) -> bool {
    quiet > STALE_AFTER && quiet.as_seconds_f64() / 3_600.0 > STALE_GAPS * usual_hours
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an average of counts is a count, and `as` saturates")]
fn whole(average: f64) -> u32 {
    average.round() as u32
}

impl Health {
    /// Whether the operator should look at it.
    #[must_use]
    pub const fn is_wrong(&self) -> bool {
        !matches!(self, Self::NotAsked | Self::Paused | Self::Well)
    }

    /// One word for figures and filters.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Paused => "paused",
            Self::Well => "well",
            Self::Faulty { fault, .. } => fault.as_str(),
            Self::Swollen { .. } => "swollen",
            Self::Stale { .. } => "stale",
            Self::Unasked { .. } => "unasked",
        }
    }
}

/// What it is, with the mend.
impl std::fmt::Display for Health {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = |at: &DateTime<Utc>| at.format("%Y-%m-%d %H:%MZ").to_string();
        match self {
            Self::NotAsked => f.write_str("not asked yet"),
            Self::Paused => f.write_str("paused: `rolecall source resume` ends it"),
            Self::Well => f.write_str("well"),
            Self::Faulty { fault, text, since } => write!(f, "{} since {}: {text}", fault.label(), day(since)),
            Self::Swollen { postings, usual } => {
                write!(f, "{postings} postings where there are usually about {usual}; see whether it is still the same board")
            }
            Self::Stale { since, usual_hours } => write!(
                f,
                "nothing new since {}, usually after about {usual_hours} h; see whether the employer publishes elsewhere now",
                day(since)
            ),
            Self::Unasked { since } => write!(f, "not asked since {}; see its schedule and whether the service runs", day(since)),
        }
    }
}

/// What one source did on one day (UTC).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct SourceDay {
    /// The day.
    pub day: NaiveDate,
    /// Times asked.
    pub fetches: u32,
    /// Of these, times it failed or brought too little.
    pub failures: u32,
    /// The last fault of the day.
    pub fault: Option<FetchFault>,
    /// Fewest postings of a good fetch; none where there was none.
    pub least: Option<u32>,
    /// Most postings of a good fetch.
    pub most: Option<u32>,
    /// Listings published.
    pub new: u32,
    /// Listings that changed in something a reader sees.
    pub changed: u32,
    /// Listings closed.
    pub closed: u32,
    /// Listings that came back.
    pub relisted: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn asked(hours: i64) -> SourceState {
        SourceState { last_attempt_at: Some(at(hours)), last_success_at: Some(at(hours)), ..SourceState::default() }
    }

    #[test]
    fn a_board_that_used_to_have_news_each_day_is_stale_after_eight_days_without() {
        let mut state = SourceState::default();
        for day in 0..6 {
            state.note_news(at(24 * day));
        }
        let later = |hours| SourceState { last_attempt_at: Some(at(hours)), ..state.clone() }.health(at(hours));
        assert_eq!(later(24 * 12), Health::Well);
        assert_eq!(later(24 * 14), Health::Stale { since: at(120), usual_hours: 24 });
        let mut rare = SourceState::default();
        for month in 0..6 {
            rare.note_news(at(24 * 30 * month));
        }
        let rare = SourceState { last_attempt_at: Some(at(24 * 200)), ..rare };
        assert_eq!(rare.health(at(24 * 200)), Health::Well, "a board that has news once a month is not stale after seven weeks");
    }

    #[test]
    fn too_many_postings_and_a_schedule_that_never_comes_are_told() {
        let swollen = SourceState { last_yield: Some(900), usual_yield: Some(100.0), ..asked(1) };
        assert_eq!(swollen.health(at(2)), Health::Swollen { postings: 900, usual: 100 });
        assert_eq!(asked(0).health(at(49)), Health::Unasked { since: at(0) });
        assert_eq!(asked(0).health(at(47)), Health::Well);
        assert_eq!(SourceState::default().health(at(0)), Health::NotAsked);
    }

    #[test]
    fn a_fault_says_since_when_and_what_to_do() {
        let state = SourceState {
            fault: Some(FetchFault::Gone),
            fault_text: Some("HTTP 404; look at the career page".into()),
            fault_since: Some(at(1)),
            ..asked(3)
        };
        let health = state.health(at(4));
        assert!(health.is_wrong());
        assert_eq!(health.to_string(), "the board is gone or its name is wrong since 1970-01-01 01:00Z: HTTP 404; look at the career page");
    }
}
