//! Generated networks that are too large for brute force, as plain data: up to sixteen organisations of three to five validators, with
//! deviations, nesting, watchers and gaps in what is known. Each is decided by its seed.
//!
//! Nothing in here shares code with the crate: networks go to it as JSON text, as a user would send them.

// Each test file uses a part of it.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::sync::Mutex;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{json, Value};
use stellar_fbas::network::Network;

/// A set of nodes.
pub type Mask = u128;

/// A quorum set as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct QuorumSet {
    pub threshold: usize,
    pub validators: Vec<usize>,
    pub inner: Vec<QuorumSet>,
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    pub key: String,
    pub quorum_set: Option<QuorumSet>,
    pub organization: Option<usize>,
    pub has_good_archive: bool,
}

/// A network.
#[derive(Debug, Clone)]
pub struct LargeNetwork {
    pub nodes: Vec<Node>,
}

impl QuorumSet {
    /// Whether `nodes` satisfies it: at least `threshold` entries are, each counted as often as it is listed.
    pub fn is_satisfied_by(&self, nodes: Mask) -> bool {
        let validators = self.validators.iter().filter(|&&node| nodes >> node & 1 == 1).count();
        let inner = self.inner.iter().filter(|inner| inner.is_satisfied_by(nodes)).count();
        validators + inner >= self.threshold
    }

    fn remove(&mut self, is_byzantine: &[bool]) {
        let before = self.validators.len();
        self.validators.retain(|&node| !is_byzantine[node]);
        self.threshold = self.threshold.saturating_sub(before - self.validators.len());
        self.inner.iter_mut().for_each(|inner| inner.remove(is_byzantine));
    }

    fn to_json(&self, nodes: &[Node]) -> Value {
        let validators: Vec<&String> = self.validators.iter().map(|&node| &nodes[node].key).collect();
        let inner: Vec<Value> = self.inner.iter().map(|inner| inner.to_json(nodes)).collect();
        json!({ "threshold": self.threshold, "validators": validators, "innerQuorumSets": inner })
    }
}

impl LargeNetwork {
    /// The network of a seed, of at most so many organisations.
    pub fn of(seed: u64, most_organizations: usize) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let organizations = organizations(random.random_range(2..=most_organizations), &mut random);
        let count = organizations.last().map_or(0, |last| last.end);
        let mut sets = quorum_sets(&organizations, &mut random);
        // Now and then a crawl has seen little.
        let unseen = if random.random_bool(0.1) { random.random_range(0.0..0.7) } else { 0.0 };
        sets.iter_mut().filter(|_| random.random_bool(unseen)).for_each(|set| *set = None);
        if random.random_bool(0.4) {
            for _ in 0..random.random_range(1..=3) {
                let spoiled = random.random_range(0..count);
                spoil(&mut sets[spoiled], count, &mut random);
            }
        }
        let mut owners: Vec<Option<usize>> = organizations
            .iter()
            .enumerate()
            .flat_map(|(organization, members)| members.clone().map(move |_| Some(organization)))
            .collect();
        for _ in 0..random.random_range(0..=3) {
            let validators = sample(&(0..count).collect::<Vec<_>>(), 4, &mut random);
            let threshold = random.random_range(1..=validators.len());
            sets.push(Some(QuorumSet { threshold, validators, inner: vec![] }));
            owners.push(random.random_bool(0.5).then(|| random.random_range(0..organizations.len())));
        }
        let mut names: Vec<usize> = (0..sets.len()).collect();
        names.shuffle(&mut random);
        let node = |((quorum_set, organization), name): ((Option<QuorumSet>, Option<usize>), usize)| Node {
            key: format!("NODE{name:03}"),
            quorum_set,
            organization,
            has_good_archive: random.random_bool(0.7),
        };
        LargeNetwork { nodes: sets.into_iter().zip(owners).zip(names).map(node).collect() }
    }

    /// The nodes' JSON text.
    pub fn json(&self) -> String {
        let node = |node: &Node| {
            json!({
                "publicKey": node.key,
                "quorumSet": node.quorum_set.as_ref().map(|set| set.to_json(&self.nodes)),
                "organizationId": node.organization.map(organization_id),
                "historyArchiveHasError": !node.has_good_archive,
            })
        };
        Value::from(self.nodes.iter().map(node).collect::<Vec<_>>()).to_string()
    }

    /// The network that is left when some are Byzantine and say to each side what it wants to hear: their entries are gone and lower
    /// the thresholds by one each, and nothing is known of what they ask for. Whoever then asks for nothing asks for itself, as
    /// a threshold of 0 would mean that nothing is known.
    pub fn without_byzantine(&self, byzantine: &[String]) -> LargeNetwork {
        let is_byzantine: Vec<bool> = self.nodes.iter().map(|node| byzantine.contains(&node.key)).collect();
        let mut rest = self.clone();
        for (index, node) in rest.nodes.iter_mut().enumerate() {
            node.quorum_set = node.quorum_set.take().filter(|_| !is_byzantine[index]);
            if let Some(set) = &mut node.quorum_set {
                set.remove(&is_byzantine);
                if set.threshold == 0 {
                    *set = QuorumSet { threshold: 1, validators: vec![index], inner: vec![] };
                }
            }
        }
        rest
    }

    /// The network as the crate reads it.
    pub fn parsed(&self) -> Network {
        Network::parse(self.json().as_bytes(), None).expect("valid input")
    }
}

