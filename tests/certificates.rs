//! Certificates of thousands of small networks: what the analyses answer can be proven, and what is accepted is the truth. Certificates
//! and networks are tampered with at random; whatever is still accepted must be right by brute force.
//!
//! `FBAS_CERTIFICATES_NETWORKS` and `FBAS_CERTIFICATES_SEED` as in `tests/oracle.rs`.

#[allow(dead_code)] // Not everything the oracle knows is in certificates.
mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{json, Value};
use stellar_fbas::analysis::{
    critical_groups, full_analysis, perform_analysis, AnalysisError, BlockingSets, Candidates,
    HistoryCritical, Intersection, MinimalSet, Options, Quorums, Scope, Size, SplittingSets,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::certify::certify;
use stellar_fbas::network::{GroupBy, Network, UnknownNodes};
use stellar_fbas::verify::{verify, Certificate, Claim, Proof, Reading, Rejected, Statement, FORMAT};

use support::brute_force::Oracle;
use support::{key, keys, random_networks, Format, Grouping, Mask, SmallNetwork, GROUPINGS};

const NETWORKS: u64 = 1_500;

#[test]
fn every_answer_has_a_proof_and_what_is_accepted_is_true() {
    let first = std::env::var("FBAS_CERTIFICATES_SEED").map_or(0, |seed| seed.parse().expect("a number"));
    let networks = std::env::var("FBAS_CERTIFICATES_NETWORKS")
        .map_or(NETWORKS, |count| count.parse().expect("a number"));
    let counts: Vec<Counts> = std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(1, usize::from);
        let start = |worker: usize| {
            scope.spawn(move || examine((first..first + networks).skip(worker).step_by(workers)))
        };
        let started: Vec<_> = (0..workers).map(start).collect();
        started.into_iter().map(|worker| worker.join().expect("no disagreement")).collect()
    });
    let mut total = Counts::default();
    for counts in counts {
        counts.into_iter().for_each(|(what, count)| *total.entry(what).or_default() += count);
    }
    println!("{networks} networks: {total:#?}");
    let often =
        |what: &str| assert!(total.get(what).is_some_and(|&count| count > networks / 50), "{what} is seldom");
    for claim in [
        "noQuorum",
        "disjointQuorums",
        "quorumsIntersect",
        "smallestQuorum",
        "smallestBlockingSet",
        "smallestSplittingSet",
        "noSplittingSet",
        "topTier",
    ] {
        often(claim);
    }
    ["counting", "refutation", "refutation with quorums", "rejected", "accepted", "critical groups"]
        .into_iter()
        .for_each(often);
}

type Counts = BTreeMap<String, u64>;

fn examine(seeds: impl Iterator<Item = u64>) -> Counts {
    let mut counts = Counts::new();
    for seed in seeds {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let network = parse(&small);
        let options = options(&small, &mut random);
        let budget = Budget::unlimited();
        let certificate = match random.random_range(0..5) {
            0 => {
                let answer = perform_analysis(&network, &options, &budget).expect("an answer");
                certify(&answer, &network, &options, &budget)
            }
            1 => {
                let candidates =
                    *[Candidates::Groups, Candidates::StellarCore].choose(&mut random).expect("one");
                let answer = critical_groups(&network, candidates, &options, &budget).expect("an answer");
                let asked = answer.groups.iter().filter(|group| group.is_critical.is_some());
                *counts.entry("critical groups".into()).or_default() += asked.count() as u64;
                certify(&answer, &network, &options, &budget)
            }
            _ => {
                let answer = full_analysis(&network, &options, &budget).expect("an answer");
                certify(&answer, &network, &options, &budget)
            }
        };
        let certificate = certificate.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(certificate.unproven, Vec::<String>::new());
        let written = serde_json::to_value(&certificate).expect("JSON");
        let read: Certificate = serde_json::from_value(written.clone()).expect("a certificate");
        assert_eq!(read, certificate);
        assert_eq!(verify(&network, &read, &budget), Ok(()), "seed {seed}");
        for claim in &certificate.claims {
            assert!(is_true(claim, &small), "seed {seed}: {claim:?}");
            count(claim, &mut counts);
        }
        for _ in 0..20 {
            let (mut written, mut small) = (written.clone(), small.clone());
            if random.random_bool(0.8) {
                tamper(&mut written, &small, &mut random);
            } else {
                tamper_with_network(&mut small, &mut random);
            }
            let accepted = serde_json::from_value::<Certificate>(written)
                .ok()
                .filter(|certificate| verify(&parse(&small), certificate, &budget).is_ok());
            *counts.entry(if accepted.is_some() { "accepted" } else { "rejected" }.into()).or_default() += 1;
            for claim in accepted.iter().flat_map(|certificate| &certificate.claims) {
                assert!(is_true(claim, &small), "seed {seed}, tampered with: {claim:?}");
            }
        }
    }
    counts
}

