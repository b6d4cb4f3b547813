//! Checks certificates, for somebody who does not trust the analyses: this module shares nothing with them but the parsed network and its
//! groups.
//!
//! Witnesses are checked by the definitions (`system`), bounds by counting again (`counting`), and refutations by making the formula
//! anew (`questions`, `formula`), comparing it with the one in the certificate, and checking the DRAT proof with `dratify`, a checker
//! that is not ours. docs/certificates.md describes the format, the formulas clause by clause, and why they say what they should.

mod certificate;
mod counting;
mod formula;
mod questions;
mod system;
mod words;

pub use certificate::{Certificate, Claim, Member, Outsider, Proof, Reading, Statement, FORMAT};
pub use formula::{Formula, MOST_CLAUSES};
pub(crate) use questions::Question;
pub(crate) use system::{misconfigured, System};

use crate::budget::{Budget, Stop};
use crate::network::sorting::sort_distinct;
use crate::network::{Network, NodeSet};

/// Why a certificate proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// Something is wrong with it: where, and what.
    #[error("certificate{0}")]
    Wrong(String),
    /// The budget ended first.
    #[error(transparent)]
    Stopped(#[from] Stop),
}

type Checked = Result<(), Rejected>;
/// An example with the size that it is claimed to have.
type Sized = Option<(u32, NodeSet)>;

fn require(holds: bool, otherwise: impl Into<String>) -> Checked {
    match holds {
        true => Ok(()),
        false => Err(Rejected::Wrong(otherwise.into())),
    }
}

/// Checks every claim of a certificate about a network; an error is why it proves nothing.
pub fn verify(network: &Network, certificate: &Certificate, budget: &Budget) -> Checked {
    let format = &certificate.format;
    require(format == FORMAT, format!(".format: expected '{FORMAT}', found '{format}'"))?;
    let claims = &certificate.claims;
    let check = |(index, claim): (usize, &Claim)| {
        verify_claim(network, claim, &claims[..index], budget).map_err(|error| match error {
            Rejected::Wrong(reason) => Rejected::Wrong(format!(".claims[{index}]: {reason}")),
            stopped => stopped,
        })
    };
    claims.iter().enumerate().try_for_each(check)
}

/// Checks a claim about a network, others being checked already.
pub(crate) fn verify_claim(network: &Network, claim: &Claim, accepted: &[Claim], budget: &Budget) -> Checked {
    budget.check()?;
    let unknown = claim.reading.misconfigured.iter().find(|key| network.node(key).is_none());
    if let Some(unknown) = unknown {
        return Err(Rejected::Wrong(format!("the network has no node {unknown:?}")));
    }
    let changed = misconfigured(network, &claim.reading, budget)?;
    let system = System::new(changed.as_ref().unwrap_or(network), &claim.reading, budget)?;
    let checked = Check { system, accepted, budget }.statement(&claim.statement);
    budget.check()?;
    checked
}

struct Check<'a> {
    system: System<'a>,
    /// Claims that were found to be proven.
    accepted: &'a [Claim],
    budget: &'a Budget,
}

