//! Splits of which one side has nobody honest of the core: what do they cost at least?
//!
//! The honest nodes of that side depend on each other in strongly connected components. Of one of these that depends on no other component
//! with somebody honest there, some member is satisfied by members of its component, by nodes that ask for nothing, and by Byzantine ones; so
//! these cost what is missing to its quorum set. All other splits split the core.

use crate::analysis::cost::bounds::{least_satisfying, Bound};
use crate::analysis::cost::charges::Charges;
use crate::budget::{Budget, Stop};
use crate::network::sorting::sort_distinct;
use crate::network::{Fbas, NodeSet, QuorumSetId};

/// The least that a split costs of which all honest known nodes of one side are among these, none of which is in the core.
pub fn least_outside(
    fbas: &Fbas,
    charges: &Charges,
    outside: &NodeSet,
    budget: &Budget,
) -> Result<Bound, Stop> {
    // Who asks for nothing stands on any side.
    let unknown = fbas.alive().iter().filter(|&node| !fbas.is_known(node)).collect::<Vec<_>>();
    let charges = charges.without(&NodeSet::of(fbas.node_count(), unknown));
    let mut least = Bound::Impossible;
    // Quorum sets of components of one node that does not name itself: nothing of them is free of charge.
    let mut apart: Vec<QuorumSetId> = Vec::new();
    for component in fbas.components(outside) {
        budget.check()?;
        let members = NodeSet::of(fbas.node_count(), component.iter().copied());
        let mut sets: Vec<QuorumSetId> =
            component.iter().filter_map(|&node| fbas.quorum_set_of(node)).collect();
        sort_distinct(&mut sets);
        let depends_on_itself =
            sets.iter().any(|&id| fbas.named_in(id).iter().any(|&node| members.contains(node)));
        if depends_on_itself {
            least = least.min(least_satisfying(fbas, &charges.without(&members), &sets, budget)?);
        } else {
            apart.extend(sets);
        }
    }
    sort_distinct(&mut apart);
    least = least.min(least_satisfying(fbas, &charges, &apart, budget)?);
    Ok(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GroupBy, Groups, Network, NodeId, UnknownNodes};
    use serde_json::{json, Value};

    const NODES: usize = 6;

    /// Some of the nodes ask for nothing; the others for some nodes that stand near them, so that there are components.
    fn any_network(random: &mut fastrand::Rng) -> Network {
        let mut node = |index: usize| {
            let named: Vec<String> = (0..random.usize(1..=4))
                .map(|_| format!("N{}", random.usize(..(index / 2 + 1) * 2)))
                .collect();
            let quorum_set = json!({ "threshold": random.usize(1..=named.len()), "validators": named, "innerQuorumSets": [] });
            json!({
                "publicKey": format!("N{index}"),
                "quorumSet": random.usize(..6).gt(&0).then_some(quorum_set),
                "isp": random.bool().then(|| format!("isp {}", random.u8(..2))),
            })
        };
        let nodes: Vec<Value> = (0..NODES).map(&mut node).collect();
        Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input")
    }

    fn subsets() -> impl Iterator<Item = NodeSet> {
        (0..1u32 << NODES).map(|bits| {
            NodeSet::of(NODES, (0..NODES as u32).filter(|node| bits >> node & 1 == 1).map(NodeId))
        })
    }

    #[test]
    fn no_side_outside_the_core_costs_less() {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut exact, mut above_nothing) = (0, 0);
        for round in 0..600 {
            let network = any_network(&mut random);
            let unknown = if round % 3 == 0 { UnknownNodes::Dead } else { UnknownNodes::Free };
            let written = network.fbas(unknown, &NodeSet::empty(NODES));
            let (fbas, core) = (written.live(), written.core());
            let outside = fbas.alive().difference(&core);
            let groups = Groups::of(&network, if round % 2 == 0 { &GroupBy::Node } else { &GroupBy::Isp });
            let charges = Charges::new(&groups, fbas.alive());
            let bound = least_outside(&fbas, &charges, &outside, &Budget::unlimited()).expect("no limit");
            let mut least = Bound::Impossible;
            for byzantine in subsets().filter(|set| set.is_subset(&fbas.alive())) {
                let is_side = |side: &NodeSet| {
                    let honest: Vec<NodeId> =
                        side.difference(&byzantine).iter().filter(|&node| fbas.is_known(node)).collect();
                    fbas.is_quorum_despite(side, &byzantine)
                        && !honest.is_empty()
                        && honest.iter().all(|&node| outside.contains(node))
                };
                if subsets().filter(|side| side.is_subset(&fbas.alive())).any(|side| is_side(&side)) {
                    least = least.min(Bound::AtLeast(charges.cost(&byzantine)));
                }
            }
            assert!(bound <= least, "round {round}: {bound:?} {least:?}");
            exact += u32::from(bound == least && bound != Bound::Impossible);
            above_nothing += u32::from(bound.is_positive() && bound != Bound::Impossible);
        }
        assert!(exact > 100 && above_nothing > 100, "{exact} exact, {above_nothing} above nothing");
    }
}
