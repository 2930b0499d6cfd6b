//! What a server has set for itself.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sqlx::Row;

use super::{Place, Store, StoreError, signed, unsigned};

/// A server's settings. What is not set is as the configuration file has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GuildSettings {
    /// What prefix commands begin with.
    pub prefix: Option<String>,
    /// The language of the bot's own words, by its code.
    pub language: Option<String>,
    /// The channels where the bot answers; none are all.
    pub channels: BTreeSet<u64>,
    /// The outlets that are answered from; none are all.
    pub outlets: BTreeSet<String>,
    /// The first day of publication that is answered from.
    pub published_from: Option<Date>,
    /// The last.
    pub published_until: Option<Date>,
    /// How many excerpts an answer has at most.
    pub excerpts: Option<u32>,
    /// How long an excerpt may be, in characters.
    pub excerpt_length: Option<u32>,
    /// How fast one person may ask.
    pub cooldown: Option<AskingPace>,
}

/// So many at once, then one in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskingPace {
    /// How many at once; 0 sets no limit.
    pub burst: u32,
    /// Seconds until one more is free.
    pub seconds: u32,
}

impl Store {
    /// The settings of `place`.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn settings(&self, place: Place) -> Result<GuildSettings, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let settings = read(&mut transaction, place).await?;
        transaction.commit().await?;
        Ok(settings)
    }

    /// Changes the settings of `place`, as they are in the database at that moment, and gives the new ones.
    ///
    /// # Errors
    /// Where the database fails; then nothing is changed.
    pub async fn change_settings(
        &self,
        place: Place,
        change: impl FnOnce(&mut GuildSettings) + Send,
    ) -> Result<GuildSettings, StoreError> {
        let mut transaction = self.pool.begin().await?;
        // A write first: it takes the row, so that of two who change at once the second sees the first.
        sqlx::query(
            "INSERT INTO guild_settings (place) VALUES ($1)
             ON CONFLICT (place) DO UPDATE SET place = excluded.place",
        )
        .bind(signed(place.0))
        .execute(&mut *transaction)
        .await?;
        let mut settings = read(&mut transaction, place).await?;
        change(&mut settings);
        sqlx::query(
            "UPDATE guild_settings SET prefix = $2, language = $3, excerpts = $4, excerpt_length = $5,
             cooldown_burst = $6, cooldown_seconds = $7, published_from = $8, published_until = $9
             WHERE place = $1",
        )
        .bind(signed(place.0))
        .bind(settings.prefix.clone())
        .bind(settings.language.clone())
        .bind(settings.excerpts.map(i64::from))
        .bind(settings.excerpt_length.map(i64::from))
        .bind(settings.cooldown.map(|pace| i64::from(pace.burst)))
        .bind(settings.cooldown.map(|pace| i64::from(pace.seconds)))
        .bind(settings.published_from.map(|day| day.to_string()))
        .bind(settings.published_until.map(|day| day.to_string()))
        .execute(&mut *transaction)
        .await?;
        for delete in [
            "DELETE FROM guild_channels WHERE place = $1",
            "DELETE FROM guild_outlets WHERE place = $1",
        ] {
            sqlx::query(delete)
                .bind(signed(place.0))
                .execute(&mut *transaction)
                .await?;
        }
        for channel in &settings.channels {
            sqlx::query("INSERT INTO guild_channels (place, channel) VALUES ($1, $2)")
                .bind(signed(place.0))
                .bind(signed(*channel))
                .execute(&mut *transaction)
                .await?;
        }
        for outlet in &settings.outlets {
            sqlx::query("INSERT INTO guild_outlets (place, outlet) VALUES ($1, $2)")
                .bind(signed(place.0))
                .bind(outlet.clone())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(settings)
    }

    /// Removes all that is kept for `place`: its settings, watches with what they found, messages and counts.
    ///
    /// # Errors
    /// Where the database fails; then nothing is removed.
    pub async fn forget_place(&self, place: Place) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for delete in [
            "DELETE FROM guild_settings WHERE place = $1",
            "DELETE FROM watches WHERE place = $1",
            "DELETE FROM outbox WHERE place = $1",
            "DELETE FROM feedback WHERE place = $1",
        ] {
            sqlx::query(delete)
                .bind(signed(place.0))
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

async fn read(
    transaction: &mut sqlx::Transaction<'_, sqlx::Any>,
    place: Place,
) -> Result<GuildSettings, StoreError> {
    let row = sqlx::query(
        "SELECT prefix, language, excerpts, excerpt_length, cooldown_burst, cooldown_seconds,
         published_from, published_until FROM guild_settings WHERE place = $1",
    )
    .bind(signed(place.0))
    .fetch_optional(&mut **transaction)
    .await?;
    let Some(row) = row else {
        return Ok(GuildSettings::default());
    };
    let number = |name: &str| -> Result<Option<u32>, StoreError> {
        let value: Option<i64> = row.try_get(name)?;
        value
            .map(|value| {
                u32::try_from(value).map_err(|_| StoreError::Content(format!("{name} {value}")))
            })
            .transpose()
    };
    let day = |name: &str| -> Result<Option<Date>, StoreError> {
        let value: Option<String> = row.try_get(name)?;
        value
            .map(|value| {
                value
                    .parse()
                    .map_err(|_| StoreError::Content(format!("{name} {value}")))
            })
            .transpose()
    };
    let cooldown = match (number("cooldown_burst")?, number("cooldown_seconds")?) {
        (Some(burst), Some(seconds)) => Some(AskingPace { burst, seconds }),
        _ => None,
    };
    let mut settings = GuildSettings {
        prefix: row.try_get("prefix")?,
        language: row.try_get("language")?,
        channels: BTreeSet::new(),
        outlets: BTreeSet::new(),
        published_from: day("published_from")?,
        published_until: day("published_until")?,
        excerpts: number("excerpts")?,
        excerpt_length: number("excerpt_length")?,
        cooldown,
    };
    for row in sqlx::query("SELECT channel FROM guild_channels WHERE place = $1")
        .bind(signed(place.0))
        .fetch_all(&mut **transaction)
        .await?
    {
        settings.channels.insert(unsigned(row.try_get("channel")?));
    }
    for row in sqlx::query("SELECT outlet FROM guild_outlets WHERE place = $1")
        .bind(signed(place.0))
        .fetch_all(&mut **transaction)
        .await?
    {
        settings.outlets.insert(row.try_get("outlet")?);
    }
    Ok(settings)
}
