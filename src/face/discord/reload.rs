//! Reading the configuration and the rules anew while the bot runs: by SIGHUP, and by `/reload` for whoever owns
//! the application.
//!
//! All or nothing: where something is wrong, everything stays as it was, and what is wrong is told. One reading
//! is made at a time, beside the answers, which go on by what they began with.

use std::sync::Arc;

use serenity::{
    all::{CommandInteraction, UserId},
    builder::{
        CreateInteractionResponse, CreateInteractionResponseMessage, EditInteractionResponse,
    },
    http::{Http, LightMethod, Request, Route},
};
use tokio::sync::{mpsc, oneshot};

use super::{
    bot::{self, Bot},
    delivery::{attempt, cause, report, undelivered},
    interaction::Responding,
    look::Sheet,
    markdown::{escape_line, shorten},
    places::Manners,
    settings::Settings,
};
use crate::{archive::Archive, face::current::Current};

/// How much is told in a message.
const TOLD: usize = 1500;

/// How the configuration is read anew: what it is now, or all that is wrong with it. It may block.
pub type Reading = dyn Fn() -> Result<Renewal, Vec<String>> + Send + Sync;

/// What holds from now on.
pub struct Renewal {
    /// The settings.
    pub settings: Settings,
    /// The archive, whole.
    pub archive: Arc<Archive>,
    /// What is another than before.
    pub reloaded: Reloaded,
}

/// What a reading has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// Keys that hold anew, and "the rules".
    pub changed: Vec<String>,
    /// Keys that were changed and hold after a restart.
    pub after_restart: Vec<String>,
}

/// A call for a reading, and who wants to know what it gave.
pub type Call = oneshot::Sender<Result<Reloaded, Vec<String>>>;

/// Reads whenever it is called.
pub async fn serve(
    mut calls: mpsc::Receiver<Call>,
    reading: Arc<Reading>,
    current: Current<Bot>,
    http: Arc<Http>,
) {
    while let Some(call) = calls.recv().await {
        notify_reloading();
        let reading = Arc::clone(&reading);
        let read = tokio::task::spawn_blocking(move || reading()).await;
        let read = read.unwrap_or_else(|_| {
            Err(vec![
                "reading failed, which is a fault of Dateline".to_owned(),
            ])
        });
        let bot = current.get();
        let told = read.map(|renewal| take(&current, renewal));
        bot.run.metrics.reloaded(told.is_ok());
        match &told {
            Ok(Reloaded {
                changed,
                after_restart,
            }) => {
                let (changed, after_restart) = (changed.join(", "), after_restart.join(", "));
                tracing::info!(changed, after_restart, "the configuration was read anew");
                // Descriptions, lengths and the commands themselves may be others.
                let registers = bot
                    .run
                    .registered
                    .load(std::sync::atomic::Ordering::Acquire);
                if registers && !changed.is_empty() {
                    current.get().register(&http).await;
                }
            }
            Err(problems) => {
                for problem in problems {
                    tracing::error!(
                        problem,
                        "the configuration was not read anew; the old one holds"
                    );
                }
            }
        }
        bot::ready();
        // Whoever called need not wait for it.
        let _ = call.send(told);
    }
}

/// Lets a renewal hold.
fn take(current: &Current<Bot>, renewal: Renewal) -> Reloaded {
    let bot = current.get().renewed(renewal.settings, renewal.archive);
    current.replace(Arc::new(bot));
    renewal.reloaded
}

/// Tells the service manager.
fn notify_reloading() {
    use sd_notify::NotifyState;
    if let Ok(now) = NotifyState::monotonic_usec_now() {
        // Without one there is nobody to tell.
        let _ = sd_notify::notify(&[NotifyState::Reloading, now]);
    }
}

/// The application, as far as it says whose it is.
#[derive(serde::Deserialize)]
struct Application {
    owner: Option<Person>,
    team: Option<Team>,
}

