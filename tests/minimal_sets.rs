//! Counts and lists of all minimal sets on networks that are too large to enumerate: closed forms, both ways of finding the sets, and
//! what becomes of them when time runs out.

use std::collections::BTreeMap;
use std::time::Duration;

use families::{Deviation, Generated};
use fastrand::Rng;
use num_bigint::BigUint;
use serde_json::Value;
use stellar_fbas::analysis::{
    blocking_sets, history_critical, minimal_sets, quorums, splitting_sets, AnalysisError, MinimalSet,
    Options, Scope, SetsOf, Techniques,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::network::{GroupBy, Network};

fn binomial(n: u32, k: u32) -> BigUint {
    (0..k).fold(BigUint::from(1u32), |product, step| product * (n - step) / (step + 1))
}

/// C(k, chosen) sets of so many organisations of three, each with `members` of its nodes chosen in three ways.
fn of_organizations(k: u32, chosen: u32, group_by: &GroupBy) -> BigUint {
    let ways = if *group_by == GroupBy::Node { BigUint::from(3u32).pow(chosen) } else { 1u32.into() };
    binomial(k, chosen) * ways
}

fn check(set: MinimalSet, size: u32, total: &BigUint, what: &str) {
    let counts = set.counts.expect("counted");
    assert_eq!(&counts.total, total, "{what}");
    assert_eq!(counts.sizes, [(size, total.clone())], "{what}");
    assert_eq!(set.size.smallest_known(), Some(size), "{what}");
    let list = set.list.expect("asked for");
    assert_eq!(list.sets.len() as u64, u64::try_from(total).unwrap_or(u64::MAX).min(10), "{what}");
    assert!(list.sets.windows(2).all(|pair| pair[0] < pair[1]), "{what}: in order of names");
    // Everybody is as good as everybody else: n members in all, each in size / n of the sets.
    let members = BigUint::from(counts.occurrences.len());
    for (name, count) in &counts.occurrences {
        assert_eq!(count * &members, total * size, "{name} in {what}");
    }
}

#[test]
fn symmetric_networks_follow_the_closed_forms() {
    let budget = Budget::unlimited();
    for (k, threshold) in [(4, 3), (7, 5), (13, 9), (30, 21), (100, 67), (60, 60)] {
        let network = families::symmetric(k as usize, 3, threshold as usize).network().expect("valid");
        for group_by in [GroupBy::Node, GroupBy::Organization] {
            let options = Options::default().with_limit(10).with_group_by(group_by.clone());
            let what = format!("{threshold} of {k} organisations by {group_by:?}");
            // By node, two of three in every organisation of a quorum, and in every one that is blocked.
            let nodes = if group_by == GroupBy::Node { 2 } else { 1 };
            let total = of_organizations(k, threshold, &group_by);
            check(
                quorums(&network, &options, &budget).expect("no limit").set,
                nodes * threshold,
                &total,
                &what,
            );
            check(
                history_critical(&network, &options, &budget).expect("no limit").set,
                nodes * threshold,
                &total,
                &what,
            );
            let halted = k - threshold + 1;
            let total = of_organizations(k, halted, &group_by);
            check(
                blocking_sets(&network, &options, &budget).expect("no limit").set,
                nodes * halted,
                &total,
                &what,
            );
            let shared = 2 * threshold - k;
            let total = of_organizations(k, shared, &group_by);
            for scope in [Scope::Core, Scope::All] {
                let options = options.clone().with_scope(scope);
                check(
                    splitting_sets(&network, &options, &budget).expect("no limit").set,
                    shared,
                    &total,
                    &what,
                );
            }
        }
    }
}

#[test]
fn flat_networks_follow_the_closed_forms() {
    let budget = Budget::unlimited();
    for (n, threshold) in [(5, 3), (40, 21), (100, 67), (200, 151)] {
        let network = families::flat(n as usize, threshold as usize).network().expect("valid");
        let options = Options::default().with_limit(10);
        let what = format!("{threshold} of {n} nodes");
        check(
            quorums(&network, &options, &budget).expect("no limit").set,
            threshold,
            &binomial(n, threshold),
            &what,
        );
        let halted = n - threshold + 1;
        check(
            blocking_sets(&network, &options, &budget).expect("no limit").set,
            halted,
            &binomial(n, halted),
            &what,
        );
        let shared = 2 * threshold - n;
        check(
            splitting_sets(&network, &options, &budget).expect("no limit").set,
            shared,
            &binomial(n, shared),
            &what,
        );
    }
}

/// Diagrams and formulas share next to nothing.
#[test]
fn diagrams_and_formulas_find_the_same_sets() {
    let budget = Budget::unlimited();
    for seed in 0..4 {
        for deviate in [0.0, 0.3] {
            let deviation = Deviation { drop: 0.2, adapts: false, deviate };
            let network = families::almost_symmetric(6, deviation, seed).network().expect("valid");
            for group_by in [GroupBy::Node, GroupBy::Organization] {
                for of in [SetsOf::Quorums, SetsOf::Blocking, SetsOf::Splitting, SetsOf::HistoryCritical] {
                    let found = |techniques: Techniques| {
                        let options =
                            Options::default().with_group_by(group_by.clone()).with_techniques(techniques);
                        let mut all = minimal_sets(&network, of, &options, &budget).expect("no limit");
                        let mut sets = Vec::new();
                        while let Some(set) = all.next_set(&budget).expect("no limit") {
                            sets.push(set);
                        }
                        (sets, all.counts(&budget).expect("no limit"))
                    };
                    let formulas = found(Techniques { diagrams: false, ..Techniques::default() });
                    assert_eq!(
                        found(Techniques::default()),
                        formulas,
                        "{of:?} by {group_by:?}, {deviation:?}, seed {seed}"
                    );
                }
            }
        }
    }
}

/// Too large for a diagram, and too hard for formulas in the time.
fn hard() -> Network {
    let deviation = Deviation { drop: 0.1, adapts: false, deviate: 0.0 };
    families::almost_symmetric(24, deviation, 1).network().expect("valid")
}

#[test]
fn when_time_runs_out_a_list_is_an_error_or_with_anytime_not_complete() {
    let network = hard();
    let options = Options::default().with_limit(10);
    let short = || Budget::unlimited().with_time_limit(Duration::from_millis(1_500));
    match splitting_sets(&network, &options, &short()) {
        Err(AnalysisError::StoppedBetween { stop: Stop::Timeout, lower, upper }) => {
            assert_eq!(Some(lower), upper)
        }
        other => panic!("{other:?}"),
    }
    let found = splitting_sets(&network, &options.with_anytime(true), &short()).expect("bounds").set;
    assert!(
        found.size.is_exact() && found.size.smallest_known().is_some(),
        "the smallest set is known all the same"
    );
    assert!(!found.list.expect("asked for").is_complete);
    assert_eq!(found.counts, None);
    // Who does not ask for a list does not wait for counts.
    let found = splitting_sets(&network, &Options::default(), &short()).expect("the smallest set").set;
    assert_eq!((found.list, found.counts), (None, None));
}

#[test]
fn counts_without_a_list_and_an_iterator_without_an_end() {
    let budget = Budget::unlimited();
    let network = families::symmetric(100, 3, 67).network().expect("valid");
    let set = quorums(&network, &Options::default().with_limit(0), &budget).expect("no limit").set;
    assert!(set.list.is_some_and(|list| list.sets.is_empty() && !list.is_complete));
    assert_eq!(set.counts.expect("counted").total, of_organizations(100, 67, &GroupBy::Node));
    let mut all = minimal_sets(&network, SetsOf::Quorums, &Options::default(), &budget).expect("no limit");
    let first: Vec<_> = (0..100).filter_map(|_| all.next_set(&budget).expect("no limit")).collect();
    assert_eq!(first.len(), 100);
    assert!(first.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn a_list_of_too_many_members_is_refused_and_nothing_else_is() {
    let budget = Budget::unlimited();
    let network = families::flat(2_500, 1_700).network().expect("valid");
    let options = Options::default().with_limit(1);
    let refused = AnalysisError::TooManyToList { members: 2_500, most: 2_000 };
    assert_eq!(blocking_sets(&network, &options, &budget), Err(refused.clone()));
    assert_eq!(minimal_sets(&network, SetsOf::Quorums, &options, &budget).err(), Some(refused));
    assert_eq!(
        blocking_sets(&network, &Options::default(), &budget).expect("a size").set.size.smallest_known(),
        Some(801)
    );
    // Small enough to list, and deep for what recurs; its numbers would take too much memory.
    let network = families::flat(1_900, 1_800).network().expect("valid");
    let set = blocking_sets(&network, &options, &budget).expect("a list").set;
    assert_eq!(set.list.expect("asked for").sets.len(), 1);
    assert!(set.counts.is_none_or(|counts| counts.total == binomial(1_900, 101)));
}

/// The network with its public keys exchanged at random.
fn renamed(generated: &Generated, random: &mut Rng) -> Network {
    let keys: Vec<String> =
        generated.nodes.iter().filter_map(|node| node["publicKey"].as_str().map(str::to_string)).collect();
    let mut new_keys = keys.clone();
    random.shuffle(&mut new_keys);
    let new: BTreeMap<&String, &String> = keys.iter().zip(&new_keys).collect();
    let text = |value: &Value| -> Value { rename(value, &new) };
    let nodes = generated.nodes.iter().map(text).collect();
    let organizations = generated.organizations.iter().map(text).collect();
    Generated { nodes, organizations }.network().expect("valid")
}

fn rename(value: &Value, new: &BTreeMap<&String, &String>) -> Value {
    match value {
        Value::String(text) => Value::from(new.get(text).map_or(text.as_str(), |key| key.as_str())),
        Value::Array(items) => items.iter().map(|item| rename(item, new)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, field)| (name.clone(), rename(field, new))).collect()
        }
        other => other.clone(),
    }
}

#[test]
fn whether_sets_are_counted_unasked_does_not_hang_on_names() {
    let mut random = Rng::with_seed(1);
    let budget = Budget::unlimited();
    let options = Options::default();
    let mut seen = [false; 2];
    for (organizations, drop, deviate) in [(6, 0.2, 0.2), (6, 0.1, 0.5), (7, 0.2, 0.0), (8, 0.2, 0.0)] {
        for seed in 0..8 {
            let deviation = Deviation { drop, adapts: seed % 2 == 0, deviate };
            let generated = families::almost_symmetric(organizations, deviation, seed);
            type Ask = fn(&Network, &Options, &Budget) -> bool;
            let questions: [(&str, Ask); 3] = [
                ("quorums", |n, o, b| quorums(n, o, b).expect("no limit").set.counts.is_some()),
                ("blocking sets", |n, o, b| blocking_sets(n, o, b).expect("no limit").set.counts.is_some()),
                ("splitting sets", |n, o, b| splitting_sets(n, o, b).expect("no limit").set.counts.is_some()),
            ];
            for (name, is_counted) in questions {
                let counted: Vec<bool> = (0..4)
                    .map(|_| is_counted(&renamed(&generated, &mut random), &options, &budget))
                    .collect();
                let what = format!("{name}, {organizations} organisations, {drop}, {deviate}, {seed}");
                assert!(counted.iter().all(|&is| is == counted[0]), "{what}");
                seen[usize::from(counted[0])] = true;
            }
        }
    }
    assert_eq!(seen, [true; 2], "some are counted, some are not");
}
