//! Splits as inequalities. Two sides that satisfy many of the same entries share many nodes; clauses need a pigeonhole proof for that,
//! inequalities just add it up.
//!
//! Nodes are counted class by class. An organisation whose validators are exchangeable and occur nowhere else is a *block*: all that
//! matters is whether A satisfies it, whether B does, and whether Byzantine members alone do. How many *items* (see
//! [`Items`]) A and B satisfy is guessed beforehand, one program a guess. Whoever needs t entries of a quorum set that leaves out d of the
//! items sees at least `size - d` of them satisfied anyway, so only the difference hangs on whether it stands on that side; and two nodes whose
//! quorum sets together need more items than there are cannot both stand there. That makes the relaxation to real
//! numbers tight; without the guess it says almost nothing.

use std::collections::{BTreeMap, HashSet};
use std::ops::RangeInclusive;

use crate::analysis::cost::bounds::{Bounds, INFINITE};
use crate::analysis::cost::charges::{Charge, Charges};
use crate::analysis::cost::items::{Items, Need};
use crate::budget::{Budget, Stop};
use crate::linear::{solve, Answer, Program, Var};
use crate::network::{Fbas, NodeClass, NodeSet, QuorumSetId};

/// How many parts of one program are looked at before the question is left to the solver of formulas.
const MOST_PARTS: usize = 100_000;
/// How many pairs of sizes are guessed; where there are more, they are taken together in ranges.
const MOST_PAIRS: usize = 400;
/// How many guesses are tried to see whether counting tells much.
const MOST_SAMPLES: usize = 32;
/// So few guesses are always worth it.
const FEW_GUESSES: usize = 16;
/// How many programs are solved before an answer is looked for among theirs.
const GUESSES_AT_ONCE: usize = 4;
/// With more classes times quorum sets than this, programs become too large to be worth it.
const LARGEST: usize = 20_000;
/// With more quorum sets than this, conflicts between them cost more than they save.
const MOST_QUORUM_SETS_FOR_CONFLICTS: usize = 300;

/// What is branched on first: whom a side satisfies, then who stands on it, then who is Byzantine.
const SATISFIED: [u8; 2] = [0, 1];
const ACTING: u8 = 2;
const SHARED: u8 = 3;
const BYZANTINE: u8 = 4;
const HONEST: u8 = 5;

/// The splits of one system.
pub struct Counting<'a> {
    fbas: &'a Fbas,
    diverging: &'a NodeSet,
    classes: Vec<NodeClass>,
    class_of: Vec<usize>,
    charges: Vec<Charge>,
    items: Items,
    /// Per class, the quorum set that its members, and only they, make up.
    blocks: Vec<Option<QuorumSetId>>,
    /// No set that costs less satisfies somebody's quorum set; 0 where not everybody is known and counts as diverging. So no split that
    /// costs less needs a member of a block on a side that does not satisfy the block, or a member of a paid group to diverge.
    satisfied_from: u32,
    /// Items that are no blocks: the inner quorum set, what two sides that satisfy it share of it at least, and the classes that it names.
    overlaps: Vec<(QuorumSetId, i64, Vec<usize>)>,
    /// Per quorum set of a node, what it asks of the items.
    needs: BTreeMap<QuorumSetId, Need>,
}

/// Byzantine nodes and the two sides, which both contain them.
pub struct Sets {
    pub byzantine: NodeSet,
    pub a: NodeSet,
    pub b: NodeSet,
}

/// What is known about splits up to some cost.
pub enum Found {
    Split(Sets),
    Nothing,
    /// The limit on parts was reached.
    Unknown,
}

