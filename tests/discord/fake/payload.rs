//! What Discord sends: the least that a client of today gets.

use serde_json::{Value, json};

use super::{
    ANN, APPLICATION, CHANNEL, DIRECT, FAR_CHANNEL, GUILD, ME, OTHER_CHANNEL, OTHER_GUILD, Shared,
    Shown,
};

pub fn ready(gateway: &str, session: &str, shard: [u32; 2]) -> Value {
    json!({
        "v": 10,
        "user": {"id": ME.to_string(), "username": "Dateline", "bot": true},
        "guilds": [{"id": GUILD.to_string(), "unavailable": true}],
        "session_id": session,
        "shard": shard,
        "resume_gateway_url": gateway,
        "application": {"id": APPLICATION.to_string(), "flags": 0},
    })
}

/// The application, as it is told to its bot.
pub fn application(owner: u64, team: &Value) -> Value {
    let owner = if owner == 0 { ANN } else { owner };
    json!({
        "id": APPLICATION.to_string(), "name": "Dateline", "icon": null, "description": "",
        "bot_public": true, "bot_require_code_grant": false, "verify_key": "00",
        "owner": user(owner), "team": team, "flags": 1 << 19,
    })
}

/// A team of which each member has a role and may have accepted the invitation (2) or not (1).
pub fn team(owner: u64, members: &[(u64, &str, u8)]) -> Value {
    let member = |(id, role, state): &(u64, &str, u8)| {
        json!({
            "user": user(*id), "team_id": "600000000000000001", "role": role,
            "membership_state": state, "permissions": ["*"],
        })
    };
    json!({
        "id": "600000000000000001", "icon": null, "name": "Desk", "owner_user_id": owner.to_string(),
        "members": members.iter().map(member).collect::<Vec<_>>(),
    })
}

pub fn guild() -> Value {
    json!({
        "id": GUILD.to_string(), "name": "Newsroom", "owner_id": ANN.to_string(),
        "joined_at": "2021-01-01T00:00:00Z", "large": false, "member_count": 3,
        "preferred_locale": "en-US", "verification_level": 0,
        "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
        "nsfw_level": 0, "premium_tier": 0, "premium_progress_bar_enabled": false,
        "system_channel_flags": 0, "features": [], "emojis": [], "stickers": [], "channels": [],
        "members": [], "threads": [], "voice_states": [], "presences": [], "stage_instances": [],
        "guild_scheduled_events": [],
        "roles": [{
            "id": GUILD.to_string(), "name": "@everyone", "color": 0, "colors": {"primary_color": 0},
            "hoist": false, "managed": false, "mentionable": false, "permissions": "0", "position": 0,
        }],
    })
}

/// The server that a channel is in.
pub fn guild_of(channel: u64) -> u64 {
    match channel {
        OTHER_CHANNEL => OTHER_GUILD,
        // Servers on the shards that follow, each with a channel.
        _ if channel >= FAR_CHANNEL => GUILD + (((channel - CHANNEL) >> 22) << 22),
        _ => GUILD,
    }
}

pub fn user(id: u64) -> Value {
    json!({
        "id": id.to_string(),
        "username": if id == ME { "Dateline".to_owned() } else { format!("person{}", id % 1000) },
        "bot": id == ME,
    })
}

/// Something said in a channel.
#[derive(Clone, Debug)]
pub struct Said {
    pub id: Option<u64>,
    pub author: u64,
    pub channel: u64,
    pub content: String,
    pub bot: bool,
    pub webhook: bool,
    pub kind: u8,
    pub everyone: bool,
    pub mentions: Vec<u64>,
    pub roles: Vec<u64>,
    pub reply_to: Option<Value>,
    /// Seconds after the message at which it was edited.
    pub edited: Option<u8>,
}

impl Said {
    /// Ann says something in the channel.
    pub fn new(content: &str) -> Self {
        Self {
            id: None,
            author: ANN,
            channel: CHANNEL,
            content: content.to_owned(),
            bot: false,
            webhook: false,
            kind: 0,
            everyone: false,
            mentions: Vec::new(),
            roles: Vec::new(),
            reply_to: None,
            edited: None,
        }
    }

    pub fn by(mut self, author: u64) -> Self {
        self.author = author;
        self
    }

    pub fn in_channel(mut self, channel: u64) -> Self {
        self.channel = channel;
        self
    }

    /// As a reply to a message of the bot.
    pub fn replying(mut self, to: &Shown) -> Self {
        self.kind = 19;
        self.reply_to = Some(to.json.clone());
        self
    }

    pub fn json(&self, id: u64) -> Value {
        let mut author = user(self.author);
        author["bot"] = json!(self.bot);
        let mut message = json!({
            "id": id.to_string(),
            "channel_id": self.channel.to_string(),
            "author": author,
            "content": self.content,
            "timestamp": "2021-02-15T12:00:00.000000+00:00",
            "edited_timestamp": self.edited.map(|s| format!("2021-02-15T12:00:{s:02}.000000+00:00")),
            "tts": false,
            "mention_everyone": self.everyone,
            "mentions": self.mentions.iter().map(|id| user(*id)).collect::<Vec<_>>(),
            "mention_roles": self.roles.iter().map(u64::to_string).collect::<Vec<_>>(),
            "attachments": [],
            "embeds": [],
            "pinned": false,
            "type": self.kind,
        });
        if self.channel != DIRECT {
            message["guild_id"] = json!(guild_of(self.channel).to_string());
            message["member"] = json!({
                "roles": [], "joined_at": "2021-01-01T00:00:00Z", "deaf": false, "mute": false, "flags": 0,
            });
        }
        if self.webhook {
            message["webhook_id"] = json!("300000000000000001");
        }
        if let Some(to) = &self.reply_to {
            message["message_reference"] = json!({
                "type": 0, "channel_id": self.channel.to_string(), "message_id": to["id"],
            });
            message["referenced_message"] = to.clone();
        }
        message
    }
}

