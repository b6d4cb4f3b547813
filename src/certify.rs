//! Makes certificates: for each answer of an analysis a claim with a proof that [`crate::verify`] accepts.
//!
//! What the analyses found is taken over as witnesses only. That nothing is smaller is shown anew, by counting or, where that is not
//! enough, by a refutation of a formula that knows none of the techniques by which the analyses are fast. So it may take longer than
//! the answer did.

use crate::analysis::{
    self, AnalysisError, AnalysisResult, BlockingSets, CriticalGroup, CriticalGroups, FullAnalysis,
    HistoryCritical, Intersection, MinimalSet, Options, Quorums, Scope, Size, SmallestSet, SplittingSets,
    TopTier, WitnessOfSize,
};
use crate::budget::{Budget, Stop};
use crate::network::{GroupBy, Groups, Network, NodeId, NodeSet};
use crate::sat::refute;
use crate::verify::{
    misconfigured, verify_claim, Certificate, Claim, Member, Outsider, Proof, Question, Reading, Rejected,
    Statement, System, FORMAT, MOST_CLAUSES,
};

type Done = Result<(), AnalysisError>;

/// What proves the answer that an analysis gave under these options. With [`Options::anytime`], what could not be proven before the
/// budget ended is named in it. Every claim is checked before it is made.
pub fn certify<T: Certified>(
    answer: &T,
    network: &Network,
    options: &Options,
    budget: &Budget,
) -> Result<Certificate, AnalysisError> {
    let (format, engine) = (FORMAT.to_string(), analysis::engine());
    let mut certificate = Certificate { format, engine, claims: Vec::new(), unproven: Vec::new() };
    let options = Options { limit: None, ..options.clone() };
    answer.certify(&mut Maker::new(network, options, budget, &mut certificate))?;
    Ok(certificate)
}

/// An answer that can be certified.
pub trait Certified {
    /// Adds the claims that it makes.
    fn certify(&self, maker: &mut Maker) -> Done;
}

/// Adds claims under one reading of the network to a certificate.
pub struct Maker<'a> {
    network: &'a Network,
    /// Where its budget ended before the network was read, nothing can be claimed.
    system: Result<System<'a>, Stop>,
    reading: Reading,
    options: Options,
    budget: &'a Budget,
    certificate: &'a mut Certificate,
}

impl<'a> Maker<'a> {
    fn new(
        network: &'a Network,
        options: Options,
        budget: &'a Budget,
        certificate: &'a mut Certificate,
    ) -> Self {
        // Those that are left out are down in the claims: nobody who is left names them.
        let mut faulty_nodes = options.faulty_nodes.clone();
        faulty_nodes.extend(network.keys_of(&analysis::out_of_reach(network, &options)));
        let reading = Reading {
            unknown_nodes: options.unknown_nodes,
            faulty_nodes,
            ignore_one_node_quorums: options.ignore_one_node_quorums.unwrap_or(false),
            misconfigured: Vec::new(),
        };
        Maker {
            network,
            system: System::new(network, &reading, budget),
            reading,
            options,
            budget,
            certificate,
        }
    }

