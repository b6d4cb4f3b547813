//! Every answer beside that of another solver on encodings of its own: `batsat`, a port of MiniSat, and formulas written straight from
//! the definitions, on networks far beyond brute force. By node and by organisation, in both scopes, with crashed nodes and unknown ones
//! read both ways. Nothing is shared with the crate: no bounds, no exchangeable nodes, no simplification, no encoding, no solver.
//!
//! `FBAS_SOLVER_NETWORKS` sets how many networks are compared (100), `FBAS_SOLVER_SEED` the first one's seed (0),
//! `FBAS_SOLVER_ORGANIZATIONS` how many organisations they have at most (8), and `FBAS_SOLVER_CONFLICTS` how many conflicts the other
//! solver may have on a question (2,000); where it needs more, the question is counted as skipped.

mod large;

use std::collections::{BTreeMap, HashMap};

use batsat::{lbool, Callbacks, ClauseKind, Lit, Solver, SolverInterface};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use stellar_fbas::analysis::{
    blocking_sets, history_critical, quorum_intersection, quorums, splitting_sets, top_tier, Options, Scope,
    Techniques,
};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, UnknownNodes};

use large::{for_each_network, organization_id, setting, LargeNetwork, Mask, Node, QuorumSet, Tally};

fn contains(set: Mask, node: usize) -> bool {
    set >> node & 1 == 1
}

/// Ends the search of the other solver after so many learnt clauses.
struct Patience {
    conflicts: u64,
}

impl Callbacks for Patience {
    fn on_new_clause(&mut self, _: &[Lit], kind: ClauseKind) {
        if kind == ClauseKind::Learnt {
            self.conflicts = self.conflicts.saturating_sub(1);
        }
    }

    fn stop(&self) -> bool {
        self.conflicts == 0
    }
}

/// The search took longer than the other solver is given.
#[derive(Debug)]
struct TookTooLong;

/// Clauses, handed to the other solver as they come.
struct Formula {
    solver: Solver<Patience>,
    truth: Lit,
}

impl Formula {
    fn new() -> Self {
        let mut solver =
            Solver::new(Default::default(), Patience { conflicts: setting("FBAS_SOLVER_CONFLICTS", 2_000) });
        let truth = Lit::new(solver.new_var_default(), true);
        solver.add_clause_reuse(&mut vec![truth]);
        Formula { solver, truth }
    }

    fn variable(&mut self) -> Lit {
        Lit::new(self.solver.new_var_default(), true)
    }

    fn clause(&mut self, literals: impl IntoIterator<Item = Lit>) {
        self.solver.add_clause_reuse(&mut literals.into_iter().collect());
    }

    /// True exactly if one of them is.
    fn any(&mut self, literals: &[Lit]) -> Lit {
        let any = self.variable();
        self.clause(literals.iter().copied().chain([!any]));
        literals.iter().for_each(|&literal| self.clause([!literal, any]));
        any
    }

    /// Per number up to `most`: true exactly if at least so many of them are.
    fn at_least(&mut self, literals: &[Lit], most: usize) -> Vec<Lit> {
        let mut so_far = vec![!self.truth; most + 1];
        so_far[0] = self.truth;
        for (index, &literal) in literals.iter().enumerate() {
            let before = so_far.clone();
            for number in 1..=most.min(index + 1) {
                let (same, fewer, now) = (before[number], before[number - 1], self.variable());
                self.clause([!now, same, literal]);
                self.clause([!now, same, fewer]);
                self.clause([now, !same]);
                self.clause([now, !literal, !fewer]);
                so_far[number] = now;
            }
        }
        so_far
    }

    fn solve(&mut self, assumptions: &[Lit]) -> Result<bool, TookTooLong> {
        let answer = self.solver.solve_limited(assumptions);
        if answer == lbool::UNDEF {
            return Err(TookTooLong);
        }
        Ok(answer == lbool::TRUE)
    }

    fn is_true(&self, literal: Lit) -> bool {
        self.solver.value_lit(literal) == lbool::TRUE
    }
}

