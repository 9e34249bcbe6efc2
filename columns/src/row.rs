//! A row as serde sees one, so that the core reads it by the rules by which it reads JSON.
//!
//! A null is a field that is not there. What a list or a map holds is there, so a null in one is an error.

use core::ops::Range;

use arrow_array::types::Date32Type;
use serde::{
    Deserializer,
    de::{
        DeserializeSeed, MapAccess, SeqAccess, Visitor,
        value::{BorrowedStrDeserializer, Error},
    },
    forward_to_deserialize_any,
};

use crate::column::{Column, Fields, List, Map};

/// A value of a column.
pub(crate) struct Value<'c, 'a> {
    pub(crate) column: &'c Column<'a>,
    pub(crate) row: usize,
}

impl<'de> Deserializer<'de> for Value<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Self { column, row } = self;
        if column.is_null(row) {
            return visitor.visit_unit();
        }
        match column {
            Column::Nothing => visitor.visit_unit(),
            Column::Text(text) => visitor.visit_borrowed_str(text.get(row).unwrap_or_default()),
            Column::Boolean(array) => visitor.visit_bool(array.value(row)),
            Column::Short(array) => whole(array.value(row).into(), visitor),
            Column::Long(array) => whole(array.value(row), visitor),
            Column::Instant(instants) => match instants.get(row) {
                Ok(instant) => visitor.visit_str(&instant.to_string()),
                // It is refused as what it is.
                Err(seconds) => visitor.visit_i64(seconds),
            },
            Column::Day(array) => match Date32Type::to_naive_date_opt(array.value(row)) {
                Some(day) => visitor.visit_str(&day.to_string()),
                None => visitor.visit_i64(array.value(row).into()),
            },
            Column::Struct(fields) => visitor.visit_map(Named::new(fields, row)),
            Column::List(list) => visitor.visit_seq(Elements {
                list,
                rows: list.range(row),
            }),
            Column::Map(map) => visitor.visit_map(Keyed {
                map,
                rows: map.range(row),
                last: row,
            }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.column.is_null(self.row) {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A whole number as JSON's reader gives it: without a sign where it has none.
fn whole<'de, V: Visitor<'de>>(number: i64, visitor: V) -> Result<V::Value, Error> {
    match u64::try_from(number) {
        Ok(number) => visitor.visit_u64(number),
        Err(_) => visitor.visit_i64(number),
    }
}

/// A row of columns that have names.
pub(crate) struct Row<'c, 'a> {
    pub(crate) fields: &'c Fields<'a>,
    pub(crate) row: usize,
}

impl<'de> Deserializer<'de> for Row<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Named::new(self.fields, self.row))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Named<'c, 'a, I> {
    fields: I,
    row: usize,
    next: Option<&'c Column<'a>>,
}

impl<'c, 'a> Named<'c, 'a, ()> {
    fn new(
        fields: &'c Fields<'a>,
        row: usize,
    ) -> Named<'c, 'a, impl Iterator<Item = (&'a str, &'c Column<'a>)>> {
        Named {
            fields: fields.given(row),
            row,
            next: None,
        }
    }
}

impl<'c, 'de, I: Iterator<Item = (&'de str, &'c Column<'de>)>> MapAccess<'de>
    for Named<'c, 'de, I>
{
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some((name, column)) = self.fields.next() else {
            return Ok(None);
        };
        self.next = Some(column);
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let column = self.next.take().unwrap_or(&Column::Nothing);
        seed.deserialize(Value {
            column,
            row: self.row,
        })
    }
}

struct Elements<'c, 'a> {
    list: &'c List<'a>,
    rows: Range<usize>,
}

impl<'de> SeqAccess<'de> for Elements<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        if let Some(id) = self.list.bare_id(row) {
            return seed.deserialize(BorrowedStrDeserializer::new(id)).map(Some);
        }
        let column = &self.list.elements;
        seed.deserialize(Value { column, row }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rows.len())
    }
}

struct Keyed<'c, 'a> {
    map: &'c Map<'a>,
    rows: Range<usize>,
    last: usize,
}

impl<'de> MapAccess<'de> for Keyed<'_, 'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        let Some(row) = self.rows.next() else {
            return Ok(None);
        };
        self.last = row;
        let key = self.map.keys.get(row).unwrap_or_default();
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let column = &self.map.values;
        seed.deserialize(Value {
            column,
            row: self.last,
        })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rows.len())
    }
}
