//! How blocking spreads, seen from afar: a lower bound on blocking sets, and a set that may attain it.
//!
//! Take *parts* of the network that share no unit of cost: inner quorum sets, or single nodes. A part is gone when it is broken, or when
//! all its known nodes are blocked. Before a part goes, some of its nodes may be blocked for nothing, because enough of the parts
//! that their quorum sets name have gone already; the rest of what it takes to break it is paid by the blocking set.
//! So a blocking set costs at least what the cheapest order costs in which all parts go. That is a shortest path over sets
//! of parts that are gone, found by A* (Hart, Nilsson and Raphael, 1968); what is left to pay is bounded by an assignment of parts
//! to places in the order, as if every part that is gone were named by everybody (Kuhn's Hungarian method, 1955).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap};

use fixedbitset::FixedBitSet;

use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::{Charges, DisjointUnits};
use crate::budget::Stop;
use crate::known::Known;
use crate::network::sorting::sort_distinct;
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId};

/// Larger networks of parts are left alone: an assignment takes the cube of their number.
const MOST_PARTS: usize = 256;
/// How much is spent on assignments, in parts cubed.
const MOST_WORK: usize = 200_000_000;

/// The parts of a network and how they depend on each other.
pub struct Avalanche {
    parts: Vec<Part>,
}

struct Part {
    /// The inner quorum set, if it is not a single node.
    set: Option<QuorumSetId>,
    nodes: Vec<NodeId>,
    /// What it costs at least to make it go by itself.
    cost: u32,
    ways: Vec<Way>,
}

/// A way to save: members of a part that are blocked for nothing once something that they need all of has gone.
struct Way {
    members: u32,
    demands: Vec<Demand>,
}

/// A quorum set that cannot be satisfied once so many of the parts that it names have gone.
struct Demand {
    names: FixedBitSet,
    need: usize,
}

impl Demand {
    /// How many more have to go.
    fn missing(&self, gone: &FixedBitSet) -> usize {
        self.need.saturating_sub(self.names.intersection_count(gone))
    }
}

impl Way {
    /// How many more have to go at least, of the parts that one of the demands names.
    fn missing(&self, gone: &FixedBitSet) -> usize {
        self.demands.iter().map(|demand| demand.missing(gone)).min().unwrap_or(usize::MAX)
    }
}

/// What an avalanche costs.
pub struct Start {
    /// At least this much is spent by every blocking set.
    pub least: u32,
    /// The parts that it is spent on, in order, if all of them are known.
    order: Vec<usize>,
}

impl Avalanche {
    /// Parts among the entries of the nodes' own quorum sets, taken greedily.
    pub fn of(fbas: &Fbas, charges: &Charges, bounds: &Bounds) -> Self {
        let mut own: Vec<QuorumSetId> = fbas.nodes().filter_map(|node| fbas.quorum_set_of(node)).collect();
        sort_distinct(&mut own);
        let demands: BTreeMap<QuorumSetId, Vec<QuorumSetId>> =
            own.into_iter().map(|id| (id, demands_of(fbas, bounds, id))).collect();
        let mut demanded: Vec<QuorumSetId> = demands.values().flatten().copied().collect();
        sort_distinct(&mut demanded);
        let entries = |id: &QuorumSetId| fbas.quorum_sets().get(*id);
        let mut disjoint = DisjointUnits::new(charges);
        let mut parts: Vec<Part> = Vec::new();
        let mut of_set: BTreeMap<QuorumSetId, usize> = BTreeMap::new();
        let mut of_node: BTreeMap<NodeId, usize> = BTreeMap::new();
        let mut inner: Vec<QuorumSetId> =
            demanded.iter().flat_map(|id| &entries(id).inner).copied().collect();
        sort_distinct(&mut inner);
        for id in inner {
            let nodes = fbas.named_in(id);
            let known = nodes.iter().copied().filter(|&node| fbas.is_known(node));
            let Bound::AtLeast(breaking) = bounds.breaking(id) else { continue };
            let cost = breaking.min(charges.cost(&NodeSet::of(fbas.node_count(), known)));
            if cost > 0 && disjoint.take(bounds.units(id)) {
                of_set.insert(id, parts.len());
                parts.push(Part { set: Some(id), nodes, cost, ways: Vec::new() });
            }
        }
        let mut listed: Vec<NodeId> =
            demanded.iter().flat_map(|id| &entries(id).validators).copied().collect();
        sort_distinct(&mut listed);
        for node in listed.into_iter().filter(|&node| fbas.is_known(node)) {
            if charges.unit(node).is_some_and(|unit| disjoint.take(&[unit.0])) {
                of_node.insert(node, parts.len());
                parts.push(Part { set: None, nodes: vec![node], cost: 1, ways: Vec::new() });
            }
        }
        let count = parts.len();
        for (index, part) in parts.iter_mut().enumerate() {
            let mut members: BTreeMap<QuorumSetId, u32> = BTreeMap::new();
            for &node in part.nodes.iter().filter(|&&node| charges.unit(node).is_some()) {
                fbas.quorum_set_of(node).into_iter().for_each(|id| *members.entry(id).or_default() += 1);
            }
            let demand = |id: &QuorumSetId| {
                let set = entries(id);
                let sets = set.inner.iter().filter_map(|inner| of_set.get(inner));
                let nodes = set.validators.iter().filter_map(|node| of_node.get(node));
                let mut names = FixedBitSet::with_capacity(count);
                names.extend(sets.chain(nodes).copied());
                // Entries that are no parts, or are listed once more, may be gone already.
                let need = (names.count_ones(..) as u64 + 1).saturating_sub(set.threshold) as usize;
                names.set(index, false);
                Demand { names, need }
            };
            let way = |(id, members): (QuorumSetId, u32)| {
                let demands = demands.get(&id).into_iter().flatten().map(demand).collect();
                Way { members, demands }
            };
            part.ways = members.into_iter().map(way).collect();
        }
        Avalanche { parts }
    }

