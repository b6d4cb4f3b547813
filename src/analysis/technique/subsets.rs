//! In a system of few nodes all sets of nodes are tried, 64 in one step.
//!
//! With some nodes Byzantine, the others are split where two disjoint sets of these are supported (each known member is satisfied by its set
//! and the Byzantine nodes) and have a diverging member each. Whether a set contains such a set is one bit of a table over all sets, so two
//! of them are found by looking at each set and at the rest beside it (docs/methods.md, 7.12).

use std::ops::Range;

use crate::analysis::encode::split::Split;
use crate::budget::{Budget, Stop};
use crate::known::Known;
use crate::network::{Fbas, NodeId, NodeSet, QuorumSetId};

/// All sets are tried as sides of at most so many nodes.
const MOST_NODES: usize = 24;
/// With more entries in a quorum set, no sets are tried.
const MOST_ENTRIES: usize = u8::MAX as usize;
/// What takes at most so many steps is cheaper than guessing. A step looks at an entry of a quorum set and 64 sets of nodes.
pub const FEW_STEPS: usize = 1 << 17;
/// What takes at most so many steps is mostly cheaper than counting.
pub const MORE_STEPS: usize = 1 << 21;
/// All sets are tried as Byzantine ones, and each time all others as sides, of at most so many nodes.
const MOST_NODES_OF_SPLITS: usize = 17;
/// Bit i is set where bit b of i is: who of the first six nodes is in which of 64 sets.
const MEMBERS_OF_64: [u64; 6] = [
    0xAAAA_AAAA_AAAA_AAAA,
    0xCCCC_CCCC_CCCC_CCCC,
    0xF0F0_F0F0_F0F0_F0F0,
    0xFF00_FF00_FF00_FF00,
    0xFFFF_0000_FFFF_0000,
    0xFFFF_FFFF_0000_0000,
];
/// The budget is asked after so many words.
const WORDS_PER_CHECK: usize = 1 << 10;

/// The nodes of a system, a set of them by the bits of a number.
pub struct Subsets<'a> {
    fbas: &'a Fbas,
    members: Vec<NodeId>,
    /// The quorum sets of members, inner ones before those that name them.
    sets: Vec<Asked>,
    /// Per member, its own of these, if it is known.
    own: Vec<Option<usize>>,
}

/// What a quorum set asks for.
struct Asked {
    threshold: usize,
    entries: Vec<Entry>,
}

enum Entry {
    /// A member, by its place.
    Member(usize),
    /// A quorum set, by its place.
    Inner(usize),
}

/// For each set of some nodes, 64 in a word, whether something is so.
type Table = Vec<u64>;

impl<'a> Subsets<'a> {
    /// All nodes that are alive, if they are few.
    pub fn of(fbas: &'a Fbas) -> Option<Self> {
        let members: Vec<NodeId> = fbas.alive().iter().collect();
        if members.len() > MOST_NODES {
            return None;
        }
        let mut subsets = Subsets { fbas, members, sets: Vec::new(), own: Vec::new() };
        let mut places = vec![None; fbas.quorum_sets().len()];
        for place in 0..subsets.members.len() {
            let own = fbas.quorum_set_of(subsets.members[place]);
            let own = own.map(|id| subsets.place_of(id, &mut places));
            subsets.own.push(own);
        }
        subsets.sets.iter().all(|set| set.entries.len() <= MOST_ENTRIES).then_some(subsets)
    }

    /// Where the quorum set stands among those that are asked for.
    fn place_of(&mut self, id: QuorumSetId, places: &mut Vec<Option<usize>>) -> usize {
        if let Some(place) = places[id.index()] {
            return place;
        }
        let set = self.fbas.quorum_sets().get(id);
        let mut entries: Vec<Entry> =
            set.inner.iter().map(|&inner| Entry::Inner(self.place_of(inner, places))).collect();
        // Who is dead satisfies nobody.
        let alive = set.validators.iter().filter_map(|node| self.members.binary_search(node).ok());
        entries.extend(alive.map(Entry::Member));
        let threshold = usize::try_from(set.threshold).unwrap_or(usize::MAX);
        self.sets.push(Asked { threshold, entries });
        *places[id.index()].insert(self.sets.len() - 1)
    }

