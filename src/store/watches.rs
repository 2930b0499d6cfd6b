//! Watches: topics that somebody wants to hear of in a channel, and what was found for them.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use super::{Finding, Place, Store, StoreError, signed, unsigned};

/// A topic watched in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// The interaction that set it.
    pub id: u64,
    /// Where it belongs.
    pub place: Place,
    /// Where it is told.
    pub channel: u64,
    /// Who set it.
    pub owner: u64,
    /// What is watched for.
    pub topic: String,
    /// How often it is told.
    pub pace: Pace,
    /// The language of the bot's own words in it.
    pub language: String,
    /// When its next message may be made.
    pub due: Timestamp,
    /// The highest number of an article that it has looked at.
    pub looked: u64,
}

/// How often a watch is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As soon as something comes in.
    AtOnce,
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

impl Pace {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AtOnce, Self::Daily, Self::Weekly];

    /// Its name in the database and in commands.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// Seconds between two messages; nothing where there is no rhythm.
    #[must_use]
    pub fn seconds(self) -> Option<i64> {
        match self {
            Self::AtOnce => None,
            Self::Daily => Some(86_400),
            Self::Weekly => Some(7 * 86_400),
        }
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

impl FromStr for Pace {
    type Err = StoreError;

    fn from_str(name: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|pace| pace.name() == name)
            .ok_or_else(|| StoreError::Content(format!("the pace {name}")))
    }
}

/// What became of a wish to watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is watched from now on.
    New,
    /// It is watched already.
    There,
    /// There are too many.
    TooMany,
}

/// How long a watch without a rhythm waits after a message, in seconds, at most.
const PAUSE_AT_MOST: i64 = 120;

const COLUMNS: &str = "id, place, channel, owner, topic, pace, language, due, looked";

