//! Tokens are made, listed and taken back.

use super::Place;

#[test]
fn a_token_is_shown_once_listed_without_its_secret_and_taken_back() {
    let place = Place::new();
    let made = place.json("token add crm --scope subscribers:read --scope listings:read --expires 90d").remove(0);
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("rolecall.1.") && token.len() == "rolecall.1.".len() + 22, "{made}");
    assert_eq!(made["scopes"], serde_json::json!(["listings:read", "subscribers:read"]));
    let list = place.json("token list").remove(0);
    assert!(list["name"] == "crm" && list["expires_at"].is_string() && list["revoked_at"].is_null(), "{list}");
    let secret = token.rsplit('.').next().unwrap();
    assert!(!list.to_string().contains(secret));
    let kept: Vec<u8> = super::snapshot(&place.path("data")).into_values().flatten().collect();
    assert!(!kept.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "the secret stands in no file");

    assert_eq!(place.run("token add crm --scope listings:read").code, Some(65));
    assert_eq!(place.run("token add other --scope everything").code, Some(2));
    assert_eq!(place.run("token add other").code, Some(2), "a token without a scope is worth nothing");
    for past in ["2020-01-01T00:00:00Z", "0s"] {
        assert_eq!(place.run(&format!("token add other --scope listings:read --expires {past}")).code, Some(65), "{past}");
    }
    place.data("token revoke crm");
    assert!(place.data("token list").contains("taken back"));
    assert_eq!(place.run("token revoke crm").code, Some(65));
}
