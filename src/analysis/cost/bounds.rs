//! Lower bounds by counting, in polynomial time, on what it costs to satisfy a quorum set, to break it, or to satisfy
//! two quorum sets at once by sets that share as little as possible.
//!
//! A threshold set is satisfied by its cheapest `threshold` entries. Costs of entries add up where they share no unit (a
//! node or group); of entries that do share, only the dearest chosen one is counted, which keeps every figure a
//! lower bound. Where entries share nothing the figures are exact, and symmetric networks need no search at all.

use std::borrow::Cow;

use super::charges::Charges;
use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::sorting::{sort_by_key, sort_distinct};
use crate::network::{linked, Fbas, NodeId, NodeSet, QuorumSet, QuorumSetId};

/// What something costs, from below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// It costs at least so many units.
    AtLeast(u32),
    /// It cannot be done at any cost.
    Impossible,
}

impl Bound {
    /// It may go for nothing.
    pub const NOTHING: Bound = Bound::AtLeast(0);

    /// The one and the other, at the expense of both.
    pub fn plus(self, other: Bound) -> Bound {
        match (self, other) {
            (Bound::AtLeast(one), Bound::AtLeast(other)) => Bound::AtLeast(one.saturating_add(other)),
            _ => Bound::Impossible,
        }
    }

    /// What it costs at least, where something else does at this cost.
    pub fn or_else(self, cost: u32) -> u32 {
        match self {
            Bound::AtLeast(least) => least.min(cost),
            Bound::Impossible => cost,
        }
    }

    /// Whether it never goes for nothing.
    pub fn is_positive(self) -> bool {
        self > Bound::NOTHING
    }

    /// What a minimum is at least, as far as it is known; where nothing was found and nothing is left to be found, it cannot be done.
    pub fn of<W>(known: &Known<W>) -> Self {
        match known.is_proven() && known.best().is_none() && known.floor().is_none() {
            true => Bound::Impossible,
            false => Bound::AtLeast(known.lower()),
        }
    }

    /// All that is looked for costs this at least.
    pub fn raise<W>(self, known: &mut Known<W>) {
        match self {
            Bound::AtLeast(least) => known.raise(least),
            Bound::Impossible => known.prove(),
        }
    }
}

/// A lower bound on a cost, and the entries of the quorum set that it counts.
#[derive(Debug, Clone)]
struct Choice {
    cost: Bound,
    /// Indices of entries: validators first, then inner sets.
    entries: Vec<usize>,
}

impl Choice {
    /// No entries at this cost.
    fn none(cost: Bound) -> Self {
        Choice { cost, entries: Vec::new() }
    }
}

/// Lower bounds for every quorum set of a system.
pub struct Bounds<'a> {
    fbas: &'a Fbas,
    charges: &'a Charges<'a>,
    /// Per quorum set: the units that it names, ascending.
    units: Vec<Vec<u32>>,
    satisfying: Vec<Choice>,
    breaking: Vec<Choice>,
    /// Per quorum set: the least that two sets satisfying it share.
    shared: Vec<Bound>,
}

impl<'a> Bounds<'a> {
    /// Bounds for the quorum sets of a system under some charges. Each set takes time in the square of its entries.
    pub fn new(fbas: &'a Fbas, charges: &'a Charges<'a>, budget: &Budget) -> Result<Self, Stop> {
        let mut bounds = Bounds::none(fbas, charges);
        for (_, set) in fbas.quorum_sets().iter() {
            budget.check()?;
            let to_break = (set.entry_count() as u64 + 1).saturating_sub(set.threshold);
            let breaking =
                bounds.cheapest_entries(set, to_break, |inner| bounds.breaking[inner.index()].cost);
            let shared = bounds.shared_by(set, set);
            bounds.add_satisfying(set);
            // What asks for nothing is always satisfied.
            bounds.breaking.push(match set.threshold {
                0 => Choice { cost: Bound::Impossible, ..breaking },
                _ => breaking,
            });
            bounds.shared.push(shared);
        }
        Ok(bounds)
    }

    /// Of no quorum set yet.
    fn none(fbas: &'a Fbas, charges: &'a Charges<'a>) -> Self {
        let count = fbas.quorum_sets().len();
        Bounds {
            fbas,
            charges,
            units: Vec::with_capacity(count),
            satisfying: Vec::with_capacity(count),
            breaking: Vec::with_capacity(count),
            shared: Vec::with_capacity(count),
        }
    }

