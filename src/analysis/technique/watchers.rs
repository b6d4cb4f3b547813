//! Watchers, nodes that nobody names, and how few nodes can lead one of them astray.
//!
//! Let all nodes count as diverging and all quorum sets be known, and take a split A, B, S. If both sides have an honest member
//! that somebody names, the split remains one without the watchers, whom nobody depends on. Otherwise the honest
//! members of one side are watchers only, and S by itself satisfies the quorum set of one of them; the other way round, nodes that satisfy
//! a watcher's quorum set split it from everyone else. So the watchers are settled one by one, each by what its quorum set
//! alone costs, and taken away; then those whom only they named, and so on. Thousands of them need no search.

use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::{cost_tally, Charges};
use crate::analysis::encode::encoding::Encoding;
use crate::analysis::encode::split::Split;
use crate::analysis::error::AnalysisError;
use crate::budget::Budget;
use crate::known::Known;
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId};
use crate::sat::{minimise, Examined};

/// The system without watchers; the cheapest split of a watcher is offered. Nothing if that would lose a split: when nobody honest is
/// left beside a watcher to be split from.
pub fn settle(
    fbas: &Fbas,
    charges: &Charges,
    known: &mut Known<Split>,
    is_split: impl Fn(&Split) -> bool,
) -> Result<Option<Fbas>, AnalysisError> {
    let budget = known.budget();
    let mut rest = fbas.clone();
    loop {
        budget.check()?;
        let alive = rest.alive();
        let watchers: Vec<NodeId> = alive.iter().filter(|&node| !rest.is_named(node)).collect();
        if watchers.is_empty() {
            return Ok(Some(rest));
        }
        let bounds = Bounds::new(&rest, charges, budget)?;
        for &watcher in &watchers {
            let Some(id) = rest.quorum_set_of(watcher) else { return Ok(None) };
            let dearest = known.upper().map_or(Bound::Impossible, Bound::AtLeast);
            if bounds.satisfying(id) >= dearest {
                continue;
            }
            let (cost, byzantine) = cheapest_satisfying(&rest, id, charges, &bounds, budget)?;
            if Bound::AtLeast(cost) >= dearest {
                continue;
            }
            let mut a = byzantine.clone();
            a.insert(watcher);
            let mut b = alive.clone();
            b.remove(watcher);
            let split = Split { byzantine, a, b };
            if !is_split(&split) {
                return Ok(None);
            }
            known.offer(cost, split);
        }
        let watchers = NodeSet::of(fbas.node_count(), watchers);
        rest = rest.reduced_to(&alive.difference(&watchers));
    }
}

/// The nodes that satisfy a quorum set at the least cost.
fn cheapest_satisfying(
    fbas: &Fbas,
    id: QuorumSetId,
    charges: &Charges,
    bounds: &Bounds,
    budget: &Budget,
) -> Result<(u32, NodeSet), AnalysisError> {
    let lower = bounds.satisfying(id);
    let nodes = bounds.satisfying_nodes(id);
    let cost = charges.cost(&nodes);
    if Bound::AtLeast(cost) <= lower {
        return Ok((cost, nodes));
    }
    // Counting alone was not exact, as entries share groups.
    let (mut encoding, charged) = Encoding::by_charge(fbas, charges, budget);
    let mut side = encoding.side();
    let satisfied = encoding.satisfied(&mut side, id);
    encoding.formula.clause([satisfied]);
    let chosen = encoding.chosen(&charged, side.counts.iter().cloned());
    let mut formula = std::mem::take(&mut encoding.formula);
    let tally = cost_tally(&mut formula, &chosen, cost as usize);
    let mut known = Known::unwatched(budget);
    lower.raise(&mut known);
    known.offer(cost, nodes.clone());
    minimise(&mut formula, &tally, &mut known, |model| {
        let nodes = encoding.decode(&side, model);
        // Only the nodes that the quorum set names matter.
        let named = NodeSet::of(fbas.node_count(), fbas.named_in(id));
        let nodes = nodes.intersection(&named);
        Ok::<_, AnalysisError>(Examined::Solution(charges.cost(&nodes), nodes))
    })?;
    Ok(known.into_best().unwrap_or((cost, nodes)))
}
