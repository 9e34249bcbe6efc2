//! A row as somebody can look at it and mend it: the JSON that the core would read as it reads the row.

use arrow_array::types::Date32Type;
use serde::{Serialize, Serializer, ser::SerializeSeq};

use crate::{
    column::{Column, List},
    row::{Row, Value},
};

impl Serialize for Row<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.row;
        let given = self.fields.given(row);
        serializer.collect_map(given.map(|(name, column)| (name, Value { column, row })))
    }
}

impl Serialize for Value<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let &Self { column, row } = self;
        if column.is_null(row) {
            return serializer.serialize_unit();
        }
        match column {
            Column::Nothing => serializer.serialize_unit(),
            Column::Text(text) => text.get(row).serialize(serializer),
            Column::Boolean(array) => serializer.serialize_bool(array.value(row)),
            Column::Short(array) => serializer.serialize_i32(array.value(row)),
            Column::Long(array) => serializer.serialize_i64(array.value(row)),
            Column::Instant(instants) => match instants.get(row) {
                Ok(instant) => serializer.collect_str(&instant),
                Err(seconds) => serializer.serialize_i64(seconds),
            },
            Column::Day(array) => match Date32Type::to_naive_date_opt(array.value(row)) {
                Some(day) => serializer.collect_str(&day),
                None => serializer.serialize_i32(array.value(row)),
            },
            Column::Struct(fields) => Row { fields, row }.serialize(serializer),
            Column::List(list) => elements(list, row, serializer),
            Column::Map(map) => serializer.collect_map(map.range(row).map(|row| {
                let column = &*map.values;
                let key = map.keys.get(row).unwrap_or_default();
                (key, Value { column, row })
            })),
        }
    }
}

fn elements<S: Serializer>(list: &List<'_>, row: usize, serializer: S) -> Result<S::Ok, S::Error> {
    let rows = list.range(row);
    let mut elements = serializer.serialize_seq(Some(rows.len()))?;
    for row in rows {
        let column = &*list.elements;
        match list.bare_id(row) {
            Some(id) => elements.serialize_element(id)?,
            None => elements.serialize_element(&Value { column, row })?,
        }
    }
    elements.end()
}
