//! What stellar-core answers to `quorum?transitive=true&fullkeys=true`: `{"nodes": [{"node", "qset": {"t", "v"}, ...}]}`.
//!
//! A quorum set's entries stand in one list: a text is a validator, an object an inner set. Nodes of which stellar-core hears nothing
//! (`"status": "missing"`, or a mention in `maybe_dead_nodes`) are down; their quorum set may be known from before.
//!
//! Without `fullkeys=true` stellar-core writes the first five characters of a public key, which several nodes may share.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;
use serde_json::Map;

use super::conventions::is_down;
use super::unread::{check_no_quorum_set, Unread};
use super::values::{Key, Threshold};
use crate::network::limits::{check_entries, MAX_NESTING};
use crate::network::written::{Document, ListedNode, WrittenQuorumSet};

/// The answer as a whole.
#[derive(Deserialize)]
#[serde(expecting = "an object with nodes")]
pub(super) struct TransitiveQuorum<'a> {
    #[serde(borrow)]
    nodes: Vec<Node<'a>>,
    #[serde(borrow, default)]
    maybe_dead_nodes: Option<Vec<Key<'a>>>,
}

impl<'a> From<TransitiveQuorum<'a>> for Document<'a> {
    fn from(TransitiveQuorum { nodes, maybe_dead_nodes }: TransitiveQuorum<'a>) -> Self {
        let mut nodes: Vec<ListedNode> = nodes.into_iter().map(|node| node.0).collect();
        let dead: HashSet<&Key> = maybe_dead_nodes.iter().flatten().collect();
        for node in nodes.iter_mut().filter(|node| dead.contains(&Key((*node.public_key).into()))) {
            is_down(&mut node.attributes);
        }
        Document { nodes, organizations: None, may_have_short_keys: true }
    }
}

/// Whether a key has the form that stellar-core gives keys without `fullkeys=true`.
pub(in crate::network) fn is_short_key(key: &str) -> bool {
    key.len() == 5
        && key.starts_with('G')
        && key.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
}

struct Node<'a>(ListedNode<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Node<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NodeVisitor;
        impl<'de> Visitor<'de> for NodeVisitor {
            type Value = Node<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a node: an object with node and qset")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
                let (mut public_key, mut quorum_set, mut attributes) = (None, None, Map::new());
                let mut has_quorum_set = false;
                while let Some(name) = map.next_key::<Cow<str>>()? {
                    match &*name {
                        "node" => public_key = Some(map.next_value::<Key>()?.0),
                        "qset" => {
                            has_quorum_set = true;
                            quorum_set = map.next_value_seed(OptionalQuorumSet)?;
                        }
                        _ => {
                            attributes.insert(name.into_owned(), map.next_value()?);
                        }
                    }
                }
                let public_key = public_key.ok_or_else(|| de::Error::missing_field("node"))?;
                if !has_quorum_set {
                    check_no_quorum_set(&attributes, "qset")?;
                }
                if attributes.get("status").is_some_and(|status| status == "missing") {
                    is_down(&mut attributes);
                }
                Ok(Node(ListedNode { public_key, quorum_set, attributes }))
            }
        }
        deserializer.deserialize_map(NodeVisitor)
    }
}

/// A quorum set or null.
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
        f.write_str("a quorum set: an object with t and v, or null")
    }
    fn visit_none<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(QuorumSetVisitor { levels_left: MAX_NESTING }).map(Some)
    }
}

/// A quorum set under which this many levels may follow, itself included.
struct QuorumSetVisitor {
    levels_left: usize,
}

impl<'de> Visitor<'de> for QuorumSetVisitor {
    type Value = WrittenQuorumSet<'de>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a quorum set: an object with t and v")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.levels_left == 0 {
            return Err(de::Error::custom(format!("expected quorum sets nested at most {MAX_NESTING} deep")));
        }
        let (mut threshold, mut entries) = (None, None);
        while let Some(name) = map.next_key::<Cow<str>>()? {
            match &*name {
                "t" => threshold = Some(map.next_value::<Threshold>()?.0),
                "v" => entries = Some(map.next_value_seed(Entries { levels_left: self.levels_left - 1 })?),
                _ => map.next_value_seed(Unread { expected: "t and v" })?,
            }
        }
        let threshold = threshold.ok_or_else(|| de::Error::missing_field("t"))?;
        let mut set = WrittenQuorumSet { threshold, validators: Vec::new(), inner: Vec::new() };
        let entries = entries.ok_or_else(|| de::Error::missing_field("v"))?;
        check_entries(entries.len()).map_err(de::Error::custom)?;
        for entry in entries {
            match entry {
                Entry::Validator(key) => set.validators.push(key),
                Entry::Inner(inner) => set.inner.push(inner),
            }
        }
        Ok(set)
    }
}

enum Entry<'a> {
    Validator(Cow<'a, str>),
    Inner(WrittenQuorumSet<'a>),
}

#[derive(Clone, Copy)]
struct Entries {
    levels_left: usize,
}

impl<'de> DeserializeSeed<'de> for Entries {
    type Value = Vec<Entry<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Entries {
    type Value = Vec<Entry<'de>>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an array of public keys and quorum sets")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = seq.next_element_seed(EntrySeed(self))? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

struct EntrySeed(Entries);

impl<'de> DeserializeSeed<'de> for EntrySeed {
    type Value = Entry<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for EntrySeed {
    type Value = Entry<'de>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a public key or a quorum set")
    }
    fn visit_borrowed_str<E: de::Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Entry::Validator(Key::borrowed(key)?.0))
    }
    fn visit_str<E: de::Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Entry::Validator(Key::owned(key)?.0))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        QuorumSetVisitor { levels_left: self.0.levels_left }.visit_map(map).map(Entry::Inner)
    }
}
