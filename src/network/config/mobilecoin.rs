//! MobileCoin's quorum sets, `{threshold, members: [{type, args}]}`: in `network.toml` under `quorum_set`, or as JSON. A member is a node, whose
//! `args` is what others call it, or an inner set.

use serde_json::Value;

use super::toml_text::{Document, Place};
use crate::network::{InputError, WrittenQuorumSet, MAX_NESTING, MAX_THRESHOLD};

/// Where the quorum set stands, if this is a configuration of MobileCoin.
pub fn table_of<'a>(document: &'a Document<'a>) -> Option<Place<'a>> {
    document.get("quorum_set")
}

/// The quorum set of a `network.toml`.
pub fn of_toml(document: &Document, set: Place) -> Result<WrittenQuorumSet<'static>, InputError> {
    in_toml(document, &set, MAX_NESTING)
}

fn in_toml(
    document: &Document,
    set: &Place,
    levels_left: usize,
) -> Result<WrittenQuorumSet<'static>, InputError> {
    if levels_left == 0 {
        return Err(document.error(set, format!("expected at most {MAX_NESTING} levels of quorum sets")));
    }
    let (mut threshold, mut members) = (None, None);
    for (key, value) in document.entries(set)? {
        match key {
            "threshold" => threshold = Some(document.number(&value, 0, MAX_THRESHOLD)?),
            "members" => members = Some(document.items(&value)?),
            _ => return Err(document.error(&value, "expected threshold or members")),
        }
    }
    let (Some(threshold), Some(members)) = (threshold, members) else {
        return Err(document.error(set, "expected threshold and members"));
    };
    let (mut validators, mut inner) = (Vec::new(), Vec::new());
    for member in members {
        let (mut kind, mut args) = (None, None);
        for (key, value) in document.entries(&member)? {
            match key {
                "type" => kind = Some(document.text(&value)?),
                "args" => args = Some(value),
                _ => return Err(document.error(&value, "expected type or args")),
            }
        }
        match (kind, args) {
            (Some("Node"), Some(args)) => validators.push(document.text(&args)?.to_string()),
            (Some("InnerSet"), Some(args)) => inner.push(in_toml(document, &args, levels_left - 1)?),
            _ => return Err(document.error(&member, "expected a type, Node or InnerSet, and args")),
        }
    }
    Ok(WrittenQuorumSet::new(threshold, validators).with_inner(inner))
}

/// The quorum set that JSON says.
pub fn of_json(text: &str) -> Result<WrittenQuorumSet<'static>, InputError> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        InputError::new(format!("line {}", error.line()), format!("{error}, expected JSON"))
    })?;
    if value.get("threshold").is_none() && value.get("members").is_none() {
        let expected = "JSON that is no configuration, expected TOML or MobileCoin's threshold and members";
        return Err(InputError::new("line 1", expected));
    }
    in_json(&value, "quorumSet", MAX_NESTING)
}

fn in_json(value: &Value, path: &str, levels_left: usize) -> Result<WrittenQuorumSet<'static>, InputError> {
    let refused = |path: &str, expected: &str| Err(InputError::new(path, format!("expected {expected}")));
    if levels_left == 0 {
        return refused(path, "no deeper levels of quorum sets");
    }
    let only = |value: &Value, names: [&str; 2]| {
        value.as_object().is_some_and(|fields| fields.keys().all(|key| names.contains(&&**key)))
    };
    let (Some(threshold), Some(members), true) =
        (value["threshold"].as_u64(), value["members"].as_array(), only(value, ["threshold", "members"]))
    else {
        return refused(path, "an object with threshold and members");
    };
    let (mut validators, mut inner) = (Vec::new(), Vec::new());
    for (index, member) in members.iter().enumerate() {
        let path = format!("{path}.members[{index}]");
        let args = &member["args"];
        match (member["type"].as_str(), args.as_str()) {
            (Some("Node"), Some(name)) if only(member, ["type", "args"]) => validators.push(name.to_string()),
            (Some("InnerSet"), None) if only(member, ["type", "args"]) => {
                inner.push(in_json(args, &format!("{path}.args"), levels_left - 1)?);
            }
            _ => return refused(&path, "a type, Node or InnerSet, and args"),
        }
    }
    Ok(WrittenQuorumSet::new(threshold, validators).with_inner(inner))
}
