//! All of it: the full analysis, and the figures that a network explorer stores.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::blocking::{blocking_sets, cheapest_blocking_set, BlockingSets};
use super::charges::Charges;
use super::history::{history_critical, HistoryCritical};
use super::intersection::disjoint_quorums;
use super::quorums::{quorums, Quorums};
use super::rounds::in_rounds;
use super::scenario::Scenario;
use super::splitting::{smallest_splitting_set, splitting_sets, SplittingSets};
use super::symmetric::{self, symmetric_top_tier, NamedQuorumSet};
use super::top_tier::{top_tier, top_tier_nodes, TopTier};
use super::{search, AnalysisError, Options};
use crate::budget::Budget;
use crate::network::{Finding, FindingCode, GroupBy, Groups, Network, NodeSet};
use crate::progress::Known;
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

/// Asks something under a budget, and says whether more time would not tell more.
type Question<'a> = dyn FnMut(&Budget) -> Result<bool, AnalysisError> + 'a;

/// Every analysis of one network.
pub fn full_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<FullAnalysis, AnalysisError> {
    let (mut top_tiers, mut symmetric, mut blocking) = (None, None, None);
    let (mut splitting, mut quorum, mut history) = (None, None, None);
    let mut questions: [&mut Question; 6] = [
        &mut |budget| Ok(top_tiers.insert(timed(|| top_tier(network, options, budget))?).value.is_exact),
        &mut |budget| {
            symmetric = Some(timed(|| symmetric_top_tier(network, options, budget))?);
            Ok(true)
        },
        &mut |budget| {
            Ok(blocking.insert(timed(|| blocking_sets(network, options, budget))?).value.set.is_settled())
        },
        &mut |budget| {
            Ok(splitting.insert(timed(|| splitting_sets(network, options, budget))?).value.set.is_settled())
        },
        &mut |budget| Ok(quorum.insert(timed(|| quorums(network, options, budget))?).value.set.is_settled()),
        &mut |budget| {
            Ok(history.insert(timed(|| history_critical(network, options, budget))?).value.set.is_settled())
        },
    ];
    in_rounds(questions.len(), options, budget, |open, slice| {
        let mut still_open = Vec::new();
        for &index in open {
            if !questions[index](&slice()).map_err(AnalysisError::without_bounds)? {
                still_open.push(index);
            }
        }
        Ok(still_open)
    })?;
    let unanswered = || AnalysisError::Internal("a question was not asked".into());
    Ok(FullAnalysis {
        top_tier: top_tiers.ok_or_else(unanswered)?,
        symmetric_top_tier: symmetric.ok_or_else(unanswered)?,
        blocking_sets: blocking.ok_or_else(unanswered)?,
        splitting_sets: splitting.ok_or_else(unanswered)?,
        quorums: quorum.ok_or_else(unanswered)?,
        history_critical: history.ok_or_else(unanswered)?,
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
    if !scenario.view.one_node_quorums.is_empty() {
        let nodes = scenario.network.keys_of(&scenario.view.one_node_quorums);
        findings.push(Finding::new(FindingCode::OneNodeQuorum, nodes));
    }
    if !scenario.view.has_quorum() {
        findings.push(Finding::new(FindingCode::NoQuorum, Vec::new()));
    }
    findings
}

/// What the figures of a grouping are called, and how it groups.
const GROUPINGS: [(&str, GroupBy); 4] = [
    ("node", GroupBy::Node),
    ("organization", GroupBy::Organization),
    ("country", GroupBy::Country),
    ("isp", GroupBy::Isp),
];

/// All four groupings, filtered and unfiltered. Nodes that are a quorum all by themselves are left out unless the options say
/// otherwise; the options' grouping does not bear on it.
///
/// With [`Options::anytime`], a figure that is not proven when the budget ends has a finding that names it: it is then the best size
/// known, and quorum intersection that is not proven is false.
pub fn perform_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<AnalysisResult, AnalysisError> {
    let ignore_one_node_quorums = options.ignore_one_node_quorums.unwrap_or(true);
    let crashed = network.nodes_with_keys(&options.faulty_nodes);
    let nobody = NodeSet::empty(network.node_count());
    let task = Task {
        options,
        scenario: Scenario::new(network, options, &nobody, ignore_one_node_quorums),
        filtered: Scenario::new(network, options, &crashed, ignore_one_node_quorums),
        groupings: GROUPINGS.iter().map(|(_, by)| Groups::of(network, by)).collect(),
    };
    let mut figures = vec![Figure::Intersection, Figure::TopTier];
    for (index, groups) in task.groupings.iter().enumerate() {
        // Where two groupings come to the same, so do their figures.
        if task.like(groups) == index {
            figures.extend([
                Figure::Blocking(index),
                Figure::FilteredBlocking(index),
                Figure::Splitting(index),
            ]);
        }
    }
    let mut values: BTreeMap<Figure, Value> = BTreeMap::new();
    in_rounds(figures.len(), options, budget, |open, slice| {
        let (first, others): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&index| figures[index] == Figure::Intersection);
        // The verdict on intersection is of use to others.
        for some in [first, others] {
            let found = budget.map(&some, |&index| task.value_of(figures[index], &slice()));
            for (index, value) in some.into_iter().zip(found) {
                values.insert(figures[index], value.map_err(AnalysisError::without_bounds)?);
            }
        }
        Ok(open
            .iter()
            .copied()
            .filter(|&index| values.get(&figures[index]).is_none_or(|value| !value.is_exact))
            .collect())
    })?;
    Ok(task.result(&values))
}

/// One independent piece of an [`AnalysisResult`]; numbers are those of groupings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Figure {
    Intersection,
    TopTier,
    Blocking(usize),
    FilteredBlocking(usize),
    Splitting(usize),
}

