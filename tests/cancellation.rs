//! Cancelled at any moment: whichever question of the budget is answered with "stop", and even if later ones are not, an analysis ends
//! with that or with the answer that it would have given anyway. Its answers alone are held against brute force by `tests/oracle.rs`.

#[allow(dead_code)] // Only networks are taken from it.
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;

use rand::seq::IndexedRandom;
use rand::Rng;
use stellar_fbas::analysis::{
    blocking_sets, core, critical_groups, every_node, full_analysis, history_critical, intact_nodes,
    one_node, perform_analysis, quorum_intersection, quorums, rollout, splitting_sets, symmetric_top_tier,
    top_tier, AnalysisError, Candidates, Floors, Intersection, MinimalSet, OneNode, Options, Size, Stage,
    Techniques,
};
use stellar_fbas::budget::{Budget, Stop};
use stellar_fbas::network::{GroupBy, Network, Transition, UnknownNodes};

use support::brute_force::Oracle;
use support::{random_networks, Format, GROUPINGS};

const NETWORKS: u64 = 60;
/// Of so many networks one is asked everything: the larger questions ask their budget hundreds of times, and each time is one to be stopped at.
const ASKED_EVERYTHING: u64 = 6;
/// The analyses that ask little.
const SMALL: usize = 8;

/// A budget that somebody cancels at its k-th question, and only then; and how often it was asked.
fn cancelled_at(k: usize, threads: usize) -> (Budget, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let of_closure = asked.clone();
    let budget =
        Budget::unlimited().with_cancellation(move || of_closure.fetch_add(1, Ordering::SeqCst) == k);
    (budget.with_threads(threads), asked)
}

/// What is analysed: a network, and for plans what becomes of it.
struct Case {
    network: Network,
    transition: Transition,
    /// The key of one of its nodes.
    node: String,
}

const FLOORS: Floors = Floors { blocking: 2, splitting: 2 };

type Analysis = fn(&Case, &Options, &Budget) -> Result<String, AnalysisError>;
type Sizes = fn(&Network, &Options, &Budget) -> Result<MinimalSet, AnalysisError>;

macro_rules! told {
    ($answer:expr) => {
        $answer.map(|found| format!("{found:?}"))
    };
}

const ANALYSES: [Analysis; 14] = [
    |case, options, budget| told!(quorum_intersection(&case.network, options, budget)),
    |case, options, budget| told!(quorums(&case.network, options, budget)),
    |case, options, budget| told!(top_tier(&case.network, options, budget)),
    |case, options, budget| told!(blocking_sets(&case.network, options, budget)),
    |case, options, budget| told!(splitting_sets(&case.network, options, budget)),
    |case, options, budget| told!(history_critical(&case.network, options, budget)),
    |case, options, budget| told!(symmetric_top_tier(&case.network, options, budget)),
    |case, options, budget| told!(core(&case.network, options, budget)),
    |case, options, budget| told!(every_node(&case.network, options, budget)),
    |case, options, budget| told!(intact_nodes(&case.network, &[&case.node], options, budget)),
    |case, options, budget| told!(critical_groups(&case.network, Candidates::StellarCore, options, budget)),
    |case, options, budget| told!(rollout(&case.transition, &GroupBy::Node, FLOORS, options, budget)),
    |case, options, budget| told!(perform_analysis(&case.network, options, budget)),
    // But for the time that it took.
    |case, options, budget| {
        told!(full_analysis(&case.network, options, budget).map(|full| (
            (full.top_tier.value, full.symmetric_top_tier.value, full.blocking_sets.value),
            (full.splitting_sets.value, full.quorums.value, full.history_critical.value),
            full.findings,
        )))
    },
];

const SIZES: [Sizes; 4] = [
    |network, options, budget| quorums(network, options, budget).map(|found| found.set),
    |network, options, budget| blocking_sets(network, options, budget).map(|found| found.set),
    |network, options, budget| splitting_sets(network, options, budget).map(|found| found.set),
    |network, options, budget| history_critical(network, options, budget).map(|found| found.set),
];

/// What is said with `anytime`, a claim at a time; said of the same as long as the same is asked.
#[derive(Debug, Clone, PartialEq)]
enum Claim {
    Size(Size),
    /// Something that is so, if it is said.
    Fact(Option<String>),
    /// Some of those who are.
    Among(Vec<String>),
}

impl Claim {
    /// Something that is said for sure where it is proven.
    fn proven(is_exact: bool, what: impl std::fmt::Debug) -> Self {
        Claim::Fact(is_exact.then(|| format!("{what:?}")))
    }

    fn is_open(&self) -> bool {
        match self {
            Claim::Size(size) => !size.is_exact(),
            Claim::Fact(fact) => fact.is_none(),
            Claim::Among(_) => false,
        }
    }

    /// Whether it is so, if all that is so is this.
    fn is_so(&self, truth: &Claim) -> bool {
        match (self, truth) {
            (Claim::Size(size), Claim::Size(truth)) => match truth.smallest_known() {
                _ if size.is_exact() => size == truth,
                None => size.smallest_known().is_none(),
                Some(least) => {
                    size.lower_bound() <= least && size.smallest_known().is_none_or(|known| known >= least)
                }
            },
            (Claim::Fact(fact), truth) => fact.is_none() || self == truth,
            (Claim::Among(some), Claim::Among(all)) => some.iter().all(|one| all.contains(one)),
            _ => false,
        }
    }
}

