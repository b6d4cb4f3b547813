//! The verdicts that operators act on, and whether they hang on nodes whose quorum set is unknown: would one be another if these nodes were
//! read the other way?
//!
//! Each is worked out under both readings, unless the known nodes that matter to it ask for the same under both: quorums then differ by
//! unknown nodes that nobody counts on.

use super::blocking::cheapest_blocking_set;
use super::charges::Charges;
use super::intersection::disjoint_quorums;
use super::scenario::Scenario;
use super::splitting::{arena, smallest_splitting_set};
use super::{search, AnalysisError, Options, Scope};
use crate::budget::Budget;
use crate::network::{Finding, Groups, NodeId, NodeSet, Requirement, View};
use crate::progress::Known;

/// What is known of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Whether there is a quorum and every two quorums share a node; absent: not proven.
    Intersection(Option<bool>),
    /// A size: not below `lower`; that of the best set known, if any, which is the smallest if that is proven.
    Size { lower: u32, size: Option<u32>, is_exact: bool },
}

impl Said {
    /// Nobody has asked.
    pub const NOTHING: Said = Said::Size { lower: 0, size: None, is_exact: false };

    /// What a search came to.
    pub fn size_of(known: &Known<impl Sized>) -> Self {
        Said::Size { lower: known.lower(), size: known.upper(), is_exact: known.is_proven() }
    }

    /// Whether more time would not tell more.
    pub fn is_exact(self) -> bool {
        match self {
            Said::Intersection(verdict) => verdict.is_some(),
            Said::Size { is_exact, .. } => is_exact,
        }
    }

    /// Whether two figures are others; absent: what is known does not tell.
    fn differs(self, other: Said) -> Option<bool> {
        let ((a, b), (c, d)) = (self.range(), other.range());
        match () {
            _ if b < c || d < a => Some(true),
            _ if self.is_exact() && other.is_exact() => Some(false),
            _ => None,
        }
    }

    /// Between which numbers the figure lies. That no set exists is larger than any size.
    fn range(self) -> (u32, u32) {
        match self {
            Said::Intersection(Some(verdict)) => (verdict.into(), verdict.into()),
            Said::Intersection(None) => (0, 1),
            Said::Size { size, is_exact: true, .. } => (size.unwrap_or(u32::MAX), size.unwrap_or(u32::MAX)),
            Said::Size { lower, size, .. } => (lower, size.unwrap_or(u32::MAX)),
        }
    }

    /// For people.
    pub fn in_words(self) -> String {
        match self {
            Said::Intersection(Some(verdict)) => verdict.to_string(),
            Said::Intersection(None) => "not known".to_string(),
            Said::Size { size: Some(size), is_exact: true, .. } => size.to_string(),
            Said::Size { size: None, is_exact: true, .. } => "no such set".to_string(),
            Said::Size { lower, size: Some(size), .. } => format!("at least {lower} and at most {size}"),
            Said::Size { lower, size: None, .. } => format!("at least {lower}, and no set was found yet"),
        }
    }
}

/// What operators act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verdict {
    /// Whether there is a quorum and every two quorums share a node.
    Intersection,
    /// The size of a smallest blocking set.
    Blocking,
    /// The size of a smallest splitting set.
    Splitting,
}

impl Verdict {
    /// Works it out; progress is told under this name.
    pub fn of(
        self,
        scenario: &Scenario,
        groups: &Groups,
        options: &Options,
        name: &str,
        budget: &Budget,
    ) -> Result<Said, AnalysisError> {
        Ok(match self {
            Verdict::Intersection => {
                disjoint_quorums(scenario, options, budget)?;
                let disjoint = scenario.view.disjoint_quorums.get();
                Said::Intersection(disjoint.map(|pair| scenario.view.has_quorum() && pair.is_none()))
            }
            Verdict::Blocking => {
                let charges = Charges::new(groups, scenario.view.live.alive());
                Said::size_of(&search(name, options, budget, |known| {
                    cheapest_blocking_set(scenario, &charges, known)
                })?)
            }
            Verdict::Splitting => Said::size_of(&search(name, options, budget, |known| {
                smallest_splitting_set(scenario, options.scope, groups, known)
            })?),
        })
    }

    /// Whether it may be another one in the other view; if not, that can be seen at once.
    pub fn may_differ(self, here: &View, there: &View, scope: Scope) -> bool {
        match self {
            Verdict::Intersection | Verdict::Blocking => {
                !here.of_minimal_quorums().asks_like(there.of_minimal_quorums())
            }
            Verdict::Splitting => {
                let ((here, diverging), (there, diverging_there)) = (arena(here, scope), arena(there, scope));
                let known = |nodes: &NodeSet| -> Vec<NodeId> {
                    nodes.iter().filter(|&node| here.is_known(node)).collect()
                };
                !here.asks_like(&there) || known(&diverging) != known(&diverging_there)
            }
        }
    }
}

/// The same options with unknown nodes read the other way. Only sizes are wanted then, no lists.
pub(super) fn other_way(options: &Options) -> Options {
    Options { unknown_nodes: options.unknown_nodes.other(), limit: None, ..options.clone() }
}

/// What to tell of figures that were worked out as the options read unknown nodes, and the other way: a name and both values.
pub(super) fn what_hangs_on_unknown_nodes(
    here: &Scenario,
    there: &Scenario,
    options: &Options,
    figures: &[(String, Said, Said)],
) -> Vec<Finding> {
    let other = options.unknown_nodes.other();
    let mut changes = Vec::new();
    let mut findings = Vec::new();
    for (name, here, there) in figures {
        match here.differs(*there) {
            Some(false) => {}
            Some(true) => {
                changes.push(format!("{name} {} instead of {}", there.in_words(), here.in_words()));
            }
            None => {
                let name = format!("{name} with unknownNodes '{}'", other.as_str());
                findings.push(Finding::not_exact(&name, &format!("It is {}.", there.in_words())));
            }
        }
    }
    if !changes.is_empty() {
        let concerned = counted_on(&here.view).union(&counted_on(&there.view));
        findings.push(Finding::verdict_depends(here.network.keys_of(&concerned), other, &changes));
    }
    findings
}

/// The free nodes that live nodes count on. There are none where unknown nodes are read as dead.
fn counted_on(view: &View) -> NodeSet {
    let live = &view.live;
    let asked_for = live.quorum_sets().iter().filter(|(id, _)| !live.holders(*id).is_empty());
    let named = asked_for.flat_map(|(id, _)| live.named_in(id));
    NodeSet::of(live.node_count(), named.filter(|&node| live.requirement(node) == Requirement::Free))
}
