//! What a change to a network may do to its figures, and what not: laws that follow from the definitions, on networks that no second
//! answer is known for. Where there is no quorum, no quorum of any size exists, and where nothing splits, no splitting set: both count as
//! larger than any size here.
//!
//! `FBAS_LAWS_NETWORKS` sets how many networks are tried (50), `FBAS_LAWS_SEED` the first one's seed (0), and `FBAS_LAWS_ORGANIZATIONS` how
//! many organisations they have at most (8). A law is counted as skipped where an answer takes longer than `FBAS_LAWS_SECONDS` (60).

mod large;

use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::time::Duration;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use stellar_fbas::analysis::{
    blocking_sets, history_critical, quorum_intersection, quorums, splitting_sets, top_tier, AnalysisError,
    Options, Scope,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, UnknownNodes};

use large::{for_each_network, organization_id, setting, LargeNetwork, Node, QuorumSet, Tally};

const NONE: u32 = u32::MAX;

/// The figures by node or by organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sizes {
    quorum: u32,
    blocking: u32,
    splitting: u32,
    splitting_anyone: u32,
    history: u32,
    top_tier: Vec<String>,
}

/// The figures of a network.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Figures {
    has_quorum: bool,
    intersects: bool,
    by_node: Sizes,
    by_organization: Sizes,
}

/// How a network is read.
#[derive(Debug, Clone, Default)]
struct Reading {
    unknown_nodes: UnknownNodes,
    crashed: Vec<String>,
}

impl Reading {
    fn options(&self, group_by: GroupBy, scope: Scope) -> Options {
        let faulty_nodes = self.crashed.clone();
        Options::default()
            .with_group_by(group_by)
            .with_faulty_nodes(faulty_nodes)
            .with_unknown_nodes(self.unknown_nodes)
            .with_scope(scope)
    }

    fn with_crashed(&self, crashed: &[String]) -> Self {
        Reading { crashed: crashed.to_vec(), ..self.clone() }
    }
}

/// What a law ends with if an answer takes too long.
struct TookTooLong;

/// The answer. Where it takes too long, the law is left.
fn answer<T>(analyse: impl FnOnce(&Budget) -> Result<T, AnalysisError>) -> T {
    let limit = Duration::from_secs(setting("FBAS_LAWS_SECONDS", 60));
    match analyse(&Budget::unlimited().with_threads(1).with_time_limit(limit)) {
        Ok(answer) => answer,
        Err(error) if error.is_stopped() => resume_unwind(Box::new(TookTooLong)),
        Err(error) => panic!("{error}"),
    }
}

fn figures(large: &LargeNetwork, reading: &Reading) -> Figures {
    let network = large.parsed();
    let sizes = |group_by: GroupBy| {
        let options = |scope| reading.options(group_by.clone(), scope);
        let splitting = [Scope::Core, Scope::All].map(|scope| {
            let found = answer(|budget| splitting_sets(&network, &options(scope), budget));
            found.set.size.smallest_known().unwrap_or(NONE)
        });
        let options = options(Scope::Core);
        let quorum = answer(|budget| quorums(&network, &options, budget)).set.size.smallest_known();
        let blocking = answer(|budget| blocking_sets(&network, &options, budget)).set.size.smallest_known();
        let history = answer(|budget| history_critical(&network, &options, budget)).set.size.smallest_known();
        Sizes {
            quorum: quorum.unwrap_or(NONE),
            blocking: blocking.expect("all nodes together block"),
            splitting: splitting[0],
            splitting_anyone: splitting[1],
            history: history.unwrap_or(NONE),
            top_tier: answer(|budget| top_tier(&network, &options, budget)).top_tier,
        }
    };
    let options = reading.options(GroupBy::Node, Scope::Core);
    let verdict = answer(|budget| quorum_intersection(&network, &options, budget));
    Figures {
        has_quorum: verdict.has_quorum(),
        intersects: verdict.has_quorum_intersection(),
        by_node: sizes(GroupBy::Node),
        by_organization: sizes(GroupBy::Organization),
    }
}

impl Figures {
    fn groupings<'a>(&'a self, other: &'a Figures) -> [(&'a Sizes, &'a Sizes); 2] {
        [(&self.by_node, &other.by_node), (&self.by_organization, &other.by_organization)]
    }
}

