//! Blocking sets: how few nodes or groups can halt the network by stopping? B blocks when no quorum avoids it.
//!
//! Some node must be blocked first, by B alone, so the cheapest way to break any one quorum set bounds B from below. Where that does
//! not already block everything, the solver proposes sets that break some quorum set and hit every quorum seen so far; a
//! quorum that escapes, with all its images under exchange of nodes, is added, until none escapes.

use super::cost::bounds::{Bound, Bounds};
use super::cost::charges::{cost_tally, Charge, Charges};
use super::encode::formulas;
use super::error::AnalysisError;
use super::list::all::answer;
use super::list::kind::{Question, SetsOf};
use super::list::smallest::MinimalSet;
use super::options::{Options, Techniques};
use super::scenario::{search, Scenario};
use super::technique::avalanche::Avalanche;
use super::technique::hitting::{fewest, Needed, Units};
use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::{Fbas, Network, NodeClass, NodeId, NodeSet};
use crate::sat::{minimise, Examined};
use crate::subject::Figure;

/// With more units than this, one would ask for long which of them let a quorum survive.
const MOST_UNITS_TO_DECIDE: usize = 32;
/// How many steps are taken that way before formulas have their turn.
const MOST_STEPS: usize = 100_000;

/// The smallest blocking set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BlockingSets {
    /// Its size and an example.
    pub set: MinimalSet,
}