    /// Adds what the next quorum set names and what it costs to satisfy it.
    fn add_satisfying(&mut self, set: &QuorumSet) {
        let mut units: Vec<u32> =
            set.validators.iter().filter_map(|&node| self.charges.unit(node)).map(|u| u.0).collect();
        set.inner.iter().for_each(|inner| units.extend(&self.units[inner.index()]));
        sort_distinct(&mut units);
        let satisfying =
            self.cheapest_entries(set, set.threshold, |inner| self.satisfying[inner.index()].cost);
        self.units.push(units);
        self.satisfying.push(satisfying);
    }

    /// At least this much is in every set that satisfies the quorum set.
    pub fn satisfying(&self, id: QuorumSetId) -> Bound {
        self.satisfying[id.index()].cost
    }

    /// At least this much is in every set without which the quorum set cannot be satisfied.
    pub fn breaking(&self, id: QuorumSetId) -> Bound {
        self.breaking[id.index()].cost
    }

    /// At least this much is shared by every two sets of which one satisfies the first quorum set and one the second.
    pub fn shared(&self, first: QuorumSetId, second: QuorumSetId) -> Bound {
        if first == second {
            return self.shared[first.index()];
        }
        self.shared_by(self.fbas.quorum_sets().get(first), self.fbas.quorum_sets().get(second))
    }

    /// The units that a quorum set names, ascending.
    pub fn units(&self, id: QuorumSetId) -> &[u32] {
        &self.units[id.index()]
    }

    /// The units that a quorum set names do not include the node's.
    pub fn is_foreign(&self, id: QuorumSetId, node: NodeId) -> bool {
        self.charges.unit(node).is_some_and(|unit| self.units[id.index()].binary_search(&unit.0).is_err())
    }

    /// Nodes that satisfy the quorum set; they cost what [`Bounds::satisfying`] says where that is exact.
    pub fn satisfying_nodes(&self, id: QuorumSetId) -> NodeSet {
        let mut nodes = NodeSet::empty(self.fbas.node_count());
        self.collect(id, &self.satisfying, &mut nodes);
        nodes
    }

    /// Nodes without which the quorum set cannot be satisfied; they cost what [`Bounds::breaking`] says where that is exact.
    pub fn breaking_nodes(&self, id: QuorumSetId) -> NodeSet {
        let mut nodes = NodeSet::empty(self.fbas.node_count());
        self.collect(id, &self.breaking, &mut nodes);
        nodes
    }

    fn collect(&self, id: QuorumSetId, choices: &[Choice], nodes: &mut NodeSet) {
        let set = self.fbas.quorum_sets().get(id);
        for &entry in &choices[id.index()].entries {
            match entry.checked_sub(set.validators.len()) {
                None => nodes.insert(set.validators[entry]),
                Some(inner) => self.collect(set.inner[inner], choices, nodes),
            }
        }
    }

    fn cheapest_entries(
        &self,
        set: &QuorumSet,
        wanted: u64,
        inner_cost: impl Fn(QuorumSetId) -> Bound,
    ) -> Choice {
        let entries: Vec<Entry> = set
            .validators
            .iter()
            .map(|&node| self.validator_entry(node))
            .chain(set.inner.iter().map(|&id| self.inner_entry(id, inner_cost(id))))
            .collect();
        cheapest(&entries, wanted)
    }