impl<'a> Counting<'a> {
    pub fn new(fbas: &'a Fbas, diverging: &'a NodeSet, charges: &Charges, bounds: &Bounds) -> Self {
        let colours = charges.colours(fbas);
        let classes = fbas.classes(|node| (colours[node.index()], diverging.contains(node)));
        let mut class_of = vec![usize::MAX; fbas.node_count()];
        for (index, class) in classes.iter().enumerate() {
            class.members.iter().for_each(|node| class_of[node.index()] = index);
        }
        let own: Vec<Option<QuorumSetId>> =
            classes.iter().map(|class| fbas.quorum_set_of(class.members[0])).collect();
        let items = Items::of(fbas, &classes, bounds, charges);
        let needs = own.iter().flatten().map(|&id| (id, items.need_of(fbas, id))).collect();
        // A member of a block that its side does not satisfy supports nobody else. If it diverges all the same, and nobody
        // else there does, then everybody who supports it is Byzantine.
        let all_diverge = fbas.alive().iter().all(|node| fbas.is_known(node) && diverging.contains(node));
        let cheapest = own.iter().flatten().map(|&id| bounds.satisfying(id)).min();
        let satisfied_from = if all_diverge { cheapest.unwrap_or(INFINITE) } else { 0 };
        let blocks: Vec<Option<QuorumSetId>> = classes.iter().map(|class| block_of(fbas, class)).collect();
        let charges = classes.iter().map(|class| colours[class.members[0].index()]).collect();
        let classes_in = |id: QuorumSetId| {
            let mut named: Vec<usize> = fbas.named_in(id).iter().map(|node| class_of[node.index()]).collect();
            named.sort_unstable();
            named.dedup();
            named
        };
        let is_block = |id: &QuorumSetId| blocks.contains(&Some(*id));
        let overlaps = items.sets.iter().filter(|&id| !is_block(id));
        let overlaps = overlaps.map(|&id| (id, i64::from(bounds.shared(id, id)), classes_in(id))).collect();
        Counting {
            fbas,
            diverging,
            classes,
            class_of,
            charges,
            items,
            blocks,
            satisfied_from,
            overlaps,
            needs,
        }
    }

    /// A split of at most this cost, if there is one.
    pub fn split(&self, cost: u32, budget: &Budget) -> Result<Found, Stop> {
        self.search(cost, MOST_PARTS, budget)
    }

    /// Whether the relaxation alone tells that there is no split of this cost.
    pub fn is_refuted(&self, cost: u32, budget: &Budget) -> Result<bool, Stop> {
        Ok(matches!(self.search(cost, 1, budget)?, Found::Nothing))
    }

    /// Whether counting tells much about splits of this cost: whether the relaxation alone refutes many of the guesses. Where it refutes few,
    /// as on a ring where everybody knows neighbours only, a split hangs on who needs whom, and clauses are the better language.
    pub fn tells_much(&self, cost: u32, budget: &Budget) -> Result<bool, Stop> {
        if self.classes.len() * self.needs.len() > LARGEST {
            return Ok(false);
        }
        let guesses = self.guesses(cost);
        let sample: Vec<_> = guesses.iter().step_by(guesses.len().div_ceil(MOST_SAMPLES).max(1)).collect();
        let answers = budget.map(&sample, |sizes| {
            budget.check()?;
            solve(&Model::new(self, sizes, cost).program, 1, budget)
        });
        let mut refuted = 0;
        for answer in answers {
            refuted += usize::from(answer? == Answer::Contradiction);
        }
        Ok(guesses.len() <= FEW_GUESSES || 4 * refuted >= sample.len())
    }

    /// Whether most entries of the nodes' quorum sets are items: then counting them says nearly all there is to say.
    pub fn is_apt(&self) -> bool {
        let (items, others) = self
            .needs
            .values()
            .fold((0, 0), |(items, others), need| (items + need.items.len(), others + need.others));
        items > others
    }

    /// Whether the class is a single node that nobody shares its quorum set with.
    fn is_only_holder(&self, class: usize) -> bool {
        let &[node] = &self.classes[class].members[..] else { return false };
        self.fbas.quorum_set_of(node).is_some_and(|id| self.fbas.holders(id) == [node])
    }

    fn search(&self, cost: u32, most_parts: usize, budget: &Budget) -> Result<Found, Stop> {
        for guesses in self.guesses(cost).chunks(GUESSES_AT_ONCE) {
            let answers = budget.map(guesses, |sizes| {
                budget.check()?;
                let model = Model::new(self, sizes, cost);
                Ok(match solve(&model.program, most_parts, budget)? {
                    Answer::Solution(values) => Found::Split(model.decode(&values)),
                    Answer::Contradiction => Found::Nothing,
                    Answer::Unknown => Found::Unknown,
                })
            });
            for answer in answers {
                match answer? {
                    Found::Nothing => {}
                    found => return Ok(found),
                }
            }
        }
        Ok(Found::Nothing)
    }

