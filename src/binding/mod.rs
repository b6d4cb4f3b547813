//! The interface to Node.js: types, conversion, one task for each call. No analysis is implemented here.
//!
//! Functions that analyse return promises, and the work runs on libuv's worker threads; those that end in `Sync` block.

mod accepted;
mod caller;
mod change;
mod errors;
mod input;
mod lifetime;
mod network_class;
mod nodes;
mod options;
mod progress;
mod question;
mod results;
mod spelling;
mod stream;
mod suggestion;
mod task;
mod values;

use std::sync::Arc;

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::analysis;
use crate::budget::Budget;
use crate::network::{self, preprocess as preprocess_nodes};
use crate::sat::SOLVER;
use accepted::*;
use errors::Outcome;
use input::{is_absent, plain_text, Input};
use network_class::FbasNetwork;
use options::CallOptions;
use question::{
    computed, of_every_node, proven, summary, unproven, verification, Analysis, Answering, Question,
};
use results::*;
use spelling::Fields;
use suggestion::{adoption, Suggestion};
use task::{block, start, Answer, Call, Returned};
use values::JsonText;

/// Reads the arguments of an analysis, whose work parses first.
fn read<'env, T: 'static, R: From<analysis::Timed<T>> + Returned + Send>(
    env: &'env Env,
    (nodes, organizations, options): (Unknown, Option<Unknown>, Option<Unknown<'env>>),
    accepted: Accepted,
    analysis: Analysis<T>,
    answer: Answering<T, R>,
) -> Outcome<Call<'env>> {
    let mut options = CallOptions::read(env, options, &accepted)?;
    let question = Question::of(&mut options, analysis, answer);
    let input = Input::read(env, nodes, organizations)?;
    Ok(Call::new(options, move |options, budget| question.answer(&input.parse()?, options, budget)))
}

/// Declares an analysis four times: as a function and as a method of a parsed network, each with a form that blocks. `$args` are its arguments
/// in TypeScript, `$method_args` those of the methods.
macro_rules! analysis {
    // Docs and types are plain strings here: napi-derive does not read what went through a macro otherwise.
    ($doc:tt $name:ident $blocking:ident $promise:tt $result_name:tt $result:ident $accepted:ident $args:tt $method_args:tt, $analysis:expr, $answer:ident) => {
        #[doc = $doc]
        #[napi(ts_args_type = $args, ts_return_type = $promise)]
        pub fn $name<'env>(
            env: &'env Env,
            nodes: Unknown<'env>,
            organizations: Option<Unknown<'env>>,
            options: Option<Unknown<'env>>,
        ) -> Result<Object<'env>> {
            start(env, read::<_, $result>(env, (nodes, organizations, options), $accepted, $analysis, $answer))
        }

        #[doc = $doc]
        #[doc = ""]
        #[doc = "Blocks the event loop until the answer is there: for scripts. Throws what the other form rejects with."]
        #[napi(ts_args_type = $args, ts_return_type = $result_name)]
        pub fn $blocking<'env>(
            env: &'env Env,
            nodes: Unknown<'env>,
            organizations: Option<Unknown<'env>>,
            options: Option<Unknown<'env>>,
        ) -> Result<Object<'env>> {
            block(env, read::<_, $result>(env, (nodes, organizations, options), $accepted, $analysis, $answer))
        }

        impl Returned for $result {}

        #[napi]
        impl FbasNetwork {
            #[doc = $doc]
            #[napi(ts_args_type = $method_args, ts_return_type = $promise)]
            pub fn $name<'env>(
                &self,
                env: &'env Env,
                options: Option<Unknown<'env>>,
            ) -> Result<Object<'env>> {
                start(env, self.call::<_, $result>(env, options, $accepted, $analysis, $answer))
            }

            #[doc = $doc]
            #[doc = ""]
            #[doc = "Blocks the event loop until the answer is there: for scripts. Throws what the other form rejects with."]
            #[napi(ts_args_type = $method_args, ts_return_type = $result_name)]
            pub fn $blocking<'env>(
                &self,
                env: &'env Env,
                options: Option<Unknown<'env>>,
            ) -> Result<Object<'env>> {
                block(env, self.call::<_, $result>(env, options, $accepted, $analysis, $answer))
            }
        }
    };
}

/// Declares analyses that have no options of their own.
macro_rules! analyses {
    ($($doc:tt $name:ident $blocking:ident $promise:tt $result_name:tt $result:ident $accepted:ident, $analysis:path, $answer:ident;)*) => {$(
        analysis! {
            $doc $name $blocking $promise $result_name $result $accepted
            "nodes: NetworkInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null"
            "options?: AnalysisOptions | null",
            |network, _, options, budget| Ok($analysis(network, options, budget)?), $answer
        }
    )*};
}

