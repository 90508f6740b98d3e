//! The description says what is there, and nothing is there that it does not say.

use reqwest::Method;
use rolecall::domain::api_token::Scope;
use serde_json::Value;

use crate::web::site::Site;

const METHODS: [Method; 5] = [Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH];

/// Method, path as described, path to ask, and what the operation says of its rights.
type Operation = (Method, String, String, Value);

async fn description(site: &Site) -> Value {
    let answer = site.get("/api/openapi.json").await;
    assert_eq!((answer.status, &answer.headers["content-type"]), (reqwest::StatusCode::OK, &"application/json".parse().unwrap()));
    answer.json()
}

fn operations(description: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase().parse().unwrap();
            let asked = path.replace("{id}", "1").replace("{listing}", "1").replace("{name}", "acme");
            found.push((method, path.clone(), asked, operation.clone()));
        }
    }
    found
}

#[tokio::test]
async fn every_operation_is_answered_and_every_other_method_is_refused_by_name() {
    let site = Site::start().await;
    let operations = operations(&description(&site).await);
    assert!(operations.len() >= 24, "{}", operations.len());
    for (method, path, asked, operation) in &operations {
        let answer = site.send(method.clone(), asked, &[], String::new()).await;
        assert_eq!(answer.status, 401, "{method} {path} needs a token");
        assert!(answer.headers.contains_key("www-authenticate"));
        assert!(
            operation["operationId"].is_string() && operation["summary"].is_string() && operation["tags"][0].is_string(),
            "{operation}"
        );
        let described: Vec<&Method> = operations.iter().filter(|other| other.1 == *path).map(|other| &other.0).collect();
        for other in METHODS.iter().filter(|other| !described.contains(other)) {
            let refused = site.send(other.clone(), asked, &[], String::new()).await;
            assert_eq!(refused.status, 405, "{other} {path}");
            let allow = refused.headers["allow"].to_str().unwrap().to_owned();
            let mut allowed: Vec<&str> = allow.split(',').map(str::trim).filter(|method| *method != "HEAD").collect();
            let mut expected: Vec<&str> = described.iter().map(|method| method.as_str()).collect();
            allowed.sort_unstable();
            expected.sort_unstable();
            assert_eq!(allowed, expected, "{path}");
            assert_eq!(refused.json()["status"], 405);
        }
    }
    let names: std::collections::BTreeSet<&str> = operations.iter().map(|one| one.3["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len(), "each operation has a name of its own");
}

/// The routers of the house are read as text: a path of the API that is no described operation would be one more way to add a route.
#[test]
fn no_route_of_the_api_goes_round_its_description() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web");
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for route in text.split(".route(").skip(1) {
                assert!(!route.trim_start().starts_with("\"/api/v1"), "{}: {route:.60}", path.display());
            }
        }
    }
}

#[tokio::test]
async fn each_operation_needs_the_scope_that_it_names_and_no_other() {
    let site = Site::start().await;
    let operations = operations(&description(&site).await);
    for scope in Scope::ALL {
        let others: Vec<Scope> = Scope::ALL.iter().copied().filter(|other| other != scope).collect();
        let (only, lacking) = (site.token(scope.as_str(), &[*scope]).await, site.token(&format!("not {scope}"), &others).await);
        let needing = operations.iter().filter(|(.., operation)| operation["security"][0]["token"][0] == scope.as_str());
        let mut seen = 0;
        for (method, path, asked, _) in needing {
            let refused = site.api(&lacking, method.clone(), asked, None).await;
            assert_eq!(refused.status, 403, "{method} {path} without {scope}");
            assert!(refused.headers["www-authenticate"].to_str().unwrap().contains(scope.as_str()));
            let heard = site.api(&only, method.clone(), asked, None).await.status;
            assert!(heard != 401 && heard != 403, "{method} {path} with {scope}: {heard}");
            seen += 1;
        }
        // The operator's page is no operation of the API.
        assert_eq!(seen == 0, *scope == Scope::Admin, "nothing needs {scope}");
    }
    let push = operations.iter().filter(|(.., operation)| operation["security"][0]["source"].is_array());
    assert_eq!(push.count(), 1, "postings come with the token of their source");
}

#[tokio::test]
async fn every_reference_of_the_description_leads_somewhere() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str).map(str::to_owned));
                fields.values().for_each(|field| references(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let site = Site::start().await;
    let description = description(&site).await;
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description["servers"][0]["url"], "https://jobs.example.org");
    let mut found = Vec::new();
    references(&description, &mut found);
    assert!(found.len() > 100);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn what_is_refused_wherever_it_comes_is_refused_by_the_description() {
    let site = Site::start().await;
    let description = description(&site).await;
    let push = &description["paths"]["/api/v1/sources/{name}/postings"]["post"]["requestBody"];
    assert_ne!(push["required"], true, "no posting at all is a push of none: {push}");
    for path in ["/api/v1/subscribers", "/api/v1/suppressions"] {
        let email = &description["paths"][path]["get"]["parameters"][0];
        assert_eq!((&email["name"], &email["schema"]["minLength"]), (&"email".into(), &3.into()), "{path}");
    }
    let places = description["components"]["schemas"]["Preferences"]["properties"]["places"].to_string();
    for needed in [r#""required":["country"]"#, r#""required":["city"]"#] {
        assert!(places.contains(needed), "a place is a country or a city: {places}");
    }
}