/// Nodes of one ask for less than those of the other if every quorum of `more` is one of `less`, and every split of `more` one of `less`.
/// That is so if whatever satisfies a quorum set of `more` satisfies it in `less`, where there may be further nodes and fewer dead
/// ones: sides stay supported, and the core only grows, as live nodes and arrows are added and none go.
fn assert_asks_less(more: &Figures, less: &Figures) {
    assert!(less.has_quorum || !more.has_quorum);
    assert!(more.intersects || !less.intersects || !more.has_quorum);
    for (more, less) in more.groupings(less) {
        assert!(less.quorum <= more.quorum);
        assert!(less.blocking >= more.blocking, "it meets the quorums of both");
        assert!(less.splitting <= more.splitting);
        assert!(less.splitting_anyone <= more.splitting_anyone);
        assert!(less.history <= more.history);
    }
}

/// With the same minimal quorums all that depends on nothing else is the same: costs are monotone, so cheapest quorums are among them.
fn assert_same_minimal_quorums(one: &Figures, other: &Figures) {
    assert_eq!((one.has_quorum, one.intersects), (other.has_quorum, other.intersects));
    for (one, other) in one.groupings(other) {
        assert_eq!((one.quorum, one.blocking, one.history), (other.quorum, other.blocking, other.history));
        assert_eq!(one.top_tier, other.top_tier);
    }
}

/// A network with its figures, and chance.
struct Case {
    large: LargeNetwork,
    reading: Reading,
    before: Figures,
    random: ChaCha8Rng,
}

impl Case {
    fn keys(&self) -> Vec<String> {
        self.large.nodes.iter().map(|node| node.key.clone()).collect()
    }

    fn after(&self, change: impl FnOnce(&mut LargeNetwork)) -> Figures {
        let mut changed = self.large.clone();
        change(&mut changed);
        figures(&changed, &self.reading)
    }

    fn crashed(&self, crashed: &[String]) -> Figures {
        figures(&self.large, &self.reading.with_crashed(crashed))
    }

    fn any_with_set(&mut self) -> Option<usize> {
        let with_set =
            (0..self.large.nodes.len()).filter(|&node| self.large.nodes[node].quorum_set.is_some());
        with_set.collect::<Vec<_>>().choose(&mut self.random).copied()
    }

    /// Definitions compare names with each other and do nothing else with them.
    fn renaming(&mut self) {
        let renamed = |key: &String| format!("X{:03}", 999 - key[4..].parse::<u32>().expect("a number"));
        let after = self.after(|large| large.nodes.iter_mut().for_each(|node| node.key = renamed(&node.key)));
        let mut expected = self.before.clone();
        for sizes in [&mut expected.by_node, &mut expected.by_organization] {
            let is_key = |label: &String| label.starts_with("NODE");
            let labels = sizes.top_tier.iter_mut().filter(|label| is_key(label));
            labels.for_each(|label| *label = renamed(label));
            sizes.top_tier.sort();
        }
        assert_eq!(after, expected);
    }

    /// Nodes are a set and entries a multiset.
    fn reordering(&mut self) {
        fn reordered(set: &QuorumSet, place: &[usize], random: &mut ChaCha8Rng) -> QuorumSet {
            let mut validators: Vec<usize> = set.validators.iter().map(|&node| place[node]).collect();
            validators.shuffle(random);
            let mut inner: Vec<QuorumSet> =
                set.inner.iter().map(|inner| reordered(inner, place, random)).collect();
            inner.shuffle(random);
            QuorumSet { threshold: set.threshold, validators, inner }
        }
        let mut order: Vec<usize> = (0..self.large.nodes.len()).collect();
        order.shuffle(&mut self.random);
        let mut place = vec![0; order.len()];
        order.iter().enumerate().for_each(|(now, &before)| place[before] = now);
        let node = |&before: &usize| {
            let node = &self.large.nodes[before];
            let set = node.quorum_set.as_ref();
            let quorum_set = set.map(|set| reordered(set, &place, &mut self.random));
            Node { quorum_set, ..node.clone() }
        };
        let large = LargeNetwork { nodes: order.iter().map(node).collect() };
        assert_eq!(figures(&large, &self.reading), self.before);
    }

    /// Twice as many of the entries listed twice are satisfied exactly when as many are of the entries listed once.
    fn doubling_entries(&mut self) {
        fn doubled(set: &QuorumSet) -> QuorumSet {
            let inner: Vec<QuorumSet> = set.inner.iter().map(doubled).collect();
            let validators = [&set.validators[..], &set.validators[..]].concat();
            QuorumSet { threshold: 2 * set.threshold, validators, inner: [&inner[..], &inner[..]].concat() }
        }
        let after = self.after(|large| {
            large.nodes.iter_mut().for_each(|node| node.quorum_set = node.quorum_set.as_ref().map(doubled));
        });
        assert_eq!(after, self.before);
    }

