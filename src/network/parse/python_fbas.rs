//! What python-fbas writes: `{"validators": [{"id", "qset", "attrs"}], "qsets": {id: {"threshold", "members"}}}`.
//!
//! Quorum sets have ids and may be shared; members are ids of validators or of quorum sets. They are written out here, one by one, with a
//! bounded number of entries in all. A member that is neither is a validator that is not listed.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::unread::{check_no_quorum_set, Unread};
use super::values::{Key, Threshold};
use crate::network::error::InputError;
use crate::network::limits::{check_entries, MAX_ENTRIES, MAX_NESTING};
use crate::network::written::{Document, ListedNode, WrittenQuorumSet};

/// The file as a whole.
#[derive(Deserialize)]
#[serde(expecting = "an object with validators and qsets")]
pub(super) struct Network<'a> {
    #[serde(borrow)]
    validators: Vec<Validator<'a>>,
    #[serde(borrow)]
    qsets: HashMap<Key<'a>, QuorumSet<'a>>,
}

#[derive(Deserialize)]
#[serde(expecting = "a validator: an object with id and qset")]
struct Validator<'a> {
    #[serde(borrow)]
    id: Key<'a>,
    #[serde(borrow, default)]
    qset: Option<Key<'a>>,
    #[serde(default)]
    attrs: Option<Map<String, Value>>,
}

struct QuorumSet<'a> {
    threshold: Threshold,
    members: Vec<Key<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for QuorumSet<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct QuorumSetVisitor;
        impl<'de> Visitor<'de> for QuorumSetVisitor {
            type Value = QuorumSet<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a quorum set: an object with threshold and members")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<QuorumSet<'de>, A::Error> {
                let (mut threshold, mut members) = (None, None);
                while let Some(name) = map.next_key::<Cow<str>>()? {
                    match &*name {
                        "threshold" => threshold = Some(map.next_value()?),
                        "members" => members = Some(map.next_value()?),
                        _ => map.next_value_seed(Unread { expected: "threshold and members" })?,
                    }
                }
                Ok(QuorumSet {
                    threshold: threshold.ok_or_else(|| de::Error::missing_field("threshold"))?,
                    members: members.ok_or_else(|| de::Error::missing_field("members"))?,
                })
            }
        }
        deserializer.deserialize_map(QuorumSetVisitor)
    }
}

impl<'a> TryFrom<Network<'a>> for Document<'a> {
    type Error = InputError;

    fn try_from(Network { validators, qsets }: Network<'a>) -> Result<Self, InputError> {
        let mut writer = Writer { qsets: &qsets, entries: 0 };
        let mut nodes = Vec::with_capacity(validators.len());
        for (index, Validator { id, qset, attrs }) in validators.into_iter().enumerate() {
            if qsets.contains_key(&id) {
                return Err(InputError::new(
                    format!("validators[{index}].id"),
                    "a quorum set has the same id",
                ));
            }
            let quorum_set = match &qset {
                None => None,
                Some(name) if !qsets.contains_key(name) => {
                    let problem = format!("expected the id of one of the qsets, found `{}`", name.0);
                    return Err(InputError::new(format!("validators[{index}].qset"), problem));
                }
                Some(name) => Some(writer.written_out(name, MAX_NESTING)?),
            };
            let mut attributes = attrs.unwrap_or_default();
            if qset.is_none() {
                check_no_quorum_set::<serde_json::Error>(&attributes, "qset")
                    .map_err(|problem| InputError::new(format!("validators[{index}].attrs"), problem))?;
            }
            // The attributes are those of an explorer's node, whose key and quorum set stand here as id and qset.
            attributes.retain(|name, _| name != "publicKey" && name != "quorumSet");
            nodes.push(ListedNode { public_key: id.0, quorum_set, attributes });
        }
        Ok(Document { nodes, organizations: None, may_have_short_keys: false })
    }
}

struct Writer<'w, 'a> {
    qsets: &'w HashMap<Key<'a>, QuorumSet<'a>>,
    /// How many entries have been written.
    entries: usize,
}

impl<'a> Writer<'_, 'a> {
    /// The quorum set of this id with at most so many levels.
    fn written_out(
        &mut self,
        name: &Key<'a>,
        levels_left: usize,
    ) -> Result<WrittenQuorumSet<'a>, InputError> {
        let QuorumSet { threshold, members } = &self.qsets[name];
        let wrong = |problem: String| InputError::new(format!("qsets.{}.members", name.0), problem);
        if levels_left == 0 {
            return Err(wrong(format!(
                "expected quorum sets nested at most {MAX_NESTING} deep, and not in a circle"
            )));
        }
        check_entries(members.len()).map_err(wrong)?;
        self.entries += members.len();
        if self.entries > MAX_ENTRIES {
            return Err(wrong(format!(
                "expected at most {MAX_ENTRIES} entries, with each quorum set written out"
            )));
        }
        let (inner, validators): (Vec<&Key>, Vec<&Key>) =
            members.iter().partition(|member| self.qsets.contains_key(member));
        // Lists of just the size: there may be millions of sets of one entry.
        let mut set = WrittenQuorumSet {
            threshold: threshold.0,
            validators: validators.into_iter().map(|key| key.0.clone()).collect(),
            inner: Vec::with_capacity(inner.len()),
        };
        for name in inner {
            set.inner.push(self.written_out(name, levels_left - 1)?);
        }
        Ok(set)
    }
}