fn claims_of_node(one: OneNode) -> Vec<Claim> {
    let OneNode { is_in_top_tier, halting, v_blocking, splitting, .. } = &one;
    vec![
        Claim::Fact(is_in_top_tier.map(|is| is.to_string())),
        Claim::Size(halting.size),
        Claim::Size(v_blocking.size),
        Claim::Size(splitting.set.size),
        Claim::proven(true, (one.is_in_quorum, one.is_in_core, &one.dependents, &one.reach)),
    ]
}

fn claims_of_stage(stage: Stage) -> Vec<Claim> {
    vec![
        // Said only where it is proven.
        Claim::Fact(stage.has_quorum_intersection.then(|| "quorums intersect".into())),
        Claim::proven(stage.is_exact, stage),
    ]
}

fn verdict(intersection: &Intersection) -> Claim {
    Claim::proven(
        intersection.is_exact(),
        (intersection.has_quorum(), intersection.has_quorum_intersection()),
    )
}

/// What must not be wrong.
type Claims = fn(&Case, &Options, &Budget) -> Result<Vec<Claim>, AnalysisError>;

const CLAIMS: [Claims; 7] = [
    |case, options, budget| Ok(vec![verdict(&quorum_intersection(&case.network, options, budget)?)]),
    |case, options, budget| {
        let found = top_tier(&case.network, options, budget)?;
        Ok(vec![Claim::proven(found.is_exact, &found.top_tier), Claim::Among(found.top_tier)])
    },
    |case, options, budget| {
        let node = case.network.node(&case.node).expect("a node");
        Ok(claims_of_node(one_node(&case.network, node, options, budget)?))
    },
    |case, options, budget| {
        Ok(every_node(&case.network, options, budget)?.into_iter().flat_map(claims_of_node).collect())
    },
    |case, options, budget| {
        let found = intact_nodes(&case.network, &[&case.node], options, budget)?;
        Ok(vec![Claim::proven(found.is_exact, &found), Claim::Among(found.intact)])
    },
    |case, options, budget| {
        let found = critical_groups(&case.network, Candidates::StellarCore, options, budget)?;
        let groups = found.groups.iter().map(|group| Claim::Fact(group.is_critical.map(|is| is.to_string())));
        Ok(groups.chain([verdict(&found.intersection)]).collect())
    },
    |case, options, budget| {
        let found = rollout(&case.transition, &GroupBy::Node, FLOORS, options, budget)?;
        let stages = [found.before, found.after].into_iter().flat_map(claims_of_stage);
        let plan = &found.plan;
        // Which order is found may hang on the time, but how many rounds it has does not.
        let rounds = plan.rounds.as_ref().map(Vec::len);
        let proven = [
            Claim::Fact(plan.any_order_is_safe.map(|is| is.to_string())),
            Claim::Fact(plan.all_at_once.then(|| "all at once".into())),
            Claim::proven(plan.is_exact, (&plan.units, rounds, plan.all_at_once)),
        ];
        Ok(proven.into_iter().chain(stages).collect())
    },
];

#[test]
fn whenever_it_is_cancelled_no_answer_is_wrong() {
    let (mut stopped, mut open, mut open_claims, mut proven_claims) = (0, 0, 0, 0);
    for seed in 0..NETWORKS {
        let mut random = random_networks::random(seed);
        let small = random_networks::network(&mut random);
        let order: Vec<usize> = (0..small.nodes.len()).collect();
        let organizations = small.organizations_json();
        let nodes = small.nodes_json(&order, Format::Nodes);
        let network = Network::parse(nodes.as_bytes(), organizations.as_deref().map(str::as_bytes))
            .expect("valid input");
        let later = random_networks::network(&mut random_networks::random(seed ^ 0xA57E12));
        let order: Vec<usize> = (0..later.nodes.len()).collect();
        let later = Network::parse(later.nodes_json(&order, Format::Nodes).as_bytes(), None).expect("valid");
        let transition = Transition::between(&network, &later).expect("few nodes");
        let node = network.key(network.nodes().next().expect("a node")).to_string();
        let case = Case { network, transition, node };
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
        let is_asked_everything = seed % ASKED_EVERYTHING == 0;
        let analyses = ANALYSES.iter().take(if is_asked_everything { ANALYSES.len() } else { SMALL });
        for (index, analysis) in analyses.enumerate() {
            let answer = analysis(&case, &options, &Budget::unlimited()).expect("an answer");
            for k in 0.. {
                let (budget, asked) = cancelled_at(k, threads);
                match analysis(&case, &options, &budget) {
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
                let found = analysis(&case.network, &options, &budget).expect("bounds");
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
        for (index, claims) in CLAIMS.iter().enumerate().filter(|_| is_asked_everything) {
            let truth = claims(&case, &options, &Budget::unlimited()).expect("an answer");
            for k in 0.. {
                let (budget, asked) = cancelled_at(k, threads);
                let found = claims(&case, &options, &budget).expect("what is known");
                let context = format!("seed {seed}, claims {index}, question {k}: {found:?}, {truth:?}");
                assert_eq!(found.len(), truth.len(), "{context}");
                assert!(found.iter().zip(&truth).all(|(found, truth)| found.is_so(truth)), "{context}");
                if asked.load(Ordering::SeqCst) <= k {
                    assert_eq!(found, truth, "{context}");
                    break;
                }
                open_claims += found.iter().filter(|claim| claim.is_open()).count();
                proven_claims += found.iter().filter(|claim| !claim.is_open()).count();
            }
        }
    }
    println!("stopped {stopped}, open {open}, claims: open {open_claims}, proven {proven_claims}");
    assert!(stopped > 5_000 && open > 1_000 && open_claims > 1_000 && proven_claims > 1_000);
}