    /// How many steps it takes to try all sets as sides.
    pub fn steps(&self) -> usize {
        // An inner set is looked at for each that names it.
        let mut entries: Vec<usize> = Vec::with_capacity(self.sets.len());
        for set in &self.sets {
            let of_each = set.entries.iter().map(|entry| match entry {
                Entry::Member(_) => 1,
                Entry::Inner(place) => entries[*place],
            });
            entries.push(of_each.fold(0, usize::saturating_add));
        }
        let of_members = self.own.iter().flatten().map(|&set| entries[set]);
        of_members.fold(0, usize::saturating_add).saturating_mul(self.words())
    }

    /// Two disjoint quorums, one with a known member of `in_a`, one with one of `in_b`, if there are any.
    pub fn disjoint_quorums(
        &self,
        in_a: &NodeSet,
        in_b: &NodeSet,
        budget: &Budget,
    ) -> Result<Option<(NodeSet, NodeSet)>, Stop> {
        let (in_a, in_b) = (self.known_of(in_a), self.known_of(in_b));
        // The quorums that have such a member.
        let (mut sides_a, mut sides_b) = (Table::new(), Table::new());
        self.look_at_each_64(budget, |members| {
            let supported = self.supported_of_64(members);
            sides_a.push(supported & with_one_of(in_a, members));
            sides_b.push(supported & with_one_of(in_b, members));
        })?;
        contain(&mut sides_a, self.members.len());
        contain(&mut sides_b, self.members.len());
        // What is left beside a set has its bits the other way round.
        let beside = sides_b.iter().rev().map(|word| word.reverse_bits());
        let both = sides_a.iter().zip(beside).map(|(a, beside)| a & beside);
        let found = both.enumerate().find(|&(_, word)| word != 0);
        Ok(found.map(|(index, word)| {
            let set = (index as u32) << 6 | word.trailing_zeros();
            let quorum = |set: u32| self.fbas.largest_quorum_inside(&self.nodes(set));
            (quorum(set), quorum(!set))
        }))
    }

    /// The cheapest quorum, counted in these units.
    pub fn cheapest_quorum(&self, units: &[Vec<NodeId>], known: &mut Known<NodeSet>) -> Result<(), Stop> {
        known.enter("subsets");
        let units: Vec<u32> = units.iter().map(|unit| self.bits_of(unit)).collect();
        let all = self.known_of(&self.fbas.alive());
        let mut first = 0;
        let mut cheapest = None;
        self.look_at_each_64(known.budget(), |members| {
            let mut quorums = self.supported_of_64(members) & with_one_of(all, members);
            while quorums != 0 {
                let set = first | quorums.trailing_zeros();
                quorums &= quorums - 1;
                let cost = units_of(set, &units);
                if cheapest.is_none_or(|(least, _)| cost < least) {
                    cheapest = Some((cost, set));
                }
            }
            first += 64;
        })?;
        if let Some((cost, set)) = cheapest {
            known.offer(cost, self.fbas.largest_quorum_inside(&self.nodes(set)));
        }
        known.prove();
        Ok(())
    }

