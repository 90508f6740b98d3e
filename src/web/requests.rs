//! What the page counts of the requests it answers: by route, never by path, which may hold a token.

use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// Upper ends of the buckets, in seconds: from a page out of memory to one that waits for the database's lock.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];

/// The class of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Class(u16);

impl EncodeLabelValue for Class {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), std::fmt::Error> {
        use std::fmt::Write as _;
        write!(encoder, "{}xx", self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRouteAndClass {
    route: String,
    class: Class,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByRoute {
    route: String,
}

/// Makes the histogram of a route.
#[derive(Debug, Clone)]
struct Buckets;

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(BUCKETS)
    }
}

/// Requests answered since the start.
#[derive(Debug, Clone)]
pub(super) struct Requests {
    answered: Family<ByRouteAndClass, Counter>,
    took: Family<ByRoute, Histogram, Buckets>,
}

impl Default for Requests {
    fn default() -> Self {
        Self { answered: Family::default(), took: Family::new_with_constructor(Buckets) }
    }
}

impl Requests {
    /// Counts one that was answered with `status`; `route` is the pattern of its path, empty where there is none.
    pub(super) fn count(&self, route: &str, status: u16, took: Duration) {
        let route = if route.is_empty() { "none" } else { route }.to_owned();
        self.took.get_or_create(&ByRoute { route: route.clone() }).observe(took.as_secs_f64());
        self.answered.get_or_create(&ByRouteAndClass { route, class: Class(status / 100) }).inc();
    }

    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("http_requests", "Requests answered, by route and class of the answer", self.answered.clone());
        registry.register_with_unit("http_request_duration", "Time to the answer, by route", Unit::Seconds, self.took.clone());
    }
}
