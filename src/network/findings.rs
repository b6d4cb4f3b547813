//! What a careful operator should know about the data: odd but legal, never an error by itself.

use super::assignment::UnknownNodes;
use crate::subject::Subject;

/// The kinds of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingCode {
    /// No node has a quorum set that was recognised and is usable, or there are no nodes: nothing is known.
    NoQuorumSets,
    /// Keys look like the short form of public keys, which several nodes may share.
    AbbreviatedKeys,
    /// A listed node has no quorum set.
    UnknownQuorumSet,
    /// A validator is named by a quorum set but not listed.
    UnknownValidator,
    /// Two nodes have one public key.
    DuplicateNode,
    /// A quorum set names a validator more than once.
    DuplicateEntry,
    /// A quorum set has a threshold of 0.
    ZeroThreshold,
    /// A threshold exceeds the number of entries.
    UnreachableThreshold,
    /// A threshold is so low that fewer nodes can satisfy a set than can block it.
    LowThreshold,
    /// A quorum set is nested deeper than stellar-core accepts.
    NestingTooDeep,
    /// A quorum set does not name its own node.
    SelfExcluded,
    /// A node is a quorum all by itself.
    OneNodeQuorum,
    /// The network has no quorum.
    NoQuorum,
    /// No splitting set exists, so a size stands for "none exists".
    NoSplittingSet,
    /// A figure was not proven within the budget.
    NotExact,
    /// No node says whether its history archive has errors.
    NoHistoryData,
    /// The data calls a node's archive good and gives no address of one, as it does for others.
    HistoryWithoutUrl,
    /// Two organisations list one validator.
    ValidatorInTwoOrganizations,
    /// A verdict would be another one if nodes without a known quorum set were read the other way.
    VerdictDependsOnUnknownNodes,
    /// Entries of the faulty nodes that no node bears.
    UnknownFaultyNode,
    /// Keys among the ill-behaved nodes that no node bears.
    UnknownIllBehavedNode,
    /// No node that counts has a group under a grouping.
    NoGroupData,
    /// Nodes that are in some quorum are down by the data, and nobody said which nodes are to be taken as faulty.
    ReportedDown,
    /// A configuration writes its quorum set out, so that its list of validators only gives names.
    ValidatorsNotUsed,
    /// A configuration's quorum set names its own node, and nobody says which key that has.
    OwnKeyUnknown,
}