/// A set of nodes that the solver chooses: one literal a node.
struct Side {
    members: Vec<Lit>,
    satisfied: HashMap<QuorumSet, Lit>,
}

impl Side {
    fn of(members: Vec<Lit>) -> Self {
        Side { members, satisfied: HashMap::new() }
    }

    /// True exactly if the side satisfies the quorum set.
    fn satisfies(&mut self, set: &QuorumSet, formula: &mut Formula) -> Lit {
        if let Some(&known) = self.satisfied.get(set) {
            return known;
        }
        let mut entries: Vec<Lit> = set.validators.iter().map(|&node| self.members[node]).collect();
        entries.extend(set.inner.iter().map(|inner| self.satisfies(inner, formula)));
        let satisfied = if set.threshold > entries.len() {
            !formula.truth
        } else {
            formula.at_least(&entries, set.threshold)[set.threshold]
        };
        self.satisfied.insert(set.clone(), satisfied);
        satisfied
    }
}

/// A network as it is read: which nodes are known, free, live and in the core.
struct Reading<'a> {
    nodes: &'a [Node],
    known: Mask,
    free: Mask,
    live: Mask,
    core: Mask,
}

fn named(set: &QuorumSet) -> Mask {
    let validators = set.validators.iter().fold(0, |named, &node| named | 1 << node);
    set.inner.iter().fold(validators, |all, inner| all | named(inner))
}

impl<'a> Reading<'a> {
    fn of(network: &'a LargeNetwork, unknown_nodes: UnknownNodes, crashed: Mask) -> Self {
        let nodes = &network.nodes[..];
        let with_set = |node: &usize| nodes[*node].quorum_set.as_ref().is_some_and(|set| set.threshold > 0);
        let all: Mask = (1 << nodes.len()) - 1;
        let usable: Mask = (0..nodes.len()).filter(with_set).fold(0, |known, node| known | 1 << node);
        let free = if unknown_nodes == UnknownNodes::Free { all & !usable & !crashed } else { 0 };
        let mut reading = Reading { nodes, known: usable & !crashed, free, live: 0, core: 0 };
        reading.live = reading.largest_quorum_inside(all);
        reading.core = reading.find_core();
        reading
    }

