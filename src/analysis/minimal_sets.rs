//! Lists all inclusion-minimal quorums, blocking sets, splitting sets or history-critical sets of a network one by one. Each set is worked
//! out when the caller asks for it.

use super::blocking::blocking_sets;
use super::error::AnalysisError;
use super::history::history_critical;
use super::list::all::MinimalSets;
use super::list::kind::{Question, SetsOf};
use super::options::Options;
use super::quorums::quorums;
use super::scenario::Scenario;
use super::splitting::splitting_sets;
use crate::budget::Budget;
use crate::network::Network;

/// All inclusion-minimal sets of one kind, to be listed one by one; [`Options::limit`] does not bear on them.
pub fn minimal_sets(
    network: &Network,
    of: SetsOf,
    options: &Options,
    budget: &Budget,
) -> Result<MinimalSets, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let question = Question::new(of, &scenario, options);
    let mut all = MinimalSets::new(true, question, budget)?;
    if all.needs_beginning() {
        let options = Options { limit: None, anytime: false, ..options.clone() };
        let smallest = match of {
            SetsOf::Quorums => quorums(network, &options, budget)?.set,
            SetsOf::Blocking => blocking_sets(network, &options, budget)?.set,
            SetsOf::Splitting => splitting_sets(network, &options, budget)?.set,
            SetsOf::HistoryCritical => history_critical(network, &options, budget)?.set,
        };
        all.begin_at(smallest.size.smallest_known())?;
    }
    Ok(all)
}
