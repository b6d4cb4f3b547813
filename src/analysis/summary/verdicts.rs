//! The verdicts that operators act on, and whether they depend on nodes whose quorum set is unknown: would a verdict be a different one if
//! these nodes were read the other way, as free instead of dead or the reverse?
//!
//! Each is worked out under both readings, unless the known nodes that matter to it ask for the same under both: quorums then differ by
//! unknown nodes that nobody counts on.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::refine::Refine;
use super::rounds::{in_rounds, Slot};
use crate::analysis::blocking::cheapest_blocking_set;
use crate::analysis::cost::charges::Charges;
use crate::analysis::critical::{critical_groups, Candidates};
use crate::analysis::encode::split::{arena, Split};
use crate::analysis::error::AnalysisError;
use crate::analysis::intact::intact_nodes;
use crate::analysis::intersection::{intersection_of, Intersection};
use crate::analysis::list::kind::{with_good_history, SetsOf};
use crate::analysis::one_node::{size_of, OfNode};
use crate::analysis::options::{Options, Scope};
use crate::analysis::quorums::cheapest_quorum;
use crate::analysis::scenario::{search, Scenario};
use crate::analysis::size::{Size, Smallest};
use crate::analysis::splitting::smallest_splitting_set;
use crate::analysis::symmetric::{self, NamedQuorumSet};
use crate::analysis::top_tier::top_tier_nodes;
use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::sorting::sort_distinct;
use crate::network::{
    listed, Fbas, Finding, Groups, Network, NodeId, NodeSet, Requirement, UnknownNodes, View,
};
use crate::subject::Subject;

/// What is known of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Whether there is a quorum and every two quorums share a node.
    Intersection(Intersection),
    /// The size of a smallest set.
    Size(Size),
    /// Members of the top tier, by label: all of them, or those found so far.
    Members { labels: Vec<String>, is_exact: bool },
    /// The quorum set of a symmetric top tier. It takes no search.
    Shared(Option<NamedQuorumSet>),
    /// One of a few answers, each in its words; absent: not known.
    Told(Option<&'static str>),
}

impl Said {
    /// Members of the top tier, by label.
    pub fn members(labels: Vec<String>, is_exact: bool) -> Self {
        Said::Members { labels, is_exact }
    }

    /// Whether it is so.
    pub fn whether(is_so: bool) -> Self {
        Said::Told(Some(if is_so { "yes" } else { "no" }))
    }

    /// Whether more time would not tell more.
    pub fn is_exact(&self) -> bool {
        match self {
            Said::Intersection(verdict) => verdict.is_exact(),
            Said::Size(size) => size.is_exact(),
            Said::Members { is_exact, .. } => *is_exact,
            Said::Shared(_) => true,
            Said::Told(words) => words.is_some(),
        }
    }

    /// Whether the two figures, once they are proven, will differ; absent: what is known of them does not decide it.
    pub fn differs(&self, other: &Said) -> Option<bool> {
        if let Said::Shared(_) | Said::Told(_) = self {
            return (self.is_exact() && other.is_exact()).then(|| self != other);
        }
        if let (Said::Members { labels: ours, .. }, Said::Members { labels: theirs, .. }) = (self, other) {
            let lacks_some = |all: &Said, known: &[String], of: &[String]| {
                all.is_exact() && of.iter().any(|label| !known.contains(label))
            };
            return match () {
                _ if lacks_some(self, ours, theirs) || lacks_some(other, theirs, ours) => Some(true),
                _ if self.is_exact() && other.is_exact() => Some(false),
                _ => None,
            };
        }
        let ((a, b), (c, d)) = (self.range(), other.range());
        match () {
            _ if b < c || d < a => Some(true),
            _ if self.is_exact() && other.is_exact() => Some(false),
            _ => None,
        }
    }

    /// Between which numbers the figure lies. That no set exists is larger than any size.
    fn range(&self) -> (u32, u32) {
        match *self {
            Said::Members { ref labels, is_exact } => {
                (labels.len() as u32, if is_exact { labels.len() as u32 } else { u32::MAX })
            }
            // They are no numbers.
            Said::Shared(_) | Said::Told(_) => (0, u32::MAX),
            Said::Intersection(Intersection::Open) => (0, 1),
            Said::Intersection(ref verdict) => {
                let holds = verdict.has_quorum_intersection();
                (holds.into(), holds.into())
            }
            Said::Size(Size::Exactly(size)) => (size, size),
            Said::Size(Size::NoSet) => (u32::MAX, u32::MAX),
            Said::Size(Size::Between { lower, best }) => (lower, best.unwrap_or(u32::MAX)),
        }
    }

