//! Every analysis against brute force on thousands of nasty little networks: every grouping, both policies for unknown
//! nodes, both scopes, with and without crashed nodes and one-node quorums. Witnesses are checked by the definitions, too.
//!
//! `FBAS_ORACLE_NETWORKS` sets how many networks are compared (5,000), `FBAS_ORACLE_SEED` the first one's seed (0); a failure
//! names the seed of its network.

mod support;

use rand::seq::SliceRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    blocking_sets, findings_on, full_analysis, history_critical, minimal_sets, perform_analysis,
    quorum_intersection, quorums, splitting_sets, symmetric_top_tier, top_tier, AnalysisError, FullAnalysis,
    MergedResult, MinimalSet, NamedQuorumSet, Options, Scope, SetsOf, Techniques,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Finding, FindingCode, GroupBy, Network, UnknownNodes};
use stellar_fbas::subject::Figure;

use support::brute_force::Oracle;
use support::{
    keys, members, plain, random_networks, Format, Grouping, Mask, SmallNetwork, FORMATS, GROUPINGS,
};

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

#[test]
fn every_analysis_agrees_with_brute_force() {
    let first = setting("FBAS_ORACLE_SEED", 0);
    let networks = setting("FBAS_ORACLE_NETWORKS", 5_000);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            scope.spawn(move || {
                for seed in (first..first + networks).skip(worker).step_by(workers) {
                    let case = Case::of(seed);
                    if let Err(panic) = std::panic::catch_unwind(|| case.compare()) {
                        eprintln!(
                            "FBAS_ORACLE_SEED={seed} FBAS_ORACLE_NETWORKS=1 shows the disagreement again on"
                        );
                        eprintln!("{case}");
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
    /// The order in which the input lists the nodes.
    order: Vec<usize>,
    format: Format,
    crashed: Mask,
    unknown_nodes: UnknownNodes,
    ignore_one_node_quorums: bool,
    /// Whether an option is said even if it is the default.
    says_defaults: bool,
    /// The grouping by which order and threads are varied.
    varied: Grouping,
    techniques: Techniques,
    /// Listing all minimal sets takes longer than all the rest.
    compares_lists: bool,
}

impl std::fmt::Display for Case {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        writeln!(out, "nodes {}", self.small.nodes_json(&self.order, self.format))?;
        writeln!(out, "organizations {}", self.small.organizations_json().as_deref().unwrap_or("none"))?;
        let Case { unknown_nodes, ignore_one_node_quorums, says_defaults, techniques, .. } = self;
        let crashed = keys(self.crashed);
        write!(out, "crashed {crashed:?}, unknown nodes {unknown_nodes:?}, ")?;
        write!(out, "ignore_one_node_quorums {ignore_one_node_quorums}, says_defaults {says_defaults}, ")?;
        write!(out, "{techniques:?}")
    }
}

impl Case {
    fn of(seed: u64) -> Self {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let mut order: Vec<usize> = (0..small.nodes.len()).collect();
        order.shuffle(&mut random);
        Case {
            crashed: if random.random_bool(0.5) { random.random_range(0..1 << small.nodes.len()) } else { 0 },
            unknown_nodes: if random.random_bool(0.5) { UnknownNodes::Free } else { UnknownNodes::Dead },
            ignore_one_node_quorums: random.random_bool(0.5),
            says_defaults: random.random_bool(0.5),
            format: FORMATS[random.random_range(0..FORMATS.len())],
            varied: GROUPINGS[random.random_range(0..GROUPINGS.len())],
            techniques: if random.random_bool(0.5) {
                Techniques::default()
            } else {
                Techniques {
                    bounds: random.random_bool(0.5),
                    guesses: random.random_bool(0.5),
                    exchange: random.random_bool(0.5),
                    counting: random.random_bool(0.5),
                    watchers: random.random_bool(0.5),
                    diagrams: random.random_bool(0.5),
                    deciding: random.random_bool(0.5),
                    subsets: random.random_bool(0.3),
                    local_search: random.random_bool(0.5),
                    parts: random.random_bool(0.5),
                }
            },
            compares_lists: seed.is_multiple_of(2),
            order,
            small,
        }
    }

    fn compare(&self) {
        let network = self.network(&self.order);
        self.compare_analyses(&network);
        if self.compares_lists {
            self.compare_lists(&network);
        }
        self.compare_report(&network);
        self.vary_order_and_threads(&network);
    }

    fn network(&self, order: &[usize]) -> Network {
        let organizations = self.small.organizations_json().filter(|_| self.format != Format::Explorer);
        let nodes = self.small.nodes_json(order, self.format);
        Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
    }

    /// The options of a single analysis.
    fn options(&self, grouping: Grouping, scope: Scope) -> Options {
        let mut faulty_nodes = keys(self.crashed);
        if self.says_defaults {
            faulty_nodes.push("a key that no node has".into());
        }
        Options::default()
            .with_group_by(grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_faulty_nodes(faulty_nodes)
            .with_unknown_nodes(self.unknown_nodes)
            .with_scope(scope)
            .with_ignore_one_node_quorums(self.said(self.ignore_one_node_quorums, false))
            // Nobody ends early here.
            .with_anytime(self.says_defaults)
            .with_techniques(self.techniques)
    }

    /// The options of the report, which leaves one-node quorums out by default.
    fn report_options(&self, scope: Scope) -> Options {
        let ignore_one_node_quorums = self.said(self.ignore_one_node_quorums, true);
        self.options(Grouping::Node, scope).with_ignore_one_node_quorums(ignore_one_node_quorums)
    }

    fn said(&self, value: bool, default: bool) -> Option<bool> {
        (self.says_defaults || value != default).then_some(value)
    }

    fn oracle(&self, crashed: Mask) -> Oracle<'_> {
        self.oracle_reading(self.unknown_nodes, crashed)
    }

    /// The same with unknown nodes read this way.
    fn oracle_reading(&self, unknown_nodes: UnknownNodes, crashed: Mask) -> Oracle<'_> {
        let is_free = unknown_nodes == UnknownNodes::Free;
        Oracle::reading(&self.small, is_free, crashed, self.ignore_one_node_quorums)
    }

    fn mask(&self, keys: &[String]) -> Mask {
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]), "sorted: {keys:?}");
        let set = (0..self.small.nodes.len())
            .filter(|&node| keys.contains(&support::key(node)))
            .fold(0, |set, node| set | 1 << node);
        assert_eq!(members(set).count(), keys.len(), "public keys of the network: {keys:?}");
        set
    }

    /// The nodes of some groups.
    fn nodes_of(&self, labels: &[String], grouping: Grouping) -> Mask {
        let labels = plain_labels(labels);
        let is_member = |node: &usize| labels.contains(&self.small.group(*node, grouping));
        (0..self.small.nodes.len()).filter(is_member).fold(0, |set, node| set | 1 << node)
    }

    fn compare_analyses(&self, network: &Network) {
        let budget = Budget::unlimited();
        let oracle = self.oracle(self.crashed);
        let splitting = [(Scope::Core, oracle.core), (Scope::All, oracle.live)]
            .map(|(scope, diverging)| (scope, diverging, oracle.splitting_sets(diverging)));

        let found = symmetric_top_tier(network, &self.options(Grouping::Node, Scope::Core), &budget)
            .expect("no limit");
        assert_eq!(found.as_ref().map(written), oracle.symmetric_top_tier(), "symmetric top tier");

        for grouping in GROUPINGS {
            let options = self.options(grouping, Scope::Core);

            let found = top_tier(network, &options, &budget).expect("no limit");
            assert!(found.top_tier.windows(2).all(|pair| pair[0] < pair[1]), "sorted");
            assert_eq!(
                plain_labels(&found.top_tier),
                self.small.groups(oracle.top_tier(), grouping),
                "top tier by {grouping:?}"
            );

            let found = quorums(network, &options, &budget).expect("no limit");
            assert_eq!(found.intersection.has_quorum(), oracle.has_quorum());
            assert_eq!(
                found.intersection.has_quorum_intersection(),
                oracle.has_quorum_intersection(),
                "intersection"
            );
            assert_size(&found.set, oracle.smallest_quorum(grouping), "smallest quorum", grouping);
            if oracle.has_quorum() {
                // Some quorum touches exactly these groups.
                let inside = self.nodes_of(&found.set.example_set, grouping);
                assert!(!oracle.blocks(!inside), "a smallest quorum");
            }
            match &found.intersection.disjoint_quorums() {
                Some((a, b)) => {
                    let (a, b) = (self.mask(a), self.mask(b));
                    assert!(oracle.is_quorum(a) && oracle.is_quorum(b) && a & b == 0, "disjoint quorums");
                    assert!(!found.intersection.has_quorum_intersection());
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
                assert_eq!(plain_labels(&found.set.example_set), good);
            } else {
                assert!(found.quorum.is_empty());
            }

            for (scope, diverging, sets) in &splitting {
                let options = self.options(grouping, *scope);
                let found = splitting_sets(network, &options, &budget).expect("no limit");
                assert_eq!(found.intersection.has_quorum_intersection(), oracle.has_quorum_intersection());
                let what = format!("splitting set, scope {scope:?}");
                assert_size(&found.set, oracle.smallest_splitting(sets, grouping), &what, grouping);
                if found.set.size.smallest_known().is_some() {
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
                } else {
                    assert!(found.quorum_a.is_empty() && found.quorum_b.is_empty());
                }
            }
        }
    }

    /// All minimal sets of every kind, by one grouping: listed, counted, and one by one.
    fn compare_lists(&self, network: &Network) {
        let budget = Budget::unlimited();
        let oracle = self.oracle(self.crashed);
        let all = ((1u32 << self.small.nodes.len()) - 1) as Mask;
        let expect = |of: &str, scope, question, sets: Vec<Mask>| {
            let expected = minimal(sets.into_iter().map(|set| self.small.groups(set, self.varied)));
            let options = self.options(self.varied, scope).with_limit(expected.len());
            let analysed = |options: &Options| match question {
                SetsOf::Quorums => quorums(network, options, &budget).expect("no limit").set,
                SetsOf::Blocking => blocking_sets(network, options, &budget).expect("no limit").set,
                SetsOf::Splitting => splitting_sets(network, options, &budget).expect("no limit").set,
                SetsOf::HistoryCritical => history_critical(network, options, &budget).expect("no limit").set,
            };
            let context = format!("{of} by {:?}, {scope:?}", self.varied);
            let found = analysed(&options);
            let list = found.list.expect("it was asked for");
            assert!(list.is_complete, "{context}");
            let in_order = |a: &Vec<_>, b: &Vec<_>| (a.len(), a) < (b.len(), b);
            assert!(list.sets.windows(2).all(|pair| in_order(&pair[0], &pair[1])), "{context}");
            let mut plain: Vec<Vec<String>> = list.sets.iter().map(|set| plain_labels(set)).collect();
            plain.sort_by_key(|set| (set.len(), set.clone()));
            assert_eq!(plain, expected, "{context}");

            let counts = found.counts.expect("a complete list is counted");
            assert_eq!(counts.total, expected.len().into(), "{context}");
            let mut sizes: Vec<u32> = Vec::new();
            for (size, count) in &counts.sizes {
                sizes.extend((0..u64::try_from(count).expect("small")).map(|_| size));
            }
            assert_eq!(sizes, expected.iter().map(|set| set.len() as u32).collect::<Vec<_>>(), "{context}");
            let mut labels: Vec<&String> = expected.iter().flatten().collect();
            labels.sort();
            labels.dedup();
            assert_eq!(counts.occurrences.len(), labels.len(), "{context}");
            for (label, count) in &counts.occurrences {
                let label = support::plain(label);
                let often = expected.iter().filter(|set| set.contains(&label)).count();
                assert_eq!(*count, often.into(), "{label} in {context}");
            }
            let ranks = counts.occurrences.windows(2);
            ranks.for_each(|pair| assert!((&pair[1].1, &pair[0].0) < (&pair[0].1, &pair[1].0)));

            if !expected.is_empty() {
                let fewer = expected.len() / 2;
                let found = analysed(&options.clone().with_limit(fewer));
                let some = found.list.expect("it was asked for");
                assert!(!some.is_complete && some.sets == list.sets[..fewer], "{context}");
            }
            let mut streamed = Vec::new();
            let mut stream = minimal_sets(network, question, &options, &budget).expect("no limit");
            while let Some(set) = stream.next_set(&budget).expect("no limit") {
                streamed.push(set);
            }
            assert_eq!(streamed, list.sets, "{context}");
        };
        let quorums = || oracle.quorums().to_vec();
        let critical = quorums().into_iter().map(|quorum| oracle.good_history(quorum)).collect();
        let blocking = (0..=all).filter(|&set| oracle.blocks(set)).collect();
        expect("quorums", Scope::Core, SetsOf::Quorums, quorums());
        expect("history-critical sets", Scope::Core, SetsOf::HistoryCritical, critical);
        expect("blocking sets", Scope::Core, SetsOf::Blocking, blocking);
        for (scope, diverging) in [(Scope::Core, oracle.core), (Scope::All, oracle.live)] {
            expect("splitting sets", scope, SetsOf::Splitting, oracle.splitting_sets(diverging));
        }
    }

    fn compare_report(&self, network: &Network) {
        let oracle = self.oracle(0);
        let is_free = self.unknown_nodes == UnknownNodes::Free;
        let as_written = Oracle::new(&self.small, is_free, 0);
        let (alone, stray) = (as_written.one_node_quorums(), as_written.stray_nodes());
        let left_out = if self.ignore_one_node_quorums { stray } else { 0 };
        let filtered = Oracle::reading(&self.small, is_free, self.crashed, self.ignore_one_node_quorums);
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
            let options = self.report_options(scope);
            let found = perform_analysis(network, &options, &Budget::unlimited()).expect("no limit");
            assert_eq!(found.intersection.has_quorum_intersection(), oracle.has_quorum_intersection());
            assert_eq!(found.has_symmetric_top_tier, oracle.symmetric_top_tier().is_some());
            let figures = [found.node, found.organization, found.country, found.isp];
            let groupings = [Grouping::Node, Grouping::Organization, Grouping::Country, Grouping::Isp];
            assert_eq!(figures, groupings.map(merged), "scope {scope:?}");
            let has = |code| found.findings.iter().any(|finding| finding.code == code);
            assert_eq!(has(FindingCode::NoSplittingSet), sets.is_empty());
            let asked_for = self.small.nodes.iter().filter_map(|node| node.quorum_set.as_ref());
            let is_anything_known = asked_for.map(|set| set.threshold).any(|threshold| threshold > 0);
            assert_eq!(has(FindingCode::NoQuorumSets), !is_anything_known);
            assert_eq!(has(FindingCode::NoQuorum), is_anything_known && !oracle.has_quorum());
            let said = found.findings.iter().filter(|finding| finding.code == FindingCode::OneNodeQuorum);
            let said: Vec<(Mask, bool)> = said
                .map(|finding| (self.mask(&finding.nodes), finding.message.contains("left out")))
                .collect();
            let fates = [(left_out, true), (alone & !left_out, false)];
            assert_eq!(said, fates.into_iter().filter(|(nodes, _)| *nodes != 0).collect::<Vec<_>>());
            let verdicts = |oracle: &Oracle, filtered: &Oracle, sets: &[Mask]| {
                let sizes = groupings.map(|grouping| {
                    let blocking = [oracle, filtered].map(|oracle| oracle.smallest_blocking(grouping));
                    let top_tier = self.small.groups(oracle.top_tier(), grouping);
                    (blocking, oracle.smallest_splitting(sets, grouping), top_tier)
                });
                (oracle.has_quorum_intersection(), oracle.symmetric_top_tier().is_some(), sizes)
            };
            let here = verdicts(&oracle, &filtered, &sets);
            let [other, filtered] =
                [0, self.crashed].map(|crashed| self.oracle_reading(self.unknown_nodes.other(), crashed));
            let there = verdicts(&other, &filtered, &other.splitting_sets(diverging_in(&other, scope)));
            assert_eq!(has(FindingCode::VerdictDependsOnUnknownNodes), here != there, "{here:?} {there:?}");
            for finding in &found.findings {
                if finding.code == FindingCode::VerdictDependsOnUnknownNodes {
                    self.check_concerned(finding, here.0 != there.0);
                }
            }
        }
    }

    /// A finding on verdicts that hang on unknown nodes names such nodes, and what changes.
    fn check_concerned(&self, finding: &Finding, intersection_changes: bool) {
        let free = self.oracle_reading(UnknownNodes::Free, 0);
        let Finding { nodes, subjects, message, .. } = finding;
        let concerned = self.mask(nodes);
        assert!(concerned != 0 && concerned & free.known == 0, "unknown nodes: {nodes:?}");
        let is_said = subjects.iter().any(|subject| subject.figure == Figure::Intersection);
        assert_eq!(is_said, intersection_changes, "{message}");
    }

    /// The findings beside the answer to each single question say that it hangs on unknown nodes exactly where it does.
    fn check_doubts(
        &self,
        network: &Network,
        options: &Options,
        verdicts: impl Fn(UnknownNodes) -> (bool, u32, Option<u32>, Vec<String>, Option<u32>),
    ) {
        let budget = Budget::unlimited();
        let [dead, free] = [UnknownNodes::Dead, UnknownNodes::Free].map(verdicts);
        let is_doubted = |answer: &dyn Fn() -> Result<Vec<Finding>, AnalysisError>| {
            let findings = answer().expect("no limit");
            findings.iter().any(|finding| finding.code == FindingCode::VerdictDependsOnUnknownNodes)
        };
        let by_node = options.clone().with_group_by(GroupBy::Node);
        let intersection = is_doubted(&|| {
            let answer = quorum_intersection(network, &by_node, &budget)?;
            findings_on(&answer, network, &by_node, &budget)
        });
        assert_eq!(intersection, dead.0 != free.0, "intersection");
        let blocking = is_doubted(&|| {
            findings_on(&blocking_sets(network, options, &budget)?, network, options, &budget)
        });
        assert_eq!(blocking, dead.1 != free.1, "blocking sets");
        let splitting = is_doubted(&|| {
            findings_on(&splitting_sets(network, options, &budget)?, network, options, &budget)
        });
        assert_eq!(splitting, (dead.0, dead.2) != (free.0, free.2), "splitting sets");
        let quorum =
            is_doubted(&|| findings_on(&quorums(network, options, &budget)?, network, options, &budget));
        assert_eq!(quorum, dead.0 != free.0, "quorums");
        let tier =
            is_doubted(&|| findings_on(&top_tier(network, options, &budget)?, network, options, &budget));
        assert_eq!(tier, dead.3 != free.3, "top tier");
        let history = is_doubted(&|| {
            findings_on(&history_critical(network, options, &budget)?, network, options, &budget)
        });
        assert_eq!(history, dead.4 != free.4, "history-critical sets");
    }

    /// Neither the order of the nodes in the input nor the number of threads may change an answer, witnesses included; and
    /// the full analysis is the single ones.
    fn vary_order_and_threads(&self, network: &Network) {
        let reversed: Vec<usize> = self.order.iter().rev().copied().collect();
        let other = self.network(&reversed);
        let (all_cores, one_thread) = (Budget::unlimited(), Budget::unlimited().with_threads(1));
        for scope in [Scope::Core, Scope::All] {
            let options = self.options(self.varied, scope);
            let found = full_analysis(network, &options, &all_cores).expect("no limit");
            let varied = full_analysis(&other, &options, &one_thread).expect("no limit");
            let verdicts = |unknown_nodes: UnknownNodes| {
                let oracle = self.oracle_reading(unknown_nodes, self.crashed);
                let sets = oracle.splitting_sets(diverging_in(&oracle, scope));
                let splitting = oracle.smallest_splitting(&sets, self.varied);
                let top_tier = self.small.groups(oracle.top_tier(), self.varied);
                // Where nothing is said of archives, nothing but that hangs on anybody.
                let has_history = network.has_history_data();
                let history = has_history.then(|| oracle.smallest_history_critical(self.varied)).flatten();
                (
                    oracle.has_quorum_intersection(),
                    oracle.smallest_blocking(self.varied),
                    splitting,
                    top_tier,
                    history,
                )
            };
            self.check_doubts(network, &options, verdicts);
            let depends = |finding: &Finding| finding.code == FindingCode::VerdictDependsOnUnknownNodes;
            // Those with crashed nodes; where there are none, the report was compared.
            if self.crashed != 0 {
                let with_symmetry = |unknown_nodes| {
                    let oracle = self.oracle_reading(unknown_nodes, self.crashed);
                    (verdicts(unknown_nodes), oracle.symmetric_top_tier())
                };
                let [dead, free] = [UnknownNodes::Dead, UnknownNodes::Free].map(with_symmetry);
                assert_eq!(found.findings.iter().any(depends), dead != free, "{dead:?} {free:?}");
            }
            let values = |full: FullAnalysis| {
                let sets = (full.blocking_sets.value, full.splitting_sets.value, full.quorums.value);
                let rest = (full.top_tier.value, full.symmetric_top_tier.value, full.history_critical.value);
                (sets, rest, full.findings)
            };
            let found = values(found);
            assert_eq!(values(varied), found, "order and threads, full analysis by {:?}", self.varied);
            let sets = (
                blocking_sets(network, &options, &one_thread).expect("no limit"),
                splitting_sets(network, &options, &one_thread).expect("no limit"),
                quorums(network, &options, &one_thread).expect("no limit"),
            );
            assert_eq!(found.0, sets, "the full analysis is the single ones");
            let rest = (
                top_tier(network, &options, &one_thread).expect("no limit"),
                symmetric_top_tier(network, &options, &one_thread).expect("no limit"),
                history_critical(network, &options, &one_thread).expect("no limit"),
            );
            assert_eq!(found.1, rest, "the full analysis is the single ones");

            let options = self.report_options(scope);
            assert_eq!(
                perform_analysis(&other, &options, &one_thread),
                perform_analysis(network, &options, &all_cores),
                "order and threads, report"
            );
        }
    }
}

