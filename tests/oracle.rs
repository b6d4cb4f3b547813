//! Every analysis against brute force on thousands of nasty little networks: every grouping, both policies for unknown
//! nodes, both scopes, with and without crashed nodes and one-node quorums. Witnesses are checked by the definitions, too.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many networks are compared (20,000), `FBAS_ORACLE_SEED` the first one's seed (0); a failure
//! names the seed of its network.

mod support;

use rand::seq::SliceRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    blocking_sets, full_analysis, history_critical, perform_analysis, quorums, splitting_sets,
    symmetric_top_tier, top_tier, MergedResult, MinimalSet, NamedQuorumSet, Options, Scope,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{FindingCode, GroupBy, Network, UnknownNodes};

use support::brute_force::Oracle;
use support::{keys, members, random_networks, Grouping, Mask, SmallNetwork, GROUPINGS};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

#[test]
fn every_analysis_agrees_with_brute_force() {
    let first = setting("FBAS_ORACLE_SEED", 0);
    let networks = setting("FBAS_ORACLE_NETWORKS", 20_000);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                for seed in (first..first + networks).skip(worker).step_by(workers) {
                    if let Err(panic) = std::panic::catch_unwind(|| compare(seed)) {
                        let network = random_networks::network(&mut random_networks::random(seed));
                        let order: Vec<usize> = (0..network.nodes.len()).collect();
                        eprintln!(
                            "FBAS_ORACLE_SEED={seed} FBAS_ORACLE_NETWORKS=1 shows the disagreement again on"
                        );
                        eprintln!("{}", network.nodes_json(&order));
                        std::panic::resume_unwind(panic);
                    }
                }
            });
        }
    });
    println!("{networks} networks compared with brute force, from seed {first}");
}

/// One network with what was chosen for it.
struct Case {
    small: SmallNetwork,
    network: Network,
    crashed: Mask,
    unknown_nodes: UnknownNodes,
    ignore_one_node_quorums: bool,
}

fn compare(seed: u64) {
    let mut random = random_networks::random(seed);
    let small = random_networks::network(&mut random);
    let mut order: Vec<usize> = (0..small.nodes.len()).collect();
    order.shuffle(&mut random);
    let nodes = small.nodes_json(&order);
    let organizations = small.organizations_json();
    let network =
        Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input");
    let case = Case {
        crashed: if random.random_bool(0.5) { random.random_range(0..1 << small.nodes.len()) } else { 0 },
        unknown_nodes: if random.random_bool(0.5) { UnknownNodes::Free } else { UnknownNodes::Dead },
        ignore_one_node_quorums: random.random_bool(0.5),
        small,
        network,
    };
    case.compare_analyses();
    case.compare_report();
}

impl Case {
    fn options(&self, grouping: Grouping, scope: Scope) -> Options {
        Options {
            group_by: match grouping {
                Grouping::Node => GroupBy::Node,
                Grouping::Organization => GroupBy::Organization,
                Grouping::Country => GroupBy::Country,
                Grouping::Isp => GroupBy::Isp,
                Grouping::Attribute => GroupBy::named("deep.attribute"),
            },
            faulty_nodes: keys(self.crashed),
            unknown_nodes: self.unknown_nodes,
            scope,
            ignore_one_node_quorums: Some(self.ignore_one_node_quorums),
        }
    }

