//! History-critical sets: the members of a quorum whose history archive has no error. If the archives of a smallest one
//! go bad, that quorum still closes ledgers, and nobody archives them.

use super::charges::Charges;
use super::quorums::cheapest_quorum;
use super::scenario::Scenario;
use super::{search, AnalysisError, MinimalSet, Options};
use crate::budget::Budget;
use crate::network::{Groups, Network, NodeSet};

/// The smallest history-critical set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryCritical {
    /// Its size and an example.
    pub set: MinimalSet,
    /// The sets found.
    pub critical_sets: Vec<Vec<String>>,
    /// A quorum that would be left without any good history archive: public keys, ascending.
    pub quorum: Vec<String>,
}

/// How few archives keep the network's history.
pub fn history_critical(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<HistoryCritical, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Groups::of(network, &options.group_by);
    let good = network.nodes().filter(|&node| network.has_good_history(node));
    let charges = Charges::new(&groups, NodeSet::of(network.node_count(), good));
    let known =
        search("historyCritical", options, budget, |known| cheapest_quorum(&scenario, &charges, known))?;
    let set = MinimalSet::of(&known, |quorum| charges.labels(quorum));
    let best = known.best();
    Ok(HistoryCritical {
        critical_sets: best.map(|_| set.example_set.clone()).into_iter().collect(),
        quorum: best.map(|(_, quorum)| network.keys_of(quorum)).unwrap_or_default(),
        set,
    })
}
