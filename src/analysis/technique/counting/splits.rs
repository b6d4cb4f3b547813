//! Splits as inequalities. Two sides that satisfy many of the same entries share many nodes; clauses need a pigeonhole proof for that,
//! inequalities just add it up.
//!
//! Nodes are counted class by class. An organisation whose validators are exchangeable and occur nowhere else is a *block*: all that
//! matters is whether A satisfies it, whether B does, and whether Byzantine members alone do. How many *items* (see
//! [`Items`]) A and B satisfy is guessed beforehand, one program a guess.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;

use super::counted::Counted;
use super::side::{Honest, Side, Terms};
use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::{Charge, Charges};
use crate::analysis::cost::items::Items;
use crate::budget::{Budget, Stop};
use crate::linear::{solve, Answer, Left, Program, Var};
use crate::network::sorting::sort_by_key;
use crate::network::{ClassId, Fbas, NodeClass, NodeId, NodeSet, QuorumSetId};

/// How many parts of one program are looked at, for all guesses before more are looked at for any: where one of them has a split, no time
/// is lost on proofs that another has none. After the last, or where most guesses are open after the first, the question is left to the solver of
/// formulas.
const PARTS: [usize; 4] = [100, 1_000, 10_000, 100_000];
/// The same where the solver of formulas mostly decides sooner.
const FEW_PARTS: [usize; 1] = [100];
/// With so few classes it does.
const FEW_CLASSES: usize = 24;
/// How many pairs of sizes are guessed; where there are more, they are taken together in ranges.
const MOST_PAIRS: usize = 400;
/// How many guesses are tried to see whether counting tells much.
const MOST_SAMPLES: usize = 32;
/// So few guesses are always worth it.
const FEW_GUESSES: usize = 16;
/// Where quorum sets need less than this part of all items on average, their number says nothing about a side.
const PART_NEEDED: usize = 4;
/// How many programs are solved before an answer is looked for among theirs.
const GUESSES_AT_ONCE: usize = 4;
/// What is branched on first: whom a side satisfies, then who stands on it, then who is Byzantine.
const SATISFIED: [u8; 2] = [0, 1];
const ACTING: u8 = 2;
const SHARED: u8 = 3;
const BYZANTINE: u8 = 4;
const HONEST: u8 = 5;

/// The numbers of items that two sides satisfy, the smaller one first.
type Guess = [RangeInclusive<usize>; 2];

/// A guess, and what is left of it to be looked at if some of it was.
type Open = (Guess, Option<Left>);