impl Store {
    /// Begins a watch, unless its place has `most` already. The same topic in the same channel is watched once,
    /// case aside.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn add_watch(&self, watch: &Watch, most: usize) -> Result<Added, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let added = sqlx::query(
            "INSERT INTO watches (id, place, channel, owner, topic, pace, language, due, looked)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
             WHERE NOT EXISTS (SELECT 1 FROM watches
                 WHERE place = $2 AND channel = $3 AND LOWER(topic) = LOWER($5))
             ON CONFLICT DO NOTHING",
        )
        .bind(signed(watch.id))
        .bind(signed(watch.place.0))
        .bind(signed(watch.channel))
        .bind(signed(watch.owner))
        .bind(watch.topic.clone())
        .bind(watch.pace.name())
        .bind(watch.language.clone())
        .bind(watch.due.as_second())
        .bind(signed(watch.looked))
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if added == 0 {
            return Ok(Added::There);
        }
        let count: i64 = sqlx::query("SELECT COUNT(*) AS count FROM watches WHERE place = $1")
            .bind(signed(watch.place.0))
            .fetch_one(&mut *transaction)
            .await?
            .try_get("count")?;
        if usize::try_from(count).unwrap_or(usize::MAX) > most {
            transaction.rollback().await?;
            return Ok(Added::TooMany);
        }
        transaction.commit().await?;
        Ok(Added::New)
    }

    /// The watches of `place`, oldest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watches(&self, place: Place) -> Result<Vec<Watch>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM watches WHERE place = $1 ORDER BY id");
        self.list(sql, signed(place.0)).await
    }

    /// The watches that a person set, wherever.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watches_of(&self, owner: u64) -> Result<Vec<Watch>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM watches WHERE owner = $1 ORDER BY id");
        self.list(sql, signed(owner)).await
    }

    /// The watch `id`, if it is there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watch(&self, id: u64) -> Result<Option<Watch>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM watches WHERE id = $1");
        Ok(self.list(sql, signed(id)).await?.into_iter().next())
    }

    /// The watches that have not looked at article `newest` yet.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watches_behind(&self, newest: u64) -> Result<Vec<Watch>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM watches WHERE looked < $1 ORDER BY id");
        self.list(sql, signed(newest)).await
    }

    /// The watches that have something to tell at `now`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn watches_due(&self, now: Timestamp) -> Result<Vec<Watch>, StoreError> {
        // A digest with nothing to tell waits for its next hour.
        for pace in Pace::ALL {
            let Some(seconds) = pace.seconds() else {
                continue;
            };
            sqlx::query(
                "UPDATE watches SET due = due + $1 * (($2 - due) / $1 + 1)
                 WHERE pace = $3 AND due <= $2 AND NOT EXISTS
                     (SELECT 1 FROM findings WHERE findings.watch = watches.id AND message = '')",
            )
            .bind(seconds)
            .bind(now.as_second())
            .bind(pace.name())
            .execute(&self.pool)
            .await?;
        }
        // What is due later than its pace could ever say was set by a clock that has been set back since. A digest
        // keeps its hour.
        for pace in Pace::ALL {
            let seconds = pace.seconds().unwrap_or(PAUSE_AT_MOST);
            sqlx::query(
                "UPDATE watches SET due = due - $1 * ((due - $2) / $1) WHERE pace = $3 AND due > $4",
            )
            .bind(seconds)
            .bind(now.as_second())
            .bind(pace.name())
            .bind(now.as_second().saturating_add(2 * seconds))
            .execute(&self.pool)
            .await?;
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM watches WHERE due <= $1 AND EXISTS
                 (SELECT 1 FROM findings WHERE findings.watch = watches.id AND message = '')
             ORDER BY due, id"
        );
        self.list(sql, now.as_second()).await
    }

    /// Ends the watch `id` of `place`, with what is still to be told of it. Says whether it was there.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn end_watch(&self, place: Place, id: u64) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let ended = sqlx::query("DELETE FROM watches WHERE place = $1 AND id = $2")
            .bind(signed(place.0))
            .bind(signed(id))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if ended > 0 {
            sqlx::query("DELETE FROM outbox WHERE watch = $1 AND sent = 0")
                .bind(signed(id))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(ended > 0)
    }

    /// Removes all that is kept of a person: the watches they set, and messages to them.
    ///
    /// # Errors
    /// Where the database fails; then nothing is removed.
    pub async fn forget_person(&self, person: u64) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for delete in [
            "DELETE FROM outbox WHERE sent = 0 AND watch IN (SELECT id FROM watches WHERE owner = $1)",
            "DELETE FROM outbox WHERE person = $1",
            "DELETE FROM watches WHERE owner = $1",
        ] {
            sqlx::query(delete)
                .bind(signed(person))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Keeps what `watch` found among the articles up to `newest`. Says whether it was kept: not where the
    /// watch is gone, or another process has looked meanwhile.
    ///
    /// # Errors
    /// Where the database fails; then nothing is kept, and the same articles are looked at again.
    pub async fn found(
        &self,
        watch: &Watch,
        newest: u64,
        findings: &[Finding],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let mine = sqlx::query("UPDATE watches SET looked = $1 WHERE id = $2 AND looked = $3")
            .bind(signed(newest))
            .bind(signed(watch.id))
            .bind(signed(watch.looked))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if mine == 0 {
            return Ok(false);
        }
        for finding in findings {
            sqlx::query(
                "INSERT INTO findings (watch, article, number, excerpt, shown, found, message)
                 VALUES ($1, $2, $3, $4, $5, $6, '') ON CONFLICT DO NOTHING",
            )
            .bind(signed(watch.id))
            .bind(finding.article.clone())
            .bind(signed(finding.number))
            .bind(finding.excerpt.clone())
            .bind(finding.shown.clone())
            .bind(now.as_second())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The last findings of a watch, told or not, the newest first.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn last_findings(&self, watch: u64, most: u32) -> Result<Vec<Finding>, StoreError> {
        let sql = "SELECT article, number, excerpt, shown FROM findings WHERE watch = $1
                   ORDER BY found DESC, number DESC LIMIT $2";
        self.findings(sql, watch, most).await
    }

    /// What a watch has still to tell, in the order of the articles.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn untold(&self, watch: u64, most: u32) -> Result<Vec<Finding>, StoreError> {
        let sql = "SELECT article, number, excerpt, shown FROM findings
                   WHERE watch = $1 AND message = '' ORDER BY number LIMIT $2";
        self.findings(sql, watch, most).await
    }

    /// Where the archive was built anew, its numbers begin again: what is beyond its `newest` has looked at all.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn begin_again(&self, newest: u64) -> Result<(), StoreError> {
        sqlx::query("UPDATE watches SET looked = $1 WHERE looked > $1")
            .bind(signed(newest))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn list(&self, sql: String, value: i64) -> Result<Vec<Watch>, StoreError> {
        // Nothing but names of columns was put into the statement.
        sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(value)
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(watch)
            .collect()
    }

    async fn findings(
        &self,
        sql: &'static str,
        watch: u64,
        most: u32,
    ) -> Result<Vec<Finding>, StoreError> {
        sqlx::query(sql)
            .bind(signed(watch))
            .bind(i64::from(most))
            .fetch_all(&self.pool)
            .await?
            .iter()
            .map(|row| {
                Ok(Finding {
                    article: row.try_get("article")?,
                    number: unsigned(row.try_get("number")?),
                    excerpt: row.try_get("excerpt")?,
                    shown: row.try_get("shown")?,
                })
            })
            .collect()
    }
}

fn watch(row: &AnyRow) -> Result<Watch, StoreError> {
    let pace: String = row.try_get("pace")?;
    let due: i64 = row.try_get("due")?;
    Ok(Watch {
        id: unsigned(row.try_get("id")?),
        place: Place(unsigned(row.try_get("place")?)),
        channel: unsigned(row.try_get("channel")?),
        owner: unsigned(row.try_get("owner")?),
        topic: row.try_get("topic")?,
        pace: pace.parse()?,
        language: row.try_get("language")?,
        due: Timestamp::from_second(due)
            .map_err(|_| StoreError::Content(format!("the moment {due}")))?,
        looked: unsigned(row.try_get("looked")?),
    })
}
