//! Networks made of values and not of text: built of nodes, and changed by operations on who asks for what. Each is held against the network
//! that is parsed from the text that says the same, or against the definition, over all subsets.

#[allow(dead_code)] // Texts decide here, not the oracle.
mod support;

use serde_json::{json, Value};
use stellar_fbas::analysis::{full_analysis, perform_analysis, quorum_intersection, Options, Scope};
use stellar_fbas::budget::Budget;
use stellar_fbas::certify::certify;
use stellar_fbas::network::{
    Asks, Assignment, FindingCode, ListedNode, ListedOrganization, Network, NodeId, NodeSet, QuorumSetId,
    UnknownNodes, WrittenQuorumSet, MAX_KEY_BYTES, MAX_NESTING, MAX_SET_ENTRIES, MAX_THRESHOLD,
};
use stellar_fbas::verify::verify;
use support::random_networks::{self, random};
use support::{key, Format, QuorumSet, SmallNetwork};

const SEEDS: u64 = 400;

/// A random network all of whose nodes are listed, so that it keeps them whatever they ask for.
fn small(seed: u64) -> SmallNetwork {
    let mut small = random_networks::network(&mut random(seed));
    small.nodes.iter_mut().for_each(|node| node.is_listed = true);
    small
}

fn parsed(small: &SmallNetwork) -> Network {
    let order: Vec<usize> = (0..small.nodes.len()).collect();
    let organizations = small.organizations_json();
    let text = small.nodes_json(&order, Format::Nodes);
    Network::parse(text.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
}

/// All that can be said of two networks under both readings is the same.
#[track_caller]
fn assert_alike(found: &Network, expected: &Network) {
    assert_eq!(found.findings(), expected.findings());
    assert!(found.explorer_nodes().eq(expected.explorer_nodes()));
    for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
        let options = Options::default().with_unknown_nodes(unknown_nodes).with_scope(Scope::All);
        // What is told, and not by which of several witnesses: these go by the order in which quorum sets were made.
        let figures = |network| {
            let found = perform_analysis(network, &options, &Budget::unlimited()).expect("no limit");
            let groupings = [found.node, found.organization, found.country, found.isp];
            (found.intersection, found.has_symmetric_top_tier, groupings, found.inexact, found.findings)
        };
        assert_eq!(figures(found), figures(expected));
    }
}

fn written(set: &QuorumSet) -> WrittenQuorumSet<'static> {
    WrittenQuorumSet::new(set.threshold, set.validators.iter().map(|&node| key(node)))
        .with_inner(set.inner.iter().map(written))
}

/// A quorum set in the store of an assignment.
fn stored(assignment: &mut Assignment, set: &QuorumSet) -> QuorumSetId {
    let inner: Vec<QuorumSetId> = set.inner.iter().map(|inner| stored(assignment, inner)).collect();
    assignment.quorum_set(set.threshold, set.validators.iter().map(|&node| NodeId(node as u32)), inner)
}

// ---------------------------------------------------------------- networks of values

#[test]
fn a_network_of_values_is_the_one_of_the_text_that_says_the_same() {
    for seed in 0..SEEDS {
        let small = small(seed);
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let text: Value = serde_json::from_str(&small.nodes_json(&order, Format::Nodes)).expect("JSON");
        let node = |(node, written_node): (&support::Node, &Value)| {
            let mut listed = ListedNode::new(written_node["publicKey"].as_str().expect("a key").to_string());
            if let Some(set) = &node.quorum_set {
                listed = listed.asking_for(written(set));
            }
            let attributes = written_node.as_object().expect("a node").iter();
            let attributes = attributes.filter(|(name, _)| *name != "publicKey" && *name != "quorumSet");
            attributes.fold(listed, |listed, (name, value)| listed.with_attribute(name, value.clone()))
        };
        let nodes = small.nodes.iter().zip(text.as_array().expect("nodes")).map(node).collect();
        let organizations = small.organizations_json().map(|text| -> Vec<ListedOrganization> {
            let organizations: Vec<Value> = serde_json::from_str(&text).expect("JSON");
            let keys = |value: &Value| value.as_str().expect("a key").to_string();
            let organization = |value: &Value| {
                let validators = value["validators"].as_array().expect("validators").iter().map(keys);
                ListedOrganization::new(keys(&value["id"]), validators)
            };
            organizations.iter().map(organization).collect()
        });
        assert_alike(&Network::new(nodes, organizations).expect("valid values"), &parsed(&small));
    }
}

