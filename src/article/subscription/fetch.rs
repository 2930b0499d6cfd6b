//! Asks for one feed over HTTP. Blocks.
//!
//! Addresses are those that the operator of the bot configured, never one from a message; where they lead, to
//! the public internet alone unless more is allowed, `reach` sees to. Only http and https are spoken, a redirect
//! is followed a few times and to these alone, and an answer has its limits in time and size, unpacked.

use std::{io::Read as _, net::IpAddr, time::Duration};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use ureq::{
    Agent, Error,
    http::{HeaderMap, StatusCode, header},
    unversioned::transport::DefaultConnector,
};

use super::{
    reach::{Addresses, is_public},
    schedule::Validators,
};

/// How a feed is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub time: Duration,
    pub bytes: u64,
    pub redirects: u32,
    /// Whether it may lie in a private network.
    pub private: bool,
}

/// What came back.
pub(super) enum Answer {
    Sent {
        bytes: Vec<u8>,
        /// The encoding's name, where the sender tells it.
        encoding: Option<String>,
        validators: Validators,
    },
    Unchanged,
    Busy(Option<SignedDuration>, String),
    Gone(String),
    Failed(String),
}

const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

pub(super) fn agent(limits: Limits) -> Agent {
    agent_to(limits, if limits.private { |_| true } else { is_public })
}

/// An agent that connects to addresses that `pass`, and to no other.
fn agent_to(limits: Limits, pass: fn(IpAddr) -> bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(limits.time))
        .max_redirects(limits.redirects)
        .max_redirects_will_error(true)
        .http_status_as_error(false)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION"),
            " (feed reader)"
        ))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Addresses::that(pass))
}

/// Asks for the feed at `url`. `now` is what a date in the answer is compared with.
pub(super) fn fetch(
    agent: &Agent,
    url: &str,
    validators: &Validators,
    limits: Limits,
    now: Timestamp,
) -> Answer {
    let mut request = agent.get(url).header(header::ACCEPT, ACCEPTED);
    if let Some(etag) = &validators.etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(date) = &validators.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(Error::Other(error)) => return Answer::Failed(format!("cannot be fetched: {error}")),
        Err(error) => return Answer::Failed(format!("cannot be fetched: {error}")),
    };
    let status = response.status();
    let headers = response.headers();
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED => return Answer::Unchanged,
        StatusCode::GONE => return Answer::Gone(refused(status)),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            return Answer::Busy(retry_after(headers, now), refused(status));
        }
        _ => return Answer::Failed(refused(status)),
    }
    let validators = Validators {
        etag: text(headers, &header::ETAG),
        last_modified: text(headers, &header::LAST_MODIFIED),
    };
    let encoding = text(headers, &header::CONTENT_TYPE).and_then(|kind| charset(&kind));
    let mut bytes = Vec::new();
    let body = response.into_body().into_reader();
    match body.take(limits.bytes + 1).read_to_end(&mut bytes) {
        Err(error) => Answer::Failed(format!("cannot be fetched whole: {error}")),
        Ok(_) if bytes.len() as u64 > limits.bytes => Answer::Failed(format!(
            "is larger than {} MB, which no feed is",
            limits.bytes / (1024 * 1024)
        )),
        Ok(_) => Answer::Sent {
            bytes,
            encoding,
            validators,
        },
    }
}

fn refused(status: StatusCode) -> String {
    format!("is answered with {status}")
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// How long to wait, told in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let told = text(headers, &header::RETRY_AFTER)?;
    match told.trim().parse::<u32>() {
        Ok(seconds) => Some(SignedDuration::from_secs(i64::from(seconds))),
        Err(_) => Some(
            rfc2822::parse(told.trim())
                .ok()?
                .timestamp()
                .duration_since(now),
        ),
    }
}

/// The encoding of a content type.
fn charset(kind: &str) -> Option<String> {
    kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read as _, Write as _},
        net::{Ipv4Addr, TcpListener},
        thread,
        time::Duration,
    };

    use jiff::Timestamp;

    use super::{Answer, Limits, agent_to, fetch};
    use crate::article::Validators;

    /// 127.0.0.1 stands for the public internet, and 127.0.0.2, where the same server listens, for a private
    /// network.
    #[test]
    fn a_redirect_into_a_private_network_is_not_followed() {
        let listener = TcpListener::bind("0.0.0.0:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = thread::spawn(move || {
            let (mut asked, _) = listener.accept().expect("a connection");
            let mut request = [0; 1024];
            let _ = asked.read(&mut request).expect("a request");
            let location = format!("http://127.0.0.2:{port}/inside");
            write!(
                asked,
                "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
            )
            .expect("a response");
            drop(asked);
            listener.set_nonblocking(true).expect("no waiting");
            listener
        });
        let limits = Limits {
            time: Duration::from_secs(10),
            bytes: 1024,
            redirects: 5,
            private: false,
        };
        let agent = agent_to(limits, |address| address == Ipv4Addr::LOCALHOST);
        let url = format!("http://127.0.0.1:{port}/feed");
        let answer = fetch(
            &agent,
            &url,
            &Validators::default(),
            limits,
            Timestamp::UNIX_EPOCH,
        );
        let Answer::Failed(reason) = answer else {
            panic!("it must fail");
        };
        assert!(
            reason.contains("into a private network, to 127.0.0.2"),
            "{reason}"
        );
        let listener = server.join().expect("the server's end");
        assert!(listener.accept().is_err(), "the inside was asked");
    }
}
