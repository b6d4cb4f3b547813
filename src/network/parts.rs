//! Parts of a system that have no minimal quorum in common, each as a system of its own: what is asked of one of them then takes no longer for
//! all the others.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::node_set::NodeId;
use super::quorum::{Fbas, QuorumSetId, QuorumSets, Requirement};
use super::sorting::sort_distinct;

impl Fbas {
    /// The system of these nodes, which are given in ascending order and numbered from 0 in it, with everybody else dead. Quorum sets that
    /// nobody is left to ask for are gone.
    pub fn alone(&self, nodes: &[NodeId]) -> Fbas {
        let mut asked_for: Vec<QuorumSetId> =
            nodes.iter().filter_map(|&node| self.quorum_set_of(node)).collect();
        sort_distinct(&mut asked_for);
        let mut level = asked_for.clone();
        while !level.is_empty() {
            level = level.iter().flat_map(|&id| &self.quorum_sets().get(id).inner).copied().collect();
            sort_distinct(&mut level);
            asked_for.extend(&level);
        }
        // Inner sets stand before those that name them.
        sort_distinct(&mut asked_for);
        let mut sets = QuorumSets::default();
        let mut ids: Vec<QuorumSetId> = Vec::with_capacity(asked_for.len());
        for &id in &asked_for {
            let set = self.quorum_sets().get(id);
            let place = |node: &NodeId| nodes.binary_search(node).ok().map(|place| NodeId(place as u32));
            let validators = set.validators.iter().filter_map(place).collect();
            let new = |inner: &QuorumSetId| asked_for.binary_search(inner).ok().map(|place| ids[place]);
            let inner = set.inner.iter().filter_map(new).collect();
            ids.push(sets.intern(set.threshold, validators, inner));
        }
        let requirement = |&node: &NodeId| match self.requirement(node) {
            Requirement::Known(id) => Requirement::Known(ids[asked_for.partition_point(|&other| other < id)]),
            other => other,
        };
        let alone = Fbas::new(sets, nodes.iter().map(requirement).collect());
        if self.has_exchange() {
            alone
        } else {
            alone.without_exchange()
        }
    }
}

/// Puts sets together, by number, that are linked by elements that they share.
pub fn linked(sets: &[&[u32]]) -> Vec<Vec<usize>> {
    fn find(leader: &mut [usize], mut set: usize) -> usize {
        while leader[set] != set {
            leader[set] = leader[leader[set]];
            set = leader[set];
        }
        set
    }
    let mut leader: Vec<usize> = (0..sets.len()).collect();
    let elements = sets.iter().map(|set| set.len()).sum();
    let mut owner: FxHashMap<u32, usize> = FxHashMap::with_capacity_and_hasher(elements, FxBuildHasher);
    for (index, set) in sets.iter().enumerate() {
        for &element in *set {
            let other = *owner.entry(element).or_insert(index);
            let (a, b) = (find(&mut leader, other), find(&mut leader, index));
            leader[a.max(b)] = a.min(b);
        }
    }
    let mut linked: Vec<Vec<usize>> = vec![Vec::new(); leader.len()];
    for index in 0..leader.len() {
        linked[find(&mut leader, index)].push(index);
    }
    linked.retain(|some| !some.is_empty());
    linked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Network, NodeSet};

    /// Some nodes of a system of random thresholds.
    fn any(random: &mut fastrand::Rng) -> (Fbas, Vec<NodeId>) {
        let deviation = families::Deviation { drop: 0.3, adapts: random.bool(), deviate: 0.3 };
        let generated = families::almost_symmetric(random.usize(2..4), deviation, random.u64(..));
        let network =
            Network::parse(generated.nodes_json().as_bytes(), None).expect("a family is valid input");
        let nobody = NodeSet::empty(network.node_count());
        let fbas = network.fbas(Default::default(), &nobody);
        let some = fbas.nodes().filter(|_| random.u8(..4) > 0).collect();
        (fbas, some)
    }

    #[test]
    fn nodes_alone_have_the_quorums_that_they_have_among_others() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut quorums = 0;
        for _ in 0..300 {
            let (fbas, some) = any(&mut random);
            let alone = fbas.alone(&some);
            for chosen in 0u32..1 << some.len() {
                let places = (0..some.len()).filter(|place| chosen >> place & 1 == 1);
                let inside =
                    NodeSet::of(alone.node_count(), places.clone().map(|place| NodeId(place as u32)));
                let outside = NodeSet::of(fbas.node_count(), places.map(|place| some[place]));
                assert_eq!(alone.is_quorum(&inside), fbas.is_quorum(&outside));
                quorums += usize::from(alone.is_quorum(&inside));
            }
        }
        assert!(quorums > 1_000, "{quorums}");
    }

    #[test]
    fn shrinking_one_by_one_ends_where_the_largest_quorums_end() {
        let mut random = fastrand::Rng::with_seed(2);
        for _ in 0..1_000 {
            let (fbas, mut order) = any(&mut random);
            random.shuffle(&mut order);
            let kept = Some(order[0]).filter(|_| random.bool());
            let mut quorum = fbas.largest_quorum_inside(&fbas.alive());
            let shrunk = fbas.shrunk(quorum.clone(), &order, kept, || Ok::<_, ()>(()));
            for node in order {
                let smaller =
                    fbas.largest_quorum_inside(&quorum.difference(&NodeSet::of(fbas.node_count(), [node])));
                if quorum.contains(node)
                    && !smaller.is_empty()
                    && kept.is_none_or(|kept| !quorum.contains(kept) || smaller.contains(kept))
                {
                    quorum = smaller;
                }
            }
            assert_eq!(shrunk, Ok(quorum));
        }
    }
}