    /// A minimal quorum is strongly connected but for its free members, and a node that nobody names and that is no quorum by itself
    /// is so with nobody: the minimal quorums stay, and so does the core, which cannot reach it. It may be led astray itself.
    fn adding_watchers(&mut self) {
        if self.reading.unknown_nodes == UnknownNodes::Free {
            return;
        }
        let count = self.large.nodes.len();
        let watchers: Vec<Node> = (0..self.random.random_range(1..=3))
            .map(|watcher| {
                let watched = self.large.nodes.choose(&mut self.random).expect("not empty");
                let named = [(); 3].map(|()| self.random.random_range(0..count)).to_vec();
                let inner = watched.quorum_set.clone().into_iter().collect();
                let threshold = self.random.random_range(1..=3);
                Node {
                    key: format!("WATCHER{watcher}"),
                    quorum_set: Some(QuorumSet { threshold, validators: named, inner }),
                    ..watched.clone()
                }
            })
            .collect();
        let after = self.after(|large| large.nodes.extend(watchers));
        assert_same_minimal_quorums(&after, &self.before);
        for (after, before) in after.groupings(&self.before) {
            assert_eq!(after.splitting, before.splitting);
            assert!(after.splitting_anyone <= before.splitting_anyone, "splits stay splits");
        }
    }

    /// A twin that is listed wherever a node is, with thresholds as before: nobody asks for more than before.
    fn duplicating_a_validator(&mut self) {
        fn with_twin(set: &mut QuorumSet, node: usize, twin: usize) {
            let often = set.validators.iter().filter(|&&named| named == node).count();
            set.validators.extend(vec![twin; often]);
            set.inner.iter_mut().for_each(|inner| with_twin(inner, node, twin));
        }
        let node = self.random.random_range(0..self.large.nodes.len());
        let after = self.after(|large| {
            let twin = large.nodes.len();
            large.nodes.push(Node { key: "TWIN".into(), ..large.nodes[node].clone() });
            let sets = large.nodes.iter_mut().filter_map(|node| node.quorum_set.as_mut());
            sets.for_each(|set| with_twin(set, node, twin));
        });
        assert_asks_less(&self.before, &after);
    }

    /// What satisfies a quorum set satisfies it with a lower threshold, at any depth.
    fn raising_a_threshold(&mut self) {
        let Some(node) = self.any_with_set() else { return };
        let is_inner = self.random.random_bool(0.5);
        let after = self.after(|large| {
            let set = large.nodes[node].quorum_set.as_mut().expect("it was asked for");
            let set = if is_inner && !set.inner.is_empty() { &mut set.inner[0] } else { set };
            set.threshold += 1;
        });
        assert_asks_less(&after, &self.before);
    }

    /// What is known of fewer nodes: free ones stand in quorums where dead ones did not.
    fn reading_unknown_nodes_as_free(&mut self) {
        let [dead, free] = [UnknownNodes::Dead, UnknownNodes::Free].map(|unknown_nodes| {
            if unknown_nodes == self.reading.unknown_nodes {
                self.before.clone()
            } else {
                figures(&self.large, &Reading { unknown_nodes, ..self.reading.clone() })
            }
        });
        assert_asks_less(&dead, &free);
    }

    /// The quorums that are left are those without crashed nodes; a set blocks them exactly if together with the crashed nodes it
    /// blocks all.
    fn crashing_nodes(&mut self) {
        let mut keys = self.keys();
        keys.shuffle(&mut self.random);
        keys.truncate(self.random.random_range(1..=3));
        let after = self.crashed(&keys);
        assert_asks_less(&after, &self.before);
        let crashed = self.large.nodes.iter().filter(|node| keys.contains(&node.key));
        let mut groups: Vec<String> =
            crashed.map(|node| node.organization.map_or(node.key.clone(), organization_id)).collect();
        groups.sort();
        groups.dedup();
        let costs = [keys.len(), groups.len()];
        for ((after, before), cost) in after.groupings(&self.before).into_iter().zip(costs) {
            assert!(before.blocking <= after.blocking + cost as u32);
            assert!(
                after.top_tier.iter().all(|label| before.top_tier.contains(label)),
                "minimal ones stay so"
            );
        }
        assert!(!after.by_node.top_tier.iter().any(|key| keys.contains(key)));

        // A node that has crashed is one of which nothing is known, where those are dead.
        let mut silent = self.large.clone();
        silent
            .nodes
            .iter_mut()
            .filter(|node| keys.contains(&node.key))
            .for_each(|node| node.quorum_set = None);
        let dead = |crashed| Reading { unknown_nodes: UnknownNodes::Dead, crashed };
        assert_eq!(figures(&silent, &dead(vec![])), figures(&self.large, &dead(keys)));
    }

