//! All of it: the full analysis, and the figures that a network explorer stores.

use std::time::{Duration, Instant};

use super::blocking::{blocking_sets, cheapest_blocking_set, BlockingSets};
use super::charges::Charges;
use super::history::{history_critical, HistoryCritical};
use super::intersection::disjoint_quorums;
use super::quorums::{quorums, Quorums};
use super::scenario::Scenario;
use super::splitting::{smallest_splitting_set, splitting_sets, SplittingSets};
use super::symmetric::{self, symmetric_top_tier, NamedQuorumSet};
use super::top_tier::{top_tier, top_tier_nodes, TopTier};
use super::{AnalysisError, Options};
use crate::budget::Budget;
use crate::network::{Finding, FindingCode, GroupBy, Groups, Network, NodeSet};
use crate::sat::SOLVER;

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

/// The figures of one grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MergedResult {
    /// Nodes or groups in the top tier.
    pub top_tier_size: u32,
    /// Size of a smallest blocking set.
    pub blocking_sets_min_size: u32,
    /// The same with the faulty nodes crashed.
    pub blocking_sets_filtered_min_size: u32,
    /// Size of a smallest splitting set; `top_tier_size` if there is none, with a finding.
    pub splitting_sets_min_size: u32,
}

/// The figures that a network explorer stores after each scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysisResult {
    /// Whether a quorum exists and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// Whether there is a symmetric top tier.
    pub has_symmetric_top_tier: bool,
    /// Counting nodes.
    pub node: MergedResult,
    /// Counting organisations.
    pub organization: MergedResult,
    /// Counting countries.
    pub country: MergedResult,
    /// Counting internet providers.
    pub isp: MergedResult,
    /// What a careful operator should know about the data.
    pub findings: Vec<Finding>,
}

/// Every analysis of one network.
pub fn full_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<FullAnalysis, AnalysisError> {
    Ok(FullAnalysis {
        top_tier: timed(|| top_tier(network, options, budget))?,
        symmetric_top_tier: timed(|| symmetric_top_tier(network, options, budget))?,
        blocking_sets: timed(|| blocking_sets(network, options, budget))?,
        splitting_sets: timed(|| splitting_sets(network, options, budget))?,
        quorums: timed(|| quorums(network, options, budget))?,
        history_critical: timed(|| history_critical(network, options, budget))?,
        findings: findings_of(&Scenario::of(network, options)),
    })
}

fn timed<T>(work: impl FnOnce() -> Result<T, AnalysisError>) -> Result<Timed<T>, AnalysisError> {
    let start = Instant::now();
    Ok(Timed { value: work()?, time: start.elapsed() })
}

/// What is known about the data, and what the options make of it.
fn findings_of(scenario: &Scenario) -> Vec<Finding> {
    let mut findings = scenario.network.findings().to_vec();
    if !scenario.one_node_quorums.is_empty() {
        let nodes = scenario.network.keys_of(&scenario.one_node_quorums);
        findings.push(Finding::new(FindingCode::OneNodeQuorum, nodes));
    }
    if !scenario.has_quorum() {
        findings.push(Finding::new(FindingCode::NoQuorum, Vec::new()));
    }
    findings
}

/// All four groupings, filtered and unfiltered. Nodes that are a quorum all by themselves are left out unless the options say
/// otherwise; the options' grouping does not bear on it.
pub fn perform_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<AnalysisResult, AnalysisError> {
    let ignore_one_node_quorums = options.ignore_one_node_quorums.unwrap_or(true);
    let crashed = network.nodes_with_keys(&options.faulty_nodes);
    let nobody = NodeSet::empty(network.node_count());
    let scenario = Scenario::new(network, options, &nobody, ignore_one_node_quorums);
    let filtered = Scenario::new(network, options, &crashed, ignore_one_node_quorums);
    let disjoint = disjoint_quorums(&scenario, budget)?;
    let has_symmetric_top_tier = symmetric::find(&scenario).is_some();
    let groupings: Vec<Groups> = [GroupBy::Node, GroupBy::Organization, GroupBy::Country, GroupBy::Isp]
        .iter()
        .map(|by| Groups::of(network, by))
        .collect();

    let top_tier = [Figure::TopTier];
    let per_grouping = groupings.iter().flat_map(|groups| {
        [Figure::Blocking(groups), Figure::FilteredBlocking(groups), Figure::Splitting(groups)]
    });
    let figures: Vec<Figure> = top_tier.into_iter().chain(per_grouping).collect();
    let values = budget.map(&figures, |figure| match figure {
        Figure::TopTier => Ok(Value::Nodes(top_tier_nodes(&scenario, budget)?)),
        Figure::Blocking(groups) => smallest_blocking(&scenario, groups, budget),
        Figure::FilteredBlocking(groups) => smallest_blocking(&filtered, groups, budget),
        Figure::Splitting(groups) => {
            let found = smallest_splitting_set(&scenario, options.scope, groups, disjoint.clone(), budget)?;
            Ok(Value::Size(found.map(|(size, _)| size)))
        }
    });
    let mut values = values.into_iter().collect::<Result<Vec<Value>, AnalysisError>>()?.into_iter();

    let Some(Value::Nodes(top_tier)) = values.next() else {
        return Err(AnalysisError::Internal("the top tier has no value".into()));
    };
    let mut has_splitting_set = true;
    let mut size = || match values.next() {
        Some(Value::Size(size)) => size,
        _ => None,
    };
    let mut merged = groupings.iter().map(|groups| {
        let top_tier_size = groups.groups_of(&top_tier).len() as u32;
        let (blocking, filtered, splitting) = (size(), size(), size());
        has_splitting_set &= splitting.is_some();
        MergedResult {
            top_tier_size,
            blocking_sets_min_size: blocking.unwrap_or_default(),
            blocking_sets_filtered_min_size: filtered.unwrap_or_default(),
            splitting_sets_min_size: splitting.unwrap_or(top_tier_size),
        }
    });
    let mut next = || merged.next().unwrap_or_default();
    let (node, organization, country, isp) = (next(), next(), next(), next());
    drop(merged);
    let mut findings = findings_of(&scenario);
    if !has_splitting_set {
        findings.push(Finding::new(FindingCode::NoSplittingSet, Vec::new()));
    }
    Ok(AnalysisResult {
        has_quorum_intersection: scenario.has_quorum() && disjoint.is_none(),
        has_symmetric_top_tier,
        node,
        organization,
        country,
        isp,
        findings,
    })
}

/// One independent piece of an [`AnalysisResult`].
enum Figure<'a> {
    TopTier,
    Blocking(&'a Groups),
    FilteredBlocking(&'a Groups),
    Splitting(&'a Groups),
}

enum Value {
    Nodes(NodeSet),
    Size(Option<u32>),
}

fn smallest_blocking(scenario: &Scenario, groups: &Groups, budget: &Budget) -> Result<Value, AnalysisError> {
    let charges = Charges::new(groups, scenario.live.alive());
    let (size, _) = cheapest_blocking_set(scenario, &charges, budget)?;
    Ok(Value::Size(Some(size)))
}