    fn validator_entry(&self, node: NodeId) -> Entry<'_> {
        let units: Vec<u32> = self.charges.unit(node).map(|unit| unit.0).into_iter().collect();
        Entry { cost: Bound::AtLeast(units.len() as u32), units: Cow::Owned(units) }
    }

    fn inner_entry(&self, id: QuorumSetId, cost: Bound) -> Entry<'_> {
        Entry { cost, units: Cow::Borrowed(&self.units[id.index()]) }
    }

    /// What sets that satisfy the one and the other share at least. What asks for one of a few inner sets is satisfied by one of these.
    fn shared_by(&self, first: &QuorumSet, second: &QuorumSet) -> Bound {
        let in_common = self.shared_in_common(first, second);
        let sets = |ways: &[QuorumSetId]| ways.iter().map(|&id| self.fbas.quorum_sets().get(id)).collect();
        let of_each: [Option<Vec<&QuorumSet>>; 2] = [first, second].map(|set| set.ways().map(sets));
        let [of_first, of_second] = match of_each {
            [None, None] => return in_common,
            [of_first, of_second] => {
                [of_first.unwrap_or_else(|| vec![first]), of_second.unwrap_or_else(|| vec![second])]
            }
        };
        let pairs = of_first.iter().flat_map(|one| of_second.iter().map(move |other| (one, other)));
        let by_ways = pairs.map(|(one, other)| self.shared_in_common(one, other)).min();
        in_common.max(by_ways.unwrap_or(Bound::NOTHING))
    }

    /// Of the entries that two sets have in common, so many must be satisfied on both sides.
    fn shared_in_common(&self, first: &QuorumSet, second: &QuorumSet) -> Bound {
        let validators = common(&first.validators, &second.validators);
        let inner = common(&first.inner, &second.inner);
        let common = (validators.len() + inner.len()) as u64;
        let first_alone = first.entry_count() as u64 - common;
        let second_alone = second.entry_count() as u64 - common;
        let of_first = first.threshold.saturating_sub(first_alone);
        let of_second = second.threshold.saturating_sub(second_alone);
        let on_both_sides = of_first.saturating_add(of_second).saturating_sub(common);
        let entries: Vec<Entry> = validators
            .into_iter()
            .map(|node| self.validator_entry(node))
            .chain(inner.into_iter().map(|id| self.inner_entry(id, self.shared[id.index()])))
            .collect();
        cheapest(&entries, on_both_sides).cost
    }
}

/// At least this much is in every set that satisfies one of these quorum sets. Others are not looked at, nor is anything else about these.
pub fn least_satisfying(
    fbas: &Fbas,
    charges: &Charges,
    wanted: &[QuorumSetId],
    budget: &Budget,
) -> Result<Bound, Stop> {
    let mut bounds = Bounds::none(fbas, charges);
    let is_asked_for = fbas.quorum_sets().asked_for(wanted.iter().copied());
    for (id, set) in fbas.quorum_sets().iter() {
        if is_asked_for[id.index()] {
            budget.check()?;
            bounds.add_satisfying(set);
        } else {
            bounds.units.push(Vec::new());
            bounds.satisfying.push(Choice::none(Bound::NOTHING));
        }
    }
    Ok(wanted.iter().map(|&id| bounds.satisfying(id)).fold(Bound::Impossible, Bound::min))
}

/// One entry of a quorum set: what it costs at least, and the units that this cost may be spent on.
struct Entry<'a> {
    cost: Bound,
    units: Cow<'a, [u32]>,
}

/// The elements that two ascending lists have in common, as often as both have them.
fn common<T: Ord + Copy>(first: &[T], second: &[T]) -> Vec<T> {
    let (mut i, mut j, mut result) = (0, 0, Vec::new());
    while let (Some(a), Some(b)) = (first.get(i), second.get(j)) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                result.push(*a);
                i += 1;
                j += 1;
            }
        }
    }
    result
}

/// A lower bound on the cost of any `wanted` of the entries, with a choice that attains it if no chosen ones share a unit.
fn cheapest(entries: &[Entry], wanted: u64) -> Choice {
    if wanted > entries.len() as u64 {
        return Choice::none(Bound::Impossible);
    }
    let wanted = wanted as usize;
    let clusters = clusters(entries);
    if clusters.len() == entries.len() {
        // Nothing is shared: simply the cheapest ones.
        let mut order: Vec<usize> = (0..entries.len()).collect();
        sort_by_key(&mut order, |&index| entries[index].cost);
        order.truncate(wanted);
        let cost = order.iter().fold(Bound::NOTHING, |sum, &index| sum.plus(entries[index].cost));
        return Choice { cost, entries: order };
    }
    // best[n]: the cheapest way to take n entries from the clusters so far.
    let mut best: Vec<Option<Choice>> = vec![Some(Choice::none(Bound::NOTHING))];
    for cluster in clusters {
        let mut next: Vec<Option<Choice>> = vec![None; wanted.min(best.len() - 1 + cluster.len()) + 1];
        for (taken, choice) in best.iter().enumerate() {
            let Some(choice) = choice else { continue };
            for more in 0..=cluster.len().min(wanted - taken) {
                // Any `more` entries of a cluster cost at least what its `more`-th cheapest does.
                let cost = more.checked_sub(1).map_or(Bound::NOTHING, |last| entries[cluster[last]].cost);
                let cost = choice.cost.plus(cost);
                let slot = &mut next[taken + more];
                if slot.as_ref().is_none_or(|known| cost < known.cost) {
                    let entries = choice.entries.iter().chain(&cluster[..more]).copied().collect();
                    *slot = Some(Choice { cost, entries });
                }
            }
        }
        best = next;
    }
    best.pop().flatten().unwrap_or(Choice::none(Bound::Impossible))
}

