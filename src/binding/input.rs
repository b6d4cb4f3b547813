//! Nodes and organisations as JSON text. On the main thread only what must be there: copying text, or one `JSON.stringify`.

use napi::bindgen_prelude::*;
use napi::{JsValue, ValueType};

use super::errors::Failure;
use crate::network::Network;

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

const NODES: &str = "an array of nodes or a network of one of the formats, as an object or its JSON text as a string or Uint8Array";
const ORGANIZATIONS: &str = "an array of organizations, or its JSON text as a string or Uint8Array";

fn text_of(env: &Env, value: Unknown, what: &str, expected: &str) -> std::result::Result<Vec<u8>, Failure> {
    let unlike = |found: &str| Failure::InvalidInput(format!("{what}: found {found}, expected {expected}"));
    let kind = value.get_type()?;
    let text = if kind == ValueType::String {
        String::from_unknown(value)?.into_bytes()
    } else if value.is_typedarray()? {
        // A copy: the bytes stay shared with JavaScript, which may change them while a worker reads.
        let bytes = Uint8Array::from_unknown(value).map_err(|_| unlike("another typed array"))?;
        bytes.to_vec()
    } else if kind == ValueType::Object {
        stringify(env, value, what)?.into_bytes()
    } else {
        return Err(unlike(&format!("{kind}").to_lowercase()));
    };
    if text.len() > MAX_TEXT_BYTES {
        let found = format!("{what}: {} bytes of JSON text, expected at most {MAX_TEXT_BYTES}", text.len());
        return Err(Failure::InvalidInput(found));
    }
    Ok(text)
}

fn stringify(env: &Env, value: Unknown, what: &str) -> std::result::Result<String, Failure> {
    let json: Object = env.get_global()?.get_named_property("JSON")?;
    let stringify: Function<Unknown, String> = json.get_named_property("stringify")?;
    let text = stringify.call(value);
    text.map_err(|error| {
        Failure::InvalidInput(format!("{what}: cannot be written as JSON: {}", error.reason))
    })
}
