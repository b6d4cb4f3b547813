//! The kinds of sets of which minimal ones can be asked for, and what such a question consists of: the system, the nodes that cost
//! something, and their groups.

use std::sync::Arc;

use crate::analysis::cost::charges::Charges;
use crate::analysis::encode::split::{arena, can_help_to_split};
use crate::analysis::options::Options;
use crate::analysis::scenario::Scenario;
use crate::network::{Fbas, Groups, Network, NodeSet, View};

/// The kinds of sets of which a smallest one can be asked for, and all minimal ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetsOf {
    /// Quorums or, by group, sets of groups whose nodes contain one.
    Quorums,
    /// Blocking sets.
    Blocking,
    /// Splitting sets.
    Splitting,
    /// History-critical sets.
    HistoryCritical,
}

/// What makes a set one of a kind; history-critical sets are quorums of which only nodes with a good archive are charged.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Sets whose nodes, with all those that are not charged, contain a quorum.
    Quorums,
    /// Sets whose nodes meet every quorum.
    Blocking,
    /// Sets of which some nodes, Byzantine, let nodes of `diverging` diverge in this system.
    Splitting { arena: Box<Fbas>, diverging: NodeSet },
}

/// A question for the minimal sets of one kind: in which system they are looked for, what they are made of, and what makes them one.
pub struct Question {
    pub view: Arc<View>,
    pub groups: Groups,
    /// The nodes that cost something: they and their groups are what sets are made of.
    pub charged: NodeSet,
    pub kind: Kind,
    /// Whether decision diagrams may be used.
    pub has_diagrams: bool,
}

impl Question {
    /// Minimal sets of a kind, as the options count them.
    pub fn new(of: SetsOf, scenario: &Scenario, options: &Options) -> Self {
        let view = scenario.view.clone();
        let (kind, charged) = match of {
            SetsOf::Quorums => (Kind::Quorums, view.live.alive()),
            SetsOf::Blocking => (Kind::Blocking, view.live.alive()),
            SetsOf::HistoryCritical => (Kind::Quorums, with_good_history(scenario.network)),
            SetsOf::Splitting => {
                let (arena, diverging) = arena(&view, options.scope);
                let charged = can_help_to_split(&arena);
                (Kind::Splitting { arena: Box::new(arena), diverging }, charged)
            }
        };
        let groups = Groups::of(scenario.network, &options.group_by);
        Question { view, groups, charged, kind, has_diagrams: scenario.techniques.diagrams }
    }

    /// The system in which the sets are looked for.
    pub fn fbas(&self) -> &Fbas {
        match &self.kind {
            Kind::Quorums | Kind::Blocking => self.view.of_minimal_quorums(),
            Kind::Splitting { arena, .. } => arena,
        }
    }

    /// What nodes cost.
    pub fn charges(&self) -> Charges<'_> {
        Charges::new(&self.groups, self.charged.clone())
    }
}

/// The nodes whose archives are of use.
pub fn with_good_history(network: &Network) -> NodeSet {
    NodeSet::of(network.node_count(), network.nodes().filter(|&node| network.has_good_history(node)))
}