    /// The splits of which known nodes diverge, one of `in_a` and one of `in_b`, counted in units to which those belong that can be Byzantine; if
    /// the nodes are so few that all sets may be tried.
    pub fn splits(&self, units: &[Vec<NodeId>], in_a: &NodeSet, in_b: &NodeSet) -> Option<Splits<'_>> {
        let units: Vec<u32> = units.iter().map(|unit| self.bits_of(unit)).collect();
        let (in_a, in_b) = (self.known_of(in_a), self.known_of(in_b));
        let are_few = self.members.len() <= MOST_NODES_OF_SPLITS;
        are_few.then_some(Splits { subsets: self, units, in_a, in_b })
    }

    /// Per set, the members that it satisfies, those that ask for nothing among them.
    fn satisfied_by_each(&self, budget: &Budget) -> Result<Vec<u32>, Stop> {
        let sets = 1 << self.members.len();
        let mut by_each = Vec::with_capacity(sets);
        self.look_at_each_64(budget, |members| {
            let mut by_64 = [0; 64];
            for (place, own) in self.own.iter().enumerate() {
                let satisfied = own.map_or(!0, |set| self.satisfied_by_64(set, members));
                for (set, all) in by_64.iter_mut().enumerate() {
                    *all |= ((satisfied >> set & 1) as u32) << place;
                }
            }
            by_each.extend(by_64);
        })?;
        by_each.truncate(sets);
        Ok(by_each)
    }

    /// In how many words there is a bit for each set.
    fn words(&self) -> usize {
        1 << self.members.len().saturating_sub(6)
    }

    /// Looks at all sets in turn, 64 at once: in which of these each member is.
    fn look_at_each_64(&self, budget: &Budget, mut look: impl FnMut(&[u64])) -> Result<(), Stop> {
        let mut members = vec![0u64; self.members.len()];
        for word in 0..self.words() {
            if word % WORDS_PER_CHECK == 0 {
                budget.check()?;
            }
            for (place, is_in) in members.iter_mut().enumerate() {
                *is_in = match MEMBERS_OF_64.get(place) {
                    Some(&is_in) => is_in,
                    None => 0u64.wrapping_sub((word >> (place - 6) & 1) as u64),
                };
            }
            look(&members);
        }
        Ok(())
    }

    /// Which of 64 sets satisfy all of their known members.
    fn supported_of_64(&self, members: &[u64]) -> u64 {
        let mut supported = !0;
        for (&is_in, own) in members.iter().zip(&self.own) {
            if let Some(set) = own.filter(|_| supported & is_in != 0) {
                supported &= !is_in | self.satisfied_by_64(set, members);
            }
        }
        supported
    }

    /// Which of 64 sets satisfy a quorum set.
    fn satisfied_by_64(&self, set: usize, members: &[u64]) -> u64 {
        let Asked { threshold, entries } = &self.sets[set];
        match *threshold {
            0 => return !0,
            threshold if threshold > entries.len() => return 0,
            _ => {}
        }
        // 64 numbers, one digit of each in a word: one gets too long as soon as the threshold is reached.
        let digits = (threshold.ilog2() + 1) as usize;
        let start = (1 << digits) - threshold;
        let mut numbers = [0u64; u8::BITS as usize];
        for (digit, word) in numbers[..digits].iter_mut().enumerate() {
            *word = 0u64.wrapping_sub((start >> digit & 1) as u64);
        }
        let mut is_reached = 0;
        for entry in entries {
            let mut carry = match entry {
                Entry::Member(place) => members[*place],
                Entry::Inner(place) => self.satisfied_by_64(*place, members),
            };
            for word in &mut numbers[..digits] {
                (*word, carry) = (*word ^ carry, *word & carry);
            }
            is_reached |= carry;
        }
        is_reached
    }

    /// The members of a set.
    fn nodes(&self, set: u32) -> NodeSet {
        let some = (0..).zip(&self.members).filter(|(place, _)| set >> place & 1 == 1);
        NodeSet::of(self.fbas.node_count(), some.map(|(_, &node)| node))
    }

    fn known_of(&self, nodes: &NodeSet) -> u32 {
        let known: Vec<NodeId> = nodes.iter().filter(|&node| self.fbas.is_known(node)).collect();
        self.bits_of(&known)
    }

    fn bits_of(&self, nodes: &[NodeId]) -> u32 {
        let places = nodes.iter().filter_map(|node| self.members.binary_search(node).ok());
        places.fold(0, |bits, place| bits | 1 << place)
    }
}

