//! Quorum sets as network explorers publish them: `{"threshold", "validators", "innerQuorumSets"}`.
//!
//! Inner sets also stand under the names that Stellar's XDR has for them (`SCPQuorumSet.innerSets`), as its tools write them in JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::unread::Unread;
use super::values::{only_spelling, Key, Threshold};
use crate::network::limits::{check_entries, MAX_NESTING};
use crate::network::written::WrittenQuorumSet;

/// The names under which inner sets are read.
const INNER_SETS: [&str; 4] = ["innerQuorumSets", "inner_quorum_sets", "innerSets", "inner_sets"];

/// A quorum set or null, at the top level of a node.
pub(super) struct OptionalQuorumSet;

impl<'de> DeserializeSeed<'de> for OptionalQuorumSet {
    type Value = Option<WrittenQuorumSet<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for OptionalQuorumSet {
    type Value = Option<WrittenQuorumSet<'de>>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a quorum set: an object with threshold, validators and innerQuorumSets, or null")
    }
    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        QuorumSetSeed { levels_left: MAX_NESTING }.deserialize(deserializer).map(Some)
    }
}

/// A quorum set under which this many further levels may follow.
#[derive(Clone, Copy)]
struct QuorumSetSeed {
    levels_left: usize,
}

impl<'de> DeserializeSeed<'de> for QuorumSetSeed {
    type Value = WrittenQuorumSet<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for QuorumSetSeed {
    type Value = WrittenQuorumSet<'de>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a quorum set: an object with threshold, validators and innerQuorumSets")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.levels_left == 0 {
            return Err(de::Error::custom(format!("expected quorum sets nested at most {MAX_NESTING} deep")));
        }
        let (mut threshold, mut validators, mut inner) = (None, None, Vec::new());
        let mut spelled = None;
        while let Some(name) = map.next_key::<Cow<str>>()? {
            match &*name {
                "threshold" => threshold = Some(map.next_value::<Threshold>()?.0),
                "validators" => {
                    let keys: Vec<Key> = map.next_value()?;
                    validators = Some(keys.into_iter().map(|key| key.0).collect());
                }
                name if INNER_SETS.contains(&name) => {
                    only_spelling(&mut spelled, name, &INNER_SETS)?;
                    inner = map.next_value_seed(InnerQuorumSets { levels_left: self.levels_left - 1 })?;
                }
                _ => map.next_value_seed(Unread { expected: "threshold, validators and innerQuorumSets" })?,
            }
        }
        let threshold = threshold.ok_or_else(|| de::Error::missing_field("threshold"))?;
        let validators: Vec<_> = validators.ok_or_else(|| de::Error::missing_field("validators"))?;
        check_entries(validators.len() + inner.len()).map_err(de::Error::custom)?;
        Ok(WrittenQuorumSet { threshold, validators, inner })
    }
}

struct InnerQuorumSets {
    levels_left: usize,
}

impl<'de> DeserializeSeed<'de> for InnerQuorumSets {
    type Value = Vec<WrittenQuorumSet<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for InnerQuorumSets {
    type Value = Vec<WrittenQuorumSet<'de>>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of quorum sets")
    }
    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut sets = Vec::new();
        while let Some(set) = seq.next_element_seed(QuorumSetSeed { levels_left: self.levels_left })? {
            sets.push(set);
        }
        Ok(sets)
    }
}
