//! Groups of fields, as delivery reports (RFC 3464 2.1) and feedback reports (RFC 5965 3) have them.

/// One group of fields, unfolded, names in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::mail::report) struct Group(Vec<(String, String)>);

impl Group {
    /// The first value of a field.
    pub(in crate::mail::report) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Every value of a field.
    pub(in crate::mail::report) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Groups read at most; a report has one a recipient.
const MAX_GROUPS: usize = 1_000;

/// Reads a text as groups that empty lines part. Lines that are no field are left out.
pub(in crate::mail::report) fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group::default()];
    for line in text.lines().map(str::trim_end) {
        let Some(group) = groups.last_mut() else { break };
        if line.is_empty() {
            if !group.0.is_empty() {
                if groups.len() == MAX_GROUPS {
                    break;
                }
                groups.push(Group::default());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = group.0.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) {
            group.0.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    groups.retain(|group| !group.0.is_empty());
    groups
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_unfolded_and_parted_by_empty_lines() {
        let groups = groups(
            "Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.org\r\nDiagnostic-Code: smtp; 550\r\n  no such\r\n user\r\n\r\n\r\n? no field\r\n",
        );
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[1].get("diagnostic-code"), Some("smtp; 550 no such user"));
        assert_eq!(groups[1].get("status"), None);
    }
}
