//! Quorums: which is smallest, and do they intersect?

use super::bounds::{Bounds, INFINITE};
use super::charges::{cost_tally, Charges};
use super::encoding::Encoding;
use super::intersection::disjoint_quorums;
use super::scenario::Scenario;
use super::{AnalysisError, MinimalSet, Options};
use crate::budget::Budget;
use crate::network::{Fbas, Groups, Network, NodeId, NodeSet};
use crate::sat::{minimise, Examined, Minimum};

/// The smallest quorum, and whether every two quorums share a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quorums {
    /// Its size and an example.
    pub set: MinimalSet,
    /// Whether any quorum exists.
    pub has_quorum: bool,
    /// Whether a quorum exists and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// Two disjoint quorums, if there are any: public keys, ascending.
    pub disjoint_quorums: Option<(Vec<String>, Vec<String>)>,
}

/// The smallest quorum, and whether every two quorums share a node. By group: the fewest groups whose nodes contain a quorum.
pub fn quorums(network: &Network, options: &Options, budget: &Budget) -> Result<Quorums, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let groups = Groups::of(network, &options.group_by);
    let disjoint = disjoint_quorums(&scenario, budget)?;
    let charges = Charges::new(&groups, scenario.live.alive());
    let has_quorum = scenario.has_quorum();
    let mut result = Quorums {
        has_quorum,
        has_quorum_intersection: has_quorum && disjoint.is_none(),
        disjoint_quorums: disjoint.map(|(a, b)| (network.keys_of(&a), network.keys_of(&b))),
        ..Quorums::default()
    };
    result.set.is_exact = true;
    if let Some((cost, quorum)) = cheapest_quorum(&scenario, &charges, budget)? {
        result.set.min_size = Some(cost);
        result.set.lower_bound = cost;
        result.set.example_set = groups.labels_of(&quorum);
    }
    Ok(result)
}

/// The quorum that costs least, with its cost; none if there is no quorum.
pub(super) fn cheapest_quorum(
    scenario: &Scenario,
    charges: &Charges,
    budget: &Budget,
) -> Result<Minimum<NodeSet>, AnalysisError> {
    budget.check()?;
    let fbas = scenario.of_minimal_quorums();
    let bounds = Bounds::new(fbas, charges);
    let lower = cheapest_start(fbas, &bounds);
    let Some((lower, start)) = lower else { return Ok(None) };
    let lower = if scenario.techniques.bounds { lower } else { 0 };
    let mut known = if scenario.techniques.guesses {
        guess(fbas, charges, &bounds, start)
    } else {
        (charges.cost(&fbas.alive()), fbas.alive())
    };
    if known.0 > lower {
        let colours = charges.colours(fbas);
        let mut encoding = Encoding::new(fbas, |node| colours[node.index()]);
        let mut side = encoding.side();
        encoding.demand_quorum(&mut side);
        let chosen = encoding
            .charge_of_classes(&colours)
            .into_iter()
            .zip(side.counts.iter().cloned())
            .collect::<Vec<_>>();
        let mut formula = std::mem::take(&mut encoding.formula);
        let cost = cost_tally(&mut formula, &chosen, known.0 as usize);
        let found = minimise(&mut formula, &cost, lower, Some(known.clone()), budget, |model| {
            let quorum = fbas.minimal_quorum_inside(&encoding.decode(&side, model), &[]);
            Ok::<_, AnalysisError>(Examined::Solution(charges.cost(&quorum), quorum))
        })?;
        known = found.unwrap_or(known);
    }
    let holds = scenario.written.is_quorum(&known.1) && charges.cost(&known.1) == known.0;
    scenario.check(holds, "a smallest quorum")?;
    Ok(Some(known))
}

/// The node whose quorum set is cheapest to satisfy, and what that costs at least.
fn cheapest_start(fbas: &Fbas, bounds: &Bounds) -> Option<(u32, NodeId)> {
    let starts = fbas.nodes().filter_map(|node| {
        let id = fbas.quorum_set_of(node)?;
        let cost = bounds.satisfying(id);
        (cost != INFINITE).then(|| (cost + u32::from(bounds.is_foreign(id, node)), node))
    });
    starts.min()
}

/// A cheap quorum: one grown from the cheapest way to satisfy the start, or one that is left when dear nodes are removed first.
fn guess(fbas: &Fbas, charges: &Charges, bounds: &Bounds, start: NodeId) -> (u32, NodeSet) {
    let mut wanted =
        fbas.quorum_set_of(start).map_or(NodeSet::empty(fbas.node_count()), |id| bounds.satisfying_nodes(id));
    wanted.insert(start);
    let all = fbas.alive();
    // Charged nodes go first, and of those the ones that the start does not want.
    let mut order: Vec<NodeId> = all.iter().collect();
    order.sort_by_key(|&node| (wanted.contains(node), charges.unit(node).is_none(), std::cmp::Reverse(node)));
    let guided = fbas.minimal_quorum_inside(&all, &order);
    order.sort_by_key(|&node| (charges.unit(node).is_none(), std::cmp::Reverse(node)));
    let plain = fbas.minimal_quorum_inside(&all, &order);
    [guided, plain].into_iter().map(|quorum| (charges.cost(&quorum), quorum)).min().unwrap_or_default()
}