/// The splits of a few nodes.
pub struct Splits<'a> {
    subsets: &'a Subsets<'a>,
    units: Vec<u32>,
    in_a: u32,
    in_b: u32,
}

impl Splits<'_> {
    /// Tries all sets as Byzantine ones, the cheapest first. `improved` says what a split costs.
    pub fn cheapest(
        &self,
        known: &mut Known<Split>,
        improved: &dyn Fn(Split) -> (u32, Split),
    ) -> Result<(), Stop> {
        known.enter("subsets");
        let satisfied = self.subsets.satisfied_by_each(known.budget())?;
        let mut largest = vec![0; satisfied.len()];
        while !known.is_proven() {
            let mut found = None;
            for byzantine in self.of_cost(known.lower()..known.lower() + 1) {
                known.budget().check()?;
                found = self.with(byzantine, &satisfied, &mut largest);
                if found.is_some() {
                    break;
                }
            }
            match found.map(improved) {
                Some((cost, split)) => known.offer(cost, split),
                None if known.lower() as usize >= self.units.len() => known.prove(),
                None => known.raise(known.lower() + 1),
            }
        }
        Ok(())
    }

    /// At how many sides that looks.
    pub fn sides(&self, known: &Known<Split>) -> usize {
        let open = known.lower()..known.limit().unwrap_or(u32::MAX);
        let honest = |byzantine: u32| self.subsets.members.len() - byzantine.count_ones() as usize;
        self.of_cost(open).map(|byzantine| 1 << honest(byzantine)).sum()
    }

    /// The sets of nodes that can be Byzantine and cost this.
    fn of_cost(&self, costs: Range<u32>) -> impl Iterator<Item = u32> + '_ {
        let payable = self.units.iter().fold(0, |all, unit| all | unit);
        let all = 0..1u32 << self.subsets.members.len();
        all.filter(move |&set| set & !payable == 0 && costs.contains(&units_of(set, &self.units)))
    }

    /// A split with exactly these Byzantine. `satisfied` has the members that each set satisfies; `largest` is room for as much.
    fn with(&self, byzantine: u32, satisfied: &[u32], largest: &mut [u32]) -> Option<Split> {
        let honest = ((1 << self.subsets.members.len()) - 1) & !byzantine;
        if honest & self.in_a == 0 || honest & self.in_b == 0 {
            return None;
        }
        // Each set after all of its subsets: the largest supported set in it.
        let mut set = 0;
        loop {
            let supported = set & satisfied[(set | byzantine) as usize];
            largest[set as usize] = if supported == set { set } else { largest[supported as usize] };
            if set == honest {
                break;
            }
            set = set.wrapping_sub(honest) & honest;
        }
        loop {
            let (a, b) = (largest[set as usize], largest[(honest & !set) as usize]);
            if a & self.in_a != 0 && b & self.in_b != 0 {
                let nodes = |set: u32| self.subsets.nodes(set | byzantine);
                return Some(Split { byzantine: nodes(0), a: nodes(a), b: nodes(b) });
            }
            if set == 0 {
                return None;
            }
            set = (set - 1) & honest;
        }
    }
}

/// How many of these units a set takes.
fn units_of(set: u32, units: &[u32]) -> u32 {
    units.iter().filter(|&unit| set & unit != 0).count() as u32
}

/// Which of 64 sets have one of some members.
fn with_one_of(some: u32, members: &[u64]) -> u64 {
    let some = (0..).zip(members).filter(|(place, _)| some >> place & 1 == 1);
    some.fold(0, |any, (_, is_in)| any | is_in)
}

