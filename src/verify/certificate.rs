//! What a certificate says: claims about one network, each with what proves it. Written and read as JSON.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::network::{check_values, InputError, UnknownNodes};

/// The version of this format; certificates of another one are refused.
pub const FORMAT: &str = "stellar-fbas certificate 2";

/// What proves some answers about one network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Certificate {
    /// [`FORMAT`].
    pub format: String,
    /// Who made it.
    pub engine: String,
    /// The answers with their proofs.
    pub claims: Vec<Claim>,
    /// Answers that were not proven in time, by name.
    pub unproven: Vec<String>,
}

impl Certificate {
    /// Reads a certificate from JSON text.
    pub fn parse(text: &[u8]) -> Result<Self, InputError> {
        check_values(text, "certificate")?;
        let mut value: Value =
            serde_json::from_slice(text).map_err(|error| InputError::new("certificate", error))?;
        // Claim by claim, so that errors name the one.
        let claims = value.get_mut("claims").map(Value::take);
        let Some(Value::Array(claims)) = claims else {
            return Err(InputError::new("certificate.claims", "expected an array of claims"));
        };
        value["claims"] = Value::Array(Vec::new());
        let mut certificate: Certificate =
            serde_json::from_value(value).map_err(|error| InputError::new("certificate", error))?;
        for (index, claim) in claims.into_iter().enumerate() {
            let claim = serde_json::from_value(claim);
            let claim =
                claim.map_err(|error| InputError::new(format!("certificate.claims[{index}]"), error))?;
            certificate.claims.push(claim);
        }
        Ok(certificate)
    }
}

/// An answer under one reading of the network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Claim {
    /// How the network is read.
    pub reading: Reading,
    /// What is claimed, with the proof.
    pub statement: Statement,
}

/// How a network is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reading {
    /// Nodes whose quorum set is unknown: they are in no quorum, or may join any.
    pub unknown_nodes: UnknownNodes,
    /// Public keys of nodes that are in no quorum.
    pub faulty_nodes: Vec<String>,
    /// Whether stray nodes are in none: those that are a quorum all by themselves and that no other live node names.
    pub ignore_one_node_quorums: bool,
    /// Public keys of a group that is misconfigured, as stellar-core takes it: each member that is in quorums at all asks for two entries, all
    /// of the group, and one of the nodes outside it whose quorum sets name a member. Absent where it is empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub misconfigured: Vec<String>,
}

/// What is claimed. Nodes are public keys; `group_by` is as in the options of an analysis, absent for nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[allow(missing_docs)] // Fields are explained by their variant.
pub enum Statement {
    /// There is no quorum.
    NoQuorum {},
    /// The quorums `a` and `b` share no node.
    DisjointQuorums { a: Vec<String>, b: Vec<String> },
    /// There is a quorum, and every two share a node.
    QuorumsIntersect { proof: Proof },
    /// Members of `quorum` are of `size` groups, and of no quorum fewer; `with_history`: members with a good history archive.
    SmallestQuorum {
        group_by: Option<String>,
        with_history: bool,
        size: u32,
        quorum: Vec<String>,
        proof: Proof,
    },
    /// `set`, of `size` groups, blocks: round after round the others are not satisfied by those left. No set of fewer groups does. The
    /// proof makes use of `quorums`, each of which a blocking set has to meet.
    SmallestBlockingSet {
        group_by: Option<String>,
        size: u32,
        set: Vec<String>,
        rounds: Vec<Vec<String>>,
        quorums: Vec<Vec<String>>,
        proof: Proof,
    },
    /// If the nodes of `byzantine`, of `size` groups, are Byzantine, `a` and `b` can diverge. No set of fewer groups lets any two nodes
    /// diverge if `all`, otherwise two of the core.
    SmallestSplittingSet {
        group_by: Option<String>,
        all: bool,
        size: u32,
        byzantine: Vec<String>,
        a: Vec<String>,
        b: Vec<String>,
        proof: Proof,
    },
    /// There is a quorum, and no set splits.
    NoSplittingSet { all: bool, proof: Proof },
    /// The members are in some minimal quorum, and no other nodes are.
    TopTier { members: Vec<Member>, others: Vec<Outsider> },
}

impl Statement {
    /// Why nothing contradicts it; absent: nothing could, or it has several proofs.
    pub(crate) fn proof(&self) -> Option<&Proof> {
        match self {
            Statement::QuorumsIntersect { proof }
            | Statement::SmallestQuorum { proof, .. }
            | Statement::SmallestBlockingSet { proof, .. }
            | Statement::SmallestSplittingSet { proof, .. }
            | Statement::NoSplittingSet { proof, .. } => Some(proof),
            Statement::NoQuorum {} | Statement::DisjointQuorums { .. } | Statement::TopTier { .. } => None,
        }
    }
}

/// A node of the top tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Member {
    /// Its public key.
    pub node: String,
    /// A quorum with the node in which, without it, there is none.
    pub quorum: Vec<String>,
}

/// A node that is in quorums of nodes that form minimal ones, but not in the top tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outsider {
    /// Its public key.
    pub node: String,
    /// Quorums without the node; every quorum with it contains one of them.
    pub quorums: Vec<Vec<String>>,
    /// Why.
    pub proof: Proof,
}

/// Why nothing contradicts a claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Proof {
    /// By counting entries of quorum sets, of which whoever checks counts again; nothing is smaller than 0.
    Counting,
    /// A formula says what would contradict it, and has no model.
    Refutation {
        /// The formula in the DIMACS format; comments say what variables mean.
        formula: String,
        /// The proof in the DRAT format.
        proof: String,
    },
}
