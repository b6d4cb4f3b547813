//! Cancelled at any moment: whichever question of the budget is answered with "stop", and even if later ones are not, an analysis ends
//! with that or with the answer that it would have given anyway. Its answers alone are held against brute force by `tests/oracle.rs`.

#[allow(dead_code)] // Only networks are taken from it.
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    blocking_sets, history_critical, quorum_intersection, quorums, splitting_sets, symmetric_top_tier,
    top_tier, AnalysisError, MinimalSet, Options, Techniques,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::network::{GroupBy, Network, UnknownNodes};

use support::brute_force::Oracle;
use support::{random_networks, Format, GROUPINGS};

const NETWORKS: u64 = 60;

/// A budget that somebody cancels at its k-th question, and only then; and how often it was asked.
fn cancelled_at(k: usize, threads: usize) -> (Budget, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let of_closure = asked.clone();
    let budget =
        Budget::unlimited().with_cancellation(move || of_closure.fetch_add(1, Ordering::SeqCst) == k);
    (budget.with_threads(threads), asked)
}

type Analysis = fn(&Network, &Options, &Budget) -> Result<String, AnalysisError>;
type Sizes = fn(&Network, &Options, &Budget) -> Result<MinimalSet, AnalysisError>;

const ANALYSES: [Analysis; 7] = [
    |network, options, budget| {
        quorum_intersection(network, options, budget).map(|found| format!("{found:?}"))
    },
    |network, options, budget| quorums(network, options, budget).map(|found| format!("{found:?}")),
    |network, options, budget| top_tier(network, options, budget).map(|found| format!("{found:?}")),
    |network, options, budget| blocking_sets(network, options, budget).map(|found| format!("{found:?}")),
    |network, options, budget| splitting_sets(network, options, budget).map(|found| format!("{found:?}")),
    |network, options, budget| history_critical(network, options, budget).map(|found| format!("{found:?}")),
    |network, options, budget| symmetric_top_tier(network, options, budget).map(|found| format!("{found:?}")),
];

const SIZES: [Sizes; 4] = [
    |network, options, budget| quorums(network, options, budget).map(|found| found.set),
    |network, options, budget| blocking_sets(network, options, budget).map(|found| found.set),
    |network, options, budget| splitting_sets(network, options, budget).map(|found| found.set),
    |network, options, budget| history_critical(network, options, budget).map(|found| found.set),
];

#[test]
fn whenever_it_is_cancelled_no_answer_is_wrong() {
    let (mut stopped, mut open) = (0, 0);
    for seed in 0..NETWORKS {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let organizations = small.organizations_json();
        let nodes = small.nodes_json(&order, Format::Nodes);
        let network = Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes))
            .expect("valid input");
        let grouping = *GROUPINGS.choose(&mut random).expect("one");
        let is_free = random.random_bool(0.5);
        let mut techniques = Techniques::default();
        if random.random_bool(0.5) {
            (techniques.bounds, techniques.counting) = (false, false);
        }
        let options = Options::default()
            .with_group_by(grouping.name().map_or(GroupBy::Node, GroupBy::named))
            .with_unknown_nodes(if is_free { UnknownNodes::Free } else { UnknownNodes::Dead })
            .with_limit(random.random_bool(0.5).then_some(5))
            .with_techniques(techniques);
        let threads = 1 + (seed % 2) as usize;
        for (index, analysis) in ANALYSES.iter().enumerate() {
            let answer = analysis(&network, &options, &Budget::unlimited()).expect("an answer");
            for k in 0.. {
                let (budget, asked) = cancelled_at(k, threads);
                match analysis(&network, &options, &budget) {
                    Ok(found) => assert_eq!(found, answer, "seed {seed}, analysis {index}, question {k}"),
                    Err(AnalysisError::Stopped(Stop::Cancelled)) => stopped += 1,
                    Err(AnalysisError::StoppedBetween { stop: Stop::Cancelled, .. }) => stopped += 1,
                    Err(error) => panic!("seed {seed}, analysis {index}, question {k}: {error}"),
                }
                if asked.load(Ordering::SeqCst) <= k {
                    break;
                }
            }
        }
        let oracle = Oracle::reading(&small, is_free, 0, false);
        let splitting = oracle.splitting_sets(oracle.core);
        let truth = [
            oracle.smallest_quorum(grouping),
            Some(oracle.smallest_blocking(grouping)),
            oracle.smallest_splitting(&splitting, grouping),
            oracle.smallest_history_critical(grouping),
        ];
        let options = options.with_anytime(true);
        for (analysis, truth) in SIZES.iter().zip(truth) {
            for k in 0.. {
                let (budget, asked) = cancelled_at(k, threads);
                let found = analysis(&network, &options, &budget).expect("bounds");
                let context = format!("seed {seed}, question {k}: {found:?}, {truth:?}");
                match truth {
                    Some(size) => {
                        assert!(found.size.lower_bound() <= size, "{context}");
                        assert!(found.size.smallest_known().is_none_or(|found| found >= size), "{context}");
                    }
                    None => assert_eq!(found.size.smallest_known(), None, "{context}"),
                }
                if asked.load(Ordering::SeqCst) <= k {
                    assert_eq!(found.size.smallest_known(), truth, "{context}");
                    break;
                }
                if found.size.is_exact() {
                    assert_eq!(found.size.smallest_known(), truth, "{context}");
                }
                open += usize::from(!found.size.is_exact());
            }
        }
    }
    assert!(stopped > 3_000 && open > 1_000, "{stopped} {open}");
}
