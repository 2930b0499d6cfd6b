//! Where a cluster is, and who asks it.

use std::{env, fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use ureq::http::Uri;

use crate::index::IndexError;

/// The environment's variables for credentials. They are in no file: what is in files ends up in repositories.
const API_KEY: &str = "DATELINE_INDEX_API_KEY";
const USER: &str = "DATELINE_INDEX_USER";
const PASSWORD: &str = "DATELINE_INDEX_PASSWORD";

/// The name of an index where none is given.
const DEFAULT_NAME: &str = "dateline";

/// A cluster and the index in it.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its nodes, each as `scheme://host:port` with or without a path, without a stroke at the end.
    pub(super) nodes: Vec<String>,
    /// What the names of its indexes begin with, and the alias of the current one.
    pub(super) name: String,
    pub(super) credentials: Credentials,
    pub(super) patience: Duration,
}

/// After which time without an answer a call is given up: somebody waits for it, and three seconds are long.
const PATIENCE: Duration = Duration::from_millis(2700);

/// Who asks a cluster.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Anybody.
    #[default]
    None,
    /// The holder of an API key (Elasticsearch, and services that took it over).
    ApiKey(String),
    /// A user with a password.
    Basic {
        /// The user's name.
        user: String,
        /// The password.
        password: String,
    },
}

impl Cluster {
    /// The cluster whose nodes answer at `urls` (one, or several with commas between them), and in it the
    /// index called `name`; empty, it is called "dateline".
    ///
    /// # Errors
    /// Where an address is none, or holds credentials.
    pub fn new(urls: &str, name: &str, credentials: Credentials) -> Result<Self, IndexError> {
        let mut nodes = Vec::new();
        for url in urls.split([',', ' ']).filter(|url| !url.is_empty()) {
            nodes.push(node(url)?);
        }
        if nodes.is_empty() {
            return Err(unusable(urls, "is no address: it is empty"));
        }
        let name = if name.is_empty() { DEFAULT_NAME } else { name };
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let sound = name.len() <= 200
            && name.starts_with(plain)
            && name
                .chars()
                .all(|letter| plain(letter) || matches!(letter, '-' | '_'));
        if !sound {
            let reason = format!(
                "takes no index called {name:?}: small letters, digits, '-' and '_', a letter or digit first"
            );
            return Err(unusable(&nodes.join(", "), &reason));
        }
        let open = |node: &String| node.starts_with("http://") && !is_loopback(node);
        if credentials != Credentials::None && nodes.iter().any(open) {
            tracing::warn!("credentials for the search cluster go over an unencrypted connection");
        }
        Ok(Self {
            nodes,
            name: name.to_owned(),
            credentials,
            patience: PATIENCE,
        })
    }

    /// The same, with another time after which a call without an answer is given up.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

impl Credentials {
    /// Those that the environment holds.
    #[must_use]
    pub fn from_environment() -> Self {
        let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        if let Some(key) = set(API_KEY) {
            return Self::ApiKey(key);
        }
        match set(USER) {
            Some(user) => Self::Basic {
                user,
                password: set(PASSWORD).unwrap_or_default(),
            },
            None => Self::None,
        }
    }

    /// The value of the `Authorization` header (RFC 7617 for the second form).
    pub(super) fn header(&self) -> Option<String> {
        match self {
            Self::None => None,
            Self::ApiKey(key) => Some(format!("ApiKey {key}")),
            Self::Basic { user, password } => {
                let pair = STANDARD.encode(format!("{user}:{password}"));
                Some(format!("Basic {pair}"))
            }
        }
    }

    /// `text` with every secret covered.
    pub(super) fn covered(&self, text: &str) -> String {
        let mut covered = text.to_owned();
        let pair = self.header().unwrap_or_default();
        let sent = pair.split(' ').next_back().unwrap_or_default();
        let secrets = match self {
            Self::None => [""; 2],
            Self::ApiKey(key) => [key, sent],
            Self::Basic { password, .. } => [password, sent],
        };
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            covered = covered.replace(secret, "…");
        }
        covered
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "None",
            Self::ApiKey(_) => "ApiKey(…)",
            Self::Basic { .. } => "Basic { … }",
        })
    }
}

/// One node's address, as it is used and told.
fn node(url: &str) -> Result<String, IndexError> {
    if url.contains('@') {
        return Err(unusable(
            &without_user(url),
            "has credentials in its address: they come from the environment, DATELINE_INDEX_API_KEY or \
             DATELINE_INDEX_USER and DATELINE_INDEX_PASSWORD",
        ));
    }
    let parsed: Uri = url
        .parse()
        .map_err(|error| unusable(url, &format!("has no such address: {error}")))?;
    let known = matches!(parsed.scheme_str(), Some("http" | "https"));
    if !known || parsed.host().is_none_or(str::is_empty) || parsed.query().is_some() {
        return Err(unusable(
            url,
            "has no such address: it begins with http:// or https:// and a host",
        ));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn unusable(cluster: &str, reason: &str) -> IndexError {
    IndexError::Remote {
        cluster: cluster.to_owned(),
        reason: reason.to_owned(),
    }
}

/// The address without what stands before the host.
fn without_user(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    // Of several '@' the last one counts; what stands before it may be a password.
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    if scheme.is_empty() || scheme.contains('@') {
        format!("…@{host}")
    } else {
        format!("{scheme}://…@{host}")
    }
}

fn is_loopback(node: &str) -> bool {
    node.parse::<Uri>()
        .ok()
        .and_then(|uri| uri.host().map(str::to_owned))
        .is_some_and(|host| {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host == "localhost"
                || host
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_nodes_are_read_and_a_missing_name_is_filled_in() {
        let cluster =
            Cluster::new("http://a:9200/, https://b/search", "", Credentials::None).unwrap();
        assert_eq!(cluster.nodes, ["http://a:9200", "https://b/search"]);
        assert_eq!(cluster.name, "dateline");
    }

    #[test]
    fn credentials_in_an_address_are_refused_and_not_repeated() {
        for url in [
            "https://jane:s3cret@search.example:9200",
            "https://jane:s3@cret@search.example",
            "jane:s3cret@search.example",
        ] {
            let told = Cluster::new(url, "", Credentials::None)
                .unwrap_err()
                .to_string();
            assert!(!told.contains("s3") && !told.contains("jane"), "{told}");
            assert!(told.contains("search.example"), "{told}");
        }
    }

    #[test]
    fn an_address_that_is_none_is_told() {
        for url in [
            "",
            " ,",
            "search.example:9200",
            "ftp://a",
            "http://",
            "http://a?b",
        ] {
            assert!(Cluster::new(url, "", Credentials::None).is_err(), "{url:?}");
        }
        for name in ["Upper", "-a", "a b", "a*", "a,b", "ä"] {
            assert!(
                Cluster::new("http://a", name, Credentials::None).is_err(),
                "{name}"
            );
        }
    }

    #[test]
    fn credentials_are_in_no_debug_output_and_covered_in_what_a_cluster_says() {
        let basic = Credentials::Basic {
            user: "jane".to_owned(),
            password: "s3cret".to_owned(),
        };
        let key = Credentials::ApiKey("a2V5".to_owned());
        assert!(!format!("{basic:?}{key:?}").contains("s3cret"));
        assert!(!format!("{key:?}").contains("a2V5"));
        assert_eq!(basic.header().unwrap(), "Basic amFuZTpzM2NyZXQ=");
        assert_eq!(
            basic.covered("no s3cret, no amFuZTpzM2NyZXQ="),
            "no …, no …"
        );
        assert_eq!(key.covered("bad key a2V5"), "bad key …");
    }
}
