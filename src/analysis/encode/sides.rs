//! Two sets of nodes as one formula: two disjoint quorums, or two sides that share Byzantine nodes only.

use super::encoding::{Encoding, Side};
use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::{cost_tally, Charge, Charges, Chosen};
use crate::budget::Budget;
use crate::network::sorting::sort_distinct;
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId};
use crate::sat::counter::{number, Tally, Unary};
use crate::sat::{Lit, Model};

/// With more distinct quorum sets than this, bounds on pairs of them cost more than they save.
const MOST_QUORUM_SETS_FOR_PAIRS: usize = 200;

/// Per quorum set, a literal that is true if an honest member of a side has it; it is true only if the side satisfies it.
pub type Active = Vec<(QuorumSetId, Lit)>;

/// Two unknown sets of nodes and, possibly, the Byzantine nodes that may stand in both.
///
/// Of the members of a class, the Byzantine ones come first, then those in A alone; those in B alone come last.
pub struct Sides<'a> {
    pub encoding: Encoding<'a>,
    a: Side,
    b: Side,
    byzantine: Vec<Unary>,
}

impl<'a> Sides<'a> {
    /// Demands two disjoint quorums, A with a known member of `in_a` and B with one of `in_b`.
    pub fn disjoint(fbas: &'a Fbas, in_a: &NodeSet, in_b: &NodeSet, budget: &Budget) -> Self {
        let mut encoding = Encoding::new(fbas, |node| (in_a.contains(node), in_b.contains(node)), budget);
        let byzantine = vec![Unary::default(); encoding.classes.count()];
        let (mut a, mut b) = (encoding.side(), encoding.side());
        demand_support(&mut encoding, &mut a, &byzantine, in_a);
        demand_support(&mut encoding, &mut b, &byzantine, in_b);
        let mut sides = Sides { encoding, a, b, byzantine };
        sides.demand_overlap_inside_byzantine();
        if in_a == in_b {
            sides.order_sides();
        }
        sides
    }

    /// Demands a split of two members of `diverging`; also returns its cost, counted up to `limit`.
    pub fn splitting(
        fbas: &'a Fbas,
        diverging: &NodeSet,
        charges: &Charges,
        bounds: &Bounds,
        limit: usize,
        budget: &Budget,
    ) -> (Self, Tally) {
        let colours = charges.colours(fbas);
        let colour = |node: NodeId| (colours[node.index()], diverging.contains(node));
        let is_honest = |members: &[NodeId]| !fbas.is_named(members[0]);
        let (mut encoding, byzantine, cost) =
            byzantine_nodes(fbas, colour, is_honest, &colours, limit, budget);
        let a = encoding.side();
        let b = encoding.side();
        let mut sides = Sides { encoding, a, b, byzantine };
        sides.demand_overlap_inside_byzantine();
        let active_a = demand_support(&mut sides.encoding, &mut sides.a, &sides.byzantine, diverging);
        let active_b = demand_support(&mut sides.encoding, &mut sides.b, &sides.byzantine, diverging);
        let satisfied_a = with_ways(&mut sides.encoding, &mut sides.a, active_a);
        let satisfied_b = with_ways(&mut sides.encoding, &mut sides.b, active_b);
        sides.demand_shared(&satisfied_a, &satisfied_b, &cost, bounds);
        sides.order_sides();
        (sides, cost)
    }

    /// Demands a split of which A has the node, which is not Byzantine, with a member of `beside` to diverge, and B a member of `others`; also
    /// returns its cost, counted up to `limit`.
    pub fn splitting_off(
        fbas: &'a Fbas,
        node: NodeId,
        beside: &NodeSet,
        others: &NodeSet,
        charges: &Charges,
        limit: usize,
        budget: &Budget,
    ) -> (Self, Tally) {
        let colours = charges.colours(fbas);
        let colour = |other: NodeId| {
            (colours[other.index()], other == node, beside.contains(other), others.contains(other))
        };
        let is_honest = |members: &[NodeId]| members[0] == node || !fbas.is_named(members[0]);
        let (mut encoding, byzantine, cost) =
            byzantine_nodes(fbas, colour, is_honest, &colours, limit, budget);
        let (mut a, mut b) = (encoding.side(), encoding.side());
        demand_support(&mut encoding, &mut a, &byzantine, beside);
        demand_support(&mut encoding, &mut b, &byzantine, others);
        let is_there = encoding.classes.of(node).map(|own| a.first(own));
        encoding.formula.clause(is_there);
        let mut sides = Sides { encoding, a, b, byzantine };
        sides.demand_overlap_inside_byzantine();
        (sides, cost)
    }

    /// The sets A, B and the Byzantine nodes of a model.
    pub fn decode(&self, model: &Model) -> (NodeSet, NodeSet, NodeSet) {
        let node_count = self.encoding.fbas.node_count();
        let [mut a, mut b, mut byzantine] = [(); 3].map(|()| NodeSet::empty(node_count));
        for (index, class) in self.encoding.classes.iter().enumerate() {
            let members = &class.members;
            let in_both = model.count(&self.byzantine[index]);
            let in_a = model.count(&self.a.counts[index]);
            let only_in_b = model.count(&self.b.counts[index]) - in_both;
            members[..in_both].iter().for_each(|&node| byzantine.insert(node));
            members[..in_a].iter().for_each(|&node| a.insert(node));
            members[..in_both].iter().for_each(|&node| b.insert(node));
            members[members.len() - only_in_b..].iter().for_each(|&node| b.insert(node));
        }
        (a, b, byzantine)
    }

