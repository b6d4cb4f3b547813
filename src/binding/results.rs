//! Results as JavaScript sees them. Doc comments flow into index.d.ts.

use std::time::{Duration, Instant};

use napi::bindgen_prelude::*;
use napi_derive::napi;
use num_bigint::BigUint;

use super::errors::Outcome;
use super::spelling::{field, merged, sought, Fields};
use super::values::{JsonText, SetOfNames, Sets};
use crate::analysis::{self, MinimalSet, NamedQuorumSet, SetCounts, Timed};
use crate::budget::{Budget, Stop};
use crate::network::{self, Network};
use crate::verify::{verify, Certificate, Rejected};
use crate::watch;

/// Nested threshold set, as network explorers publish it. Entries count as often as they are listed.
#[napi(object, object_from_js = false)]
pub struct QuorumSet {
    /// How many entries must be satisfied: a whole number from 0 to 2^53 - 1.
    pub threshold: f64,
    /// Entries that are validators: public keys.
    pub validators: Vec<String>,
    /// Entries that are quorum sets, nested at most 32 deep. In input null and absent mean that there are none, `inner_quorum_sets`,
    /// `innerSets` and `inner_sets` (XDR's names) are read as well, and what looks like entries under any other name is refused.
    pub inner_quorum_sets: Vec<QuorumSet>,
}

/// The union of all minimal quorums.
#[napi(object, object_from_js = false)]
pub struct TopTierResult {
    /// Public keys or group labels, sorted.
    pub top_tier: Vec<String>,
    /// How many they are.
    pub top_tier_size: u32,
    /// True: that is all of it. False only with `anytime`: what was found before the call ended.
    pub is_exact: bool,
    /// What concerns this call and its answer: UNKNOWN_FAULTY_NODE, REPORTED_DOWN, NO_GROUP_DATA, NO_QUORUM, ONE_NODE_QUORUM of nodes that
    /// are left out, and VERDICT_DEPENDS_ON_UNKNOWN_NODES where the answer is another one with unknown nodes read the other way. Findings on the data alone
    /// are those of `FbasNetwork`. Absent in the parts of a `FullAnalysis`, which has them all.
    pub findings: Option<Vec<Finding>>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
    /// With `certificate: true`: what proves the answer.
    #[napi(ts_type = "Certificate")]
    pub certificate: Option<JsonText>,
}

/// Whether every two quorums share a node.
#[napi(object, object_from_js = false)]
pub struct QuorumIntersectionResult {
    /// False when no quorum exists at all.
    pub has_quorum: bool,
    /// False when two disjoint quorums exist, and when no quorum exists; with `isExact` false, because it is not proven.
    pub has_quorum_intersection: bool,
    /// True: the verdict is proven. False only with `anytime`: the call ended before.
    pub is_exact: bool,
    /// Witness when quorums fail to intersect: public keys, sorted.
    #[napi(ts_type = "[string[], string[]] | null")]
    pub disjoint_quorums: Either<Vec<Vec<String>>, Null>,
    /// What concerns this call and its answer: UNKNOWN_FAULTY_NODE, REPORTED_DOWN, NO_GROUP_DATA, NO_QUORUM, ONE_NODE_QUORUM of nodes that
    /// are left out, and VERDICT_DEPENDS_ON_UNKNOWN_NODES where the answer is another one with unknown nodes read the other way. Findings on the data alone
    /// are those of `FbasNetwork`. Absent in the parts of a `FullAnalysis`, which has them all.
    pub findings: Option<Vec<Finding>>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
    /// With `certificate: true`: what proves the answer.
    #[napi(ts_type = "Certificate")]
    pub certificate: Option<JsonText>,
}

