//! What outlives the program: servers' settings, watches, messages on their way, and counts of what helped.
//!
//! A SQLite file, or PostgreSQL where several bot processes share it. Both are spoken to through one set of
//! statements and one set of migrations: whole numbers and text, numbered places, `ON CONFLICT`. Whatever is
//! kept belongs to a place ([`Place`]), and no statement reads across places but those that serve a person's
//! own rows and the sending of messages.
//!
//! The one floor below the faces that is asynchronous, since both databases are. It has no clock: each
//! moment is an argument. Left out: texts of messages; nothing of what people write is kept but the topics
//! that they asked to be told of.

mod feedback;
mod outbox;
mod settings;
mod watches;

pub use feedback::Feedback;
pub use outbox::{Finding, Post, Recipient};
pub use settings::{AskingPace, GuildSettings};
pub use watches::{Added, Pace, Watch};

use std::time::Duration;

use sqlx::{
    AnyPool, SqlSafeStr,
    any::{AnyConnectOptions, AnyPoolOptions},
    migrate::{Migration, MigrationType, Migrator},
};

/// The migrations, in order. One that was released is never changed, only followed by another.
const MIGRATIONS: [(&str, &str); 3] = [
    ("settings", include_str!("migrations/0001_settings.sql")),
    ("watches", include_str!("migrations/0002_watches.sql")),
    ("feedback", include_str!("migrations/0003_feedback.sql")),
];

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many connections a process has to PostgreSQL.
const CONNECTIONS: u32 = 5;

/// A database that fails.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none.
    #[error(
        "store.url is no address of a database: write sqlite://FILE or postgres://USER@HOST/DATABASE"
    )]
    Url,
    /// The database cannot be opened.
    #[error("the database {place} cannot be opened: {reason}")]
    Open {
        /// The file, or the host, without a password.
        place: String,
        /// What it says.
        reason: String,
    },
    /// A statement failed.
    #[error("the database failed: {0}")]
    Failed(#[from] sqlx::Error),
    /// A row that no version of this program has written.
    #[error("the database holds {0}, which means nothing")]
    Content(String),
}

/// To what something belongs: a server, or the direct channel that stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub u64);

/// The database.
#[derive(Clone, Debug)]
pub struct Store {
    pool: AnyPool,
}

impl Store {
    /// Opens the database at `url` (`sqlite://FILE`, `postgres://USER:PASSWORD@HOST/DATABASE`), and brings
    /// its tables up to date. A SQLite file that is not there is made.
    ///
    /// # Errors
    /// Where it cannot be opened, or is of a newer version of this program.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let sqlite = url.starts_with("sqlite://");
        if !sqlite && !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(StoreError::Url);
        }
        let address = if sqlite && !url.contains('?') {
            format!("{url}?mode=rwc")
        } else {
            url.to_owned()
        };
        let options: AnyConnectOptions = address.parse().map_err(|_| StoreError::Url)?;
        let failed = |error: &dyn std::fmt::Display| StoreError::Open {
            place: without_password(url),
            reason: error.to_string(),
        };
        let pool = AnyPoolOptions::new()
            // SQLite has one writer; a second connection would only wait for the first.
            .max_connections(if sqlite { 1 } else { CONNECTIONS })
            .acquire_timeout(PATIENCE)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        for pragma in [
                            "PRAGMA busy_timeout = 5000",
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA foreign_keys = ON",
                        ] {
                            sqlx::query(pragma).execute(&mut *connection).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| failed(&error))?;
        let migrations = (1..).zip(MIGRATIONS).map(|(version, (name, sql))| {
            Migration::new(
                version,
                name.into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                false,
            )
        });
        Migrator::with_migrations(migrations.collect())
            .run(&pool)
            .await
            .map_err(|error| failed(&error))?;
        Ok(Self { pool })
    }

    /// Closes all connections; what was promised is kept.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }
}

/// `url` as it may be printed.
#[must_use]
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "at store.url".to_owned();
    };
    // What follows the question mark can hold a password as well.
    let rest = rest.split('?').next().unwrap_or_default();
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    format!("{scheme}://{place}")
}

/// An id as the database keeps it.
fn signed(id: u64) -> i64 {
    id.cast_signed()
}

/// An id that the database kept.
fn unsigned(id: i64) -> u64 {
    id.cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn a_password_is_printed_nowhere() {
        for (url, printed) in [
            (
                "postgres://u:p@ss@db.example/news",
                "postgres://db.example/news",
            ),
            ("postgres://db/news?password=secret", "postgres://db/news"),
            ("sqlite://dateline.db", "sqlite://dateline.db"),
            ("secret", "at store.url"),
        ] {
            assert_eq!(without_password(url), printed);
        }
    }
}
