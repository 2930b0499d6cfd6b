//! The gateway: hello, identify, resume, heartbeats, events; and the ways in which it fails.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedSender, unbounded_channel},
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use super::{Fake, Shared, payload};

/// The one session, and the connection that it has at the moment.
#[derive(Default)]
pub struct Session {
    /// How often READY and RESUMED were sent.
    pub ready: usize,
    pub resumed: usize,
    pub identified: Vec<Value>,
    /// The close code with which identification is refused.
    pub refuse: Option<u16>,
    pub closed_by_bot: usize,
    events: Vec<Value>,
    connection: Option<UnboundedSender<Out>>,
}

enum Out {
    Text(String),
    Close(u16),
    /// The connection breaks without a word.
    Break,
}

impl Session {
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

impl Fake {
    /// Sends an event.
    pub fn event(&self, name: &str, data: &Value) {
        self.shared.world().session.event(name, data);
    }

    /// Refuses the next identification.
    pub fn refuse(&self, code: u16) {
        self.shared.world().session.refuse = Some(code);
    }

    /// Breaks the connection.
    pub fn break_connection(&self) {
        self.out(Out::Break);
    }

    /// Asks the bot to reconnect.
    pub fn ask_to_reconnect(&self) {
        self.out(Out::Text(json!({"op": 7, "d": null}).to_string()));
    }

    /// Closes the connection with a code.
    pub fn close(&self, code: u16) {
        self.out(Out::Close(code));
    }

    fn out(&self, out: Out) {
        let mut world = self.shared.world();
        // What follows goes to the next connection.
        if let Some(connection) = world.session.connection.take() {
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

async fn converse(stream: TcpStream, shared: Arc<Shared>) {
    let Ok(socket) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    let (mut sink, mut source) = socket.split();
    let (sender, mut outgoing) = unbounded_channel();
    let hello = json!({"op": 10, "d": {"heartbeat_interval": 41_250}});
    sender.send(Out::Text(hello.to_string())).unwrap();
    loop {
        tokio::select! {
            out = outgoing.recv() => match out {
                Some(Out::Text(text)) => {
                    if sink.send(Message::text(text)).await.is_err() {
                        return;
                    }
                }
                Some(Out::Close(code)) => {
                    let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
                    let _ = sink.send(Message::Close(Some(frame))).await;
                }
                Some(Out::Break) | None => return,
            },
            heard = source.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let value: Value = serde_json::from_str(&text).unwrap();
                    hear(&value, &sender, &shared);
                }
                Some(Ok(Message::Close(_))) => {
                    shared.world().session.closed_by_bot += 1;
                    shared.touch();
                    let _ = sink.close().await;
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
    let session = &mut world.session;
    match heard["op"].as_u64() {
        Some(1) => {
            let _ = sender.send(Out::Text(json!({"op": 11}).to_string()));
        }
        Some(2) => {
            session.identified.push(heard["d"].clone());
            if let Some(code) = session.refuse.take() {
                let _ = sender.send(Out::Close(code));
            } else {
                session.events.clear();
                session.connection = Some(sender.clone());
                session.event("READY", &payload::ready(&shared.gateway));
                session.event("GUILD_CREATE", &payload::guild());
                session.ready += 1;
            }
        }
        Some(6) => {
            session.connection = None;
            let seen = heard["d"]["seq"].as_u64().unwrap_or(0);
            for event in &session.events {
                if event["s"].as_u64().unwrap_or(0) > seen {
                    let _ = sender.send(Out::Text(event.to_string()));
                }
            }
            session.connection = Some(sender.clone());
            session.event("RESUMED", &json!({}));
            session.resumed += 1;
        }
        _ => {}
    }
    drop(world);
    shared.touch();
}
