//! What a validator's configuration means: the quorum set that it asks for. stellar-core has two ways to say it, MobileCoin one; errors name
//! line and key.

mod mobilecoin;
mod stellar_core;
mod toml_text;

use super::{Finding, FindingCode, InputError, ListedNode, Network, NodeId, WrittenQuorumSet};
use toml_text::Document;

/// What a quorum set names that names the node whose configuration it is, where nobody says which key that node has.
pub const OWN_KEY: &str = "$self";

/// What a configuration says of its node.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Configuration {
    /// What the node asks for.
    pub quorum_set: WrittenQuorumSet<'static>,
    /// What is odd about it. Nodes are those that the quorum set concerns; the node itself is called [`OWN_KEY`] if its key is not known.
    pub findings: Vec<Finding>,
}

/// The quorum set that a configuration means: a `stellar-core.cfg`, MobileCoin's `network.toml`, or MobileCoin's JSON.
///
/// stellar-core says it by a table `QUORUM_SET` or by `VALIDATORS` and `HOME_DOMAINS`, from which it makes a set (`Config.cpp`). A node that
/// validates counts itself in; its key follows from `NODE_SEED`, which is secret and is not read here, so whoever knows the key passes it as
/// `own_key`. Without it, the set names [`OWN_KEY`].
///
/// ```
/// use stellar_fbas::network::quorum_set_of_config;
///
/// let text = r#"
/// [QUORUM_SET]
/// THRESHOLD_PERCENT = 51
/// VALIDATORS = ["$self", "GBOB bob", "GCAROL carol"]
/// "#;
/// let set = quorum_set_of_config(text, Some("GALICE"))?.quorum_set;
/// assert_eq!(set.threshold, 2);
/// assert_eq!(set.validators, ["GALICE", "GBOB", "GCAROL"]);
/// # Ok::<(), stellar_fbas::network::InputError>(())
/// ```
pub fn quorum_set_of_config(text: &str, own_key: Option<&str>) -> Result<Configuration, InputError> {
    let text = text.trim_start_matches('\u{FEFF}');
    let mut findings = Vec::new();
    let quorum_set = match text.trim_start().starts_with('{') {
        true => mobilecoin::of_json(text)?,
        false => {
            let document = Document::parse(text)?;
            match mobilecoin::table_of(&document) {
                Some(set) => mobilecoin::of_toml(&document, set)?,
                None => {
                    if document.get("QUORUM_SET").is_some() && document.get("VALIDATORS").is_some() {
                        findings.push(Finding::new(FindingCode::ValidatorsNotUsed, Vec::new()));
                    }
                    stellar_core::quorum_set(&document, own_key.unwrap_or(OWN_KEY))?
                }
            }
        }
    };
    let is_key_known = own_key.is_some();
    let own_key = own_key.unwrap_or(OWN_KEY);
    let node = ListedNode::new(own_key.to_string()).asking_for(quorum_set.clone());
    // It has the limits of any quorum set, and what is odd about it is what is odd about those of a network.
    let network = Network::new(vec![node], None)?;
    for finding in network.findings() {
        // Whose key nobody knows may be named by it.
        let may_be_said = finding.code != FindingCode::SelfExcluded || is_key_known;
        if let Some(message) = of_one_set(finding.code).filter(|_| may_be_said) {
            findings.push(Finding { message: message.to_string(), ..finding.clone() });
        }
    }
    if !is_key_known && network.node(OWN_KEY).is_some_and(|own| names(&network, own)) {
        findings.push(Finding::new(FindingCode::OwnKeyUnknown, vec![OWN_KEY.to_string()]));
    }
    Ok(Configuration { quorum_set, findings })
}

/// What is said of a single quorum set, of all that may be said of it without the others.
fn of_one_set(code: FindingCode) -> Option<&'static str> {
    Some(match code {
        FindingCode::DuplicateEntry => {
            "The quorum set names a validator more than once; each mention counts, as in stellar-core."
        }
        FindingCode::ZeroThreshold => {
            "The quorum set, or a set inside it, has a threshold of 0. At the top level that is no usable quorum set and the node \
             counts as unknown; an inner set with threshold 0 counts as satisfied."
        }
        FindingCode::UnreachableThreshold => {
            "The quorum set, or a set inside it, asks for more entries than it lists. At the top level the node can be in no quorum; \
             an inner set like that is never satisfied."
        }
        FindingCode::LowThreshold => {
            "The quorum set, or a set inside it, has a threshold of at most half of its entries: it is satisfied by half of its \
             entries as well as by the other half."
        }
        FindingCode::NestingTooDeep => {
            "The quorum set is nested deeper than the 5 levels that stellar-core accepts."
        }
        FindingCode::SelfExcluded => "The quorum set does not name the node itself.",
        _ => return None,
    })
}

/// Whether the node's quorum set names it.
fn names(network: &Network, node: NodeId) -> bool {
    network.quorum_sets().iter().any(|(_, set)| set.validators.contains(&node))
}