    fn system(&self) -> Result<&System<'a>, Stop> {
        self.system.as_ref().map_err(|&stop| stop)
    }

    fn has_quorum(&self) -> Result<bool, Stop> {
        Ok(!self.system()?.live()?.is_empty())
    }

    fn keys(&self, sets: &[NodeSet]) -> Vec<Vec<String>> {
        sets.iter().map(|set| self.network.keys_of(set)).collect()
    }

    /// Makes the claim that this comes to, if there is time for it.
    fn claim(
        &mut self,
        name: &str,
        is_exact: bool,
        make: impl FnOnce(&Self) -> Result<Statement, AnalysisError>,
    ) -> Done {
        let statement = if is_exact { make(self) } else { Err(Stop::Timeout.into()) };
        match statement.and_then(|statement| self.checked(statement)) {
            Err(AnalysisError::TooLargeToProve { .. } | AnalysisError::Stopped(_))
                if self.options.anytime =>
            {
                self.certificate.unproven.push(name.to_string());
            }
            claim => {
                let claim = claim?;
                if !self.certificate.claims.contains(&claim) {
                    self.certificate.claims.push(claim);
                }
            }
        }
        Ok(())
    }

    /// The claim, once it has passed the check that others will make.
    fn checked(&self, statement: Statement) -> Result<Claim, AnalysisError> {
        let claim = Claim { reading: self.reading.clone(), statement };
        match verify_claim(self.network, &claim, &self.certificate.claims, self.budget) {
            Ok(()) => Ok(claim),
            Err(Rejected::Stopped(stop)) => Err(stop.into()),
            Err(rejected) => Err(AnalysisError::Internal(format!("a claim failed its check: {rejected}"))),
        }
    }

    fn intersection(&mut self, verdict: &Intersection) -> Done {
        self.intersection_called("quorumIntersection", verdict)
    }

    fn intersection_called(&mut self, name: &str, verdict: &Intersection) -> Done {
        self.claim(name, verdict.is_exact(), |maker| match verdict {
            Intersection::Disjoint(a, b) => Ok(Statement::DisjointQuorums { a: a.clone(), b: b.clone() }),
            _ if maker.has_quorum()? => maker.proven(Statement::QuorumsIntersect { proof: Proof::Counting }),
            _ => Ok(Statement::NoQuorum {}),
        })
    }

    /// Whether quorums intersect when the group is misconfigured.
    fn critical_group(&mut self, group: &CriticalGroup) -> Done {
        let reading = Reading { misconfigured: group.nodes.clone(), ..self.reading.clone() };
        let changed = misconfigured(self.network, &reading, self.budget);
        let system = match &changed {
            Ok(changed) => System::new(changed.as_ref().unwrap_or(self.network), &reading, self.budget),
            Err(stop) => Err(*stop),
        };
        let verdict = match (&group.disjoint_quorums, group.is_critical) {
            (Some((a, b)), _) => Intersection::Disjoint(a.clone(), b.clone()),
            (None, Some(_)) => Intersection::Proven,
            (None, None) => Intersection::Open,
        };
        let options = self.options.clone();
        let (network, budget) = (self.network, self.budget);
        Maker { network, system, reading, options, budget, certificate: self.certificate }
            .intersection_called("criticalGroups", &verdict)
    }

    fn smallest_quorum(&mut self, set: &MinimalSet, quorum: &[String], with_history: bool) -> Done {
        let name = if with_history { "historyCritical" } else { "quorums" };
        self.claim(name, set.size.is_exact(), |maker| {
            if !maker.has_quorum()? {
                return Ok(Statement::NoQuorum {});
            }
            maker.proven(Statement::SmallestQuorum {
                group_by: maker.options.group_by.name().map(String::from),
                with_history,
                size: set.size.smallest_known().unwrap_or_default(),
                quorum: quorum.to_vec(),
                proof: Proof::Counting,
            })
        })
    }

    /// The labels are those of the options' grouping.
    fn top_tier_of(&mut self, is_exact: bool, labels: &[String]) -> Done {
        let groups = Groups::of(self.network, &self.options.group_by);
        self.claim("topTier", is_exact, |maker| {
            let statement = maker.top_tier()?;
            let Statement::TopTier { members, .. } = &statement else { return Ok(statement) };
            let members: Vec<&String> = members.iter().map(|Member { node, .. }| node).collect();
            match groups.labels_of(&maker.network.nodes_with_keys(&members)) == labels {
                true => Ok(statement),
                false => Err(contradiction()),
            }
        })
    }

    fn blocking_set(&mut self, size: Size, example: &NodeSet) -> Done {
        self.claim("blockingSets", size.is_exact(), |maker| {
            let system = maker.system()?;
            let mut left = system.live()?.difference(example);
            let mut rounds = Vec::new();
            loop {
                maker.budget.check()?;
                let blocked = system.unsatisfied(&left);
                if blocked.is_empty() {
                    break;
                }
                left = left.difference(&blocked);
                rounds.push(maker.network.keys_of(&blocked));
            }
            maker.proven(Statement::SmallestBlockingSet {
                group_by: maker.options.group_by.name().map(String::from),
                size: size.smallest_known().unwrap_or_default(),
                set: maker.network.keys_of(example),
                rounds,
                quorums: Vec::new(),
                proof: Proof::Counting,
            })
        })
    }

    /// The sides of the example are public keys.
    fn splitting_set(&mut self, size: Size, example: &[String], [a, b]: [&[String]; 2]) -> Done {
        self.claim("splittingSets", size.is_exact(), |maker| {
            if !maker.has_quorum()? {
                return Ok(Statement::NoQuorum {});
            }
            let (all, proof) = (maker.options.scope == Scope::All, Proof::Counting);
            maker.proven(match size.smallest_known() {
                None => Statement::NoSplittingSet { all, proof },
                Some(size) => Statement::SmallestSplittingSet {
                    group_by: maker.options.group_by.name().map(String::from),
                    all,
                    size,
                    byzantine: example.to_vec(),
                    a: a.to_vec(),
                    b: b.to_vec(),
                    proof,
                },
            })
        })
    }

    /// The statement with a proof in place of the one that it has.
    fn proven(&self, mut statement: Statement) -> Result<Statement, AnalysisError> {
        let system = self.system()?;
        let Some(question) = Question::of(system, &statement)? else { return Ok(statement) };
        let (proven, neglected) = match self.proof_of_the_same(&question)? {
            Some(known) => known,
            None => self.proof_of_no(&question, |found| match statement {
                // What meets the quorums known so far need not block: then there is one that it does not meet.
                Statement::SmallestBlockingSet { .. } => {
                    self.minimal_quorum(&system.of_minimal_quorums()?.difference(found))
                }
                _ => Ok(None),
            })?,
        };
        match &mut statement {
            Statement::SmallestBlockingSet { proof, quorums, .. } => {
                (*proof, *quorums) = (proven, self.keys(&neglected));
            }
            Statement::QuorumsIntersect { proof }
            | Statement::SmallestQuorum { proof, .. }
            | Statement::SmallestSplittingSet { proof, .. }
            | Statement::NoSplittingSet { proof, .. } => *proof = proven,
            Statement::NoQuorum {} | Statement::DisjointQuorums { .. } | Statement::TopTier { .. } => {}
        }
        Ok(statement)
    }

    /// The proof of an earlier claim that comes to the same, as those of groupings do in which the nodes that matter stand alike.
    fn proof_of_the_same(&self, question: &Question) -> Result<Option<(Proof, Vec<NodeSet>)>, Stop> {
        for Claim { reading, statement } in &self.certificate.claims {
            let Some(known @ Proof::Refutation { formula, .. }) = statement.proof() else { continue };
            let quorums: Vec<NodeSet> = match statement {
                Statement::SmallestBlockingSet { quorums, .. } => {
                    quorums.iter().map(|quorum| self.network.nodes_with_keys(quorum)).collect()
                }
                _ => Vec::new(),
            };
            if *reading == self.reading && question.formula(&quorums)?.0.dimacs() == *formula {
                return Ok(Some((known.clone(), quorums)));
            }
        }
        Ok(None)
    }

    /// Proves that the answer to the question is no. Where a set is found that answers it, `neglected` has to name a quorum that shows
    /// why it is no answer; it is added to the question.
    fn proof_of_no(
        &self,
        question: &Question,
        mut neglected: impl FnMut(&NodeSet) -> Result<Option<NodeSet>, Stop>,
    ) -> Result<(Proof, Vec<NodeSet>), AnalysisError> {
        if question.is_refuted_by_counting()? {
            return Ok((Proof::Counting, Vec::new()));
        }
        let mut quorums = Vec::new();
        loop {
            let (formula, set) = question.formula(&quorums)?;
            if formula.is_cut_short {
                return Err(AnalysisError::TooLargeToProve { most: MOST_CLAUSES });
            }
            let model = match refute(&formula.clauses, formula.variables as usize, self.budget)? {
                Err(proof) => return Ok((Proof::Refutation { formula: formula.dimacs(), proof }, quorums)),
                Ok(model) => model,
            };
            let members = set.nodes().filter(|(_, variable)| model[*variable as usize - 1]);
            let found = NodeSet::of(self.network.node_count(), members.map(|(node, _)| node));
            quorums.push(neglected(&found)?.ok_or_else(contradiction)?);
        }
    }

    /// A minimal quorum among the nodes, if there is any quorum.
    fn minimal_quorum(&self, nodes: &NodeSet) -> Result<Option<NodeSet>, Stop> {
        let largest = self.system()?.largest_quorum(nodes)?;
        let nobody = NodeSet::empty(self.network.node_count());
        (!largest.is_empty()).then(|| self.shrunk(largest, &nobody, |_| true)).transpose()
    }

    /// A quorum without as many members as can be left out one after the other, those of `first` before all others, where what is left is a
    /// quorum of this kind.
    fn shrunk(
        &self,
        mut quorum: NodeSet,
        first: &NodeSet,
        is_kept: impl Fn(&NodeSet) -> bool,
    ) -> Result<NodeSet, Stop> {
        let all = quorum.clone();
        for node in all.intersection(first).iter().chain(all.difference(first).iter()) {
            self.budget.check()?;
            let rest = quorum.difference(&self.set_of(node));
            let smaller = self.system()?.largest_quorum(&rest)?;
            if quorum.contains(node) && !smaller.is_empty() && is_kept(&smaller) {
                quorum = smaller;
            }
        }
        Ok(quorum)
    }

    fn set_of(&self, node: NodeId) -> NodeSet {
        NodeSet::of(self.network.node_count(), [node])
    }

    /// For every node that may be in the top tier, a quorum that needs it or a proof that none does.
    fn top_tier(&self) -> Result<Statement, AnalysisError> {
        let system = self.system()?;
        let candidates = system.of_minimal_quorums()?;
        let (mut members, mut others): (Vec<Member>, Vec<Outsider>) = Default::default();
        // A quorum often needs many of its members. So that they are others than before, those of quorums that are known are left out first.
        let mut known: Vec<NodeSet> = Vec::new();
        let mut in_known = NodeSet::empty(self.network.node_count());
        for node in candidates.iter() {
            self.budget.check()?;
            let (alone, key) = (self.set_of(node), self.network.key(node).to_string());
            let needs = |quorum: &NodeSet| {
                system.largest_quorum(&quorum.difference(&alone)).map(|without| without.is_empty())
            };
            let mut needing = None;
            for quorum in known.iter().filter(|quorum| quorum.contains(node)) {
                if needs(quorum)? {
                    needing = Some(quorum.clone());
                    break;
                }
            }
            if needing.is_none() {
                let smallest = self.shrunk(candidates.clone(), &in_known, |quorum| quorum.contains(node))?;
                if needs(&smallest)? {
                    in_known = in_known.union(&smallest);
                    known.push(smallest.clone());
                    needing = Some(smallest);
                }
            }
            if needing.is_none() {
                let question = Question::needing(system, node)?;
                let found = self.proof_of_no(&question, |found| {
                    let without = self.minimal_quorum(&found.difference(&alone))?;
                    needing = without.is_none().then(|| found.clone());
                    Ok(without)
                });
                if needing.is_none() {
                    let (proof, quorums) = found?;
                    others.push(Outsider { node: key.clone(), quorums: self.keys(&quorums), proof });
                }
            }
            if let Some(quorum) = needing {
                members.push(Member { node: key, quorum: self.network.keys_of(&quorum) });
            }
        }
        Ok(Statement::TopTier { members, others })
    }
}