fn parse(small: &SmallNetwork) -> Network {
    let order: Vec<usize> = (0..small.nodes.len()).collect();
    let nodes = small.nodes_json(&order, Format::Nodes);
    let organizations = small.organizations_json();
    Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes)).expect("valid input")
}

fn options(small: &SmallNetwork, random: &mut ChaCha8Rng) -> Options {
    let crashed = if random.random_bool(0.3) { random.random_range(0..1 << small.nodes.len()) } else { 0 };
    Options::default()
        .with_group_by(GROUPINGS.choose(random).expect("one").name().map_or(GroupBy::Node, GroupBy::named))
        .with_faulty_nodes(keys(crashed))
        .with_unknown_nodes(if random.random_bool(0.5) { UnknownNodes::Free } else { UnknownNodes::Dead })
        .with_scope(if random.random_bool(0.5) { Scope::All } else { Scope::Core })
        .with_ignore_one_node_quorums(random.random_bool(0.5))
}

// ---------------------------------------------------------------- the truth

/// Whether a claim is true, proof or not.
fn is_true(Claim { reading, statement }: &Claim, small: &SmallNetwork) -> bool {
    let mask = |nodes: &[String]| mask(small, nodes);
    let is_free = reading.unknown_nodes == UnknownNodes::Free;
    let faulty = mask(&reading.faulty_nodes);
    let as_it_is = Oracle::reading(small, is_free, faulty, reading.ignore_one_node_quorums);
    let gone = match reading.ignore_one_node_quorums {
        true => faulty | Oracle::new(small, is_free, faulty).stray_nodes(),
        false => faulty,
    };
    let changed = small.misconfigured(mask(&reading.misconfigured), gone);
    let oracle = match &reading.misconfigured[..] {
        [] => as_it_is,
        _ => Oracle::new(&changed, is_free, gone),
    };
    let grouping = |group_by: &Option<String>| grouping_of(group_by.as_deref());
    let diverging = |all: bool| if all { oracle.live } else { oracle.core };
    match statement {
        Statement::NoQuorum {} => !oracle.has_quorum(),
        Statement::DisjointQuorums { a, b } => {
            let (a, b) = (mask(a), mask(b));
            oracle.is_quorum(a) && oracle.is_quorum(b) && a & b == 0
        }
        Statement::QuorumsIntersect { .. } => oracle.has_quorum() && oracle.has_quorum_intersection(),
        Statement::SmallestQuorum { group_by, with_history: false, size, quorum, .. } => {
            oracle.is_quorum(mask(quorum)) && oracle.smallest_quorum(grouping(group_by)) == Some(*size)
        }
        Statement::SmallestQuorum { group_by, size, quorum, .. } => {
            oracle.is_quorum(mask(quorum))
                && oracle.smallest_history_critical(grouping(group_by)) == Some(*size)
        }
        Statement::SmallestBlockingSet { group_by, size, set, .. } => {
            oracle.blocks(mask(set)) && oracle.smallest_blocking(grouping(group_by)) == *size
        }
        Statement::SmallestSplittingSet { group_by, all, size, byzantine, a, b, .. } => {
            let (byzantine, a, b) = (mask(byzantine), mask(a), mask(b));
            let splitting = oracle.splitting_sets(diverging(*all));
            a & b & !byzantine == 0
                && [a, b].into_iter().all(|side| oracle.is_side(side, byzantine, diverging(*all)))
                && oracle.smallest_splitting(&splitting, grouping(group_by)) == Some(*size)
        }
        Statement::NoSplittingSet { all, .. } => {
            oracle.has_quorum() && oracle.splitting_sets(diverging(*all)).is_empty()
        }
        Statement::TopTier { members, .. } => {
            let named: Vec<String> = members.iter().map(|member| member.node.clone()).collect();
            mask(&named) == oracle.top_tier()
        }
    }
}