    /// Per class, how its Byzantine members are charged and how many they are.
    pub fn byzantine(&self, charges: &Charges) -> Vec<Chosen> {
        self.encoding.chosen(&charges.colours(self.encoding.fbas), self.byzantine.iter().cloned())
    }

    /// Byzantine nodes are in both sets, and of n members i in A and j in B overlap in at least i + j - n.
    fn demand_overlap_inside_byzantine(&mut self) {
        let formula = &mut self.encoding.formula;
        for ((a, b), both) in self.a.counts.iter().zip(&self.b.counts).zip(&self.byzantine) {
            for (index, &literal) in both.iter().enumerate() {
                formula.implies(literal, a[index]);
                formula.implies(literal, b[index]);
            }
            let members = a.len();
            for i in 1..=members {
                for j in members + 1 - i..=members {
                    let shared = both.get(i + j - members - 1).copied();
                    formula.clause([!a[i - 1], !b[j - 1]].into_iter().chain(shared));
                }
            }
        }
    }

    /// What two quorum sets share at least, the Byzantine nodes cost at least, if the sides satisfy them.
    fn demand_shared(&mut self, satisfied_a: &Active, satisfied_b: &Active, cost: &Tally, bounds: &Bounds) {
        if satisfied_a.len() > MOST_QUORUM_SETS_FOR_PAIRS {
            return;
        }
        for &(first, in_a) in satisfied_a {
            for &(second, in_b) in satisfied_b {
                let reached = match bounds.shared(first, second) {
                    Bound::NOTHING => continue,
                    Bound::AtLeast(shared) => cost.reaches(shared as usize),
                    Bound::Impossible => None,
                };
                self.encoding.formula.clause([!in_a, !in_b].into_iter().chain(reached));
            }
        }
    }

    /// A and B may be swapped: demands that A's classes, read as a number, are not less than B's.
    fn order_sides(&mut self) {
        let formula = &mut self.encoding.formula;
        let mut equal_so_far: Option<Lit> = None;
        for (a, b) in self.a.counts.iter().zip(&self.b.counts) {
            let (Some(&a), Some(&b)) = (a.first(), b.first()) else { continue };
            formula.clause(equal_so_far.map(|equal| !equal).into_iter().chain([a, !b]));
            let equal = formula.variable();
            // True wherever nothing so far differs: a and b both true, or both false.
            let before: Vec<Lit> = equal_so_far.map(|equal| !equal).into_iter().collect();
            formula.clause(before.iter().copied().chain([!a, !b, equal]));
            formula.clause(before.into_iter().chain([a, b, equal]));
            equal_so_far = Some(equal);
        }
    }
}

/// An encoding with unknown Byzantine nodes, per class how many, and what they cost, counted up to `limit`. No members of a class are Byzantine that is
/// honest, as a class is whose nodes nobody names.
fn byzantine_nodes<'a, C: Ord>(
    fbas: &'a Fbas,
    colour: impl Fn(NodeId) -> C,
    is_honest: impl Fn(&[NodeId]) -> bool,
    colours: &[Charge],
    limit: usize,
    budget: &Budget,
) -> (Encoding<'a>, Vec<Unary>, Tally) {
    let mut encoding = Encoding::new(fbas, colour, budget);
    let mut byzantine = Vec::with_capacity(encoding.classes.count());
    for class in encoding.classes.iter() {
        let members = &class.members;
        let length = if is_honest(members) { 0 } else { members.len() };
        byzantine.push(number(&mut encoding.formula, length));
    }
    let chosen = encoding.chosen(colours, byzantine.iter().cloned());
    let cost = cost_tally(&mut encoding.formula, &chosen, limit);
    (encoding, byzantine, cost)
}

/// These quorum sets, and those that they are satisfied by one of, each with a literal that is true only if the side satisfies it.
fn with_ways(encoding: &mut Encoding, side: &mut Side, active: Active) -> Active {
    let fbas = encoding.fbas;
    let ways = |&(id, _): &(QuorumSetId, Lit)| fbas.quorum_sets().get(id).ways();
    let ways = active.iter().filter_map(ways).flatten().map(|&way| (way, encoding.satisfied(side, way)));
    let mut all: Active = ways.collect();
    all.extend(active);
    sort_distinct(&mut all);
    all
}

/// Demands that a side satisfies its known members that are not Byzantine, and that one of them may diverge. Per quorum
/// set, returns a literal that is true if such a member has it.
fn demand_support(
    encoding: &mut Encoding,
    side: &mut Side,
    byzantine: &[Unary],
    diverging: &NodeSet,
) -> Active {
    let mut active = Active::new();
    let mut witnesses = Vec::new();
    for (class, id) in encoding.known_classes() {
        let is_active = match active.iter().find(|(known, _)| *known == id) {
            Some(&(_, literal)) => literal,
            None => {
                let literal = encoding.satisfied(side, id);
                active.push((id, literal));
                literal
            }
        };
        let may_diverge = diverging.contains(encoding.classes[class].first());
        for (index, &member) in side.counts[class.index()].iter().enumerate() {
            let faulty = byzantine[class.index()].get(index).copied();
            encoding.formula.clause([!member, is_active].into_iter().chain(faulty));
            if may_diverge {
                let witness = encoding.formula.variable();
                encoding.formula.implies(witness, member);
                faulty.into_iter().for_each(|faulty| encoding.formula.implies(witness, !faulty));
                witnesses.push(witness);
            }
        }
    }
    encoding.formula.clause(witnesses);
    active
}