    /// The cheapest start of an avalanche; nobody looks for it beyond what is known to be enough.
    pub fn cheapest_start(&self, known: &mut Known<NodeSet>) -> Result<Start, Stop> {
        let count = self.parts.len();
        let enough = known.upper();
        let unfinished = |least: u32| Start { least, order: Vec::new() };
        if count > MOST_PARTS {
            return Ok(unfinished(0));
        }
        let mut gone = FixedBitSet::with_capacity(count);
        self.spread(&mut gone);
        let least = self.least_left(&gone);
        // By what they cost at least in the end and what is missing to that: sets, and the parts paid for on the way.
        let mut open = BinaryHeap::from([Reverse((least, least, gone.clone(), Vec::new()))]);
        let mut reached = HashMap::from([(gone, 0)]);
        let mut work = 0;
        while let Some(Reverse((least, missing, gone, order))) = open.pop() {
            known.raise(enough.map_or(least, |enough| least.min(enough)));
            if gone.is_full() {
                return Ok(Start { least, order });
            }
            if enough.is_some_and(|enough| least >= enough) {
                return Ok(unfinished(least));
            }
            let spent = least - missing;
            if reached[&gone] < spent {
                continue;
            }
            for part in gone.zeroes() {
                let spent = spent + self.cost(part, &gone);
                let mut gone = gone.clone();
                gone.insert(part);
                self.spread(&mut gone);
                if reached.get(&gone).is_some_and(|&known| known <= spent) {
                    continue;
                }
                known.budget().check()?;
                if work > MOST_WORK {
                    return Ok(unfinished(least));
                }
                reached.insert(gone.clone(), spent);
                work += gone.count_zeroes(..).pow(3);
                let least = least.max(spent + self.least_left(&gone));
                let order = order.iter().copied().chain([part]).collect();
                open.push(Reverse((least, least - spent, gone, order)));
            }
        }
        Ok(unfinished(0))
    }

    /// Nodes that make the parts go one after the other; whether they block everything is for the caller to find out.
    pub fn nodes_for(&self, start: &Start, fbas: &Fbas, charges: &Charges) -> NodeSet {
        let all = fbas.alive();
        let mut blocking = NodeSet::empty(fbas.node_count());
        for part in start.order.iter().map(|&part| &self.parts[part]) {
            loop {
                let up = fbas.largest_quorum_inside(&all.difference(&blocking));
                let is_gone = part.set.is_some_and(|id| !fbas.is_satisfied_by(id, &up));
                let next = part.nodes.iter().find(|&&node| up.contains(node) && fbas.is_known(node));
                let Some(&node) = next.filter(|_| !is_gone) else { break };
                blocking.insert(node);
                blocking = charges.at_no_more_cost(&blocking, &all).intersection(&all);
            }
        }
        blocking
    }

    /// What is to be paid for the part where so many have gone.
    fn cost(&self, part: usize, gone: &FixedBitSet) -> u32 {
        let Part { cost, ways, .. } = &self.parts[part];
        let is_free = |way: &&Way| way.missing(gone) == 0;
        cost.saturating_sub(ways.iter().filter(is_free).map(|way| way.members).sum())
    }

