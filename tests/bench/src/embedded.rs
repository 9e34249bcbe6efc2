//! What octroi costs the app that it is embedded in. `cargo xtask bench` knows it: sizes are recorded when a library is built, and the gate
//! on the JVM is measured by Kotlin.

use std::collections::HashMap;

use anyhow::{Context, Result, bail, ensure};

/// Sizes and times.
#[derive(Debug, PartialEq)]
pub(crate) struct Embedded {
    /// Bytes of the library for arm64 phones with Android.
    pub(crate) android: u64,
    /// Bytes that an app for the iPhone grows by.
    pub(crate) iphone: u64,
    /// The gate on the JVM, where there is one.
    pub(crate) gate: Option<Gate>,
}

/// Medians in microseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Gate {
    /// A check of which nothing is new.
    pub(crate) check: f64,
    /// From the opening to the first verdict, in a folder that is new.
    pub(crate) first: f64,
    /// The same in a folder with a state.
    pub(crate) again: f64,
}

impl Embedded {
    /// Reads arguments like `android=1205184`.
    pub(crate) fn read(arguments: &[String]) -> Result<Self> {
        let mut numbers = HashMap::new();
        for argument in arguments {
            let number = argument.split_once('=');
            let number = number.and_then(|(name, number)| Some((name, number.parse().ok()?)));
            let (name, number): (_, f64) =
                number.with_context(|| format!("`{argument}` is no name and number"))?;
            ensure!(numbers.insert(name, number).is_none(), "`{name}` twice");
        }
        let mut bytes = |name: &str| {
            let number = numbers.remove(name);
            Ok::<_, anyhow::Error>(number.with_context(|| format!("no `{name}`"))? as u64)
        };
        let (android, iphone) = (bytes("android")?, bytes("iphone")?);
        let gate = ["check", "first", "again"].map(|name| numbers.remove(name));
        let gate = match gate {
            [Some(check), Some(first), Some(again)] => Some(Gate {
                check,
                first,
                again,
            }),
            [None, None, None] => None,
            _ => bail!("of the gate on the JVM, all three times are told or none"),
        };
        ensure!(numbers.is_empty(), "nobody asks for {numbers:?}");
        Ok(Self {
            android,
            iphone,
            gate,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Option<Embedded> {
        let arguments: Vec<_> = arguments.iter().map(|text| (*text).to_owned()).collect();
        Embedded::read(&arguments).ok()
    }

    #[test]
    fn the_gate_is_told_whole_or_not_at_all() {
        let sizes = ["android=1205184", "iphone=1262616"];
        let embedded = |gate| Embedded {
            android: 1_205_184,
            iphone: 1_262_616,
            gate,
        };
        assert_eq!(read(&sizes), Some(embedded(None)));
        let gate = Gate {
            check: 122.6,
            first: 6300.0,
            again: 400.0,
        };
        let [android, iphone] = sizes;
        let all = [android, iphone, "check=122.6", "first=6300", "again=400"];
        assert_eq!(read(&all), Some(embedded(Some(gate))));
        assert_eq!(read(&all[..4]), None);
        assert_eq!(read(&all[1..]), None);
        assert_eq!(read(&[android, iphone, iphone]), None);
        assert_eq!(read(&[android, iphone, "checks=1"]), None);
    }
}
