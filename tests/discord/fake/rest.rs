//! The REST server: what it is asked takes effect.

use std::{net::SocketAddr, sync::Arc};

use axum::serve::Listener;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, rustls, server::TlsStream};

use super::{Fake, NEVER, RESET, Request, Shared, Shown, World, payload};

/// What became of an interaction.
#[derive(Clone, Debug, Default)]
pub struct Responding {
    pub channel: u64,
    /// The message that holds the pressed button, or the response.
    pub message: Option<u64>,
    pub responded: bool,
}

impl Fake {
    /// Says that an interaction may be responded to.
    pub fn expect_interaction(&self, id: u64, channel: u64, message: Option<u64>) {
        let responding = Responding {
            channel,
            message,
            responded: false,
        };
        self.shared
            .world()
            .interactions
            .insert(payload::token(id), responding);
    }
}

/// A listener behind TLS.
pub struct Sealed {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Sealed {
    pub fn new(listener: TcpListener, made: &rcgen::CertifiedKey<rcgen::KeyPair>) -> Self {
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der());
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.unwrap())
        .unwrap();
        Self {
            listener,
            acceptor: TlsAcceptor::from(Arc::new(config)),
        }
    }
}

impl Listener for Sealed {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            if let Ok(stream) = self.acceptor.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

pub async fn serve(listener: impl Listener<Addr = SocketAddr>, shared: Arc<Shared>) {
    let router = Router::new().fallback(answer).with_state(shared);
    axum::serve(listener, router).await.unwrap();
}

/// Refuses a request that meets a limit.
fn refuse_now(world: &mut World, path: &str) -> Option<Response> {
    let now = std::time::Instant::now();
    let closed = |until: Option<&std::time::Instant>| until.is_some_and(|until| now < *until);
    if closed(world.closed_until.get(path)) || closed(world.closed_until.get("")) {
        world.early.push(path.to_owned());
    }
    let limit = world
        .refusals
        .iter_mut()
        .find(|limit| limit.times > 0 && path.contains(limit.path))?;
    limit.times -= 1;
    let limit = limit.clone();
    let global = limit.scope == "global";
    let until = now + std::time::Duration::from_secs_f64(limit.retry_after);
    // A global limit closes every path; here, those of requests that are under way already are let pass.
    world.closed_until.insert(path.to_owned(), until);
    let told = json!({
        "message": "You are being rate limited.", "retry_after": limit.retry_after, "global": global,
    });
    let mut response = (StatusCode::TOO_MANY_REQUESTS, told.to_string()).into_response();
    let headers = response.headers_mut();
    let mut put = |name: &'static str, value: String| {
        headers.insert(name, value.parse().unwrap());
    };
    put("content-type", "application/json".to_owned());
    put("retry-after", limit.retry_after.to_string());
    put("x-ratelimit-scope", limit.scope.to_owned());
    if global {
        put("x-ratelimit-global", "true".to_owned());
    }
    Some(response)
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match respond(&shared, &method, &uri, &headers, &body) {
        Ok(response) => response,
        Err(NEVER) => std::future::pending().await,
        // What serves a connection ends with it; quietly, since it is meant to.
        Err(_) => std::panic::resume_unwind(Box::new("as asked")),
    }
}

/// The response, or in what way there is none.
#[expect(clippy::too_many_lines, reason = "a request's way, step by step")]
fn respond(
    shared: &Shared,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, u16> {
    let path = uri.path().trim_start_matches("/api/v10").to_owned();
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let (payload, files) = match kind.split_once("multipart/form-data; boundary=") {
        Some((_, boundary)) => form(body, boundary),
        None => (body.to_vec(), Vec::new()),
    };
    let body: Value = if payload.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&payload)
            .unwrap_or_else(|error| json!({"unreadable": error.to_string()}))
    };
    let body = if files.is_empty() {
        body
    } else {
        numbered(body)
    };
    let at = std::time::Instant::now();
    let query: Value = uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let mut world = shared.world();
    if let Some(refused) = refuse_now(&mut world, &path) {
        world.requests.push(Request {
            method: method.to_string(),
            path,
            body,
            files,
            status: 429,
            at,
        });
        drop(world);
        shared.touch();
        return Ok(refused);
    }
    if let Some(checks) = &shared.checks {
        let problems = checks.problems(method.as_str(), &path, &body);
        world.problems.extend(problems);
    }
    let fault = world
        .faults
        .iter_mut()
        .find(|fault| {
            fault.times > 0 && fault.method == method.as_str() && path.contains(fault.path)
        })
        .map(|fault| {
            fault.times -= 1;
            fault.clone()
        });
    let asked = if body.is_null() { &query } else { &body };
    let taken = match &mut world.limits {
        Some(limits) => limits.take(method.as_str(), &path, at),
        None => super::limits::Taken::default(),
    };
    let (status, answered) = match fault {
        _ if taken.refused.is_some() => (429, taken.refused.unwrap_or_default()),
        Some(fault) => {
            if fault.after_effect {
                effect(shared, &mut world, method.as_str(), &path, asked);
            }
            (fault.status, fault.body)
        }
        None => effect(shared, &mut world, method.as_str(), &path, asked),
    };
    for (number, (_, content)) in files.iter().enumerate() {
        let name = body["attachments"][number]["filename"]
            .as_str()
            .unwrap_or_default();
        world.files.push((name.to_owned(), content.clone()));
    }
    world.requests.push(Request {
        method: method.to_string(),
        path,
        body,
        files,
        status,
        at,
    });
    drop(world);
    shared.touch();
    if matches!(status, NEVER | RESET) {
        return Err(status);
    }
    let status = StatusCode::from_u16(status).unwrap();
    let mut response = if answered.is_null() {
        status.into_response()
    } else {
        (
            status,
            [(CONTENT_TYPE, "application/json")],
            answered.to_string(),
        )
            .into_response()
    };
    for (name, value) in taken.headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    Ok(response)
}

