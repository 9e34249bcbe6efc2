//! The hosts that an administration calls its own.

// An address is a number with a notation: there is no network in it.
use core::net::{Ipv4Addr, Ipv6Addr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::read::parsed;

/// A host name in lower case, `*.` and a name for everything below it, or an IPv6 address as RFC 5952 writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct HostPattern(Box<str>);

impl HostPattern {
    /// The pattern, or `None` if the text is none.
    pub fn new(text: &str) -> Option<Self> {
        // The form that ends in an IPv4 address is left out: it is a second way to write what has one.
        if text.contains(':') && !text.contains('.') {
            return address(text).map(|address| Self(address.into()));
        }
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let name = text.strip_prefix("*.").unwrap_or(text);
        (name.len() <= 253 && name.split('.').all(label))
            .then(|| Self(text.to_ascii_lowercase().into()))
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn covers(&self, name: &str) -> bool {
        match self.0.strip_prefix('*') {
            Some(below) => {
                let at = name.len().checked_sub(below.len());
                at.filter(|at| *at > 0)
                    .and_then(|at| name.get(at..))
                    .is_some_and(|end| end.eq_ignore_ascii_case(below))
            }
            None => name.eq_ignore_ascii_case(&self.0),
        }
    }
}

/// Whether one of the patterns covers a host, however it is written.
pub(crate) fn is_among(host: &str, patterns: &[HostPattern]) -> bool {
    let among = |name: &str| patterns.iter().any(|pattern| pattern.covers(name));
    if host.contains(':') {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        // What follows is the interface by which it is reached.
        let bare = bare.split('%').next().unwrap_or(bare);
        return address(bare).is_some_and(|address| among(&address));
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    among(name) || ipv4(name).is_some_and(|address| among(&address.to_string()))
}

/// An IPv4 address as resolvers read it, who follow `inet_aton`: one number to four, decimal, octal or hexadecimal, of which the last fills
/// what is left.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut parts = text.split('.');
    let last = number(parts.next_back()?)?;
    let (mut address, mut bits) = (0u32, 32);
    for part in parts {
        let part = u8::try_from(number(part)?).ok()?;
        bits = u32::checked_sub(bits, 8).filter(|bits| *bits > 0)?;
        address |= u32::from(part) << bits;
    }
    let fits = last.checked_shr(bits).unwrap_or(0) == 0;
    fits.then(|| Ipv4Addr::from_bits(address | last))
}

fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_number.then(|| u32::from_str_radix(digits, radix).ok())?
}

/// An IPv6 address in the one way of writing that is compared here. One that stands for an IPv4 address is that one: both lead to the same host.
fn address(text: &str) -> Option<String> {
    let address: Ipv6Addr = text.parse().ok()?;
    let ipv4 = address.to_ipv4_mapped();
    Some(ipv4.map_or_else(|| address.to_string(), |ipv4| ipv4.to_string()))
}

impl<'de> Deserialize<'de> for HostPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        parsed(
            deserializer,
            "a host name in ASCII, `*.` and a host name, or an IPv6 address",
            HostPattern::new,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deployment;

    #[test]
    fn an_internal_host_is_recognised_however_it_is_written() {
        let json = br#"{"internal_hosts":["*.intra.example","portal.example","10.0.0.5"]}"#;
        let deployment = Deployment::from_json(json).unwrap();
        for internal in [
            "a.intra.example",
            "b.a.INTRA.example.",
            "Portal.Example",
            "portal.example.",
            "10.0.0.5",
            // All of these, resolvers take for that address.
            "10.5",
            "10.0.5",
            "167772165",
            "0xa000005",
            "012.0.0.05",
            "0XA.0.0.5.",
        ] {
            assert!(deployment.is_internal(internal), "{internal}");
        }
        for other in [
            "intra.example",
            ".intra.example",
            "xintra.example",
            "portal.example.org",
            "my.portal.example",
            "10.0.0.50",
            "10.0.0.0.5",
            "10.0.0.261",
            "10.16777221",
            "167772166",
            "+167772165",
            "0x",
            "09.0.0.5",
            "",
            ".",
            "é.example",
        ] {
            assert!(!deployment.is_internal(other), "{other}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_everything_below_one() {
        assert_eq!(
            HostPattern::new("*.Intra.Brussels").unwrap().as_str(),
            "*.intra.brussels"
        );
        for bad in [
            "",
            "*",
            "*.",
            "a..b",
            "https://a.b",
            "a.b:443",
            "-a.b",
            "*.*.b",
            "intra.brüssel",
        ] {
            assert_eq!(HostPattern::new(bad), None, "{bad}");
        }
    }

    /// Servers of a network without names, and those that a resolver of another led to.
    #[test]
    fn an_ipv6_address_is_recognised_however_it_is_written() {
        let json = br#"{"internal_hosts":["2001:DB8:0:0::5","fe80::1","::ffff:a00:5","10.0.0.7"]}"#;
        let deployment = Deployment::from_json(json).unwrap();
        let hosts = deployment.internal_hosts.iter().map(HostPattern::as_str);
        let expected = ["2001:db8::5", "fe80::1", "10.0.0.5", "10.0.0.7"];
        assert_eq!(hosts.collect::<Vec<_>>(), expected);
        for internal in [
            "2001:db8::5",
            "2001:0DB8:0:0:0:0:0:5",
            "[2001:db8::5]",
            "fe80:0:0:0:0:0:0:1%wlan0",
            "[fe80::1%25wlan0]",
            "10.0.0.5",
            "::ffff:10.0.0.5",
            "[::ffff:a00:7]",
        ] {
            assert!(deployment.is_internal(internal), "{internal}");
        }
        for other in [
            "2001:db8::6",
            "2001:db8::5:0",
            "::a00:5",
            "2001:db8::5.",
            ":",
            "[]",
            "intranet.example:443",
        ] {
            assert!(!deployment.is_internal(other), "{other}");
        }
        for bad in [
            "[::1]",
            "::1%lo",
            "*.::1",
            "::ffff:10.0.0.5",
            ":",
            "1:2",
            "::1::",
            "1::12345",
        ] {
            assert_eq!(HostPattern::new(bad), None, "{bad}");
        }
    }
}