/// A message of the bot, from the body that it sent.
pub fn own_message(shared: &Shared, id: u64, channel: u64, body: &Value) -> Value {
    let mut embeds = body["embeds"].as_array().cloned().unwrap_or_default();
    for embed in &mut embeds {
        embed["type"] = json!("rich");
    }
    let _ = shared;
    json!({
        "id": id.to_string(),
        "channel_id": channel.to_string(),
        "author": user(ME),
        "content": body["content"].as_str().unwrap_or_default(),
        "timestamp": "2021-02-15T12:00:01.000000+00:00",
        "edited_timestamp": null,
        "tts": false,
        "mention_everyone": false,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": embeds,
        "components": body["components"].as_array().cloned().unwrap_or_default(),
        "pinned": false,
        "type": if body["message_reference"].is_object() { 19 } else { 0 },
        "message_reference": body["message_reference"],
    })
}

fn interaction(id: u64, kind: u8, user_id: u64, channel: u64) -> Value {
    let mut interaction = json!({
        "id": id.to_string(),
        "application_id": APPLICATION.to_string(),
        "type": kind,
        "token": token(id),
        "version": 1,
        "channel_id": channel.to_string(),
        "locale": "en-US",
        "entitlements": [],
        "attachment_size_limit": 524_288,
    });
    if channel == DIRECT {
        interaction["user"] = user(user_id);
    } else {
        interaction["guild_id"] = json!(guild_of(channel).to_string());
        interaction["member"] = json!({
            "user": user(user_id), "roles": [], "joined_at": "2021-01-01T00:00:00Z",
            "deaf": false, "mute": false, "flags": 0, "permissions": "0",
        });
    }
    interaction
}

pub fn token(id: u64) -> String {
    format!("token-of-{id}")
}

/// A slash command, or one that is still being written.
pub fn slash(
    id: u64,
    user: u64,
    channel: u64,
    name: &str,
    option: Option<(&str, &str)>,
    complete: bool,
) -> Value {
    let mut json = interaction(id, if complete { 4 } else { 2 }, user, channel);
    let options: Vec<Value> = option
        .iter()
        .map(|(name, value)| {
            let mut option = json!({"name": name, "type": 3, "value": value});
            if complete {
                option["focused"] = json!(true);
            }
            option
        })
        .collect();
    json["data"] = json!({"id": "1", "name": name, "type": 1, "options": options});
    json
}

/// A pressed button.
pub fn press(id: u64, user: u64, message: &Value, custom_id: &str) -> Value {
    let channel = message["channel_id"].as_str().unwrap().parse().unwrap();
    let mut json = interaction(id, 3, user, channel);
    json["data"] = json!({"custom_id": custom_id, "component_type": 2});
    json["message"] = message.clone();
    json
}

/// What a member may: manage the server.
pub const MANAGES: &str = "32";

/// A command with any options.
#[expect(clippy::needless_pass_by_value, reason = "made where it is passed")]
pub fn command(id: u64, user: u64, channel: u64, name: &str, options: Value) -> Value {
    let mut json = interaction(id, 2, user, channel);
    json["data"] = json!({"id": "1", "name": name, "type": 1, "options": options});
    json
}

/// Something chosen in a menu of a message; `kind` is 3 for words and 8 for channels.
pub fn choose(
    id: u64,
    user: u64,
    message: &Value,
    custom_id: &str,
    kind: u8,
    values: &[&str],
) -> Value {
    let mut json = press(id, user, message, custom_id);
    json["data"] = json!({"custom_id": custom_id, "component_type": kind, "values": values});
    if kind == 8 {
        json["data"]["resolved"] = json!({"channels": {}});
    }
    json
}

/// A modal filled in.
pub fn submit(
    id: u64,
    user: u64,
    message: &Value,
    custom_id: &str,
    fields: &[(&str, &str)],
) -> Value {
    let mut json = press(id, user, message, custom_id);
    json["type"] = json!(5);
    let rows: Vec<Value> = fields
        .iter()
        .map(|(name, value)| {
            json!({"type": 1, "components": [{"type": 4, "custom_id": name, "value": value}]})
        })
        .collect();
    json["data"] = json!({"custom_id": custom_id, "components": rows});
    json
}

/// The same interaction by a member who may do this.
pub fn allowed(mut json: Value, permissions: &str) -> Value {
    json["member"]["permissions"] = json!(permissions);
    json
}

/// The same interaction by somebody whose Discord speaks this language.
pub fn speaking(mut json: Value, locale: &str) -> Value {
    json["locale"] = json!(locale);
    json
}

/// A channel as REST gives it.
pub fn channel(id: u64) -> Value {
    json!({
        "id": id.to_string(), "type": 0, "guild_id": guild_of(id).to_string(), "name": "news",
        "position": 0, "permission_overwrites": [], "nsfw": false, "rate_limit_per_user": 0,
    })
}

/// A thread of the channel `parent`.
pub fn thread(id: u64, parent: u64) -> Value {
    let mut json = channel(id);
    json["type"] = json!(11);
    json["parent_id"] = json!(parent.to_string());
    json["owner_id"] = json!(ANN.to_string());
    json["thread_metadata"] = json!({
        "archived": false, "auto_archive_duration": 60, "locked": false,
        "archive_timestamp": "2021-02-15T12:00:00.000000+00:00",
    });
    json
}