/// Entries that are linked by shared units, each cluster with the cheapest first.
fn clusters(entries: &[Entry]) -> Vec<Vec<usize>> {
    let units: Vec<&[u32]> = entries.iter().map(|entry| &entry.units[..]).collect();
    let mut clusters = linked(&units);
    clusters.iter_mut().for_each(|cluster| sort_by_key(cluster, |&index| entries[index].cost));
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GroupBy, Groups, Network, UnknownNodes};
    use serde_json::{json, Value};

    const NODES: usize = 5;

    /// A quorum set over the nodes, one level of inner sets, with entries listed twice now and then.
    fn any_set(random: &mut fastrand::Rng, levels: usize) -> Value {
        let validators: Vec<String> =
            (0..random.usize(..=4)).map(|_| format!("N{}", random.usize(..NODES))).collect();
        let inner: Vec<Value> = match levels {
            0 => Vec::new(),
            _ => (0..random.usize(..=3)).map(|_| any_set(random, levels - 1)).collect(),
        };
        let threshold = random.usize(1..=(validators.len() + inner.len()).max(1));
        json!({ "threshold": threshold, "validators": validators, "innerQuorumSets": inner })
    }

    fn any_network(random: &mut fastrand::Rng) -> Network {
        let node = |index: usize| {
            json!({
                "publicKey": format!("N{index}"),
                "quorumSet": any_set(random, 1),
                "isp": random.bool().then(|| format!("isp {}", random.u8(..2))),
            })
        };
        let nodes: Vec<Value> = (0..NODES).map(node).collect();
        Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input")
    }

    fn subsets() -> impl Iterator<Item = NodeSet> + Clone {
        (0..1u32 << NODES).map(|bits| {
            NodeSet::of(NODES, (0..NODES as u32).filter(|node| bits >> node & 1 == 1).map(NodeId))
        })
    }

    #[test]
    fn no_bound_is_above_the_truth() {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut exact, mut all) = (0, 0);
        for round in 0..400 {
            let network = any_network(&mut random);
            let fbas = network.fbas(UnknownNodes::Dead, &NodeSet::empty(NODES));
            let by = if round % 2 == 0 { GroupBy::Node } else { GroupBy::Isp };
            let groups = Groups::of(&network, &by);
            let charges = Charges::new(&groups, fbas.alive());
            let bounds = Bounds::new(&fbas, &charges, &Budget::unlimited()).expect("no limit");
            let least =
                |costs: &mut dyn Iterator<Item = u32>| costs.min().map_or(Bound::Impossible, Bound::AtLeast);
            let satisfying =
                |id| subsets().filter(|set| fbas.is_satisfied_by(id, set)).collect::<Vec<NodeSet>>();
            for (id, _) in fbas.quorum_sets().iter() {
                let supporters = satisfying(id);
                let true_satisfying = least(&mut supporters.iter().map(|set| charges.cost(set)));
                let breakers =
                    subsets().filter(|set| !fbas.is_satisfied_by(id, &fbas.alive().difference(set)));
                let true_breaking = least(&mut breakers.map(|set| charges.cost(&set)));
                assert!(bounds.satisfying(id) <= true_satisfying);
                assert!(bounds.breaking(id) <= true_breaking);
                exact += u32::from(bounds.satisfying(id) == true_satisfying);
                exact += u32::from(bounds.breaking(id) == true_breaking);
                all += 2;
                for (other, _) in fbas.quorum_sets().iter() {
                    let others = satisfying(other);
                    let pairs = supporters.iter().flat_map(|a| others.iter().map(move |b| a.intersection(b)));
                    let true_shared = least(&mut pairs.map(|shared| charges.cost(&shared)));
                    assert!(bounds.shared(id, other) <= true_shared);
                }
            }
        }
        assert!(2 * exact > all, "bounds that are usually far off are worth nothing: {exact} of {all}");
    }
}
