//! How often answers helped, by kind of question.

use sqlx::Row;

use super::{Place, Store, StoreError, signed};

/// The counts of one kind of question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    /// The command's name.
    pub kind: String,
    /// How often its answers helped.
    pub helped: u64,
    /// How often not.
    pub not: u64,
}

impl Store {
    /// Counts that an answer to a question of this kind helped, or did not.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn count_feedback(
        &self,
        place: Place,
        kind: &str,
        helped: bool,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO feedback (place, kind, helped, count) VALUES ($1, $2, $3, 1)
             ON CONFLICT (place, kind, helped) DO UPDATE SET count = feedback.count + 1",
        )
        .bind(signed(place.0))
        .bind(kind.to_owned())
        .bind(i64::from(helped))
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The counts of `place`, by kind.
    ///
    /// # Errors
    /// Where the database fails.
    pub async fn feedback(&self, place: Place) -> Result<Vec<Feedback>, StoreError> {
        let rows = sqlx::query(
            "SELECT kind, helped, count FROM feedback WHERE place = $1 ORDER BY kind, helped",
        )
        .bind(signed(place.0))
        .fetch_all(&self.pool)
        .await?;
        let mut counts: Vec<Feedback> = Vec::new();
        for row in rows {
            let kind: String = row.try_get("kind")?;
            let helped: i64 = row.try_get("helped")?;
            let count: i64 = row.try_get("count")?;
            let count = u64::try_from(count).unwrap_or(0);
            if counts.last().is_none_or(|last| last.kind != kind) {
                counts.push(Feedback {
                    kind,
                    helped: 0,
                    not: 0,
                });
            }
            if let Some(last) = counts.last_mut() {
                if helped == 0 {
                    last.not = count;
                } else {
                    last.helped = count;
                }
            }
        }
        Ok(counts)
    }
}
