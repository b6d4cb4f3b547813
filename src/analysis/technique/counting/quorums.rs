//! Cheap quorums as inequalities: is there one of at most this cost that satisfies so many items? What makes it hard for clauses is that every
//! organisation asks for most of the others, each for others; see [`Side`].

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::counted::Counted;
use super::side::{Honest, Side, Terms};
use crate::analysis::cost::bounds::{Bound, Bounds};
use crate::analysis::cost::charges::{Charge, Charges};
use crate::analysis::cost::items::Items;
use crate::budget::{Budget, Stop};
use crate::linear::{solve, Answer, Program, Var};
use crate::network::sorting::sort_distinct;
use crate::network::{Fbas, NodeSet};

/// How many parts of one program are looked at before the question is left to the solver of formulas.
const MOST_PARTS: usize = 100_000;
/// How many sizes are guessed; where there are more, they are taken together in ranges.
const MOST_SIZES: usize = 64;

/// What is branched on first: whom the quorum satisfies, then who stands in it.
const SATISFIED: u8 = 0;
const ACTING: u8 = 1;
const UNIT: u8 = 2;
const MEMBERS: u8 = 3;

/// The quorums of one system.
pub struct CheapQuorums<'a> {
    counted: Counted<'a>,
    /// Per item that is an inner quorum set, what satisfying it costs at least.
    costs: Vec<i64>,
}

/// What is known about quorums up to some cost.
pub enum Found {
    Quorum(NodeSet),
    Nothing,
    /// The limit on parts was reached.
    Unknown,
}

impl<'a> CheapQuorums<'a> {
    /// The quorums of a system; `known` are its known nodes, one of which every quorum has.
    pub fn new(fbas: &'a Fbas, known: &'a NodeSet, charges: &Charges, bounds: &Bounds) -> Self {
        let counted = Counted::new(fbas, known, charges, |classes| Items::all(fbas, classes));
        let cost = |&id| match bounds.satisfying(id) {
            Bound::AtLeast(cost) => i64::from(cost),
            Bound::Impossible => 0,
        };
        let costs = counted.items.sets.iter().map(cost).collect();
        CheapQuorums { counted, costs }
    }

    /// Whether quorum sets need more than half of all items on average. Where most need few, the number of items says little, and clauses
    /// are the better language.
    pub fn is_apt(&self) -> bool {
        !self.counted.is_too_large() && self.counted.need_one_in(2)
    }

    /// A quorum of at most this cost, if there is one.
    pub fn quorum(&self, cost: u32, budget: &Budget) -> Result<Found, Stop> {
        let width = self.counted.items.count().div_ceil(MOST_SIZES).max(1);
        let sizes = self.counted.sizes(width);
        let answers = budget.map(&sizes, |size| {
            budget.check()?;
            let model = Model::new(self, size, cost);
            Ok(match solve(&model.program, None, MOST_PARTS, budget)? {
                Answer::Solution(values) => Found::Quorum(model.decode(&values)),
                Answer::Contradiction => Found::Nothing,
                Answer::Unknown(_) => Found::Unknown,
            })
        });
        let mut is_undecided = false;
        for answer in answers {
            match answer? {
                Found::Nothing => {}
                Found::Unknown => is_undecided = true,
                found => return Ok(found),
            }
        }
        Ok(if is_undecided { Found::Unknown } else { Found::Nothing })
    }
}

/// The program for quorums of a given size.
struct Model<'a> {
    counted: &'a Counted<'a>,
    program: Program,
    /// Per class, how many of it are in the quorum.
    numbers: Vec<Var>,
}

impl<'a> Model<'a> {
    fn new(quorums: &'a CheapQuorums<'a>, size: &RangeInclusive<usize>, cost: u32) -> Self {
        let counted = &quorums.counted;
        let mut program = Program::new();
        let mut units: BTreeMap<u32, Var> = BTreeMap::new();
        let mut numbers = Vec::new();
        // Per class, what its members cost.
        let mut costs: Vec<Terms> = Vec::new();
        for (class, charge) in counted.classes.ids().zip(&counted.charges) {
            let count = counted.classes[class].members.len() as i64;
            let rank = if counted.is_only_holder(class) { ACTING } else { MEMBERS };
            let number = program.variable(0, count, rank);
            numbers.push(number);
            costs.push(match charge {
                Charge::Free => Terms::new(),
                Charge::Each => vec![(number, 1)],
                Charge::Group(group) => {
                    let unit = *units.entry(group.0).or_insert_with(|| program.binary(UNIT));
                    program.at_least([(unit, count), (number, -1)], 0);
                    vec![(unit, 1)]
                }
            });
        }
        program.cost_at_most(sum(costs.iter()), i64::from(cost));
        let members = numbers.iter().map(|&number| vec![(number, 1)]).collect();
        let mut side = Side::new(counted, [SATISFIED, ACTING], members, BTreeMap::new());
        for (&id, &least) in counted.items.sets.iter().zip(&quorums.costs) {
            let paid = sum(counted.classes_in(id).into_iter().map(|class| &costs[class.index()]));
            let gate = side.gate(&mut program, id);
            program.at_least(paid.into_iter().chain([(gate, -least)]), 0);
        }
        let honest: Vec<Honest> = numbers.iter().map(|&number| Honest::Number(number)).collect();
        side.demand(&mut program, &honest, counted.diverging, size);
        Model { counted, program, numbers }
    }