#[test]
fn values_have_the_limits_of_texts() {
    let asking =
        |set: WrittenQuorumSet<'static>| vec![ListedNode::new("A"), ListedNode::new("B").asking_for(set)];
    let nested = |levels: usize| {
        let innermost = WrittenQuorumSet::new(1, ["A"]);
        (1..levels).fold(innermost, |set, _| WrittenQuorumSet::new(1, [""; 0]).with_inner([set]))
    };
    let long = "k".repeat(MAX_KEY_BYTES + 1);
    for (nodes, place) in [
        (vec![ListedNode::new("")], "nodes[0].publicKey: "),
        (vec![ListedNode::new(long.clone())], "nodes[0].publicKey: "),
        (asking(WrittenQuorumSet::new(1, ["A", ""])), "nodes[1].quorumSet.validators[1]: "),
        (asking(WrittenQuorumSet::new(MAX_THRESHOLD + 1, ["A"])), "nodes[1].quorumSet: "),
        (asking(WrittenQuorumSet::new(1, vec!["A"; MAX_SET_ENTRIES + 1])), "nodes[1].quorumSet: "),
        (asking(nested(MAX_NESTING + 1)), "nodes[1].quorumSet.innerQuorumSets[0]."),
    ] {
        let error = Network::new(nodes, None).expect_err(place).to_string();
        assert!(error.starts_with(place), "{error}");
    }
    assert!(Network::new(asking(nested(MAX_NESTING)), None).is_ok());
    let organizations = vec![ListedOrganization::new("o", ["A", ""])];
    let error = Network::new(Vec::new(), Some(organizations)).expect_err("an empty key").to_string();
    assert!(error.starts_with("organizations[0].validators[1]: "), "{error}");
}

// ---------------------------------------------------------------- other quorum sets

#[test]
fn with_another_quorum_set_a_network_is_the_one_whose_text_has_it() {
    for seed in 0..SEEDS {
        let (before, donor) = (small(seed), small(seed + SEEDS));
        let node = seed as usize % before.nodes.len();
        let named = |set: &QuorumSet| usize::from(set.named() >> before.nodes.len() == 0);
        // A quorum set of this network's nodes, or none.
        let other = donor.nodes[0].quorum_set.clone().filter(|set| named(set) == 1);
        let mut after = before.clone();
        after.nodes[node].quorum_set = other.clone();

        let network = parsed(&before);
        let mut changed = network.assignment().clone();
        let asks = match &other {
            Some(set) => Asks::For(stored(&mut changed, set)),
            None => Asks::Unknown,
        };
        changed.replace(NodeId(node as u32), asks);
        assert_alike(&network.with_assignment(changed), &parsed(&after));
        // The first one is what it was.
        assert_alike(&network, &parsed(&before));
    }
}

#[test]
fn a_mix_of_two_assignments_is_the_network_whose_text_mixes_them() {
    let mut mixed = 0;
    for seed in 0..SEEDS {
        let before = small(seed);
        let Some(after) = (1..50)
            .map(|more| small(seed + more * SEEDS))
            .find(|after| after.nodes.len() == before.nodes.len())
        else {
            continue;
        };
        let is_changed = |node: usize| (seed >> node) & 1 == 1;
        let mut mix = before.clone();
        for (index, node) in mix.nodes.iter_mut().enumerate().filter(|(index, _)| is_changed(*index)) {
            node.quorum_set = after.nodes[index].quorum_set.clone();
        }
        let network = parsed(&before);
        let changed = network.nodes().filter(|node| is_changed(node.index()));
        let changed = NodeSet::of(network.node_count(), changed);
        let mut assignment = network.assignment().clone();
        assignment.adopt(parsed(&after).assignment(), &changed);
        assert_alike(&network.with_assignment(assignment), &parsed(&mix));
        mixed += 1;
    }
    assert!(mixed as u64 > SEEDS / 2, "{mixed}");
}

#[test]
fn the_verdict_with_one_more_lenient_node_needs_no_text() {
    let keys = ["ALICE", "BOB", "CAROL", "DAVE"];
    let nodes = keys.map(|key| ListedNode::new(key).asking_for(WrittenQuorumSet::new(3, keys)));
    let network = Network::new(nodes.into(), None).expect("valid values");
    let verdict = |network: &Network| {
        let answer = quorum_intersection(network, &Options::default(), &Budget::unlimited());
        answer.expect("no limit").has_quorum_intersection()
    };
    assert!(verdict(&network));
    for node in network.nodes() {
        let mut changed = network.assignment().clone();
        let alone = changed.quorum_set(1, [node], []);
        changed.replace(node, Asks::For(alone));
        assert!(!verdict(&network.with_assignment(changed)), "{}", network.key(node));
    }
    assert!(verdict(&network), "a changed network is another one");
}

