//! Decides which options each call accepts. An option that has no meaning for a call is refused, as whoever sets it expects an effect.
//!
//! docs/usage.md and the comments of the functions say the same; a test tries every option on every function.

/// What a call refuses, among the options that there are.
pub(super) struct Accepted {
    /// What messages call it.
    call: &'static str,
    /// The options of its own that it has.
    own: &'static [&'static str],
    /// The options that mean nothing for it, each with the reason.
    refused: &'static [(&'static str, &'static str)],
}

/// The options that single calls have of their own, and who has them.
const OWN: [(&str, &str); 6] = [
    ("node", "only analyzeNode is about one node"),
    ("illBehaved", "only analyzeIntactNodes takes nodes for ill-behaved"),
    ("candidates", "only analyzeCriticalGroups has candidates"),
    ("unit", "only planChange and suggestChange have units"),
    ("floors", "only planChange and suggestChange have floors"),
    ("quorumSet", "only suggestChange has a quorum set to adopt"),
];

impl Accepted {
    /// Why an option means nothing for the call, if it does not.
    pub fn problem(&self, option: &str) -> Option<String> {
        let of_others = OWN.iter().filter(|(name, _)| !self.own.contains(name));
        let (_, reason) = self.refused.iter().chain(of_others).find(|(name, _)| *name == option)?;
        Some(format!("means nothing for {}: {reason}", self.call))
    }
}

const fn call(call: &'static str, refused: &'static [(&'static str, &'static str)]) -> Accepted {
    Accepted { call, own: &[], refused }
}

const LISTS_NOTHING: (&str, &str) = ("limit", "it lists no sets");
const PROVES_NOTHING: (&str, &str) =
    ("certificate", "there is nothing to prove, its answer is computed from the definition");
const NOT_PROVEN: (&str, &str) = ("certificate", "no certificates are made of it");
const SEEN_OTHERWISE: (&str, &str) = ("reachableFrom", "what a node sees may be another part in every state");
const BY_CERTIFICATE: &str =
    "the certificate says how the network is read; expected timeoutMs and signal only";

pub(super) const QUORUM_INTERSECTION: Accepted =
    call("analyzeQuorumIntersection", &[("groupBy", "quorums are of nodes"), LISTS_NOTHING]);
pub(super) const TOP_TIER: Accepted = call("analyzeTopTier", &[LISTS_NOTHING]);
pub(super) const CORE: Accepted = call("analyzeCore", &[LISTS_NOTHING, PROVES_NOTHING]);
pub(super) const SYMMETRIC_TOP_TIER: Accepted = call(
    "analyzeSymmetricTopTier",
    &[("groupBy", "its quorum set is one of nodes"), LISTS_NOTHING, PROVES_NOTHING],
);
pub(super) const BLOCKING_SETS: Accepted = call("analyzeBlockingSets", &[]);
pub(super) const SPLITTING_SETS: Accepted = call("analyzeSplittingSets", &[]);
pub(super) const QUORUMS: Accepted = call("analyzeQuorums", &[]);
pub(super) const HISTORY_CRITICAL: Accepted = call("analyzeHistoryCritical", &[]);
pub(super) const FULL: Accepted = call("analyzeFull", &[]);
pub(super) const NODE: Accepted =
    Accepted { call: "analyzeNode", own: &["node"], refused: &[LISTS_NOTHING, NOT_PROVEN] };
pub(super) const NODES: Accepted = call("analyzeNodes", &[LISTS_NOTHING, NOT_PROVEN]);
pub(super) const INTACT_NODES: Accepted = Accepted {
    call: "analyzeIntactNodes",
    own: &["illBehaved"],
    refused: &[("groupBy", "its answer is about nodes"), LISTS_NOTHING, NOT_PROVEN],
};
pub(super) const CRITICAL_GROUPS: Accepted =
    Accepted { call: "analyzeCriticalGroups", own: &["candidates"], refused: &[LISTS_NOTHING] };
pub(super) const PLAN_CHANGE: Accepted = Accepted {
    call: "planChange",
    own: &["unit", "floors"],
    refused: &[LISTS_NOTHING, NOT_PROVEN, SEEN_OTHERWISE],
};
pub(super) const SUGGEST_CHANGE: Accepted = Accepted {
    call: "suggestChange",
    own: &["unit", "floors", "quorumSet"],
    refused: &[LISTS_NOTHING, NOT_PROVEN, SEEN_OTHERWISE],
};
pub(super) const PERFORM_ANALYSIS: Accepted =
    call("performAnalysis", &[("groupBy", "it always answers for all four groupings"), LISTS_NOTHING]);
pub(super) const ITERATOR: Accepted = call(
    "an iterator",
    &[
        ("anytime", "it has handed out what it found so far"),
        ("certificate", "a list is not proven"),
        ("onProgress", "its sets tell how far it is"),
    ],
);
pub(super) const VERIFICATION: Accepted = call(
    "verifyCertificate",
    &[
        ("groupBy", BY_CERTIFICATE),
        ("faultyNodes", BY_CERTIFICATE),
        ("unknownNodes", BY_CERTIFICATE),
        ("reachableFrom", BY_CERTIFICATE),
        ("scope", BY_CERTIFICATE),
        ("ignoreOneNodeQuorums", BY_CERTIFICATE),
        ("limit", BY_CERTIFICATE),
        ("anytime", "a certificate is proven or not; expected timeoutMs and signal only"),
        ("certificate", "it makes none; expected timeoutMs and signal only"),
        ("onProgress", "it finds no bounds; expected timeoutMs and signal only"),
        ("threads", "it works on one thread; expected timeoutMs and signal only"),
    ],
);