/// Of sets of so many nodes that are something: which sets contain one.
fn contain(sets: &mut Table, nodes: usize) {
    for node in 0..nodes {
        match MEMBERS_OF_64.get(node) {
            Some(members) => sets.iter_mut().for_each(|word| *word |= *word << (1 << node) & members),
            None => {
                let with_it = 1 << (node - 6);
                for word in (0..sets.len()).filter(|word| word & with_it != 0) {
                    sets[word] |= sets[word ^ with_it];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::encode::split::is_split_between;
    use crate::network::{QuorumSets, Requirement};

    /// Nested sets of which any node may be listed twice, and any threshold may be too high or, of an inner set, 0.
    fn any_quorum_set(
        sets: &mut QuorumSets,
        nodes: usize,
        depth: usize,
        random: &mut fastrand::Rng,
    ) -> QuorumSetId {
        let validators =
            (0..random.usize(..4)).map(|_| NodeId(random.u32(..nodes as u32))).collect::<Vec<_>>();
        let few = if depth == 0 { 0 } else { random.usize(..3) };
        let inner = (0..few).map(|_| any_quorum_set(sets, nodes, depth - 1, random)).collect::<Vec<_>>();
        let least = usize::from(depth == 2);
        let threshold = random.usize(least..=(validators.len() + inner.len() + 1).max(least));
        sets.intern(threshold as u64, validators, inner)
    }

    fn any_fbas(nodes: usize, random: &mut fastrand::Rng) -> Fbas {
        let mut sets = QuorumSets::default();
        let requirements = (0..nodes).map(|_| match random.usize(..8) {
            0 => Requirement::Dead,
            1 => Requirement::Free,
            _ => Requirement::Known(any_quorum_set(&mut sets, nodes, 2, random)),
        });
        let requirements = requirements.collect();
        Fbas::new(sets, requirements)
    }

    fn sets_of(nodes: usize) -> impl Iterator<Item = NodeSet> {
        (0..1u32 << nodes).map(move |bits| set_of(nodes, bits))
    }

    fn set_of(nodes: usize, bits: u32) -> NodeSet {
        NodeSet::of(nodes, (0..nodes as u32).filter(|node| bits >> node & 1 == 1).map(NodeId))
    }

    fn has_known(fbas: &Fbas, some: &NodeSet, of: &NodeSet) -> bool {
        some.intersection(of).iter().any(|node| fbas.is_known(node))
    }

    #[test]
    fn two_disjoint_quorums_are_found_where_there_are_some() {
        let mut random = fastrand::Rng::with_seed(1);
        let mut found = 0;
        for round in 0..600 {
            let nodes = random.usize(1..=9);
            let fbas = any_fbas(nodes, &mut random);
            let [in_a, in_b] = [(); 2].map(|()| set_of(nodes, random.u32(..) | random.u32(..)));
            let quorums: Vec<NodeSet> = sets_of(nodes).filter(|set| fbas.is_quorum(set)).collect();
            let of = |members: &NodeSet| -> Vec<&NodeSet> {
                quorums.iter().filter(|quorum| has_known(&fbas, quorum, members)).collect()
            };
            let (with_a, with_b) = (of(&in_a), of(&in_b));
            let expected = with_a.iter().any(|a| with_b.iter().any(|b| a.is_disjoint(b)));
            let subsets = Subsets::of(&fbas).expect("few nodes");
            let pair = subsets.disjoint_quorums(&in_a, &in_b, &Budget::unlimited()).expect("no limit");
            assert_eq!(pair.is_some(), expected, "round {round}");
            if let Some((a, b)) = pair {
                found += 1;
                assert!(with_a.contains(&&a) && with_b.contains(&&b) && a.is_disjoint(&b), "round {round}");
            }
        }
        assert!((100..500).contains(&found), "{found}");
    }

    /// What was found, of which it is proven that it costs the least.
    fn best_of<W>(known: Known<W>, expected: Option<u32>, round: u32) -> Option<(u32, W)> {
        assert!(known.is_proven(), "round {round}");
        assert_eq!(known.upper(), expected, "round {round}");
        known.into_best()
    }

    #[test]
    fn the_cheapest_quorum_is_found() {
        let mut random = fastrand::Rng::with_seed(3);
        let mut found = 0;
        for round in 0..600 {
            let nodes = random.usize(1..=9);
            let (fbas, units) = (any_fbas(nodes, &mut random), any_units(nodes, &mut random));
            let quorums = sets_of(nodes).filter(|set| fbas.is_quorum(set));
            let expected = quorums.map(|quorum| cost(&units, &quorum)).min();
            let budget = Budget::unlimited();
            let mut known = Known::unwatched(&budget);
            let subsets = Subsets::of(&fbas).expect("few nodes");
            subsets.cheapest_quorum(&units, &mut known).expect("no limit");
            if let Some((found_cost, quorum)) = best_of(known, expected, round) {
                found += 1;
                assert!(fbas.is_quorum(&quorum) && cost(&units, &quorum) == found_cost, "round {round}");
            }
        }
        assert!((200..600).contains(&found), "{found}");
    }

    /// In which unit each node is, if it can be chosen at all.
    fn any_units(nodes: usize, random: &mut fastrand::Rng) -> Vec<Vec<NodeId>> {
        let mut units = vec![Vec::new(); 4];
        for node in 0..nodes as u32 {
            if random.usize(..6) > 0 {
                units[random.usize(..4)].push(NodeId(node));
            }
        }
        units.retain(|unit| !unit.is_empty());
        units
    }

    fn cost(units: &[Vec<NodeId>], nodes: &NodeSet) -> u32 {
        units.iter().filter(|unit| unit.iter().any(|&node| nodes.contains(node))).count() as u32
    }

    #[test]
    fn the_cheapest_split_is_found() {
        let mut random = fastrand::Rng::with_seed(2);
        let mut sizes = [0; 5];
        for round in 0..2_000 {
            let nodes = random.usize(1..=6);
            let fbas = any_fbas(nodes, &mut random);
            let units = any_units(nodes, &mut random);
            let [in_a, in_b] =
                [(); 2].map(|()| set_of(nodes, random.u32(..) | random.u32(..)).intersection(&fbas.alive()));
            let payable = NodeSet::of(nodes, units.iter().flatten().copied()).intersection(&fbas.alive());
            let alive = fbas.alive();
            let mut expected: Option<u32> = None;
            for byzantine in sets_of(nodes).filter(|set| set.is_subset(&payable)) {
                for a in sets_of(nodes).filter(|a| a.is_subset(&alive) && a.is_disjoint(&byzantine)) {
                    // The more a side has at hand, the more it satisfies: the largest beside A will do.
                    let rest = alive.difference(&a);
                    let b = fbas.largest_supported_inside(&rest.union(&byzantine), &byzantine);
                    let split = Split { a: a.union(&byzantine), b, byzantine: byzantine.clone() };
                    if is_split_between(&fbas, &split, &in_a, &in_b) {
                        let cost = cost(&units, &byzantine);
                        expected = Some(expected.map_or(cost, |least| least.min(cost)));
                    }
                }
            }
            let subsets = Subsets::of(&fbas).expect("few nodes");
            let splits = subsets.splits(&units, &in_a, &in_b).expect("few nodes");
            let budget = Budget::unlimited();
            let mut known = Known::unwatched(&budget);
            let improved = |split: Split| (cost(&units, &split.byzantine), split);
            splits.cheapest(&mut known, &improved).expect("no limit");
            if let Some((cost, split)) = best_of(known, expected, round) {
                assert!(is_split_between(&fbas, &split, &in_a, &in_b), "round {round}");
                sizes[cost as usize] += 1;
            }
        }
        assert!(sizes[..3].iter().all(|&count| count > 10), "{sizes:?}");
    }
}
