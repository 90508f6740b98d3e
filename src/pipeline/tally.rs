//! What a deliver pass did, counted.

/// What one deliver pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DeliverSummary {
    /// Taken over by the mail server.
    pub sent: u64,
    /// To be tried again.
    pub retrying: u64,
    /// Given up.
    pub failed: u64,
    /// Refused for a fault on our side: they wait for the operator.
    pub parked: u64,
    /// Too old to be of use.
    pub expired: u64,
    /// Not to be sent any more.
    pub cancelled: u64,
    /// Whether sending stopped: the mail server could not be talked to, or refuses letter after letter.
    pub relay_down: bool,
}

impl DeliverSummary {
    /// Counts what another part of the pass did.
    pub(in crate::pipeline) const fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.retrying += other.retrying;
        self.failed += other.failed;
        self.parked += other.parked;
        self.expired += other.expired;
        self.cancelled += other.cancelled;
        self.relay_down |= other.relay_down;
    }
}
