//! docs/MAIL.md names, for each requirement, the tests that hold it: here the names are held to the tree.

use std::path::Path;

/// How many requirements there are.
const REQUIREMENTS: usize = 32;
/// Rows that no test can hold: left out, or a matter of law.
const WITHOUT_A_TEST: &[usize] = &[25, 26, 32];

/// The text of every Rust file below a folder.
fn code(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

/// Whether a function of this name is a test: `#[test]` or `#[tokio::test...]` before it, or it is called by such stories of a store.
fn is_test(code: &str, name: &str) -> bool {
    let marks = |before: &str| {
        let attributes = before.rsplit("}\n").next().unwrap_or(before);
        attributes.contains("test]") || attributes.contains("::test(")
    };
    let told = ["fn ", "async fn "].iter().any(|kind| {
        let line = format!("{kind}{name}(");
        code.match_indices(&line).any(|(at, _)| marks(&code[..at]))
    });
    // The stories of the store are told to both databases by a macro that lists them.
    told || (code.contains(&format!("pub async fn {name}(")) && code.matches(name).count() > 1)
}

#[test]
fn every_requirement_of_mail_names_the_tests_that_hold_it_and_they_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/MAIL.md")).unwrap();
    let mut all = String::new();
    code(&root.join("src"), &mut all);
    code(&root.join("tests"), &mut all);
    let mut numbers = Vec::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let Ok(number) = cells[1].parse::<usize>() else { continue };
        numbers.push(number);
        let tests: Vec<&str> = cells[5].split('`').skip(1).step_by(2).collect();
        assert_eq!(tests.is_empty(), WITHOUT_A_TEST.contains(&number), "row {number}");
        for name in tests {
            assert!(is_test(&all, name), "row {number}: {name} is no test");
        }
    }
    assert_eq!(numbers, (1..=REQUIREMENTS).collect::<Vec<_>>());
}

#[test]
fn every_attack_on_form_and_tokens_names_the_tests_that_hold_it_off_and_they_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/ABUSE.md")).unwrap();
    let mut all = String::new();
    code(&root.join("src"), &mut all);
    code(&root.join("tests"), &mut all);
    let mut attacks = 0;
    for line in page.lines().filter(|line| line.starts_with("| A")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let tests: Vec<&str> = cells[4].split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "{}", cells[1]);
        for name in tests {
            assert!(is_test(&all, name), "{}: {name} is no test", cells[1]);
        }
        attacks += 1;
    }
    assert_eq!(attacks, 17);
}

#[test]
fn a_function_that_is_no_test_is_told_from_one() {
    let code =
        "fn a_story() {}\n#[test]\nfn b_story() {\n}\n\n/// x\n#[tokio::test(flavor = \"x\")]\nasync fn c_story() {}\n\nfn d_story() {}\n";
    let tests: Vec<&str> = ["a_story", "b_story", "c_story", "d_story", "e_story"].into_iter().filter(|name| is_test(code, name)).collect();
    assert_eq!(tests, ["b_story", "c_story"]);
}
