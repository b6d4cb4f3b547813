//! Refuses properties that are not read but look as if they held a quorum set or its entries: a network that is read without them would be
//! another one.
//!
//! An unknown property of a quorum set may be a hash or the like, and is passed over. If it holds a list, or an object with a property that
//! lists entries, it may hold entries and is refused. A node that lacks the property in which its format has the quorum set is refused if
//! another property seems to hold one.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What the formats call the threshold and the entries of a quorum set.
const THRESHOLDS: [&str; 2] = ["threshold", "t"];
const ENTRIES: [&str; 7] =
    ["validators", "v", "members", "innerQuorumSets", "inner_quorum_sets", "innerSets", "inner_sets"];

/// A property of a quorum set that is not known: it is passed over, unless it may hold entries.
#[derive(Clone, Copy)]
pub(super) struct Unread {
    /// The properties that a quorum set has in this format.
    pub expected: &'static str,
}

impl<'de> DeserializeSeed<'de> for Unread {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Unread {
    fn refused<E: de::Error>(self) -> E {
        E::custom(format!(
            "not read here, and what it holds looks like entries of the quorum set; expected {}",
            self.expected
        ))
    }
}

impl<'de> Visitor<'de> for Unread {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        match seq.next_element::<IgnoredAny>()? {
            Some(_) => Err(self.refused()),
            None => Ok(()),
        }
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if ENTRIES.contains(&&*name) {
                return Err(self.refused());
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Refuses a node without the property that is `expected` to hold its quorum set, if another one seems to hold it.
pub(super) fn check_no_quorum_set<E: de::Error>(
    attributes: &Map<String, Value>,
    expected: &str,
) -> Result<(), E> {
    match attributes.iter().find_map(|(name, value)| quorum_set_below(name, value)) {
        Some(place) => Err(E::custom(format!(
            "a quorum set seems to stand at `{place}`, where it is not read; expected it at `{expected}`, or there null where none is known"
        ))),
        None => Ok(()),
    }
}

/// Where a quorum set stands at or below a property: by its name, whatever it holds, or by what it holds, whatever its name.
fn quorum_set_below(name: &str, value: &Value) -> Option<String> {
    let called: String =
        name.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let is_called_so = ["quorumset", "qset", "scpquorumset"].contains(&&*called);
    if is_called_so && !value.is_null() || looks_like_quorum_set(value) {
        return Some(name.to_string());
    }
    let below = |(inner, value): (&String, &Value)| quorum_set_below(inner, value);
    value.as_object()?.iter().find_map(below).map(|place| format!("{name}.{place}"))
}

/// Whether a value has a threshold and entries.
pub(super) fn looks_like_quorum_set(value: &Value) -> bool {
    THRESHOLDS.iter().any(|name| value[*name].is_number())
        && ENTRIES.iter().any(|name| value[*name].is_array())
}
