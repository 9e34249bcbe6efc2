//! Whether columns from elsewhere keep Arrow's rules, on which Rust relies: that text is text, and that offsets lie within their column.

use arrow_array::{Array, ArrayRef, OffsetSizeTrait, RecordBatch, cast::AsArray};
use arrow_buffer::OffsetBuffer;
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType};

/// Looks at all that the rows hold.
///
/// In lists it passes over what no row of the batch holds: a table that is handed over in slices would be looked at once for each slice.
pub(crate) fn check(batch: &RecordBatch) -> Result<(), ArrowError> {
    batch.columns().iter().try_for_each(column)
}

fn column(array: &ArrayRef) -> Result<(), ArrowError> {
    let data = array.to_data();
    // The offsets, too: after this, what they say can be cut out.
    data.validate_data()?;
    match array.data_type() {
        DataType::Struct(_) => array.as_struct().columns().iter().try_for_each(column),
        DataType::List(_) => {
            let list = array.as_list::<i32>();
            column(&held(list.offsets(), list.values()))
        }
        DataType::LargeList(_) => {
            let list = array.as_list::<i64>();
            column(&held(list.offsets(), list.values()))
        }
        DataType::Map(..) => {
            let map = array.as_map();
            column(&held(map.offsets(), map.entries()))
        }
        _ => data
            .child_data()
            .iter()
            .try_for_each(ArrayData::validate_full),
    }
}

/// What the rows hold of a column of elements.
fn held<O: OffsetSizeTrait>(offsets: &OffsetBuffer<O>, elements: &dyn Array) -> ArrayRef {
    let (from, to) = (offsets.first().as_usize(), offsets.last().as_usize());
    elements.slice(from, to.saturating_sub(from))
}
