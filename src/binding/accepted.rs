//! Which options mean something for which call. What means nothing is refused: whoever sets it expects something of it.
//!
//! docs/usage.md and the comments of the functions say the same; a test tries every option on every function.

/// What a call refuses, among the options that there are.
pub(super) struct Accepted {
    /// What messages call it.
    call: &'static str,
    /// The options that mean nothing for it, each with the reason.
    refused: &'static [(&'static str, &'static str)],
}

impl Accepted {
    /// Why an option means nothing for the call, if it does not.
    pub fn problem(&self, option: &str) -> Option<String> {
        let (_, reason) = self.refused.iter().find(|(name, _)| *name == option)?;
        Some(format!("means nothing for {}: {reason}", self.call))
    }
}

const fn call(call: &'static str, refused: &'static [(&'static str, &'static str)]) -> Accepted {
    Accepted { call, refused }
}

const LISTS_NOTHING: (&str, &str) = ("limit", "it lists no sets");
const PROVES_NOTHING: (&str, &str) =
    ("certificate", "there is nothing to prove, its answer is computed from the definition");
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
/// Those that look for a smallest set, and all of them at once.
pub(super) const SETS: Accepted = call("sets", &[]);
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
        ("scope", BY_CERTIFICATE),
        ("ignoreOneNodeQuorums", BY_CERTIFICATE),
        ("limit", BY_CERTIFICATE),
        ("anytime", "a certificate is proven or not; expected timeoutMs and signal only"),
        ("certificate", "it makes none; expected timeoutMs and signal only"),
        ("onProgress", "it finds no bounds; expected timeoutMs and signal only"),
        ("threads", "it works on one thread; expected timeoutMs and signal only"),
    ],
);