    fn quorum_set(&self, node: usize) -> &'a QuorumSet {
        self.nodes[node].quorum_set.as_ref().expect("a known node has one")
    }

    fn members(&self, set: Mask) -> impl Iterator<Item = usize> {
        (0..self.nodes.len()).filter(move |&node| contains(set, node))
    }

    /// Nothing if there is none.
    fn largest_quorum_inside(&self, set: Mask) -> Mask {
        let mut quorum = set & (self.known | self.free);
        loop {
            let unsatisfied = self.members(quorum & self.known);
            let unsatisfied = unsatisfied.filter(|&node| !self.quorum_set(node).is_satisfied_by(quorum));
            match unsatisfied.fold(0, |all, node| all | 1 << node) {
                0 if quorum & self.known == 0 => return 0,
                0 => return quorum,
                leaving => quorum &= !leaving,
            }
        }
    }

    fn find_core(&self) -> Mask {
        let mut reach: Vec<Mask> = (0..self.nodes.len())
            .map(|node| {
                let named = if contains(self.known, node) { named(self.quorum_set(node)) } else { 0 };
                1 << node | named & self.live
            })
            .collect();
        for via in 0..reach.len() {
            for node in 0..reach.len() {
                if contains(reach[node], via) {
                    reach[node] |= reach[via];
                }
            }
        }
        let mut core = 0;
        for node in self.members(self.live & self.known) {
            let back = self.members(reach[node]).filter(|&other| contains(reach[other], node));
            let component = back.fold(0, |all: Mask, other| all | 1 << other);
            if self.largest_quorum_inside(component | self.free) & component != 0 {
                core |= component;
            }
        }
        core
    }

    /// A side without dead nodes.
    fn side(&self, formula: &mut Formula) -> Side {
        let member = |node: usize, formula: &mut Formula| {
            if contains(self.known | self.free, node) {
                formula.variable()
            } else {
                !formula.truth
            }
        };
        Side::of((0..self.nodes.len()).map(|node| member(node, formula)).collect())
    }

    /// A side that is a quorum.
    fn quorum(&self, formula: &mut Formula) -> Side {
        let mut side = self.side(formula);
        for node in self.members(self.known) {
            let satisfied = side.satisfies(self.quorum_set(node), formula);
            formula.clause([!side.members[node], satisfied]);
        }
        formula.clause(self.members(self.known).map(|node| side.members[node]).collect::<Vec<_>>());
        side
    }

    /// Demands that no quorum is left where some nodes are missing: from round to round those are missing, too, whom the rest does not
    /// satisfy. Nodes with the same quorum set go in the same round, so every round but the last is that of a quorum set of its own,
    /// and as many rounds as there are quorum sets are enough.
    fn no_quorum_without(&self, mut missing: Vec<Lit>, formula: &mut Formula) {
        let mut sets: Vec<&QuorumSet> = Vec::new();
        for set in self.members(self.known).map(|node| self.quorum_set(node)) {
            if !sets.contains(&set) {
                sets.push(set);
            }
        }
        for _ in &sets {
            let mut up = Side::of(missing.iter().map(|&missing| !missing).collect());
            for node in self.members(self.known) {
                let satisfied = up.satisfies(self.quorum_set(node), formula);
                missing[node] = formula.any(&[missing[node], !satisfied]);
            }
        }
        self.members(self.known).for_each(|node| formula.clause([missing[node]]));
    }

    /// A literal per unit of the nodes, in order: true exactly if one of the unit's nodes is.
    fn units(&self, nodes: &[(usize, Lit)], group_by: &GroupBy, formula: &mut Formula) -> Vec<Lit> {
        let mut units: BTreeMap<String, Vec<Lit>> = BTreeMap::new();
        for &(node, literal) in nodes {
            units.entry(self.label(node, group_by)).or_default().push(literal);
        }
        units.values().map(|literals| formula.any(literals)).collect()
    }

    fn label(&self, node: usize, group_by: &GroupBy) -> String {
        let node = &self.nodes[node];
        let organization = node.organization.filter(|_| *group_by != GroupBy::Node);
        organization.map_or(node.key.clone(), organization_id)
    }
}

/// The least number of literals of `units` that are true in a model, against what was found: there is a model of that cost, and
/// none that is cheaper; or there is none at all.
fn compare_least(formula: &mut Formula, units: &[Lit], found: Option<u32>) -> Result<(), TookTooLong> {
    let Some(found) = found else {
        assert!(!formula.solve(&[])?, "the other solver found one");
        return Ok(());
    };
    let at_least = formula.at_least(units, found as usize + 1);
    assert!(formula.solve(&[!at_least[found as usize + 1]])?, "the other solver found none of size {found}");
    if found > 0 {
        assert!(
            !formula.solve(&[!at_least[found as usize]])?,
            "the other solver found one smaller than {found}"
        );
    }
    Ok(())
}

/// One network with what was chosen for it.
struct Case {
    large: LargeNetwork,
    crashed: Mask,
    unknown_nodes: UnknownNodes,
    techniques: Techniques,
}

/// Beyond so many nodes all techniques are used: without them some searches take too long.
const MOST_NODES_WITHOUT_TECHNIQUES: usize = 24;

