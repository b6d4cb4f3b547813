//! The networks of stellar-core's own quorum intersection tests (`QuorumIntersectionTests.cpp`), rebuilt from their parameters.
//!
//! There a network without a quorum "enjoys" intersection, vacuously; here `has_quorum` and `has_quorum_intersection` are
//! both false.

use serde_json::{json, Value};
use stellar_fbas::analysis::{critical_groups, quorums, Candidates, Intersection, Options, Quorums};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Network, UnknownNodes};

fn analyse(nodes: &[Value], unknown_nodes: UnknownNodes) -> Quorums {
    let network = Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input");
    let options = Options::default().with_unknown_nodes(unknown_nodes);
    quorums(&network, &options, &Budget::unlimited()).expect("no limit")
}

fn assert_intersection(nodes: &[Value], expected: bool) {
    let found = analyse(nodes, UnknownNodes::Dead);
    assert!(found.intersection.has_quorum());
    assert_eq!(found.intersection.has_quorum_intersection(), expected);
    assert_eq!(found.intersection.disjoint_quorums().is_none(), expected);
}

fn node(key: &str, threshold: usize, validators: &[&str], inner: &[Value]) -> Value {
    let quorum_set = json!({ "threshold": threshold, "validators": validators, "innerQuorumSets": inner });
    json!({ "publicKey": key, "quorumSet": quorum_set })
}

/// Every node asks for `threshold` of the others of its group.
fn others(groups: &[&[&str]], threshold: usize) -> Vec<Value> {
    let of_group = |group: &&[&str]| -> Vec<Value> {
        let others = |key: &str| group.iter().copied().filter(|&other| other != key).collect::<Vec<_>>();
        group.iter().map(|key| node(key, threshold, &others(key), &[])).collect()
    };
    groups.iter().flat_map(of_group).collect()
}

/// So many percent of `entries`, rounded up.
fn percent(entries: usize, percent: usize) -> usize {
    (entries * percent).div_ceil(100)
}

/// Organisations of these sizes. A node lists its own organisation's nodes and, for each organisation that its own one points to,
/// an inner set of 51 % of that one's nodes; of all these entries it asks for 67 %.
fn organizations(sizes: &[usize], edges: &[(usize, usize)]) -> Vec<Value> {
    let key = |organization: usize, index: usize| format!("org{organization}.n{index}");
    let members = |organization: usize| (0..sizes[organization]).map(move |index| key(organization, index));
    let inner = |organization: usize| {
        let validators: Vec<String> = members(organization).collect();
        let threshold = percent(sizes[organization], 51);
        json!({ "threshold": threshold, "validators": validators, "innerQuorumSets": [] })
    };
    let of_organization = |organization: usize| {
        let own: Vec<String> = members(organization).collect();
        let trusted = edges.iter().filter(|(from, _)| *from == organization);
        let inner: Vec<Value> = trusted.map(|&(_, to)| inner(to)).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let threshold = percent(own.len() + inner.len(), 67);
        own.iter().map(|key| node(key, threshold, &own, &inner)).collect::<Vec<_>>()
    };
    (0..sizes.len()).flat_map(of_organization).collect()
}

fn both_ways(edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    edges.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).collect()
}

fn all_to_all(organizations: usize) -> Vec<(usize, usize)> {
    let pairs = (0..organizations).flat_map(|a| (0..organizations).map(move |b| (a, b)));
    pairs.filter(|(a, b)| a != b).collect()
}

#[test]
fn four_nodes() {
    assert_intersection(&others(&[&["A", "B", "C", "D"]], 2), true);
    assert_intersection(&others(&[&["A", "B", "C", "D"]], 1), false);
}

#[test]
fn a_threshold_that_needs_a_node_that_is_not_there() {
    let pair = |a, b| [node(a, 3, &[a, b, "ghost"], &[]), node(b, 3, &[a, b, "ghost"], &[])];
    let nodes = [pair("A", "B"), pair("C", "D")].concat();
    let found = analyse(&nodes, UnknownNodes::Dead);
    assert_eq!(
        (found.intersection.has_quorum(), found.intersection.has_quorum_intersection()),
        (false, false)
    );
}

#[test]
fn six_nodes() {
    assert_intersection(&others(&[&["A", "B", "C"], &["D", "E", "F"]], 2), false);
    assert_intersection(&others(&[&["A", "B", "C", "D", "E", "F"]], 2), false);
}

#[test]
fn six_nodes_with_inner_sets() {
    let inner =
        |validators: &[&str]| json!({ "threshold": 2, "validators": validators, "innerQuorumSets": [] });
    let six = |key, sets: [[&str; 3]; 3]| node(key, 2, &[], &sets.map(|set| inner(&set)));
    let nodes = [
        six("A", [["B", "C", "D"], ["B", "D", "E"], ["C", "D", "E"]]),
        six("B", [["A", "C", "D"], ["A", "C", "E"], ["A", "C", "F"]]),
        six("C", [["A", "B", "D"], ["A", "B", "E"], ["A", "B", "F"]]),
        six("D", [["A", "B", "C"], ["A", "B", "E"], ["A", "B", "F"]]),
        six("E", [["A", "B", "C"], ["A", "B", "D"], ["A", "B", "F"]]),
        six("F", [["A", "B", "C"], ["A", "B", "D"], ["A", "B", "E"]]),
    ];
    assert_intersection(&nodes, true);
}

