//! Reads the JSON text of nodes and organisations into typed values; every error names its JSON path.
//!
//! Names borrow from the text wherever JSON allows it, as a large network repeats its keys thousands of times.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::InputError;

/// Deepest nesting of quorum sets that is read. stellar-core itself accepts 4 levels.
pub const MAX_NESTING: usize = 32;
/// Largest threshold: the largest integer that JavaScript's numbers express exactly.
pub const MAX_THRESHOLD: u64 = (1 << 53) - 1;
/// Longest public key or organisation id, in bytes. Stellar's have 56.
pub const MAX_KEY_BYTES: usize = 1024;
/// Most nodes in one network.
pub const MAX_NODES: usize = 1_000_000;

/// A node as it stands in the input.
#[derive(Debug)]
pub(super) struct RawNode<'a> {
    pub public_key: Cow<'a, str>,
    pub quorum_set: Option<RawQuorumSet<'a>>,
    /// Every other property.
    pub attributes: Map<String, Value>,
}

/// A quorum set as it stands in the input.
#[derive(Debug)]
pub(super) struct RawQuorumSet<'a> {
    pub threshold: u64,
    pub validators: Vec<Cow<'a, str>>,
    pub inner: Vec<RawQuorumSet<'a>>,
}

/// An organisation as it stands in the input.
#[derive(Debug)]
pub(super) struct RawOrganization<'a> {
    pub id: Cow<'a, str>,
    pub name: Option<String>,
    pub validators: Vec<Cow<'a, str>>,
}

pub(super) fn parse_nodes(text: &[u8]) -> Result<Vec<RawNode<'_>>, InputError> {
    let nodes: Vec<RawNode> = parse_array(text, "nodes", "an array of nodes")?;
    if nodes.len() > MAX_NODES {
        return Err(InputError::new("nodes", format!("{} nodes, expected at most {MAX_NODES}", nodes.len())));
    }
    Ok(nodes)
}

pub(super) fn parse_organizations(text: &[u8]) -> Result<Vec<RawOrganization<'_>>, InputError> {
    parse_array(text, "organizations", "an array of organizations")
}

fn parse_array<'a, T: Deserialize<'a>>(
    text: &'a [u8],
    root: &'static str,
    expected: &'static str,
) -> Result<Vec<T>, InputError> {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let mut json = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let result = serde_path_to_error::Deserializer::new(&mut json, &mut track)
        .deserialize_seq(ArrayVisitor { expected, item: std::marker::PhantomData });
    match result.and_then(|items| json.end().map(|()| items)) {
        Ok(items) => Ok(items),
        Err(error) => {
            let path = match track.path().to_string() {
                inside if inside == "." => root.to_string(),
                inside => format!("{root}{inside}"),
            };
            let path = path.trim_end_matches(".?").to_string();
            if error.is_data() {
                Err(InputError::new(path, strip_position(&error.to_string())))
            } else {
                Err(InputError::new(path, format!("expected {expected} as JSON text: {error}")))
            }
        }
    }
}

/// serde_json appends " at line 1 column 17", which says nothing about JavaScript objects.
fn strip_position(message: &str) -> &str {
    message.rfind(" at line ").map_or(message, |at| &message[..at])
}

struct ArrayVisitor<T> {
    expected: &'static str,
    item: std::marker::PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ArrayVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}

/// A public key or id: a string of bounded length, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                write!(f, "a string of 1 to {MAX_KEY_BYTES} bytes")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                check_length(text, &self)?;
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                check_length(text, &self)?;
                Ok(Key(Cow::Owned(text.to_string())))
            }
        }
        fn check_length<E: de::Error>(text: &str, expected: &KeyVisitor) -> Result<(), E> {
            if text.is_empty() || text.len() > MAX_KEY_BYTES {
                return Err(E::invalid_length(text.len(), expected));
            }
            Ok(())
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct Threshold(u64);

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

impl<'de> Deserialize<'de> for RawNode<'de> {
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
        Ok(RawQuorumSet {
            threshold: threshold.ok_or_else(|| de::Error::missing_field("threshold"))?,
            validators: validators.ok_or_else(|| de::Error::missing_field("validators"))?,
            inner,
        })
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

impl<'de> Deserialize<'de> for RawOrganization<'de> {
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
