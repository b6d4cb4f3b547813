//! The core: the nodes on which everybody else depends.

use super::error::AnalysisError;
use super::options::Options;
use super::scenario::Scenario;
use crate::budget::Budget;
use crate::network::{Groups, Network};

/// The nodes, or their groups, of the strongly connected components of live nodes that contain a quorum. It takes no search, so the
/// budget bears on it only by having ended already; with [`Options::anytime`] not even then.
pub fn core(network: &Network, options: &Options, budget: &Budget) -> Result<Vec<String>, AnalysisError> {
    if !options.anytime {
        budget.check()?;
    }
    let groups = Groups::of(network, &options.group_by);
    Ok(groups.labels_of(Scenario::of(network, options).view.core()))
}
