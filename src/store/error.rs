//! What can go wrong with the store.

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database answers with an error, or not at all; the work may be tried again.
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    /// The schema was made by a newer version.
    #[error("the database has schema {found}, newer than this version knows ({known}): run the newer rolecall, or restore a backup")]
    NewerSchema {
        /// Newest migration in the database.
        found: i64,
        /// Newest migration of this version.
        known: i64,
    },
    /// A database file, or its log, is damaged. It is never mended by itself.
    #[error(
        "the database {} is damaged ({fault}). Nothing was changed: `rolecall restore BACKUP` puts a backup in its place and keeps it aside; \
         without a backup, set database.url to another file", file.display()
    )]
    Damaged {
        /// The file.
        file: std::path::PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// A setting or a path cannot be used.
    #[error("{0}")]
    Unusable(String),
    /// A row does not read back as the noun it was written from.
    #[error("table {table}, row {row}: {fault}")]
    Row {
        /// The table.
        table: &'static str,
        /// Its key.
        row: String,
        /// What does not read.
        fault: String,
    },
}