/// How few nodes or groups can halt the network. A network that is halted already is blocked by the empty set.
pub fn blocking_sets(
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<BlockingSets, AnalysisError> {
    let scenario = Scenario::of(network, options);
    let question = Question::new(SetsOf::Blocking, &scenario, options);
    let charges = question.charges();
    let found = search(&Figure::Blocking.into(), options, budget, |known| {
        cheapest_blocking_set(&scenario, &charges, known)
    })?;
    Ok(BlockingSets { set: answer(question, network, options, budget, &found, |set| set)? })
}

/// The blocking set that costs least.
pub(super) fn cheapest_blocking_set(
    scenario: &Scenario,
    charges: &Charges,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    known.budget().check()?;
    let outcome = cheapest_of_all_parts(scenario, charges, known);
    scenario.checked(outcome, known, "a blocking set", |cost, set| {
        let written = &scenario.view.written;
        !written.has_quorum_inside(&written.alive().difference(set)) && charges.cost(set) == cost
    })
}

/// The cheapest blocking set, taken from each of the parts that share neither a minimal quorum nor a unit.
fn cheapest_of_all_parts(
    scenario: &Scenario,
    charges: &Charges,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    let (techniques, whole) = (scenario.techniques, scenario.view.of_minimal_quorums());
    let parts = match techniques.parts {
        true => scenario.view.parts(&|node| charges.unit_or_node(node)),
        false => Vec::new(),
    };
    if parts.len() < 2 {
        return cheapest(whole, charges, techniques, known);
    }
    known.enter("parts");
    // What blocks the parts so far, and all of those that are left.
    let (mut blocking, mut least) = (whole.alive(), 0);
    for (number, part) in parts.iter().enumerate() {
        let fbas = scenario.view.live.alone(part);
        let (groups, charged) = charges.alone(part);
        let charges_of_part = Charges::new(&groups, charged);
        let mut of_part = Known::unwatched(known.budget());
        let outcome = cheapest(&fbas.reduced_to(&fbas.alive()), &charges_of_part, techniques, &mut of_part);
        if let Some((_, set)) = of_part.best() {
            let is_left = |place: &usize| !set.contains(NodeId(*place as u32));
            (0..part.len()).filter(is_left).for_each(|place| blocking.remove(part[place]));
        }
        least += of_part.lower();
        known.raise(least);
        if outcome.is_err() || number + 1 == parts.len() {
            known.offer(charges.cost(&blocking), blocking.clone());
        }
        outcome?;
    }
    Ok(())
}

fn cheapest(
    fbas: &Fbas,
    charges: &Charges,
    techniques: Techniques,
    known: &mut Known<NodeSet>,
) -> Result<(), AnalysisError> {
    let all = fbas.alive();
    if !fbas.has_quorum_inside(&all) {
        known.offer(0, NodeSet::empty(fbas.node_count()));
        return Ok(());
    }
    known.offer(charges.cost(&all), all.clone());
    let bounds = Bounds::new(fbas, charges, known.budget())?;
    known.until_proven(&mut [
        (techniques.bounds, &mut |known| {
            // Either some node that is up is blocked first, or no known node is up at all.
            let known_nodes = NodeSet::of(fbas.node_count(), all.iter().filter(|&node| fbas.is_known(node)));
            let first = cheapest_to_break(fbas, &bounds).map_or(Bound::Impossible, |(cost, _)| cost);
            known.raise(first.or_else(charges.cost(&known_nodes)));
            Ok(())
        }),
        (techniques.guesses, &mut |known| {
            let (cost, set) = guess(fbas, charges, &all, known.budget())?;
            known.offer(cost, set);
            Ok(())
        }),
        (techniques.bounds, &mut |known| Ok(raise_without_the_weak(fbas, charges, &bounds, known)?)),
        (techniques.bounds, &mut |known| {
            known.enter("avalanche");
            let avalanche = Avalanche::of(fbas, charges, &bounds);
            let start = avalanche.cheapest_start(known)?;
            known.raise(start.least);
            let started = avalanche.nodes_for(&start, fbas, charges);
            if techniques.guesses && !fbas.has_quorum_inside(&all.difference(&started)) {
                let needed = needed_of(fbas, charges, started, known.budget())?;
                known.offer(charges.cost(&needed), needed);
            }
            Ok(())
        }),
        (techniques.deciding, &mut |known| decide(fbas, charges, known)),
        (true, &mut |known| by_formulas(fbas, charges, known)),
    ])
}

fn by_formulas(fbas: &Fbas, charges: &Charges, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
    known.enter("formulas");
    let (all, budget) = (fbas.alive(), known.budget());
    let (mut encoding, up, missing) = formulas::blocking(fbas, charges, budget);
    let mut formula = std::mem::take(&mut encoding.formula);
    let cost = cost_tally(&mut formula, &missing, known.limit().unwrap_or_default() as usize);
    let mut needed = Needed::new(fbas.node_count());
    minimise(&mut formula, &cost, known, |model| {
        let missing = all.difference(&encoding.decode(&up, model));
        let blocking = charges.at_no_more_cost(&missing, &all).intersection(&all);
        let survivors = fbas.largest_quorum_inside(&all.difference(&blocking));
        if survivors.is_empty() {
            let fewer = needed_of(fbas, charges, blocking, budget)?;
            return Ok(Examined::Solution(charges.cost(&fewer), fewer));
        }
        let order = needed.most_often_first().into_iter().map(|node| NodeId(node as u32));
        let order: Vec<NodeId> = order.collect();
        let escaped = fbas.minimal_quorum_inside(&survivors, &order, || budget.check())?;
        needed.note(escaped.iter().map(NodeId::index));
        Ok(Examined::Refuted(vec![encoding.clause_against(&up, &escaped)]))
    })
}

/// Asks which units let a quorum survive, and whom such a quorum takes, where units are few.
fn decide(fbas: &Fbas, charges: &Charges, known: &mut Known<NodeSet>) -> Result<(), AnalysisError> {
    let all = fbas.alive();
    let units = charges.units(&all);
    let colours = charges.colours(fbas);
    if units.len() > MOST_UNITS_TO_DECIDE {
        return Ok(());
    }
    let classes = fbas.classes(|node| colours[node.index()]);
    let exchangeable = classes.iter().filter(|class| colours[class.first().index()] == Charge::Each);
    let is_of = |class: &NodeClass, unit: &usize| class.members.contains(&units[*unit][0]);
    let alike: Vec<Units> =
        exchangeable.map(|class| Units::of((0..units.len()).filter(|unit| is_of(class, unit)))).collect();
    known.enter("deciding");
    let nodes_of = |numbers: &mut dyn Iterator<Item = usize>| {
        NodeSet::of(fbas.node_count(), numbers.flat_map(|unit| units[unit].iter().copied()))
    };
    fewest(units.len(), MOST_STEPS, &alike, known, |chosen, order, known| {
        let blocking = nodes_of(&mut chosen.iter());
        let mut quorum = fbas.largest_quorum_inside(&all.difference(&blocking));
        if quorum.is_empty() {
            let needed = needed_of(fbas, charges, blocking, known.budget())?;
            known.offer(charges.cost(&needed), needed);
            return Ok(None);
        }
        // The fewer units it has, the fewer there are to choose from.
        let has = |quorum: &NodeSet, unit: usize| units[unit].iter().any(|&node| quorum.contains(node));
        for &unit in order {
            if has(&quorum, unit) {
                let rest = quorum.difference(&nodes_of(&mut std::iter::once(unit)));
                let smaller = fbas.largest_quorum_inside(&rest);
                if !smaller.is_empty() {
                    quorum = smaller;
                }
            }
        }
        Ok(Some(Units::of((0..units.len()).filter(|&unit| has(&quorum, unit)))))
    })
}

/// What it costs at least to break some node's quorum set, and nodes that do it.
fn cheapest_to_break(fbas: &Fbas, bounds: &Bounds) -> Option<(Bound, NodeSet)> {
    let costs = fbas.nodes().filter_map(|node| {
        let id = fbas.quorum_set_of(node)?;
        Some((bounds.breaking(id), id))
    });
    let (cost, id) = costs.min()?;
    Some((cost, bounds.breaking_nodes(id)))
}

/// Leaves out those who are blocked first at no more than the bound so far, and those who are in no quorum without them, time and again: what
/// blocks the network blocks what is left of it, where nobody may be so easy to block.
fn raise_without_the_weak(
    fbas: &Fbas,
    charges: &Charges,
    bounds: &Bounds,
    known: &mut Known<NodeSet>,
) -> Result<(), Stop> {
    let strong = |fbas: &Fbas, bounds: &Bounds, lower: u32| {
        let is_strong = |node: &NodeId| match fbas.quorum_set_of(*node) {
            Some(id) => bounds.breaking(id) > Bound::AtLeast(lower),
            None => true,
        };
        let strong = NodeSet::of(fbas.node_count(), fbas.alive().iter().filter(is_strong));
        fbas.largest_quorum_inside(&strong)
    };
    let mut left = strong(fbas, bounds, known.lower());
    while !left.is_empty() {
        let rest = fbas.reduced_to(&left);
        let bounds = Bounds::new(&rest, charges, known.budget())?;
        let known_nodes = NodeSet::of(fbas.node_count(), left.iter().filter(|&node| fbas.is_known(node)));
        let first = cheapest_to_break(&rest, &bounds).map_or(Bound::Impossible, |(cost, _)| cost);
        let least = first.or_else(charges.cost(&known_nodes));
        known.raise(least);
        if known.is_proven() || Bound::AtLeast(least) < first {
            break;
        }
        left = strong(&rest, &bounds, known.lower());
    }
    Ok(())
}

/// A cheap blocking set: break the cheapest quorum set, then the cheapest of what is left, until no quorum is left.
fn guess(fbas: &Fbas, charges: &Charges, all: &NodeSet, budget: &Budget) -> Result<(u32, NodeSet), Stop> {
    let mut blocking = NodeSet::empty(fbas.node_count());
    let mut rest = fbas.clone();
    loop {
        let survivors = rest.largest_quorum_inside(&all.difference(&blocking));
        if survivors.is_empty() {
            break;
        }
        rest = rest.reduced_to(&survivors);
        let bounds = Bounds::new(&rest, charges, budget)?;
        match cheapest_to_break(&rest, &bounds) {
            Some((Bound::AtLeast(_), nodes)) if !nodes.is_empty() => blocking = blocking.union(&nodes),
            // Nodes that ask for nothing stop only by being in the set themselves.
            _ => blocking = blocking.union(&survivors),
        }
        blocking = charges.at_no_more_cost(&blocking, all).intersection(all);
    }
    let needed = needed_of(fbas, charges, blocking, budget)?;
    Ok((charges.cost(&needed), needed))
}

/// Drops units, one by one, that are not needed to block.
fn needed_of(
    fbas: &Fbas,
    charges: &Charges,
    mut blocking: NodeSet,
    budget: &Budget,
) -> Result<NodeSet, Stop> {
    let all = fbas.alive();
    for unit in charges.units(&blocking) {
        budget.check()?;
        let fewer = blocking.difference(&NodeSet::of(fbas.node_count(), unit));
        if !fbas.has_quorum_inside(&all.difference(&fewer)) {
            blocking = fewer;
        }
    }
    Ok(blocking)
}
