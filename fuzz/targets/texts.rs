//! Any bytes as JSON text: they are a network that holds together, or an error of bounded length that says where.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::Value;
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{
    self, Fbas, GroupBy, Groups, InputError, Network, NodeSet, UnknownNodes, MAX_NODES,
};
use stellar_fbas::verify::{verify, Certificate, Claim, Statement};

const PAIR: &str = r#"[
  { "publicKey": "A", "quorumSet": { "threshold": 2, "validators": ["A", "B"] } },
  { "publicKey": "B", "quorumSet": { "threshold": 2, "validators": ["A", "B"] } }
]"#;

/// The bytes as the nodes and, behind a byte of 0, the organisations; and as a certificate about two nodes that trust each other.
pub fn parse(bytes: &[u8]) {
    if let Ok(certificate) = Certificate::parse(bytes) {
        let pair = Network::parse(PAIR.as_bytes(), None).expect("a network");
        let budget = Budget::unlimited().with_time_limit(Duration::from_secs(5));
        let is_false = |claim: &Claim| matches!(claim.statement, Statement::DisjointQuorums { .. });
        if verify(&pair, &certificate, &budget).is_ok() {
            assert!(!certificate.claims.iter().any(is_false), "its only quorum is the pair");
        }
    }
    let mut texts = bytes.splitn(2, |&byte| byte == 0);
    let nodes = texts.next().unwrap_or_default();
    match Network::parse(nodes, texts.next()) {
        Ok(network) => holds_together(&network),
        Err(error) => says_where(&error),
    }
}

/// What preprocessing leaves is a network of known nodes with the same largest quorum, and nothing is left to do.
pub fn preprocess(bytes: &[u8]) {
    let (kept, findings) = match network::preprocess(bytes) {
        Ok(kept) => kept,
        Err(error) => {
            says_where(&error);
            assert!(Network::parse(bytes, None).is_err());
            return;
        }
    };
    let before = Network::parse(bytes, None).expect("what can be preprocessed can be read");
    assert_eq!(findings, before.findings());
    let text = Value::from(kept.clone()).to_string();
    let after = Network::parse(text.as_bytes(), None).expect("what was written can be read");
    assert_eq!(after.node_count(), kept.len(), "nobody is named who is not listed");
    assert_eq!(largest_quorum(&after), largest_quorum(&before));
    let (again, _) = network::preprocess(text.as_bytes()).expect("what was written can be read");
    assert_eq!(again, kept);
}

fn holds_together(network: &Network) {
    let keys: Vec<&str> = network.nodes().map(|node| network.key(node)).collect();
    assert!(keys.len() <= MAX_NODES && network.listed_count() <= keys.len());
    assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "public keys are sorted and distinct");
    assert!(network.nodes().all(|node| network.node(network.key(node)) == Some(node)));
    for (id, set) in network.quorum_sets().iter() {
        assert!(set.inner.iter().all(|inner| inner.index() < id.index()), "inner sets stand first");
    }
    let codes: HashSet<_> = network.findings().iter().map(|finding| finding.code).collect();
    assert_eq!(codes.len(), network.findings().len(), "one finding a kind");
    let attribute = GroupBy::named("geoData.countryCode");
    for by in [GroupBy::Node, GroupBy::Organization, GroupBy::Country, GroupBy::Isp, attribute] {
        let groups = Groups::of(network, &by);
        let sizes: u32 = network
            .nodes()
            .map(|node| groups.group(node))
            .collect::<HashSet<_>>()
            .into_iter()
            .map(|group| groups.size(group))
            .sum();
        assert_eq!(sizes as usize, keys.len(), "groups are a partition");
    }
    for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
        let fbas = as_written(network, unknown_nodes);
        let quorum = fbas.largest_quorum_inside(&fbas.alive());
        assert!(quorum.is_empty() || fbas.is_quorum(&quorum));
    }
}

fn largest_quorum(network: &Network) -> Vec<String> {
    let fbas = as_written(network, UnknownNodes::Dead);
    network.keys_of(&fbas.largest_quorum_inside(&fbas.alive()))
}

fn as_written(network: &Network, unknown_nodes: UnknownNodes) -> Fbas {
    network.fbas(unknown_nodes, &NodeSet::empty(network.node_count()))
}

fn says_where(error: &InputError) {
    assert!(!error.path.is_empty() && !error.problem.is_empty(), "{error}");
    assert!(error.to_string().chars().count() < 1000, "{error}");
}
