//! Objects are objects and words are words, and an error knows its place.
//!
//! What serde derives reads a struct from an array as well, by position, and a word from `{"word": null}`. A document may not
//! have such second forms, so every deserializer is wrapped in one that knows a single form of each. On its way out, an error
//! passes through all of them: each leaves a step of the way to the place.

use core::{cell::Cell, fmt};
use std::borrow::Cow;

use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeSeed, EnumAccess, MapAccess, SeqAccess, Unexpected, VariantAccess,
        Visitor,
        value::{MapAccessDeserializer, StrDeserializer},
    },
};

use crate::{place::About, read::Step};

/// The way from an error to the top of the document.
#[derive(Default)]
pub(crate) struct Trail {
    steps: Cell<Vec<Step>>,
    /// Whether it is the last key that is wrong, and not its value.
    is_key: Cell<bool>,
}

impl Trail {
    /// The way from the top to the error, and what is wrong there; no way if there was no error.
    pub(crate) fn into_path(self) -> (Vec<Step>, About) {
        let mut steps = self.steps.into_inner();
        steps.reverse();
        let about = if self.is_key.get() {
            About::Key
        } else {
            About::Value
        };
        (steps, about)
    }

    // None of these is inlined into the readers, which must be small and fast where nothing is wrong.

    #[cold]
    #[inline(never)]
    fn leave_key(&self, key: &str) {
        self.is_key.set(true);
        self.leave(Step::from(key));
    }

    #[cold]
    #[inline(never)]
    fn leave_value(&self, key: &str) {
        self.leave(Step::from(key));
    }

    #[cold]
    #[inline(never)]
    fn leave_element(&self, index: usize) {
        self.leave(Step::from(index));
    }

    fn leave(&self, step: Step) {
        let mut steps = self.steps.take();
        steps.push(step);
        self.steps.set(steps);
    }
}

/// A deserializer, or a part of one, that takes no second forms.
pub(crate) struct Strict<'t, T> {
    inner: T,
    trail: &'t Trail,
}

impl<'t, T> Strict<'t, T> {
    pub(crate) fn new(inner: T, trail: &'t Trail) -> Self {
        Self { inner, trail }
    }
}

macro_rules! forward {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method($($argument,)* Strict::new(visitor, self.trail))
        })*
    };
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, D> {
    type Error = D::Error;

    forward! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_f32() deserialize_f64()
        deserialize_char() deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_seq() deserialize_map() deserialize_identifier()
        deserialize_ignored_any()
        deserialize_newtype_struct(name: &'static str)
        deserialize_unit_struct(name: &'static str)
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        words: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.deserialize_any(Variants { visitor, words })
    }
}

macro_rules! visit {
    ($($method:ident($type:ty))*) => {
        $(fn $method<E: de::Error>(self, value: $type) -> Result<V::Value, E> {
            self.inner.$method(value)
        })*
    };
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Strict<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    visit! {
        visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) visit_str(&str) visit_borrowed_str(&'de str)
        visit_string(String)
    }

    fn visit_unit<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    fn visit_none<E: de::Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Strict::new(deserializer, self.trail))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.inner
            .visit_newtype_struct(Strict::new(deserializer, self.trail))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        self.inner.visit_seq(Elements {
            inner: sequence,
            index: 0,
            trail: self.trail,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.inner.visit_map(Entries {
            inner: map,
            key: Cow::Borrowed(""),
            trail: self.trail,
        })
    }
}

/// The elements of an array.
struct Elements<'t, A> {
    inner: A,
    index: usize,
    trail: &'t Trail,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Elements<'_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let leave = |trail: &Trail| trail.leave_element(self.index);
        let element = self.inner.next_element_seed(Inside {
            seed,
            leave,
            trail: self.trail,
        });
        self.index += 1;
        element
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The keys of an object with their values.
struct Entries<'t, 'de, A> {
    inner: A,
    /// The last one that was read.
    key: Cow<'de, str>,
    trail: &'t Trail,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'_, 'de, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, A::Error> {
        let Some(Key(key)) = self.inner.next_key()? else {
            return Ok(None);
        };
        self.key = key;
        let inside = Inside {
            seed,
            leave: |trail: &Trail| trail.leave_key(&self.key),
            trail: self.trail,
        };
        inside
            .deserialize(StrDeserializer::new(&self.key))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let leave = |trail: &Trail| trail.leave_value(&self.key);
        self.inner.next_value_seed(Inside {
            seed,
            leave,
            trail: self.trail,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A value inside another one.
struct Inside<'t, S, F> {
    seed: S,
    leave: F,
    trail: &'t Trail,
}

impl<'de, S: DeserializeSeed<'de>, F: FnOnce(&Trail)> DeserializeSeed<'de> for Inside<'_, S, F> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        let value = self.seed.deserialize(Strict::new(deserializer, self.trail));
        if value.is_err() {
            (self.leave)(self.trail);
        }
        value
    }
}

/// A key, before anybody asked whether it may stand there.
struct Key<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(key)))
            }

            fn visit_str<E: de::Error>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(key.to_owned())))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// One of several forms: a word, or an object of one key whose value belongs to the form.