    fn oracle(&self, crashed: Mask) -> Oracle<'_> {
        let is_free = self.unknown_nodes == UnknownNodes::Free;
        let oracle = Oracle::new(&self.small, is_free, crashed);
        match oracle.one_node_quorums() {
            alone if self.ignore_one_node_quorums && alone != 0 => {
                Oracle::new(&self.small, is_free, crashed | alone)
            }
            _ => oracle,
        }
    }

    fn mask(&self, keys: &[String]) -> Mask {
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "sorted: {keys:?}");
        (0..self.small.nodes.len())
            .filter(|&node| keys.contains(&support::key(node)))
            .fold(0, |set, node| set | 1 << node)
    }

    /// The nodes of some groups.
    fn nodes_of(&self, labels: &[String], grouping: Grouping) -> Mask {
        let is_member = |node: &usize| labels.contains(&self.small.group(*node, grouping));
        (0..self.small.nodes.len()).filter(is_member).fold(0, |set, node| set | 1 << node)
    }

    fn compare_analyses(&self) {
        let budget = Budget::unlimited();
        let network = &self.network;
        let oracle = self.oracle(self.crashed);
        let splitting = [(Scope::Core, oracle.core), (Scope::All, oracle.live)]
            .map(|(scope, diverging)| (scope, diverging, oracle.splitting_sets(diverging)));

        let found = symmetric_top_tier(network, &self.options(Grouping::Node, Scope::Core), &budget)
            .expect("no limit");
        assert_eq!(found.as_ref().map(written), oracle.symmetric_top_tier(), "symmetric top tier");

        for grouping in GROUPINGS {
            let options = self.options(grouping, Scope::Core);

            let found = top_tier(network, &options, &budget).expect("no limit");
            assert_eq!(
                found.top_tier,
                self.small.groups(oracle.top_tier(), grouping),
                "top tier by {grouping:?}"
            );

            let found = quorums(network, &options, &budget).expect("no limit");
            assert_eq!(found.has_quorum, oracle.has_quorum());
            assert_eq!(found.has_quorum_intersection, oracle.has_quorum_intersection(), "intersection");
            assert_size(&found.set, oracle.smallest_quorum(grouping), "smallest quorum", grouping);
            if oracle.has_quorum() {
                // Some quorum touches exactly these groups.
                let inside = self.nodes_of(&found.set.example_set, grouping);
                assert!(members_of_quorums_inside(&oracle, inside), "a smallest quorum");
            }
            match &found.disjoint_quorums {
                Some((a, b)) => {
                    let (a, b) = (self.mask(a), self.mask(b));
                    assert!(oracle.is_quorum(a) && oracle.is_quorum(b) && a & b == 0, "disjoint quorums");
                }
                None => {
                    assert!(!oracle.has_quorum() || oracle.has_quorum_intersection(), "a disjoint witness")
                }
            }

            let found = blocking_sets(network, &options, &budget).expect("no limit");
            assert_size(&found.set, Some(oracle.smallest_blocking(grouping)), "blocking set", grouping);
            assert!(oracle.blocks(self.nodes_of(&found.set.example_set, grouping)), "a blocking set");

            let found = history_critical(network, &options, &budget).expect("no limit");
            assert_size(
                &found.set,
                oracle.smallest_history_critical(grouping),
                "history-critical set",
                grouping,
            );
            if oracle.has_quorum() {
                let quorum = self.mask(&found.quorum);
                assert!(oracle.is_quorum(quorum), "a quorum without good archives");
                let good = self.small.groups(oracle.good_history(quorum), grouping);
                assert_eq!((&found.set.example_set, &found.critical_sets), (&good, &vec![good.clone()]));
            }

            for (scope, diverging, sets) in &splitting {
                let options = self.options(grouping, *scope);
                let found = splitting_sets(network, &options, &budget).expect("no limit");
                assert_eq!(found.has_quorum_intersection, oracle.has_quorum_intersection());
                let what = format!("splitting set, scope {scope:?}");
                assert_size(&found.set, oracle.smallest_splitting(sets, grouping), &what, grouping);
                if found.set.min_size.is_some() {
                    let (a, b) = (self.mask(&found.quorum_a), self.mask(&found.quorum_b));
                    let nodes = self.nodes_of(&found.set.example_set, grouping);
                    // Some of the groups' nodes split: at least those that the witness has in both quorums.
                    let splits = members_subsets(nodes & (a | b)).any(|byzantine| {
                        byzantine & !oracle.live == 0
                            && a & b & !byzantine == 0
                            && oracle.is_side(a, byzantine, *diverging)
                            && oracle.is_side(b, byzantine, *diverging)
                    });
                    assert!(splits, "a splitting set with its quorums");
                }
            }

            if grouping == Grouping::Country {
                let full = full_analysis(network, &options, &budget).expect("no limit");
                assert_eq!(full.top_tier.value, top_tier(network, &options, &budget).expect("no limit"));
                assert_eq!(
                    full.splitting_sets.value,
                    splitting_sets(network, &options, &budget).expect("no limit")
                );
            }
        }
    }

    fn compare_report(&self) {
        let oracle = self.oracle(0);
        let is_free = self.unknown_nodes == UnknownNodes::Free;
        let alone = Oracle::new(&self.small, is_free, 0).one_node_quorums();
        let ignored = if self.ignore_one_node_quorums { alone } else { 0 };
        let filtered = Oracle::new(&self.small, is_free, self.crashed | ignored);
        for (scope, diverging) in [(Scope::Core, oracle.core), (Scope::All, oracle.live)] {
            let sets = oracle.splitting_sets(diverging);
            let merged = |grouping| {
                let top_tier_size = self.small.groups(oracle.top_tier(), grouping).len() as u32;
                MergedResult {
                    top_tier_size,
                    blocking_sets_min_size: oracle.smallest_blocking(grouping),
                    blocking_sets_filtered_min_size: filtered.smallest_blocking(grouping),
                    splitting_sets_min_size: oracle
                        .smallest_splitting(&sets, grouping)
                        .unwrap_or(top_tier_size),
                }
            };
            let options = self.options(Grouping::Node, scope);
            let found = perform_analysis(&self.network, &options, &Budget::unlimited().with_threads(2))
                .expect("no limit");
            assert_eq!(found.has_quorum_intersection, oracle.has_quorum_intersection());
            assert_eq!(found.has_symmetric_top_tier, oracle.symmetric_top_tier().is_some());
            let figures = [found.node, found.organization, found.country, found.isp];
            let groupings = [Grouping::Node, Grouping::Organization, Grouping::Country, Grouping::Isp];
            assert_eq!(figures, groupings.map(merged), "scope {scope:?}");
            let has = |code| found.findings.iter().any(|finding| finding.code == code);
            assert_eq!(has(FindingCode::NoSplittingSet), sets.is_empty());
            assert_eq!(has(FindingCode::NoQuorum), !oracle.has_quorum());
            assert_eq!(has(FindingCode::OneNodeQuorum), alone != 0);
            let alone_on_one_thread =
                perform_analysis(&self.network, &options, &Budget::unlimited().with_threads(1));
            assert_eq!(alone_on_one_thread.as_ref(), Ok(&found), "any number of threads");
        }
    }
}