fn oracle_of<'a>(small: &'a SmallNetwork, options: &Options) -> Oracle<'a> {
    let is_free = options.unknown_nodes == UnknownNodes::Free;
    let ignores_one_node_quorums = options.ignore_one_node_quorums == Some(true);
    Oracle::reading(small, is_free, mask(small, &options.faulty_nodes), ignores_one_node_quorums)
}

fn mask(small: &SmallNetwork, nodes: &[String]) -> Mask {
    let all = 0..small.nodes.len();
    all.filter(|node| nodes.contains(&key(*node))).fold(0, |mask: Mask, node| mask | 1 << node)
}

fn grouping_of(name: Option<&str>) -> Grouping {
    GROUPINGS.into_iter().find(|grouping| grouping.name() == name).expect("no tampering makes another one")
}

// ---------------------------------------------------------------- ending early

/// A budget that somebody cancels at its k-th question, and only then; and whether it was asked that often.
fn cancelled_at(k: usize) -> (Budget, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let of_closure = asked.clone();
    let budget =
        Budget::unlimited().with_cancellation(move || of_closure.fetch_add(1, Ordering::SeqCst) == k);
    (budget, asked)
}

/// Claims without any work to prove them, most of which are wrong.
fn bold_claims() -> Vec<Statement> {
    let (none, proof) = (Vec::new, Proof::Counting);
    vec![
        Statement::NoQuorum {},
        Statement::QuorumsIntersect { proof: proof.clone() },
        Statement::NoSplittingSet { all: false, proof: proof.clone() },
        Statement::NoSplittingSet { all: true, proof: proof.clone() },
        Statement::TopTier { members: Vec::new(), others: Vec::new() },
        Statement::SmallestBlockingSet {
            group_by: None,
            size: 0,
            set: none(),
            rounds: Vec::new(),
            quorums: Vec::new(),
            proof,
        },
    ]
}

#[test]
fn nothing_false_is_accepted_or_certified_whenever_the_budget_ends() {
    let (mut stopped, mut certified) = (0, 0);
    for seed in 0..60 {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let (network, options) = (parse(&small), options(&small, &mut random));
        let answer = full_analysis(&network, &options, &Budget::unlimited()).expect("an answer");
        let certificate = certify(&answer, &network, &options, &Budget::unlimited()).expect("a certificate");
        let reading = Reading {
            unknown_nodes: options.unknown_nodes,
            faulty_nodes: options.faulty_nodes.clone(),
            ignore_one_node_quorums: options.ignore_one_node_quorums.unwrap_or_default(),
            misconfigured: Vec::new(),
        };
        let bold = bold_claims().into_iter().map(|statement| Claim { reading: reading.clone(), statement });
        for claim in certificate.claims.iter().cloned().chain(bold) {
            let alone = Certificate { claims: vec![claim.clone()], ..certificate.clone() };
            let verdict = verify(&network, &alone, &Budget::unlimited());
            for k in 0.. {
                let (budget, asked) = cancelled_at(k);
                let found = verify(&network, &alone, &budget);
                if asked.load(Ordering::SeqCst) <= k {
                    assert_eq!(found, verdict, "seed {seed}: nobody cancelled {claim:?}");
                    break;
                }
                let ended = Err(Rejected::Stopped(Stop::Cancelled));
                assert_eq!(found, ended, "seed {seed}, question {k}: {claim:?}");
                stopped += 1;
            }
            assert!(verdict.is_err() || is_true(&claim, &small), "seed {seed}: {claim:?}");
        }
        // Every question once more makes all the proofs again.
        for k in (0..).take_while(|_| seed % 6 == 0) {
            let anytime = options.clone().with_anytime(k % 2 == 0);
            let (budget, asked) = cancelled_at(k);
            match certify(&answer, &network, &anytime, &budget) {
                Err(AnalysisError::Stopped(Stop::Cancelled)) => stopped += 1,
                Err(error) => panic!("seed {seed}, question {k}: {error}"),
                Ok(found) => {
                    for claim in &found.claims {
                        assert!(is_true(claim, &small), "seed {seed}, question {k}: {claim:?}");
                        certified += 1;
                    }
                    assert_eq!(verify(&network, &found, &Budget::unlimited()), Ok(()));
                }
            }
            if asked.load(Ordering::SeqCst) <= k {
                break;
            }
        }
    }
    assert!(stopped > 5_000 && certified > 300, "{stopped} {certified}");
}

