//! One side as inequalities: a set of nodes that satisfies the quorum sets of its honest members.
//!
//! How many items (see [`Items`](crate::analysis::cost::items::Items)) the side satisfies is guessed beforehand: `size`. If a quorum set
//! leaves out d of all items, a side that satisfies `size` items satisfies at least `size - d` entries of this quorum set, whoever is on the
//! side. So an honest member adds only the demand for the entries that are missing to its threshold. Two nodes whose quorum sets together
//! need more than `size` items cannot both be honest members. Both facts make the relaxation to real numbers tight; without the guess it
//! says almost nothing.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::counted::Counted;
use crate::linear::{Program, Var};
use crate::network::{NodeSet, QuorumSetId};

/// A sum of variables, each as often as it is said.
pub type Terms = Vec<(Var, i64)>;

/// Who of a class stands on a side and is honest.
pub enum Honest {
    /// So many.
    Number(Var),
    /// Some if the sum is 1; it is at most 1.
    Some(Terms),
}

/// One side.
pub struct Side<'a> {
    counted: &'a Counted<'a>,
    /// What is branched on first: whom the side satisfies, then who stands on it.
    satisfied_rank: u8,
    acting_rank: u8,
    /// Per class, the members on the side, Byzantine ones included. Empty for classes that are entries of one quorum set only, which has a gate.
    members: Vec<Terms>,
    /// What is 1 only if the side satisfies the inner quorum set.
    gates: BTreeMap<QuorumSetId, Var>,
}

impl<'a> Side<'a> {
    /// The side with these members.
    pub fn new(
        counted: &'a Counted<'a>,
        [satisfied_rank, acting_rank]: [u8; 2],
        members: Vec<Terms>,
        gates: BTreeMap<QuorumSetId, Var>,
    ) -> Self {
        Side { counted, satisfied_rank, acting_rank, members, gates }
    }

    /// Demands that the side satisfies its honest members, given per class, that one of those who may diverges, and that it satisfies so many items.
    pub fn demand(
        &mut self,
        program: &mut Program,
        honest: &[Honest],
        may_diverge: &NodeSet,
        size: &RangeInclusive<usize>,
    ) {
        let counted = self.counted;
        let mut acting: BTreeMap<QuorumSetId, Var> = BTreeMap::new();
        let mut diverging = Terms::new();
        // Per quorum set that may have to be satisfied, what is 1 if it must be, and otherwise at most 0.
        let mut demands: Vec<(QuorumSetId, Terms)> = Vec::new();
        for (class, honest) in counted.classes.ids().zip(honest) {
            let first = counted.classes[class].first();
            let Some(id) = counted.fbas.quorum_set_of(first) else { continue };
            let stands = match honest {
                Honest::Some(stands) => stands.clone(),
                Honest::Number(number) => vec![(*number, 1)],
            };
            if may_diverge.contains(first) {
                diverging.extend(&stands);
            }
            match *honest {
                Honest::Number(number) if !counted.is_only_holder(class) => {
                    let is_acting = *acting.entry(id).or_insert_with(|| {
                        let is_acting = program.binary(self.acting_rank);
                        demands.push((id, vec![(is_acting, 1)]));
                        is_acting
                    });
                    let members = counted.classes[class].members.len() as i64;
                    program.at_least([(is_acting, members), (number, -1)], 0);
                }
                _ => demands.push((id, stands)),
            }
        }
        program.at_least(diverging, 1);
        self.demand_size(program, size);
        self.demand_no_conflict(program, &demands, *size.end());
        for (id, stands) in demands {
            self.demand_satisfied(program, id, stands, size);
        }
    }

    fn demand_size(&mut self, program: &mut Program, size: &RangeInclusive<usize>) {
        let items = &self.counted.items;
        let mut satisfied: Terms =
            items.classes.iter().flat_map(|&class| self.members[class.index()].iter().copied()).collect();
        for &id in &items.sets {
            satisfied.push((self.gate(program, id), 1));
        }
        if !satisfied.is_empty() {
            program.between(satisfied, *size.start() as i64, *size.end() as i64);
        }
    }