/// A form's payload with the numbers of its files as strings: Discord takes them as numbers too, and its own
/// example has them so, but its description knows snowflakes alone.
fn numbered(mut body: Value) -> Value {
    for pointer in ["/attachments", "/data/attachments"] {
        let attachments = body.pointer_mut(pointer).and_then(Value::as_array_mut);
        for attachment in attachments.into_iter().flatten() {
            if let Some(id) = attachment["id"].as_u64() {
                attachment["id"] = json!(id.to_string());
            }
        }
    }
    body
}

/// The parts of a form: its `payload_json`, and its files by their field's name.
fn form(body: &[u8], boundary: &str) -> (Vec<u8>, Vec<(String, Vec<u8>)>) {
    let find = |within: &[u8], sought: &[u8]| {
        within
            .windows(sought.len())
            .position(|window| window == sought)
    };
    let border = format!("--{boundary}");
    let (mut payload, mut files) = (Vec::new(), Vec::new());
    let mut rest = body;
    while let Some(at) = find(rest, border.as_bytes()) {
        rest = &rest[at + border.len()..];
        let (Some(head), Some(end)) = (find(rest, b"\r\n\r\n"), find(rest, border.as_bytes()))
        else {
            break;
        };
        let content = rest[head + 4..end - 2].to_vec();
        let head = String::from_utf8_lossy(&rest[..head]).into_owned();
        let name = head
            .split_once("name=\"")
            .and_then(|(_, name)| name.split_once('"'))
            .map_or("", |(name, _)| name);
        if name == "payload_json" {
            payload = content;
        } else {
            files.push((name.to_owned(), content));
        }
    }
    (payload, files)
}

fn refuse(status: u16, code: u32, message: &str) -> (u16, Value) {
    (status, json!({"code": code, "message": message}))
}

/// Does what is asked, and answers.
fn effect(
    shared: &Shared,
    world: &mut World,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let number = |text: &str| text.parse::<u64>().unwrap_or(0);
    match (method, parts.as_slice()) {
        ("GET", ["gateway", "bot"]) => {
            let limit = json!({
                "total": 1000, "remaining": 999, "reset_after": 14_400_000,
                "max_concurrency": world.session.max_concurrency,
            });
            let shards = world.session.shards;
            (
                200,
                json!({"url": shared.gateway, "shards": shards, "session_start_limit": limit}),
            )
        }
        ("GET", ["oauth2", "applications", "@me"]) => {
            (200, payload::application(world.owner, &world.team))
        }
        ("PUT", ["applications", application, "commands"]) => {
            let mut commands = body.as_array().cloned().unwrap_or_default();
            for command in &mut commands {
                command["id"] = json!(shared.id().to_string());
                command["application_id"] = json!(application);
                command["version"] = json!("1");
                if command["type"].is_null() {
                    command["type"] = json!(1);
                }
                if command["description"].is_null() {
                    command["description"] = json!("");
                }
                command["default_member_permissions"] = Value::Null;
            }
            world.commands.clone_from(&commands);
            (200, Value::Array(commands))
        }
        ("POST", ["channels", _, "typing"]) => (204, Value::Null),
        ("POST", ["channels", channel, "messages"]) => post(shared, world, number(channel), body),
        ("PATCH", ["channels", _, "messages", message]) => edit(world, number(message), body),
        ("DELETE", ["channels", _, "messages", message]) => remove(world, number(message)),
        ("POST", ["interactions", _, token, "callback"]) => callback(shared, world, token, body),
        ("PATCH", ["webhooks", _, token, "messages", "@original"]) => {
            match world.interactions.get(*token).and_then(|it| it.message) {
                Some(message) => edit(world, message, body),
                None => refuse(404, 10015, "Unknown Webhook"),
            }
        }
        ("DELETE", ["webhooks", _, token, "messages", "@original"]) => {
            match world.interactions.get(*token).and_then(|it| it.message) {
                Some(message) => remove(world, message),
                None => refuse(404, 10015, "Unknown Webhook"),
            }
        }
        ("GET", ["channels", channel, "messages"]) => history(world, number(channel), body),
        ("POST", ["users", "@me", "channels"]) => {
            if world
                .closed
                .contains(&number(body["recipient_id"].as_str().unwrap_or_default()))
            {
                return refuse(403, 50007, "Cannot send messages to this user");
            }
            let recipient =
                payload::user(number(body["recipient_id"].as_str().unwrap_or_default()));
            let direct =
                json!({"id": super::DIRECT.to_string(), "type": 1, "recipients": [recipient]});
            (200, direct)
        }
        ("GET", ["channels", channel]) => match number(channel) {
            super::THREAD => (200, payload::thread(super::THREAD, super::CHANNEL)),
            id => (200, payload::channel(id)),
        },
        ("POST", ["webhooks", _, token]) => {
            let channel = world.interactions.get(*token).map_or(0, |it| it.channel);
            let shown = show(shared, world, channel, body);
            (200, shown.json)
        }
        _ => refuse(404, 0, "404: Not Found"),
    }
}

