//! Figures of the process itself, from /proc; where there is none they are left out.

use std::fs;
use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// Clock ticks of /proc a second: the same on every Linux that user space sees (proc(5), `USER_HZ`).
const TICKS: f64 = 100.0;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

pub(super) fn register(registry: &mut Registry) {
    registry.register("build", "The version that runs", Info::new(Build { version: env!("CARGO_PKG_VERSION") }));
    let one = |registry: &mut Registry, name: &str, help: &str, unit: Option<Unit>, value: Option<f64>| {
        let Some(value) = value else { return };
        let gauge = Gauge::<f64, AtomicU64>::default();
        gauge.set(value);
        match unit {
            Some(unit) => registry.register_with_unit(name, help, unit, gauge),
            None => registry.register(name, help, gauge),
        }
    };
    one(registry, "process_resident_memory", "Memory that is really held", Some(Unit::Bytes), resident_bytes());
    one(registry, "process_open_fds", "Open file handles", None, open_handles());
    one(registry, "process_max_fds", "Most file handles this process may have open", None, most_handles());
    let times = Times::read();
    one(registry, "process_start_time", "When the process began, since 1970", Some(Unit::Seconds), times.as_ref().and_then(Times::started));
    if let Some(times) = times {
        let counter = Counter::<f64, AtomicU64>::default();
        counter.inc_by(times.worked);
        registry.register_with_unit("process_cpu", "Processor time used", Unit::Seconds, counter);
    }
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?.trim().strip_suffix(" kB")?;
    kilobytes.trim().parse::<f64>().ok().map(|kilobytes| kilobytes * 1024.0)
}

fn open_handles() -> Option<f64> {
    // One of them is the folder that is being read.
    let count = fs::read_dir("/proc/self/fd").ok()?.count().saturating_sub(1);
    u32::try_from(count).ok().map(f64::from)
}

fn most_handles() -> Option<f64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?.parse().ok()
}

/// Of /proc/self/stat: seconds of work, and the start in seconds after the machine's.
struct Times {
    worked: f64,
    after_boot: f64,
}

impl Times {
    fn read() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name in parentheses may hold anything; fields are counted after it (proc(5): 14 utime, 15 stime, 22 starttime).
        let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
        let ticks = |number: usize| fields.get(number - 3)?.parse::<f64>().ok();
        Some(Self { worked: (ticks(14)? + ticks(15)?) / TICKS, after_boot: ticks(22)? / TICKS })
    }

    fn started(&self) -> Option<f64> {
        let stat = fs::read_to_string("/proc/stat").ok()?;
        let booted: f64 = stat.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
        Some(booted + self.after_boot)
    }
}
