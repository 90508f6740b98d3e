//! Who may ask: a bearer token (RFC 6750) that is good and has the scope, within the limits of its pace.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::domain::api_token::{ApiToken, Scope, ShownToken};
use crate::web::api::problem::Problem;
use crate::web::state::{Shared, Site};
use crate::web::visitor::Visitor;

/// What a part of the API asks of its callers.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    pub(super) site: Shared,
    pub(super) scope: Scope,
}

/// Lets a request through whose token may do this.
pub(super) async fn admit(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let visitor = Visitor::of(request.extensions(), request.headers(), &gate.site);
    match caller(&gate, visitor, request.headers()).await {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

async fn caller(gate: &Gate, visitor: Visitor, headers: &HeaderMap) -> Result<(), Problem> {
    let (site, now) = (&gate.site, gate.site.now());
    let Some(text) = bearer(headers) else { return Err(stranger(site, visitor, "Bearer")) };
    let known = match ShownToken::parse(text) {
        Some(shown) => site.house.store.api_token(shown.id).await?.filter(|token| token.admits(&shown, now)),
        None => None,
    };
    let Some(token) = known else { return Err(stranger(site, visitor, "Bearer error=\"invalid_token\"")) };
    if !site.limits.callers.admits(token.id, now) {
        return Err(too_many());
    }
    if token.may(gate.scope) { Ok(()) } else { Err(lacking(&token, gate.scope)) }
}

/// The token of an `Authorization: Bearer` header (RFC 6750 2.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}

/// Nobody we know; who tries often is not heard any more for a while.
pub(super) fn stranger(site: &Site, visitor: Visitor, challenge: &str) -> Problem {
    if visitor.0.is_some_and(|network| !site.limits.strangers.admits(network, site.now())) {
        return too_many();
    }
    let mend = "send the header Authorization: Bearer with a token of `rolecall token add`";
    let problem = Problem::new(StatusCode::UNAUTHORIZED, "no good token was shown", mend);
    problem.at("Authorization").with(header::WWW_AUTHENTICATE, challenge)
}

fn lacking(token: &ApiToken, scope: Scope) -> Problem {
    let detail = format!("the token {:?} may not do this: it lacks the scope {scope}", token.name);
    let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{scope}\"");
    let problem = Problem::new(StatusCode::FORBIDDEN, detail, "make a token with this scope: `rolecall token add NAME --scope …`");
    problem.at("Authorization").with(header::WWW_AUTHENTICATE, &challenge)
}

/// Too much within a minute.
fn too_many() -> Problem {
    /// As long as a limit counts.
    const AGAIN: u32 = 60;
    let mend = "come back in a minute; the operator sets [web] api_requests_per_minute";
    Problem::new(StatusCode::TOO_MANY_REQUESTS, "there were too many requests within a minute", mend).again_in(AGAIN)
}
