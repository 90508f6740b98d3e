//! Programs get tokens, and lose them.

use rolecall::domain::api_token::{ApiTokenId, NewApiToken, Scope, ShownToken};
use rolecall::domain::token::token_digest;
use rolecall::store::Store;

use super::words::at;

pub async fn a_token_is_kept_by_its_digest_until_it_is_taken_back(store: &Store) {
    let secret = ShownToken::secret([3; 16]);
    let scopes = vec![Scope::ListingsRead, Scope::SubscribersWrite];
    let new = NewApiToken { name: "crm".into(), scopes, expires_at: Some(at(60)), digest: token_digest(&secret) };
    let id = store.add_api_token(&new, at(0)).await.unwrap().unwrap();
    assert_eq!(store.add_api_token(&new, at(1)).await.unwrap(), None, "one living token of a name");
    let kept = store.api_token(id).await.unwrap().unwrap();
    assert!(kept.admits(&ShownToken::new(id, secret.clone()), at(59)) && kept.may(Scope::SubscribersWrite));
    assert!(!format!("{:?}", store.api_tokens().await.unwrap()).contains(&secret));

    assert!(!store.revoke_api_token("another", at(2)).await.unwrap());
    assert!(store.revoke_api_token("crm", at(2)).await.unwrap());
    assert!(!store.revoke_api_token("crm", at(3)).await.unwrap());
    let kept = store.api_token(id).await.unwrap().unwrap();
    assert_eq!(kept.revoked_at, Some(at(2)));
    assert!(!kept.admits(&ShownToken::new(id, secret), at(3)));
    let next = store.add_api_token(&new, at(4)).await.unwrap();
    assert!(next.is_some_and(|next| next > id), "the name is free again, the number is not");
    assert_eq!(store.api_token(ApiTokenId(99)).await.unwrap(), None);
}
