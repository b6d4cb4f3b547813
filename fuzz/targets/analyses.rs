//! Small networks: what is reduced keeps its quorums, and every analysis says what trying all subsets says.

use stellar_fbas::analysis::{
    blocking_sets, core, full_analysis, history_critical, quorum_intersection, quorums, splitting_sets,
    symmetric_top_tier, top_tier, MinimalSet, Options, Scope,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::certify::certify;
use stellar_fbas::network::{GroupBy, Network, NodeId, NodeSet, UnknownNodes};
use stellar_fbas::verify::verify;

use super::small::Case;
use super::support::brute_force::Oracle;
use super::support::{key, keys, members, plain, Format, Grouping, Mask, GROUPINGS};

/// Reductions: live nodes, the core, where minimal quorums are, exchangeable nodes.
pub fn reduction(bytes: &[u8]) {
    let case = Case::of(bytes);
    let network = network(&case);
    let oracle = Oracle::new(&case.small, case.unknown_are_free, case.crashed);
    let set = |mask: Mask| network.nodes_with_keys(&keys(mask));
    let written = network.fbas(unknown_nodes(&case), &set(case.crashed));
    let (live, candidates) = (written.live(), written.minimal_quorum_candidates());
    assert_eq!(live.alive(), set(oracle.live), "live nodes");
    assert_eq!(written.core(), set(oracle.core), "the core");
    assert_eq!(written.one_node_quorums(), set(oracle.one_node_quorums()), "one-node quorums");
    assert_eq!(written.stray_nodes(), set(oracle.stray_nodes()), "stray nodes");
    let nobody = NodeSet::empty(network.node_count());
    let candidates = candidates.fold(nobody.clone(), |all, some| all.union(&some));
    assert!(set(oracle.top_tier()).is_subset(&candidates), "minimal quorums lie where they are looked for");
    let classes = live.classes(|_| ());
    for mask in subsets(oracle.live) {
        let nodes = set(mask);
        assert_eq!(written.is_quorum(&nodes), oracle.is_quorum(mask), "{nodes:?}");
        assert_eq!(live.is_quorum(&nodes), oracle.is_quorum(mask), "{nodes:?}, reduced");
        for class in &classes {
            let exchanged = exchanged(&nodes, &class.members);
            assert_eq!(written.is_quorum(&exchanged), written.is_quorum(&nodes), "{:?}", class.members);
        }
        let largest = written.largest_quorum_inside(&nodes);
        assert!(largest.is_empty() || written.is_quorum(&largest));
        let quorums = oracle.quorums().iter().filter(|&&quorum| quorum & !mask == 0);
        assert_eq!(largest, set(quorums.fold(0, |all, quorum| all | quorum)), "the largest quorum inside");
    }
}

/// Every analysis by every grouping, through bounds, guesses, formulas and the solver.
pub fn encodings(bytes: &[u8]) {
    let case = Case::of(bytes);
    let network = network(&case);
    let oracle = Oracle::new(&case.small, case.unknown_are_free, case.crashed);
    let budget = Budget::unlimited().with_threads(1);
    let options = |grouping, scope| options(&case, grouping, scope);
    let nodes = options(Grouping::Node, Scope::Core);

    let found = quorum_intersection(&network, &nodes, &budget).expect("no limit");
    assert_eq!(found.has_quorum(), oracle.has_quorum());
    assert_eq!(found.has_quorum_intersection(), oracle.has_quorum_intersection());
    let found = core(&network, &nodes, &budget).expect("no limit");
    assert_eq!(found, keys(oracle.core), "the core");
    let found = symmetric_top_tier(&network, &nodes, &budget).expect("no limit");
    assert_eq!(found.is_some(), oracle.symmetric_top_tier().is_some(), "the symmetric top tier");

    let splitting = [(Scope::Core, oracle.core), (Scope::All, oracle.live)]
        .map(|(scope, diverging)| (scope, oracle.splitting_sets(diverging)));
    for grouping in GROUPINGS {
        let by = options(grouping, Scope::Core);
        let found = top_tier(&network, &by, &budget).expect("no limit").top_tier;
        let found: Vec<String> = found.iter().map(|label| plain(label)).collect();
        assert_eq!(found, case.small.groups(oracle.top_tier(), grouping), "top tier by {grouping:?}");
        let found = quorums(&network, &by, &budget).expect("no limit").set;
        assert_size(&found, oracle.smallest_quorum(grouping), "quorum", grouping);
        let found = blocking_sets(&network, &by, &budget).expect("no limit").set;
        assert_size(&found, Some(oracle.smallest_blocking(grouping)), "blocking set", grouping);
        let found = history_critical(&network, &by, &budget).expect("no limit").set;
        assert_size(&found, oracle.smallest_history_critical(grouping), "history-critical set", grouping);
        for (scope, sets) in &splitting {
            let found = splitting_sets(&network, &options(grouping, *scope), &budget).expect("no limit").set;
            assert_size(&found, oracle.smallest_splitting(sets, grouping), "splitting set", grouping);
        }
    }
    for options in GROUPINGS.map(|grouping| options(grouping, Scope::All)) {
        let answer = full_analysis(&network, &options, &budget).expect("no limit");
        let certificate = certify(&answer, &network, &options, &budget).expect("what is true can be proven");
        assert_eq!(verify(&network, &certificate, &budget), Ok(()));
    }
}

fn network(case: &Case) -> Network {
    let order: Vec<usize> = (0..case.small.nodes.len()).collect();
    let organizations = case.small.organizations_json().filter(|_| case.format != Format::Explorer);
    let nodes = case.small.nodes_json(&order, case.format);
    Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
}

fn unknown_nodes(case: &Case) -> UnknownNodes {
    if case.unknown_are_free {
        UnknownNodes::Free
    } else {
        UnknownNodes::Dead
    }
}

fn options(case: &Case, grouping: Grouping, scope: Scope) -> Options {
    Options::default()
        .with_group_by(grouping.name().map_or(GroupBy::Node, GroupBy::named))
        .with_faulty_nodes(members(case.crashed).map(key).collect())
        .with_unknown_nodes(unknown_nodes(case))
        .with_scope(scope)
        .with_techniques(case.techniques)
}

fn assert_size(found: &MinimalSet, expected: Option<u32>, what: &str, grouping: Grouping) {
    assert_eq!(
        (found.size.smallest_known(), found.size.is_exact()),
        (expected, true),
        "smallest {what} by {grouping:?}"
    );
}

/// The set with the first two members of a class exchanged.
fn exchanged(nodes: &NodeSet, class: &[NodeId]) -> NodeSet {
    let mut exchanged = nodes.clone();
    if let &[a, b, ..] = class {
        for (from, to) in [(a, b), (b, a)] {
            if nodes.contains(from) {
                exchanged.insert(to);
            } else {
                exchanged.remove(to);
            }
        }
    }
    exchanged
}

fn subsets(of: Mask) -> impl Iterator<Item = Mask> {
    (0..=of).filter(move |set| set & !of == 0)
}