/// The nodes whose divergence counts.
fn diverging_in(oracle: &Oracle, scope: Scope) -> Mask {
    match scope {
        Scope::Core => oracle.core,
        Scope::All => oracle.live,
    }
}

/// The sets that contain no other one, each once, by size and then by names.
fn minimal(sets: impl Iterator<Item = Vec<String>>) -> Vec<Vec<String>> {
    let mut sets: Vec<Vec<String>> = sets.collect();
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    sets.dedup();
    let mut minimal: Vec<Vec<String>> = Vec::new();
    for set in sets {
        if !minimal.iter().any(|smaller| smaller.iter().all(|label| set.contains(label))) {
            minimal.push(set);
        }
    }
    minimal
}

/// Labels as the oracle writes them.
fn plain_labels<L: AsRef<str>>(labels: &[L]) -> Vec<String> {
    let mut labels: Vec<String> = labels.iter().map(|label| plain(label.as_ref())).collect();
    labels.sort();
    labels
}

fn assert_size(found: &MinimalSet, expected: Option<u32>, what: &str, grouping: Grouping) {
    assert_eq!(found.size.smallest_known(), expected, "size of a smallest {what} by {grouping:?}");
    assert!(found.size.is_exact());
    assert_eq!(found.size.lower_bound(), expected.unwrap_or(0));
    assert_eq!(found.example_set.len() as u32, expected.unwrap_or(0), "{what} by {grouping:?}");
    assert!(found.example_set.windows(2).all(|pair| pair[0] < pair[1]), "sorted");
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
        SmallNetwork { nodes: vec![node; count], lists_organizations: false, names_domains: false }
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
    assert_eq!(oracle.stray_nodes(), 0, "each is named by the other");
    assert_eq!(Oracle::new(&one_of_two, false, 0b10).stray_nodes(), 0b01, "unless that one is dead");
    assert!(oracle.splitting_sets(oracle.core).contains(&0));

    let halted = Oracle::new(&two_of_three, false, 0b11);
    assert!(!halted.has_quorum() && !halted.has_quorum_intersection());
    assert_eq!(halted.smallest_blocking(Grouping::Node), 0);
}