/// What an organisation is called.
pub fn organization_id(organization: usize) -> String {
    format!("org {organization:02}")
}

/// The members of so many organisations.
fn organizations(count: usize, random: &mut ChaCha8Rng) -> Vec<Range<usize>> {
    let most = random.random_range(3..=5);
    let mut end = 0;
    let mut next = || {
        let begin = end;
        end += random.random_range(3..=most);
        begin..end
    };
    (0..count).map(|_| next()).collect()
}

/// The quorum sets of all members.
fn quorum_sets(organizations: &[Range<usize>], random: &mut ChaCha8Rng) -> Vec<Option<QuorumSet>> {
    let inner: Vec<QuorumSet> = organizations
        .iter()
        .map(|members| {
            let majority = members.len() / 2 + 1;
            let is_odd = random.random_bool(0.1);
            let threshold = if is_odd { random.random_range(1..=members.len()) } else { majority };
            QuorumSet { threshold, validators: members.clone().collect(), inner: vec![] }
        })
        .collect();
    let all: Vec<usize> = (0..organizations.len()).collect();
    let of = |chosen: Vec<usize>, share: f64| {
        let threshold = ((chosen.len() as f64 * share).ceil() as usize).clamp(1, chosen.len());
        QuorumSet {
            threshold,
            validators: vec![],
            inner: chosen.into_iter().map(|other| inner[other].clone()).collect(),
        }
    };
    let share = match random.random_range(0..10) {
        0 | 1 => random.random_range(0.2..0.5),
        2 => 1.0,
        _ => random.random_range(0.5..0.9),
    };
    let shape = random.random_range(0..6);
    // Whether single members deviate from their organisation.
    let deviates = if random.random_bool(0.5) { 0.0 } else { random.random_range(0.05..0.4) };
    let drop = random.random_range(0.0..0.3);
    let regions: Vec<Vec<usize>> = all.chunks(random.random_range(2..=4)).map(<[usize]>::to_vec).collect();
    let half = all.len() / 2;
    let own = |organization: usize, random: &mut ChaCha8Rng| match shape {
        // Symmetric.
        0 => of(all.clone(), share),
        // A set of sets of organisations.
        1 => {
            let inner: Vec<QuorumSet> = regions.iter().map(|region| of(region.clone(), share)).collect();
            QuorumSet { threshold: inner.len() / 2 + 1, validators: vec![], inner }
        }
        // Itself, and most of a few others.
        2 => {
            let others: Vec<usize> = all.iter().copied().filter(|&other| other != organization).collect();
            let around = of(sample(&others, 3, random), share);
            QuorumSet { threshold: 2, validators: vec![], inner: vec![inner[organization].clone(), around] }
        }
        // Two halves that know little of each other.
        3 => {
            let is_near = |other: &usize| (*other < half) == (organization < half);
            of(all.iter().copied().filter(|other| is_near(other) || random.random_bool(0.5)).collect(), share)
        }
        // Nearly symmetric.
        _ => of(
            all.iter().copied().filter(|&other| other == organization || !random.random_bool(drop)).collect(),
            share,
        ),
    };
    let mut sets = Vec::new();
    for (organization, members) in organizations.iter().enumerate() {
        let usual = own(organization, random);
        for _ in members.clone() {
            sets.push(Some(if random.random_bool(deviates) {
                let mut set = own(organization, random);
                set.threshold = (set.threshold + random.random_range(0..=1)).min(set.inner.len());
                set
            } else {
                usual.clone()
            }));
        }
    }
    sets
}

