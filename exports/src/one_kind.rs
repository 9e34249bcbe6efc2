//! A JSON object is octroi's record or another export. Of two in one, one would be passed over, and nobody would know which.

use core::{fmt, marker::PhantomData};
use std::collections::BTreeMap;

use octroi_core::{ReadError, from_json};
use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeSeed, IgnoredAny, MapAccess, Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};

use crate::{Kind, json::KEYS};

const ONE_KIND: &str = "the keys of one kind of export";

/// What is wrong with a record that has keys of another export as well.
pub(crate) fn mixed_with_record(text: &str) -> Option<ReadError> {
    let read: Result<Unmixed<BTreeMap<String, IgnoredAny>, true>, _> = from_json(text.as_bytes());
    read.err().filter(|error| error.expected == ONE_KIND)
}

/// A document with keys of octroi's record (`RECORD`) or of other exports, and not of both.
pub(crate) struct Unmixed<T, const RECORD: bool>(pub(crate) T);

impl<'de, T: Deserialize<'de>, const RECORD: bool> Deserialize<'de> for Unmixed<T, RECORD> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UnmixedVisitor<T, const RECORD: bool>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>, const RECORD: bool> Visitor<'de> for UnmixedVisitor<T, RECORD> {
            type Value = Unmixed<T, RECORD>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let keys = OneKind {
                    map,
                    is_record: RECORD,
                    has_own: !RECORD,
                };
                T::deserialize(MapAccessDeserializer::new(keys)).map(Unmixed)
            }
        }

        deserializer.deserialize_map(UnmixedVisitor(PhantomData))
    }
}

/// The keys of an object, none of which may be of the other side.
struct OneKind<A> {
    map: A,
    is_record: bool,
    /// Whether it surely is what it is read as.
    has_own: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for OneKind<A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        self.map.next_key_seed(OneKindKey {
            seed,
            is_record: self.is_record,
            has_own: &mut self.has_own,
        })
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

struct OneKindKey<'a, S> {
    seed: S,
    is_record: bool,
    has_own: &'a mut bool,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for OneKindKey<'_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for OneKindKey<'_, S> {
    type Value = S::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<S::Value, E> {
        let known = KEYS.iter().find(|(known, _)| *known == key);
        if let Some((_, kind)) = known {
            if (*kind == Kind::Record) == self.is_record {
                *self.has_own = true;
            } else if *self.has_own {
                let beside = if self.is_record {
                    "those of octroi's record"
                } else {
                    "those of another export"
                };
                return Err(E::custom(format_args!(
                    "the key `{key}`, as `{kind}` has it, beside {beside}, expected {ONE_KIND}"
                )));
            }
        }
        self.seed.deserialize(StrDeserializer::new(key))
    }
}