fn contradiction() -> AnalysisError {
    AnalysisError::Internal("an answer is contradicted while it is certified".into())
}

impl Certified for Intersection {
    fn certify(&self, maker: &mut Maker) -> Done {
        maker.intersection(self)
    }
}

impl Certified for Quorums {
    fn certify(&self, maker: &mut Maker) -> Done {
        maker.intersection(&self.intersection)?;
        maker.smallest_quorum(&self.set, &self.set.example_nodes, false)
    }
}

impl Certified for HistoryCritical {
    fn certify(&self, maker: &mut Maker) -> Done {
        maker.smallest_quorum(&self.set, &self.quorum, true)
    }
}

impl Certified for TopTier {
    fn certify(&self, maker: &mut Maker) -> Done {
        maker.top_tier_of(self.is_exact, &self.top_tier)
    }
}

impl Certified for BlockingSets {
    fn certify(&self, maker: &mut Maker) -> Done {
        let example = maker.network.nodes_with_keys(&self.set.example_nodes);
        maker.blocking_set(self.set.size, &example)
    }
}

impl Certified for SplittingSets {
    fn certify(&self, maker: &mut Maker) -> Done {
        let sides = [&*self.quorum_a, &*self.quorum_b];
        maker.splitting_set(self.set.size, &self.set.example_nodes, sides)
    }
}

