//! History-critical sets: the members of a quorum whose history archive has no error. If the archives of a smallest one
//! go bad, that quorum still closes ledgers, and nobody archives them.

use super::error::AnalysisError;
use super::list::all::answer;
use super::list::kind::{Question, SetsOf};
use super::list::smallest::MinimalSet;
use super::options::Options;
use super::quorums::cheapest_quorum;
use super::scenario::{search, Scenario};
use crate::budget::Budget;
use crate::network::Network;
use crate::subject::Figure;

/// The smallest history-critical set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistoryCritical {
    /// Its size and an example.
    pub set: MinimalSet,
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
    let question = Question::new(SetsOf::HistoryCritical, &scenario, options);
    let charges = question.charges();
    let found = search(&Figure::HistoryCritical.into(), options, budget, |known| {
        cheapest_quorum(&scenario, &charges, known)
    })?;
    let set = answer(question, network, options, budget, &found, |quorum| quorum)?;
    let quorum = found.example.map(|quorum| network.keys_of(&quorum)).unwrap_or_default();
    Ok(HistoryCritical { set, quorum })
}
