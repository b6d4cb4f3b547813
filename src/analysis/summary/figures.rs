//! The figures that a network explorer stores after each scan: sizes of the top tier and of smallest blocking and splitting sets, counted in
//! nodes, organisations, countries and internet providers.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::beside::{comparisons_of, on_options};
use super::refine::Refine;
use super::report::findings_of;
use super::rounds::{in_rounds, Slot};
use super::verdicts::{
    bounds as between, other_way, smallest_set, what_hangs_on_unknown_nodes, Comparison, Said, SmallestSet,
    Verdict,
};
use crate::analysis::error::AnalysisError;
use crate::analysis::intersection::{intersection_of, Intersection};
use crate::analysis::list::kind::SetsOf;
use crate::analysis::options::{Options, Scope};
use crate::analysis::scenario::Scenario;
use crate::analysis::size::Size;
use crate::analysis::symmetric;
use crate::analysis::top_tier::top_tier_nodes;
use crate::budget::Budget;
use crate::network::{counted, Finding, GroupBy, Groups, Network, NodeSet};
use crate::subject::{self, Part, Subject};

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

/// A figure that is not proven, and between which numbers it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InexactFigure {
    /// The grouping: `node`, `organization`, `country` or `isp`.
    pub grouping: &'static str,
    /// Which of its figures.
    pub figure: subject::Figure,
    /// Proven: it is not smaller.
    pub lower_bound: u32,
    /// It is not larger, if anything is known from above. If no such set exists at all, there is none.
    pub upper_bound: Option<u32>,
}

/// The figures that a network explorer stores after each scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnalysisResult {
    /// Whether every two quorums share a node.
    pub intersection: Intersection,
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
    /// The figures that are not proven, with their bounds. Only with [`Options::anytime`] there are any.
    pub inexact: Vec<InexactFigure>,
    /// What a careful operator should know about the data.
    pub findings: Vec<Finding>,
    /// What the figures are read off.
    pub(crate) witnesses: Witnesses,
}

/// What the figures are read off: certificates are made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Witnesses {
    /// The nodes of the top tier: all of them, or those found.
    pub top_tier: NodeSet,
    /// Whether these are all.
    pub is_top_tier_exact: bool,
    /// The smallest sets, in the order of the groupings.
    pub sets: Vec<WitnessOfSize>,
}

/// The smallest set that a figure is the size of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WitnessOfSize {
    pub group_by: GroupBy,
    /// Whether the faulty nodes are crashed.
    pub is_filtered: bool,
    pub set: SmallestSet,
}

/// What the figures of a grouping are called, and how it groups.
const GROUPINGS: [(&str, GroupBy); 4] = [
    ("node", GroupBy::Node),
    ("organization", GroupBy::Organization),
    ("country", GroupBy::Country),
    ("isp", GroupBy::Isp),
];