    /// All pairs of sizes, in ranges, that two sides may have: A is the smaller one, as they may be swapped, and every item that
    /// both satisfy costs at least one.
    fn guesses(&self, cost: u32) -> Vec<[RangeInclusive<usize>; 2]> {
        let most = self.items.count();
        let least = self.needs.values().map(|need| need.least).min().unwrap_or(0);
        let ranges = |width: usize| -> Vec<RangeInclusive<usize>> {
            (least..=most).step_by(width).map(|low| low..=most.min(low + width - 1)).collect()
        };
        let pairs = |width: usize| -> Vec<[RangeInclusive<usize>; 2]> {
            let ranges = ranges(width);
            let is_possible = |a: &RangeInclusive<usize>, b: &RangeInclusive<usize>| {
                a.start() <= b.end() && a.start() + b.start() <= most + cost as usize
            };
            ranges
                .iter()
                .flat_map(|a| ranges.iter().filter(|b| is_possible(a, b)).map(|b| [a.clone(), b.clone()]))
                .filter(|[a, b]| a.start() <= b.start())
                .collect()
        };
        (1..).map(pairs).find(|pairs| pairs.len() <= MOST_PAIRS).unwrap_or_default()
    }
}

/// The quorum set that the members of a class, and only they, make up, if that is all they are for.
fn block_of(fbas: &Fbas, class: &NodeClass) -> Option<QuorumSetId> {
    let &[id] = fbas.quorum_sets_listing(class.members[0]) else { return None };
    let set = fbas.quorum_sets().get(id);
    let is_block = set.validators == class.members && set.inner.is_empty() && fbas.holders(id).is_empty();
    (is_block && set.threshold > 0 && fbas.is_known(class.members[0])).then_some(id)
}

/// What is counted of one class.
#[derive(Clone, Copy)]
enum Numbers {
    /// Of a block with this threshold: whether A and B satisfy it, and whether Byzantine members alone do.
    Block { threshold: usize, satisfied: [Var; 2], byzantine: Var },
    /// Honest members in A and in B, and Byzantine ones, who are in both.
    /// With how many nodes the variable of the Byzantine ones stands for.
    Members { honest: [Var; 2], byzantine: Option<(Var, i64)> },
}

type Terms = Vec<(Var, i64)>;

/// The program for two sides of given sizes.
struct Model<'a> {
    counting: &'a Counting<'a>,
    program: Program,
    /// Per class.
    numbers: Vec<Numbers>,
    /// Per group, what is 1 if it is paid for.
    units: BTreeMap<u32, Var>,
    /// Whether all nodes of a group may be taken for Byzantine where some are, and blocks for what they are.
    is_cheap: bool,
    /// Per side, what is 1 only if the side satisfies the inner quorum set.
    gates: [BTreeMap<QuorumSetId, Var>; 2],
}

impl<'a> Model<'a> {
    fn new(counting: &'a Counting<'a>, sizes: &[RangeInclusive<usize>; 2], cost: u32) -> Self {
        // So cheap a set satisfies nobody by itself: whoever diverges has others beside it.
        let is_cheap = cost < counting.satisfied_from;
        let mut model = Model {
            counting,
            program: Program::new(),
            numbers: Vec::new(),
            units: BTreeMap::new(),
            is_cheap,
            gates: Default::default(),
        };
        for class in 0..counting.classes.len() {
            let block = counting.blocks[class].filter(|_| is_cheap);
            let numbers = match block {
                Some(id) => model.count_block(class, id),
                None => model.count_members(class),
            };
            model.numbers.push(numbers);
        }
        let costs = model.bound_cost(cost);
        model.demand_overlaps(&costs);
        for (side, size) in sizes.iter().enumerate() {
            model.demand_side(side, size);
        }
        model
    }

    fn count_block(&mut self, class: usize, id: QuorumSetId) -> Numbers {
        let threshold = self.counting.fbas.quorum_sets().get(id).threshold as usize;
        let satisfied = SATISFIED.map(|rank| self.program.binary(rank));
        for (gates, variable) in self.gates.iter_mut().zip(satisfied) {
            gates.insert(id, variable);
        }
        debug_assert!(threshold <= self.counting.classes[class].members.len());
        Numbers::Block { threshold, satisfied, byzantine: self.program.binary(BYZANTINE) }
    }