#[test]
fn organizations_that_all_trust_each_other() {
    assert_intersection(&organizations(&[3, 5, 3, 5], &all_to_all(4)), true);
    assert_intersection(&organizations(&[3; 6], &all_to_all(6)), true);
    assert_intersection(&organizations(&[3, 5, 3, 5, 3, 5], &all_to_all(6)), true);
    assert_intersection(&organizations(&[3; 3], &all_to_all(3)), true);
}

#[test]
fn sixteen_organizations_on_which_the_first_solver_of_stellar_core_does_not_finish() {
    let sizes: Vec<usize> = (0..16).map(|organization| if organization % 2 == 0 { 3 } else { 5 }).collect();
    assert_intersection(&organizations(&sizes, &all_to_all(16)), true);
}

#[test]
fn three_organizations_in_a_line_and_in_a_ring() {
    let line = both_ways(&[(0, 1), (1, 2)]);
    assert_intersection(&organizations(&[3; 3], &line), false);
    assert_intersection(&organizations(&[2; 3], &line), true);
    assert_intersection(&organizations(&[3; 3], &[(0, 1), (1, 2), (2, 0)]), false);
}

#[test]
fn core_and_periphery() {
    let with = |periphery: &[(usize, usize)]| {
        organizations(&[3, 3, 3, 3, 2, 2, 2, 2], &[all_to_all(4), both_ways(periphery)].concat())
    };
    assert_intersection(&with(&[(0, 4), (1, 5), (2, 6), (3, 7)]), false);
    assert_intersection(&with(&[(0, 4), (1, 4), (1, 5), (3, 5), (2, 6), (0, 6), (3, 7), (2, 7)]), true);
}

#[test]
fn organizations_whose_quorum_sets_nobody_knows() {
    let mut nodes = organizations(&[1; 6], &[(0, 1), (1, 0), (0, 2), (0, 3), (1, 4), (1, 5)]);
    nodes.iter_mut().skip(2).for_each(|node| node["quorumSet"] = Value::Null);
    let dead = analyse(&nodes, UnknownNodes::Dead);
    assert_eq!((dead.intersection.has_quorum(), dead.intersection.has_quorum_intersection()), (false, false));
    // Were they alive, the two others could part ways with two of them each.
    let free = analyse(&nodes, UnknownNodes::Free);
    assert_eq!((free.intersection.has_quorum(), free.intersection.has_quorum_intersection()), (true, false));
}

#[test]
fn one_organization_that_holds_two_halves_together() {
    let edges = both_ways(&[(0, 1), (1, 2), (4, 5), (4, 6), (5, 6), (0, 3), (1, 3), (2, 3), (4, 3), (6, 3)]);
    assert_intersection(&organizations(&[1; 7], &edges), true);
}

/// How many candidates stellar-core's way of choosing gives, and which of them are critical.
fn critical(nodes: &[Value]) -> (usize, Vec<Vec<String>>) {
    let network = Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input");
    let (options, budget) = (Options::default(), Budget::unlimited());
    let found = critical_groups(&network, Candidates::StellarCore, &options, &budget).expect("no limit");
    assert!(found.intersection == Intersection::Proven && found.is_exact);
    let count = found.groups.len();
    let critical = found.groups.into_iter().filter(|group| group.is_critical == Some(true));
    let mut critical: Vec<Vec<String>> = critical.map(|group| group.nodes).collect();
    critical.sort();
    (count, critical)
}

#[test]
fn groups_that_are_one_misconfiguration_away_from_a_split() {
    let edges = both_ways(&[(0, 1), (1, 2), (4, 5), (4, 6), (5, 6), (0, 3), (1, 3), (2, 3), (4, 3), (6, 3)]);
    assert_eq!(critical(&organizations(&[1; 7], &edges)), (7, vec![vec!["org3.n0".to_string()]]));

    let periphery = both_ways(&[(0, 4), (1, 4), (1, 5), (3, 5), (2, 6), (0, 6), (3, 7), (2, 7)]);
    let network = organizations(&[3, 3, 3, 3, 2, 2, 2, 2], &[all_to_all(4), periphery].concat());
    let of_core = |organization| (0..3).map(|index| format!("org{organization}.n{index}")).collect();
    assert_eq!(critical(&network), (28, (0..4).map(of_core).collect()));

    for (network, candidates) in [
        (others(&[&["A", "B", "C", "D"]], 2), 4),
        (organizations(&[3, 5, 3, 5], &all_to_all(4)), 20),
        (organizations(&[2; 3], &both_ways(&[(0, 1), (1, 2)])), 9),
        (organizations(&[3; 3], &all_to_all(3)), 12),
        (organizations(&[3; 6], &all_to_all(6)), 24),
        (organizations(&[3, 5, 3, 5, 3, 5], &all_to_all(6)), 30),
    ] {
        assert_eq!(critical(&network), (candidates, Vec::new()));
    }
}