/// The splits of one system.
pub struct Counting<'a> {
    counted: Counted<'a>,
    /// Guesses with the greatest cost at which they are known to be wrong: they are wrong at any smaller cost as well.
    refuted: HashMap<Guess, u32>,
    /// The nodes that may count as diverging in A.
    in_a: NodeSet,
    /// The class of the node that A has and that is honest, if one is given. Then the sides may not be swapped.
    given: Option<ClassId>,
    /// Per class, the quorum set that its members, and only they, make up.
    blocks: Vec<Option<QuorumSetId>>,
    /// No set that costs less satisfies somebody's quorum set; 0 where not everybody is known and counts as diverging. So no split that
    /// costs less needs a member of a block on a side that does not satisfy the block, or a member of a paid group to diverge.
    satisfied_from: Bound,
    /// Items that are no blocks: the inner quorum set, what two sides that satisfy it share of it at least, and the classes that it names.
    overlaps: Vec<(QuorumSetId, i64, Vec<ClassId>)>,
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
        let counted =
            Counted::new(fbas, diverging, charges, |classes| Items::costly(fbas, classes, bounds, charges));
        // A member of a block that its side does not satisfy supports nobody else. If it diverges all the same, and nobody
        // else there does, then everybody who supports it is Byzantine.
        let all_diverge = fbas.alive().iter().all(|node| fbas.is_known(node) && diverging.contains(node));
        let cheapest = counted.needs.keys().map(|&id| bounds.satisfying(id)).min();
        let satisfied_from = if all_diverge { cheapest.unwrap_or(Bound::Impossible) } else { Bound::NOTHING };
        let blocks: Vec<Option<QuorumSetId>> =
            counted.classes.iter().map(|class| block_of(fbas, class)).collect();
        let overlaps = counted.items.sets.iter().filter(|&&id| !blocks.contains(&Some(id)));
        let overlaps = overlaps.filter_map(|&id| match bounds.shared(id, id) {
            Bound::AtLeast(shared) => Some((id, i64::from(shared), counted.classes_in(id))),
            Bound::Impossible => None,
        });
        let overlaps = overlaps.collect();
        Counting {
            counted,
            in_a: diverging.clone(),
            given: None,
            refuted: HashMap::new(),
            blocks,
            satisfied_from,
            overlaps,
        }
    }

    /// Splits of which A has this node, which diverges there, and B one of `others`; the node is not charged. Nothing if it can be exchanged for
    /// others that are not charged.
    pub fn splitting_off(
        fbas: &'a Fbas,
        node: NodeId,
        others: &'a NodeSet,
        charges: &Charges,
        bounds: &Bounds,
    ) -> Option<Self> {
        let mut counting = Counting::new(fbas, others, charges, bounds);
        let class = counting.counted.classes.of(node)?;
        let is_alone = counting.counted.classes[class].members == [node] && fbas.is_known(node);
        counting.in_a = NodeSet::of(fbas.node_count(), [node]);
        counting.given = Some(class);
        counting.blocks[class.index()] = None;
        is_alone.then_some(counting)
    }

    /// A split of at most this cost, if there is one.
    pub fn split(&mut self, cost: u32, budget: &Budget) -> Result<Found, Stop> {
        self.search(cost, &PARTS, budget)
    }

    /// The same, where a formula can be asked about this cost alone: where that is easy, it is left to the formula soon.
    pub fn split_or_leave(&mut self, cost: u32, budget: &Budget) -> Result<Found, Stop> {
        let is_easy = self.counted.classes.count() <= FEW_CLASSES;
        self.search(cost, if is_easy { &FEW_PARTS } else { &PARTS }, budget)
    }

    /// Whether the relaxation alone tells that there is no split of this cost.
    pub fn is_refuted(&mut self, cost: u32, budget: &Budget) -> Result<bool, Stop> {
        Ok(matches!(self.search(cost, &[1], budget)?, Found::Nothing))
    }

    /// Whether counting tells much about splits of this cost: whether the relaxation alone refutes many of the guesses. Where it refutes few,
    /// a split hangs on who needs whom, and clauses are the better language. On a ring where everybody knows neighbours only that is so plain
    /// that not even a few are tried.
    pub fn tells_much(&mut self, cost: u32, budget: &Budget) -> Result<bool, Stop> {
        if self.counted.is_too_large() {
            return Ok(false);
        }
        let guesses = self.guesses(cost);
        if guesses.len() <= FEW_GUESSES {
            return Ok(true);
        }
        if !self.counted.need_one_in(PART_NEEDED) {
            return Ok(false);
        }
        let sample = guesses.iter().step_by(guesses.len().div_ceil(MOST_SAMPLES));
        let sample: Vec<Open> = sample.map(|guess| (guess.clone(), None)).collect();
        let enough = sample.len().div_ceil(4);
        let mut refuted = 0;
        for (round, some) in sample.chunks(GUESSES_AT_ONCE).enumerate() {
            let left = sample.len() - round * GUESSES_AT_ONCE;
            if refuted >= enough || refuted + left < enough {
                break;
            }
            for ((guess, _), answer) in some.iter().zip(self.look_at(some, cost, 1, budget)) {
                if matches!(answer?.1, Answer::Contradiction) {
                    self.refuted.insert(guess.clone(), cost);
                    refuted += 1;
                }
            }
        }
        Ok(refuted >= enough)
    }

    /// Whether most entries of the nodes' quorum sets are items: then counting them says nearly all there is to say.
    pub fn is_apt(&self) -> bool {
        let (items, others) = self
            .counted
            .needs
            .values()
            .fold((0, 0), |(items, others), need| (items + need.items.len(), others + need.others));
        items > others
    }

    /// Looks at all guesses that are not known to be wrong, at so many parts of each, then again at more of those that are left.
    fn search(&mut self, cost: u32, parts: &[usize], budget: &Budget) -> Result<Found, Stop> {
        let mut guesses = self.guesses(cost);
        let all = guesses.len();
        guesses.retain(|guess| self.refuted.get(guess).is_none_or(|&refuted| refuted < cost));
        let mut open: Vec<Open> = guesses.into_iter().map(|guess| (guess, None)).collect();
        for (round, &most_parts) in (1..).zip(parts) {
            let mut still_open = Vec::new();
            for some in open.chunks(GUESSES_AT_ONCE) {
                let answers = self.look_at(some, cost, most_parts, budget);
                for ((guess, _), answer) in some.iter().zip(answers) {
                    match answer? {
                        (Some(split), _) => return Ok(Found::Split(split)),
                        (None, Answer::Unknown(left)) if round < parts.len() => {
                            still_open.push((guess.clone(), Some(left)));
                        }
                        (None, Answer::Unknown(_)) => return Ok(Found::Unknown),
                        (None, _) => drop(self.refuted.insert(guess.clone(), cost)),
                    }
                }
            }
            // Where most are still open, counting tells little.
            if round == 1 && 2 * still_open.len() > all {
                return Ok(Found::Unknown);
            }
            open = still_open;
        }
        Ok(Found::Nothing)
    }

    /// What so many more parts of each guess tell, with the split if there is one.
    fn look_at(
        &self,
        open: &[Open],
        cost: u32,
        most_parts: usize,
        budget: &Budget,
    ) -> Vec<Result<(Option<Sets>, Answer), Stop>> {
        budget.map(open, |(sizes, left)| {
            budget.check()?;
            let model = Model::new(self, sizes, cost);
            let answer = solve(&model.program, left.as_ref(), most_parts, budget)?;
            let split = match &answer {
                Answer::Solution(values) => Some(model.decode(values)),
                _ => None,
            };
            Ok((split, answer))
        })
    }

    /// All pairs of sizes, in ranges, that two sides may have: A is the smaller one, as they may be swapped, and every item that
    /// both satisfy costs at least one.
    fn guesses(&self, cost: u32) -> Vec<Guess> {
        let most = self.counted.items.count();
        let pairs = |width: usize| -> Vec<Guess> {
            let ranges = self.counted.sizes(width);
            let is_possible = |a: &RangeInclusive<usize>, b: &RangeInclusive<usize>| {
                self.is_in_order(a.start(), b.end()) && a.start() + b.start() <= most + cost as usize
            };
            ranges
                .iter()
                .flat_map(|a| ranges.iter().filter(|b| is_possible(a, b)).map(|b| [a.clone(), b.clone()]))
                .filter(|[a, b]| self.is_in_order(a.start(), b.start()))
                .collect()
        };
        (1..).map(pairs).find(|pairs| pairs.len() <= MOST_PAIRS).unwrap_or_default()
    }
}

