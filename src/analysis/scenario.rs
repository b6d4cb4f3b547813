//! What all questions of one call share: the network as the options read it, with crashed and left-out nodes dead; the search for a minimum,
//! which ends with bounds where the budget ends first; and the check of witnesses.

use std::sync::Arc;

use super::error::AnalysisError;
use super::options::{Options, Techniques};
use super::size::Smallest;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Assignment, Network, NodeSet, Policy, View};
use crate::subject::Subject;

/// The system that the questions are asked about.
pub struct Scenario<'a> {
    /// The network.
    pub network: &'a Network,
    /// The network as the options read it.
    pub view: Arc<View>,
    /// How answers are looked for.
    pub techniques: Techniques,
}

impl<'a> Scenario<'a> {
    /// The network with the crashed nodes, and possibly the stray ones, dead.
    pub fn new(
        network: &'a Network,
        options: &Options,
        crashed: &NodeSet,
        ignore_one_node_quorums: bool,
    ) -> Self {
        let techniques = options.techniques;
        let policy = Policy::new(options.unknown_nodes, crashed.union(&out_of_reach(network, options)))
            .ignoring_one_node_quorums(ignore_one_node_quorums)
            .with_exchange(techniques.exchange);
        // What other techniques found out is of no use to somebody who compares techniques.
        let view = if techniques == Techniques::default() {
            network.view(policy)
        } else {
            Arc::new(View::new(network.assignment(), &policy))
        };
        Scenario { network, view, techniques }
    }

    /// The scenario of a single analysis: crashed nodes are taken as dead.
    pub fn of(network: &'a Network, options: &Options) -> Self {
        let crashed = network.nodes_with_keys(&options.faulty_nodes);
        Self::new(network, options, &crashed, options.ignore_one_node_quorums.unwrap_or(false))
    }

    /// Who asks for what, as the options read it: nodes that have crashed or are left out are gone. Something to change.
    pub fn assignment(&self, options: &Options) -> Assignment {
        let mut assignment = self.network.assignment().clone();
        let crashed = self.network.nodes_with_keys(&options.faulty_nodes);
        assignment.crash(&crashed.union(&out_of_reach(self.network, options)).union(&self.view.left_out));
        assignment
    }

    /// The scenario in which the nodes ask for something else, everything else being the same.
    pub fn changed(&self, assignment: &Assignment, options: &Options) -> Scenario<'a> {
        let policy =
            Policy::new(options.unknown_nodes, self.nobody()).with_exchange(self.techniques.exchange);
        Scenario {
            network: self.network,
            view: Arc::new(View::new(assignment, &policy)),
            techniques: self.techniques,
        }
    }

    /// The empty set of nodes.
    pub fn nobody(&self) -> NodeSet {
        NodeSet::empty(self.network.node_count())
    }

    /// Passes on what a search came to, once the best solution that it left, proven or not, has passed its check.
    pub fn checked<W>(
        &self,
        outcome: Result<(), AnalysisError>,
        known: &Known<W>,
        claim: &str,
        holds: impl FnOnce(u32, &W) -> bool,
    ) -> Result<(), AnalysisError> {
        check(known.best().is_none_or(|(cost, solution)| holds(*cost, solution)), claim)?;
        outcome
    }
}

/// The nodes that the node of [`Options::reachable_from`] does not see: those that neither it nor anybody whom it reaches names.
pub fn out_of_reach(network: &Network, options: &Options) -> NodeSet {
    let all = NodeSet::full(network.node_count());
    match &options.reachable_from {
        None => all.difference(&all),
        Some(key) => all.difference(&network.assignment().reach(&network.nodes_with_keys(&[key]))),
    }
}

/// Checks a witness; a failed check is a defect of this package and never an answer.
pub fn check(holds: bool, claim: &str) -> Result<(), AnalysisError> {
    if holds {
        Ok(())
    } else {
        Err(AnalysisError::Internal(format!("a witness failed its check: {claim}")))
    }
}

/// Looks for a minimum. Where the budget ends first, what is known by then is the answer if the options say so, and otherwise the error
/// names the bounds.
pub fn search<W>(
    subject: &Subject,
    options: &Options,
    budget: &Budget,
    look: impl FnOnce(&mut Known<W>) -> Result<(), AnalysisError>,
) -> Result<Smallest<W>, AnalysisError> {
    let mut known = Known::new(subject, budget);
    match look(&mut known) {
        Err(AnalysisError::Stopped(_)) if options.anytime => {}
        Err(error) => return Err(error.with_bounds(&known)),
        Ok(()) => {}
    }
    Ok(Smallest::of(known))
}
