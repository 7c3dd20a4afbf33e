//! A table as a Parquet file: texts as UTF-8, numbers as they are, missing values as nulls, compressed by Snappy.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::{Column, Table, Values};

/// Rows of a group: what is in memory as Parquet at a time.
const ROWS_OF_A_GROUP: usize = 1 << 16;

/// Writes `table`, with `facts` about it in the file's metadata.
///
/// # Errors
/// Those of `out`.
pub fn write(out: &mut dyn Write, table: &Table, facts: &[(String, String)]) -> io::Result<()> {
    let facts = facts.iter().map(|(key, value)| KeyValue::new(key.clone(), value.clone()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("alkaline".to_owned())
        .set_key_value_metadata(Some(facts.collect()));
    let made = Made::default();
    let schema = schema(table).map_err(io::Error::other)?;
    let mut writer = SerializedFileWriter::new(made.clone(), schema, Arc::new(properties.build()))
        .map_err(io::Error::other)?;
    for first in (0..table.rows()).step_by(ROWS_OF_A_GROUP) {
        let last = table.rows().min(first + ROWS_OF_A_GROUP);
        rows(&mut writer, table, first, last).map_err(io::Error::other)?;
        made.pass_on(out)?;
    }
    writer.close().map_err(io::Error::other)?;
    made.pass_on(out)
}

/// What has been made and not passed on: the writer wants to own what it writes to.
#[derive(Clone, Default)]
struct Made(Arc<Mutex<Vec<u8>>>);

impl Made {
    fn pass_on(&self, out: &mut dyn Write) -> io::Result<()> {
        let made = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        out.write_all(&made)
    }
}

impl Write for Made {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let fields: Result<Vec<TypePtr>, ParquetError> =
        table.columns().iter().map(|column| field(column).map(Arc::new)).collect();
    Ok(Arc::new(Type::group_type_builder("table").with_fields(fields?).build()?))
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let (physical, logical, repetition) = match column.values {
        Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        Values::Real(_) => (Physical::DOUBLE, None, Repetition::OPTIONAL),
        Values::Whole(_) => (Physical::INT64, None, Repetition::REQUIRED),
    };
    let builder = Type::primitive_type_builder(&column.name, physical).with_repetition(repetition);
    builder.with_logical_type(logical).build()
}

/// Writes a group of rows.
fn rows(
    writer: &mut SerializedFileWriter<Made>,
    table: &Table,
    first: usize,
    last: usize,
) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in table.columns() {
        if let Some(mut place) = group.next_column()? {
            values(&mut place, &column.values, first, last)?;
            place.close()?;
        }
    }
    group.close().map(|_| ())
}

fn values(
    place: &mut SerializedColumnWriter<'_>,
    values: &Values,
    first: usize,
    last: usize,
) -> Result<(), ParquetError> {
    let levels = |there: &mut dyn Iterator<Item = bool>| there.map(i16::from).collect::<Vec<i16>>();
    match values {
        Values::Text(values) => {
            let values = &values[first..last];
            let levels = levels(&mut values.iter().map(Option::is_some));
            let texts: Vec<ByteArray> = values.iter().flatten().map(|text| text.as_str().into()).collect();
            place.typed::<ByteArrayType>().write_batch(&texts, Some(&levels), None)?;
        }
        Values::Real(values) => {
            let values = &values[first..last];
            let levels = levels(&mut values.iter().map(|value| !value.is_nan()));
            let numbers: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
            place.typed::<DoubleType>().write_batch(&numbers, Some(&levels), None)?;
        }
        Values::Whole(values) => {
            place.typed::<Int64Type>().write_batch(&values[first..last], None, None)?;
        }
    }
    Ok(())
}
