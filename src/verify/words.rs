//! Says in words what a claim states. The words include how the claim reads the network, so that what is proven of one reading is never
//! taken for another.

use super::certificate::{Claim, Reading, Statement};
use super::system::System;
use crate::budget::{Budget, Stop};
use crate::network::{listed, Network, UnknownNodes};

impl Claim {
    /// What is claimed of this network, and how it is read: who is down, what unknown nodes may do, and who is left out.
    pub fn in_words(&self, network: &Network, budget: &Budget) -> Result<String, Stop> {
        let as_it_is = Reading { misconfigured: Vec::new(), ..self.reading.clone() };
        let left_out = System::new(network, &as_it_is, budget)?.left_out;
        let Reading { unknown_nodes, faulty_nodes, misconfigured, .. } = &self.reading;
        let misconfigured = match &misconfigured[..] {
            [] => String::new(),
            [one] => format!(" when {one} is misconfigured"),
            several => format!(" when {} are misconfigured", listed(several)),
        };
        let down = match &faulty_nodes[..] {
            [] => "no node is down".to_string(),
            [one] => format!("{one} is down"),
            several => format!("{} are down", listed(several)),
        };
        let unknown = match unknown_nodes {
            UnknownNodes::Dead => "unknown nodes are in no quorum",
            UnknownNodes::Free => "unknown nodes may join any quorum",
        };
        let left_out = match &network.keys_of(&left_out)[..] {
            [] => "no node is left out".to_string(),
            [one] => format!("{one} is left out, a quorum by itself that no other live node names"),
            several => {
                format!(
                    "{} are left out, each a quorum by itself that no other live node names",
                    listed(several)
                )
            }
        };
        Ok(format!("{}{misconfigured}; {down}; {unknown}; {left_out}", self.statement.in_words()))
    }
}

impl Statement {
    /// What is stated, whatever the network is read as.
    fn in_words(&self) -> String {
        use Statement::*;
        let two_nodes = |all: &bool| if *all { "any two nodes" } else { "two nodes of the core" };
        match self {
            NoQuorum {} => "there is no quorum".into(),
            DisjointQuorums { .. } => "two quorums share no node".into(),
            QuorumsIntersect { .. } => "every two quorums share a node".into(),
            SmallestQuorum { group_by, with_history, size, .. } => {
                let what = if *with_history { "history-critical set" } else { "quorum" };
                format!("a smallest {what} is of {}", counted(*size, group_by))
            }
            SmallestBlockingSet { group_by, size, .. } => {
                format!("a smallest blocking set is of {}", counted(*size, group_by))
            }
            SmallestSplittingSet { group_by, all, size, .. } => {
                let counted = counted(*size, group_by);
                format!("a smallest set that makes {} diverge is of {counted}", two_nodes(all))
            }
            NoSplittingSet { all, .. } => format!("no set makes {} diverge", two_nodes(all)),
            TopTier { members, .. } => format!("the top tier is of {}", counted(members.len() as u32, &None)),
        }
    }
}

fn counted(size: u32, group_by: &Option<String>) -> String {
    let plural = if size == 1 { "" } else { "s" };
    match group_by {
        Some(by) if by == "isp" => format!("{size} group{plural} by provider"),
        Some(by) => format!("{size} group{plural} by {by}"),
        None => format!("{size} node{plural}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{ListedNode, WrittenQuorumSet};

    /// Of B, C and D two have to agree; A is alone, E is unknown.
    fn network() -> Network {
        let nodes = ["B", "C", "D"]
            .map(|key| ListedNode::new(key).asking_for(WrittenQuorumSet::new(2, ["B", "C", "D"])));
        let alone = ListedNode::new("A").asking_for(WrittenQuorumSet::new(1, ["A"]));
        let all = nodes.into_iter().chain([alone, ListedNode::new("E")]);
        Network::new(all.collect(), None).expect("valid")
    }

    fn words(reading: Reading, statement: Statement) -> String {
        let claim = Claim { reading, statement };
        claim.in_words(&network(), &Budget::unlimited()).expect("no limit")
    }

    fn reading(unknown_nodes: UnknownNodes, faulty: &[&str], ignore_one_node_quorums: bool) -> Reading {
        let faulty_nodes = faulty.iter().map(|key| key.to_string()).collect();
        Reading { unknown_nodes, faulty_nodes, ignore_one_node_quorums, misconfigured: Vec::new() }
    }

    #[test]
    fn the_whole_reading_is_said() {
        let no_quorum = || Statement::NoQuorum {};
        assert_eq!(
            words(reading(UnknownNodes::Dead, &[], false), no_quorum()),
            "there is no quorum; no node is down; unknown nodes are in no quorum; no node is left out"
        );
        assert_eq!(
            words(reading(UnknownNodes::Free, &["B", "C"], true), no_quorum()),
            "there is no quorum; B, C are down; unknown nodes may join any quorum; \
             A is left out, a quorum by itself that no other live node names"
        );
        assert_eq!(
            words(reading(UnknownNodes::Dead, &["A"], true), no_quorum()),
            "there is no quorum; A is down; unknown nodes are in no quorum; no node is left out"
        );
        let misconfigured = |group: &[&str]| Reading {
            misconfigured: group.iter().map(|key| key.to_string()).collect(),
            ..reading(UnknownNodes::Dead, &[], false)
        };
        assert!(words(misconfigured(&["B"]), no_quorum())
            .starts_with("there is no quorum when B is misconfigured;"));
        assert!(words(misconfigured(&["B", "C"]), no_quorum())
            .starts_with("there is no quorum when B, C are misconfigured;"));
        assert!(words(misconfigured(&["B", "C, Inc."]), no_quorum())
            .starts_with("there is no quorum when B; C, Inc. are misconfigured;"));
    }

    #[test]
    fn scope_and_grouping_are_said() {
        let splitting = |all: bool, group_by: Option<&str>| Statement::SmallestSplittingSet {
            group_by: group_by.map(String::from),
            all,
            size: 1,
            byzantine: Vec::new(),
            a: Vec::new(),
            b: Vec::new(),
            proof: super::super::Proof::Counting,
        };
        let said = |statement| words(reading(UnknownNodes::Dead, &[], false), statement);
        assert!(said(splitting(true, None))
            .starts_with("a smallest set that makes any two nodes diverge is of 1 node;"));
        assert!(said(splitting(false, Some("isp"))).starts_with(
            "a smallest set that makes two nodes of the core diverge is of 1 group by provider;"
        ));
    }
}