    /// Two quorum sets that together need more items than there are on a side cannot both be satisfied there; neither can more than one of
    /// many of which that holds pairwise.
    fn demand_no_conflict(&self, program: &mut Program, demands: &[(QuorumSetId, Terms)], size: usize) {
        let sets: Vec<QuorumSetId> = demands.iter().map(|(id, _)| *id).collect();
        let conflicts = self.counted.conflicts(&sets, size);
        let mut is_open = conflicts.clone();
        for first in 0..conflicts.len() {
            for second in first + 1..conflicts.len() {
                if !is_open[first][second] {
                    continue;
                }
                let mut clique = vec![first, second];
                let others = second + 1..conflicts.len();
                others.for_each(|other| {
                    if clique.iter().all(|&member| conflicts[member][other]) {
                        clique.push(other);
                    }
                });
                for (index, &member) in clique.iter().enumerate() {
                    clique[index + 1..].iter().for_each(|&other| is_open[member][other] = false);
                }
                program.at_most(clique.iter().flat_map(|&member| demands[member].1.iter().copied()), 1);
            }
        }
    }

    /// Demands that the side satisfies the quorum set if `stands` is 1.
    fn demand_satisfied(
        &mut self,
        program: &mut Program,
        id: QuorumSetId,
        stands: Terms,
        size: &RangeInclusive<usize>,
    ) {
        let counted = self.counted;
        let need = &counted.needs[&id];
        let threshold = counted.fbas.quorum_sets().get(id).threshold;
        let at_most = need.others + need.items.len().min(*size.end());
        if (at_most as u64) < threshold {
            program.at_most(stands, 0);
            return;
        }
        let threshold = threshold as i64;
        let anyway = (size.start() + need.items.len()).saturating_sub(counted.items.count()) as i64;
        if anyway < threshold {
            let entries = self.entries(program, id);
            self.demand_few_foreign(program, id, &stands, size);
            let stands = stands.into_iter().map(|(number, factor)| (number, -factor * (threshold - anyway)));
            program.at_least(entries.into_iter().chain(stands), anyway);
        }
    }

    /// Where a quorum set needs nearly all the items that the side satisfies, few that it does not name can be among these.
    fn demand_few_foreign(
        &mut self,
        program: &mut Program,
        id: QuorumSetId,
        stands: &Terms,
        size: &RangeInclusive<usize>,
    ) {
        let counted = self.counted;
        let need = &counted.needs[&id];
        let threshold = counted.fbas.quorum_sets().get(id).threshold as usize;
        let room = (size.end() + need.others).saturating_sub(threshold);
        if room > 1 {
            return;
        }
        let is_foreign = |number: &usize| need.items.binary_search(&(*number as u32)).is_err();
        let sets = &counted.items.sets;
        let foreign: Vec<Var> =
            (0..sets.len()).filter(is_foreign).map(|number| self.gate(program, sets[number])).collect();
        for (index, &first) in foreign.iter().enumerate() {
            let with_it = match room {
                0 => vec![vec![(first, 1)]],
                _ => foreign[index + 1..].iter().map(|&second| vec![(first, 1), (second, 1)]).collect(),
            };
            for some in with_it {
                program.at_most(some.into_iter().chain(stands.iter().copied()), room as i64 + 1);
            }
        }
    }

    /// The satisfied entries of a quorum set, as a sum.
    fn entries(&mut self, program: &mut Program, id: QuorumSetId) -> Terms {
        let counted = self.counted;
        let set = counted.fbas.quorum_sets().get(id);
        let mut terms = Terms::new();
        for (class, entries) in counted.classes.tally(set.validators.iter().copied()) {
            // All members of a class are listed equally often.
            let times = (entries / counted.classes[class].members.len()) as i64;
            terms
                .extend(self.members[class.index()].iter().map(|&(number, factor)| (number, factor * times)));
        }
        for &inner in &set.inner {
            terms.push((self.gate(program, inner), 1));
        }
        terms
    }

    /// What is 1 only if the side satisfies the inner quorum set.
    pub fn gate(&mut self, program: &mut Program, id: QuorumSetId) -> Var {
        if let Some(&gate) = self.gates.get(&id) {
            return gate;
        }
        let threshold = self.counted.fbas.quorum_sets().get(id).threshold;
        let entries = self.entries(program, id);
        let gate = program.binary(self.satisfied_rank);
        let most: i64 = entries.iter().map(|&(number, times)| times * program.greatest(number)).sum();
        if threshold > most as u64 {
            program.at_most([(gate, 1)], 0);
        } else {
            program.at_least(entries.into_iter().chain([(gate, -(threshold as i64))]), 0);
        }
        self.gates.insert(id, gate);
        gate
    }
}