fn assert_size(found: &MinimalSet, expected: Option<u32>, what: &str, grouping: Grouping) {
    assert_eq!(found.min_size, expected, "size of a smallest {what} by {grouping:?}");
    assert!(found.is_exact);
    assert_eq!(found.lower_bound, expected.unwrap_or(0));
    assert_eq!(found.example_set.len() as u32, expected.unwrap_or(0), "{what} by {grouping:?}");
    assert!(found.example_set.windows(2).all(|pair| pair[0] <= pair[1]), "sorted");
}

/// Whether some quorum lies inside the set.
fn members_of_quorums_inside(oracle: &Oracle, set: Mask) -> bool {
    members_subsets(set).any(|subset| oracle.is_quorum(subset))
}

fn members_subsets(set: Mask) -> impl Iterator<Item = Mask> {
    (0..=set).filter(move |subset| subset & !set == 0)
}

/// A quorum set as text, as the oracle writes it.
fn written(set: &NamedQuorumSet) -> String {
    let mut entries = set.validators.clone();
    entries.extend(set.inner_quorum_sets.iter().map(written));
    entries.sort();
    format!("{} of [{}]", set.threshold, entries.join(", "))
}

/// The oracle itself, on networks worked out by hand.
#[test]
fn brute_force_knows_what_is_worked_out_by_hand() {
    let flat = |threshold, count: usize| {
        let set = support::QuorumSet { threshold, validators: (0..count).collect(), inner: vec![] };
        let node = support::Node { is_listed: true, quorum_set: Some(set), ..support::Node::default() };
        SmallNetwork { nodes: vec![node; count], lists_organizations: false }
    };
    let two_of_three = flat(2, 3);
    let oracle = Oracle::new(&two_of_three, false, 0);
    assert!(oracle.has_quorum_intersection());
    assert_eq!(oracle.smallest_quorum(Grouping::Node), Some(2));
    assert_eq!(oracle.smallest_blocking(Grouping::Node), 2);
    assert_eq!(oracle.smallest_splitting(&oracle.splitting_sets(oracle.core), Grouping::Node), Some(1));
    assert_eq!(members(oracle.top_tier()).count(), 3);
    assert_eq!(oracle.symmetric_top_tier().as_deref(), Some("2 of [NODE0, NODE1, NODE2]"));

    let all_of_three = flat(3, 3);
    let oracle = Oracle::new(&all_of_three, false, 0);
    assert!(oracle.splitting_sets(oracle.live).is_empty(), "nobody is left to diverge");

    let one_of_two = flat(1, 2);
    let oracle = Oracle::new(&one_of_two, false, 0);
    assert!(!oracle.has_quorum_intersection());
    assert_eq!(oracle.one_node_quorums(), 0b11);
    assert!(oracle.splitting_sets(oracle.core).contains(&0));

    let halted = Oracle::new(&two_of_three, false, 0b11);
    assert!(!halted.has_quorum() && !halted.has_quorum_intersection());
    assert_eq!(halted.smallest_blocking(Grouping::Node), 0);
}
