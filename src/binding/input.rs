//! Nodes and organisations as JSON text. On the main thread only what must be there: copying text, or one `JSON.stringify`.

use napi::bindgen_prelude::*;
use napi::{JsValue, ValueType};

use super::caller;
use super::errors::Failure;
use crate::network::{InputError, Network};

/// Largest input text, in bytes.
const MAX_TEXT_BYTES: usize = 256 << 20;

/// The JSON texts of a network, owned, so that a worker thread can parse them.
pub(super) struct Input {
    nodes: Vec<u8>,
    organizations: Option<Vec<u8>>,
}

impl Input {
    /// Takes the arguments of a call.
    pub fn read(
        env: &Env,
        nodes: Unknown,
        organizations: Option<Unknown>,
    ) -> std::result::Result<Self, Failure> {
        let nodes = text_of(env, nodes, "nodes", NODES)?;
        let organizations = match organizations {
            Some(value) if !is_absent(&value)? => Some(text_of(env, value, "organizations", ORGANIZATIONS)?),
            _ => None,
        };
        Ok(Input { nodes, organizations })
    }

    /// How long the texts are together.
    pub fn bytes(&self) -> usize {
        self.nodes.len() + self.organizations.as_ref().map_or(0, Vec::len)
    }

    /// The JSON text of the nodes.
    pub fn nodes(&self) -> &[u8] {
        &self.nodes
    }

    /// Parses the network.
    pub fn parse(&self) -> std::result::Result<Network, Failure> {
        Ok(Network::parse(&self.nodes, self.organizations.as_deref())?)
    }
}

/// Whether a value is null or undefined.
pub(super) fn is_absent(value: &Unknown) -> Result<bool> {
    Ok(matches!(value.get_type()?, ValueType::Null | ValueType::Undefined))
}

/// The JSON text of a certificate.
pub(super) fn certificate(env: &Env, value: Unknown) -> std::result::Result<Vec<u8>, Failure> {
    text_of(env, value, "certificate", "a certificate, or its JSON text as a string or Uint8Array")
}

/// A text that is not JSON.
pub(super) fn plain_text(value: Unknown, what: &str) -> std::result::Result<String, Failure> {
    let kind = value.get_type()?;
    if kind != ValueType::String {
        let found = format!("{kind}").to_lowercase();
        return Err(Failure::InvalidInput(format!("{what}: found {found}, expected a string")));
    }
    Ok(String::from_unknown(value)?)
}

/// The JSON text of a change of a network.
pub(super) fn change(env: &Env, value: Unknown) -> std::result::Result<Vec<u8>, Failure> {
    text_of(
        env,
        value,
        "change",
        "an object with set, add, remove and move, or its JSON text as a string or Uint8Array",
    )
}

/// The JSON text of a quorum set that an option asks for.
pub(super) fn quorum_set(env: &Env, value: Unknown) -> std::result::Result<Vec<u8>, Failure> {
    text_of(env, value, "options.quorumSet", "a quorum set, or the public key of a node that asks for it")
}

const NODES: &str = "an array of nodes or a network of one of the formats, as an object or its JSON text as a string or Uint8Array";
const ORGANIZATIONS: &str = "an array of organizations, or its JSON text as a string or Uint8Array";

fn text_of(env: &Env, value: Unknown, what: &str, expected: &str) -> std::result::Result<Vec<u8>, Failure> {
    let unlike = |found: &str| Failure::InvalidInput(format!("{what}: found {found}, expected {expected}"));
    let too_long =
        || Failure::InvalidInput(format!("{what}: expected at most {MAX_TEXT_BYTES} bytes of JSON text"));
    let kind = value.get_type()?;
    let text = if value.is_typedarray()? {
        let bytes = Uint8Array::from_unknown(value).map_err(|_| unlike("another typed array"))?;
        if bytes.len() > MAX_TEXT_BYTES {
            return Err(too_long());
        }
        // A copy: the bytes stay shared with JavaScript, which may change them while a worker reads.
        bytes.to_vec()
    } else if let ValueType::String | ValueType::Object = kind {
        let text = caller::text_of(env, value, MAX_TEXT_BYTES)?.map_err(|problem| {
            let problem =
                format!("cannot be written as JSON text of at most {MAX_TEXT_BYTES} bytes: {problem}");
            Failure::from(InputError::new(what, problem))
        })?;
        String::from_unknown(text)?.into_bytes()
    } else {
        return Err(unlike(&format!("{kind}").to_lowercase()));
    };
    // A character may take more than one byte.
    if text.len() > MAX_TEXT_BYTES {
        return Err(too_long());
    }
    Ok(text)
}