    /// Nodes outside the top tier are in no minimal quorum, so all of these stay.
    fn crashing_outside_the_top_tier(&mut self) {
        let top_tier = &self.before.by_node.top_tier;
        let others: Vec<String> = self.keys().into_iter().filter(|key| !top_tier.contains(key)).collect();
        if !others.is_empty() {
            assert_same_minimal_quorums(&self.crashed(&others), &self.before);
        }
    }

    /// That is what a blocking set is, and a smallest one is minimal.
    fn crashing_a_blocking_set(&mut self) {
        let options = self.reading.options(GroupBy::Node, Scope::Core);
        let found = answer(|budget| blocking_sets(&self.large.parsed(), &options, budget));
        let has_quorum = |crashed: &[String]| {
            let options = self.reading.with_crashed(crashed).options(GroupBy::Node, Scope::Core);
            answer(|budget| quorum_intersection(&self.large.parsed(), &options, budget)).has_quorum()
        };
        assert!(!has_quorum(&found.set.example_set));
        if let Some((_, others)) = found.set.example_set.split_first() {
            assert!(has_quorum(others));
        }
    }

    /// A smallest quorum is still there when all others have crashed, and no smaller one has come up.
    fn crashing_all_but_a_quorum(&mut self) {
        let options = self.reading.options(GroupBy::Node, Scope::Core);
        let found = answer(|budget| quorums(&self.large.parsed(), &options, budget));
        let mut others = self.keys();
        others.retain(|key| !found.set.example_set.contains(key));
        let after = self.crashed(&others);
        assert_eq!(after.by_node.quorum, self.before.by_node.quorum);
        assert_eq!(after.by_node.top_tier, found.set.example_set, "it is minimal");
    }

    /// A set splits exactly if two disjoint quorums exist where its members are deleted: both sides may count on them.
    fn deleting_byzantine_nodes(&mut self) {
        let splits = |byzantine: &[String]| {
            let rest = self.large.without_byzantine(byzantine);
            let options = self.reading.with_crashed(byzantine).options(GroupBy::Node, Scope::Core);
            let verdict = answer(|budget| quorum_intersection(&rest.parsed(), &options, budget));
            verdict.has_quorum() && !verdict.has_quorum_intersection()
        };
        let options = self.reading.options(GroupBy::Node, Scope::All);
        let found = answer(|budget| splitting_sets(&self.large.parsed(), &options, budget));
        if found.set.size.smallest_known().is_some() {
            assert!(splits(&found.set.example_set));
        }
        // Those of the top tier are live.
        let mut candidates = self.before.by_node.top_tier.clone();
        for _ in 0..4 {
            candidates.shuffle(&mut self.random);
            let size = self.random.random_range(0..=candidates.len().min(6));
            let some = &candidates[..size];
            assert!(!splits(some) || self.before.by_node.splitting_anyone <= size as u32, "{some:?} splits");
        }
    }

    /// A set touches as many organisations as before, or one fewer; by node nothing changes. And it never touches more
    /// organisations than it has nodes.
    fn merging_organisations(&mut self) {
        let after = self.after(|large| {
            let second = large.nodes.iter_mut().filter(|node| node.organization == Some(1));
            second.for_each(|node| node.organization = Some(0));
        });
        assert_eq!(after.by_node, self.before.by_node);
        let sizes = |sizes: &Sizes| {
            let Sizes { quorum, blocking, splitting, splitting_anyone, history, .. } = *sizes;
            [quorum, blocking, splitting, splitting_anyone, history]
        };
        let before = &self.before;
        let [merged, apart, nodes] =
            [&after.by_organization, &before.by_organization, &before.by_node].map(sizes);
        for ((merged, apart), nodes) in merged.into_iter().zip(apart).zip(nodes) {
            assert!(merged <= apart && apart <= nodes);
            assert!(merged >= apart.saturating_sub(1) && (merged == NONE) == (nodes == NONE));
        }
    }

