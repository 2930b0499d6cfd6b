//! The address of an article on the web, without what differs between its copies.
//!
//! Links to one article differ by how one came to it: campaigns, social networks, the page for telephones,
//! a mark within the page. What is left names the article; it is not meant to be opened. Left out: what
//! only the site knows, such as two paths to one page.

use url::Url;

/// Parameters that say where a reader came from, and begin with these letters.
const TRACKING_PREFIXES: &[&str] = &[
    "utm_", "at_", "ns_", "pk_", "mtm_", "hsa_", "_hs", "vero_", "oly_",
];

/// Parameters that say where a reader came from, or how the page is to look.
const TRACKING: &[&str] = &[
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_ga",
    "_gl",
    "cmpid",
    "cmp",
    "cid",
    "icid",
    "ncid",
    "ocid",
    "ito",
    "xtor",
    "smid",
    "smtyp",
    "sr_share",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "feature",
    "share",
    "partner",
    "rss",
    "amp",
    "outputtype",
    "spm",
    "s_cid",
    "trk",
    "wt_mc",
    "wt.mc_id",
    "guccounter",
];

/// Beginnings of a host's name that lead to the same pages.
const SAME_HOST: &[&str] = &["www.", "m.", "mobile.", "amp."];

/// What names the article among all addresses, if the address is on the web and names more than its site.
#[must_use]
pub fn canonical(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = url.host_str()?.trim_end_matches('.');
    let host = SAME_HOST
        .iter()
        .find_map(|begin| host.strip_prefix(begin))
        // "m.example" is a site of its own.
        .filter(|rest| rest.contains('.'))
        .unwrap_or(host);
    let path = url.path().trim_end_matches('/');
    let path = path
        .strip_suffix("/amp")
        .or_else(|| path.strip_suffix(".amp"))
        .unwrap_or(path);
    let path = path
        .strip_suffix(".amp.html")
        .map_or_else(|| path.to_owned(), |bare| format!("{bare}.html"));

    let mut query: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    query.sort();
    // Some sites put the path of their pages behind the mark.
    let mark = url
        .fragment()
        .filter(|mark| mark.starts_with('!') || mark.starts_with('/'));
    if path.is_empty() && query.is_empty() && mark.is_none() {
        return None;
    }

    let mut canonical = host.to_owned();
    if let Some(port) = url.port() {
        canonical.push(':');
        canonical.push_str(&port.to_string());
    }
    canonical.push_str(&path);
    for (place, (name, value)) in query.iter().enumerate() {
        canonical.push(if place == 0 { '?' } else { '&' });
        canonical.push_str(name);
        canonical.push('=');
        canonical.push_str(value);
    }
    if let Some(mark) = mark {
        canonical.push('#');
        canonical.push_str(mark);
    }
    Some(canonical)
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKING.contains(&name.as_str())
        || TRACKING_PREFIXES
            .iter()
            .any(|prefix| name.starts_with(prefix))
}