#[test]
fn brute_force_knows_the_core_from_watchers_and_free_nodes_from_dead_ones() {
    let node = |threshold, validators: &[usize]| {
        let set = support::QuorumSet { threshold, validators: validators.to_vec(), inner: vec![] };
        support::Node { is_listed: true, quorum_set: Some(set), ..support::Node::default() }
    };
    // Node 3 follows node 0, and nobody follows node 3: if node 0 is Byzantine, it can lead node 3 astray, which is no split of
    // the core. Three that all need each other cannot be split.
    let nodes = vec![node(3, &[0, 1, 2]), node(3, &[0, 1, 2]), node(3, &[0, 1, 2]), node(1, &[0])];
    let watched = SmallNetwork { nodes, lists_organizations: false, names_domains: false };
    let oracle = Oracle::new(&watched, false, 0);
    assert_eq!((oracle.live, oracle.core, oracle.top_tier()), (0b1111, 0b0111, 0b0111));
    assert!(oracle.splitting_sets(oracle.core).is_empty());
    assert_eq!(oracle.smallest_splitting(&oracle.splitting_sets(oracle.live), Grouping::Node), Some(1));

    // Two nodes that each ask for themselves and one node of their own that nobody knows.
    let unknown = support::Node { is_listed: true, ..support::Node::default() };
    let nodes = vec![node(2, &[0, 2]), node(2, &[1, 3]), unknown.clone(), unknown];
    let guarded = SmallNetwork { nodes, lists_organizations: false, names_domains: false };
    assert!(!Oracle::new(&guarded, false, 0).has_quorum());
    let oracle = Oracle::new(&guarded, true, 0);
    assert!(oracle.has_quorum() && !oracle.has_quorum_intersection());
    assert!(!oracle.is_quorum(0b1100), "a quorum has a known member");
    // Those that nobody knows count in with every component: the two form quorums with them and are the core, which is split.
    assert_eq!((oracle.live, oracle.core), (0b1111, 0b0011));
    assert!(oracle.splitting_sets(oracle.core).contains(&0));
}