// ---------------------------------------------------------------- what occurs

fn count(claim: &Claim, counts: &mut Counts) {
    let written = serde_json::to_value(&claim.statement).expect("JSON");
    let mut note = |what: String| *counts.entry(what).or_default() += 1;
    note(written.as_object().and_then(|claim| claim.keys().next()).expect("a name").clone());
    let proofs: Vec<(&Proof, bool)> = match &claim.statement {
        Statement::SmallestBlockingSet { proof, quorums, .. } => vec![(proof, !quorums.is_empty())],
        Statement::TopTier { others, .. } => {
            others.iter().map(|other| (&other.proof, !other.quorums.is_empty())).collect()
        }
        Statement::QuorumsIntersect { proof }
        | Statement::SmallestQuorum { proof, .. }
        | Statement::SmallestSplittingSet { proof, .. }
        | Statement::NoSplittingSet { proof, .. } => vec![(proof, false)],
        Statement::NoQuorum {} | Statement::DisjointQuorums { .. } => Vec::new(),
    };
    for (proof, has_quorums) in proofs {
        note(match proof {
            Proof::Counting => "counting".into(),
            Proof::Refutation { .. } if has_quorums => "refutation with quorums".into(),
            Proof::Refutation { .. } => "refutation".into(),
        });
    }
}

// ---------------------------------------------------------------- tampering

/// Changes something somewhere in a certificate.
fn tamper(certificate: &mut Value, small: &SmallNetwork, random: &mut ChaCha8Rng) {
    let paths = paths(certificate);
    let path = paths.choose(random).expect("a place").clone();
    let value = certificate.pointer_mut(&path).expect("a place");
    match value {
        Value::Bool(truth) => *truth = !*truth,
        Value::Number(number) => {
            let number = number.as_u64().expect("a size");
            *value = json!(if random.random_bool(0.5) { number + 1 } else { number.saturating_sub(1) });
        }
        Value::Array(items) => match random.random_range(0..3) {
            0 if !items.is_empty() => drop(items.remove(random.random_range(0..items.len()))),
            1 if !items.is_empty() => items.push(items[random.random_range(0..items.len())].clone()),
            _ => items.push(json!(key(random.random_range(0..small.nodes.len())))),
        },
        Value::String(_) if path.ends_with("/groupBy") => *value = Value::Null,
        Value::Null => *value = json!("country"),
        Value::String(text) if path.ends_with("/unknownNodes") => {
            *text = if text == "free" { "dead" } else { "free" }.into();
        }
        Value::String(text) if path.ends_with("/proof") || path.ends_with("/formula") => {
            *text = edit(text, random)
        }
        Value::String(text) => *text = key(random.random_range(0..small.nodes.len())),
        Value::Object(object) => {
            let counting = json!("counting");
            match object.get("proof") {
                Some(Value::Object(_)) => drop(object.insert("proof".into(), counting)),
                _ => drop(object.insert("proof".into(), json!(""))),
            }
        }
    }
}

/// The places in a value at which something can be changed.
fn paths(value: &Value) -> Vec<String> {
    let inside =
        |name: String, value: &Value| paths(value).into_iter().map(move |path| format!("/{name}{path}"));
    let mut found = vec![String::new()];
    match value {
        Value::Object(object) => {
            found.extend(
                object.iter().flat_map(|(name, value)| inside(name.clone(), value)).collect::<Vec<_>>(),
            );
        }
        Value::Array(items) => {
            found
                .extend(items.iter().enumerate().flat_map(|(index, value)| inside(index.to_string(), value)));
        }
        _ => {}
    }
    found
}

