//! The gateway: hello, identify, resume, heartbeats, events, shards; and the ways in which it fails.
//!
//! What is sent is compressed as one zlib stream a connection where that is asked for, as Discord does it.

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use flate2::{Compress, Compression, FlushCompress};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::server::{ErrorResponse, Request, Response},
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use super::{Fake, Shared, payload};

/// All sessions, and how the gateway behaves.
pub struct Session {
    /// How often READY and RESUMED were sent.
    pub ready: usize,
    pub resumed: usize,
    pub identified: Vec<Value>,
    /// Which shard identified when.
    pub identified_at: Vec<(u32, Instant)>,
    /// What was asked for with each RESUME.
    pub resumes: Vec<Value>,
    /// The close code with which the next identification is refused.
    pub refuse: Option<u16>,
    /// The answers to the next RESUMEs: op 9, resumable or not.
    pub invalid: Vec<bool>,
    pub closed_by_bot: usize,
    /// How often a connection was made.
    pub connections: usize,
    /// How many connections from now on are taken without a word.
    pub speechless: usize,
    /// Milliseconds between heartbeats on the next connections.
    pub heartbeat: u64,
    /// Whether heartbeats are heard and not answered.
    pub deaf: bool,
    /// How many shards Discord wants, and how many may identify at once.
    pub shards: u32,
    pub max_concurrency: u32,
    lines: BTreeMap<u32, Line>,
}

impl Default for Session {
    fn default() -> Self {
        Self {
            ready: 0,
            resumed: 0,
            identified: Vec::new(),
            identified_at: Vec::new(),
            resumes: Vec::new(),
            refuse: None,
            invalid: Vec::new(),
            closed_by_bot: 0,
            connections: 0,
            speechless: 0,
            heartbeat: 41_250,
            deaf: false,
            shards: 1,
            max_concurrency: 1,
            lines: BTreeMap::new(),
        }
    }
}

/// A shard's session, and the connection that it has at the moment.
#[derive(Default)]
struct Line {
    /// How many sessions it has had.
    sessions: usize,
    total: u32,
    events: Vec<Value>,
    connection: Option<UnboundedSender<Out>>,
}

/// What goes out on a connection.
enum Out {
    Text(String),
    /// A frame as it is.
    Frame(Message),
    /// Half an event; then the connection breaks.
    Half(String),
    Close(Option<u16>),
    /// The connection breaks without a word.
    Break,
    /// The other side is gone, and the network has not noticed: nothing is heard, nothing is said.
    Freeze,
}

impl Line {
    fn send(&mut self, event: Value) {
        if let Some(connection) = &self.connection {
            // Where nobody listens any more, the event waits for the next resume.
            let _ = connection.send(Out::Text(event.to_string()));
        }
        self.events.push(event);
    }

    /// Forgets what the events were, for a test that sends very many; they cannot be resumed any more.
    pub fn forget_events(&mut self) {
        for event in self.events.iter_mut().rev() {
            if event.is_null() {
                break;
            }
            *event = Value::Null;
        }
    }

    fn event(&mut self, name: &str, data: &Value) {
        let number = self.events.len() + 1;
        self.send(json!({"op": 0, "t": name, "s": number, "d": data}));
    }
}

impl Session {
    /// Forgets what the events were, for a test that sends very many; they cannot be resumed any more.
    pub fn forget_events(&mut self) {
        for line in self.lines.values_mut() {
            for event in line.events.iter_mut().rev() {
                if event.is_null() {
                    break;
                }
                *event = Value::Null;
            }
        }
    }

    /// The shard that hears of what happens in a server; direct messages are the first one's.
    fn shard_of(&self, data: &Value) -> u32 {
        let guild = data["guild_id"].as_str().and_then(|id| id.parse().ok());
        let total = self.lines.values().map(|line| line.total).max();
        let shard = guild.map_or(0, |id: u64| {
            (id >> 22) % u64::from(total.unwrap_or(1).max(1))
        });
        u32::try_from(shard).unwrap()
    }
}

impl Fake {
    /// Sends an event to the shard that it belongs to.
    pub fn event(&self, name: &str, data: &Value) {
        let session = &mut self.shared.world().session;
        let shard = session.shard_of(data);
        session.lines.entry(shard).or_default().event(name, data);
    }