    fn decode(&self, values: &[i64]) -> NodeSet {
        let classes = self.counted.classes.iter().zip(&self.numbers);
        let members = classes.flat_map(|(class, number)| &class.members[..values[number.index()] as usize]);
        NodeSet::of(self.counted.fbas.node_count(), members.copied())
    }
}

/// What classes cost together: groups that several of them belong to are paid for once.
fn sum<'a>(costs: impl Iterator<Item = &'a Terms>) -> Terms {
    let mut sum: Terms = costs.flatten().copied().collect();
    sort_distinct(&mut sum);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{GroupBy, Groups, Network, NodeId, UnknownNodes};
    use serde_json::{json, Value};

    const NODES: usize = 6;

    /// A quorum set over the nodes, one level of inner sets, with entries listed twice now and then.
    fn any_set(random: &mut fastrand::Rng, levels: usize) -> Value {
        let validators: Vec<String> =
            (0..random.usize(..=5)).map(|_| format!("N{}", random.usize(..NODES))).collect();
        let inner: Vec<Value> = match levels {
            0 => Vec::new(),
            _ => (0..random.usize(..=2)).map(|_| any_set(random, levels - 1)).collect(),
        };
        let entries = (validators.len() + inner.len()).max(1);
        json!({ "threshold": random.usize(entries.div_ceil(2)..=entries), "validators": validators, "innerQuorumSets": inner })
    }

    /// Nodes of which some are unknown or ask for what others do, in providers that may be anybody's.
    fn any_network(random: &mut fastrand::Rng) -> Network {
        let mut sets: Vec<Value> = Vec::new();
        let node = |index: usize| {
            let set = match (random.u8(..4), random.choice(&sets)) {
                (0, Some(set)) => set.clone(),
                (1, _) if random.bool() => Value::Null,
                _ => any_set(random, 1),
            };
            sets.push(set.clone());
            json!({
                "publicKey": format!("N{index}"),
                "quorumSet": set,
                "isp": random.bool().then(|| format!("isp {}", random.u8(..2))),
            })
        };
        let nodes: Vec<Value> = (0..NODES).map(node).collect();
        Network::parse(Value::from(nodes).to_string().as_bytes(), None).expect("valid input")
    }

    #[test]
    fn there_is_a_quorum_of_some_cost_where_trying_all_finds_one() {
        let mut random = fastrand::Rng::with_seed(1);
        let (mut apt, mut costs) = (0, [0; NODES + 1]);
        for round in 0..600 {
            let network = any_network(&mut random);
            let policy = if round % 3 == 0 { UnknownNodes::Free } else { UnknownNodes::Dead };
            let fbas = network.fbas(policy, &NodeSet::empty(NODES)).live();
            let by = if round % 2 == 0 { GroupBy::Node } else { GroupBy::Isp };
            let groups = Groups::of(&network, &by);
            let charges = Charges::new(&groups, fbas.alive());
            let budget = Budget::unlimited();
            let bounds = Bounds::new(&fbas, &charges, &budget).expect("no limit");
            let known = NodeSet::of(NODES, fbas.nodes().filter(|&node| fbas.is_known(node)));
            let cheap = CheapQuorums::new(&fbas, &known, &charges, &bounds);
            apt += usize::from(cheap.is_apt());
            let subsets = (0..1u32 << NODES).map(|bits| {
                NodeSet::of(NODES, (0..NODES as u32).filter(|node| bits >> node & 1 == 1).map(NodeId))
            });
            let least = subsets.filter(|set| fbas.is_quorum(set)).map(|set| charges.cost(&set)).min();
            for cost in 0..=NODES as u32 {
                match cheap.quorum(cost, &budget).expect("no limit") {
                    Found::Quorum(quorum) => {
                        assert!(fbas.is_quorum(&quorum) && charges.cost(&quorum) <= cost, "{quorum:?}");
                    }
                    Found::Nothing => {
                        assert!(least.is_none_or(|least| least > cost), "{cost}, not {least:?}")
                    }
                    Found::Unknown => panic!("small programs are solved"),
                }
            }
            least.into_iter().for_each(|least| costs[least as usize] += 1);
        }
        assert!(apt > 50 && costs[1..5].iter().all(|&often| often > 10), "all kinds occur: {apt} {costs:?}");
    }
}
