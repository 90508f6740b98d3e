//! What the jobs of one title come to: the first of each role, and what the text is asked for where none decides.

use crate::extract::phrase::Hit;
use crate::extract::role::job::Job;

/// The jobs of a title in the order in which they count.
#[derive(Debug, Default)]
pub struct Named {
    pub backend: Option<Hit>,
    pub at_the_front: Option<Hit>,
    pub database: Option<Hit>,
    /// The architect, whether all of them stand bare, and whether one builds.
    pub architect: Option<(Hit, bool, bool)>,
    /// The least evidence that an open job needs.
    pub open: Option<u32>,
    /// How many jobs there are.
    pub count: usize,
    pub other: bool,
    /// The last of the other work that may be ours; by its text, too, where its field is near.
    pub leaning: Option<bool>,
    /// A bare architect stands behind other work, as in `Big Data Engineer / Architect`.
    pub follows_other: bool,
}

impl Named {
    /// Of the jobs in the order in which the title has them.
    #[must_use]
    pub fn of(jobs: &[Job]) -> Self {
        let mut named = Self::default();
        for job in jobs {
            named.count += usize::from(*job != Job::Nothing);
            match *job {
                Job::Backend(hit) => named.backend = named.backend.or(Some(hit)),
                Job::FullStackAtTheFront(hit) => named.at_the_front = named.at_the_front.or(Some(hit)),
                Job::Database(hit) => named.database = named.database.or(Some(hit)),
                Job::Architect { hit, bare, builds } => {
                    named.follows_other |= named.other;
                    let (first, all_bare, any_builds) = named.architect.unwrap_or((hit, true, false));
                    named.architect = Some((first, all_bare && bare, any_builds || builds));
                }
                Job::Open { need } => named.open = Some(named.open.map_or(need, |least| least.min(need))),
                Job::Other => named.other = true,
                Job::Leaning { near } => (named.other, named.leaning) = (true, Some(near)),
                Job::Nothing => {}
            }
        }
        named
    }

    /// Only work that is none of ours.
    #[must_use]
    pub fn is_other_alone(&self) -> bool {
        self.other && self.count == 1
    }
}
