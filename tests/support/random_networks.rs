//! Nasty networks of up to eight nodes, each decided by its seed.

use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{Node, QuorumSet, SmallNetwork, Spelling, MOST_GROUPS};

const LARGEST_THRESHOLD: u64 = (1 << 53) - 1;

/// The random numbers of a seed.
pub fn random(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

/// A network that has some of everything that goes wrong in reality and some that does not.
pub fn network(random: &mut ChaCha8Rng) -> SmallNetwork {
    let count = random.random_range(1..=8);
    let mut sets: Vec<QuorumSet> = match random.random_range(0..8) {
        0 => flat(count, random),
        1 | 2 => organizations(count, random),
        3 => components(count, random),
        4 | 5 => watched(count, random),
        _ => (0..count).map(|_| anything(count, 2, random)).collect(),
    };
    // Share sets among nodes, so that there are exchangeable ones, and spoil a few.
    for _ in 0..random.random_range(0..=2) {
        let (from, to) = (random.random_range(0..count), random.random_range(0..count));
        sets[to] = sets[from].clone();
    }
    if random.random_bool(0.3) {
        let spoiled = random.random_range(0..count);
        sets[spoiled] = spoil(spoiled, count, &sets[spoiled], random);
    }
    let is_messy = random.random_bool(0.4);
    let groups = random.random_range(1..=MOST_GROUPS);
    let group = |random: &mut ChaCha8Rng| random.random_bool(0.8).then(|| random.random_range(0..groups));
    // Organisations that are those of the quorum sets, as in reality, or any.
    let is_aligned = random.random_bool(0.4);
    let mut node = |(index, quorum_set): (usize, QuorumSet)| {
        let is_listed = !(is_messy && random.random_bool(0.1));
        let organization = if is_aligned { Some(index % groups) } else { group(random) };
        Node {
            is_listed,
            quorum_set: (is_listed && !(is_messy && random.random_bool(0.15))).then_some(quorum_set),
            history_archive_has_error: random.random_bool(0.8).then(|| random.random_bool(0.25)),
            organization,
            second_organization: organization.filter(|_| random.random_bool(0.1)).map(|first| first + 1),
            country: group(random),
            isp: group(random),
            attribute: group(random),
            spelling: Spelling {
                has_comma: random.random_bool(0.1),
                has_full_stop: random.random_bool(0.1),
                has_code_only: random.random_bool(0.2),
                has_empty_texts: random.random_bool(0.5),
            },
        }
    };
    let nodes = sets.into_iter().enumerate().map(&mut node).collect();
    let (lists_organizations, names_domains) = (random.random_bool(0.5), random.random_bool(0.5));
    let mut network = SmallNetwork { nodes, lists_organizations, names_domains };
    forget_strangers(&mut network);
    network
}

/// A node that is neither listed nor named does not exist; it is listed again, without a quorum set.
fn forget_strangers(network: &mut SmallNetwork) {
    let sets = network.nodes.iter().filter_map(|node| node.quorum_set.as_ref());
    let named = sets.fold(0, |named, set| named | set.named());
    for (index, node) in network.nodes.iter_mut().enumerate() {
        node.is_listed |= named >> index & 1 == 0;
    }
}

/// Everyone asks for some of all, perhaps without itself.
fn flat(count: usize, random: &mut ChaCha8Rng) -> Vec<QuorumSet> {
    let threshold = random.random_range(1..=count as u64);
    let is_excluding = random.random_bool(0.3);
    let others = |node: usize| (0..count).filter(|&other| !(is_excluding && other == node)).collect();
    (0..count).map(|node| QuorumSet { threshold, validators: others(node), inner: vec![] }).collect()
}

/// Two to four organisations, whose members mostly have one quorum set in common.
fn organizations(count: usize, random: &mut ChaCha8Rng) -> Vec<QuorumSet> {
    let parts = random.random_range(1..=4.min(count));
    let inner: Vec<QuorumSet> = (0..parts)
        .map(|part| {
            let members: Vec<usize> = (0..count).filter(|node| node % parts == part).collect();
            QuorumSet {
                threshold: random.random_range(1..=members.len() as u64),
                validators: members,
                inner: vec![],
            }
        })
        .collect();
    let own = |random: &mut ChaCha8Rng| {
        let chosen: Vec<QuorumSet> = inner.iter().filter(|_| random.random_bool(0.85)).cloned().collect();
        let entries = chosen.len().max(1) as u64;
        QuorumSet {
            threshold: random.random_range(entries.div_ceil(2)..=entries),
            validators: vec![],
            inner: chosen,
        }
    };
    let of_part: Vec<QuorumSet> = (0..parts).map(|_| own(random)).collect();
    let is_heterogeneous = random.random_bool(0.5);
    (0..count)
        .map(|node| {
            if is_heterogeneous && random.random_bool(0.4) {
                own(random)
            } else {
                of_part[node % parts].clone()
            }
        })
        .collect()
}

/// Two halves that hardly know each other.
fn components(count: usize, random: &mut ChaCha8Rng) -> Vec<QuorumSet> {
    let border = random.random_range(0..=count);
    (0..count)
        .map(|node| {
            let half = if node < border { 0..border } else { border..count };
            let mut validators: Vec<usize> = half.collect();
            if random.random_bool(0.1) {
                validators.push(random.random_range(0..count));
            }
            let threshold = random.random_range(1..=validators.len() as u64);
            QuorumSet { threshold, validators, inner: vec![] }
        })
        .collect()
}

/// A core that is hard to split, and watchers: nobody in the core names them, and they are easier to lead astray. A watcher may watch
/// another one.
fn watched(count: usize, random: &mut ChaCha8Rng) -> Vec<QuorumSet> {
    let core = random.random_range(count.div_ceil(2)..=count);
    let threshold = random.random_range(core / 2 + 1..=core) as u64;
    let flat = |threshold, validators| QuorumSet { threshold, validators, inner: vec![] };
    let mut sets = vec![flat(threshold, (0..core).collect()); core];
    for node in core..count {
        let watches = |random: &mut ChaCha8Rng| -> QuorumSet {
            let number = random.random_range(1..=4);
            let validators: Vec<usize> = (0..number).map(|_| random.random_range(0..node)).collect();
            flat(random.random_range(1..=number), validators)
        };
        let mut set = watches(random);
        if random.random_bool(0.4) {
            set.inner.push(watches(random));
            set.threshold += u64::from(random.random_bool(0.5));
        }
        if random.random_bool(0.3) {
            set.validators.push(node);
            set.threshold += 1;
        }
        sets.push(set);
    }
    sets
}

/// Any quorum set: duplicates, inner sets in inner sets, thresholds from 0 to more than there are entries.
fn anything(count: usize, levels: usize, random: &mut ChaCha8Rng) -> QuorumSet {
    let validators: Vec<usize> =
        (0..random.random_range(0..=4)).map(|_| random.random_range(0..count)).collect();
    let inner_count = if levels == 0 { 0 } else { random.random_range(0..=2) };
    let inner: Vec<QuorumSet> = (0..inner_count).map(|_| anything(count, levels - 1, random)).collect();
    let entries = (validators.len() + inner.len()) as u64;
    let threshold = match random.random_range(0..20) {
        0 => 0,
        1 => entries + 1,
        2 => LARGEST_THRESHOLD,
        _ => random.random_range(1..=entries.max(1)),
    };
    QuorumSet { threshold, validators, inner }
}

/// A quorum set that something happened to.
fn spoil(node: usize, count: usize, set: &QuorumSet, random: &mut ChaCha8Rng) -> QuorumSet {
    let mut set = set.clone();
    match random.random_range(0..6) {
        0 => set = QuorumSet { threshold: 1, validators: vec![node], inner: vec![] },
        1 => set.threshold = 0,
        2 => set.threshold = (set.threshold + 1).min(LARGEST_THRESHOLD),
        3 => set.validators.extend(set.validators.choose(random).copied()),
        4 => set.inner.extend(set.inner.choose(random).cloned()),
        _ => set.inner.push(anything(count, 1, random)),
    }
    set
}
