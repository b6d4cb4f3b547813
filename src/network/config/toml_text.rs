//! TOML whose values know on which line and under which key they stand, so that errors can say so.

use toml::de::{DeArray, DeTable, DeValue};
use toml::Spanned;

use crate::network::InputError;

/// Larger texts are no configurations.
const MOST_BYTES: usize = 1 << 20;

/// A text that was read.
pub struct Document<'a> {
    text: &'a str,
    table: Spanned<DeTable<'a>>,
}

/// A value, and the keys under which it stands.
#[derive(Clone)]
pub struct Place<'a> {
    value: &'a Spanned<DeValue<'a>>,
    keys: String,
}

impl<'a> Document<'a> {
    /// Reads a text; it borrows what it can.
    pub fn parse(text: &'a str) -> Result<Self, InputError> {
        if text.len() > MOST_BYTES {
            return Err(InputError::new(
                "line 1",
                format!("expected a configuration of at most {MOST_BYTES} bytes"),
            ));
        }
        let table = DeTable::parse(text).map_err(|error| {
            if serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
                return InputError::new("line 1", "JSON that is no configuration, expected TOML");
            }
            let line = line_of(text, error.span().map_or(0, |span| span.start));
            InputError::new(format!("line {line}"), format!("{}, expected TOML", error.message()))
        })?;
        Ok(Document { text, table })
    }

    /// What stands at the top level under this key.
    pub fn get(&'a self, key: &str) -> Option<Place<'a>> {
        let value = self.table.get_ref().get(key)?;
        Some(Place { value, keys: key.to_string() })
    }

    /// The error that something else was expected at a place.
    pub fn error(&self, place: &Place, problem: impl std::fmt::Display) -> InputError {
        let line = line_of(self.text, place.value.span().start);
        InputError::new(format!("line {line}, {}", place.keys), problem)
    }

    /// The text at a place.
    pub fn text(&self, place: &Place<'a>) -> Result<&'a str, InputError> {
        match place.value.get_ref() {
            DeValue::String(text) => Ok(text),
            _ => Err(self.error(place, "expected a text")),
        }
    }

    /// The whole number at a place, from `least` to `most`.
    pub fn number(&self, place: &Place, least: u64, most: u64) -> Result<u64, InputError> {
        let number = match place.value.get_ref() {
            DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.error(place, format!("expected a whole number from {least} to {most}")))
    }

    /// Whether it says true at a place.
    pub fn truth(&self, place: &Place) -> Result<bool, InputError> {
        match place.value.get_ref() {
            DeValue::Boolean(truth) => Ok(*truth),
            _ => Err(self.error(place, "expected true or false")),
        }
    }

    /// The items of the array at a place.
    pub fn items(&self, place: &Place<'a>) -> Result<Vec<Place<'a>>, InputError> {
        let array: &'a DeArray<'a> = match place.value.get_ref() {
            DeValue::Array(array) => array,
            _ => return Err(self.error(place, "expected an array")),
        };
        let item = |(index, value)| Place { value, keys: format!("{}[{index}]", place.keys) };
        Ok(array.iter().enumerate().map(item).collect())
    }

    /// The keys and values of the table at a place.
    pub fn entries(&self, place: &Place<'a>) -> Result<Vec<(&'a str, Place<'a>)>, InputError> {
        let table = match place.value.get_ref() {
            DeValue::Table(table) => table,
            _ => return Err(self.error(place, "expected a table")),
        };
        let entry = |(key, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let key: &'a std::borrow::Cow<'a, str> = key.get_ref();
            (&**key, Place { value, keys: format!("{}.{key}", place.keys) })
        };
        Ok(table.iter().map(entry).collect())
    }
}

impl<'a> Place<'a> {
    /// Whether a table stands there.
    pub fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }
}

/// The line, counted from 1, of a place in the text.
fn line_of(text: &str, offset: usize) -> usize {
    1 + text.as_bytes().iter().take(offset).filter(|&&byte| byte == b'\n').count()
}
