//! Ending early: whatever the moment, the bounds hold, the sets do what they should, and one hard figure does not cost the others.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use families::Deviation;
use stellar_fbas::analysis::{
    blocking_sets, full_analysis, history_critical, perform_analysis, quorum_intersection, quorums,
    splitting_sets, top_tier, AnalysisError, AnalysisResult, MinimalSet, Options, Techniques,
};
use stellar_fbas::budget::{Budget, CancelFlag, Stop};
use stellar_fbas::network::{FindingCode, GroupBy, Network, NodeSet, UnknownNodes};
use stellar_fbas::subject::{Figure, Part, Subject};
use stellar_fbas::watch::{Progress, Watch};

fn uneven(organizations: usize, seed: u64) -> Network {
    let deviation = Deviation { drop: 0.2, adapts: false, deviate: 0.2 };
    families::almost_symmetric(organizations, deviation, seed).network().expect("a family is valid input")
}

/// Formulas alone, without the techniques that make everything fast: work that takes a while.
fn slow() -> Options {
    let techniques = Techniques {
        bounds: false,
        counting: false,
        exchange: false,
        deciding: false,
        subsets: false,
        local_search: false,
        parts: false,
        ..Techniques::default()
    };
    Options::default().with_anytime(true).with_techniques(techniques)
}

fn limits() -> impl Iterator<Item = Budget> {
    [0, 100, 500, 1_000, 3_000, 10_000, 30_000]
        .into_iter()
        .map(|micros| Budget::unlimited().with_time_limit(Duration::from_micros(micros)))
}

fn assert_brackets(found: &MinimalSet, truth: &MinimalSet) {
    let size = truth.size.smallest_known().expect("such a set exists");
    assert!(found.size.lower_bound() <= size, "{found:?}, {size}");
    assert!(found.size.smallest_known().is_none_or(|upper| upper >= size), "{found:?}, {size}");
    if found.size.is_exact() {
        assert_eq!((found.size.smallest_known(), found.size.lower_bound()), (Some(size), size));
    }
    assert_eq!(found.example_set.len() as u32, found.size.smallest_known().unwrap_or(0), "{found:?}");
}

#[test]
fn bounds_hold_whenever_the_budget_ends() {
    let unlimited = Budget::unlimited();
    let mut unfinished = 0;
    for seed in 0..4 {
        let network = uneven(7, seed);
        let options = slow();
        let truth = Options::default();
        let quick = (
            blocking_sets(&network, &truth, &unlimited).expect("no limit"),
            splitting_sets(&network, &truth, &unlimited).expect("no limit"),
            quorums(&network, &truth, &unlimited).expect("no limit"),
            history_critical(&network, &truth, &unlimited).expect("no limit"),
            top_tier(&network, &truth, &unlimited).expect("no limit"),
        );
        let fbas = network.fbas(UnknownNodes::Dead, &NodeSet::empty(network.node_count()));
        for budget in limits() {
            let found = blocking_sets(&network, &options, &budget).expect("bounds").set;
            assert_brackets(&found, &quick.0.set);
            if found.size.smallest_known().is_some() {
                let set = network.nodes_with_keys(&found.example_set);
                assert!(!fbas.has_quorum_inside(&fbas.alive().difference(&set)), "it blocks");
            }
            unfinished += usize::from(!found.size.is_exact());
        }
        for budget in limits() {
            let found = splitting_sets(&network, &options, &budget).expect("bounds");
            assert_brackets(&found.set, &quick.1.set);
            assert!(
                !found.intersection.has_quorum_intersection()
                    || quick.1.intersection.has_quorum_intersection()
            );
            unfinished += usize::from(!found.set.size.is_exact());
        }
        for budget in limits() {
            let found = quorums(&network, &options, &budget).expect("bounds");
            assert_brackets(&found.set, &quick.2.set);
            if found.set.size.smallest_known().is_some() {
                assert!(fbas.is_quorum(&network.nodes_with_keys(&found.set.example_set)));
            }
            unfinished += usize::from(!found.set.size.is_exact());
        }
        for budget in limits() {
            assert_brackets(
                &history_critical(&network, &options, &budget).expect("bounds").set,
                &quick.3.set,
            );
        }
        for budget in limits() {
            let found = top_tier(&network, &options, &budget).expect("bounds");
            assert!(found.top_tier.iter().all(|key| quick.4.top_tier.contains(key)));
            assert!(!found.is_exact || found == quick.4);
        }
    }
    assert!(unfinished > 20, "most of this was to end early: {unfinished}");
}

