//! The findings that go with the answer to one question: faulty nodes that the network does not have, nodes that the data reports down but that
//! were taken to be up, nodes that are left out, and whether the answer depends on nodes whose quorum set is unknown. Findings on the data alone
//! belong to the network, but for those without which the answer itself would be misread.

use super::verdicts::{
    compared, of_known_quorum_set, other_way, what_hangs_on_unknown_nodes, Comparison, Said, Verdict,
};
use crate::analysis::blocking::BlockingSets;
use crate::analysis::critical::CriticalGroups;
use crate::analysis::error::AnalysisError;
use crate::analysis::history::HistoryCritical;
use crate::analysis::intact::IntactNodes;
use crate::analysis::intersection::Intersection;
use crate::analysis::list::kind::SetsOf;
use crate::analysis::one_node::{every_node, OfNode, OneNode};
use crate::analysis::options::Options;
use crate::analysis::quorums::Quorums;
use crate::analysis::scenario::Scenario;
use crate::analysis::splitting::SplittingSets;
use crate::analysis::symmetric::NamedQuorumSet;
use crate::analysis::top_tier::TopTier;
use crate::budget::{Budget, Stop};
use crate::network::{Finding, FindingCode, GroupBy, Groups, Network};
use crate::subject::Figure;

/// An answer to one question, with the verdicts in it that an operator acts on.
pub trait Answer {
    /// Each verdict with the figure that it is.
    #[doc(hidden)]
    fn verdicts(&self, network: &Network) -> Vec<(Figure, Verdict, Said)>;

    /// What there is to tell of the question itself.
    #[doc(hidden)]
    fn on_question(&self) -> Option<Finding> {
        None
    }

    /// What may be found in the data that this answer rests on.
    #[doc(hidden)]
    fn on_data(&self) -> &[FindingCode] {
        &[]
    }
}

/// The findings that belong to an answer that these options had from this network. What was asked for is answered by then, so it is no
/// error if the time runs out meanwhile.
pub fn findings_on(
    answer: &impl Answer,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Finding>, AnalysisError> {
    let (here, there) = (Scenario::of(network, options), Scenario::of(network, &other_way(options)));
    let groups = Groups::of(network, &options.group_by);
    let mut findings = on_options(&here, options, &[(&options.group_by, &groups)]);
    let concerns = |code| code == FindingCode::NoQuorumSets || answer.on_data().contains(&code);
    findings.extend(network.findings().iter().filter(|finding| concerns(finding.code)).cloned());
    findings.extend(answer.on_question());
    findings.extend(Finding::one_node_quorums(network.keys_of(&here.view.left_out), Vec::new()));
    findings.extend(without_quorum(&here));
    let comparisons = comparisons_of(answer.verdicts(network), &here, &there, &groups);
    findings.extend(what_hangs_on_unknown_nodes(&comparisons, options, budget)?);
    Ok(findings)
}

/// What hangs on unknown nodes in the answers for all nodes, of each what [`findings_on`] says of one. It takes about as long as the answers.
pub fn findings_on_every(
    nodes: &[OneNode],
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Vec<Vec<Finding>>, AnalysisError> {
    let (here, there) = (Scenario::of(network, options), Scenario::of(network, &other_way(options)));
    let groups = Groups::of(network, &options.group_by);
    let others = match every_node(network, &other_way(options), budget) {
        // What was asked for is answered by now.
        Err(AnalysisError::Stopped(Stop::Timeout)) => Vec::new(),
        others => others?,
    };
    let mut told = Vec::with_capacity(nodes.len());
    for node in nodes {
        // Both are in the order of their keys.
        let place = others.binary_search_by(|other| other.key.cmp(&node.key)).ok();
        let other = place.map(|index| others[index].verdicts(network)).into_iter().flatten();
        let comparisons = comparisons_of(node.verdicts(network), &here, &there, &groups);
        told.push(compared(&comparisons, options, other.map(|(_, _, said)| said)));
    }
    Ok(told)
}

/// The verdicts of an answer, each to be compared with what it is when unknown nodes are read the other way.
pub fn comparisons_of<'a>(
    verdicts: Vec<(Figure, Verdict, Said)>,
    here: &'a Scenario<'a>,
    there: &'a Scenario<'a>,
    groups: &'a Groups,
) -> Vec<Comparison<'a>> {
    let comparison = |(figure, verdict, said): (Figure, Verdict, Said)| {
        let (subject, words) = (figure.into(), verdict.in_words().to_string());
        Comparison { subject, words, verdict, said, here, there, groups }
    };
    verdicts.into_iter().map(comparison).collect()
}

