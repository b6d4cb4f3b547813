//! Nodes and organisations as network explorers publish them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::limits::check_entries;
use super::values::{Key, Threshold};
use super::{Document, RawNode, RawOrganization, RawQuorumSet, MAX_NESTING};

/// An explorer's network: nodes, with organisations if there are any, and much else.
#[derive(Deserialize)]
#[serde(expecting = "an object with nodes and organizations")]
pub(super) struct Network<'a> {
    #[serde(borrow)]
    nodes: Vec<RawNode<'a>>,
    #[serde(borrow, default)]
    organizations: Option<Vec<RawOrganization<'a>>>,
}

impl<'a> From<Network<'a>> for Document<'a> {
    fn from(network: Network<'a>) -> Self {
        Document { nodes: network.nodes, organizations: network.organizations }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RawNode<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NodeVisitor;
        impl<'de> Visitor<'de> for NodeVisitor {
            type Value = RawNode<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a node: an object with a publicKey")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawNode<'de>, A::Error> {
                let mut public_key = None;
                let mut quorum_set = None;
                let mut attributes = Map::new();
                while let Some(name) = map.next_key::<Cow<str>>()? {
                    match &*name {
                        "publicKey" => public_key = Some(map.next_value::<Key>()?.0),
                        "quorumSet" => quorum_set = map.next_value_seed(OptionalQuorumSet)?,
                        "name" | "homeDomain" | "organizationId" | "isp" | "historyUrl" => {
                            let value: Option<String> = map.next_value()?;
                            attributes.insert(name.into_owned(), Value::from(value));
                        }
                        "isValidating" | "historyArchiveHasError" => {
                            let value: Option<bool> = map.next_value()?;
                            attributes.insert(name.into_owned(), Value::from(value));
                        }
                        "geoData" => {
                            let value: Option<GeoData> = map.next_value()?;
                            attributes
                                .insert(name.into_owned(), value.map_or(Value::Null, |geo| geo.0.into()));
                        }
                        _ => {
                            attributes.insert(name.into_owned(), map.next_value()?);
                        }
                    }
                }
                let public_key = public_key.ok_or_else(|| de::Error::missing_field("publicKey"))?;
                Ok(RawNode { public_key, quorum_set, attributes })
            }
        }
        deserializer.deserialize_map(NodeVisitor)
    }
}

struct GeoData(Map<String, Value>);

impl<'de> Deserialize<'de> for GeoData {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct GeoVisitor;
        impl<'de> Visitor<'de> for GeoVisitor {
            type Value = GeoData;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object with countryCode and countryName, or null")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<GeoData, A::Error> {
                let mut fields = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    let value = match &*name {
                        "countryCode" | "countryName" => Value::from(map.next_value::<Option<String>>()?),
                        _ => map.next_value()?,
                    };
                    fields.insert(name, value);
                }
                Ok(GeoData(fields))
            }
        }
        deserializer.deserialize_map(GeoVisitor)
    }
}

/// A quorum set or null, at the top level of a node.
struct OptionalQuorumSet;

impl<'de> DeserializeSeed<'de> for OptionalQuorumSet {
    type Value = Option<RawQuorumSet<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for OptionalQuorumSet {
    type Value = Option<RawQuorumSet<'de>>;
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
    type Value = RawQuorumSet<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for QuorumSetSeed {
    type Value = RawQuorumSet<'de>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a quorum set: an object with threshold, validators and innerQuorumSets")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if self.levels_left == 0 {
            return Err(de::Error::custom(format!("expected quorum sets nested at most {MAX_NESTING} deep")));
        }
        let (mut threshold, mut validators, mut inner) = (None, None, Vec::new());
        while let Some(name) = map.next_key::<Cow<str>>()? {
            match &*name {
                "threshold" => threshold = Some(map.next_value::<Threshold>()?.0),
                "validators" => {
                    let keys: Vec<Key> = map.next_value()?;
                    validators = Some(keys.into_iter().map(|key| key.0).collect());
                }
                "innerQuorumSets" => {
                    inner = map.next_value_seed(InnerQuorumSets { levels_left: self.levels_left - 1 })?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        let threshold = threshold.ok_or_else(|| de::Error::missing_field("threshold"))?;
        let validators: Vec<_> = validators.ok_or_else(|| de::Error::missing_field("validators"))?;
        check_entries(validators.len() + inner.len()).map_err(de::Error::custom)?;
        Ok(RawQuorumSet { threshold, validators, inner })
    }
}

struct InnerQuorumSets {
    levels_left: usize,
}

impl<'de> DeserializeSeed<'de> for InnerQuorumSets {
    type Value = Vec<RawQuorumSet<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de> Visitor<'de> for InnerQuorumSets {
    type Value = Vec<RawQuorumSet<'de>>;
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

impl<'de: 'a, 'a> Deserialize<'de> for RawOrganization<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(expecting = "an organization: an object with id and validators")]
        struct Organization<'a> {
            #[serde(borrow)]
            id: Key<'a>,
            #[serde(default)]
            name: Option<String>,
            #[serde(borrow)]
            validators: Vec<Key<'a>>,
        }
        let Organization { id, name, validators } = Organization::deserialize(deserializer)?;
        Ok(RawOrganization { id: id.0, name, validators: validators.into_iter().map(|key| key.0).collect() })
    }
}