#[test]
#[should_panic = "an assignment of the nodes of this network"]
fn an_assignment_of_other_nodes_is_a_mistake() {
    let network = Network::new(vec![ListedNode::new("A")], None).expect("valid values");
    let _ = network.with_assignment(Assignment::unknown(2));
}

// ---------------------------------------------------------------- nodes that are gone

#[test]
fn crashed_nodes_are_those_that_options_call_faulty() {
    for seed in 0..SEEDS {
        let network = parsed(&small(seed));
        let crashed = some_nodes(&network, seed);
        let mut assignment = network.assignment().clone();
        assignment.crash(&crashed);
        let gone = network.with_assignment(assignment);
        for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
            let options = Options::default().with_unknown_nodes(unknown_nodes);
            let faulty = options.clone().with_faulty_nodes(network.keys_of(&crashed));
            let budget = Budget::unlimited();
            let found = full_analysis(&gone, &options, &budget).expect("no limit");
            let expected = full_analysis(&network, &faulty, &budget).expect("no limit");
            assert_eq!(found.top_tier.value, expected.top_tier.value);
            assert_eq!(found.symmetric_top_tier.value, expected.symmetric_top_tier.value);
            assert_eq!(found.blocking_sets.value, expected.blocking_sets.value);
            assert_eq!(found.splitting_sets.value, expected.splitting_sets.value);
            assert_eq!(found.quorums.value, expected.quorums.value);
            assert_eq!(found.history_critical.value, expected.history_critical.value);
        }
    }
}

#[test]
fn what_is_left_when_nodes_are_deleted_is_what_the_definition_says() {
    for seed in 0..SEEDS {
        let network = parsed(&small(seed));
        let deleted = some_nodes(&network, seed);
        let mut assignment = network.assignment().clone();
        assignment.delete(&deleted);
        for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
            let whole = network.fbas(unknown_nodes, &NodeSet::empty(network.node_count()));
            let left = assignment.fbas(unknown_nodes, &NodeSet::empty(network.node_count()));
            for mask in 0..1u32 << network.node_count() {
                let members = network.nodes().filter(|node| mask >> node.index() & 1 == 1);
                let nodes = NodeSet::of(network.node_count(), members);
                // Deleted nodes say to each what it wants to hear, and are no members.
                let is_quorum = nodes.is_disjoint(&deleted)
                    && nodes.is_subset(&whole.alive())
                    && nodes.iter().any(|node| whole.is_known(node))
                    && nodes.iter().all(|node| match whole.quorum_set_of(node) {
                        Some(id) => whole.is_satisfied_by(id, &nodes.union(&deleted)),
                        None => true,
                    });
                assert_eq!(left.is_quorum(&nodes), is_quorum, "seed {seed}: {nodes:?} without {deleted:?}");
            }
        }
    }
}

#[test]
fn what_is_gone_is_no_unknown_node() {
    let set = |keys: [&'static str; 2]| WrittenQuorumSet::new(1, keys);
    let nodes = vec![
        ListedNode::new("A").asking_for(set(["A", "B"])),
        ListedNode::new("B").asking_for(set(["A", "B"])),
    ];
    let network = Network::new(nodes, None).expect("valid values");
    let b = NodeSet::of(2, network.node("B"));
    let mut assignment = network.assignment().clone();
    assignment.crash(&b);
    let gone = network.with_assignment(assignment);
    let concerns_unknown =
        |code| [FindingCode::UnknownQuorumSet, FindingCode::UnknownValidator].contains(&code);
    assert!(!gone.findings().iter().any(|finding| concerns_unknown(finding.code)));
    assert_eq!(gone.explorer_nodes().last(), Some(json!({ "publicKey": "B", "quorumSet": null })));
    // The checker of certificates reads it so as well.
    for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
        let (options, budget) = (Options::default().with_unknown_nodes(unknown_nodes), Budget::unlimited());
        let answer = quorum_intersection(&gone, &options, &budget).expect("no limit");
        assert!(answer.has_quorum_intersection());
        let certificate = certify(&answer, &gone, &options, &budget).expect("no limit");
        assert_eq!(verify(&gone, &certificate, &budget), Ok(()));
    }
}

fn some_nodes(network: &Network, seed: u64) -> NodeSet {
    let chosen = network.nodes().filter(|node| seed.wrapping_mul(0x9E37_79B9) >> (node.index() + 3) & 1 == 1);
    NodeSet::of(network.node_count(), chosen)
}
