//! Messages on their way: each made once, held by one sender at a time, and kept until it is there.
//!
//! A message is made in the same transaction in which what it tells is marked as told. Its id is made of the
//! watch and its due time, so that no second one can be made of the same. Whoever sends it holds it for a
//! while; a sender that dies lets it go by the clock, and the next one knows by `tried` that it may be there
//! already.

use jiff::Timestamp;
use sqlx::{Row, any::AnyRow};

use super::{Place, Store, StoreError, Watch, signed, unsigned};

/// Nobody holds a message for so long, in seconds: a time beyond that was written by a clock that has been set back
/// since.
const NEVER_HELD: i64 = 3600;

/// What was found for a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The article's id.
    pub article: String,
    /// The article's number.
    pub number: u64,
    /// The article's own words.
    pub excerpt: String,
    /// The same with date and source, as it will be shown.
    pub shown: String,
}

/// To whom a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// All that read a channel.
    Channel(u64),
    /// A person, in their direct channel.
    Person(u64),
}

/// A message on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its id and nonce: at most 25 characters.
    pub id: String,
    /// The watch that it tells of; nothing where it tells a person that one has ended.
    pub watch: Option<u64>,
    /// Where it belongs.
    pub place: Place,
    /// To whom it goes.
    pub to: Recipient,
    /// Its title, escaped.
    pub title: String,
    /// Its text, escaped.
    pub body: String,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// When it was first tried, where that was before this time.
    pub tried: Option<Timestamp>,
}

impl Store {
    /// Makes a message of `findings` of `watch`, whose next is due at `due`. Says whether it was made: not
    /// where the watch is gone, or another process made it.
    ///
    /// # Errors
    /// Where the database fails; then nothing is told, and everything is still to be told.
    pub async fn make_post(
        &self,
        watch: &Watch,
        findings: &[Finding],
        (title, body): (&str, &str),
        due: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let mine = sqlx::query("UPDATE watches SET due = $1 WHERE id = $2 AND due = $3")
            .bind(due.as_second())
            .bind(signed(watch.id))
            .bind(watch.due.as_second())
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        if mine == 0 {
            return Ok(false);
        }
        let id = format!("{:x}-{:x}", watch.id, watch.due.as_second());
        for finding in findings {
            sqlx::query("UPDATE findings SET message = $1 WHERE watch = $2 AND article = $3")
                .bind(id.clone())
                .bind(signed(watch.id))
                .bind(finding.article.clone())
                .execute(&mut *transaction)
                .await?;
        }
        let row = Draft {
            id: &id,
            watch: watch.id,
            place: watch.place,
            to: Recipient::Channel(watch.channel),
            title,
            body,
        };
        if !row.insert(&mut transaction, now).await? {
            // A clock that was set back has come to a time at which there was a message before. Nothing is told
            // with that one: this one is due a second later.
            transaction.rollback().await?;
            sqlx::query("UPDATE watches SET due = due + 1 WHERE id = $1 AND due = $2")
                .bind(signed(watch.id))
                .bind(watch.due.as_second())
                .execute(&self.pool)
                .await?;
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// When the last message for `channel` was made.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn last_post(&self, channel: u64) -> Result<Option<Timestamp>, StoreError> {
        let last: Option<i64> =
            sqlx::query("SELECT MAX(made) AS made FROM outbox WHERE channel = $1")
                .bind(signed(channel))
                .fetch_one(&self.pool)
                .await?
                .try_get("made")?;
        last.map(moment).transpose()
    }

    /// Takes messages that are to be sent at `now`, and holds them until `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn take_posts(
        &self,
        now: Timestamp,
        until: Timestamp,
        most: u32,
    ) -> Result<Vec<Post>, StoreError> {
        let rows = sqlx::query(
            "SELECT id, watch, place, channel, person, title, body, attempts, tried, held FROM outbox
             WHERE sent = 0 AND (held <= $1 OR held > $3) ORDER BY made, id LIMIT $2",
        )
        .bind(now.as_second())
        .bind(i64::from(most))
        .bind(now.as_second().saturating_add(NEVER_HELD))
        .fetch_all(&self.pool)
        .await?;
        let mut taken = Vec::new();
        for row in rows {
            let held: i64 = row.try_get("held")?;
            let post = post(&row)?;
            let mine = sqlx::query(
                "UPDATE outbox SET held = $1, attempts = attempts + 1,
                 tried = CASE WHEN tried = 0 THEN $2 ELSE tried END
                 WHERE id = $3 AND sent = 0 AND held = $4",
            )
            .bind(until.as_second())
            .bind(now.as_second())
            .bind(post.id.clone())
            .bind(held)
            .execute(&self.pool)
            .await?
            .rows_affected();
            if mine > 0 {
                taken.push(post);
            }
        }
        Ok(taken)
    }