analyses! {
    "Whether every two quorums share a node, with two disjoint ones if not. Refuses `groupBy` and `limit`."
    analyze_quorum_intersection analyze_quorum_intersection_sync "Promise<QuorumIntersectionResult>" "QuorumIntersectionResult" QuorumIntersectionResult QUORUM_INTERSECTION, analysis::quorum_intersection, proven;

    "The union of all minimal quorums; by group, the groups of its nodes. Refuses `limit`."
    analyze_top_tier analyze_top_tier_sync "Promise<TopTierResult>" "TopTierResult" TopTierResult TOP_TIER, analysis::top_tier, proven;

    "The core: the strongly connected parts of the network that contain a quorum, unknown nodes that may join any counted in with each; by group, the groups of its nodes. Everybody else only follows. Refuses `limit` and `certificate`."
    analyze_core analyze_core_sync "Promise<CoreResult>" "CoreResult" CoreResult CORE, analysis::core, computed;

    "The quorum set that exactly the nodes it names share and that no quorum avoids, if there is one. Refuses `groupBy`, `limit` and `certificate`."
    analyze_symmetric_top_tier analyze_symmetric_top_tier_sync "Promise<SymmetricTopTierResult>" "SymmetricTopTierResult" SymmetricTopTierResult SYMMETRIC_TOP_TIER, analysis::symmetric_top_tier, computed;

    "How few nodes or groups can halt the network by stopping: a smallest set that no quorum avoids."
    analyze_blocking_sets analyze_blocking_sets_sync "Promise<BlockingSetsResult>" "BlockingSetsResult" BlockingSetsResult BLOCKING_SETS, analysis::blocking_sets, proven;

    "How few nodes or groups can, if Byzantine, make the rest of the network diverge, with the two quorums that do."
    analyze_splitting_sets analyze_splitting_sets_sync "Promise<SplittingSetsResult>" "SplittingSetsResult" SplittingSetsResult SPLITTING_SETS, analysis::splitting_sets, proven;

    "Whether every two quorums share a node, with two disjoint ones if not, and a smallest quorum."
    analyze_quorums analyze_quorums_sync "Promise<QuorumsResult>" "QuorumsResult" QuorumsResult QUORUMS, analysis::quorums, proven;

    "How few history archives, if they fail, leave a quorum that closes ledgers nobody archives."
    analyze_history_critical analyze_history_critical_sync "Promise<HistoryCriticalResult>" "HistoryCriticalResult" HistoryCriticalResult HISTORY_CRITICAL, analysis::history_critical, proven;

    "Every analysis above in one call, sharing one parsed network. The symmetric top tier is always one of nodes."
    analyze_full analyze_full_sync "Promise<FullAnalysis>" "FullAnalysis" FullAnalysis FULL, analysis::full_analysis, summary;

    "All four groupings, filtered and unfiltered: the figures a network explorer stores after each scan. Refuses `groupBy` and `limit`. Stray nodes, which are a quorum all by themselves and which no other live node names, are left out unless `ignoreOneNodeQuorums` is false; `faultyNodes` bear on the filtered blocking figures only."
    perform_analysis perform_analysis_sync "Promise<AnalysisResult>" "AnalysisResult" AnalysisResult PERFORM_ANALYSIS, analysis::perform_analysis, summary;

    "All that `analyzeNode` says, of every node. What nodes have in common is worked out once, so that it takes a fraction of that many calls. Refuses `limit` and `certificate`."
    analyze_nodes analyze_nodes_sync "Promise<NodesResult>" "NodesResult" NodesResult NODES, analysis::every_node, of_every_node;
}

analysis! {
    "One node: whether it is in a quorum, the core and the top tier; who can halt it or split it off; who depends on it, who names it and whom it reaches; and what is wrong in its quorum set for it. Refuses `limit` and `certificate`."
    analyze_node analyze_node_sync "Promise<NodeResult>" "NodeResult" NodeResult NODE
    "nodes: NetworkInput, organizations: OrganizationsInput | null | undefined, options: NodeOptions"
    "options: NodeOptions",
    |network, own, options, budget| Ok(analysis::one_node(network, own.node(network)?, options, budget)?), computed
}

analysis! {
    "Who is intact, safe and live whatever the ill-behaved nodes do, and who is befouled. Refuses `groupBy`, `limit` and `certificate`."
    analyze_intact_nodes analyze_intact_nodes_sync "Promise<IntactNodesResult>" "IntactNodesResult" IntactNodesResult INTACT_NODES
    "nodes: NetworkInput, organizations: OrganizationsInput | null | undefined, options: IntactNodesOptions"
    "options: IntactNodesOptions",
    |network, own, options, budget| Ok(analysis::intact_nodes(network, own.ill_behaved()?, options, budget)?), computed
}