impl Case {
    fn of(seed: u64, large: LargeNetwork) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(!seed);
        let is_crashed = random.random_bool(0.3);
        let crashed = (0..large.nodes.len()).filter(|_| is_crashed && random.random_bool(0.1));
        let crashed = crashed.fold(0, |all, node| all | 1 << node);
        let unknown_nodes = if random.random_bool(0.4) { UnknownNodes::Free } else { UnknownNodes::Dead };
        let is_small = large.nodes.len() <= MOST_NODES_WITHOUT_TECHNIQUES;
        let techniques = if is_small && random.random_bool(0.7) {
            Techniques {
                bounds: random.random_bool(0.5),
                guesses: random.random_bool(0.5),
                exchange: random.random_bool(0.5),
                counting: random.random_bool(0.3),
                watchers: random.random_bool(0.5),
                diagrams: random.random_bool(0.3),
                deciding: random.random_bool(0.5),
                subsets: random.random_bool(0.3),
                local_search: random.random_bool(0.5),
                parts: random.random_bool(0.5),
            }
        } else {
            Techniques::default()
        };
        Case { large, crashed, unknown_nodes, techniques }
    }

    fn compare(&self, tally: &Tally) {
        let network = self.large.parsed();
        let reading = &Reading::of(&self.large, self.unknown_nodes, self.crashed);
        let crashed = reading.members(self.crashed);
        let faulty_nodes: Vec<String> = crashed.map(|node| self.large.nodes[node].key.clone()).collect();
        let budget = Budget::unlimited().with_threads(1);
        let record = |what: &str, outcome: Result<(), TookTooLong>| {
            let outcome = if outcome.is_ok() { "compared" } else { "SKIPPED" };
            tally.count(format!("{what}: {outcome}"));
        };
        for group_by in [GroupBy::Node, GroupBy::Organization] {
            let options = |scope| {
                Options::default()
                    .with_group_by(group_by.clone())
                    .with_faulty_nodes(faulty_nodes.clone())
                    .with_unknown_nodes(self.unknown_nodes)
                    .with_scope(scope)
                    .with_techniques(self.techniques)
            };
            let found = quorums(&network, &options(Scope::Core), &budget).expect("no limit");
            assert_eq!(found.intersection.has_quorum(), reading.live != 0, "has a quorum");
            record("smallest quorum", smallest_quorum(reading, &group_by, found.set.size.smallest_known()));

            let found = history_critical(&network, &options(Scope::Core), &budget).expect("no limit");
            record(
                "history-critical",
                smallest_history_critical(reading, &group_by, found.set.size.smallest_known()),
            );

            let found = blocking_sets(&network, &options(Scope::Core), &budget).expect("no limit");
            record("blocking", smallest_blocking(reading, &group_by, found.set.size.smallest_known()));

            for (scope, diverging) in [(Scope::Core, reading.core), (Scope::All, reading.live)] {
                let found = splitting_sets(&network, &options(scope), &budget).expect("no limit");
                record(
                    "splitting",
                    smallest_splitting(reading, &group_by, diverging, found.set.size.smallest_known()),
                );
            }
            if group_by == GroupBy::Node {
                let found = quorum_intersection(&network, &options(Scope::Core), &budget).expect("no limit");
                record("intersection", intersection(reading, found.has_quorum_intersection()));
            }
            let found = top_tier(&network, &options(Scope::Core), &budget).expect("no limit");
            record("top tier", whole_top_tier(reading, &group_by, &found.top_tier));
        }
    }
}

fn intersection(reading: &Reading, found: bool) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let [a, b] = [(); 2].map(|()| reading.quorum(&mut formula));
    a.members.iter().zip(&b.members).for_each(|(&in_a, &in_b)| formula.clause([!in_a, !in_b]));
    let are_disjoint = formula.solve(&[])?;
    assert_eq!(found, reading.live != 0 && !are_disjoint, "quorum intersection");
    Ok(())
}

fn smallest_quorum(reading: &Reading, group_by: &GroupBy, found: Option<u32>) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let quorum = reading.quorum(&mut formula);
    let members: Vec<(usize, Lit)> = quorum.members.iter().copied().enumerate().collect();
    let units = reading.units(&members, group_by, &mut formula);
    compare_least(&mut formula, &units, found)
}

fn smallest_history_critical(
    reading: &Reading,
    group_by: &GroupBy,
    found: Option<u32>,
) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let quorum = reading.quorum(&mut formula);
    let members = quorum.members.iter().copied().enumerate();
    let good: Vec<(usize, Lit)> = members.filter(|&(node, _)| reading.nodes[node].has_good_archive).collect();
    let units = reading.units(&good, group_by, &mut formula);
    compare_least(&mut formula, &units, found)
}

