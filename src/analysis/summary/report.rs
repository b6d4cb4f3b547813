//! The full analysis: every question about one network, asked under one budget, with the findings on the data and on the answers.

use std::time::{Duration, Instant};

use super::beside::{comparisons_of, on_options, without_quorum, Answer};
use super::refine::Refine;
use super::rounds::{in_rounds, Slot};
use super::verdicts::{other_way, what_hangs_on_unknown_nodes, Said, Verdict};
use crate::analysis::blocking::{blocking_sets, BlockingSets};
use crate::analysis::error::AnalysisError;
use crate::analysis::history::{history_critical, HistoryCritical};
use crate::analysis::intersection::intersection_of;
use crate::analysis::list::kind::SetsOf;
use crate::analysis::options::Options;
use crate::analysis::quorums::{quorums, Quorums};
use crate::analysis::scenario::Scenario;
use crate::analysis::splitting::{splitting_sets, SplittingSets};
use crate::analysis::symmetric::{symmetric_top_tier, NamedQuorumSet};
use crate::analysis::top_tier::{top_tier, TopTier};
use crate::budget::Budget;
use crate::network::{Finding, Groups, Network};
use crate::sat::SOLVER;
use crate::subject::Figure;

/// Package, version and semantics that produce the figures, to store beside them.
pub fn engine() -> String {
    format!("stellar-fbas {}; {SOLVER}; delete semantics", env!("CARGO_PKG_VERSION"))
}

/// An answer and how long it took.
#[derive(Debug, Clone)]
pub struct Timed<T> {
    /// The answer.
    pub value: T,
    /// Wall-clock time.
    pub time: Duration,
}

impl<T: Refine> Refine for Timed<T> {
    fn refine(&mut self, later: Self) {
        self.value.refine(later.value);
        self.time += later.time;
    }

    fn is_settled(&self) -> bool {
        self.value.is_settled()
    }
}

/// Every analysis of one network.
#[derive(Debug, Clone)]
pub struct FullAnalysis {
    /// The union of all minimal quorums.
    pub top_tier: Timed<TopTier>,
    /// The quorum set of the symmetric top tier, if there is one; always of nodes.
    pub symmetric_top_tier: Timed<Option<NamedQuorumSet>>,
    /// How few can halt the network.
    pub blocking_sets: Timed<BlockingSets>,
    /// How few can make it split.
    pub splitting_sets: Timed<SplittingSets>,
    /// The smallest quorum, and whether quorums intersect.
    pub quorums: Timed<Quorums>,
    /// How few archives keep its history.
    pub history_critical: Timed<HistoryCritical>,
    /// What a careful operator should know about the data.
    pub findings: Vec<Finding>,
}

/// Asks something under a budget, and says whether more time would not tell more.
type Question<'a> = dyn Fn(&Budget) -> Result<bool, AnalysisError> + Sync + 'a;

/// Every analysis of one network.
pub fn full_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<FullAnalysis, AnalysisError> {
    let (top_tiers, symmetric, blocking) = (Slot::new(), Slot::new(), Slot::new());
    let (splitting, quorum, history) = (Slot::new(), Slot::new(), Slot::new());
    let here = Scenario::of(network, options);
    let questions: [&Question; 7] = [
        // The verdict on intersection is part of two answers.
        &|budget| Ok(intersection_of(&here, options, budget)?.is_exact()),
        &|budget| Ok(top_tiers.keep(timed(|| top_tier(network, options, budget))?)),
        &|budget| Ok(symmetric.keep(timed(|| symmetric_top_tier(network, options, budget))?)),
        &|budget| Ok(blocking.keep(timed(|| blocking_sets(network, options, budget))?)),
        &|budget| Ok(splitting.keep(timed(|| splitting_sets(network, options, budget))?)),
        &|budget| Ok(quorum.keep(timed(|| quorums(network, options, budget))?)),
        &|budget| Ok(history.keep(timed(|| history_critical(network, options, budget))?)),
    ];
    let ask = |number: usize, budget: &Budget| questions[number](budget);
    in_rounds(questions.len(), |number| number == 0, options, budget, ask)?;
    let unanswered = || AnalysisError::Internal("a question was not asked".into());
    let mut full = FullAnalysis {
        top_tier: top_tiers.answer().ok_or_else(unanswered)?,
        symmetric_top_tier: symmetric.answer().ok_or_else(unanswered)?,
        blocking_sets: blocking.answer().ok_or_else(unanswered)?,
        splitting_sets: splitting.answer().ok_or_else(unanswered)?,
        quorums: quorum.answer().ok_or_else(unanswered)?,
        history_critical: history.answer().ok_or_else(unanswered)?,
        findings: findings_of(&here),
    };
    let groups = Groups::of(network, &options.group_by);
    full.findings.extend(on_options(&here, options, &[(&options.group_by, &groups)]));
    let there = Scenario::of(network, &other_way(options));
    let comparisons = comparisons_of(verdicts(&full, network), &here, &there, &groups);
    full.findings.extend(what_hangs_on_unknown_nodes(&comparisons, options, budget)?);
    Ok(full)
}

/// What operators act on, and what is known of it.
fn verdicts(full: &FullAnalysis, network: &Network) -> Vec<(Figure, Verdict, Said)> {
    // Only once that on intersection, which splitting sets have as well.
    let splitting = full.splitting_sets.value.set.size;
    let mut verdicts = full.top_tier.value.verdicts(network);
    verdicts.extend(full.symmetric_top_tier.value.verdicts(network));
    verdicts.extend(full.quorums.value.verdicts(network));
    verdicts.extend(full.blocking_sets.value.verdicts(network));
    verdicts.extend(full.history_critical.value.verdicts(network));
    verdicts.push((Figure::Splitting, Verdict::Smallest(SetsOf::Splitting), Said::Size(splitting)));
    verdicts
}

fn timed<T>(work: impl FnOnce() -> Result<T, AnalysisError>) -> Result<Timed<T>, AnalysisError> {
    let start = Instant::now();
    Ok(Timed { value: work()?, time: start.elapsed() })
}

/// What is known about the data, and what the options make of it.
pub fn findings_of(scenario: &Scenario) -> Vec<Finding> {
    let mut findings = scenario.network.findings().to_vec();
    let (alone, left_out) = (&scenario.view.one_node_quorums, &scenario.view.left_out);
    let [left_out, counting] =
        [left_out, &alone.difference(left_out)].map(|nodes| scenario.network.keys_of(nodes));
    findings.extend(Finding::one_node_quorums(left_out, counting));
    findings.extend(without_quorum(scenario));
    findings
}
