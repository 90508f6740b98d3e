//! The tokens of programs that use the API.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::api_token::{ApiToken, ApiTokenId, NewApiToken};

const ADD: &str = "INSERT INTO api_token (name, digest, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) \
     ON CONFLICT DO NOTHING RETURNING id";
const ONE: &str = "SELECT id, name, digest, scopes, created_at, expires_at, revoked_at FROM api_token WHERE id = $1";
const ALL: &str = "SELECT id, name, digest, scopes, created_at, expires_at, revoked_at FROM api_token ORDER BY id";
const REVOKE: &str = "UPDATE api_token SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD, ONE, ALL, REVOKE];

impl Store {
    /// Keeps a token; none where one of its name is there that was not taken back.
    ///
    /// # Errors
    /// The database's own.
    pub async fn add_api_token(&self, token: &NewApiToken, now: DateTime<Utc>) -> Result<Option<ApiTokenId>, StoreError> {
        let mut tx = self.begin().await?;
        let scopes = to_json("api_token", &token.scopes)?;
        let row: Option<(i64,)> = tx.row(ADD, values![&token.name, &token.digest, &scopes, now, token.expires_at]).await?;
        tx.commit().await?;
        Ok(row.map(|(id,)| ApiTokenId(id)))
    }

    /// One token, whatever became of it.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn api_token(&self, id: ApiTokenId) -> Result<Option<ApiToken>, StoreError> {
        let row: Option<TokenRow> = self.reader.row(ONE, values![id.0]).await?;
        row.map(TokenRow::token).transpose()
    }

    /// All tokens ever made, oldest first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        let rows: Vec<TokenRow> = self.reader.rows(ALL, values![]).await?;
        rows.into_iter().map(TokenRow::token).collect()
    }

    /// Takes the token of a name back; false where there is none that is not taken back already.
    ///
    /// # Errors
    /// The database's own.
    pub async fn revoke_api_token(&self, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let revoked = tx.run(REVOKE, values![name, now]).await? > 0;
        tx.commit().await?;
        Ok(revoked)
    }
}

#[derive(FromRow)]
struct TokenRow {
    id: i64,
    name: String,
    digest: String,
    scopes: String,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TokenRow {
    fn token(self) -> Result<ApiToken, StoreError> {
        let cells = Cells { table: "api_token", row: self.id };
        Ok(ApiToken {
            id: ApiTokenId(self.id),
            name: self.name,
            scopes: cells.json(&self.scopes)?,
            created_at: cells.time(self.created_at)?,
            expires_at: cells.maybe_time(self.expires_at)?,
            revoked_at: cells.maybe_time(self.revoked_at)?,
            digest: self.digest,
        })
    }
}