analysis! {
    "Which groups are one misconfiguration away from a split of a network that does not split now. Refuses `limit`."
    analyze_critical_groups analyze_critical_groups_sync "Promise<CriticalGroupsResult>" "CriticalGroupsResult" CriticalGroupsResult CRITICAL_GROUPS
    "nodes: NetworkInput, organizations?: OrganizationsInput | null, options?: CriticalGroupsOptions | null"
    "options?: CriticalGroupsOptions | null",
    |network, own, options, budget| Ok(analysis::critical_groups(network, own.candidates, options, budget)?), proven
}

analysis! {
    "The fewest nodes or, with `unit`, groups that have to adopt a quorum set so that the network is safe, and in which order they can: where it splits today, has no quorum, or a smallest set is below its floor. Unless `quorumSet` says which, it is the one that most members of the core ask for. More adopters are not always better. Refuses `limit`, `certificate` and `reachableFrom`."
    suggest_change suggest_change_sync "Promise<Suggestion>" "Suggestion" Suggestion SUGGEST_CHANGE
    "nodes: NetworkInput, organizations?: OrganizationsInput | null, options?: SuggestOptions | null"
    "options?: SuggestOptions | null",
    adoption, unproven
}

/// Checks a certificate about a network: witnesses by the definitions, counting by counting again, refutations with a checker of proofs that
/// is not ours. What it makes use of shares nothing with the analyses but the parsing of networks.
#[napi(
    ts_args_type = "nodes: NetworkInput, organizations: OrganizationsInput | null | undefined, certificate: Certificate | string | Uint8Array, options?: VerificationOptions | null",
    ts_return_type = "Promise<VerificationResult>"
)]
pub fn verify_certificate<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    certificate: Unknown<'env>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    let read = || {
        let input = Input::read(env, nodes, organizations)?;
        verification(env, certificate, options, move || Ok(Arc::new(input.parse()?)))
    };
    start(env, read())
}

impl Returned for PreprocessResult {}

/// Drops nodes without a usable quorum set and references to nodes that are not listed; thresholds stay.
#[napi(ts_args_type = "nodes: NetworkInput", ts_return_type = "Promise<PreprocessResult>")]
pub fn preprocess<'env>(env: &'env Env, nodes: Unknown<'env>) -> Result<Object<'env>> {
    let read = || -> Outcome<Call<'env>> {
        let options = CallOptions::none();
        let input = Input::read(env, nodes, None)?;
        Ok(Call::new(options, move |_: &_, _: &Budget| {
            let (nodes, found) = preprocess_nodes(input.nodes())?;
            let nodes = JsonText(serde_json::Value::from(nodes).to_string());
            Ok(Answer::of(PreprocessResult { nodes, findings: findings(&found, Fields::Own) }))
        }))
    };
    start(env, read())
}

/// The quorum set that a configuration means: a `stellar-core.cfg` (TOML), which either writes it out as `QUORUM_SET` or lists `VALIDATORS`
/// by quality and home domain, or MobileCoin's `network.toml` or its JSON. Throws INVALID_INPUT with line and key.
///
/// A node that validates counts itself in. Its key follows from `NODE_SEED`, which is secret and is not read: pass the key.
#[napi(ts_args_type = "config: string, publicKey?: string | null", catch_unwind)]
pub fn quorum_set_of_config(
    env: &Env,
    config: Unknown,
    public_key: Option<Unknown>,
) -> Result<Configuration> {
    let read = || -> Outcome<Configuration> {
        let config = plain_text(config, "config")?;
        let own_key = match public_key {
            Some(value) if !is_absent(&value)? => Some(plain_text(value, "publicKey")?),
            _ => None,
        };
        let found = network::quorum_set_of_config(&config, own_key.as_deref())?;
        Ok(Configuration {
            quorum_set: found.quorum_set.into(),
            public_key: own_key.map_or(Either::B(Null), Either::A),
            findings: findings(&found.findings, Fields::Own),
        })
    };
    read().map_err(|failure| failure.thrown(env))
}

/// What is loaded and that it answers.
#[napi(catch_unwind)]
pub fn health() -> Health {
    Health {
        status: "healthy".to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        solver: SOLVER.to_string(),
        // In WebAssembly there is no name of a system.
        target: [std::env::consts::ARCH, std::env::consts::OS].join("-").trim_end_matches('-').to_string(),
    }
}