impl Check<'_> {
    fn statement(&self, statement: &Statement) -> Checked {
        use Statement::*;
        let system = &self.system;
        let has_quorum = !system.live()?.is_empty();
        match statement {
            NoQuorum {} => require(!has_quorum, "there is a quorum"),
            DisjointQuorums { a, b } => {
                require(self.quorum(a)?.is_disjoint(&self.quorum(b)?), "the two quorums share a node")
            }
            QuorumsIntersect { proof } | NoSplittingSet { proof, .. } => {
                require(has_quorum, "there is no quorum")?;
                self.refuted(statement, None, &[], proof)
            }
            SmallestQuorum { size, quorum, proof, .. } => {
                self.refuted(statement, Some((*size, self.quorum(quorum)?)), &[], proof)
            }
            SmallestBlockingSet { size, set, rounds, quorums, proof, .. } => {
                let set = self.nodes(set)?;
                self.blocks(&set, rounds)?;
                self.refuted(statement, Some((*size, set)), &self.quorums(quorums)?, proof)
            }
            SmallestSplittingSet { all, size, byzantine, a, b, proof, .. } => {
                let byzantine = self.nodes(byzantine)?;
                self.splits(&byzantine, [self.nodes(a)?, self.nodes(b)?], *all)?;
                self.refuted(statement, Some((*size, byzantine)), &[], proof)
            }
            TopTier { members, others } => self.top_tier(members, others),
        }
    }

    fn nodes(&self, keys: &[String]) -> Result<NodeSet, Rejected> {
        let network = self.system.network;
        let unknown = keys.iter().find(|key| network.node(key).is_none());
        if let Some(unknown) = unknown {
            return Err(Rejected::Wrong(format!("the network has no node {unknown:?}")));
        }
        Ok(network.nodes_with_keys(keys))
    }

    fn quorum(&self, keys: &[String]) -> Result<NodeSet, Rejected> {
        self.budget.check()?;
        let nodes = self.nodes(keys)?;
        require(self.system.is_quorum(&nodes), "what should be a quorum is none")?;
        Ok(nodes)
    }

    fn quorums(&self, quorums: &[Vec<String>]) -> Result<Vec<NodeSet>, Rejected> {
        quorums.iter().map(|quorum| self.quorum(quorum)).collect()
    }

    /// Without the set, everybody is blocked in these rounds until nobody is left who asks.
    fn blocks(&self, set: &NodeSet, rounds: &[Vec<String>]) -> Checked {
        let live = self.system.live()?;
        require(set.is_subset(live), "a member of the blocking set is in no quorum anyway")?;
        let mut left = live.difference(set);
        for round in rounds {
            self.budget.check()?;
            let blocked = self.nodes(round)?;
            let unsatisfied = self.system.unsatisfied(&left);
            require(blocked.is_subset(&unsatisfied), "somebody is not blocked by those before")?;
            left = left.difference(&blocked);
        }
        let all_are_blocked = left.iter().all(|node| self.system.asks_for(node).is_none());
        require(all_are_blocked, "somebody is left who is not blocked")
    }

    fn splits(&self, byzantine: &NodeSet, sides: [NodeSet; 2], all: bool) -> Checked {
        require(byzantine.is_subset(self.system.live()?), "a Byzantine node is in no quorum")?;
        let diverging = self.system.diverging(all)?;
        let shared = sides[0].intersection(&sides[1]);
        require(shared.is_subset(byzantine), "the two sides share a node that is not Byzantine")?;
        for side in sides {
            let unsatisfied = self.system.unsatisfied(&side);
            require(unsatisfied.is_subset(byzantine), "a side does not satisfy somebody in it")?;
            let honest = side.difference(byzantine).intersection(diverging);
            let diverges = honest.iter().any(|node| self.system.asks_for(node).is_some());
            require(diverges, "a side has nobody who could diverge")?;
        }
        Ok(())
    }

    fn top_tier(&self, members: &[Member], others: &[Outsider]) -> Checked {
        let system = &self.system;
        let mut settled = system.set([]);
        for Member { node, quorum } in members {
            let (node, quorum) = (self.nodes(std::slice::from_ref(node))?, self.quorum(quorum)?);
            require(node.is_subset(&quorum), "a node is not in the quorum that should need it")?;
            let without = system.largest_quorum(&quorum.difference(&node))?;
            require(without.is_empty(), "a node is not needed by the quorum that should need it")?;
            settled = settled.union(&node);
        }
        for Outsider { node, quorums, proof } in others {
            let (node, quorums) = (self.nodes(std::slice::from_ref(node))?, self.quorums(quorums)?);
            require(quorums.iter().all(|quorum| quorum.is_disjoint(&node)), "a quorum has the node")?;
            for node in node.iter() {
                self.answered_by_no(&Question::needing(system, node)?, &quorums, proof)?;
            }
            settled = settled.union(&node);
        }
        let is_complete = system.of_minimal_quorums()?.is_subset(&settled);
        require(is_complete, "nothing is said of a node that may be in the top tier")
    }

    /// The example, if there has to be one, is as large as claimed, and nothing contradicts the claim.
    fn refuted(&self, statement: &Statement, example: Sized, quorums: &[NodeSet], proof: &Proof) -> Checked {
        let Some(question) = Question::of(&self.system, statement)? else { return Ok(()) };
        if let Some((size, set)) = example {
            let cost = question.cost(&set);
            require(cost == size, format!("the size is claimed to be {size}, and the example has {cost}"))?;
        }
        self.answered_by_no(&question, quorums, proof)
    }

    fn answered_by_no(&self, question: &Question, quorums: &[NodeSet], proof: &Proof) -> Checked {
        let Proof::Refutation { formula: given, proof: steps } = proof else {
            return require(question.is_refuted_by_counting()?, "counting does not prove it");
        };
        let (formula, _) = question.formula(quorums)?;
        require(!formula.is_cut_short, format!("its formula has more than {MOST_CLAUSES} clauses"))?;
        require(formula.dimacs() == *given, "the formula is not the one that would contradict it")?;
        // What refuted the same formula for another claim need not be followed again.
        if self.accepted.iter().any(|claim| claim.statement.proof() == Some(proof)) {
            return Ok(());
        }
        self.is_proven(&formula, steps)
    }

    /// Every step of the proof follows, the last one being a contradiction.
    fn is_proven(&self, formula: &Formula, proof: &str) -> Checked {
        let count = formula.variables as u32;
        let literal = |number: &i32| (number.unsigned_abs() - 1) * 2 + u32::from(*number < 0);
        let distinct = |clause: &Vec<i32>| {
            let mut literals: Vec<u32> = clause.iter().map(literal).collect();
            sort_distinct(&mut literals);
            literals
        };
        let clauses: Vec<Vec<u32>> = formula.clauses.iter().map(distinct).collect();
        if clauses.iter().any(Vec::is_empty) {
            return Ok(());
        }
        let mut checker = dratify::Checker::new(count, &clauses, true, true);
        for (index, line) in proof.lines().enumerate() {
            self.budget.check()?;
            let (is_deletion, clause) = line.strip_prefix("d ").map_or((false, line), |rest| (true, rest));
            let numbers = clause.strip_suffix(" 0").or((clause == "0").then_some("")).unwrap_or("?");
            let read = |number: &str| {
                let number: i32 = number.parse().ok()?;
                (1..=count).contains(&number.unsigned_abs()).then(|| literal(&number))
            };
            let step: Option<Vec<u32>> = numbers.split_whitespace().map(read).collect();
            let follows = step.map(|step| checker.check_step(is_deletion, &step));
            require(follows == Some(true), format!("line {} of the proof does not follow", index + 1))?;
        }
        require(checker.check_step(false, &[]), "the proof does not end in a contradiction")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A formula of up to nine variables, and whether it has a model.
    #[allow(clippy::field_reassign_with_default)] // A field is private to its module.
    fn any_formula(random: &mut fastrand::Rng) -> (Formula, bool) {
        let variables = random.i32(1..10);
        let mut formula = Formula::default();
        formula.variables = variables;
        for _ in 0..random.i32(3..6) * variables {
            let length = if random.u8(..30) == 0 { 1 } else { random.usize(2..4) };
            let literal = |_| random.i32(1..=variables) * if random.bool() { 1 } else { -1 };
            formula.clause((0..length).map(literal).collect::<Vec<_>>());
        }
        let holds = |bits: u32, literal: &i32| (bits >> (literal.abs() - 1) & 1 == 1) == (*literal > 0);
        let is_model = |bits: u32| {
            formula.clauses.iter().all(|clause| clause.iter().any(|literal| holds(bits, literal)))
        };
        let has_model = (0..1 << variables).any(is_model);
        (formula, has_model)
    }

    #[test]
    fn no_proof_refutes_a_formula_that_has_a_model() {
        let mut random = fastrand::Rng::with_seed(5);
        let network = Network::parse(b"[]", None).expect("a network");
        let reading = Reading {
            unknown_nodes: Default::default(),
            faulty_nodes: Vec::new(),
            ignore_one_node_quorums: false,
            misconfigured: Vec::new(),
        };
        let budget = Budget::unlimited();
        let system = System::new(&network, &reading, &budget).expect("no limit");
        let check = Check { system, accepted: &[], budget: &budget };
        let (mut proven, mut refused, mut incomplete) = (0, 0, 0);
        for _ in 0..3_000 {
            let (formula, has_model) = any_formula(&mut random);
            if !has_model {
                let proof = crate::sat::refute(&formula.clauses, formula.variables as usize, &budget);
                let proof = proof.expect("an answer").expect_err("no model");
                assert_eq!(check.is_proven(&formula, &proof), Ok(()), "{formula:?} {proof:?}");
                proven += 1;
                incomplete += usize::from(check.is_proven(&formula, "").is_err());
                continue;
            }
            // Whatever is written: steps at random, one that claims the contradiction, and what is no clause.
            let any_step = |random: &mut fastrand::Rng| {
                let literal = random.i32(1..=formula.variables) * if random.bool() { 1 } else { -1 };
                ["", "d "][usize::from(random.u8(..4) == 0)].to_string() + &format!("{literal} 0\n")
            };
            let steps: String = (0..random.usize(..6)).map(|_| any_step(&mut random)).collect();
            for proof in
                [String::new(), "0\n".into(), steps.clone(), steps + "0\n", "1".into(), "x 0\n".into()]
            {
                assert!(check.is_proven(&formula, &proof).is_err(), "{formula:?}: {proof:?}");
                refused += 1;
            }
        }
        assert!(proven > 300 && refused > 3_000 && incomplete > 30, "{proven} {refused} {incomplete}");
    }
}
