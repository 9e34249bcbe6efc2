//! The records that a batch holds.

use arrow_array::{Array, RecordBatch, cast::AsArray};
use arrow_schema::DataType;
use octroi_core::{NonEmpty, Policies, Record};
use octroi_exports::{LONGEST_LINE, LineError, read_line};

use crate::{
    column::{Column, Fields, SchemaError, Text, each_once},
    row::Row,
    schema::{self, DOCUMENT},
};

/// The rows of a batch, each a device.
pub struct Records<'a> {
    rows: usize,
    form: Form<'a>,
}

enum Form<'a> {
    /// One column of documents: what `octroi fleet` reads from a line.
    Documents(Documents<'a>),
    /// The fields of a record, by name.
    Fields(Fields<'a>),
}

/// Texts, or bytes that may be none: what somebody read from a file.
enum Documents<'a> {
    Text(Text<'a>),
    Bytes(&'a arrow_array::BinaryArray),
    ManyBytes(&'a arrow_array::LargeBinaryArray),
    BytesView(&'a arrow_array::BinaryViewArray),
    /// As a column is whose every row is null.
    Nothing,
}

impl<'a> Documents<'a> {
    fn new(array: &'a dyn Array) -> Result<Self, SchemaError> {
        match array.data_type() {
            DataType::Binary => Ok(Self::Bytes(array.as_binary())),
            DataType::LargeBinary => Ok(Self::ManyBytes(array.as_binary())),
            DataType::BinaryView => Ok(Self::BytesView(array.as_binary_view())),
            DataType::Null => Ok(Self::Nothing),
            found => Text::new(array).map(Self::Text).ok_or_else(|| SchemaError {
                path: DOCUMENT.to_owned(),
                found: found.to_string(),
                expected: "text, or bytes".to_owned(),
            }),
        }
    }

    fn get(&self, row: usize) -> Option<&'a [u8]> {
        match self {
            Self::Text(text) => text.get(row).map(str::as_bytes),
            Self::Bytes(array) => array.is_valid(row).then(|| array.value(row)),
            Self::ManyBytes(array) => array.is_valid(row).then(|| array.value(row)),
            Self::BytesView(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Nothing => None,
        }
    }
}

impl<'a> Records<'a> {
    /// Looks at the columns. They are those of [`record_schema`](crate::record_schema), some or all, in any order; or one alone named
    /// `record`, of texts or bytes each of which is a record or another JSON export of one device, as on a line of `octroi fleet`.
    ///
    /// Text may be of any layout, dictionaries too; instants are of any unit, with a time zone; dates are of 32 bits. Instants and
    /// dates may be text as in JSON, `device.ownership` and the shares the bare word, `declarations` and `impediments` a struct.
    ///
    /// # Errors
    ///
    /// A column of another name or of a type that no field of a record has, and no column of platforms.
    pub fn new(batch: &'a RecordBatch) -> Result<Self, SchemaError> {
        let schema = batch.schema_ref();
        let rows = batch.num_rows();
        let names: Vec<_> = schema
            .fields()
            .iter()
            .map(|field| field.name().as_str())
            .collect();
        each_once("", &names)?;
        if let Some(documents) = batch.column_by_name(DOCUMENT) {
            if let Some(other) = schema
                .fields()
                .iter()
                .find(|field| field.name() != DOCUMENT)
            {
                return Err(SchemaError {
                    path: other.name().clone(),
                    found: "a column beside `record`".to_owned(),
                    expected: "`record` alone, or the columns of a record without it".to_owned(),
                });
            }
            return Ok(Self {
                rows,
                form: Form::Documents(Documents::new(documents.as_ref())?),
            });
        }
        let mut columns = Vec::new();
        for (field, array) in schema.fields().iter().zip(batch.columns()) {
            schema::known(field.name())?;
            let column = Column::new(array.as_ref(), field.name())?;
            columns.push((field.name().as_str(), column));
        }
        if !columns.iter().any(|(name, _)| *name == "device") {
            return Err(SchemaError {
                path: "device".to_owned(),
                found: "no such column".to_owned(),
                expected: "a struct with `platform`, or one column `record` of JSON".to_owned(),
            });
        }
        Ok(Self {
            rows,
            form: Form::Fields(Fields::of(columns)),
        })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The record of a row, counted from 0. What it observed is borrowed from the batch.
    ///
    /// # Errors
    ///
    /// A row that is not a record to the letter, with the place in it; one that does not exist.
    pub fn read(&self, row: usize, policies: &Policies) -> Result<Record<'a>, LineError> {
        match &self.form {
            Form::Documents(documents) => match documents.get(row) {
                Some(text) if text.len() > LONGEST_LINE => Err(LineError::too_long()),
                Some(text) => read_line(text, policies),
                None => Err(LineError::of_value(None, "", "null", "a JSON object")),
            },
            Form::Fields(fields) => {
                Record::from_values(Row { fields, row }, policies).map_err(|error| {
                    let path = error.path.to_string();
                    LineError::of_value(
                        device_id(fields, row),
                        &path,
                        &error.found,
                        &error.expected,
                    )
                })
            }
        }
    }

    /// The row as JSON, without its nulls, for somebody who has to mend it. What is no text in UTF-8 is shown as well as it can be.
    pub(crate) fn shown(&self, row: usize) -> Option<String> {
        match &self.form {
            Form::Documents(documents) => {
                let bytes = documents.get(row)?;
                Some(String::from_utf8_lossy(bytes).into_owned())
            }
            Form::Fields(fields) => serde_json::to_string(&Row { fields, row }).ok(),
        }
    }
}

/// The id of a device whose record is wrong somewhere else.
fn device_id(fields: &Fields<'_>, row: usize) -> Option<NonEmpty> {
    let (_, device) = fields.given(row).find(|(name, _)| *name == "device")?;
    let Column::Struct(device) = device else {
        return None;
    };
    match device.given(row).find(|(name, _)| *name == "id")? {
        (_, Column::Text(id)) => NonEmpty::new(id.get(row)?),
        _ => None,
    }
}
