//! A parsed network that JavaScript holds: parse once, analyse often.

use std::sync::Arc;

use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::errors::Failure;
use super::input::Input;
use super::options::{CallOptions, Grouping};
use super::results::*;
use super::task::{start, Call};
use super::{ALL_GROUPINGS, NODES_ONLY};
use crate::analysis::{self, Timed};
use crate::network::Network;

/// A parsed network, kept in native memory: parse once, analyse often. Made by `FbasNetwork.load`.
#[napi]
pub struct FbasNetwork {
    network: Arc<Network>,
}

impl FbasNetwork {
    fn analyse<'env, T: 'static, R: From<Timed<T>> + ToNapiValue + Send + 'static>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
        grouping: Grouping,
        analysis: Analysis<T>,
    ) -> Result<Object<'env>> {
        let network = self.network.clone();
        let call = CallOptions::read(options, grouping).map(|options| Call {
            options,
            work: Box::new(move |options, budget| answer::<T, R>(analysis, &network, options, budget)),
        });
        start(env, call)
    }
}

#[napi]
impl FbasNetwork {
    /// Parses a network on a worker thread.
    #[napi(
        ts_args_type = "nodes: NodesInput, organizations?: OrganizationsInput | null",
        ts_return_type = "Promise<FbasNetwork>"
    )]
    pub fn load<'env>(
        env: &'env Env,
        nodes: Unknown<'env>,
        organizations: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        let read = || -> std::result::Result<Call<'env, FbasNetwork>, Failure> {
            let options = CallOptions::read(None, Grouping::ByOption)?;
            let input = Input::read(env, nodes, organizations)?;
            let work = Box::new(move |_: &_, _: &_| Ok(FbasNetwork { network: Arc::new(input.parse()?) }));
            Ok(Call { options, work })
        };
        start(env, read())
    }

    /// The number of nodes listed in the input, each public key once.
    #[napi(getter)]
    pub fn node_count(&self) -> u32 {
        self.network.listed_count() as u32
    }

    /// What a careful operator should know about the data.
    #[napi(getter)]
    pub fn findings(&self) -> Vec<Finding> {
        findings(self.network.findings())
    }

    /// The union of all minimal quorums; by group, the groups of its nodes.
    #[napi(ts_args_type = "options?: AnalysisOptions | null", ts_return_type = "Promise<TopTierResult>")]
    pub fn analyze_top_tier<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, TopTierResult>(env, options, Grouping::ByOption, analysis::top_tier)
    }

    /// The quorum set that exactly the nodes it names share and that no quorum avoids, if there is one. Refuses `groupBy`.
    #[napi(
        ts_args_type = "options?: AnalysisOptions | null",
        ts_return_type = "Promise<SymmetricTopTierResult>"
    )]
    pub fn analyze_symmetric_top_tier<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, SymmetricTopTierResult>(env, options, NODES_ONLY, analysis::symmetric_top_tier)
    }

    /// How few nodes or groups can halt the network by stopping: a smallest set that no quorum avoids.
    #[napi(ts_args_type = "options?: AnalysisOptions | null", ts_return_type = "Promise<BlockingSetsResult>")]
    pub fn analyze_blocking_sets<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, BlockingSetsResult>(env, options, Grouping::ByOption, analysis::blocking_sets)
    }

    /// How few nodes or groups can, if Byzantine, make the rest of the network diverge, with the two quorums that do.
    #[napi(
        ts_args_type = "options?: AnalysisOptions | null",
        ts_return_type = "Promise<SplittingSetsResult>"
    )]
    pub fn analyze_splitting_sets<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, SplittingSetsResult>(env, options, Grouping::ByOption, analysis::splitting_sets)
    }

    /// Whether every two quorums share a node, with two disjoint ones if not, and a smallest quorum.
    #[napi(ts_args_type = "options?: AnalysisOptions | null", ts_return_type = "Promise<QuorumsResult>")]
    pub fn analyze_quorums<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, QuorumsResult>(env, options, Grouping::ByOption, analysis::quorums)
    }

    /// How few history archives, if they fail, leave a quorum that closes ledgers nobody archives.
    #[napi(
        ts_args_type = "options?: AnalysisOptions | null",
        ts_return_type = "Promise<HistoryCriticalResult>"
    )]
    pub fn analyze_history_critical<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, HistoryCriticalResult>(env, options, Grouping::ByOption, analysis::history_critical)
    }

    /// Every analysis above in one call, sharing one parsed network. The symmetric top tier is always one of nodes.
    #[napi(ts_args_type = "options?: AnalysisOptions | null", ts_return_type = "Promise<FullAnalysis>")]
    pub fn analyze_full<'env>(&self, env: &'env Env, options: Option<Unknown<'env>>) -> Result<Object<'env>> {
        self.analyse::<_, FullAnalysis>(env, options, Grouping::ByOption, analysis::full_analysis)
    }

    /// All four groupings, filtered and unfiltered: the figures a network explorer stores after each scan. Refuses `groupBy`.
    #[napi(ts_args_type = "options?: AnalysisOptions | null", ts_return_type = "Promise<AnalysisResult>")]
    pub fn perform_analysis<'env>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        self.analyse::<_, AnalysisResult>(env, options, ALL_GROUPINGS, analysis::perform_analysis)
    }
}
