//! The operations of the API by the scope they need, and their description (OpenAPI 3.1), which is made from the same table.

use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi as Description, PathItem, Ref, RefOr, Required, ResponseBuilder, Server};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::domain::api_token::Scope;
use crate::domain::{Education, EmploymentType, Role, Seniority, WorkMode};
use crate::web::api::admit::{Gate, admit};
use crate::web::api::problem::Problem;
use crate::web::api::{alerts, listings, push, sources, status, subscribers, suppressions, webhooks};
use crate::web::state::Shared;

/// Where postings are sent to.
pub(in crate::web) const POSTINGS: &str = "/api/v1/sources/{name}/postings";

/// What is the same for every operation.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Rolecall",
        description = "Job alerts: what the pages and the command line do, for programs. Every operation needs a bearer token with the \
            scope it names (`rolecall token add NAME --scope SCOPE`); whatever is refused answers with problem details (RFC 9457) \
            that name the place and the mend.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem, Role, Seniority, WorkMode, EmploymentType, Education))
)]
struct Common;

/// The operations, and their description.
pub(in crate::web) fn routes(site: &Shared) -> (axum::Router<Shared>, Description) {
    let mut common = Common::openapi();
    let components = common.components.get_or_insert_default();
    let bearer = |words| SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).description(Some(words)).build());
    components.add_security_scheme("token", bearer("A token of `rolecall token add`, with the scope that the operation names."));
    components.add_security_scheme("source", bearer("The token that the configuration gives a source of kind push."));
    common.servers = Some(vec![Server::new(site.house.base_url.as_str().trim_end_matches('/'))]);
    let push = with_optional_body(secured(OpenApiRouter::new().routes(routes!(push::push)), "source", &[]));
    let groups = by_scope().into_iter().map(|(scope, router)| {
        let gate = Gate { site: site.clone(), scope };
        secured(router, "token", &[scope.as_str()]).route_layer(from_fn_with_state(gate, admit))
    });
    let (router, mut description) = groups.fold(OpenApiRouter::with_openapi(common).merge(push), OpenApiRouter::merge).split_for_parts();
    description.paths.paths.values_mut().flat_map(operations).for_each(with_refusals);
    (router.method_not_allowed_fallback(wrong_method), description)
}

/// Which scope is needed for what.
fn by_scope() -> Vec<(Scope, OpenApiRouter<Shared>)> {
    let reading_people = OpenApiRouter::new()
        .routes(routes!(subscribers::list))
        .routes(routes!(subscribers::show))
        .routes(routes!(subscribers::export))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::show))
        .routes(routes!(alerts::forecast_alert))
        .routes(routes!(alerts::explain))
        .routes(routes!(webhooks::show))
        .routes(routes!(suppressions::look_up));
    let changing_people = OpenApiRouter::new()
        .routes(routes!(subscribers::add))
        .routes(routes!(subscribers::erase))
        .routes(routes!(subscribers::pause))
        .routes(routes!(subscribers::resume))
        .routes(routes!(alerts::add))
        .routes(routes!(alerts::change))
        .routes(routes!(alerts::end))
        .routes(routes!(alerts::preview))
        .routes(routes!(webhooks::keep))
        .routes(routes!(webhooks::drop_it))
        .routes(routes!(webhooks::test))
        .routes(routes!(suppressions::add));
    let listings =
        OpenApiRouter::new().routes(routes!(listings::browse)).routes(routes!(listings::show)).routes(routes!(listings::forecast));
    vec![
        (Scope::ListingsRead, listings),
        (Scope::SubscribersRead, reading_people),
        (Scope::SubscribersWrite, changing_people),
        (Scope::SourcesRead, OpenApiRouter::new().routes(routes!(sources::list)).routes(routes!(sources::show))),
        (Scope::StatusRead, OpenApiRouter::new().routes(routes!(status::status))),
    ]
}

/// The same operations, described as needing this.
fn secured(mut router: OpenApiRouter<Shared>, scheme: &str, scopes: &[&str]) -> OpenApiRouter<Shared> {
    for operation in router.get_openapi_mut().paths.paths.values_mut().flat_map(operations) {
        operation.security = Some(vec![SecurityRequirement::new(scheme, scopes.iter().copied())]);
    }
    router
}

/// The same operations, described as taking a body that may be left out: no lines at all are no postings.
fn with_optional_body(mut router: OpenApiRouter<Shared>) -> OpenApiRouter<Shared> {
    for operation in router.get_openapi_mut().paths.paths.values_mut().flat_map(operations) {
        if let Some(RefOr::T(body)) = &mut operation.request_body {
            body.required = Some(Required::False);
        }
    }
    router
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

/// Describes the refusals that every operation may answer with; those of its own kind stand at the operation.
fn with_refusals(operation: &mut Operation) {
    let mut refusals = vec![("401", "no good token"), ("429", "too many requests within a minute"), ("503", "not now; send it again")];
    let scoped = operation.security.iter().flatten().any(|needed| *needed != SecurityRequirement::new("source", Vec::<String>::new()));
    if scoped {
        refusals.push(("403", "the token lacks the scope"));
    }
    if operation.request_body.is_some() {
        refusals.extend([("400", "the body cannot be read"), ("408", "the body took too long"), ("413", "the body is too large")]);
        refusals.extend(scoped.then_some(("415", "the body is not said to be JSON")));
    }
    for (status, words) in refusals {
        let content = utoipa::openapi::content::ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(words).content("application/problem+json", content).build();
        operation.responses.responses.entry(status.to_owned()).or_insert(response.into());
    }
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this cannot be done here", "use a method that the header Allow names")
}
