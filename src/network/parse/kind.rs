//! Recognises texts that are not networks. Where reading fails at the very beginning, the error says what the text is instead and what to
//! pass.

use serde_json::Value;

use super::unread::looks_like_quorum_set;
use crate::network::InputError;

/// The error that reading gave, or a better one where the text is of a kind that is known.
pub(super) fn explained(error: InputError, text: &[u8]) -> InputError {
    // Further in it is a network, and the error names the place.
    let is_at_beginning = error.path == "nodes" || error.path.starts_with("nodes[0]");
    match is_at_beginning.then(|| kind_of(text)).flatten() {
        Some(kind) => InputError::new(
            "nodes",
            format!("{kind}, expected an array of nodes or another format that is read"),
        ),
        None => error,
    }
}

fn kind_of(text: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?.trim();
    match text.chars().next() {
        None => Some("an empty text".into()),
        Some('<') => Some("a page (HTML or XML), perhaps one that reports an error".into()),
        Some(_) if is_toml(text) => Some(toml_kind(text).into()),
        Some('{' | '[') => json_kind(&serde_json::from_str(text).ok()?),
        Some(_) => None,
    }
}

/// Whether the first line that says something is the head of a table of TOML or sets one of its keys.
fn is_toml(text: &str) -> bool {
    let is_name = |name: &str| {
        name.starts_with(|char: char| char.is_ascii_alphabetic() || char == '_')
            && name.chars().all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char))
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().is_some_and(|line| {
        let head = line.split('#').next().unwrap_or_default().trim();
        let table = head.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let table = table.map(|name| name.trim_start_matches('[').trim_end_matches(']').trim());
        let is_table = table.is_some_and(|name| is_name(name) && !["true", "false", "null"].contains(&name));
        is_table || line.split_once('=').is_some_and(|(name, _)| is_name(name.trim()))
    })
}

fn toml_kind(text: &str) -> &'static str {
    let says = |part: &str| text.contains(part);
    if says("[DOCUMENTATION]") || says("ORG_NAME") {
        "an organization's stellar.toml, which says nothing of quorum sets"
    } else if says("QUORUM_SET") || says("[[VALIDATORS]]") || says("[[HOME_DOMAINS]]") {
        "a configuration of stellar-core (TOML): what one node asks for and not what the others do; ask a running stellar-core for \
         quorum?transitive=true&fullkeys=true"
    } else if says("[quorum_set]") {
        "a configuration of MobileCoin (network.toml): what one node asks for and not what the others do"
    } else {
        "TOML and not JSON"
    }
}

fn json_kind(value: &Value) -> Option<String> {
    let has_members_by_type =
        |set: &Value| set["members"].get(0).is_some_and(|member| member["type"].is_string());
    let is_answer = |value: &Value| value["agree"].is_number() && !value["fail_at"].is_null();
    if let Some(first) = value.as_array().and_then(|items| items.first()) {
        return if first["id"].is_string() && first["validators"].is_array() && first["publicKey"].is_null() {
            Some("an array of organizations".into())
        } else if first["node"].is_string() && first["publicKey"].is_null() {
            Some("the nodes of a stellar-core's answer without the object around them".into())
        } else if looks_like_quorum_set(first) {
            Some("an array of quorum sets that does not say whose they are".into())
        } else {
            None
        };
    }
    let fields = value.as_object()?;
    if is_network(value) {
        None
    } else if value["qset"].is_object() || fields.values().any(is_answer) {
        Some(
            "stellar-core's answer to quorum for one node, which does not say what the others ask for; ask it for \
             quorum?transitive=true&fullkeys=true; a change of a network takes it as the quorum set of a node"
                .into(),
        )
    } else if value["info"].is_object() {
        Some("stellar-core's answer to info; ask it for quorum?transitive=true&fullkeys=true".into())
    } else if looks_like_quorum_set(value) && has_members_by_type(value) {
        Some("a quorum set of MobileCoin: what one node asks for and not what the others do".into())
    } else if looks_like_quorum_set(value) {
        Some(
            "one quorum set, which does not say whose it is; a change of a network takes it as the quorum set of a node"
                .into(),
        )
    } else if is_node(value) {
        Some("one node and not an array of nodes".into())
    } else {
        let inside = fields.iter().find_map(|(name, value)| network_below(name, value))?;
        Some(format!("an object around a network, which stands at `{inside}`; pass what stands there"))
    }
}

/// Where a network stands at or below a property.
fn network_below(name: &str, value: &Value) -> Option<String> {
    if is_network(value) || value.get(0).is_some_and(is_node) {
        return Some(name.to_string());
    }
    let below = |(inner, value): (&String, &Value)| network_below(inner, value);
    value.as_object()?.iter().find_map(below).map(|place| format!("{name}.{place}"))
}

fn is_network(value: &Value) -> bool {
    value["nodes"].is_array() || (value["validators"].is_array() && value["qsets"].is_object())
}

fn is_node(value: &Value) -> bool {
    value["publicKey"].is_string()
}
