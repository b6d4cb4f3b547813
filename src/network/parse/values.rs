//! The values that all formats are made of: keys of bounded length, thresholds, properties of more than one name.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserializer, Visitor};
use serde::Deserialize;

use crate::network::limits::{MAX_KEY_BYTES, MAX_THRESHOLD};

/// A public key or id: a string of bounded length, borrowed where it has no escapes.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key<'a>(pub Cow<'a, str>);

impl<'a> Key<'a> {
    /// A key that stands in the text as it is.
    pub fn borrowed<E: de::Error>(text: &'a str) -> Result<Self, E> {
        Self::check_length(text)?;
        Ok(Key(Cow::Borrowed(text)))
    }

    /// A key that does not.
    pub fn owned<E: de::Error>(text: &str) -> Result<Self, E> {
        Self::check_length(text)?;
        Ok(Key(Cow::Owned(text.to_string())))
    }

    fn check_length<E: de::Error>(text: &str) -> Result<(), E> {
        if text.is_empty() || text.len() > MAX_KEY_BYTES {
            return Err(E::invalid_length(text.len(), &KeyVisitor));
        }
        Ok(())
    }
}

/// Notes under which of its names a property stands, and refuses a second one beside it.
pub(super) fn only_spelling<E: de::Error>(
    spelled: &mut Option<&'static str>,
    name: &str,
    names: &[&'static str],
) -> Result<(), E> {
    let name = names.iter().find(|known| **known == name).copied();
    match (spelled.replace(name.unwrap_or_default()), name) {
        (Some(before), Some(name)) if before != name => {
            Err(E::custom(format!("`{before}` and `{name}` mean the same, expected one of them")))
        }
        _ => Ok(()),
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = Key<'de>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a string of 1 to {MAX_KEY_BYTES} bytes")
    }
    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
        Key::borrowed(text)
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
        Key::owned(text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

/// A threshold: a whole number that JavaScript expresses exactly.
pub(super) struct Threshold(pub u64);

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ThresholdVisitor;
        impl Visitor<'_> for ThresholdVisitor {
            type Value = Threshold;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a whole number from 0 to {MAX_THRESHOLD}")
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Threshold, E> {
                if number > MAX_THRESHOLD {
                    return Err(E::invalid_value(de::Unexpected::Unsigned(number), &self));
                }
                Ok(Threshold(number))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Threshold, E> {
                Err(E::invalid_value(de::Unexpected::Signed(number), &self))
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Threshold, E> {
                if number.fract() == 0.0 && (0.0..=MAX_THRESHOLD as f64).contains(&number) {
                    return Ok(Threshold(number as u64));
                }
                Err(E::invalid_value(de::Unexpected::Float(number), &self))
            }
        }
        deserializer.deserialize_any(ThresholdVisitor)
    }
}