/// Where quorums do not intersect as it is, nobody was asked about.
impl Certified for CriticalGroups {
    fn certify(&self, maker: &mut Maker) -> Done {
        maker.intersection(&self.intersection)?;
        match self.intersection.has_quorum_intersection() {
            true => self.groups.iter().try_for_each(|group| maker.critical_group(group)),
            false => Ok(()),
        }
    }
}

impl Certified for FullAnalysis {
    fn certify(&self, maker: &mut Maker) -> Done {
        self.quorums.value.certify(maker)?;
        self.top_tier.value.certify(maker)?;
        self.blocking_sets.value.certify(maker)?;
        self.splitting_sets.value.certify(maker)?;
        self.history_critical.value.certify(maker)
    }
}

impl Certified for AnalysisResult {
    fn certify(&self, maker: &mut Maker) -> Done {
        let ignore_one_node_quorums = Some(maker.options.ignore_one_node_quorums.unwrap_or(true));
        let filtered = Options { ignore_one_node_quorums, ..maker.options.clone() };
        let whole = Options { faulty_nodes: Vec::new(), group_by: GroupBy::Node, ..filtered.clone() };
        let (network, budget) = (maker.network, maker.budget);
        let maker = &mut Maker::new(network, whole.clone(), budget, maker.certificate);
        maker.intersection(&self.intersection)?;
        maker.top_tier_of(self.witnesses.is_top_tier_exact, &network.keys_of(&self.witnesses.top_tier))?;
        for WitnessOfSize { group_by, is_filtered, set } in &self.witnesses.sets {
            let options = if *is_filtered { &filtered } else { &whole };
            let options = Options { group_by: group_by.clone(), ..options.clone() };
            let mut maker = Maker::new(network, options, budget, maker.certificate);
            match set {
                SmallestSet::Nodes(blocking) => match &blocking.example {
                    Some(set) => maker.blocking_set(blocking.size, set)?,
                    None => maker.blocking_set(blocking.size, &NodeSet::empty(network.node_count()))?,
                },
                SmallestSet::Split(splitting) => {
                    let keys = |nodes: &NodeSet| network.keys_of(nodes);
                    let sides = splitting.example.as_ref();
                    let sides = sides.map(|split| [&split.byzantine, &split.a, &split.b].map(keys));
                    let [byzantine, a, b] = sides.unwrap_or_default();
                    maker.splitting_set(splitting.size, &byzantine, [&a, &b])?;
                }
            }
        }
        Ok(())
    }
}
