//! Reads the JSON text of nodes and organisations into typed values; every error names its JSON path.
//!
//! The text of the nodes may have any of four formats, told apart by their keys: an array of nodes, an explorer's object with `nodes` and
//! `organizations`, stellar-core's transitive quorum, and python-fbas's own. Names borrow from the text wherever JSON allows it, as a large
//! network repeats its keys thousands of times.

mod change;
mod conventions;
mod explorer;
mod kind;
mod python_fbas;
mod quorum_set;
mod stellar_core;
mod unread;
mod values;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::error::InputError;
use super::limits::check_values;
use super::written::{Document, ListedOrganization};
pub(super) use change::{parse_change, parse_quorum_set};
pub(super) use stellar_core::is_short_key;

/// Reads the text of the nodes, in whichever format it is.
pub(super) fn parse_nodes(text: &[u8]) -> Result<Document<'_>, InputError> {
    let text = without_mark(text);
    check_values(text, "nodes")?;
    let mut document = read(text).map_err(|error| kind::explained(error, text))?;
    document.nodes.iter_mut().for_each(|node| conventions::translate(&mut node.attributes));
    Ok(document)
}

fn read(text: &[u8]) -> Result<Document<'_>, InputError> {
    Ok(match Format::of(text)? {
        Format::Nodes => {
            let nodes = array(text, "nodes", "an array of nodes")?;
            Document { nodes, organizations: None, may_have_short_keys: false }
        }
        Format::ExplorerNetwork => object::<explorer::Network>(text)?.into(),
        Format::StellarCore => object::<stellar_core::TransitiveQuorum>(text)?.into(),
        Format::PythonFbas => object::<python_fbas::Network>(text)?.try_into()?,
    })
}

/// Reads the text of the organisations.
pub(super) fn parse_organizations(text: &[u8]) -> Result<Vec<ListedOrganization<'_>>, InputError> {
    let text = without_mark(text);
    check_values(text, "organizations")?;
    array(text, "organizations", "an array of organizations")
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

/// The formats that a network may come in.
enum Format {
    /// An array of nodes.
    Nodes,
    /// An object with `nodes` and, possibly, `organizations`: what explorers' network endpoints return.
    ExplorerNetwork,
    /// What stellar-core answers to `quorum?transitive=true&fullkeys=true`.
    StellarCore,
    /// An object with `validators` and `qsets`: what python-fbas writes.
    PythonFbas,
}

impl Format {
    fn of(text: &[u8]) -> Result<Format, InputError> {
        if text.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
            return Ok(Format::Nodes);
        }
        let outline: Outline = object(text)?;
        let has = |name: &str| outline.keys.iter().any(|key| key == name);
        let first_node_has = |name: &str| outline.first_node.iter().any(|key| key == name);
        if has("validators") && has("qsets") {
            Ok(Format::PythonFbas)
        } else if has("nodes") && first_node_has("node") && !first_node_has("publicKey") {
            Ok(Format::StellarCore)
        } else if has("nodes") {
            Ok(Format::ExplorerNetwork)
        } else {
            Err(InputError::new(
                "nodes",
                format!("an object of no format that is known, expected {EXPECTED}"),
            ))
        }
    }
}

const EXPECTED: &str = "an array of nodes, an object with nodes and organizations, stellar-core's answer to \
                        quorum?transitive=true&fullkeys=true, or an object with validators and qsets";

/// The keys of an object, and those of the first of its `nodes`.
#[derive(Default)]
struct Outline {
    keys: Vec<String>,
    first_node: Vec<String>,
}

impl<'de> Deserialize<'de> for Outline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OutlineVisitor;
        impl<'de> Visitor<'de> for OutlineVisitor {
            type Value = Outline;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outline, A::Error> {
                let mut outline = Outline::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "nodes" {
                        outline.first_node = map.next_value::<FirstKeys>()?.0;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    outline.keys.push(key);
                }
                Ok(outline)
            }
        }
        deserializer.deserialize_map(OutlineVisitor)
    }
}

/// The keys of an array's first item; none if it is something else, which is the business of who reads it.
#[derive(Default)]
struct FirstKeys(Vec<String>);

impl<'de> Deserialize<'de> for FirstKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FirstKeysVisitor;
        impl<'de> Visitor<'de> for FirstKeysVisitor {
            type Value = FirstKeys;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an array of nodes")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<FirstKeys, A::Error> {
                let first: Value = seq.next_element()?.unwrap_or_default();
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                let keys = first.as_object().into_iter().flat_map(Map::keys);
                Ok(FirstKeys(keys.cloned().collect()))
            }
        }
        deserializer.deserialize_seq(FirstKeysVisitor)
    }
}

/// Reads an object whose JSON path is the document's own.
fn object<'a, T: Deserialize<'a>>(text: &'a [u8]) -> Result<T, InputError> {
    tracked(text, "", EXPECTED, PhantomData::<T>)
}

/// Reads an array that is called `root`.
fn array<'a, T: Deserialize<'a>>(
    text: &'a [u8],
    root: &'static str,
    expected: &'static str,
) -> Result<Vec<T>, InputError> {
    tracked(text, root, expected, Items { expected, item: PhantomData })
}

fn tracked<'a, S: DeserializeSeed<'a>>(
    text: &'a [u8],
    root: &str,
    expected: &str,
    seed: S,
) -> Result<S::Value, InputError> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let result = seed.deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
    match result.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(value),
        Err(error) => {
            let inside = track.path().to_string();
            let path = match (root, &*inside) {
                ("", "?") => String::new(),
                (_, ".") => root.to_string(),
                (_, property) if !root.is_empty() && !property.starts_with('[') => {
                    format!("{root}.{property}")
                }
                _ => format!("{root}{inside}"),
            };
            let path = path.trim_end_matches(".?");
            // At the top, or behind a property whose name is empty.
            let path = if path.is_empty() { "nodes" } else { path };
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

/// An array whose error messages say what it is an array of.
struct Items<T> {
    expected: &'static str,
    item: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Items<T> {
    type Value = Vec<T>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Items<T> {
    type Value = Vec<T>;
    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.expected)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}