#[derive(serde::Deserialize)]
struct Person {
    id: UserId,
}

#[derive(serde::Deserialize)]
struct Team {
    owner_user_id: UserId,
    members: Vec<Member>,
}

#[derive(serde::Deserialize)]
struct Member {
    user: Person,
    #[serde(default)]
    role: String,
    membership_state: u8,
}

/// The state of a member who has accepted the invitation to the team.
const ACCEPTED: u8 = 2;

impl Member {
    fn administers(&self) -> bool {
        self.membership_state == ACCEPTED && self.role == "admin"
    }
}

impl Application {
    /// Whether this person runs it: its owner, or the owner or an administrator of the team that owns it.
    fn is_of(&self, person: UserId) -> bool {
        match &self.team {
            Some(team) => {
                team.owner_user_id == person
                    || team
                        .members
                        .iter()
                        .any(|member| member.user.id == person && member.administers())
            }
            None => self.owner.as_ref().is_some_and(|owner| owner.id == person),
        }
    }
}

impl Bot {
    /// Answers `/reload`.
    pub(super) async fn serve_reload(
        &self,
        http: &Http,
        responding: Responding<'_>,
        manners: &Manners,
        interaction: &CommandInteraction,
    ) {
        let (id, token) = (responding.id, responding.token);
        let deferred = CreateInteractionResponse::Defer(
            CreateInteractionResponseMessage::new().ephemeral(true),
        );
        self.respond(http, id, token, deferred).await;
        let told = self.reload_for(http, manners, interaction.user.id).await;
        let edit: EditInteractionResponse = Sheet::sentence(&told).deferred();
        let sent = attempt(|| interaction.edit_response(http, edit.clone())).await;
        report(id, sent.map(drop).map_err(undelivered));
    }

    /// Reads anew for this person, and gives what they are told.
    async fn reload_for(&self, http: &Http, manners: &Manners, person: UserId) -> String {
        let asking = || {
            http.fire::<Application>(Request::new(
                Route::Oauth2ApplicationCurrent,
                LightMethod::Get,
            ))
        };
        match attempt(asking).await {
            Ok(application) if application.is_of(person) => {}
            Ok(_) => return manners.say("reload_owner_only", &[]),
            Err(error) => {
                tracing::warn!(cause = cause(error), "whose the bot is could not be asked");
                return manners.say("reload_owner_only", &[]);
            }
        }
        let Some(reloads) = &self.run.reloads else {
            return manners.say("discord_unknown_command", &[]);
        };
        let (call, told) = oneshot::channel();
        if reloads.send(call).await.is_err() {
            return manners.say("reload_failed", &[]);
        }
        match told.await {
            Ok(Ok(reloaded)) => told_of(manners, &reloaded),
            Ok(Err(problems)) => {
                let mut lines = vec![escape_line(&manners.say("reload_wrong", &[]))];
                lines.extend(
                    problems
                        .iter()
                        .map(|problem| format!("- {}", escape_line(problem))),
                );
                shorten(&lines.join("\n"), TOLD)
            }
            Err(_) => manners.say("reload_failed", &[]),
        }
    }
}

fn told_of(manners: &Manners, reloaded: &Reloaded) -> String {
    let listed = |key: &str, list: &[String]| {
        let places = [("list", list.join(", "))];
        let places: Vec<(&str, &str)> = places
            .iter()
            .map(|(key, list)| (*key, list.as_str()))
            .collect();
        escape_line(&manners.say(key, &places))
    };
    let mut lines = Vec::new();
    if reloaded.changed.is_empty() {
        lines.push(escape_line(&manners.say("reload_same", &[])));
    } else {
        lines.push(listed("reload_changed", &reloaded.changed));
    }
    if !reloaded.after_restart.is_empty() {
        lines.push(listed("reload_restart", &reloaded.after_restart));
    }
    shorten(&lines.join("\n"), TOLD)
}
