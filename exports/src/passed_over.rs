//! A document of which nothing is kept, not even for a moment.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Any value. It is read value by value, as [`IgnoredAny`] is not, so that an error knows its place.
pub(crate) struct PassedOver;

impl<'de> Deserialize<'de> for PassedOver {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Passing)
    }
}

struct Passing;

impl<'de> Visitor<'de> for Passing {
    type Value = PassedOver;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_unit<E: Error>(self) -> Result<PassedOver, E> {
        Ok(PassedOver)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<PassedOver, A::Error> {
        while elements.next_element::<PassedOver>()?.is_some() {}
        Ok(PassedOver)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<PassedOver, A::Error> {
        while entries.next_entry::<IgnoredAny, PassedOver>()?.is_some() {}
        Ok(PassedOver)
    }
}