    /// Notes that a message is there.
    ///
    /// # Errors
    /// Where the database fails; then it is tried again, and found to be there.
    pub async fn post_sent(&self, id: &str, now: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET sent = $1 WHERE id = $2")
            .bind(now.as_second())
            .bind(id.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Lets a message wait until `until`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn postpone(&self, id: &str, until: Timestamp) -> Result<(), StoreError> {
        sqlx::query("UPDATE outbox SET held = $1 WHERE id = $2")
            .bind(until.as_second())
            .bind(id.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Gives a message up.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn drop_post(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM outbox WHERE id = $1")
            .bind(id.to_owned())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a watch whose channel cannot be written to, and makes a message to whoever set it.
    ///
    /// # Errors
    /// Where the database fails; then nothing has changed.
    pub async fn end_unheard(
        &self,
        watch: &Watch,
        (title, body): (&str, &str),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        let ended = sqlx::query("DELETE FROM watches WHERE id = $1")
            .bind(signed(watch.id))
            .execute(&mut *transaction)
            .await?
            .rows_affected();
        sqlx::query("DELETE FROM outbox WHERE watch = $1 AND sent = 0")
            .bind(signed(watch.id))
            .execute(&mut *transaction)
            .await?;
        if ended > 0 {
            let id = format!("{:x}-end", watch.id);
            let row = Draft {
                id: &id,
                watch: 0,
                place: watch.place,
                to: Recipient::Person(watch.owner),
                title,
                body,
            };
            row.insert(&mut transaction, now).await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Forgets messages and findings that were told before `before`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn forget_told(&self, before: Timestamp) -> Result<(), StoreError> {
        for delete in [
            "DELETE FROM outbox WHERE sent > 0 AND sent < $1",
            "DELETE FROM findings WHERE message <> '' AND found < $1",
        ] {
            sqlx::query(delete)
                .bind(before.as_second())
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }
}

/// A message as it is written.
struct Draft<'a> {
    id: &'a str,
    watch: u64,
    place: Place,
    to: Recipient,
    title: &'a str,
    body: &'a str,
}

impl Draft<'_> {
    /// Says whether it was written: not where there is one with this id.
    async fn insert(
        &self,
        transaction: &mut sqlx::Transaction<'_, sqlx::Any>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (channel, person) = match self.to {
            Recipient::Channel(channel) => (channel, 0),
            Recipient::Person(person) => (0, person),
        };
        let written = sqlx::query(
            "INSERT INTO outbox
             (id, watch, place, channel, person, title, body, made, held, attempts, tried, sent)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
        )
        .bind(self.id.to_owned())
        .bind(signed(self.watch))
        .bind(signed(self.place.0))
        .bind(signed(channel))
        .bind(signed(person))
        .bind(self.title.to_owned())
        .bind(self.body.to_owned())
        .bind(now.as_second())
        .execute(&mut **transaction)
        .await?
        .rows_affected();
        Ok(written > 0)
    }
}

fn post(row: &AnyRow) -> Result<Post, StoreError> {
    let watch = unsigned(row.try_get("watch")?);
    let channel = unsigned(row.try_get("channel")?);
    let attempts: i64 = row.try_get("attempts")?;
    let tried: i64 = row.try_get("tried")?;
    Ok(Post {
        id: row.try_get("id")?,
        watch: (watch != 0).then_some(watch),
        place: Place(unsigned(row.try_get("place")?)),
        to: if channel == 0 {
            Recipient::Person(unsigned(row.try_get("person")?))
        } else {
            Recipient::Channel(channel)
        },
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        attempts: u32::try_from(attempts)
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        tried: (tried != 0).then(|| moment(tried)).transpose()?,
    })
}

fn moment(second: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_second(second).map_err(|_| StoreError::Content(format!("the moment {second}")))
}
