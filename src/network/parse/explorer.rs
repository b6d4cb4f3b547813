//! Nodes and organisations as network explorers publish them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::quorum_set::OptionalQuorumSet;
use super::unread::check_no_quorum_set;
use super::values::{only_spelling, Key};
use crate::network::written::{Document, ListedNode, ListedOrganization};

/// The names under which a node's quorum set is read.
const QUORUM_SET: [&str; 2] = ["quorumSet", "quorum_set"];

/// An explorer's network: nodes, with organisations if there are any, and much else.
#[derive(Deserialize)]
#[serde(expecting = "an object with nodes and organizations")]
pub(super) struct Network<'a> {
    #[serde(borrow)]
    nodes: Vec<ListedNode<'a>>,
    #[serde(borrow, default)]
    organizations: Option<Vec<ListedOrganization<'a>>>,
}

impl<'a> From<Network<'a>> for Document<'a> {
    fn from(network: Network<'a>) -> Self {
        Document { nodes: network.nodes, organizations: network.organizations, may_have_short_keys: false }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ListedNode<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NodeVisitor;
        impl<'de> Visitor<'de> for NodeVisitor {
            type Value = ListedNode<'de>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a node: an object with a publicKey")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ListedNode<'de>, A::Error> {
                let mut public_key = None;
                let mut quorum_set = None;
                let mut spelled: Option<&str> = None;
                let mut attributes = Map::new();
                while let Some(name) = map.next_key::<Cow<str>>()? {
                    match &*name {
                        "publicKey" => public_key = Some(map.next_value::<Key>()?.0),
                        name if QUORUM_SET.contains(&name) => {
                            only_spelling(&mut spelled, name, &QUORUM_SET)?;
                            quorum_set = map.next_value_seed(OptionalQuorumSet)?;
                        }
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
                if spelled.is_none() {
                    check_no_quorum_set(&attributes, QUORUM_SET[0])?;
                }
                Ok(ListedNode { public_key, quorum_set, attributes })
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

impl<'de: 'a, 'a> Deserialize<'de> for ListedOrganization<'a> {
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
        Ok(ListedOrganization {
            id: id.0,
            name,
            validators: validators.into_iter().map(|key| key.0).collect(),
        })
    }
}