impl Counting<'_> {
    /// Whether A is the smaller one, where the sides may be swapped.
    fn is_in_order(&self, a: &usize, b: &usize) -> bool {
        self.given.is_some() || a <= b
    }
}

/// The quorum set that the members of a class, and only they, make up, if that is all they are for.
fn block_of(fbas: &Fbas, class: &NodeClass) -> Option<QuorumSetId> {
    let &[id] = fbas.quorum_sets_listing(class.first()) else { return None };
    let set = fbas.quorum_sets().get(id);
    let is_block = set.validators == class.members && set.inner.is_empty() && fbas.holders(id).is_empty();
    (is_block && set.threshold > 0 && fbas.is_known(class.first())).then_some(id)
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
}

impl<'a> Model<'a> {
    fn new(counting: &'a Counting<'a>, sizes: &Guess, cost: u32) -> Self {
        // So cheap a set satisfies nobody by itself: whoever diverges has others beside it.
        let is_cheap = Bound::AtLeast(cost) < counting.satisfied_from;
        let mut model = Model {
            counting,
            program: Program::new(),
            numbers: Vec::new(),
            units: BTreeMap::new(),
            is_cheap,
        };
        for class in counting.counted.classes.ids() {
            let block = counting.blocks[class.index()].filter(|_| is_cheap);
            let numbers = match block {
                Some(id) => model.count_block(class, id),
                None => model.count_members(class),
            };
            model.numbers.push(numbers);
        }
        let costs = model.bound_cost(cost);
        let mut sides = [0, 1].map(|side| model.side(side));
        model.demand_overlaps(&costs, &mut sides);
        for (number, (mut side, size)) in sides.into_iter().zip(sizes).enumerate() {
            let honest = model.honest(number);
            let diverging = if number == 0 { &counting.in_a } else { counting.counted.diverging };
            side.demand(&mut model.program, &honest, diverging, size);
        }
        model
    }

