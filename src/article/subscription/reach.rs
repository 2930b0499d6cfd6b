//! How far a feed may lead: to the public internet, and no further unless that is allowed.
//!
//! Whoever runs a feed's server, or its name, chooses what is connected to next: by a redirect, or by a name
//! that leads to an address of the bot's own network (server-side request forgery, CWE-918). So it is the
//! address that is looked at, after its name was resolved and right before it is connected to, however it was
//! written: another look at the name would be another answer. What is not public is told by the IANA
//! special-purpose address registries (RFC 6890), and by the IPv4 addresses that IPv6 addresses carry within.
//!
//! Left out: what a proxy of the environment (`HTTPS_PROXY`) resolves for itself. It knows its own network, and
//! its rules hold.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::{
    Error,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::NextTimeout,
    },
};

/// Why an address was not connected to.
#[derive(Debug, thiserror::Error)]
#[error("it leads into a private network, to {0}, which archive.private_feeds would have to allow")]
pub(super) struct Private(IpAddr);

/// Resolves names to those of their addresses that pass.
#[derive(Debug)]
pub(super) struct Addresses {
    resolver: DefaultResolver,
    pass: fn(IpAddr) -> bool,
}

impl Addresses {
    /// Addresses that `pass` lets pass.
    pub(super) fn that(pass: fn(IpAddr) -> bool) -> Self {
        Self {
            resolver: DefaultResolver::default(),
            pass,
        }
    }
}

impl Resolver for Addresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.resolver.resolve(uri, config, timeout)?;
        let proxy = config.proxy().map(ureq::Proxy::uri);
        if proxy.is_some_and(|proxy| proxy.authority() == uri.authority()) {
            return Ok(found);
        }
        let mut passed = self.empty();
        let mut refused = None;
        for &address in &found {
            if (self.pass)(address.ip()) {
                passed.push(address);
            } else {
                refused = Some(address.ip());
            }
        }
        match refused {
            Some(address) if passed.is_empty() => Err(Error::Other(Box::new(Private(address)))),
            _ => Ok(passed),
        }
    }
}

/// Whether an address is one of the public internet.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    // "This network", shared by carriers, protocol assignments, documentation, benchmarks, relays from IPv6, and
    // all that is reserved.
    let special = matches!(
        address.octets(),
        [0 | 240..=255, ..]
            | [100, 64..=127, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    );
    !(special
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let within = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // IPv4 in IPv6: mapped, translated by NAT64, and 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            within(high, low)
        }
        [0x2002, high, low, ..] => within(high, low),
        // Protocol assignments with Teredo among them, documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast; loopback, local and multicast addresses lie outside.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    #[test]
    fn public_addresses_are_told_from_all_others() {
        for public in [
            "1.1.1.1",
            "93.184.216.34",
            "172.15.255.255",
            "172.32.0.1",
            "100.63.0.1",
            "2606:2800:220:1:248:1893:25c8:1946",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:a00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(
                !is_public(private.parse().expect("an address")),
                "{private}"
            );
        }
    }
}
