//! Quorums: which is smallest, and do they intersect?

use super::cost::bounds::{Bound, Bounds};
use super::cost::charges::{cost_tally, Charges};
use super::encode::formulas;
use super::error::AnalysisError;
use super::intersection::{budget_for_verdict, intersection_of, Intersection};
use super::list::all::answer;
use super::list::kind::{Question, SetsOf};
use super::list::smallest::MinimalSet;
use super::options::{Options, Techniques};
use super::scenario::{search, Scenario};
use super::technique::counting::quorums::{CheapQuorums, Found};
use super::technique::subsets::{Subsets, MORE_STEPS};
use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::sorting::sort_by_key;
use crate::network::{Fbas, Network, NodeId, NodeSet};
use crate::sat::{minimise, Examined};
use crate::subject::Figure;

/// The smallest quorum, and whether every two quorums share a node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quorums {
    /// Its size and an example.
    pub set: MinimalSet,
    /// Whether every two quorums share a node.
    pub intersection: Intersection,
}

/// The smallest quorum, and whether every two quorums share a node. By group: the fewest groups whose nodes contain a quorum.
pub fn quorums(network: &Network, options: &Options, budget: &Budget) -> Result<Quorums, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let question = Question::new(SetsOf::Quorums, &scenario, options);
    let charges = question.charges();
    let mut intersection = Intersection::default();
    let found = search(&Figure::Quorums.into(), options, budget, |known| {
        intersection = intersection_of(&scenario, options, &budget_for_verdict(options, budget))?;
        cheapest_quorum(&scenario, &charges, known)
    })?;
    let set = answer(question, network, options, budget, &found, |quorum| quorum)?;
    Ok(Quorums { set, intersection })
}

/// The quorum that costs least; none if there is no quorum.
pub fn cheapest_quorum(
    scenario: &Scenario,
    charges: &Charges,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    known.budget().check()?;
    let outcome = cheapest(scenario.view.of_minimal_quorums(), charges, scenario.techniques, known);
    scenario.checked(outcome, known, "a smallest quorum", |cost, quorum| {
        scenario.view.written.is_quorum(quorum) && charges.cost(quorum) == cost
    })
}

fn cheapest(
    fbas: &Fbas,
    charges: &Charges,
    techniques: Techniques,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    let bounds = Bounds::new(fbas, charges, known.budget())?;
    let Some((least, start)) = cheapest_start(fbas, &bounds) else {
        known.prove();
        return Ok(());
    };
    known.offer(charges.cost(&fbas.alive()), fbas.alive());
    known.until_proven(&mut [
        (techniques.bounds, &mut |known| {
            known.raise(least);
            Ok(())
        }),
        (techniques.guesses, &mut |known| {
            let (cost, quorum) = guess(fbas, charges, &bounds, start, known.budget())?;
            known.offer(cost, quorum);
            Ok(())
        }),
        (techniques.subsets, &mut |known| match Subsets::of(fbas)
            .filter(|subsets| subsets.steps() <= MORE_STEPS)
        {
            Some(subsets) => Ok(subsets.cheapest_quorum(&charges.units(&fbas.alive()), known)?),
            None => Ok(()),
        }),
        (techniques.counting, &mut |known| count(fbas, charges, &bounds, known)),
        (true, &mut |known| by_formulas(fbas, charges, known)),
    ])
}

fn by_formulas(fbas: &Fbas, charges: &Charges, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
    known.enter("formulas");
    let budget = known.budget();
    let (mut encoding, side, chosen) = formulas::quorum(fbas, charges, budget);
    let mut formula = std::mem::take(&mut encoding.formula);
    let limit = known.upper().unwrap_or_default() as usize;
    let cost = cost_tally(&mut formula, &chosen, limit);
    minimise(&mut formula, &cost, known, |model| {
        let quorum = encoding.decode(&side, model);
        let quorum = fbas.minimal_quorum_inside(&quorum, &[], || budget.check())?;
        Ok(Examined::Solution(charges.cost(&quorum), quorum))
    })
}

/// Refutes one cost after the other by inequalities, until one has a quorum or is not decided.
fn count(
    fbas: &Fbas,
    charges: &Charges,
    bounds: &Bounds,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    let nodes = fbas.nodes().filter(|&node| fbas.is_known(node));
    let nodes = NodeSet::of(fbas.node_count(), nodes);
    let cheap = CheapQuorums::new(fbas, &nodes, charges, bounds);
    if !cheap.is_apt() {
        return Ok(());
    }
    known.enter("counting");
    let budget = known.budget();
    while !known.is_proven() {
        match cheap.quorum(known.lower(), budget)? {
            Found::Nothing => known.raise(known.lower() + 1),
            Found::Quorum(quorum) => {
                let quorum = fbas.minimal_quorum_inside(&quorum, &[], || budget.check())?;
                known.offer(charges.cost(&quorum), quorum);
                known.prove();
            }
            Found::Unknown => break,
        }
    }
    Ok(())
}

/// The node whose quorum set is cheapest to satisfy, and what that costs at least.
fn cheapest_start(fbas: &Fbas, bounds: &Bounds) -> Option<(u32, NodeId)> {
    let starts = fbas.nodes().filter_map(|node| {
        let id = fbas.quorum_set_of(node)?;
        let Bound::AtLeast(cost) = bounds.satisfying(id) else { return None };
        Some((cost + u32::from(bounds.is_foreign(id, node)), node))
    });
    starts.min()
}

/// A cheap quorum: one grown from the cheapest way to satisfy the start, or one that is left when dear nodes are removed first.
fn guess(
    fbas: &Fbas,
    charges: &Charges,
    bounds: &Bounds,
    start: NodeId,
    budget: &Budget,
) -> Result<(u32, NodeSet), Stop> {
    let mut wanted =
        fbas.quorum_set_of(start).map_or(NodeSet::empty(fbas.node_count()), |id| bounds.satisfying_nodes(id));
    wanted.insert(start);
    let all = fbas.alive();
    // Charged nodes go first, and of those the ones that the start does not want.
    let mut order: Vec<NodeId> = all.iter().collect();
    sort_by_key(&mut order, |&node| {
        (wanted.contains(node), charges.unit(node).is_none(), std::cmp::Reverse(node))
    });
    let guided = fbas.minimal_quorum_inside(&all, &order, || budget.check())?;
    sort_by_key(&mut order, |&node| (charges.unit(node).is_none(), std::cmp::Reverse(node)));
    let plain = fbas.minimal_quorum_inside(&all, &order, || budget.check())?;
    Ok([guided, plain].into_iter().map(|quorum| (charges.cost(&quorum), quorum)).min().unwrap_or_default())
}