impl Figure {
    /// Where it stands in the result.
    fn path(self) -> String {
        let of = |index: usize, name: &str| format!("{}.{name}", GROUPINGS[index].0);
        match self {
            Figure::Intersection => "hasQuorumIntersection".to_string(),
            Figure::TopTier => of(0, "topTierSize"),
            Figure::Blocking(index) => of(index, "blockingSetsMinSize"),
            Figure::FilteredBlocking(index) => of(index, "blockingSetsFilteredMinSize"),
            Figure::Splitting(index) => of(index, "splittingSetsMinSize"),
        }
    }
}

/// What is known of a figure.
#[derive(Debug, Clone, Default)]
struct Value {
    /// Nothing smaller is possible.
    lower: u32,
    /// The best size known, if any.
    size: Option<u32>,
    is_exact: bool,
    /// The members of the top tier that were found.
    nodes: Option<NodeSet>,
}

struct Task<'a> {
    options: &'a Options,
    scenario: Scenario<'a>,
    filtered: Scenario<'a>,
    groupings: Vec<Groups>,
}

impl Task<'_> {
    /// The first grouping that comes to the same.
    fn like(&self, groups: &Groups) -> usize {
        self.groupings.iter().position(|other| other.are_like(groups)).unwrap_or_default()
    }

    fn value_of(&self, figure: Figure, budget: &Budget) -> Result<Value, AnalysisError> {
        let path = figure.path();
        match figure {
            Figure::Intersection => {
                disjoint_quorums(&self.scenario, self.options, budget)?;
                let is_exact = self.scenario.view.disjoint_quorums.get().is_some();
                Ok(Value { is_exact, ..Value::default() })
            }
            Figure::TopTier => {
                let (nodes, is_exact) = top_tier_nodes(&self.scenario, self.options, &path, budget)?;
                let size = nodes.len() as u32;
                Ok(Value { lower: size, size: Some(size), is_exact, nodes: Some(nodes) })
            }
            Figure::Blocking(index) => {
                self.smallest(&path, budget, |known| self.block(&self.scenario, index, known))
            }
            Figure::FilteredBlocking(index) => {
                self.smallest(&path, budget, |known| self.block(&self.filtered, index, known))
            }
            Figure::Splitting(index) => self.smallest(&path, budget, |known| {
                smallest_splitting_set(&self.scenario, self.options.scope, &self.groupings[index], known)
            }),
        }
    }

    fn block(
        &self,
        scenario: &Scenario,
        index: usize,
        known: &mut Known<NodeSet>,
    ) -> Result<(), AnalysisError> {
        let charges = Charges::new(&self.groupings[index], scenario.view.live.alive());
        cheapest_blocking_set(scenario, &charges, known)
    }

    fn smallest<W>(
        &self,
        path: &str,
        budget: &Budget,
        look: impl Fn(&mut Known<W>) -> Result<(), AnalysisError>,
    ) -> Result<Value, AnalysisError> {
        let known = search(path, self.options, budget, look)?;
        Ok(Value { lower: known.lower(), size: known.upper(), is_exact: known.is_proven(), nodes: None })
    }

    fn result(&self, values: &BTreeMap<Figure, Value>) -> AnalysisResult {
        let value = |figure: Figure| values.get(&figure).cloned().unwrap_or_default();
        let top_tier = value(Figure::TopTier);
        let top_tier_nodes = top_tier.nodes.clone().unwrap_or_else(|| self.scenario.nobody());
        let mut findings = findings_of(&self.scenario);
        let mut not_exact = |path: String, figure: Figure, value: &Value| {
            if !value.is_exact {
                findings.push(Finding::not_exact(&path, &value.in_words(figure)));
            }
        };
        not_exact(Figure::Intersection.path(), Figure::Intersection, &value(Figure::Intersection));
        let mut has_splitting_set = true;
        let mut merged = Vec::new();
        for (index, groups) in self.groupings.iter().enumerate() {
            let top_tier_size = groups.groups_of(&top_tier_nodes).len() as u32;
            let like = self.like(groups);
            not_exact(format!("{}.topTierSize", GROUPINGS[index].0), Figure::TopTier, &top_tier);
            let mut size = |of: fn(usize) -> Figure| {
                let value = value(of(like));
                not_exact(of(index).path(), of(index), &value);
                has_splitting_set &= !value.is_exact || value.size.is_some();
                value.size
            };
            merged.push(MergedResult {
                top_tier_size,
                blocking_sets_min_size: size(Figure::Blocking).unwrap_or_default(),
                blocking_sets_filtered_min_size: size(Figure::FilteredBlocking).unwrap_or_default(),
                splitting_sets_min_size: size(Figure::Splitting).unwrap_or(top_tier_size),
            });
        }
        if !has_splitting_set {
            findings.push(Finding::new(FindingCode::NoSplittingSet, Vec::new()));
        }
        let verdict = self.scenario.view.disjoint_quorums.get();
        let of = |index: usize| merged.get(index).copied().unwrap_or_default();
        AnalysisResult {
            has_quorum_intersection: self.scenario.view.has_quorum() && verdict == Some(&None),
            has_symmetric_top_tier: symmetric::find(&self.scenario).is_some(),
            node: of(0),
            organization: of(1),
            country: of(2),
            isp: of(3),
            findings,
        }
    }
}

impl Value {
    /// What is known, for people.
    fn in_words(&self, figure: Figure) -> String {
        match (figure, self.size) {
            (Figure::Intersection, _) => "It stands as false.".to_string(),
            (Figure::TopTier, _) => format!("The top tier has at least {} nodes.", self.lower),
            (_, Some(size)) => format!("It is at least {} and at most {size}.", self.lower),
            (_, None) => format!("It is at least {}, and no set was found yet.", self.lower),
        }
    }
}