    /// The other figure instead of this one, for people.
    fn turned_into(&self, other: &Said) -> String {
        let mut words = format!("{} instead of {}", other.in_words(), self.in_words());
        if let (Said::Shared(Some(_)), Said::Shared(Some(_))) = (self, other) {
            words.insert_str(0, "another ");
        }
        if let (Said::Members { labels: ours, .. }, Said::Members { labels: theirs, .. }) = (self, other) {
            let beyond = |some: &[String], others: &[String]| -> Vec<String> {
                some.iter().filter(|label| !others.contains(label)).cloned().collect()
            };
            for (kind, members) in [("with", beyond(theirs, ours)), ("without", beyond(ours, theirs))] {
                if !members.is_empty() {
                    words.push_str(&format!(", {kind} {}", listed(&members)));
                }
            }
        }
        words
    }

    /// For people.
    pub fn in_words(&self) -> String {
        match self {
            Said::Members { labels, is_exact: true } => labels.len().to_string(),
            Said::Members { labels, is_exact: false } => bounds(labels.len() as u32, None),
            Said::Told(Some(words)) => words.to_string(),
            Said::Shared(Some(_)) => "one".to_string(),
            Said::Shared(None) => "none".to_string(),
            Said::Told(None) | Said::Intersection(Intersection::Open) => bounds(0, None),
            Said::Intersection(verdict) if verdict.has_quorum_intersection() => "yes".to_string(),
            Said::Intersection(_) => "no".to_string(),
            Said::Size(Size::Exactly(size)) => size.to_string(),
            Said::Size(Size::NoSet) => "none".to_string(),
            Said::Size(Size::Between { lower, best }) => bounds(*lower, *best),
        }
    }
}

/// Between which numbers a size lies, as far as that says anything.
pub fn bounds(lower: u32, upper: Option<u32>) -> String {
    match (lower, upper) {
        (0, None) => "not known".to_string(),
        (_, None) => format!("at least {lower}"),
        (0, Some(upper)) => format!("at most {upper}"),
        (_, Some(upper)) => format!("at most {upper}, at least {lower}"),
    }
}

impl Refine for Said {
    fn refine(&mut self, later: Said) {
        *self = match (self.clone(), later) {
            (Said::Size(known), Said::Size(later)) => Said::Size(known.and(later)),
            (Said::Members { mut labels, is_exact: false }, Said::Members { labels: more, is_exact }) => {
                labels.extend(more);
                sort_distinct(&mut labels);
                Said::Members { labels, is_exact }
            }
            (known, _) if known.is_exact() => known,
            (_, later) => later,
        };
    }

    fn is_settled(&self) -> bool {
        self.is_exact()
    }
}

/// What operators act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Whether there is a quorum and every two quorums share a node.
    Intersection,
    /// The size of a smallest set.
    Smallest(SetsOf),
    /// Who is in the top tier.
    TopTier,
    /// Which quorum set a symmetric top tier shares.
    SymmetricTopTier,
    /// Whether there is a symmetric top tier.
    HasSymmetricTopTier,
    /// The size of a smallest set that concerns a node.
    OfNode(NodeId, OfNode),
    /// Which nodes of known quorum set are intact, these being ill-behaved.
    Intact(Vec<String>),
    /// Which groups are critical.
    Critical(Candidates),
}

/// A smallest set of some kind, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SmallestSet {
    /// A splitting set.
    Split(Smallest<Split>),
    /// One of another kind; of a history-critical set, the quorum.
    Nodes(Smallest<NodeSet>),
}

impl SmallestSet {
    /// Its size.
    pub fn size(&self) -> Size {
        match self {
            SmallestSet::Split(split) => split.size,
            SmallestSet::Nodes(nodes) => nodes.size,
        }
    }
}

impl Refine for SmallestSet {
    fn refine(&mut self, later: Self) {
        match (self, later) {
            (SmallestSet::Split(known), SmallestSet::Split(later)) => known.refine(later),
            (SmallestSet::Nodes(known), SmallestSet::Nodes(later)) => known.refine(later),
            (known, later) => *known = later,
        }
    }

    fn is_settled(&self) -> bool {
        self.size().is_exact()
    }
}