    /// Side by side without knowing each other: every quorum of both is one of the whole, a minimal one is in one of them, and to block all
    /// both have to be blocked. Where both have quorums, these are disjoint; where one has none, all its nodes are dead.
    fn standing_beside_another(&mut self) {
        if self.reading.unknown_nodes == UnknownNodes::Free {
            return;
        }
        let other = LargeNetwork::of(self.random.random(), 5);
        let there = figures(&other, &Reading::default());
        fn moved(set: &QuorumSet, by: usize) -> QuorumSet {
            QuorumSet {
                threshold: set.threshold,
                validators: set.validators.iter().map(|node| node + by).collect(),
                inner: set.inner.iter().map(|inner| moved(inner, by)).collect(),
            }
        }
        let by = self.large.nodes.len();
        let node = |node: Node| Node {
            key: format!("OTHER{}", node.key),
            quorum_set: node.quorum_set.map(|set| moved(&set, by)),
            organization: node.organization.map(|organization| organization + 50),
            ..node
        };
        let both = self.after(|large| large.nodes.extend(other.nodes.into_iter().map(node)));
        let here = &self.before;
        assert_eq!(both.has_quorum, here.has_quorum || there.has_quorum);
        assert_eq!(
            both.intersects,
            here.intersects && !there.has_quorum || there.intersects && !here.has_quorum
        );
        let are_two = here.has_quorum && there.has_quorum;
        let pairs = here.groupings(&there).into_iter().zip([&both.by_node, &both.by_organization]);
        for ((here, there), both) in pairs {
            assert_eq!(both.quorum, here.quorum.min(there.quorum));
            assert_eq!(both.history, here.history.min(there.history));
            assert_eq!(both.blocking, here.blocking + there.blocking);
            assert_eq!(both.top_tier.len(), here.top_tier.len() + there.top_tier.len());
            let split = |here: u32, there: u32| if are_two { 0 } else { here.min(there) };
            assert_eq!(both.splitting, split(here.splitting, there.splitting));
            assert_eq!(both.splitting_anyone, split(here.splitting_anyone, there.splitting_anyone));
        }
    }
}

/// Changes a network and looks at what comes of it.
type Law = fn(&mut Case);

const LAWS: [(&str, Law); 14] = [
    ("renaming", Case::renaming),
    ("reordering", Case::reordering),
    ("doubling entries", Case::doubling_entries),
    ("adding watchers", Case::adding_watchers),
    ("duplicating a validator", Case::duplicating_a_validator),
    ("raising a threshold", Case::raising_a_threshold),
    ("reading unknown nodes as free", Case::reading_unknown_nodes_as_free),
    ("crashing nodes", Case::crashing_nodes),
    ("crashing outside the top tier", Case::crashing_outside_the_top_tier),
    ("crashing a blocking set", Case::crashing_a_blocking_set),
    ("crashing all but a quorum", Case::crashing_all_but_a_quorum),
    ("deleting Byzantine nodes", Case::deleting_byzantine_nodes),
    ("merging organisations", Case::merging_organisations),
    ("standing beside another", Case::standing_beside_another),
];

const KINDS: [&str; 4] = ["no quorum", "disjoint quorums", "no splitting set", "a splitting set"];

fn try_all_laws(seed: u64, large: LargeNetwork, tally: &Tally) {
    let mut random = ChaCha8Rng::seed_from_u64(!seed);
    let unknown_nodes = if random.random_bool(0.3) { UnknownNodes::Free } else { UnknownNodes::Dead };
    let reading = Reading { unknown_nodes, crashed: Vec::new() };
    // Whether it comes to an end in time.
    let attempt = |name: &str, work: &mut dyn FnMut()| match catch_unwind(AssertUnwindSafe(work)) {
        Ok(()) => true,
        Err(reason) if reason.is::<TookTooLong>() => false,
        Err(panic) => {
            eprintln!("the law of {name} does not hold");
            resume_unwind(panic)
        }
    };
    let mut before = None;
    attempt("having figures", &mut || before = Some(figures(&large, &reading)));
    let Some(before) = before else { return tally.count("SKIPPED: all laws") };
    tally.count(match before.by_node.splitting {
        _ if !before.has_quorum => KINDS[0],
        0 => KINDS[1],
        NONE => KINDS[2],
        _ => KINDS[3],
    });
    let mut case = Case { large, reading, before, random };
    for (name, law) in LAWS {
        if !attempt(name, &mut || law(&mut case)) {
            tally.count(format!("SKIPPED: {name}"));
        }
    }
}

#[test]
fn figures_change_as_the_definitions_say() {
    let tally = for_each_network("LAWS", 50, 8, try_all_laws);
    let counts = KINDS.map(|kind| tally.of(kind));
    assert!(counts.iter().sum::<u64>() < 500 || counts.iter().all(|&count| count > 0), "every kind occurs");
}