fn post(shared: &Shared, world: &mut World, channel: u64, body: &Value) -> (u16, Value) {
    let embeds = body["embeds"]
        .as_array()
        .is_some_and(|embeds| !embeds.is_empty());
    if world.gone.contains(&channel) {
        return refuse(404, 10003, "Unknown Channel");
    }
    if world.mute.contains(&channel) || (embeds && world.without_embeds.contains(&channel)) {
        return refuse(403, 50013, "Missing Permissions");
    }
    let reference = &body["message_reference"];
    let gone = reference["message_id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .is_some_and(|id: u64| world.deleted.contains(&id));
    if gone && reference["fail_if_not_exists"] != json!(false) {
        return refuse(400, 50035, "Invalid Form Body");
    }
    let nonce = body["nonce"].as_str().map(str::to_owned);
    if body["enforce_nonce"] == json!(true)
        && let Some(same) = world
            .messages
            .iter()
            .find(|shown| shown.nonce.is_some() && shown.nonce == nonce)
    {
        return (200, same.json.clone());
    }
    let mut shown = show(shared, world, channel, body);
    shown.json["nonce"] = body["nonce"].clone();
    (200, shown.json)
}

/// The messages of a channel after one, the newest first, as Discord gives them: without nonces.
fn history(world: &World, channel: u64, query: &Value) -> (u16, Value) {
    if world.gone.contains(&channel) {
        return refuse(404, 10003, "Unknown Channel");
    }
    if world.without_history.contains(&channel) {
        return refuse(403, 50001, "Missing Access");
    }
    let after = query["after"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .unwrap_or(0);
    let messages: Vec<Value> = world
        .messages
        .iter()
        .rev()
        .filter(|shown| shown.channel == channel && shown.id > after)
        .map(|shown| {
            let mut json = shown.json.clone();
            json["nonce"] = Value::Null;
            json
        })
        .take(100)
        .collect();
    (200, Value::Array(messages))
}

fn show(shared: &Shared, world: &mut World, channel: u64, body: &Value) -> Shown {
    let id = shared.id();
    let shown = Shown {
        id,
        channel,
        nonce: body["nonce"].as_str().map(str::to_owned),
        ephemeral: body["flags"].as_u64().unwrap_or(0) & 64 != 0,
        json: payload::own_message(shared, id, channel, body),
    };
    world.messages.push(shown.clone());
    shown
}

fn edit(world: &mut World, message: u64, body: &Value) -> (u16, Value) {
    let Some(shown) = world.messages.iter_mut().find(|shown| shown.id == message) else {
        return refuse(404, 10008, "Unknown Message");
    };
    for key in ["content", "embeds", "components"] {
        if !body[key].is_null() {
            shown.json[key] = body[key].clone();
        }
    }
    for embed in shown.json["embeds"].as_array_mut().into_iter().flatten() {
        embed["type"] = json!("rich");
    }
    shown.json["edited_timestamp"] = json!("2021-02-15T12:00:09.000000+00:00");
    (200, shown.json.clone())
}

fn remove(world: &mut World, message: u64) -> (u16, Value) {
    let before = world.messages.len();
    world.messages.retain(|shown| shown.id != message);
    if world.messages.len() == before {
        return refuse(404, 10008, "Unknown Message");
    }
    (204, Value::Null)
}

fn callback(shared: &Shared, world: &mut World, token: &str, body: &Value) -> (u16, Value) {
    let Some(responding) = world.interactions.get(token).cloned() else {
        return refuse(404, 10062, "Unknown interaction");
    };
    if responding.responded {
        return refuse(400, 40060, "Interaction has already been acknowledged.");
    }
    let mut message = responding.message;
    match body["type"].as_u64() {
        Some(4) => message = Some(show(shared, world, responding.channel, &body["data"]).id),
        Some(5) => message = Some(show(shared, world, responding.channel, &json!({})).id),
        Some(7) => {
            edit(world, message.unwrap_or(0), &body["data"]);
        }
        Some(9) => {
            world.modals.insert(token.to_owned(), body["data"].clone());
        }
        Some(8) => {
            world
                .choices
                .insert(token.to_owned(), body["data"]["choices"].clone());
        }
        _ => {}
    }
    world.interactions.insert(
        token.to_owned(),
        Responding {
            responded: true,
            message,
            ..responding
        },
    );
    (204, Value::Null)
}