struct Variants<V> {
    visitor: V,
    words: &'static [&'static str],
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Variants<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        one_of(self.words, f)
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<V::Value, E> {
        self.visitor.visit_enum(StrDeserializer::new(word))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        let form = MapAccessDeserializer::new(&mut map);
        let value = self.visitor.visit_enum(Tagged(form))?;
        end(&mut map)?;
        Ok(value)
    }
}

/// Sees to it that no key follows the one that names the form. One for all forms: they are read rarely.
#[inline(never)]
fn end<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_key_seed(NoMore).map(drop)
}

/// The words that may stand there, listed as serde lists those of an unknown one.
fn one_of(words: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if let [one, other] = words {
        return write!(f, "`{one}` or `{other}`");
    }
    for (nth, word) in words.iter().enumerate() {
        let before = if nth == 0 { "one of " } else { ", " };
        write!(f, "{before}`{word}`")?;
    }
    Ok(())
}

/// A key that may not be there.
struct NoMore;

impl<'de> DeserializeSeed<'de> for NoMore {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, _: D) -> Result<(), D::Error> {
        Err(de::Error::invalid_value(
            Unexpected::Other("a second key"),
            &"an object of one key",
        ))
    }
}

/// A form that is named by the key of an object.
struct Tagged<T>(T);

impl<'de, A: EnumAccess<'de>> EnumAccess<'de> for Tagged<A> {
    type Error = A::Error;
    type Variant = Tagged<A::Variant>;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Self::Variant), A::Error> {
        let (value, variant) = self.0.variant_seed(seed)?;
        Ok((value, Tagged(variant)))
    }
}

impl<'de, A: VariantAccess<'de>> VariantAccess<'de> for Tagged<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(de::Error::invalid_type(Unexpected::Map, &"a word"))
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, A::Error> {
        self.0.newtype_variant_seed(seed)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.tuple_variant(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, A::Error> {
        self.0.struct_variant(fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use crate::{Deployment, Policies, Policy, Record, embedded};

    /// Whoever looks for the mistake in a file of thousands of phones needs its line, its column and its key.
    #[test]
    fn an_error_knows_its_place_even_where_the_text_is_none() {
        let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
        for (json, error) in [
            (
                &b"{\"device\":\n{\"platform\":\"and\xFFroid\"}}"[..],
                "line 2, column 17: `device.platform`: found the byte 0xFF, expected text in UTF-8",
            ),
            (
                b"{\"device\":{\"platform\":\"ios\"}}\xFF",
                "line 1, column 30: found the byte 0xFF, expected text in UTF-8",
            ),
            (
                b"{\"device\":{\"platform\":7}}\xFF",
                "line 1, column 23: `device.platform`: found integer `7`, expected one of `android`, `ios`, `macos`, `windows`, `linux`, `chromeos`",
            ),
            (
                b"{\"dev\\u0069ce\":{\"platform\":true}}",
                "line 1, column 28: `device.platform`: found boolean `true`, expected one of `android`, `ios`, `macos`, `windows`, `linux`, `chromeos`",
            ),
        ] {
            let read = Record::from_json(json, &policies).unwrap_err();
            assert_eq!(read.to_string(), error);
        }
    }

    /// Whoever gets a permit by a form that nobody documented found a way around the documented one.
    #[test]
    fn there_is_no_second_form_of_anything() {
        let policies = Policies::new(embedded().unwrap().to_vec()).unwrap();
        let record =
            |json: &str| Record::from_json(json.as_bytes(), &policies).map(Record::into_owned);
        assert!(
            record(r#"{"device":{"platform":"android"},"observations":[{"scope":"device"}]}"#)
                .is_ok()
        );
        for (json, place) in [
            (r#"["1",{"platform":"android"}]"#, ""),
            (r#"{"device":["opaque","android"]}"#, "device"),
            (
                r#"{"device":{"platform":{"android":null}}}"#,
                "device.platform",
            ),
            (
                r#"{"device":{"platform":"ios"},"holder":[["police"]]}"#,
                "holder",
            ),
            (
                r#"{"device":{"platform":"ios","ownership":{"personal":null}}}"#,
                "device.ownership.personal",
            ),
            (
                r#"{"device":{"platform":"ios"},"observations":[["mdm"]]}"#,
                "observations[0]",
            ),
            (
                r#"{"device":{"platform":"ios"},"observations":[{"apps":[["a"]]}]}"#,
                "observations[0].apps[0]",
            ),
            (
                r#"{"device":{"platform":"ios"},"observations":[{"scope":{"device":null}}]}"#,
                "observations[0].scope",
            ),
            (
                r#"{"device":{"platform":"ios"},"declarations":{"tiktok":{"value":{"present":null}}}}"#,
                "declarations.tiktok.value",
            ),
        ] {
            assert_eq!(record(json).unwrap_err().path.to_string(), place, "{json}");
        }
        for json in [
            r#"["x"]"#,
            r#"{"contacts":["a","b"]}"#,
            r#"{"when_undetermined":{"permit":null}}"#,
        ] {
            assert!(Deployment::from_json(json.as_bytes()).is_err(), "{json}");
        }
        let pack = embedded().unwrap().first().unwrap().to_json();
        let by_position = pack.replacen(
            r#"{
        "decision": "deny",
        "basis": "CIRC2023/07#3"
      }"#,
            r#"["deny", "CIRC2023/07#3"]"#,
            1,
        );
        assert_ne!(by_position, pack);
        assert!(Policy::from_json(by_position.as_bytes()).is_err());
    }
}