#[test]
fn without_anytime_the_error_names_the_bounds() {
    let network = uneven(7, 1);
    let truth = blocking_sets(&network, &Options::default(), &Budget::unlimited()).expect("no limit").set;
    let size = truth.size.smallest_known().expect("a blocking set");
    for budget in limits() {
        match blocking_sets(&network, &slow().with_anytime(false), &budget) {
            Err(AnalysisError::StoppedBetween { stop, lower, upper }) => {
                assert_eq!(stop, Stop::Timeout);
                assert!(
                    lower <= size && upper.is_none_or(|upper| upper >= size),
                    "{lower}, {size}, {upper:?}"
                );
            }
            found => assert_eq!(found.expect("in time").set.size.smallest_known(), Some(size)),
        }
    }
}

/// The figures with their values.
fn figures(result: &AnalysisResult) -> Vec<(Subject, u32)> {
    let groupings = [
        ("node", result.node),
        ("organization", result.organization),
        ("country", result.country),
        ("isp", result.isp),
    ];
    let of = |(grouping, merged): (&'static str, stellar_fbas::analysis::MergedResult)| {
        [
            (Figure::TopTier, merged.top_tier_size),
            (Figure::Blocking, merged.blocking_sets_min_size),
            (Figure::FilteredBlocking, merged.blocking_sets_filtered_min_size),
            (Figure::Splitting, merged.splitting_sets_min_size),
        ]
        .map(|(figure, value)| (Subject::new(figure, Part::Counted(grouping)), value))
    };
    groupings.into_iter().flat_map(of).collect()
}

fn not_exact(result: &AnalysisResult) -> Vec<Subject> {
    let findings = result.findings.iter().filter(|finding| finding.code == FindingCode::NotExact);
    findings.flat_map(|finding| finding.subjects.clone()).collect()
}