fn smallest_blocking(reading: &Reading, group_by: &GroupBy, found: Option<u32>) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let chosen = reading.side(&mut formula).members;
    // Who is dead is missing in any case.
    let is_dead = |node| !contains(reading.known | reading.free, node);
    let missing = chosen.iter().enumerate();
    let missing =
        missing.map(|(node, &literal)| if is_dead(node) { formula.truth } else { literal }).collect();
    reading.no_quorum_without(missing, &mut formula);
    let chosen: Vec<(usize, Lit)> = chosen.into_iter().enumerate().collect();
    let units = reading.units(&chosen, group_by, &mut formula);
    compare_least(&mut formula, &units, found)
}

fn smallest_splitting(
    reading: &Reading,
    group_by: &GroupBy,
    diverging: Mask,
    found: Option<u32>,
) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let byzantine: Vec<Lit> = (0..reading.nodes.len())
        .map(|node| if contains(reading.live, node) { formula.variable() } else { !formula.truth })
        .collect();
    let [a, b] = [(); 2].map(|()| {
        let mut side = reading.side(&mut formula);
        for node in reading.members(reading.known) {
            let satisfied = side.satisfies(reading.quorum_set(node), &mut formula);
            formula.clause([!side.members[node], byzantine[node], satisfied]);
        }
        let mut honest = Vec::new();
        for node in reading.members(reading.known & diverging) {
            honest.push(!formula.any(&[!side.members[node], byzantine[node]]));
        }
        formula.clause(honest);
        side
    });
    for (node, &byzantine) in byzantine.iter().enumerate() {
        formula.clause([!a.members[node], !b.members[node], byzantine]);
    }
    let byzantine: Vec<(usize, Lit)> = byzantine.into_iter().enumerate().collect();
    let units = reading.units(&byzantine, group_by, &mut formula);
    compare_least(&mut formula, &units, found)
}

/// A node is in the top tier exactly if it is in a quorum that has no quorum without it.
fn whole_top_tier(reading: &Reading, group_by: &GroupBy, found: &[String]) -> Result<(), TookTooLong> {
    let mut formula = Formula::new();
    let quorum = reading.quorum(&mut formula);
    let left_out: Vec<Lit> = quorum.members.iter().map(|_| formula.variable()).collect();
    let missing = quorum.members.iter().zip(&left_out);
    let missing: Vec<Lit> = missing.map(|(&member, &left_out)| formula.any(&[!member, left_out])).collect();
    reading.no_quorum_without(missing, &mut formula);
    let mut top_tier: Mask = 0;
    for node in reading.members(reading.live) {
        if contains(top_tier, node) {
            continue;
        }
        let only = |(other, &left_out): (usize, &Lit)| if other == node { left_out } else { !left_out };
        let mut assumptions: Vec<Lit> = left_out.iter().enumerate().map(only).collect();
        assumptions.push(quorum.members[node]);
        if formula.solve(&assumptions)? {
            let members = (0..reading.nodes.len()).filter(|&node| formula.is_true(quorum.members[node]));
            let mut minimal = members.fold(0, |all: Mask, node| all | 1 << node);
            for member in reading.members(minimal) {
                match reading.largest_quorum_inside(minimal & !(1 << member)) {
                    0 => {}
                    smaller => minimal = smaller,
                }
            }
            assert!(contains(minimal, node), "in every quorum inside");
            top_tier |= minimal;
        }
    }
    let mut labels: Vec<String> =
        reading.members(top_tier).map(|node| reading.label(node, group_by)).collect();
    labels.sort();
    labels.dedup();
    assert_eq!(found, labels, "top tier by {group_by:?}");
    Ok(())
}

#[test]
fn another_solver_comes_to_the_same_answers() {
    let tally = for_each_network("SOLVER", 100, 8, |seed, large, tally| Case::of(seed, large).compare(tally));
    for what in ["intersection", "smallest quorum", "history-critical", "blocking", "splitting", "top tier"] {
        let [compared, skipped] = ["compared", "SKIPPED"].map(|end| tally.of(&format!("{what}: {end}")));
        assert!(compared + skipped < 40 || compared > skipped, "{what}: too many skipped to show anything");
    }
}