impl FindingCode {
    /// The name that JavaScript sees.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingCode::NoQuorumSets => "NO_QUORUM_SETS",
            FindingCode::AbbreviatedKeys => "ABBREVIATED_KEYS",
            FindingCode::UnknownQuorumSet => "UNKNOWN_QUORUM_SET",
            FindingCode::UnknownValidator => "UNKNOWN_VALIDATOR",
            FindingCode::DuplicateNode => "DUPLICATE_NODE",
            FindingCode::DuplicateEntry => "DUPLICATE_ENTRY",
            FindingCode::ZeroThreshold => "ZERO_THRESHOLD",
            FindingCode::UnreachableThreshold => "UNREACHABLE_THRESHOLD",
            FindingCode::LowThreshold => "LOW_THRESHOLD",
            FindingCode::NestingTooDeep => "NESTING_TOO_DEEP",
            FindingCode::SelfExcluded => "SELF_EXCLUDED",
            FindingCode::OneNodeQuorum => "ONE_NODE_QUORUM",
            FindingCode::NoQuorum => "NO_QUORUM",
            FindingCode::NoSplittingSet => "NO_SPLITTING_SET",
            FindingCode::NotExact => "NOT_EXACT",
            FindingCode::NoHistoryData => "NO_HISTORY_DATA",
            FindingCode::HistoryWithoutUrl => "HISTORY_WITHOUT_URL",
            FindingCode::ValidatorInTwoOrganizations => "VALIDATOR_IN_TWO_ORGANIZATIONS",
            FindingCode::VerdictDependsOnUnknownNodes => "VERDICT_DEPENDS_ON_UNKNOWN_NODES",
            FindingCode::UnknownFaultyNode => "UNKNOWN_FAULTY_NODE",
            FindingCode::UnknownIllBehavedNode => "UNKNOWN_ILL_BEHAVED_NODE",
            FindingCode::NoGroupData => "NO_GROUP_DATA",
            FindingCode::ReportedDown => "REPORTED_DOWN",
            FindingCode::ValidatorsNotUsed => "VALIDATORS_NOT_USED",
            FindingCode::OwnKeyUnknown => "OWN_KEY_UNKNOWN",
        }
    }

    /// What the finding means and how the analysis takes it.
    fn message(self) -> &'static str {
        match self {
            FindingCode::NoQuorumSets => {
                "No node has a quorum set that was recognized and is usable, so nothing is known of this network; a quorum set is looked \
                 for at a node's quorumSet (in stellar-core's answer: qset)."
            }
            FindingCode::AbbreviatedKeys => {
                "These keys look abbreviated, as stellar-core writes them without fullkeys=true: each may stand for several nodes, which \
                 then count as one. Ask it for quorum?transitive=true&fullkeys=true."
            }
            FindingCode::UnknownQuorumSet => {
                "No quorum set is known for these nodes; they count as unknown and, by default, are in no quorum."
            }
            FindingCode::UnknownValidator => {
                "Quorum sets name these validators but the input does not list them; they count as unknown and, by \
                 default, are in no quorum, while the thresholds that count on them stay."
            }
            FindingCode::DuplicateNode => "These public keys are listed more than once; the first entry counts.",
            FindingCode::DuplicateEntry => {
                "The quorum sets of these nodes name a validator more than once; each mention counts, as in stellar-core."
            }
            FindingCode::ZeroThreshold => {
                "The quorum sets of these nodes have a threshold of 0. At the top level that is no usable quorum set and \
                 the node counts as unknown; an inner set with threshold 0 counts as satisfied."
            }
            FindingCode::UnreachableThreshold => {
                "The quorum sets of these nodes ask for more entries than they list. At the top level the node can be in \
                 no quorum; an inner set like that is never satisfied."
            }
            FindingCode::LowThreshold => {
                "The quorum sets of these nodes, or sets inside them, have a threshold of at most half of their entries: such a set is \
                 satisfied by half of its entries as well as by the other half."
            }
            FindingCode::NestingTooDeep => {
                "The quorum sets of these nodes are nested deeper than the 5 levels that stellar-core accepts."
            }
            FindingCode::SelfExcluded => "The quorum sets of these nodes do not name the node itself.",
            FindingCode::OneNodeQuorum => "Each of these nodes is a quorum all by itself.",
            FindingCode::NoQuorum => {
                "The network has no quorum: it is halted, and its quorums cannot be said to intersect."
            }
            FindingCode::NoSplittingSet => "In place of its size stands the size of the top tier.",
            FindingCode::NotExact => "not proven within the budget.",
            FindingCode::NoHistoryData => {
                "No node says whether its history archive has errors, so none is relied on: if there is a quorum, \
                 the smallest history-critical set is empty."
            }
            FindingCode::HistoryWithoutUrl => {
                "The data says of these nodes that their history archive has no error, and knows the address of none, as it does for other \
                 nodes. They count as having a good archive."
            }
            FindingCode::ValidatorInTwoOrganizations => {
                "More than one organization lists these validators; each counts for the first that does."
            }
            FindingCode::VerdictDependsOnUnknownNodes => {
                "The quorum sets of these nodes are unknown, and what is said here depends on how they are read."
            }
            FindingCode::UnknownFaultyNode => {
                "No node bears these public keys, which were given as faulty nodes; they change nothing."
            }
            FindingCode::UnknownIllBehavedNode => {
                "No node bears these public keys, which were given as ill-behaved nodes; they change nothing."
            }
            FindingCode::NoGroupData => {
                "no node that can be in a quorum has a group, so each stands for itself and sizes count nodes."
            }
            FindingCode::ReportedDown => {
                "The data says that these nodes, which are in some quorum, are down (isValidating: false). They are not among the faulty nodes \
                 given, so they are taken to be up."
            }
            FindingCode::ValidatorsNotUsed => {
                "QUORUM_SET says what the node asks for, so no quorum set is made of VALIDATORS; their names may stand in QUORUM_SET."
            }
            FindingCode::OwnKeyUnknown => {
                "The quorum set names the node whose configuration it is. Its key follows from NODE_SEED, which is secret and is not read, \
                 so it is called $self here."
            }
        }
    }
}

/// One thing about the data that a careful operator should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub code: FindingCode,
    /// For people.
    pub message: String,
    /// The public keys of the nodes concerned, ascending.
    pub nodes: Vec<String>,
    /// The name of the grouping, where it concerns one.
    pub group_by: Option<String>,
    /// The figures of the answer that it is about; empty where it is about the data, or about all of the answer.
    pub subjects: Vec<Subject>,
    /// Where it is about these figures with unknown nodes read the other way: that way.
    pub unknown_nodes: Option<UnknownNodes>,
}

impl Finding {
    /// A finding in its general wording.
    pub fn new(code: FindingCode, nodes: Vec<String>) -> Self {
        let message = code.message().to_string();
        Finding { code, message, nodes, group_by: None, subjects: Vec::new(), unknown_nodes: None }
    }