/// Flips, drops or adds a literal or a line.
fn edit(text: &str, random: &mut ChaCha8Rng) -> String {
    let mut lines: Vec<Vec<String>> =
        text.lines().map(|line| line.split(' ').map(String::from).collect()).collect();
    if lines.is_empty() {
        return "1 0\n".into();
    }
    let at = random.random_range(0..lines.len());
    let line = &mut lines[at];
    let word = random.random_range(0..line.len());
    match random.random_range(0..6) {
        0 => line[word] = line[word].strip_prefix('-').map_or(format!("-{}", line[word]), String::from),
        1 => drop(line.remove(word)),
        2 => line.insert(word, random.random_range(1..9).to_string()),
        3 => drop(lines.remove(at)),
        4 => lines.insert(at, vec![random.random_range(1..9).to_string(), "0".into()]),
        _ => {
            let other = random.random_range(0..lines.len());
            lines.swap(at, other);
        }
    }
    lines.into_iter().map(|line| line.join(" ") + "\n").collect()
}

/// Changes a threshold or takes somebody out of a quorum set.
fn tamper_with_network(small: &mut SmallNetwork, random: &mut ChaCha8Rng) {
    let node = random.random_range(0..small.nodes.len());
    let spoil = random.random_range(0..3);
    let Some(set) = &mut small.nodes[node].quorum_set else { return };
    match spoil {
        0 => set.threshold = set.threshold.min(1 << 50) + 1,
        1 => set.threshold = set.threshold.saturating_sub(1),
        _ => drop(set.validators.pop()),
    }
}

// ---------------------------------------------------------------- wrong answers

/// What is larger than it need be, or said to be missing when it is there, is contradicted by whatever tries to prove it.
#[test]
fn a_wrong_answer_cannot_be_certified() {
    let mut refused = Counts::new();
    for seed in 0..5_000 {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let network = parse(&small);
        let options = options(&small, &mut random);
        let budget = Budget::unlimited();
        let right = full_analysis(&network, &options, &budget).expect("an answer");
        let oracle = oracle_of(&small, &options);
        let all = 0..1 << small.nodes.len();
        let cost = |set: Mask| small.groups(set, grouping_of(options.group_by.name())).len() as u32;
        let good = |set: Mask| cost(oracle.good_history(set));
        let mut refuse = |what: &str, error: Option<AnalysisError>| {
            let error = error.unwrap_or_else(|| panic!("seed {seed}: a wrong {what} was certified"));
            assert!(matches!(error, AnalysisError::Internal(_)), "{error}");
            *refused.entry(what.into()).or_default() += 1;
        };
        /// Certifies an answer, and expects to fail.
        macro_rules! refuse {
            ($what:literal, $answer:expr) => {
                refuse($what, certify(&$answer, &network, &options, &budget).err())
            };
        }

        let larger = |is_one: &dyn Fn(Mask) -> bool, cost: &dyn Fn(Mask) -> u32, least: Option<u32>| {
            let sets = all.clone().filter(|&set| is_one(set) && Some(cost(set)) > least);
            let sets: Vec<Mask> = sets.filter(|set| set & !oracle.live == 0).collect();
            (least.is_some()).then(|| sets.choose(&mut random_networks::random(seed)).copied()).flatten()
        };
        let forged = |set: Mask, size: u32| MinimalSet {
            size: Size::Exactly(size),
            example_nodes: keys(set),
            ..MinimalSet::default()
        };

        let least = right.blocking_sets.value.set.size.smallest_known();
        if let Some(set) = larger(&|set| oracle.blocks(set), &cost, least) {
            refuse!("blocking set", BlockingSets { set: forged(set, cost(set)) });
        }
        let quorums = &right.quorums.value;
        if let Some(set) = larger(&|set| oracle.is_quorum(set), &cost, quorums.set.size.smallest_known()) {
            refuse!("quorum", Quorums { set: forged(set, cost(set)), ..quorums.clone() });
        }
        let least = right.history_critical.value.set.size.smallest_known();
        if let Some(set) = larger(&|set| oracle.is_quorum(set), &good, least) {
            refuse!(
                "history-critical set",
                HistoryCritical { set: forged(set, good(set)), quorum: keys(set) }
            );
        }
        if oracle.has_quorum() && !oracle.has_quorum_intersection() {
            let wrong = Intersection::Proven;
            refuse!("intersection", wrong);
        }
        let diverging = if options.scope == Scope::All { oracle.live } else { oracle.core };
        let splitting = oracle.splitting_sets(diverging);
        let right_split = &right.splitting_sets.value;
        if oracle.has_quorum() && !splitting.is_empty() {
            let none = MinimalSet { size: Size::NoSet, ..MinimalSet::default() };
            refuse!("lack of splitting sets", SplittingSets { set: none, ..right_split.clone() });
        }
        if let Some(byzantine) =
            larger(&|set| splitting.contains(&set), &cost, right_split.set.size.smallest_known())
        {
            let sides = |&side: &Mask| oracle.is_side(side, byzantine, diverging);
            let sides: Vec<Mask> = all.clone().filter(sides).collect();
            let pairs = sides.iter().flat_map(|&a| sides.iter().map(move |&b| (a, b)));
            let (a, b) = pairs.into_iter().find(|(a, b)| a & b & !byzantine == 0).expect("it splits");
            let set = forged(byzantine, cost(byzantine));
            refuse!(
                "splitting set",
                SplittingSets { set, quorum_a: keys(a), quorum_b: keys(b), ..right_split.clone() }
            );
        }
        let mut top_tier = right.top_tier.value.clone();
        if top_tier.top_tier.pop().is_some() {
            refuse!("top tier", top_tier);
        }
        let mut critical =
            critical_groups(&network, Candidates::Groups, &options, &budget).expect("an answer");
        if let Some(group) = critical.groups.iter_mut().find(|group| group.is_critical == Some(true)) {
            (group.is_critical, group.disjoint_quorums) = (Some(false), None);
            refuse!("critical group", critical);
        }
    }
    println!("{refused:#?}");
    assert!(refused.len() == 8 && refused.values().all(|&count| count > 20), "{refused:?}");
}

