//! The hash of a network: the same however the network is written, another one where an answer is another one, and the same for ever.
//! `__test__/hash.test.ts` makes it a second time from its description.

#[allow(dead_code)] // Texts decide here, not the oracle.
mod support;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use stellar_fbas::analysis::{full_analysis, perform_analysis, Options};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{Asks, GroupBy, Network, UnknownNodes};
use support::random_networks::{self, random};
use support::{Format, QuorumSet, SmallNetwork, Spelling};

const SEEDS: u64 = 400;

fn parsed(small: &SmallNetwork, order: &[usize], format: Format) -> Network {
    let organizations = small.organizations_json();
    let text = small.nodes_json(order, format);
    Network::parse(text.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
}

fn in_order(small: &SmallNetwork) -> Network {
    parsed(small, &(0..small.nodes.len()).collect::<Vec<_>>(), Format::Nodes)
}

fn shuffle_entries(set: &mut QuorumSet, random: &mut ChaCha8Rng) {
    set.validators.shuffle(random);
    set.inner.shuffle(random);
    set.inner.iter_mut().for_each(|inner| shuffle_entries(inner, random));
}

#[test]
fn the_order_of_nodes_and_entries_the_format_and_the_spelling_do_not_matter() {
    for seed in 0..SEEDS {
        let mut random = random(seed);
        let mut small = random_networks::network(&mut random);
        let expected = in_order(&small).hash();
        assert!(expected.len() == 64 && expected.bytes().all(|byte| b"0123456789abcdef".contains(&byte)));
        let mut order: Vec<usize> = (0..small.nodes.len()).collect();
        order.shuffle(&mut random);
        let sets = small.nodes.iter_mut().filter_map(|node| node.quorum_set.as_mut());
        sets.for_each(|set| shuffle_entries(set, &mut random));
        for format in [Format::Nodes, Format::Explorer, Format::PythonFbas] {
            assert_eq!(parsed(&small, &order, format).hash(), expected, "seed {seed}, {format:?}");
        }
        // What is not known stellar-core may also call missing, which is to be down.
        let says_missing = |node: &support::Node| node.is_listed && node.quorum_set.is_none();
        if small.names_domains || !small.nodes.iter().any(says_missing) {
            assert_eq!(parsed(&small, &order, Format::StellarCore).hash(), expected, "seed {seed}");
        }
        // An attribute that only a question of its own reads.
        small.nodes.iter_mut().for_each(|node| node.attribute = Some(random.random_range(0..9)));
        assert_eq!(parsed(&small, &order, Format::Nodes).hash(), expected, "seed {seed}");
        // All alike, a label is that of the first by key.
        let empty = Spelling { has_empty_texts: true, ..Spelling::default() };
        let [plain, spelled] = [Spelling::default(), empty].map(|spelling| {
            small.nodes.iter_mut().for_each(|node| node.spelling = spelling);
            in_order(&small).hash()
        });
        assert_eq!(plain, spelled, "seed {seed}");
    }
}

/// All that can be said, but for which of several witnesses is named: that goes by the order of entries.
fn answers(network: &Network) -> String {
    let budget = Budget::unlimited();
    let mut said = format!("{:?}\n", network.findings());
    for unknown_nodes in [UnknownNodes::Dead, UnknownNodes::Free] {
        let options = Options::default().with_unknown_nodes(unknown_nodes);
        let found = perform_analysis(network, &options, &budget).expect("no limit");
        let groupings = [found.node, found.organization, found.country, found.isp];
        said += &format!("{:?} {groupings:?} {:?}\n", found.has_symmetric_top_tier, found.findings);
        for group_by in [GroupBy::Node, GroupBy::Organization, GroupBy::Country, GroupBy::Isp] {
            let options = options.clone().with_group_by(group_by).with_limit(Some(1_000));
            let found = full_analysis(network, &options, &budget).expect("no limit");
            let sets =
                [&found.blocking_sets.value.set, &found.splitting_sets.value.set, &found.quorums.value.set];
            let sets = sets.map(|set| (&set.size, &set.list));
            said += &format!(
                "{:?} {sets:?} {:?}\n",
                found.top_tier.value.top_tier, found.history_critical.value.set.list
            );
            said += &format!("{:?}\n", found.findings);
        }
    }
    said
}

/// Changes one thing.
fn change(small: &mut SmallNetwork, random: &mut ChaCha8Rng) {
    let (count, group) = (small.nodes.len(), Some(random.random_range(0..support::MOST_GROUPS)));
    let other = random.random_range(0..count);
    let Some(node) = small.nodes.get_mut(random.random_range(0..count)) else { return };
    match (random.random_range(0..10), &mut node.quorum_set) {
        (0, Some(set)) => set.threshold += 1,
        (1, Some(set)) => set.validators.push(other),
        (2, Some(set)) => drop(set.validators.pop()),
        (3, Some(set)) => drop(set.inner.pop()),
        (4, set) => *set = None,
        (5, _) => node.is_listed = !node.is_listed,
        (6, _) => {
            node.history_archive_has_error =
                *[None, Some(true), Some(false)].choose(random).expect("one of three")
        }
        (7, _) => node.organization = group,
        (8, _) => node.country = group,
        _ => node.isp = group,
    }
}

#[test]
fn what_changes_an_answer_changes_the_hash() {
    let (mut same, mut others) = (0, 0);
    for seed in 0..SEEDS {
        let mut random = random(seed);
        let mut small = random_networks::network(&mut random);
        let before = in_order(&small);
        change(&mut small, &mut random);
        let after = in_order(&small);
        match before.hash() == after.hash() {
            true => {
                same += 1;
                assert_eq!(answers(&before), answers(&after), "seed {seed}");
            }
            // That an answer changes is no must.
            false => others += usize::from(answers(&before) != answers(&after)),
        }
    }
    assert!(same > 20 && others > 100, "{same} that are the same, {others} with another answer");
}

#[test]
fn a_deleted_node_is_not_one_that_nobody_knows() {
    let network = Network::parse(br#"[{"publicKey": "A"}]"#, None).expect("valid input");
    let mut changed = network.assignment().clone();
    changed.replace(network.node("A").expect("it is there"), Asks::Gone);
    assert_ne!(network.with_assignment(changed).hash(), network.hash());
}

#[test]
fn the_hash_of_a_network_is_what_it_was() {
    let nodes = include_bytes!("../examples/network/stellar-2025-11.json");
    let organizations = include_bytes!("../examples/network/organizations-2025-11.json");
    let network = Network::parse(nodes, Some(organizations)).expect("valid input");
    assert_eq!(network.hash(), "2035e0727b7dd8d6f8aba7dabcf263cad959dc9ac0bb3f732a41e368b39b145a");
    // printf %s '["stellar-fbas network 1",[],[["NO_HISTORY_DATA",[]]]]' | sha256sum
    let nobody = Network::parse(b"[]", None).expect("valid input");
    assert_eq!(nobody.hash(), "c60ff2ea0927153239e2185159ef17c95c8763d4939c0f7b087d9bd795161970");
}