    fn count_block(&mut self, class: ClassId, id: QuorumSetId) -> Numbers {
        let threshold = self.counting.counted.fbas.quorum_sets().get(id).threshold as usize;
        let satisfied = SATISFIED.map(|rank| self.program.binary(rank));
        debug_assert!(threshold <= self.counting.counted.classes[class].members.len());
        Numbers::Block { threshold, satisfied, byzantine: self.program.binary(BYZANTINE) }
    }

    fn count_members(&mut self, class: ClassId) -> Numbers {
        let members = &self.counting.counted.classes[class].members;
        let count = members.len() as i64;
        let rank = if self.counting.counted.is_only_holder(class) { ACTING } else { HONEST };
        let honest = [(); 2].map(|()| self.program.variable(0, count, rank));
        // A Byzantine node that nobody names helps nobody.
        let is_given = self.counting.given == Some(class);
        let is_named = self.counting.counted.fbas.is_named(members[0]) && !is_given;
        let byzantine = is_named.then(|| match self.counting.counted.charges[class.index()] {
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
        for class in self.counting.counted.classes.ids() {
            let program = &mut self.program;
            // What costs something, how much if each member is charged, and how large it can be.
            let (numbers, largest): (Terms, i64) = match self.numbers[class.index()] {
                Numbers::Block { threshold, satisfied: [a, b], byzantine } => {
                    let members = self.counting.counted.classes[class].members.len();
                    // Two sides share at least so many members of a block that they both satisfy.
                    let shared = (2 * threshold).saturating_sub(members) as i64;
                    let is_shared = program.binary(SHARED);
                    program.at_least([(is_shared, 1), (a, -1), (b, -1)], -1);
                    program.at_least([(is_shared, 1), (byzantine, -1)], 0);
                    (vec![(is_shared, shared), (byzantine, threshold as i64 - shared)], 1)
                }
                Numbers::Members { byzantine, .. } => {
                    let members = self.counting.counted.classes[class].members.len() as i64;
                    (byzantine.into_iter().collect(), members)
                }
            };
            of_classes.push(match self.counting.counted.charges[class.index()] {
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
        self.program.cost_at_most(costs, i64::from(most));
        of_classes
    }

    /// What two sides that both satisfy an inner quorum set share of it costs so much at least.
    fn demand_overlaps(&mut self, costs: &[Terms], sides: &mut [Side; 2]) {
        for (id, shared, classes) in &self.counting.overlaps {
            let gates = sides.each_mut().map(|side| side.gate(&mut self.program, *id));
            let mut terms: Terms =
                classes.iter().flat_map(|&class| costs[class.index()].iter().copied()).collect();
            sort_by_key(&mut terms, |&(number, _)| number);
            terms.dedup();
            terms.extend(gates.map(|gate| (gate, -shared)));
            self.program.at_least(terms, -shared);
        }
    }

    /// A side with the members that were counted for it.
    fn side(&self, side: usize) -> Side<'a> {
        let mut gates = BTreeMap::new();
        let mut members = Vec::new();
        for (numbers, block) in self.numbers.iter().zip(&self.counting.blocks) {
            members.push(match *numbers {
                Numbers::Block { satisfied, .. } => {
                    gates.extend(block.map(|id| (id, satisfied[side])));
                    Terms::new()
                }
                Numbers::Members { honest, byzantine } => {
                    std::iter::once((honest[side], 1)).chain(byzantine).collect()
                }
            });
        }
        Side::new(&self.counting.counted, [SATISFIED[side], ACTING], members, gates)
    }

    /// Per class, who of it stands on the side and is honest.
    fn honest(&self, side: usize) -> Vec<Honest> {
        let honest = |numbers: &Numbers| match *numbers {
            Numbers::Block { satisfied, byzantine, .. } => {
                Honest::Some(vec![(satisfied[side], 1), (byzantine, -1)])
            }
            Numbers::Members { honest, .. } => Honest::Number(honest[side]),
        };
        self.numbers.iter().map(honest).collect()
    }

    /// The sets that a solution stands for. Of each class, Byzantine members come first, and those in B alone last.
    fn decode(&self, values: &[i64]) -> Sets {
        let value = |number: Var| values[number.index()] as usize;
        let nobody = NodeSet::empty(self.counting.counted.fbas.node_count());
        let mut sets = Sets { byzantine: nobody.clone(), a: nobody.clone(), b: nobody };
        for (class, numbers) in self.counting.counted.classes.iter().zip(&self.numbers) {
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