/// What the options and the network have to say of each other. The groupings are those that are counted.
pub fn on_options(scenario: &Scenario, options: &Options, groupings: &[(&GroupBy, &Groups)]) -> Vec<Finding> {
    let network = scenario.network;
    let mut findings = Vec::new();
    let unknown = network.unknown_keys(&options.faulty_nodes);
    if !unknown.is_empty() {
        findings.push(Finding::new(FindingCode::UnknownFaultyNode, unknown));
    }
    let live = scenario.view.live.alive();
    let faulty = network.nodes_with_keys(&options.faulty_nodes);
    let taken_as_up = network.reported_down().difference(&faulty).intersection(&live);
    if !taken_as_up.is_empty() {
        findings.push(Finding::new(FindingCode::ReportedDown, network.keys_of(&taken_as_up)));
    }
    if !live.is_empty() {
        let without_data = groupings.iter().filter(|(_, groups)| !groups.has_data(&live));
        findings.extend(without_data.filter_map(|(by, _)| by.name()).map(Finding::no_group_data));
    }
    findings
}

/// That there is no quorum, unless nothing is known of the network.
pub fn without_quorum(scenario: &Scenario) -> Option<Finding> {
    let is_halted = !scenario.view.has_quorum() && scenario.network.has_quorum_sets();
    is_halted.then(|| Finding::no_quorum(!scenario.view.left_out.is_empty()))
}

/// The verdict on intersection as an answer states it.
fn intersection(verdict: &Intersection) -> (Figure, Verdict, Said) {
    (Figure::Intersection, Verdict::Intersection, Said::Intersection(verdict.clone()))
}

impl Answer for Intersection {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![intersection(self)]
    }
}

impl Answer for BlockingSets {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![(Figure::Blocking, Verdict::Smallest(SetsOf::Blocking), Said::Size(self.set.size))]
    }
}

impl Answer for SplittingSets {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![
            intersection(&self.intersection),
            (Figure::Splitting, Verdict::Smallest(SetsOf::Splitting), Said::Size(self.set.size)),
        ]
    }
}

impl Answer for Quorums {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![intersection(&self.intersection)]
    }
}

impl Answer for TopTier {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![(Figure::TopTier, Verdict::TopTier, Said::members(self.top_tier.clone(), self.is_exact))]
    }
}

impl Answer for HistoryCritical {
    fn verdicts(&self, network: &Network) -> Vec<(Figure, Verdict, Said)> {
        let size = Said::Size(self.set.size);
        let verdict = (Figure::HistoryCritical, Verdict::Smallest(SetsOf::HistoryCritical), size);
        // Where nothing is said of archives, nothing but that hangs on anybody.
        Some(verdict).filter(|_| network.has_history_data()).into_iter().collect()
    }

    fn on_data(&self) -> &[FindingCode] {
        &[FindingCode::NoHistoryData, FindingCode::HistoryWithoutUrl]
    }
}

/// The core.
impl Answer for Vec<String> {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        Vec::new()
    }
}

/// The symmetric top tier.
impl Answer for Option<NamedQuorumSet> {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        vec![(Figure::SymmetricTopTier, Verdict::SymmetricTopTier, Said::Shared(self.clone()))]
    }
}

impl Answer for OneNode {
    fn verdicts(&self, network: &Network) -> Vec<(Figure, Verdict, Said)> {
        let Some(node) = network.node(&self.key) else { return Vec::new() };
        let sizes = [
            (Figure::Halting, OfNode::Halting, self.halting.size),
            (Figure::VBlocking, OfNode::VBlocking, self.v_blocking.size),
            (Figure::SplittingOff, OfNode::Splitting, self.splitting.set.size),
        ];
        sizes.map(|(figure, of, size)| (figure, Verdict::OfNode(node, of), Said::Size(size))).to_vec()
    }
}

/// Every node: what hangs on unknown nodes is said of each, see [`findings_on_every`].
impl Answer for Vec<OneNode> {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        Vec::new()
    }
}

impl Answer for IntactNodes {
    fn verdicts(&self, network: &Network) -> Vec<(Figure, Verdict, Said)> {
        let said = Said::members(of_known_quorum_set(network, &self.intact), self.is_exact);
        vec![(Figure::Intact, Verdict::Intact(self.ill_behaved.clone()), said)]
    }

    fn on_question(&self) -> Option<Finding> {
        let is_any = !self.unknown_keys.is_empty();
        is_any.then(|| Finding::new(FindingCode::UnknownIllBehavedNode, self.unknown_keys.clone()))
    }
}

impl Answer for CriticalGroups {
    fn verdicts(&self, _: &Network) -> Vec<(Figure, Verdict, Said)> {
        let critical = Said::members(self.critical(), self.is_exact);
        let mut verdicts = vec![intersection(&self.intersection)];
        // Where quorums do not intersect, nobody was asked about.
        if self.intersection.has_quorum_intersection() {
            verdicts.push((Figure::Critical, Verdict::Critical(self.candidates), critical));
        }
        verdicts
    }
}