// ---------------------------------------------------------------- large networks and certificates

#[test]
fn a_certificate_of_too_many_values_is_refused_before_it_takes_memory() {
    let text = format!("{{\"claims\": [{}]}}", vec!["{}"; 4 << 20].join(","));
    let error = Certificate::parse(text.as_bytes()).expect_err("too many values").to_string();
    assert_eq!(error, "certificate: expected at most 8388608 values in one JSON text");
}

/// Whose proofs would be too large, or take too long, gets none; neither takes more than it may.
#[test]
fn large_networks_have_a_proof_in_time_or_none() {
    let many = 400;
    let named = |from: usize| (0..many).map(move |node| key((from + node) % many)).take(many - 1);
    // Everybody asks for something else, and each entry is listed twice, so that counting proves nothing.
    let node = |node: usize| {
        let validators: Vec<String> = named(node).chain(named(node)).collect();
        json!({ "publicKey": key(node), "quorumSet": { "threshold": many + 10, "validators": validators } })
    };
    let flat: Value = (0..many).map(node).collect();
    // Of a chain, one node leaves after the other.
    let link = |node: usize| {
        let next = key((node + 1) % 90_000);
        json!({ "publicKey": key(node), "quorumSet": { "threshold": 1 + node / 89_999, "validators": [next] } })
    };
    let chain: Value = (0..90_000).map(link).collect();
    let answer = Intersection::Proven;
    for (network, may_be_too_large) in [(flat, true), (chain, false)] {
        let network = Network::parse(network.to_string().as_bytes(), None).expect("valid input");
        for anytime in [false, true] {
            let options = Options::default().with_anytime(anytime);
            let budget = Budget::unlimited().with_time_limit(std::time::Duration::from_millis(200));
            match certify(&answer, &network, &options, &budget) {
                Err(AnalysisError::TooLargeToProve { .. }) => assert!(may_be_too_large && !anytime),
                Err(error) => assert!(error.is_stopped() && !anytime, "{error}"),
                Ok(certificate) => {
                    assert!(anytime);
                    assert_eq!(certificate.unproven, ["quorumIntersection"]);
                }
            }
        }
        let claims = vec![Claim {
            reading: Reading {
                unknown_nodes: UnknownNodes::Dead,
                faulty_nodes: Vec::new(),
                ignore_one_node_quorums: false,
                misconfigured: Vec::new(),
            },
            statement: Statement::QuorumsIntersect { proof: Proof::Counting },
        }];
        let certificate =
            Certificate { format: FORMAT.into(), engine: String::new(), claims, unproven: Vec::new() };
        let budget = Budget::unlimited().with_time_limit(std::time::Duration::from_millis(200));
        assert!(verify(&network, &certificate, &budget).is_err());
    }
}