    fn count_members(&mut self, class: usize) -> Numbers {
        let members = &self.counting.classes[class].members;
        let count = members.len() as i64;
        let rank = if self.counting.is_only_holder(class) { ACTING } else { HONEST };
        let honest = [(); 2].map(|()| self.program.variable(0, count, rank));
        // A Byzantine node that nobody names helps nobody.
        let is_named = self.counting.fbas.is_named(members[0]);
        let byzantine = is_named.then(|| match self.counting.charges[class] {
            Charge::Group(group) if self.is_cheap => (self.unit(group.0), count),
            _ => (self.program.variable(0, count, BYZANTINE), 1),
        });
        self.program.at_most(honest.into_iter().map(|number| (number, 1)).chain(byzantine), count);
        Numbers::Members { honest, byzantine }
    }

    /// What is 1 if the group is paid for.
    fn unit(&mut self, group: u32) -> Var {
        *self.units.entry(group).or_insert_with(|| self.program.binary(BYZANTINE))
    }

    /// Demands that the Byzantine nodes cost at most this much. Returns what each class costs.
    fn bound_cost(&mut self, most: u32) -> Vec<Terms> {
        let mut costs = Terms::new();
        let mut of_classes = Vec::new();
        for class in 0..self.numbers.len() {
            let program = &mut self.program;
            // What costs something, how much if each member is charged, and how large it can be.
            let (numbers, largest): (Terms, i64) = match self.numbers[class] {
                Numbers::Block { threshold, satisfied: [a, b], byzantine } => {
                    let members = self.counting.classes[class].members.len();
                    // Two sides share at least so many members of a block that they both satisfy.
                    let shared = (2 * threshold).saturating_sub(members) as i64;
                    let is_shared = program.binary(SHARED);
                    program.at_least([(is_shared, 1), (a, -1), (b, -1)], -1);
                    program.at_least([(is_shared, 1), (byzantine, -1)], 0);
                    (vec![(is_shared, shared), (byzantine, threshold as i64 - shared)], 1)
                }
                Numbers::Members { byzantine, .. } => {
                    let members = self.counting.classes[class].members.len() as i64;
                    (byzantine.into_iter().collect(), members)
                }
            };
            of_classes.push(match self.counting.charges[class] {
                Charge::Free => Terms::new(),
                Charge::Each => {
                    costs.extend(&numbers);
                    numbers
                }
                Charge::Group(group) => {
                    let unit = self.unit(group.0);
                    for (number, _) in
                        numbers.into_iter().filter(|&(number, cost)| cost > 0 && number != unit)
                    {
                        self.program.at_least([(unit, largest), (number, -1)], 0);
                    }
                    vec![(unit, 1)]
                }
            });
        }
        costs.extend(self.units.values().map(|&unit| (unit, 1)));
        self.program.at_most(costs, i64::from(most));
        of_classes
    }

    /// What two sides that both satisfy an inner quorum set share of it costs so much at least.
    fn demand_overlaps(&mut self, costs: &[Terms]) {
        for (id, shared, classes) in &self.counting.overlaps {
            let gates = [0, 1].map(|side| self.gate(*id, side));
            let mut terms: Terms = classes.iter().flat_map(|&class| costs[class].iter().copied()).collect();
            terms.sort_unstable_by_key(|&(number, _)| number);
            terms.dedup();
            terms.extend(gates.map(|gate| (gate, -shared)));
            self.program.at_least(terms, -shared);
        }
    }

    /// Demands that a side satisfies its honest members, that one of them diverges, and that it satisfies so many items.
    fn demand_side(&mut self, side: usize, size: &RangeInclusive<usize>) {
        let counting = self.counting;
        let mut acting: BTreeMap<QuorumSetId, Var> = BTreeMap::new();
        let mut diverging = Terms::new();
        // Per quorum set that may have to be satisfied, what is 1 if it must be, and otherwise at most 0.
        let mut demands: Vec<(QuorumSetId, Terms)> = Vec::new();
        for (index, (class, numbers)) in counting.classes.iter().zip(&self.numbers).enumerate() {
            let Some(id) = counting.fbas.quorum_set_of(class.members[0]) else { continue };
            let may_diverge = counting.diverging.contains(class.members[0]);
            match *numbers {
                Numbers::Block { satisfied, byzantine, .. } => {
                    let stands = vec![(satisfied[side], 1), (byzantine, -1)];
                    diverging.extend(&stands);
                    demands.push((id, stands));
                }
                Numbers::Members { honest, .. } if counting.is_only_holder(index) => {
                    demands.push((id, vec![(honest[side], 1)]));
                    diverging.extend(may_diverge.then_some((honest[side], 1)));
                }
                Numbers::Members { honest, .. } => {
                    let is_acting = *acting.entry(id).or_insert_with(|| {
                        let is_acting = self.program.binary(ACTING);
                        demands.push((id, vec![(is_acting, 1)]));
                        is_acting
                    });
                    let members = class.members.len() as i64;
                    self.program.at_least([(is_acting, members), (honest[side], -1)], 0);
                    diverging.extend(may_diverge.then_some((honest[side], 1)));
                }
            }
        }
        self.program.at_least(diverging, 1);
        self.demand_size(side, size);
        self.demand_no_conflict(&demands, *size.end());
        for (id, stands) in demands {
            self.demand_satisfied(side, id, stands, size);
        }
    }