/// A smallest set, of which groups are counted; progress is told on this subject.
pub fn smallest_set(
    of: SetsOf,
    scenario: &Scenario,
    groups: &Groups,
    options: &Options,
    subject: &Subject,
    budget: &Budget,
) -> Result<SmallestSet, AnalysisError> {
    if of == SetsOf::Splitting {
        let look = |known: &mut Known<_>| smallest_splitting_set(scenario, options.scope, groups, known);
        return search(subject, options, budget, look).map(SmallestSet::Split);
    }
    let charged = match of {
        SetsOf::HistoryCritical => with_good_history(scenario.network),
        _ => scenario.view.live.alive(),
    };
    let charges = Charges::new(groups, charged);
    let look = |known: &mut Known<_>| match of {
        SetsOf::Blocking => cheapest_blocking_set(scenario, &charges, known),
        _ => cheapest_quorum(scenario, &charges, known),
    };
    search(subject, options, budget, look).map(SmallestSet::Nodes)
}

impl Verdict {
    /// What it is, for people.
    pub fn in_words(&self) -> &'static str {
        match self {
            Verdict::Intersection => "every two quorums share a node",
            Verdict::Smallest(SetsOf::Blocking) => "smallest blocking set",
            Verdict::Smallest(SetsOf::Splitting) => "smallest splitting set",
            Verdict::Smallest(SetsOf::Quorums) => "smallest quorum",
            Verdict::Smallest(SetsOf::HistoryCritical) => "smallest history-critical set",
            Verdict::TopTier => "members of the top tier",
            Verdict::SymmetricTopTier => "symmetric top tier",
            Verdict::HasSymmetricTopTier => "there is a symmetric top tier",
            Verdict::OfNode(_, OfNode::Halting) => "smallest set that halts the node",
            Verdict::OfNode(_, OfNode::VBlocking) => "smallest v-blocking set of the node",
            Verdict::OfNode(_, OfNode::Splitting) => "smallest set that splits the node off",
            Verdict::Intact(_) => "intact nodes of known quorum set",
            Verdict::Critical(_) => "critical groups",
        }
    }

    /// What is known of it without a search.
    pub fn at_once(&self, scenario: &Scenario) -> Said {
        match self {
            Verdict::SymmetricTopTier => Said::Shared(symmetric::find(scenario)),
            Verdict::HasSymmetricTopTier => Said::whether(symmetric::find(scenario).is_some()),
            Verdict::Intersection => Said::Intersection(Intersection::Open),
            Verdict::Smallest(_) | Verdict::OfNode(..) => Said::Size(Size::default()),
            Verdict::TopTier | Verdict::Intact(_) | Verdict::Critical(_) => Said::members(Vec::new(), false),
        }
    }

    /// Works it out; progress is told on this subject.
    pub fn of(
        &self,
        scenario: &Scenario,
        groups: &Groups,
        options: &Options,
        subject: &Subject,
        budget: &Budget,
    ) -> Result<Said, AnalysisError> {
        match self {
            Verdict::Intersection => intersection_of(scenario, options, budget).map(Said::Intersection),
            Verdict::Smallest(of) => {
                let set = smallest_set(*of, scenario, groups, options, subject, budget)?;
                Ok(Said::Size(set.size()))
            }
            Verdict::TopTier => {
                let (members, is_exact) = top_tier_nodes(scenario, options, subject, budget)?;
                Ok(Said::members(groups.labels_of(&members), is_exact))
            }
            Verdict::SymmetricTopTier | Verdict::HasSymmetricTopTier => Ok(self.at_once(scenario)),
            Verdict::OfNode(node, of) => {
                let size = size_of(scenario.network, *node, *of, &other_way(options), subject, budget)?;
                Ok(Said::Size(size))
            }
            Verdict::Intact(ill_behaved) => {
                let network = scenario.network;
                let found = intact_nodes(network, ill_behaved, &other_way(options), budget)?;
                Ok(Said::members(of_known_quorum_set(network, &found.intact), found.is_exact))
            }
            Verdict::Critical(candidates) => {
                let found = critical_groups(scenario.network, *candidates, &other_way(options), budget)?;
                Ok(Said::members(found.critical(), found.is_exact))
            }
        }
    }

    /// Whether it may be another one in the other view; if not, that can be seen at once.
    fn may_differ(&self, here: &View, there: &View, scope: Scope) -> bool {
        match self {
            Verdict::Smallest(SetsOf::Splitting) => {
                let ((here, diverging), (there, diverging_there)) = (arena(here, scope), arena(there, scope));
                let known = |nodes: &NodeSet| -> Vec<NodeId> {
                    nodes.iter().filter(|&node| here.is_known(node)).collect()
                };
                !here.asks_like(&there) || known(&diverging) != known(&diverging_there)
            }
            Verdict::OfNode(node, _) => {
                // Whoever diverges or has to be satisfied, and all on whom they depend.
                let seen = |view: &View| match scope {
                    Scope::All => view.live.clone(),
                    Scope::Core => {
                        let mut from = view.core().clone();
                        from.insert(*node);
                        view.live.reduced_to(&view.live.reachable_from(&from))
                    }
                };
                let is_known = |view: &View| view.live.is_known(*node);
                // Without a quorum in either there is nothing to halt or to split off.
                (here.has_quorum() || there.has_quorum())
                    && (!is_known(here)
                        || !is_known(there)
                        || here.core() != there.core()
                        || !seen(here).asks_like(&seen(there)))
            }
            Verdict::Intact(_) | Verdict::Critical(_) => !here.live.asks_like(&there.live),
            // To find out takes no longer.
            Verdict::SymmetricTopTier | Verdict::HasSymmetricTopTier => true,
            Verdict::Intersection | Verdict::Smallest(_) | Verdict::TopTier => {
                !here.of_minimal_quorums().asks_like(there.of_minimal_quorums())
            }
        }
    }
}