/// Splitting takes formulas many seconds here, everything else is quick.
fn with_one_hard_figure() -> (Network, Options, AnalysisResult) {
    let deviation = Deviation { drop: 0.1, adapts: true, deviate: 0.0 };
    let network = families::almost_symmetric(16, deviation, 2).network().expect("a family is valid input");
    let truth = perform_analysis(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
    let techniques = Techniques { counting: false, ..Techniques::default() };
    (network, Options::default().with_anytime(true).with_techniques(techniques), truth)
}

fn assert_only_splitting_is_open(found: &AnalysisResult, truth: &AnalysisResult) {
    let open = not_exact(found);
    assert!(open.contains(&Subject::new(Figure::Splitting, Part::Counted("node"))), "{open:?}");
    assert!(open.iter().all(|subject| subject.figure == Figure::Splitting), "{open:?}");
    for ((subject, value), (_, truth)) in figures(found).into_iter().zip(figures(truth)) {
        assert!(
            if open.contains(&subject) { value >= truth } else { value == truth },
            "{subject:?}: {value}, {truth}"
        );
    }
    assert_eq!(found.intersection.has_quorum_intersection(), truth.intersection.has_quorum_intersection());
}

#[test]
fn even_without_any_time_there_is_an_answer() {
    let network = uneven(7, 1);
    let options = Options::default().with_anytime(true);
    let budget = Budget::unlimited().with_time_limit(Duration::ZERO);
    let full = full_analysis(&network, &options, &budget).expect("bounds");
    assert!(!full.blocking_sets.value.set.size.is_exact() && !full.top_tier.value.is_exact);
    let report = perform_analysis(&network, &options, &budget).expect("bounds");
    // Every figure but whether there is a symmetric top tier, which takes no search.
    assert_eq!(not_exact(&report).len(), 17);
    assert!(!report.intersection.has_quorum_intersection());
    let error = perform_analysis(&network, &Options::default(), &budget).expect_err("no time");
    assert_eq!(error, AnalysisError::Stopped(Stop::Timeout));
}

#[test]
fn a_hard_figure_does_not_cost_the_others() {
    let (network, options, truth) = with_one_hard_figure();
    for threads in [1, 2] {
        let budget = Budget::unlimited().with_time_limit(Duration::from_secs(4)).with_threads(threads);
        let found = perform_analysis(&network, &options, &budget).expect("bounds");
        assert_only_splitting_is_open(&found, &truth);
    }
    let budget = Budget::unlimited().with_time_limit(Duration::from_secs(4));
    let full = full_analysis(&network, &options, &budget).expect("bounds");
    assert!(!full.splitting_sets.value.set.size.is_exact());
    assert!(full.blocking_sets.value.set.size.is_exact() && full.top_tier.value.is_exact);
}

#[test]
fn cancelled_work_answers_with_its_bounds_too() {
    let (network, options, truth) = with_one_hard_figure();
    let flag = CancelFlag::default();
    let budget = Budget::unlimited().with_cancel_flag(flag.clone());
    std::thread::scope(|scope| {
        let work = scope.spawn(|| perform_analysis(&network, &options, &budget));
        std::thread::sleep(Duration::from_secs(4));
        flag.cancel();
        assert_only_splitting_is_open(&work.join().expect("no panic").expect("bounds"), &truth);
    });
}

#[test]
fn a_watch_is_told_bounds_that_only_get_better() {
    let (network, options, _) = with_one_hard_figure();
    let told: Arc<Mutex<Vec<(Instant, Progress)>>> = Arc::default();
    let listener = told.clone();
    let interval = Duration::from_millis(20);
    let watch = Watch::new(interval, move |progress| {
        listener.lock().expect("no panic").push((Instant::now(), progress));
    });
    let budget = Budget::unlimited().with_time_limit(Duration::from_millis(600)).with_watch(watch);
    perform_analysis(&network, &options, &budget).expect("bounds");
    let told = told.lock().expect("no panic");
    assert!(told.len() > 3, "{told:?}");
    // Measured after the fact, so a little less than the interval may have passed.
    assert!(told.windows(2).all(|pair| pair[1].0 - pair[0].0 >= interval / 2));
    for (index, (_, progress)) in told.iter().enumerate() {
        for (_, later) in told[index + 1..].iter().filter(|(_, later)| later.subject == progress.subject) {
            assert!(later.lower_bound >= progress.lower_bound && later.elapsed >= progress.elapsed);
            assert!(progress
                .upper_bound
                .is_none_or(|upper| later.upper_bound.is_some_and(|later| later <= upper)));
        }
    }
}

#[test]
fn an_answer_knows_all_that_was_told_before() {
    let network = uneven(14, 2);
    let mut rounds = 0;
    // A machine with much else to do takes longer to know anything.
    for limit in (40..=400).step_by(40).chain([1_000, 2_000, 4_000, 8_000]) {
        if limit > 400 && rounds > 10 {
            break;
        }
        let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
        let listener = told.clone();
        let watch =
            Watch::new(Duration::ZERO, move |progress| listener.lock().expect("no panic").push(progress));
        let budget = Budget::unlimited().with_time_limit(Duration::from_millis(limit)).with_watch(watch);
        let full = full_analysis(&network, &slow(), &budget).expect("bounds");
        let sets = [
            (Figure::Blocking, &full.blocking_sets.value.set),
            (Figure::Splitting, &full.splitting_sets.value.set),
            (Figure::Quorums, &full.quorums.value.set),
            (Figure::HistoryCritical, &full.history_critical.value.set),
        ];
        for progress in told.lock().expect("no panic").iter() {
            if let Some((_, set)) = sets.iter().find(|(figure, _)| Subject::from(*figure) == progress.subject)
            {
                rounds += usize::from(!set.size.is_exact());
                assert!(set.size.lower_bound() >= progress.lower_bound, "{progress:?}, {set:?}");
                let (best, said) =
                    (set.size.smallest_known().unwrap_or(u32::MAX), progress.upper_bound.unwrap_or(u32::MAX));
                assert!(best <= said, "{progress:?}, {set:?}");
            } else if progress.subject == Figure::TopTier.into() {
                assert!(full.top_tier.value.top_tier.len() as u32 >= progress.lower_bound, "{progress:?}");
            }
        }
    }
    assert!(rounds > 10, "most of this was to end early: {rounds}");
}

#[test]
fn groupings_of_the_network_do_not_matter_to_bounds() {
    let network = uneven(6, 3);
    let options = slow().with_group_by(GroupBy::Organization);
    let truth = Options::default().with_group_by(GroupBy::Organization);
    let truth = blocking_sets(&network, &truth, &Budget::unlimited()).expect("no limit").set;
    for budget in limits() {
        assert_brackets(&blocking_sets(&network, &options, &budget).expect("bounds").set, &truth);
    }
}

/// A network that nothing is wrong with but that every node also asks for one of its own that nobody crawled: dead, these halt everything at
/// once; free, the same questions take a while.
fn counting_on_nobody(organizations: usize) -> Network {
    let deviation = Deviation { drop: 0.2, adapts: false, deviate: 0.2 };
    let mut generated = families::almost_symmetric(organizations, deviation, 3);
    for node in &mut generated.nodes {
        let quorum_set = node["quorumSet"].take();
        let nobody = format!("{} NOBODY", node["publicKey"]);
        node["quorumSet"] = serde_json::json!({
            "threshold": 2, "validators": [nobody], "innerQuorumSets": [quorum_set]
        });
    }
    generated.network().expect("a family is valid input")
}

#[test]
fn whether_a_verdict_hangs_on_unknown_nodes_costs_no_answer() {
    let network = counting_on_nobody(12);
    let codes = |findings: &[stellar_fbas::network::Finding]| -> Vec<FindingCode> {
        let mut codes: Vec<FindingCode> = findings.iter().map(|finding| finding.code).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    };
    for anytime in [false, true] {
        let options = slow().with_anytime(anytime);
        let soon = || Budget::unlimited().with_time_limit(Duration::from_millis(50));
        let report = perform_analysis(&network, &options, &soon()).expect("what was asked for is there");
        let full = full_analysis(&network, &options, &soon()).expect("what was asked for is there");
        assert_eq!(report.node.blocking_sets_min_size, 0);
        assert_eq!(full.blocking_sets.value.set.size.smallest_known(), Some(0));
        for findings in [&report.findings, &full.findings] {
            assert!(codes(findings).contains(&FindingCode::NotExact), "{findings:?}");
            let name_the_reading = |finding: &stellar_fbas::network::Finding| {
                finding.code != FindingCode::NotExact || finding.unknown_nodes == Some(UnknownNodes::Free)
            };
            assert!(findings.iter().all(name_the_reading), "{findings:?}");
        }
        let flag = CancelFlag::default();
        flag.cancel();
        let cancelled = Budget::unlimited().with_cancel_flag(flag);
        assert_eq!(perform_analysis(&network, &options, &cancelled).is_ok(), anytime);
    }
    let network = counting_on_nobody(6);
    let report = perform_analysis(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
    assert!(codes(&report.findings).contains(&FindingCode::VerdictDependsOnUnknownNodes));
    assert!(!codes(&report.findings).contains(&FindingCode::NotExact));
    let finding =
        report.findings.iter().find(|finding| finding.code == FindingCode::VerdictDependsOnUnknownNodes);
    let nodes = finding.map(|finding| &finding.nodes[..]).unwrap_or_default();
    assert!(nodes.len() == 18 && nodes.iter().all(|node| node.ends_with("NOBODY")), "{nodes:?}");
}

#[test]
fn a_listener_may_use_the_budget_that_it_watches() {
    let (network, told) = (Arc::new(uneven(10, 1)), Arc::new(Mutex::new(0)));
    let budget: Arc<std::sync::OnceLock<Budget>> = Arc::default();
    let (of_listener, of_network, count) = (budget.clone(), network.clone(), told.clone());
    let watch = Watch::new(Duration::ZERO, move |_| {
        *count.lock().expect("no panic") += 1;
        let budget = of_listener.get().expect("there is one");
        assert_eq!(budget.check(), Ok(()));
        let found = quorum_intersection(&of_network, &Options::default(), budget).expect("an answer");
        assert!(found.has_quorum_intersection());
    });
    let budget = budget.get_or_init(|| Budget::unlimited().with_watch(watch));
    let found = full_analysis(&network, &Options::default(), budget).expect("an answer");
    assert!(found.quorums.value.set.size.is_exact());
    assert!(*told.lock().expect("no panic") > 3);
}