    /// Refuses the next identification.
    pub fn refuse(&self, code: u16) {
        self.shared.world().session.refuse = Some(code);
    }

    /// Breaks the connection.
    pub fn break_connection(&self) {
        self.out(Out::Break);
    }

    /// Breaks the connection in the middle of an event, which is sent again after the resume.
    pub fn break_within(&self, name: &str, data: &Value) {
        let session = &mut self.shared.world().session;
        let shard = session.shard_of(data);
        let line = session.lines.entry(shard).or_default();
        let connection = line.connection.take();
        line.event(name, data);
        let event = line.events.last().unwrap().to_string();
        if let Some(connection) = connection {
            let _ = connection.send(Out::Half(event));
        }
    }

    /// Lets the other side vanish without a word, and the connection stand.
    pub fn freeze(&self) {
        self.out(Out::Freeze);
    }

    /// Asks the bot to reconnect.
    pub fn ask_to_reconnect(&self) {
        self.out(Out::Text(json!({"op": 7, "d": null}).to_string()));
    }

    /// Tells the bot that its session is over, or that it may take it up again.
    pub fn invalidate(&self, resumable: bool) {
        self.out(Out::Text(json!({"op": 9, "d": resumable}).to_string()));
    }

    /// Closes the connection, with a code or without.
    pub fn close(&self, code: impl Into<Option<u16>>) {
        self.out(Out::Close(code.into()));
    }

    /// Sends a frame that is no event; the connection stays.
    pub fn garbage(&self, frame: &Message) {
        for line in self.shared.world().session.lines.values() {
            if let Some(connection) = &line.connection {
                let _ = connection.send(Out::Frame(frame.clone()));
            }
        }
    }

    fn out(&self, out: Out) {
        let mut world = self.shared.world();
        // What follows goes to the next connection.
        let mut lines = world.session.lines.values_mut();
        if let Some(connection) = lines.find_map(|line| line.connection.take()) {
            let _ = connection.send(out);
        }
    }
}

pub async fn listen(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).unwrap();
        tokio::spawn(converse(stream, Arc::clone(&shared)));
    }
}

/// One zlib stream, as long as its connection.
struct Zlib(Compress);

impl Zlib {
    fn frame(&mut self, text: &str) -> Message {
        let mut out = Vec::with_capacity(text.len() + 64);
        let begun = self.0.total_in();
        loop {
            let done = usize::try_from(self.0.total_in() - begun).unwrap();
            let left = &text.as_bytes()[done..];
            let room = out.capacity() - out.len();
            self.0
                .compress_vec(left, &mut out, FlushCompress::Sync)
                .unwrap();
            let all = self.0.total_in() - begun == text.len() as u64;
            if all && out.len() < out.capacity() && room > 0 {
                return Message::binary(out);
            }
            out.reserve(text.len().max(256));
        }
    }
}

#[expect(clippy::result_large_err, reason = "the callback is tungstenite's")]
async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let mut compressed = false;
    let look = |request: &Request, response: Response| -> Result<Response, ErrorResponse> {
        compressed = request
            .uri()
            .query()
            .is_some_and(|query| query.contains("compress=zlib-stream"));
        Ok(response)
    };
    let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, look).await else {
        return;
    };
    let mut zlib = compressed.then(|| Zlib(Compress::new(Compression::fast(), true)));
    let (sender, mut outgoing) = unbounded_channel();
    {
        let mut world = shared.world();
        let session = &mut world.session;
        session.connections += 1;
        if session.speechless > 0 {
            session.speechless -= 1;
        } else {
            let hello = json!({"op": 10, "d": {"heartbeat_interval": session.heartbeat}});
            sender.send(Out::Text(hello.to_string())).unwrap();
        }
    }
    shared.touch();
    exchange(&mut socket, &mut zlib, &sender, &mut outgoing, &shared).await;
}