    /// Adds all parts that go for nothing.
    fn spread(&self, gone: &mut FixedBitSet) {
        while let Some(part) = gone.zeroes().find(|&part| self.cost(part, gone) == 0) {
            gone.insert(part);
        }
    }

    /// What has to be paid at least until all parts are gone.
    fn least_left(&self, gone: &FixedBitSet) -> u32 {
        let left: Vec<usize> = gone.zeroes().collect();
        let costs = left.iter().map(|&part| {
            let Part { cost, ways, .. } = &self.parts[part];
            let mut costs = vec![*cost; left.len()];
            for way in ways {
                let from = way.missing(gone);
                costs.iter_mut().skip(from).for_each(|cost| *cost = cost.saturating_sub(way.members));
            }
            costs
        });
        cheapest_assignment(&costs.collect::<Vec<_>>())
    }
}

/// The quorum sets of which all are needed where this one is: itself or, if it asks for all of some sets that share units and so cannot
/// all be parts, theirs.
fn demands_of(fbas: &Fbas, bounds: &Bounds, id: QuorumSetId) -> Vec<QuorumSetId> {
    let set = fbas.quorum_sets().get(id);
    let mut units: Vec<u32> = set.inner.iter().flat_map(|&inner| bounds.units(inner)).copied().collect();
    let with_repetitions = units.len();
    sort_distinct(&mut units);
    let asks_for_all = set.validators.is_empty() && set.threshold == set.inner.len() as u64;
    if !asks_for_all || units.len() == with_repetitions {
        return vec![id];
    }
    let mut demands: Vec<QuorumSetId> =
        set.inner.iter().flat_map(|&inner| demands_of(fbas, bounds, inner)).collect();
    sort_distinct(&mut demands);
    demands
}

/// The cost of the cheapest assignment of rows to as many columns (Hungarian method with potentials).
fn cheapest_assignment(costs: &[Vec<u32>]) -> u32 {
    let count = costs.len();
    let mut of_rows = vec![0i64; count];
    let mut of_columns = vec![0i64; count];
    let mut row_of: Vec<Option<usize>> = vec![None; count];
    for row in 0..count {
        // A shortest path from the row to a column without one, by reduced costs.
        let mut distance = vec![i64::MAX; count];
        let mut previous: Vec<Option<usize>> = vec![None; count];
        let mut is_final = vec![false; count];
        let (mut at, mut column, mut travelled) = (row, None, 0);
        loop {
            let mut nearest = None;
            for next in (0..count).filter(|&next| !is_final[next]) {
                let reduced = travelled + i64::from(costs[at][next]) - of_rows[at] - of_columns[next];
                if reduced < distance[next] {
                    distance[next] = reduced;
                    previous[next] = column;
                }
                if nearest.is_none_or(|nearest: usize| distance[next] < distance[nearest]) {
                    nearest = Some(next);
                }
            }
            let Some(next) = nearest else { break };
            is_final[next] = true;
            travelled = distance[next];
            column = Some(next);
            match row_of[next] {
                Some(row) => at = row,
                None => break,
            }
        }
        of_rows[row] += travelled;
        for column in (0..count).filter(|&column| is_final[column]) {
            let saved = travelled - distance[column];
            of_columns[column] -= saved;
            row_of[column].into_iter().for_each(|row| of_rows[row] += saved);
        }
        while let Some(at) = column {
            column = previous[at];
            row_of[at] = column.map_or(Some(row), |column| row_of[column]);
        }
    }
    let pairs = row_of.iter().enumerate().filter_map(|(column, row)| Some(costs[(*row)?][column]));
    pairs.fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cheapest way to give each row from `row` on a column of its own.
    fn by_trying(costs: &[Vec<u32>], row: usize, taken: &mut Vec<bool>) -> u32 {
        if row == costs.len() {
            return 0;
        }
        let mut cheapest = u32::MAX;
        for column in 0..costs.len() {
            if !std::mem::replace(&mut taken[column], true) {
                cheapest = cheapest.min(costs[row][column] + by_trying(costs, row + 1, taken));
                taken[column] = false;
            }
        }
        cheapest
    }

    #[test]
    fn no_assignment_is_cheaper_than_the_cheapest() {
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..2_000 {
            let count = random.usize(..6);
            let costs: Vec<Vec<u32>> =
                (0..count).map(|_| (0..count).map(|_| random.u32(..5)).collect()).collect();
            assert_eq!(cheapest_assignment(&costs), by_trying(&costs, 0, &mut vec![false; count]));
        }
    }
}