/// The nodes on which everybody else depends.
#[napi(object, object_from_js = false)]
pub struct CoreResult {
    /// Public keys or group labels, sorted.
    pub core: Vec<String>,
    /// How many they are.
    pub core_size: u32,
    /// What concerns this call and its answer: UNKNOWN_FAULTY_NODE, REPORTED_DOWN, NO_GROUP_DATA, NO_QUORUM, ONE_NODE_QUORUM of nodes that
    /// are left out, and VERDICT_DEPENDS_ON_UNKNOWN_NODES where the answer is another one with unknown nodes read the other way. Findings on the data alone
    /// are those of `FbasNetwork`. Absent in the parts of a `FullAnalysis`, which has them all.
    pub findings: Option<Vec<Finding>>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// One quorum set that exactly the nodes it names share, and that no quorum avoids.
#[napi(object, object_from_js = false)]
pub struct SymmetricTopTierResult {
    /// The quorum set in standard form; null if there is no symmetric top tier.
    #[napi(ts_type = "QuorumSet | null")]
    pub symmetric_top_tier: Either<QuorumSet, Null>,
    /// What concerns this call and its answer: UNKNOWN_FAULTY_NODE, REPORTED_DOWN, NO_GROUP_DATA, NO_QUORUM, ONE_NODE_QUORUM of nodes that
    /// are left out, and VERDICT_DEPENDS_ON_UNKNOWN_NODES where the answer is another one with unknown nodes read the other way. Findings on the data alone
    /// are those of `FbasNetwork`. Absent in the parts of a `FullAnalysis`, which has them all.
    pub findings: Option<Vec<Finding>>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// Declares a result with the fields that all analyses share which look for a smallest set.
macro_rules! minimal_set_result {
    // Docs are plain strings here: napi-derive does not read doc comments that went through a macro.
    ($doc:tt $name:ident { $($field_doc:tt $(#[$attribute:meta])* $field:ident: $type:ty,)* }) => {
        #[doc = $doc]
        #[napi(object, object_from_js = false)]
        pub struct $name {
            /// Size of a smallest set, in nodes or groups; null: no such set exists. With `isExact` false: of the smallest set known, null if
            /// none is.
            #[napi(ts_type = "number | null")]
            pub min_size: Either<u32, Null>,
            /// True: `minSize` is proven to be smallest, or that there is no such set. False only with `anytime`.
            pub is_exact: bool,
            /// Proven lower bound on `minSize` (equal to it when `isExact`); 0 where no set exists.
            pub lower_bound: u32,
            /// A set of that size: public keys or group labels, sorted; empty where none exists or is known.
            pub example_set: Vec<String>,
            /// With `limit`: the inclusion-minimal sets, each sorted, the list sorted by size, then by names.
            #[napi(ts_type = "string[][]")]
            pub sets: Option<Sets>,
            /// With `limit`: true when `sets` holds all of them.
            pub is_complete: Option<bool>,
            /// Exact number of inclusion-minimal sets. Without `limit` only where counting is a matter of milliseconds; undefined where
            /// it could not be had.
            #[napi(ts_type = "bigint")]
            pub total_sets: Option<BigInt>,
            /// With `totalSets`: how many of them there are of each size that occurs, sizes ascending.
            pub sizes: Option<Vec<SizeCount>>,
            /// With `totalSets`: who is in any of them, the most frequent first, then by names.
            pub occurrences: Option<Vec<Occurrence>>,
            /// What concerns this call and its answer: UNKNOWN_FAULTY_NODE, REPORTED_DOWN, NO_GROUP_DATA, NO_QUORUM, ONE_NODE_QUORUM of
            /// nodes that are left out, and VERDICT_DEPENDS_ON_UNKNOWN_NODES where the answer is another one with unknown nodes read the other way. Findings on the data alone
            /// are those of `FbasNetwork`. Absent in the parts of a `FullAnalysis`, which has them all.
            pub findings: Option<Vec<Finding>>,
            /// Package, version and semantics that produced it, to store beside it.
            pub engine: String,
            /// Wall-clock time of the work on its thread, in milliseconds.
            pub execution_time_ms: f64,
            /// With `certificate: true`: what proves the answer.
            #[napi(ts_type = "Certificate")]
            pub certificate: Option<JsonText>,
            $(#[doc = $field_doc] $(#[$attribute])* pub $field: $type,)*
        }

        impl $name {
            fn of(set: MinimalSet, time: Duration, $($field: $type),*) -> Self {
                let (sets, is_complete) = set.list.map(|list| (Sets::from(&*list.sets), list.is_complete)).unzip();
                let (total_sets, sizes, occurrences) = match set.counts {
                    Some(counts) => {
                        let sizes = counts.sizes.iter().map(|(size, count)| SizeCount { size: *size, count: bigint(count) });
                        let sizes = sizes.collect();
                        let occurrences = occurrences(&counts);
                        (Some(bigint(&counts.total)), Some(sizes), Some(occurrences))
                    }
                    None => (None, None, None),
                };
                $name {
                    min_size: set.size.smallest_known().map_or(Either::B(Null), Either::A),
                    is_exact: set.size.is_exact(),
                    lower_bound: set.size.lower_bound(),
                    example_set: set.example_set,
                    sets,
                    is_complete,
                    total_sets,
                    sizes,
                    occurrences,
                    findings: None,
                    engine: analysis::engine(),
                    execution_time_ms: milliseconds(time),
                    certificate: None,
                    $($field,)*
                }
            }
        }
    };
}

minimal_set_result! {
    "How few nodes or groups can halt the network by stopping."
    BlockingSetsResult {}
}

minimal_set_result! {
    "How few nodes or groups can make the network split if they are Byzantine."
    SplittingSetsResult {
        "Whether a quorum exists and every two quorums share a node; false as well where the call ended before that was proven."
        has_quorum_intersection: bool,
        "Whether the verdict on intersection is proven. False only with `anytime`; `isExact` speaks of `minSize` alone."
        is_intersection_exact: bool,
        "Witness: one of two quorums that meet only inside `exampleSet`, its members taken as Byzantine. Public keys, sorted."
        quorum_a: Vec<String>,
        "The other quorum of the witness."
        quorum_b: Vec<String>,
    }
}

minimal_set_result! {
    "The smallest quorum, and whether quorums intersect."
    QuorumsResult {
        "False when no quorum exists at all."
        has_quorum: bool,
        "False when two disjoint quorums exist, when no quorum exists, and where the call ended before it was proven."
        has_quorum_intersection: bool,
        "Whether the verdict on intersection is proven. False only with `anytime`; `isExact` speaks of `minSize` alone."
        is_intersection_exact: bool,
        "Witness when quorums fail to intersect: two disjoint quorums. Public keys, sorted."
        #[napi(ts_type = "[string[], string[]] | null")]
        disjoint_quorums: Either<Vec<Vec<String>>, Null>,
    }
}

minimal_set_result! {
    "How few archives keep the network's history."
    HistoryCriticalResult {
        "The sets found: one smallest, or with `limit` the same as `sets`."
        #[napi(ts_type = "string[][]")]
        critical_sets: Sets,
        "A quorum that would be left without any good history archive. Public keys, sorted."
        quorum: Vec<String>,
    }
}

minimal_set_result! {
    "Who can split a node off."
    SplittingOffResult {
        "Witness: the side of the node. Public keys, sorted."
        quorum_a: Vec<String>,
        "The side of a member of the core or, with scope 'all', of anybody."
        quorum_b: Vec<String>,
    }
}

/// All that concerns one node.
#[napi(object, object_from_js = false)]
pub struct NodeResult {
    /// The node.
    pub public_key: String,
    /// Whether it is in some quorum.
    pub is_in_quorum: bool,
    /// Whether it is in the core.
    pub is_in_core: bool,
    /// Whether it is in some minimal quorum; with `isTopTierExact` false, because that is not proven.
    pub is_in_top_tier: bool,
    /// Whether that is proven. False only with `anytime`.
    pub is_top_tier_exact: bool,
    /// A smallest set of others, nodes or groups without the node, whose stop leaves it in no quorum: of size 0 where it is in none now; none
    /// exists where it is a quorum alone. `executionTimeMs` of this and the next two is that of the whole answer.
    #[napi(ts_type = "MinimalSetResult")]
    pub halting: BlockingSetsResult,
    /// A smallest set of others that meets every slice of it: one step, where halting follows the cascade. None exists where it needs nobody
    /// else. Its size is what stellar-core's `quorum` answers as `fail_at`, if that is counted without the node itself.
    #[napi(ts_type = "MinimalSetResult")]
    pub v_blocking: BlockingSetsResult,
    /// A smallest set of others that, if Byzantine, lets it diverge from a member of the core or, with scope 'all', from anybody.
    pub splitting: SplittingOffResult,
    /// Those others that are in a quorum, but in none without it. Public keys, sorted, here and below.
    pub dependents: Vec<String>,
    /// Those others that take part and whose quorum sets name it, at any depth: nobody who is faulty or left out.
    pub trusted_by: Vec<String>,
    /// Its transitive quorum set: whom it names, whom these name, and so on.
    pub reach: Vec<String>,
    /// Its quorum set as it is written; null where it is not known or the node takes no part (it is faulty or left out), and the next five are
    /// empty then.
    #[napi(ts_type = "QuorumSet | null")]
    pub quorum_set: Either<QuorumSet, Null>,
    /// Whether its quorum set names it.
    pub names_itself: bool,
    /// Validators that it names, at any depth, and that are in no quorum.
    pub dead_validators: Vec<String>,
    /// Inner sets, at any depth, that no quorum satisfies.
    pub dead_sets: Vec<QuorumSet>,
    /// Inner sets, at any depth, that are satisfied now, but not when one more of their entries fails.
    pub intolerant_sets: Vec<QuorumSet>,
    /// Organizations each of which halts it alone, by their ids; nodes without one count by themselves.
    pub stopped_by: Vec<String>,
    /// What concerns this call and its answer. The parts of a `NodesResult` have only what hangs on unknown nodes.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// All that concerns each node.
#[napi(object, object_from_js = false)]
pub struct NodesResult {
    /// The nodes, sorted by their public keys: those that are named but not listed are among them.
    pub nodes: Vec<NodeResult>,
    /// What concerns this call. Whether the answer for a node hangs on unknown nodes its own findings say.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// Who is safe and live whatever the ill-behaved nodes do.
#[napi(object, object_from_js = false)]
pub struct IntactNodesResult {
    /// Outside some dispensable set that has the ill-behaved nodes: public keys, sorted. With `isExact` false: those that are proven to be.
    pub intact: Vec<String>,
    /// All others, those in no quorum among them. With `isExact` false: some of them may be intact.
    pub befouled: Vec<String>,
    /// The smallest dispensable set that has the ill-behaved nodes; with `isExact` false, the smallest one found.
    pub dispensable_set: Vec<String>,
    /// True: all of that is proven. False only with `anytime`: the call ended before.
    pub is_exact: bool,
    /// What concerns this call and its answer.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

/// A group, and whether the network is one misconfiguration of it away from a split.
#[napi(object, object_from_js = false)]
pub struct CriticalGroup {
    /// Its label, for a single node its public key; null for the validators of a quorum set that are no group of the grouping.
    #[napi(ts_type = "string | null")]
    pub group: Either<String, Null>,
    /// Its nodes: public keys, sorted.
    pub nodes: Vec<String>,
    /// Whether two quorums are disjoint when it is misconfigured. Null where that was not proven in time, and where not every two quorums share a
    /// node to begin with.
    #[napi(ts_type = "boolean | null")]
    pub is_critical: Either<bool, Null>,
    /// If it is critical: two quorums that are disjoint then.
    #[napi(ts_type = "[string[], string[]] | null")]
    pub disjoint_quorums: Either<Vec<Vec<String>>, Null>,
}

/// Which groups are one misconfiguration away from a split.
#[napi(object, object_from_js = false)]
pub struct CriticalGroupsResult {
    /// The candidates, by label; those without one last.
    pub groups: Vec<CriticalGroup>,
    /// Whether a quorum exists and every two quorums share a node as it is.
    pub has_quorum_intersection: bool,
    /// True: all of that is proven. False only with `anytime`: the call ended before.
    pub is_exact: bool,
    /// What concerns this call and its answer.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
    /// With `certificate: true`: what proves the answer.
    #[napi(ts_type = "Certificate")]
    pub certificate: Option<JsonText>,
}

/// A result that may come with what proves it.
pub(super) trait Provable {
    /// The place of its certificate.
    fn certificate(&mut self) -> &mut Option<JsonText>;
}

macro_rules! provable {
    ($($result:ident)*) => {$(
        impl Provable for $result {
            fn certificate(&mut self) -> &mut Option<JsonText> {
                &mut self.certificate
            }
        }
    )*};
}

provable! {
    QuorumIntersectionResult TopTierResult BlockingSetsResult SplittingSetsResult QuorumsResult HistoryCriticalResult FullAnalysis
    AnalysisResult CriticalGroupsResult
}

/// A result of one question, with findings beside it.
pub(super) trait Told {
    /// Takes its findings.
    fn tell(&mut self, findings: Vec<Finding>);
}

macro_rules! told {
    ($($result:ident)*) => {$(
        impl Told for $result {
            fn tell(&mut self, findings: Vec<Finding>) {
                self.findings = findings.into();
            }
        }
    )*};
}

told! {
    QuorumIntersectionResult TopTierResult CoreResult SymmetricTopTierResult BlockingSetsResult SplittingSetsResult QuorumsResult
    HistoryCriticalResult NodeResult NodesResult IntactNodesResult CriticalGroupsResult
}

/// How many minimal sets have one size.
#[napi(object, object_from_js = false)]
pub struct SizeCount {
    /// Nodes or groups in a set.
    pub size: u32,
    /// How many sets there are.
    pub count: BigInt,
}

/// How often a node or group occurs in minimal sets.
#[napi(object, object_from_js = false)]
pub struct Occurrence {
    /// Public key or group label.
    pub name: String,
    /// How many sets it is in.
    pub count: BigInt,
    /// The same as a share of all sets, from 0 to 1.
    pub share: f64,
}

/// What an async iterator gives.
#[napi(object, object_from_js = false)]
pub struct IterationStep {
    /// A set, sorted; absent at the end.
    #[napi(ts_type = "string[]")]
    pub value: Option<SetOfNames>,
    /// Whether the end is reached.
    pub done: bool,
}

impl IterationStep {
    /// The next set, or the end.
    pub(super) fn of(set: Option<SetOfNames>) -> Self {
        IterationStep { done: set.is_none(), value: set }
    }
}

fn bigint(count: &BigUint) -> BigInt {
    BigInt { sign_bit: false, words: count.to_u64_digits() }
}

fn occurrences(counts: &SetCounts) -> Vec<Occurrence> {
    let occurrences = counts.occurrences.iter();
    occurrences
        .map(|(name, count)| Occurrence {
            name: name.to_string(),
            count: bigint(count),
            share: counts.share(count),
        })
        .collect()
}

/// Every analysis of one network.
#[napi(object, object_from_js = false)]
pub struct FullAnalysis {
    /// The union of all minimal quorums.
    pub top_tier: TopTierResult,
    /// The quorum set of the symmetric top tier, always of nodes.
    pub symmetric_top_tier: SymmetricTopTierResult,
    /// How few can halt the network.
    pub blocking_sets: BlockingSetsResult,
    /// How few can make it split.
    pub splitting_sets: SplittingSetsResult,
    /// The smallest quorum, and whether quorums intersect.
    pub quorums: QuorumsResult,
    /// How few archives keep its history.
    pub history_critical: HistoryCriticalResult,
    /// What a careful operator should know about the data.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced the figures, to store beside them.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
    /// With `certificate: true`: what proves the answer.
    #[napi(ts_type = "Certificate")]
    pub certificate: Option<JsonText>,
}

/// What a network explorer stores per grouping. 0 is always a real 0: already halted, already split.
#[napi(object, object_from_js = false)]
pub struct AnalysisMergedResult {
    /// Nodes or groups in the top tier.
    pub top_tier_size: u32,
    /// Size of a smallest blocking set.
    pub blocking_sets_min_size: u32,
    /// The same with `faultyNodes` crashed.
    pub blocking_sets_filtered_min_size: u32,
    /// Size of a smallest splitting set; `topTierSize`, with a finding `NO_SPLITTING_SET`, if none exists.
    pub splitting_sets_min_size: u32,
}

/// A figure that is not proven, and between which numbers it lies.
#[napi(object, object_from_js = false)]
pub struct InexactFigure {
    /// The grouping whose figure it is.
    #[napi(ts_type = "'node' | 'organization' | 'country' | 'isp'")]
    pub grouping: String,
    /// Which of its figures.
    #[napi(
        ts_type = "'topTierSize' | 'blockingSetsMinSize' | 'blockingSetsFilteredMinSize' | 'splittingSetsMinSize'"
    )]
    pub figure: String,
    /// Proven: it is not smaller.
    pub lower_bound: u32,
    /// It is not larger, if such a set exists at all; null: none was found yet.
    #[napi(ts_type = "number | null")]
    pub upper_bound: Either<u32, Null>,
}

/// The figures a network explorer stores after each scan.
#[napi(object, object_from_js = false)]
pub struct AnalysisResult {
    /// Whether a quorum exists and every two quorums share a node. False, with a finding `NOT_EXACT`, if not proven in time.
    pub has_quorum_intersection: bool,
    /// Whether that verdict is proven. False only with `anytime`.
    pub is_intersection_exact: bool,
    /// Whether there is a symmetric top tier.
    pub has_symmetric_top_tier: bool,
    /// Counting nodes.
    pub node: AnalysisMergedResult,
    /// Counting organizations.
    pub organization: AnalysisMergedResult,
    /// Counting countries.
    pub country: AnalysisMergedResult,
    /// Counting internet providers.
    pub isp: AnalysisMergedResult,
    /// The figures that are not proven, with their bounds; empty where all are. Only with `anytime` there are any.
    pub inexact: Vec<InexactFigure>,
    /// Includes NO_SPLITTING_SET (a size stands for "none exists"), NOT_EXACT (with `anytime`, naming the figure, which is then the
    /// best size known, and its bounds) and VERDICT_DEPENDS_ON_UNKNOWN_NODES.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced the figures, to store beside them.
    pub engine: String,
    /// With `certificate: true`: what proves the answer.
    #[napi(ts_type = "Certificate")]
    pub certificate: Option<JsonText>,
}

/// How far an analysis is.
#[napi(object, object_from_js = false)]
pub struct Progress {
    /// What is looked for, as results call it: 'blockingSets', or in performAnalysis 'node.blockingSetsMinSize'. With ' read the other way'
    /// behind it: the same with unknown nodes not read as `unknownNodes` says, to see whether the verdict hangs on them.
    pub analysis: String,
    /// How it is looked for at the moment: 'bounds', 'avalanche', 'counting', 'formulas', 'watchers' or 'quorums'; 'states' of a change.
    pub phase: String,
    /// Proven lower bound. It only ever grows.
    pub lower_bound: u32,
    /// Best size known; null: none yet. It only ever shrinks.
    #[napi(ts_type = "number | null")]
    pub upper_bound: Either<u32, Null>,
    /// Time since the call, in milliseconds.
    pub elapsed_ms: f64,
}

/// One thing about the data that a careful operator should know. Never an error by itself.
#[napi(object, object_from_js = false)]
pub struct Finding {
    /// What kind of finding it is.
    #[napi(
        ts_type = "'NO_QUORUM_SETS' | 'ABBREVIATED_KEYS' | 'UNKNOWN_QUORUM_SET' | 'UNKNOWN_VALIDATOR' | 'DUPLICATE_NODE' | 'DUPLICATE_ENTRY' | 'ZERO_THRESHOLD' | 'UNREACHABLE_THRESHOLD' | 'LOW_THRESHOLD' | 'NESTING_TOO_DEEP' | 'NO_SPLITTING_SET' | 'NOT_EXACT' | 'SELF_EXCLUDED' | 'ONE_NODE_QUORUM' | 'NO_QUORUM' | 'NO_HISTORY_DATA' | 'HISTORY_WITHOUT_URL' | 'VALIDATOR_IN_TWO_ORGANIZATIONS' | 'VERDICT_DEPENDS_ON_UNKNOWN_NODES' | 'UNKNOWN_FAULTY_NODE' | 'UNKNOWN_ILL_BEHAVED_NODE' | 'NO_GROUP_DATA' | 'REPORTED_DOWN' | 'VALIDATORS_NOT_USED' | 'OWN_KEY_UNKNOWN' | (string & {})"
    )]
    pub code: String,
    /// For people.
    pub message: String,
    /// The public keys of the nodes concerned, sorted.
    pub nodes: Vec<String>,
    /// The grouping that it concerns, if it concerns one.
    pub group_by: Option<String>,
    /// The fields of the result that it is about, by their paths ('minSize', 'node.blockingSetsMinSize', 'splittingSets.minSize'); empty
    /// where it is about the data, or about all of the result.
    pub fields: Vec<String>,
    /// Where it is about these fields with unknown nodes read the other way: that way. NOT_EXACT has it where there was no time to find out
    /// whether they are others then, VERDICT_DEPENDS_ON_UNKNOWN_NODES always.
    #[napi(ts_type = "'dead' | 'free'")]
    pub unknown_nodes: Option<String>,
}

/// Whether a certificate proves what it claims.
#[napi(object, object_from_js = false)]
pub struct VerificationResult {
    /// True: every claim is proven for this network. What was left unproven when the certificate was made is in its `unproven`.
    pub is_valid: bool,
    /// Otherwise: where in the certificate something is wrong, and what.
    #[napi(ts_type = "string | null")]
    pub problem: Either<String, Null>,
    /// What it claims, in words: each with who is down, what unknown nodes may do and who is left out, so that it is not read of another network.
    pub claims: Vec<String>,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

impl VerificationResult {
    /// Checks a certificate, given as JSON text.
    pub(super) fn of(network: &Network, certificate: &[u8], budget: &Budget) -> Outcome<Self> {
        let start = Instant::now();
        let certificate = Certificate::parse(certificate)?;
        let problem = match verify(network, &certificate, budget) {
            Ok(()) => Either::B(Null),
            Err(Rejected::Wrong(problem)) => Either::A(format!("certificate{problem}")),
            Err(Rejected::Stopped(stop)) => return Err(analysis::AnalysisError::from(stop).into()),
        };
        let claims = certificate.claims.iter().map(|claim| claim.in_words(network, budget));
        let claims: std::result::Result<_, Stop> = claims.collect();
        Ok(VerificationResult {
            is_valid: matches!(problem, Either::B(_)),
            problem,
            claims: claims.map_err(analysis::AnalysisError::from)?,
            execution_time_ms: milliseconds(start.elapsed()),
        })
    }
}

/// Nodes that a quorum can rest on.
#[napi(object, object_from_js = false)]
pub struct PreprocessResult {
    /// The nodes with a usable quorum set, without references to nodes that are not listed.
    #[napi(ts_type = "FbasNode[]")]
    pub nodes: JsonText,
    /// The findings on the nodes as given.
    pub findings: Vec<Finding>,
}

/// What a validator's configuration says.
#[napi(object, object_from_js = false)]
pub struct Configuration {
    /// What the node asks for.
    pub quorum_set: QuorumSet,
    /// The node's own public key, if it was passed. Where it was not and the quorum set names the node, it does so as '$self', with a finding.
    #[napi(ts_type = "string | null")]
    pub public_key: Either<String, Null>,
    /// What is odd about the quorum set, or about how the configuration says it: VALIDATORS_NOT_USED, OWN_KEY_UNKNOWN, SELF_EXCLUDED,
    /// LOW_THRESHOLD, UNREACHABLE_THRESHOLD, ZERO_THRESHOLD, DUPLICATE_ENTRY, NESTING_TOO_DEEP. Whether the set names its own node is said where
    /// the node's key was passed.
    pub findings: Vec<Finding>,
}

/// Nodes that are counted as one.
#[napi(object, object_from_js = false)]
pub struct NetworkGroup {
    /// What results call it. No two groups of a grouping have one label.
    pub label: String,
    /// The public keys of its nodes, sorted.
    pub nodes: Vec<String>,
    /// True: a node without a group, which stands for itself under its public key.
    pub is_node: bool,
}

/// What is loaded and that it answers.
#[napi(object, object_from_js = false)]
pub struct Health {
    /// Always 'healthy': the addon answers.
    #[napi(ts_type = "'healthy'")]
    pub status: String,
    /// Version of this package.
    pub version: String,
    /// Name and version of the SAT solver.
    pub solver: String,
    /// Architecture and operating system that the addon was built for.
    pub target: String,
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Findings as the result has them in which these fields are.
pub(super) fn findings(findings: &[network::Finding], fields: Fields) -> Vec<Finding> {
    let finding = |finding: &network::Finding| Finding {
        code: finding.code.as_str().to_string(),
        message: finding.message.clone(),
        nodes: finding.nodes.clone(),
        group_by: finding.group_by.clone(),
        fields: finding.subjects.iter().map(|subject| field(subject, fields)).collect(),
        unknown_nodes: finding.unknown_nodes.map(|read| read.as_str().to_string()),
    };
    findings.iter().map(finding).collect()
}

impl From<watch::Progress> for Progress {
    fn from(progress: watch::Progress) -> Self {
        Progress {
            analysis: sought(&progress.subject),
            phase: progress.phase.to_string(),
            lower_bound: progress.lower_bound,
            upper_bound: progress.upper_bound.map_or(Either::B(Null), Either::A),
            elapsed_ms: milliseconds(progress.elapsed),
        }
    }
}

impl From<NamedQuorumSet> for QuorumSet {
    fn from(set: NamedQuorumSet) -> Self {
        QuorumSet {
            threshold: set.threshold as f64,
            validators: set.validators,
            inner_quorum_sets: set.inner_quorum_sets.into_iter().map(QuorumSet::from).collect(),
        }
    }
}

impl From<network::WrittenQuorumSet<'_>> for QuorumSet {
    fn from(set: network::WrittenQuorumSet) -> Self {
        QuorumSet {
            threshold: set.threshold as f64,
            validators: set.validators.into_iter().map(String::from).collect(),
            inner_quorum_sets: set.inner.into_iter().map(QuorumSet::from).collect(),
        }
    }
}

impl From<Timed<analysis::TopTier>> for TopTierResult {
    fn from(Timed { value, time }: Timed<analysis::TopTier>) -> Self {
        TopTierResult {
            top_tier_size: value.top_tier.len() as u32,
            top_tier: value.top_tier,
            is_exact: value.is_exact,
            findings: None,
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
            certificate: None,
        }
    }
}

impl From<Timed<analysis::Intersection>> for QuorumIntersectionResult {
    fn from(Timed { value, time }: Timed<analysis::Intersection>) -> Self {
        QuorumIntersectionResult {
            has_quorum: value.has_quorum(),
            has_quorum_intersection: value.has_quorum_intersection(),
            is_exact: value.is_exact(),
            disjoint_quorums: disjoint_quorums(value),
            findings: None,
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
            certificate: None,
        }
    }
}

/// The witness that quorums fail to intersect, if they do.
fn disjoint_quorums(verdict: analysis::Intersection) -> Either<Vec<Vec<String>>, Null> {
    match verdict {
        analysis::Intersection::Disjoint(a, b) => Either::A(vec![a, b]),
        _ => Either::B(Null),
    }
}

impl From<Timed<Vec<String>>> for CoreResult {
    fn from(Timed { value, time }: Timed<Vec<String>>) -> Self {
        CoreResult {
            core_size: value.len() as u32,
            core: value,
            findings: None,
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
        }
    }
}

impl From<Timed<Option<NamedQuorumSet>>> for SymmetricTopTierResult {
    fn from(Timed { value, time }: Timed<Option<NamedQuorumSet>>) -> Self {
        SymmetricTopTierResult {
            symmetric_top_tier: value.map_or(Either::B(Null), |set| Either::A(set.into())),
            findings: None,
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
        }
    }
}

impl From<Timed<analysis::BlockingSets>> for BlockingSetsResult {
    fn from(Timed { value, time }: Timed<analysis::BlockingSets>) -> Self {
        Self::of(value.set, time)
    }
}

impl From<Timed<analysis::SplittingSets>> for SplittingSetsResult {
    fn from(Timed { value, time }: Timed<analysis::SplittingSets>) -> Self {
        Self::of(
            value.set,
            time,
            value.intersection.has_quorum_intersection(),
            value.intersection.is_exact(),
            value.quorum_a,
            value.quorum_b,
        )
    }
}

impl From<Timed<analysis::Quorums>> for QuorumsResult {
    fn from(Timed { value, time }: Timed<analysis::Quorums>) -> Self {
        let verdict = value.intersection;
        let (has_quorum, intersects) = (verdict.has_quorum(), verdict.has_quorum_intersection());
        let is_exact = verdict.is_exact();
        Self::of(value.set, time, has_quorum, intersects, is_exact, disjoint_quorums(verdict))
    }
}

impl From<Timed<analysis::HistoryCritical>> for HistoryCriticalResult {
    fn from(Timed { value, time }: Timed<analysis::HistoryCritical>) -> Self {
        let critical_sets = match &value.set {
            MinimalSet { list: Some(list), .. } => Sets::from(&*list.sets),
            MinimalSet { size, example_set, .. } if size.smallest_known().is_some() => {
                Sets::from(&[example_set.iter().map(|name| name.as_str().into()).collect()][..])
            }
            MinimalSet { .. } => Sets::default(),
        };
        Self::of(value.set, time, critical_sets, value.quorum)
    }
}

impl From<Timed<analysis::OneNode>> for NodeResult {
    fn from(Timed { value, time }: Timed<analysis::OneNode>) -> Self {
        let splitting = value.splitting;
        let sets = |sets: Vec<NamedQuorumSet>| sets.into_iter().map(QuorumSet::from).collect();
        let (own, names_itself, dead, dead_sets, intolerant, stopped_by) = match value.quorum_set {
            Some(own) => (
                Either::A(own.quorum_set.into()),
                own.names_itself,
                own.dead_validators,
                sets(own.dead_sets),
                sets(own.intolerant_sets),
                own.stopped_by,
            ),
            None => (Either::B(Null), false, Vec::new(), Vec::new(), Vec::new(), Vec::new()),
        };
        NodeResult {
            public_key: value.key,
            is_in_quorum: value.is_in_quorum,
            is_in_core: value.is_in_core,
            is_in_top_tier: value.is_in_top_tier == Some(true),
            is_top_tier_exact: value.is_in_top_tier.is_some(),
            halting: BlockingSetsResult::of(value.halting, time),
            v_blocking: BlockingSetsResult::of(value.v_blocking, time),
            splitting: SplittingOffResult::of(splitting.set, time, splitting.quorum_a, splitting.quorum_b),
            dependents: value.dependents,
            trusted_by: value.trusted_by,
            reach: value.reach,
            quorum_set: own,
            names_itself,
            dead_validators: dead,
            dead_sets,
            intolerant_sets: intolerant,
            stopped_by,
            findings: Vec::new(),
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
        }
    }
}

impl From<Timed<Vec<analysis::OneNode>>> for NodesResult {
    fn from(Timed { value, time }: Timed<Vec<analysis::OneNode>>) -> Self {
        NodesResult {
            nodes: value.into_iter().map(|value| Timed { value, time }.into()).collect(),
            findings: Vec::new(),
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
        }
    }
}

impl From<Timed<analysis::IntactNodes>> for IntactNodesResult {
    fn from(Timed { value, time }: Timed<analysis::IntactNodes>) -> Self {
        IntactNodesResult {
            intact: value.intact,
            befouled: value.befouled,
            dispensable_set: value.dispensable_set,
            is_exact: value.is_exact,
            findings: Vec::new(),
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
        }
    }
}

impl From<analysis::CriticalGroup> for CriticalGroup {
    fn from(value: analysis::CriticalGroup) -> Self {
        CriticalGroup {
            group: value.group.map_or(Either::B(Null), Either::A),
            nodes: value.nodes,
            is_critical: value.is_critical.map_or(Either::B(Null), Either::A),
            disjoint_quorums: value.disjoint_quorums.map_or(Either::B(Null), |(a, b)| Either::A(vec![a, b])),
        }
    }
}

impl From<Timed<analysis::CriticalGroups>> for CriticalGroupsResult {
    fn from(Timed { value, time }: Timed<analysis::CriticalGroups>) -> Self {
        CriticalGroupsResult {
            groups: value.groups.into_iter().map(CriticalGroup::from).collect(),
            has_quorum_intersection: value.intersection.has_quorum_intersection(),
            is_exact: value.is_exact,
            findings: Vec::new(),
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
            certificate: None,
        }
    }
}

impl From<Timed<analysis::FullAnalysis>> for FullAnalysis {
    fn from(Timed { value, time }: Timed<analysis::FullAnalysis>) -> Self {
        FullAnalysis {
            top_tier: value.top_tier.into(),
            symmetric_top_tier: value.symmetric_top_tier.into(),
            blocking_sets: value.blocking_sets.into(),
            splitting_sets: value.splitting_sets.into(),
            quorums: value.quorums.into(),
            history_critical: value.history_critical.into(),
            findings: findings(&value.findings, Fields::Full),
            engine: analysis::engine(),
            execution_time_ms: milliseconds(time),
            certificate: None,
        }
    }
}

impl From<analysis::InexactFigure> for InexactFigure {
    fn from(inexact: analysis::InexactFigure) -> Self {
        InexactFigure {
            grouping: inexact.grouping.to_string(),
            figure: merged(inexact.figure).to_string(),
            lower_bound: inexact.lower_bound,
            upper_bound: inexact.upper_bound.map_or(Either::B(Null), Either::A),
        }
    }
}

impl From<analysis::MergedResult> for AnalysisMergedResult {
    fn from(merged: analysis::MergedResult) -> Self {
        AnalysisMergedResult {
            top_tier_size: merged.top_tier_size,
            blocking_sets_min_size: merged.blocking_sets_min_size,
            blocking_sets_filtered_min_size: merged.blocking_sets_filtered_min_size,
            splitting_sets_min_size: merged.splitting_sets_min_size,
        }
    }
}

impl From<Timed<analysis::AnalysisResult>> for AnalysisResult {
    fn from(Timed { value, .. }: Timed<analysis::AnalysisResult>) -> Self {
        AnalysisResult {
            has_quorum_intersection: value.intersection.has_quorum_intersection(),
            is_intersection_exact: value.intersection.is_exact(),
            has_symmetric_top_tier: value.has_symmetric_top_tier,
            node: value.node.into(),
            organization: value.organization.into(),
            country: value.country.into(),
            isp: value.isp.into(),
            inexact: value.inexact.into_iter().map(InexactFigure::from).collect(),
            findings: findings(&value.findings, Fields::Own),
            engine: analysis::engine(),
            certificate: None,
        }
    }
}