async fn exchange(
    socket: &mut WebSocketStream<TcpStream>,
    zlib: &mut Option<Zlib>,
    sender: &UnboundedSender<Out>,
    outgoing: &mut UnboundedReceiver<Out>,
    shared: &Shared,
) {
    loop {
        tokio::select! {
            out = outgoing.recv() => match out {
                Some(Out::Text(text)) => {
                    let frame = match zlib {
                        Some(zlib) => zlib.frame(&text),
                        None => Message::text(text),
                    };
                    if socket.send(frame).await.is_err() {
                        return;
                    }
                }
                Some(Out::Frame(frame)) => {
                    if socket.send(frame).await.is_err() {
                        return;
                    }
                }
                Some(Out::Half(text)) => {
                    // A head that promises more than follows.
                    let length = u16::try_from(text.len()).unwrap().to_be_bytes();
                    let head = [0x81, 126, length[0], length[1]];
                    let half = &text.as_bytes()[..text.len() / 2];
                    let stream = socket.get_mut();
                    let _ = stream.write_all(&head).await;
                    let _ = stream.write_all(half).await;
                    return;
                }
                Some(Out::Close(code)) => {
                    let frame = code.map(|code| CloseFrame { code: CloseCode::from(code), reason: "".into() });
                    let _ = socket.send(Message::Close(frame)).await;
                }
                Some(Out::Break) | None => return,
                Some(Out::Freeze) => std::future::pending().await,
            },
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let value: Value = serde_json::from_str(&text).unwrap();
                    hear(&value, sender, shared);
                }
                Some(Ok(Message::Close(_))) => {
                    shared.world().session.closed_by_bot += 1;
                    shared.touch();
                    let _ = socket.close(None).await;
                    return;
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
        }
    }
}

fn hear(heard: &Value, sender: &UnboundedSender<Out>, shared: &Shared) {
    let mut world = shared.world();
    let mut problems = Vec::new();
    let session = &mut world.session;
    match heard["op"].as_u64() {
        Some(1) if session.deaf => {}
        Some(1) => {
            let _ = sender.send(Out::Text(json!({"op": 11}).to_string()));
        }
        Some(2) => identify(session, &heard["d"], sender, shared),
        Some(6) => resume(session, &heard["d"], sender),
        op => problems.push(format!("the bot sent op {op:?} to the gateway")),
    }
    world.problems.extend(problems);
    drop(world);
    shared.touch();
}

fn identify(session: &mut Session, wanted: &Value, sender: &UnboundedSender<Out>, shared: &Shared) {
    let number = |at: usize| u32::try_from(wanted["shard"][at].as_u64().unwrap_or(0)).unwrap();
    let (own, total) = (number(0), number(1).max(1));
    session.identified.push(wanted.clone());
    session.identified_at.push((own, Instant::now()));
    if let Some(code) = session.refuse.take() {
        let _ = sender.send(Out::Close(Some(code)));
        return;
    }
    let line = session.lines.entry(own).or_default();
    line.events.clear();
    line.total = total;
    line.sessions += 1;
    line.connection = Some(sender.clone());
    let id = format!("{own}-{}", line.sessions);
    line.event("READY", &payload::ready(&shared.gateway, &id, [own, total]));
    if own == 0 {
        line.event("GUILD_CREATE", &payload::guild());
    }
    session.ready += 1;
}

fn resume(session: &mut Session, wanted: &Value, sender: &UnboundedSender<Out>) {
    session.resumes.push(wanted.clone());
    if let Some(resumable) = session.invalid.pop() {
        let _ = sender.send(Out::Text(json!({"op": 9, "d": resumable}).to_string()));
        return;
    }
    let id = wanted["session_id"].as_str().unwrap_or_default();
    let found = session
        .lines
        .iter_mut()
        .find(|(shard, line)| id == format!("{shard}-{}", line.sessions));
    let Some((_, line)) = found else {
        let _ = sender.send(Out::Text(json!({"op": 9, "d": false}).to_string()));
        return;
    };
    line.connection = None;
    let seen = wanted["seq"].as_u64().unwrap_or(0);
    for event in &line.events {
        if event["s"].as_u64().unwrap_or(0) > seen {
            let _ = sender.send(Out::Text(event.to_string()));
        }
    }
    line.connection = Some(sender.clone());
    line.event("RESUMED", &json!({}));
    session.resumed += 1;
}