/// Something happens to a quorum set.
fn spoil(set: &mut Option<QuorumSet>, count: usize, random: &mut ChaCha8Rng) {
    let any = random.random_range(0..count);
    match (random.random_range(0..5), &mut *set) {
        (0, _) => *set = None,
        (1, Some(set)) => set.threshold += 1,
        (2, Some(set)) => set.validators.push(any),
        (3, Some(set)) => set.inner.extend(set.inner.choose(random).cloned()),
        (_, Some(set)) => {
            let inner = QuorumSet { threshold: 1, validators: vec![any, any], inner: vec![] };
            set.inner.push(inner);
        }
        (_, None) => {}
    }
}

/// One to `most` of them.
fn sample(of: &[usize], most: usize, random: &mut ChaCha8Rng) -> Vec<usize> {
    let count = random.random_range(1..=most);
    of.choose_multiple(random, count).copied().collect()
}

/// How often something came up, by its name.
#[derive(Default)]
pub struct Tally(Mutex<BTreeMap<String, u64>>);

impl Tally {
    /// It came up once more.
    pub fn count(&self, what: impl Into<String>) {
        *self.0.lock().expect("no panic while counting").entry(what.into()).or_default() += 1;
    }

    /// How often it came up.
    pub fn of(&self, what: &str) -> u64 {
        self.0.lock().expect("no panic while counting").get(what).copied().unwrap_or_default()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let counts = self.0.lock().expect("no panic while counting");
        counts.iter().try_for_each(|(what, count)| writeln!(out, "{count:>8} {what}"))
    }
}

/// A number that an environment variable may set.
pub fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().expect("a whole number"))
}

/// Does something with `FBAS_<name>_NETWORKS` networks of at most `FBAS_<name>_ORGANIZATIONS` organisations, from the seed
/// `FBAS_<name>_SEED` on, on all cores; a failure names its seed.
pub fn for_each_network(
    name: &str,
    networks: u64,
    organizations: u64,
    work: impl Fn(u64, LargeNetwork, &Tally) + Sync,
) -> Tally {
    let setting = |what: &str, default| setting(&format!("FBAS_{name}_{what}"), default);
    let (first, count) = (setting("SEED", 0), setting("NETWORKS", networks));
    let organizations = setting("ORGANIZATIONS", organizations) as usize;
    let tally = Tally::default();
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (work, tally) = (&work, &tally);
            scope.spawn(move || {
                for seed in (first..first + count).skip(worker).step_by(workers) {
                    let attempt = || work(seed, LargeNetwork::of(seed, organizations), tally);
                    if let Err(panic) = catch_unwind(AssertUnwindSafe(attempt)) {
                        eprintln!(
                            "FBAS_{name}_SEED={seed} FBAS_{name}_NETWORKS=1 FBAS_{name}_ORGANIZATIONS={organizations} \
                             shows the failure again"
                        );
                        resume_unwind(panic);
                    }
                }
            });
        }
    });
    println!("{count} networks of up to {organizations} organisations, from seed {first}:\n{tally}");
    tally
}
