//! A column, once its type is known.

use arrow_array::{
    AnyDictionaryArray, Array, BooleanArray, Int32Array, Int64Array, MapArray, StructArray,
    cast::AsArray,
    downcast_integer_array,
    types::{
        Date32Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
        TimestampSecondType,
    },
};
use arrow_buffer::{ArrowNativeType, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};
use octroi_core::Instant;

/// Why columns are not those of a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the column `{path}`: found {found}, expected {expected}")]
pub struct SchemaError {
    /// The column, such as `observations.apps.id`; empty for all of them.
    pub path: String,
    /// Its type, or its name where none may have it.
    pub found: String,
    /// What may stand there.
    pub expected: String,
}

const TYPES: &str = "text, a boolean, a whole number of 32 or 64 bits, a timestamp with a time zone, a date of 32 bits, or a \
                     struct, list or map of these";

/// The values of a column, where they lie.
pub(crate) enum Column<'a> {
    Nothing,
    Text(Text<'a>),
    Boolean(&'a BooleanArray),
    Short(&'a Int32Array),
    Long(&'a Int64Array),
    Instant(Instants<'a>),
    Day(&'a arrow_array::Date32Array),
    Struct(Fields<'a>),
    List(List<'a>),
    Map(Map<'a>),
}

/// Text, in any of its layouts.
pub(crate) enum Text<'a> {
    Short(&'a arrow_array::StringArray),
    Long(&'a arrow_array::LargeStringArray),
    View(&'a arrow_array::StringViewArray),
    Dictionary {
        dictionary: &'a dyn AnyDictionaryArray,
        values: Box<Text<'a>>,
    },
}

/// Instants, by how many there are in a second.
pub(crate) struct Instants<'a> {
    values: &'a ScalarBuffer<i64>,
    nulls: Option<&'a NullBuffer>,
    in_a_second: i64,
}

/// Columns by their names.
pub(crate) struct Fields<'a> {
    pub(crate) columns: Vec<(&'a str, Column<'a>)>,
    nulls: Option<&'a NullBuffer>,
}

/// Rows of rows.
pub(crate) struct List<'a> {
    offsets: Offsets<'a>,
    nulls: Option<&'a NullBuffer>,
    pub(crate) elements: Box<Column<'a>>,
    /// Whether an element that has nothing but its `id` is that id alone, as the form of a probe has it.
    has_bare_ids: bool,
}

enum Offsets<'a> {
    Short(&'a OffsetBuffer<i32>),
    Long(&'a OffsetBuffer<i64>),
}

/// Rows of names with their values.
pub(crate) struct Map<'a> {
    offsets: &'a OffsetBuffer<i32>,
    nulls: Option<&'a NullBuffer>,
    pub(crate) keys: Text<'a>,
    pub(crate) values: Box<Column<'a>>,
}

impl<'a> Column<'a> {
    pub(crate) fn new(array: &'a dyn Array, path: &str) -> Result<Self, SchemaError> {
        let nulls = array.nulls();
        let column = match array.data_type() {
            DataType::Null => Self::Nothing,
            DataType::Boolean => Self::Boolean(array.as_boolean()),
            DataType::Int32 => Self::Short(array.as_primitive()),
            DataType::Int64 => Self::Long(array.as_primitive()),
            DataType::Date32 => Self::Day(array.as_primitive::<Date32Type>()),
            DataType::Timestamp(unit, Some(_)) => {
                let (values, in_a_second) = instants(array, *unit);
                Self::Instant(Instants {
                    values,
                    nulls,
                    in_a_second,
                })
            }
            DataType::Struct(_) => Self::Struct(Fields::new(array.as_struct(), path)?),
            DataType::List(_) => {
                let list = array.as_list::<i32>();
                let offsets = Offsets::Short(list.offsets());
                Self::List(List::new(offsets, nulls, list.values(), path)?)
            }
            DataType::LargeList(_) => {
                let list = array.as_list::<i64>();
                let offsets = Offsets::Long(list.offsets());
                Self::List(List::new(offsets, nulls, list.values(), path)?)
            }
            DataType::Map(..) => Self::Map(Map::new(array.as_map(), path)?),
            found => match Text::new(array) {
                Some(text) => Self::Text(text),
                None => {
                    return Err(SchemaError {
                        path: path.to_owned(),
                        found: format!("{found}"),
                        expected: TYPES.to_owned(),
                    });
                }
            },
        };
        // A phone has hundreds of apps, and of each most columns say nothing.
        // Counted here: what a column says of its nulls is another's word, and a verdict hangs on it.
        let says_nothing = nulls.is_some_and(|nulls| nulls.inner().count_set_bits() == 0);
        Ok(if says_nothing { Self::Nothing } else { column })
    }

    pub(crate) fn is_null(&self, row: usize) -> bool {
        let is_null = |nulls: Option<&NullBuffer>| nulls.is_some_and(|nulls| nulls.is_null(row));
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.get(row).is_none(),
            Self::Boolean(array) => array.is_null(row),
            Self::Short(array) => array.is_null(row),
            Self::Long(array) => array.is_null(row),
            Self::Day(array) => array.is_null(row),
            Self::Instant(instants) => is_null(instants.nulls),
            Self::Struct(fields) => is_null(fields.nulls),
            Self::List(list) => is_null(list.nulls),
            Self::Map(map) => is_null(map.nulls),
        }
    }
}

impl<'a> Text<'a> {
    /// `None` is no text.
    pub(crate) fn new(array: &'a dyn Array) -> Option<Self> {
        match array.data_type() {
            DataType::Utf8 => Some(Self::Short(array.as_string())),
            DataType::LargeUtf8 => Some(Self::Long(array.as_string())),
            DataType::Utf8View => Some(Self::View(array.as_string_view())),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                Some(Self::Dictionary {
                    dictionary,
                    values: Box::new(Self::new(dictionary.values().as_ref())?),
                })
            }
            _ => None,
        }
    }

    pub(crate) fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Short(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Long(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Dictionary { dictionary, values } => {
                let keys = dictionary.keys();
                let key = keys.is_valid(row).then(|| {
                    downcast_integer_array! {
                        keys => keys.value(row).to_usize(),
                        _ => None,
                    }
                })??;
                (key < dictionary.values().len()).then(|| values.get(key))?
            }
        }
    }
}

fn instants(array: &dyn Array, unit: TimeUnit) -> (&ScalarBuffer<i64>, i64) {
    match unit {
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().values(), 1),
        TimeUnit::Millisecond => (
            array.as_primitive::<TimestampMillisecondType>().values(),
            1_000,
        ),
        TimeUnit::Microsecond => (
            array.as_primitive::<TimestampMicrosecondType>().values(),
            1_000_000,
        ),
        TimeUnit::Nanosecond => (
            array.as_primitive::<TimestampNanosecondType>().values(),
            1_000_000_000,
        ),
    }
}

impl Instants<'_> {
    /// The instant, what is less than a second cut off as the form has it; or the seconds since 1970 of one that the form cannot write.
    pub(crate) fn get(&self, row: usize) -> Result<Instant, i64> {
        let value = self.values.get(row).copied().unwrap_or_default();
        let seconds = value.div_euclid(self.in_a_second);
        let instant = Instant::from_unix_seconds(seconds);
        match instant.unix_seconds() == seconds {
            true => Ok(instant),
            false => Err(seconds),
        }
    }
}

impl<'a> Fields<'a> {
    fn new(array: &'a StructArray, path: &str) -> Result<Self, SchemaError> {
        let names = array.column_names();
        each_once(path, &names)?;
        let columns = names.into_iter().zip(array.columns());
        let columns = columns.map(|(name, column)| {
            let column = Column::new(column.as_ref(), &format!("{path}.{name}"))?;
            Ok((name, column))
        });
        let columns = columns.collect::<Result<_, SchemaError>>()?;
        Ok(Self {
            nulls: array.nulls(),
            ..Self::of(columns)
        })
    }

    /// Of top-level columns, none of which is anywhere null as a whole.
    pub(crate) fn of(mut columns: Vec<(&'a str, Column<'a>)>) -> Self {
        columns.retain(|(_, column)| !matches!(column, Column::Nothing));
        Self {
            columns,
            nulls: None,
        }
    }

    /// What the row has; nothing stands for a field that it does not have.
    pub(crate) fn given(&self, row: usize) -> impl Iterator<Item = (&'a str, &Column<'a>)> {
        let columns = self.columns.iter();
        let given = columns.filter(move |(_, column)| !column.is_null(row));
        given.map(|(name, column)| (*name, column))
    }
}

/// Of two columns of one name, nobody knows which is meant.
pub(crate) fn each_once(path: &str, names: &[&str]) -> Result<(), SchemaError> {
    for (at, name) in names.iter().enumerate() {
        if names.iter().skip(at + 1).any(|other| other == name) {
            return Err(SchemaError {
                path: match path {
                    "" => (*name).to_owned(),
                    path => format!("{path}.{name}"),
                },
                found: "two columns of this name".to_owned(),
                expected: "each name once".to_owned(),
            });
        }
    }
    Ok(())
}

impl<'a> List<'a> {
    fn new(
        offsets: Offsets<'a>,
        nulls: Option<&'a NullBuffer>,
        elements: &'a dyn Array,
        path: &str,
    ) -> Result<Self, SchemaError> {
        let last = path.rsplit('.').next();
        Ok(Self {
            offsets,
            nulls,
            elements: Box::new(Column::new(elements, path)?),
            has_bare_ids: matches!(last, Some("absent" | "not_visible")),
        })
    }

    /// The id that an element is, if it is one alone.
    ///
    /// Columns cannot mix texts and structs, as the form of a probe does: there, a struct of an `id` alone stands for the text.
    pub(crate) fn bare_id(&self, row: usize) -> Option<&'a str> {
        let Column::Struct(fields) = &*self.elements else {
            return None;
        };
        if !self.has_bare_ids || self.elements.is_null(row) {
            return None;
        }
        let mut given = fields.given(row);
        match (given.next(), given.next()) {
            (Some(("id", Column::Text(id))), None) => id.get(row),
            _ => None,
        }
    }

    pub(crate) fn range(&self, row: usize) -> core::ops::Range<usize> {
        match &self.offsets {
            Offsets::Short(offsets) => range(offsets, row),
            Offsets::Long(offsets) => range(offsets, row),
        }
    }
}

impl<'a> Map<'a> {
    fn new(array: &'a MapArray, path: &str) -> Result<Self, SchemaError> {
        let Some(keys) = Text::new(array.keys().as_ref()) else {
            return Err(SchemaError {
                path: format!("{path}.key"),
                found: format!("{}", array.keys().data_type()),
                expected: "text".to_owned(),
            });
        };
        Ok(Self {
            offsets: array.offsets(),
            nulls: array.nulls(),
            keys,
            values: Box::new(Column::new(array.values().as_ref(), path)?),
        })
    }

    pub(crate) fn range(&self, row: usize) -> core::ops::Range<usize> {
        range(self.offsets, row)
    }
}

fn range<O: arrow_array::OffsetSizeTrait>(
    offsets: &OffsetBuffer<O>,
    row: usize,
) -> core::ops::Range<usize> {
    match (offsets.get(row), offsets.get(row + 1)) {
        (Some(from), Some(to)) => from.as_usize()..to.as_usize(),
        _ => 0..0,
    }
}