/// All four groupings, filtered and unfiltered. Stray nodes (a quorum all by themselves that no other live node names) are left
/// out unless the options say otherwise; the options' grouping does not bear on it.
///
/// With [`Options::anytime`], a figure that is not proven when the budget ends has a finding that names it: it is then the best size
/// known, and quorum intersection that is not proven is false.
pub fn perform_analysis(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<AnalysisResult, AnalysisError> {
    let ignore_one_node_quorums = options.ignore_one_node_quorums.unwrap_or(true);
    let reading = |options: &Options| Reading::new(network, options, ignore_one_node_quorums);
    let groupings = GROUPINGS.each_ref().map(|(_, by)| Groups::of(network, by));
    let task = Task {
        options,
        here: reading(options),
        there: reading(&other_way(options)),
        like: std::array::from_fn(|index| like(&groupings, index)),
        groupings,
    };
    let figures = task.figures();
    let slots: Vec<Slot<Value>> = figures.iter().map(|_| Slot::new()).collect();
    let is_first = |index: usize| figures[index] == Figure::Intersection;
    in_rounds(figures.len(), is_first, options, budget, |index, budget| {
        Ok(slots[index].keep(task.value_of(figures[index], budget)?))
    })?;
    let mut values = Values::new();
    values.extend(figures.iter().zip(slots).filter_map(|(&figure, slot)| Some((figure, slot.answer()?))));
    if !task.filters() {
        let of_all = |(figure, value): (&Figure, &Value)| match figure {
            Figure::Blocking(index) => Some((Figure::FilteredBlocking(*index), value.clone())),
            _ => None,
        };
        let filtered: Vec<(Figure, Value)> = values.iter().filter_map(of_all).collect();
        values.extend(filtered);
    }
    let mut result = task.result(&values);
    result.findings.extend(what_hangs_on_unknown_nodes(&task.comparisons(&values), options, budget)?);
    Ok(result)
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
    /// The same whatever is counted.
    fn kind(self) -> subject::Figure {
        match self {
            Figure::Intersection => subject::Figure::Intersection,
            Figure::TopTier => subject::Figure::TopTier,
            Figure::Blocking(_) => subject::Figure::Blocking,
            Figure::FilteredBlocking(_) => subject::Figure::FilteredBlocking,
            Figure::Splitting(_) => subject::Figure::Splitting,
        }
    }

    /// It, or what comes to the same in another grouping.
    fn subject_in(self, grouping: usize) -> Subject {
        let part = match self {
            Figure::Intersection => Part::Network,
            _ => Part::Counted(GROUPINGS[grouping].0),
        };
        Subject::new(self.kind(), part)
    }

    /// What people call it, counted by a grouping.
    fn in_words(self, grouping: usize) -> String {
        let words = self.verdict().in_words();
        let down = match self {
            Figure::FilteredBlocking(_) => ", with the faulty nodes down",
            _ => "",
        };
        match self {
            Figure::Intersection => words.to_string(),
            _ => format!("{words}{down}, counting {}", counted(GROUPINGS[grouping].0)),
        }
    }

    /// What is told of its search; the top tier, which is found for all groupings at once, is told as that of nodes.
    fn subject(self) -> Subject {
        self.subject_in(self.grouping().unwrap_or_default())
    }

    /// By which grouping it is worked out, if by one.
    fn grouping(self) -> Option<usize> {
        match self {
            Figure::Intersection | Figure::TopTier => None,
            Figure::Blocking(grouping) | Figure::FilteredBlocking(grouping) | Figure::Splitting(grouping) => {
                Some(grouping)
            }
        }
    }

    /// What it says.
    fn verdict(self) -> Verdict {
        match self {
            Figure::Intersection => Verdict::Intersection,
            Figure::TopTier => Verdict::TopTier,
            Figure::Blocking(_) | Figure::FilteredBlocking(_) => Verdict::Smallest(SetsOf::Blocking),
            Figure::Splitting(_) => Verdict::Smallest(SetsOf::Splitting),
        }
    }
}

/// What is known of a figure.
#[derive(Debug, Clone)]
enum Value {
    Intersection(Intersection),
    /// A smallest set.
    Set(SmallestSet),
    /// The nodes of the top tier, for which every grouping has its own labels: all of them, or those found so far.
    TopTier {
        nodes: NodeSet,
        is_exact: bool,
    },
}

impl Value {
    /// The same in the words of a grouping.
    fn said(&self, groups: &Groups) -> Said {
        match self {
            Value::Intersection(verdict) => Said::Intersection(verdict.clone()),
            Value::Set(set) => Said::Size(set.size()),
            Value::TopTier { nodes, is_exact } => Said::members(groups.labels_of(nodes), *is_exact),
        }
    }
}

impl Refine for Value {
    fn refine(&mut self, later: Value) {
        match (self, later) {
            (Value::Set(known), Value::Set(later)) => known.refine(later),
            (Value::TopTier { nodes, is_exact }, Value::TopTier { nodes: more, is_exact: are_all }) => {
                *nodes = nodes.union(&more);
                *is_exact |= are_all;
            }
            // The view remembers a verdict from one time to the next.
            (known, later) => *known = later,
        }
    }

    fn is_settled(&self) -> bool {
        match self {
            Value::Intersection(verdict) => verdict.is_exact(),
            Value::Set(set) => set.size().is_exact(),
            Value::TopTier { is_exact, .. } => *is_exact,
        }
    }
}

type Values = BTreeMap<Figure, Value>;

/// The network as one way to read unknown nodes has it, without and with the faulty nodes crashed.
struct Reading<'a> {
    scenario: Scenario<'a>,
    filtered: Scenario<'a>,
}