/// A comparison shows nothing about a kind of network that never comes up.
#[test]
fn the_generator_makes_every_kind_of_network() {
    const NETWORKS: u64 = 3_000;
    let mut seen: std::collections::BTreeMap<&str, u32> = std::collections::BTreeMap::new();
    for seed in 0..NETWORKS {
        let case = Case::of(seed);
        let oracle = case.oracle(0);
        let splits = oracle.splitting_sets(oracle.core);
        let nodes = oracle.smallest_splitting(&splits, Grouping::Node);
        let all = oracle.splitting_sets(oracle.live);
        let by_group = |grouping| oracle.smallest_splitting(&splits, grouping);
        let has_quorum = oracle.has_quorum();
        let listed = case.small.nodes.iter().filter(|node| node.is_listed);
        let thresholds = listed.clone().filter_map(|node| node.quorum_set.as_ref()).map(|set| set.threshold);
        let beyond = |labels: Vec<String>| labels.len() < members(oracle.live).count();
        let kinds = [
            ("no quorum", !has_quorum),
            ("disjoint quorums", has_quorum && !oracle.has_quorum_intersection()),
            ("quorum intersection", oracle.has_quorum_intersection()),
            ("no splitting set", has_quorum && splits.is_empty()),
            ("smallest splitting set of one", nodes == Some(1)),
            ("smallest splitting set of two or more", nodes >= Some(2)),
            ("fewer groups than nodes split", by_group(Grouping::Organization) < nodes),
            ("groupings disagree", by_group(Grouping::Organization) != by_group(Grouping::Isp)),
            ("scopes disagree", nodes.is_some() && nodes != oracle.smallest_splitting(&all, Grouping::Node)),
            ("only watchers split", splits.is_empty() && !all.is_empty()),
            ("a core smaller than the live nodes", oracle.core != 0 && oracle.core != oracle.live),
            (
                "a top tier smaller than the core",
                oracle.top_tier() & !oracle.core == 0 && { oracle.core & !oracle.top_tier() != 0 },
            ),
            ("a top tier beyond the core", oracle.top_tier() & !oracle.core != 0),
            ("smallest blocking set of two or more", oracle.smallest_blocking(Grouping::Node) >= 2),
            ("fewer organisations than live nodes", {
                beyond(case.small.groups(oracle.live, Grouping::Organization))
            }),
            ("no good archive needed", oracle.smallest_history_critical(Grouping::Node) == Some(0)),
            ("two archives needed", oracle.smallest_history_critical(Grouping::Node) >= Some(2)),
            ("symmetric top tier", oracle.symmetric_top_tier().is_some()),
            ("one-node quorums that others name", oracle.one_node_quorums() & !oracle.stray_nodes() != 0),
            ("stray nodes", oracle.stray_nodes() != 0),
            ("crashed nodes that halt it", has_quorum && !case.oracle(case.crashed).has_quorum()),
            ("crashed nodes that do not", case.crashed != 0 && case.oracle(case.crashed).has_quorum()),
            ("a live free node", oracle.live & !oracle.known != 0),
            ("unlisted validators", listed.clone().count() < case.small.nodes.len()),
            ("unknown quorum sets", listed.clone().any(|node| node.quorum_set.is_none())),
            ("threshold 0", thresholds.clone().any(|threshold| threshold == 0)),
            ("the largest threshold", thresholds.clone().any(|threshold| threshold == (1 << 53) - 1)),
            ("eight nodes", case.small.nodes.len() == 8),
            ("a verdict that hangs on unknown nodes", {
                let readings =
                    [UnknownNodes::Dead, UnknownNodes::Free].map(|way| case.oracle_reading(way, 0));
                let [dead, free] = readings.map(|oracle| oracle.has_quorum_intersection());
                dead && !free
            }),
        ];
        kinds.into_iter().for_each(|(kind, is_there)| *seen.entry(kind).or_default() += u32::from(is_there));
    }
    println!("{seen:#?}");
    let rare: Vec<_> = seen.iter().filter(|(_, &count)| count < 15).collect();
    assert!(rare.is_empty(), "of {NETWORKS} networks too few have: {rare:?}");
}
