//! History-critical sets: the members of a quorum whose history archive has no error. If the archives of a smallest one
//! go bad, that quorum still closes ledgers, and nobody archives them.

use super::minimal_sets::{describe, Question, SetsOf};
use super::quorums::cheapest_quorum;
use super::rounds::Refine;
use super::scenario::Scenario;
use super::{search, AnalysisError, MinimalSet, Options};
use crate::budget::Budget;
use crate::network::{Network, NodeSet};

/// The smallest history-critical set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryCritical {
    /// Its size and an example.
    pub set: MinimalSet,
    /// A quorum that would be left without any good history archive: public keys, ascending.
    pub quorum: Vec<String>,
}

impl Refine for HistoryCritical {
    fn refine(&mut self, later: Self) {
        if self.set.refine(later.set) {
            self.quorum = later.quorum;
        }
    }
}

/// How few archives keep the network's history.
pub fn history_critical(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<HistoryCritical, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let question = Question::new(SetsOf::HistoryCritical, &scenario, options);
    let charges = question.charges();
    let known =
        search("historyCritical", options, budget, |known| cheapest_quorum(&scenario, &charges, known))?;
    let mut set = MinimalSet::of(&known, network, |quorum| quorum, |quorum| charges.labels(quorum));
    describe(question, options, &known, &mut set)?;
    let best = known.best();
    Ok(HistoryCritical { quorum: best.map(|(_, quorum)| network.keys_of(quorum)).unwrap_or_default(), set })
}

/// The nodes whose archives are of use.
pub(super) fn with_good_history(network: &Network) -> NodeSet {
    NodeSet::of(network.node_count(), network.nodes().filter(|&node| network.has_good_history(node)))
}
