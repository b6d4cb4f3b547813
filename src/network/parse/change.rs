//! Reads the JSON text of a change of a network: `{"set", "add", "remove", "move"}`.
//!
//! Where a quorum set is asked for it may stand as explorers write it, as stellar-core does (`{"t", "v"}`), or inside of what stellar-core
//! answers to `quorum` about its own node.

use serde_json::{Map, Value};

use super::quorum_set::OptionalQuorumSet;
use super::values::Key;
use super::{array, conventions, stellar_core, tracked, without_mark};
use crate::network::limits::check_values;
use crate::network::written::{ListedNode, NetworkChange, WrittenQuorumSet};
use crate::network::InputError;

const EXPECTED: &str = "an object with set, add, remove and move";

/// Reads the text of a change.
pub(in crate::network) fn parse_change(text: &[u8]) -> Result<NetworkChange, InputError> {
    let text = without_mark(text);
    check_values(text, "change")?;
    let change: Value = tracked(text, "change", EXPECTED, std::marker::PhantomData)?;
    let Value::Object(parts) = change else {
        return Err(InputError::new("change", format!("expected {EXPECTED}")));
    };
    let mut change = NetworkChange::default();
    for (name, part) in parts.into_iter().filter(|(_, part)| !part.is_null()) {
        match &*name {
            "set" => {
                for (key, set) in fields(part, "change.set", "quorum sets by public key")? {
                    let set = quorum_set(&set, &format!("change.set.{key}"))?;
                    change.set.push((key, set));
                }
            }
            "add" => {
                let text = part.to_string();
                let mut nodes: Vec<ListedNode> = array(text.as_bytes(), "change.add", "an array of nodes")?;
                nodes.iter_mut().for_each(|node| conventions::translate(&mut node.attributes));
                change.add = nodes.into_iter().map(ListedNode::into_owned).collect();
            }
            "remove" => {
                let text = part.to_string();
                let keys: Vec<Key> = array(text.as_bytes(), "change.remove", "an array of public keys")?;
                change.remove = keys.into_iter().map(|key| key.0.into_owned()).collect();
            }
            "move" => {
                for (key, organization) in fields(part, "change.move", "ids of organizations by public key")?
                {
                    let organization = match organization {
                        Value::Null => None,
                        Value::String(id) if !id.is_empty() => Some(id),
                        _ => {
                            let expected = "expected the id of an organization, or null for none";
                            return Err(InputError::new(format!("change.move.{key}"), expected));
                        }
                    };
                    change.moved.push((key, organization));
                }
            }
            _ => {
                let problem = format!("there is no such part of a change, expected {EXPECTED}");
                return Err(InputError::new(format!("change.{name}"), problem));
            }
        }
    }
    Ok(change)
}

/// Reads the text of a quorum set.
pub(in crate::network) fn parse_quorum_set(text: &[u8]) -> Result<WrittenQuorumSet<'static>, InputError> {
    let text = without_mark(text);
    check_values(text, "quorumSet")?;
    let value: Value = tracked(text, "quorumSet", "a quorum set", std::marker::PhantomData)?;
    quorum_set(&value, "quorumSet")?.ok_or_else(|| InputError::new("quorumSet", "expected a quorum set"))
}

fn fields(part: Value, path: &str, expected: &str) -> Result<Map<String, Value>, InputError> {
    match part {
        Value::Object(fields) => Ok(fields),
        _ => Err(InputError::new(path, format!("expected an object of {expected}"))),
    }
}

/// A quorum set in any of the forms that it is taken in; null: it is unknown.
fn quorum_set(value: &Value, path: &str) -> Result<Option<WrittenQuorumSet<'static>>, InputError> {
    let (value, inside) = answered(value);
    let (path, text) = (format!("{path}{inside}"), value.to_string());
    let is_stellar_core = value.get("t").is_some() || value.get("v").is_some();
    let set = match is_stellar_core {
        true => tracked(text.as_bytes(), &path, "a quorum set", stellar_core::OptionalQuorumSet)?,
        false => tracked(text.as_bytes(), &path, "a quorum set", OptionalQuorumSet)?,
    };
    Ok(set.map(WrittenQuorumSet::into_owned))
}

/// What stands for the quorum set in an answer of stellar-core, and where; or the value itself.
fn answered(value: &Value) -> (&Value, String) {
    if let Some(set) = value.get("qset") {
        return match set.get("value") {
            Some(set) => (set, ".qset.value".into()),
            None => (set, ".qset".into()),
        };
    }
    // Older ones stand under the number of a ledger.
    let of_ledger = value.as_object().into_iter().flatten().find(|(_, answer)| {
        answer.get("agree").is_some_and(Value::is_number) && answer.get("value").is_some_and(Value::is_object)
    });
    match of_ledger {
        Some((ledger, answer)) => (&answer["value"], format!(".{ledger}.value")),
        None => (value, String::new()),
    }
}