/// Those nodes whose quorum set is known: nodes of unknown quorum set are read another way, of course.
pub fn of_known_quorum_set(network: &Network, keys: &[String]) -> Vec<String> {
    let is_known =
        |key: &&String| network.node(key).is_some_and(|node| network.quorum_set_of(node).is_some());
    keys.iter().filter(is_known).cloned().collect()
}

/// The same options with unknown nodes read the other way. Only sizes are wanted then, no lists.
pub fn other_way(options: &Options) -> Options {
    Options { unknown_nodes: options.unknown_nodes.other(), limit: None, ..options.clone() }
}

/// A verdict as the options read unknown nodes, and what it takes to work it out the other way.
pub struct Comparison<'a> {
    /// Which figure of the answer it is.
    pub subject: Subject,
    /// What people call it.
    pub words: String,
    pub verdict: Verdict,
    /// What is known of it.
    pub said: Said,
    pub here: &'a Scenario<'a>,
    pub there: &'a Scenario<'a>,
    pub groups: &'a Groups,
}

impl Comparison<'_> {
    /// Whether the same is worked out for both, read the other way.
    fn asks_the_same(&self, other: &Comparison) -> bool {
        self.verdict == other.verdict
            && Arc::ptr_eq(&self.there.view, &other.there.view)
            && match self.verdict {
                Verdict::Intersection
                | Verdict::SymmetricTopTier
                | Verdict::HasSymmetricTopTier
                | Verdict::Intact(_) => true,
                Verdict::Smallest(_) | Verdict::OfNode(..) | Verdict::Critical(_) => {
                    self.groups.are_like(other.groups)
                }
                // Its members go by the labels of the groups.
                Verdict::TopTier => std::ptr::eq(self.groups, other.groups),
            }
    }
}

/// What to tell of verdicts that would be others if unknown nodes were read the other way. What was asked for is answered by now, so it is
/// no error if the time runs out meanwhile: then that is what there is to tell.
pub fn what_hangs_on_unknown_nodes(
    comparisons: &[Comparison],
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Finding>, AnalysisError> {
    let open = that_may_differ(comparisons, options.scope);
    // What comes to the same is worked out once.
    let first_like: Vec<usize> = open
        .iter()
        .map(|comparison| open.iter().position(|other| other.asks_the_same(comparison)).unwrap_or_default())
        .collect();
    let mut others: Vec<Said> =
        open.iter().map(|comparison| comparison.verdict.at_once(comparison.there)).collect();
    let is_asked = |&index: &usize| first_like[index] == index && !others[index].is_exact();
    let distinct: Vec<usize> = (0..open.len()).filter(is_asked).collect();
    let slots: Vec<Slot<Said>> = distinct.iter().map(|_| Slot::new()).collect();
    let is_first = |number: usize| open[distinct[number]].verdict == Verdict::Intersection;
    let outcome = in_rounds(distinct.len(), is_first, options, budget, |number, budget| {
        let Comparison { subject, verdict, there, groups, .. } = &open[distinct[number]];
        let subject = subject.clone().other_way();
        Ok(slots[number].keep(verdict.of(there, groups, options, &subject, budget)?))
    });
    match outcome {
        Err(AnalysisError::Stopped(Stop::Timeout)) => {}
        outcome => outcome?,
    }
    for (&index, slot) in distinct.iter().zip(slots) {
        slot.answer().into_iter().for_each(|said| others[index] = said);
    }
    let others: Vec<Said> = first_like.iter().map(|&first| others[first].clone()).collect();
    Ok(findings(&open, &others, options.unknown_nodes.other()))
}

/// The same where the answers read the other way are there, in the same order; where they are absent, there was no time for them.
pub fn compared(
    comparisons: &[Comparison],
    options: &Options,
    mut other_way: impl Iterator<Item = Said>,
) -> Vec<Finding> {
    let (mut open, mut others) = (Vec::new(), Vec::new());
    for comparison in comparisons {
        let other = other_way.next().unwrap_or_else(|| comparison.verdict.at_once(comparison.there));
        // To see that nothing may differ takes longer than to see that nothing does.
        let may_be_other = comparison.said.differs(&other) != Some(false);
        if may_be_other && !that_may_differ(std::slice::from_ref(comparison), options.scope).is_empty() {
            open.push(comparison);
            others.push(other);
        }
    }
    findings(&open, &others, options.unknown_nodes.other())
}

/// Those that have to be worked out. To see it takes a while on large networks, so the views are compared once.
fn that_may_differ<'c, 'a>(comparisons: &'c [Comparison<'a>], scope: Scope) -> Vec<&'c Comparison<'a>> {
    let mut seen: Vec<(*const View, bool, bool)> = Vec::new();
    let mut may_differ = |comparison: &&Comparison| {
        let (here, there) = (&comparison.here.view, &comparison.there.view);
        let is_splitting = comparison.verdict == Verdict::Smallest(SetsOf::Splitting);
        let is_of_all =
            matches!(comparison.verdict, Verdict::Intersection | Verdict::Smallest(_) | Verdict::TopTier);
        let key = (Arc::as_ptr(here), is_splitting);
        match seen.iter().find(|(view, splitting, _)| (*view, *splitting) == key) {
            Some(&(_, _, answer)) if is_of_all => answer,
            _ => {
                let answer = !Arc::ptr_eq(here, there) && comparison.verdict.may_differ(here, there, scope);
                if is_of_all {
                    seen.push((key.0, key.1, answer));
                }
                answer
            }
        }
    };
    comparisons.iter().filter(|comparison| may_differ(comparison)).collect()
}