    /// What is to be said of the nodes that are a quorum all by themselves: of those that are left out, and of those that count.
    pub fn one_node_quorums(left_out: Vec<String>, counting: Vec<String>) -> Vec<Finding> {
        let left_out = (
            left_out,
            "It is left out, as no other live node names it.",
            "They are left out, as no other live node names them.",
        );
        let parts = [left_out, (counting, "It counts.", "They count.")];
        let parts = parts.into_iter().filter(|(nodes, ..)| !nodes.is_empty());
        let code = FindingCode::OneNodeQuorum;
        let finding = |(nodes, fate, of_many): (Vec<String>, &str, &str)| Finding {
            message: match nodes.len() {
                1 => format!("This node is a quorum all by itself. {fate}"),
                _ => format!("{} {of_many}", code.message()),
            },
            ..Finding::new(code, nodes)
        };
        parts.map(finding).collect()
    }

    /// That there is no quorum, or none but the nodes that are left out as quorums all by themselves.
    pub fn no_quorum(is_any_left_out: bool) -> Finding {
        let finding = Finding::new(FindingCode::NoQuorum, Vec::new());
        if !is_any_left_out {
            return finding;
        }
        let message = "Apart from nodes that are left out, each a quorum all by itself, the network has no quorum: no two nodes can agree, \
                       and quorums cannot be said to intersect.";
        Finding { message: message.to_string(), ..finding }
    }

    /// That no splitting set exists, of the core alone or of all nodes.
    pub fn no_splitting_set(is_of_core: bool) -> Finding {
        let whom = if is_of_core { "no two others of the core" } else { "no two others" };
        let finding = Finding::new(FindingCode::NoSplittingSet, Vec::new());
        let instead = &finding.message;
        let message =
            format!("No splitting set exists: whoever turns malicious, {whom} can disagree. {instead}");
        Finding { message, ..finding }
    }

    /// That no node that counts has a group under the grouping of this name.
    pub fn no_group_data(grouping: &str) -> Finding {
        let message = format!("Counting {}: {}", counted(grouping), FindingCode::NoGroupData.message());
        let finding = Finding::new(FindingCode::NoGroupData, Vec::new());
        Finding { message, group_by: Some(grouping.to_string()), ..finding }
    }

    /// That a figure is not proven, and what is known of it.
    pub fn not_exact(subject: Subject, figure: &str, what_is_known: &str) -> Self {
        let message = format!("{}: {} {what_is_known}", capitalized(figure), FindingCode::NotExact.message());
        Finding { message, subjects: vec![subject], ..Finding::new(FindingCode::NotExact, Vec::new()) }
    }

    /// That it is not proven whether a figure would be another one if unknown nodes were read this way.
    pub fn may_depend(subject: Subject, figure: &str, read: UnknownNodes, there: &str, here: &str) -> Self {
        let message = format!(
            "{}: whether this would be otherwise if unknown nodes were {} was {} Then: {there}; as they are read here: {here}.",
            capitalized(figure),
            as_read(read),
            FindingCode::NotExact.message(),
        );
        let finding = Finding::new(FindingCode::NotExact, Vec::new());
        Finding { message, subjects: vec![subject], unknown_nodes: Some(read), ..finding }
    }

    /// That some figures would be others if unknown nodes, these, were read this way; each with its change in words.
    pub fn verdict_depends(nodes: Vec<String>, read: UnknownNodes, changes: Vec<(Subject, String)>) -> Self {
        let code = FindingCode::VerdictDependsOnUnknownNodes;
        let in_words: Vec<String> =
            changes.iter().map(|(_, change)| format!("{}.", capitalized(change))).collect();
        let message = format!(
            "{} If they were {}, other answers follow. {}",
            code.message(),
            as_read(read),
            in_words.join(" ")
        );
        let subjects = changes.into_iter().map(|(subject, _)| subject).collect();
        Finding { message, subjects, unknown_nodes: Some(read), ..Finding::new(code, nodes) }
    }
}

/// Names in a line, for people: a name may have commas in it, and where one has, semicolons stand between them.
pub fn listed(names: &[impl AsRef<str>]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let has_comma = names.iter().any(|name| name.contains(','));
    names.join(if has_comma { "; " } else { ", " })
}

/// What is counted under a grouping of this name, for people.
pub fn counted(grouping: &str) -> String {
    match grouping {
        "node" => "nodes".to_string(),
        "organization" => "organizations".to_string(),
        "country" => "countries".to_string(),
        "isp" => "providers".to_string(),
        attribute => format!("{attribute} groups"),
    }
}

/// How unknown nodes are read, for people.
fn as_read(read: UnknownNodes) -> &'static str {
    match read {
        UnknownNodes::Dead => "in no quorum",
        UnknownNodes::Free => "free to join any quorum",
    }
}

fn capitalized(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