impl<'a> Reading<'a> {
    fn new(network: &'a Network, options: &Options, ignore_one_node_quorums: bool) -> Self {
        let crashed = network.nodes_with_keys(&options.faulty_nodes);
        let nobody = NodeSet::empty(network.node_count());
        Reading {
            scenario: Scenario::new(network, options, &nobody, ignore_one_node_quorums),
            filtered: Scenario::new(network, options, &crashed, ignore_one_node_quorums),
        }
    }

    /// The network that a figure is about.
    fn of(&self, figure: Figure) -> &Scenario<'a> {
        match figure {
            Figure::FilteredBlocking(_) => &self.filtered,
            _ => &self.scenario,
        }
    }
}

struct Task<'a> {
    options: &'a Options,
    here: Reading<'a>,
    there: Reading<'a>,
    /// Those of [`GROUPINGS`].
    groupings: [Groups; 4],
    /// Per grouping the first one that comes to the same.
    like: [usize; 4],
}

/// The first grouping that comes to the same.
fn like(groupings: &[Groups; 4], index: usize) -> usize {
    groupings.iter().position(|other| other.are_like(&groupings[index])).unwrap_or_default()
}

impl Task<'_> {
    /// What has to be worked out.
    fn figures(&self) -> Vec<Figure> {
        let mut figures = vec![Figure::Intersection, Figure::TopTier];
        for (index, &like) in self.like.iter().enumerate() {
            // Where two groupings come to the same, so do their figures.
            if like == index {
                figures.extend([Figure::Blocking(index), Figure::Splitting(index)]);
                if self.filters() {
                    figures.push(Figure::FilteredBlocking(index));
                }
            }
        }
        figures
    }

    /// Whether anybody is crashed: otherwise what is asked about the network without the crashed nodes is asked already.
    fn filters(&self) -> bool {
        !Arc::ptr_eq(&self.here.scenario.view, &self.here.filtered.view)
    }

    fn value_of(&self, figure: Figure, budget: &Budget) -> Result<Value, AnalysisError> {
        let (subject, scenario, options) = (figure.subject(), self.here.of(figure), self.options);
        let set_of = |of: SetsOf, grouping: usize| {
            smallest_set(of, scenario, &self.groupings[grouping], options, &subject, budget).map(Value::Set)
        };
        match figure {
            Figure::Intersection => intersection_of(scenario, options, budget).map(Value::Intersection),
            Figure::TopTier => {
                let (nodes, is_exact) = top_tier_nodes(scenario, options, &subject, budget)?;
                Ok(Value::TopTier { nodes, is_exact })
            }
            Figure::Blocking(grouping) | Figure::FilteredBlocking(grouping) => {
                set_of(SetsOf::Blocking, grouping)
            }
            Figure::Splitting(grouping) => set_of(SetsOf::Splitting, grouping),
        }
    }

    fn result(&self, values: &Values) -> AnalysisResult {
        let Reading { scenario, .. } = &self.here;
        let (top_tier, is_top_tier_exact) = match values.get(&Figure::TopTier) {
            Some(Value::TopTier { nodes, is_exact }) => (nodes.clone(), *is_exact),
            _ => (scenario.nobody(), false),
        };
        let size_of = |figure: Figure| match values.get(&figure) {
            Some(Value::Set(set)) => set.size(),
            _ => Size::default(),
        };
        let intersection = match values.get(&Figure::Intersection) {
            Some(Value::Intersection(verdict)) => verdict.clone(),
            _ => Intersection::Open,
        };
        let mut findings = findings_of(scenario);
        let groupings: Vec<(&GroupBy, &Groups)> =
            GROUPINGS.iter().map(|(_, by)| by).zip(&self.groupings).collect();
        findings.extend(on_options(scenario, self.options, &groupings));
        if !intersection.is_exact() {
            findings.push(Finding::not_exact(
                Figure::Intersection.subject(),
                Verdict::Intersection.in_words(),
                "It stands as false.",
            ));
        }
        let mut inexact = Vec::new();
        let mut not_exact = |figure: Figure, grouping: usize, bounds: (u32, Option<u32>), known: &str| {
            let (subject, words) = (figure.subject_in(grouping), figure.in_words(grouping));
            findings.push(Finding::not_exact(subject, &words, &format!("It is {known}.")));
            let (lower_bound, upper_bound) = bounds;
            let (grouping, figure) = (GROUPINGS[grouping].0, figure.kind());
            inexact.push(InexactFigure { grouping, figure, lower_bound, upper_bound });
        };
        let mut without_splitting_set = Vec::new();
        let merged = std::array::from_fn(|index| {
            let groups = &self.groupings[index];
            let top_tier_size = groups.groups_of(&top_tier).len() as u32;
            let like = self.like[index];
            if !is_top_tier_exact {
                let most = groups.groups_of(&scenario.view.of_minimal_quorums().alive()).len() as u32;
                let known = between(top_tier_size, Some(most));
                not_exact(Figure::TopTier, index, (top_tier_size, Some(most)), &known);
            }
            let mut size = |of: fn(usize) -> Figure| {
                let size = size_of(of(like));
                if let Size::Between { lower, best } = size {
                    not_exact(of(index), index, (lower, best), &Said::Size(size).in_words());
                }
                if size == Size::NoSet {
                    without_splitting_set.push(of(index).subject_in(index));
                }
                size.smallest_known()
            };
            MergedResult {
                top_tier_size,
                blocking_sets_min_size: size(Figure::Blocking).unwrap_or_default(),
                blocking_sets_filtered_min_size: size(Figure::FilteredBlocking).unwrap_or_default(),
                splitting_sets_min_size: size(Figure::Splitting).unwrap_or(top_tier_size),
            }
        });
        // In the order of the groupings.
        let [node, organization, country, isp] = merged;
        if !without_splitting_set.is_empty() {
            let finding = Finding::no_splitting_set(self.options.scope == Scope::Core);
            findings.push(Finding { subjects: without_splitting_set, ..finding });
        }
        AnalysisResult {
            intersection,
            has_symmetric_top_tier: symmetric::find(scenario).is_some(),
            node,
            organization,
            country,
            isp,
            inexact,
            findings,
            witnesses: Witnesses { top_tier, is_top_tier_exact, sets: self.sets(values) },
        }
    }

    /// The smallest sets of all groupings. Where nobody is crashed, those without the crashed nodes are the same ones.
    fn sets(&self, values: &Values) -> Vec<WitnessOfSize> {
        let mut sets = Vec::new();
        for ((_, group_by), like) in GROUPINGS.iter().zip(self.like) {
            let filtered = self.filters().then_some(Figure::FilteredBlocking(like));
            for figure in [Some(Figure::Blocking(like)), filtered, Some(Figure::Splitting(like))] {
                if let Some(Value::Set(set)) = figure.and_then(|figure| values.get(&figure)) {
                    let is_filtered = matches!(figure, Some(Figure::FilteredBlocking(_)));
                    sets.push(WitnessOfSize { group_by: group_by.clone(), is_filtered, set: set.clone() });
                }
            }
        }
        sets
    }

    /// Every figure of every grouping; those that come to the same are worked out once.
    fn comparisons(&self, values: &Values) -> Vec<Comparison<'_>> {
        let mut comparisons = Vec::new();
        for (&figure, value) in values {
            let alike = match figure.grouping() {
                Some(first) => (0..self.groupings.len()).filter(|&other| self.like[other] == first).collect(),
                None if figure == Figure::Intersection => vec![0],
                None => (0..self.groupings.len()).collect::<Vec<usize>>(),
            };
            comparisons.extend(alike.into_iter().map(|grouping| {
                let groups = &self.groupings[grouping];
                Comparison {
                    subject: figure.subject_in(grouping),
                    words: figure.in_words(grouping),
                    verdict: figure.verdict(),
                    said: value.said(groups),
                    here: self.here.of(figure),
                    there: self.there.of(figure),
                    groups,
                }
            }));
        }
        let (here, there) = (&self.here.scenario, &self.there.scenario);
        let (figure, symmetric) = (subject::Figure::HasSymmetricTopTier, Verdict::HasSymmetricTopTier);
        let said = symmetric.at_once(here);
        comparisons.extend(comparisons_of(vec![(figure, symmetric, said)], here, there, &self.groupings[0]));
        comparisons
    }
}
