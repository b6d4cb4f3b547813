//! The door to Node.js: types, conversion, one task a call. No thinking in here.
//!
//! All functions that analyse return promises; the work runs on libuv's worker threads.

mod errors;
mod input;
mod network_class;
mod options;
mod results;
mod task;

use napi::bindgen_prelude::*;
use napi_derive::napi;

use crate::analysis;
use crate::budget::Budget;
use crate::network::preprocess as preprocess_nodes;
use crate::sat::SOLVER;
use errors::Failure;
use input::Input;
use options::{CallOptions, Grouping};
use results::*;
use task::{start, Call};

const ALL_GROUPINGS: Grouping = Grouping::Refused("this analysis always answers for all four groupings");
const NODES_ONLY: Grouping = Grouping::Refused("a symmetric top tier is a quorum set of nodes");

/// Reads the arguments of an analysis, parses on the worker and analyses there.
fn analyse<'env, T: 'static, R: From<analysis::Timed<T>> + ToNapiValue + Send + 'static>(
    env: &'env Env,
    (nodes, organizations, options): (Unknown, Option<Unknown>, Option<Unknown<'env>>),
    grouping: Grouping,
    analysis: Analysis<T>,
) -> Result<Object<'env>> {
    let read = || -> std::result::Result<Call<'env, R>, Failure> {
        let options = CallOptions::read(options, grouping)?;
        let input = Input::read(env, nodes, organizations)?;
        Ok(Call {
            options,
            work: Box::new(move |options, budget| answer(analysis, &input.parse()?, options, budget)),
        })
    };
    start(env, read())
}

/// The union of all minimal quorums; by group, the groups of its nodes.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<TopTierResult>"
)]
pub fn analyze_top_tier<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, TopTierResult>(env, (nodes, organizations, options), Grouping::ByOption, analysis::top_tier)
}

/// The quorum set that exactly the nodes it names share and that no quorum avoids, if there is one. Refuses `groupBy`.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<SymmetricTopTierResult>"
)]
pub fn analyze_symmetric_top_tier<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, SymmetricTopTierResult>(
        env,
        (nodes, organizations, options),
        NODES_ONLY,
        analysis::symmetric_top_tier,
    )
}

/// How few nodes or groups can halt the network by stopping: a smallest set that no quorum avoids.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<BlockingSetsResult>"
)]
pub fn analyze_blocking_sets<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, BlockingSetsResult>(
        env,
        (nodes, organizations, options),
        Grouping::ByOption,
        analysis::blocking_sets,
    )
}

/// How few nodes or groups can, if Byzantine, make the rest of the network diverge, with the two quorums that do.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<SplittingSetsResult>"
)]
pub fn analyze_splitting_sets<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, SplittingSetsResult>(
        env,
        (nodes, organizations, options),
        Grouping::ByOption,
        analysis::splitting_sets,
    )
}

/// Whether every two quorums share a node, with two disjoint ones if not, and a smallest quorum.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<QuorumsResult>"
)]
pub fn analyze_quorums<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, QuorumsResult>(env, (nodes, organizations, options), Grouping::ByOption, analysis::quorums)
}

/// How few history archives, if they fail, leave a quorum that closes ledgers nobody archives.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<HistoryCriticalResult>"
)]
pub fn analyze_history_critical<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, HistoryCriticalResult>(
        env,
        (nodes, organizations, options),
        Grouping::ByOption,
        analysis::history_critical,
    )
}

/// Every analysis above in one call, sharing one parsed network. The symmetric top tier is always one of nodes.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<FullAnalysis>"
)]
pub fn analyze_full<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, FullAnalysis>(
        env,
        (nodes, organizations, options),
        Grouping::ByOption,
        analysis::full_analysis,
    )
}

/// All four groupings, filtered and unfiltered: the figures a network explorer stores after each scan. Refuses `groupBy`.
///
/// Nodes that are a quorum all by themselves are left out unless `ignoreOneNodeQuorums` is false; `faultyNodes` bear on the filtered
/// blocking figures only.
#[napi(
    ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null, options?: AnalysisOptions | null",
    ts_return_type = "Promise<AnalysisResult>"
)]
pub fn perform_analysis<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    analyse::<_, AnalysisResult>(
        env,
        (nodes, organizations, options),
        ALL_GROUPINGS,
        analysis::perform_analysis,
    )
}

/// Drops nodes without a usable quorum set and references to nodes that are not listed; thresholds stay.
#[napi(ts_args_type = "nodes: NodesInput", ts_return_type = "Promise<PreprocessResult>")]
pub fn preprocess<'env>(env: &'env Env, nodes: Unknown<'env>) -> Result<Object<'env>> {
    let read = || -> std::result::Result<Call<'env, PreprocessResult>, Failure> {
        let options = CallOptions::read(None, Grouping::ByOption)?;
        let input = Input::read(env, nodes, None)?;
        let work = Box::new(move |_: &_, _: &Budget| {
            let (nodes, found) = preprocess_nodes(input.nodes())?;
            Ok(PreprocessResult { nodes, findings: findings(&found) })
        });
        Ok(Call { options, work })
    };
    start(env, read())
}

/// What is loaded and that it answers.
#[napi(catch_unwind)]
pub fn health() -> Health {
    Health {
        status: "healthy".to_string(),
        version: env!("CARGO_PKG_VERSION").to_string(),
        solver: SOLVER.to_string(),
        target: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
    }
}
