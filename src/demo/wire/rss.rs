//! RSS 2.0, as Teamtailor publishes it on the employer's own host (`jobs.rss`): the text escaped once, the town in elements of its
//! own, pay and the limit of remote work somewhere in the text.

use crate::demo::job::{DemoJob, DemoMode, escape};

/// The feed of one employer.
pub fn feed(company: &str, domain: &str, jobs: &[&DemoJob]) -> String {
    let items: String = jobs.iter().rev().map(|job| item(job)).collect();
    let company = escape(company);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:tt=\"https://teamtailor.com/locations\">\n<channel>\n\
         <title>Jobs at {company}</title>\n<link>https://{domain}/careers</link>\n<description>Open positions at {company}</description>\n\
         <language>en</language>\n<ttl>5</ttl>\n{items}</channel>\n</rss>\n"
    )
}

fn item(job: &DemoJob) -> String {
    let places = std::iter::once(&job.location).chain(&job.more_places).cloned().collect::<Vec<_>>().join("; ");
    let head = format!("<p><strong>Location:</strong> {}</p>\n<p><strong>Type:</strong> {}</p>\n", escape(&places), job.employment);
    let remote = match job.mode {
        DemoMode::Remote(_) => "fully",
        DemoMode::Hybrid => "hybrid",
        DemoMode::OnSite => "none",
    };
    format!(
        "<item>\n<title>{}</title>\n<description>{}</description>\n<pubDate>{}</pubDate>\n<link>{}</link>\n\
         <remoteStatus>{remote}</remoteStatus>\n<guid>{}</guid>\n<tt:locations>\n<tt:location>\n<tt:name>{}</tt:name>\n\
         <tt:city>{}</tt:city>\n<tt:country>{}</tt:country>\n</tt:location>\n</tt:locations>\n\
         <tt:department>{}</tt:department>\n</item>\n",
        escape(&job.title),
        escape(&(head + &job.html())),
        job.published_at.to_rfc2822(),
        job.page(),
        job.uuid(),
        escape(&job.city),
        escape(&job.city),
        escape(&job.country),
        escape(&job.department),
    )
}

#[cfg(test)]
mod tests {
    use super::feed;
    use crate::demo::world::World;

    #[test]
    fn a_hostile_name_stays_text() {
        let mut job = World::new(1, chrono::DateTime::UNIX_EPOCH, std::time::Duration::from_secs(1)).at(0).remove(0);
        job.title = String::from("C++ & <Rust> \"both\"");
        let text = feed("A & B <Co>", "a.example", &[&job]);
        let read = feed_rs::parser::parse(text.as_bytes()).unwrap();
        assert_eq!(read.title.unwrap().content, "Jobs at A & B <Co>");
        assert_eq!(read.entries[0].title.as_ref().unwrap().content, job.title);
        assert_eq!(read.entries[0].id, job.uuid());
    }
}