    fn demand_size(&mut self, side: usize, size: &RangeInclusive<usize>) {
        let items = &self.counting.items;
        let mut satisfied: Terms =
            items.classes.iter().flat_map(|&class| self.members(class, side)).collect();
        for &id in &items.sets {
            satisfied.push((self.gate(id, side), 1));
        }
        if !satisfied.is_empty() {
            self.program.between(satisfied, *size.start() as i64, *size.end() as i64);
        }
    }

    /// Two quorum sets that together need more items than there are on a side cannot both be satisfied there; neither can more than one of
    /// many of which that holds pairwise.
    fn demand_no_conflict(&mut self, demands: &[(QuorumSetId, Terms)], size: usize) {
        if demands.len() > MOST_QUORUM_SETS_FOR_CONFLICTS {
            return;
        }
        let needs: Vec<&Need> = demands.iter().map(|(id, _)| &self.counting.needs[id]).collect();
        let is_conflict = |first: &Need, second: &Need| {
            first.least + second.least > size && {
                let common =
                    first.items.iter().filter(|item| second.items.binary_search(item).is_ok()).count();
                first.least + second.least > size + common
            }
        };
        let mut known: HashSet<(usize, usize)> = HashSet::new();
        for first in 0..needs.len() {
            for second in first + 1..needs.len() {
                if known.contains(&(first, second)) || !is_conflict(needs[first], needs[second]) {
                    continue;
                }
                let mut clique = vec![first, second];
                for other in second + 1..needs.len() {
                    if clique.iter().all(|&member| is_conflict(needs[member], needs[other])) {
                        clique.push(other);
                    }
                }
                for (index, &member) in clique.iter().enumerate() {
                    known.extend(clique[index + 1..].iter().map(|&other| (member, other)));
                }
                self.program.at_most(clique.iter().flat_map(|&member| demands[member].1.iter().copied()), 1);
            }
        }
    }

    /// Demands that the side satisfies the quorum set if `stands` is 1.
    fn demand_satisfied(
        &mut self,
        side: usize,
        id: QuorumSetId,
        stands: Terms,
        size: &RangeInclusive<usize>,
    ) {
        let counting = self.counting;
        let need = &counting.needs[&id];
        let threshold = self.counting.fbas.quorum_sets().get(id).threshold;
        let at_most = need.others + need.items.len().min(*size.end());
        if (at_most as u64) < threshold {
            self.program.at_most(stands, 0);
            return;
        }
        let threshold = threshold as i64;
        let anyway = (size.start() + need.items.len()).saturating_sub(self.counting.items.count()) as i64;
        if anyway < threshold {
            let entries = self.entries(id, side);
            self.demand_few_foreign(side, id, &stands, size);
            let stands = stands.into_iter().map(|(number, factor)| (number, -factor * (threshold - anyway)));
            self.program.at_least(entries.into_iter().chain(stands), anyway);
        }
    }