fn findings(comparisons: &[&Comparison], others: &[Said], other: UnknownNodes) -> Vec<Finding> {
    let told = comparisons.iter().zip(others).map(|(comparison, there)| Told {
        subject: comparison.subject.clone(),
        words: &comparison.words,
        here: comparison.said.clone(),
        there: there.clone(),
    });
    told_of(told.collect(), other, &|index| {
        let Comparison { verdict, here, there, .. } = comparisons[index];
        // A symmetric top tier hangs on quorum sets as they are written, whoever is live.
        let is_as_written = matches!(verdict, Verdict::SymmetricTopTier | Verdict::HasSymmetricTopTier);
        let [one, other] = [&here.view, &there.view]
            .map(|view| counted_on(if is_as_written { &view.written } else { &view.live }));
        let mut concerned = one.union(&other);
        // The node itself, which nobody need name.
        if let Verdict::OfNode(node, _) = *verdict {
            if here.network.quorum_set_of(node).is_none() {
                concerned.insert(node);
            }
        }
        here.network.keys_of(&concerned)
    })
}

/// A verdict in both readings of unknown nodes.
pub struct Told<'a> {
    /// Which figure of the answer it is.
    pub subject: Subject,
    /// What people call it.
    pub words: &'a str,
    /// What is known of it.
    pub here: Said,
    /// The same in the other reading.
    pub there: Said,
}

/// What there is to tell of verdicts, this being the other reading. `concerned` says of a verdict, by number, whom it hangs on.
pub fn told_of(
    verdicts: Vec<Told>,
    other: UnknownNodes,
    concerned: &dyn Fn(usize) -> Vec<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut changes = Vec::new();
    let mut nodes: BTreeSet<String> = BTreeSet::new();
    for (index, Told { subject, words, here, there }) in verdicts.into_iter().enumerate() {
        match here.differs(&there) {
            Some(false) => {}
            Some(true) => {
                changes.push((subject, format!("{words}: {}", here.turned_into(&there))));
                nodes.extend(concerned(index));
            }
            None => {
                let (then, now) = (there.in_words(), here.in_words());
                findings.push(Finding::may_depend(subject, words, other, &then, &now));
            }
        }
    }
    if !changes.is_empty() {
        findings.push(Finding::verdict_depends(nodes.into_iter().collect(), other, changes));
    }
    findings
}

/// The free nodes that nodes of the system count on. There are none where unknown nodes are read as dead.
fn counted_on(fbas: &Fbas) -> NodeSet {
    let asked_for = fbas.quorum_sets().iter().filter(|(id, _)| !fbas.holders(*id).is_empty());
    let named = asked_for.flat_map(|(id, _)| fbas.named_in(id));
    NodeSet::of(fbas.node_count(), named.filter(|&node| fbas.requirement(node) == Requirement::Free))
}