    /// Where a quorum set needs nearly all the items that the side satisfies, few that it does not name can be among these.
    fn demand_few_foreign(
        &mut self,
        side: usize,
        id: QuorumSetId,
        stands: &Terms,
        size: &RangeInclusive<usize>,
    ) {
        let counting = self.counting;
        let need = &counting.needs[&id];
        let threshold = counting.fbas.quorum_sets().get(id).threshold as usize;
        let room = (size.end() + need.others).saturating_sub(threshold);
        if room > 1 {
            return;
        }
        let is_foreign = |number: &usize| need.items.binary_search(&(*number as u32)).is_err();
        let sets = &counting.items.sets;
        let foreign: Vec<Var> =
            (0..sets.len()).filter(is_foreign).map(|number| self.gate(sets[number], side)).collect();
        for (index, &first) in foreign.iter().enumerate() {
            let with_it = match room {
                0 => vec![vec![(first, 1)]],
                _ => foreign[index + 1..].iter().map(|&second| vec![(first, 1), (second, 1)]).collect(),
            };
            for some in with_it {
                self.program.at_most(some.into_iter().chain(stands.iter().copied()), room as i64 + 1);
            }
        }
    }

    /// The members of a class in a side, Byzantine ones included. Nobody asks that of a block.
    fn members(&self, class: usize, side: usize) -> Terms {
        match self.numbers[class] {
            Numbers::Block { .. } => Terms::new(),
            Numbers::Members { honest, byzantine } => {
                std::iter::once((honest[side], 1)).chain(byzantine).collect()
            }
        }
    }

    /// The satisfied entries of a quorum set, as a sum.
    fn entries(&mut self, id: QuorumSetId, side: usize) -> Terms {
        let counting = self.counting;
        let set = counting.fbas.quorum_sets().get(id);
        let mut entries: BTreeMap<usize, usize> = BTreeMap::new();
        set.validators
            .iter()
            .for_each(|node| *entries.entry(counting.class_of[node.index()]).or_default() += 1);
        let mut terms = Terms::new();
        for (class, entries) in entries {
            // All members of a class are listed equally often.
            let times = (entries / counting.classes[class].members.len()) as i64;
            terms.extend(
                self.members(class, side).into_iter().map(|(number, factor)| (number, factor * times)),
            );
        }
        for &inner in &set.inner {
            terms.push((self.gate(inner, side), 1));
        }
        terms
    }

    /// What is 1 only if the side satisfies the inner quorum set.
    fn gate(&mut self, id: QuorumSetId, side: usize) -> Var {
        if let Some(&gate) = self.gates[side].get(&id) {
            return gate;
        }
        let threshold = self.counting.fbas.quorum_sets().get(id).threshold;
        let entries = self.entries(id, side);
        let gate = self.program.binary(SATISFIED[side]);
        let most: i64 = entries.iter().map(|&(number, times)| times * self.program.greatest(number)).sum();
        if threshold > most as u64 {
            self.program.at_most([(gate, 1)], 0);
        } else {
            self.program.at_least(entries.into_iter().chain([(gate, -(threshold as i64))]), 0);
        }
        self.gates[side].insert(id, gate);
        gate
    }

    /// The sets that a solution stands for. Of each class, Byzantine members come first, and those in B alone last.
    fn decode(&self, values: &[i64]) -> Sets {
        let value = |number: Var| values[number.index()] as usize;
        let nobody = NodeSet::empty(self.counting.fbas.node_count());
        let mut sets = Sets { byzantine: nobody.clone(), a: nobody.clone(), b: nobody };
        for (class, numbers) in self.counting.classes.iter().zip(&self.numbers) {
            let all = class.members.len();
            let (byzantine, in_a, in_b) = match *numbers {
                Numbers::Members { honest: [a, b], byzantine } => {
                    let byzantine = byzantine.map_or(0, |(number, factor)| value(number) * factor as usize);
                    (byzantine, value(a), value(b))
                }
                Numbers::Block { threshold, satisfied: [a, b], byzantine } => {
                    match (value(a), value(b), value(byzantine)) {
                        (_, _, 1) => (threshold, 0, 0),
                        (1, 1, _) => {
                            let shared = (2 * threshold).saturating_sub(all);
                            (shared, threshold - shared, threshold - shared)
                        }
                        (1, _, _) => (0, all, 0),
                        (_, 1, _) => (0, 0, all),
                        _ => (0, 0, 0),
                    }
                }
            };
            class.members[..byzantine].iter().for_each(|&node| sets.byzantine.insert(node));
            class.members[..byzantine + in_a].iter().for_each(|&node| sets.a.insert(node));
            let only_in_b = &class.members[all - in_b..];
            class.members[..byzantine].iter().chain(only_in_b).for_each(|&node| sets.b.insert(node));
        }
        sets
    }
}
