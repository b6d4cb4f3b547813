//! A parsed network that JavaScript holds: parse once, analyse often.

use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::*;
use napi_derive::napi;
use serde_json::json;

use super::accepted::{Accepted, ITERATOR};
use super::errors::{Failure, Outcome};
use super::input::Input;
use super::options::{grouping, CallOptions};
use super::question::{verification, Analysis, Answering, Question};
use super::results::*;
use super::spelling::Fields;
use super::stream::MinimalSetsIterator;
use super::task::{block, start, Answer, Call, Returned};
use super::values::JsonText;
use crate::analysis::{SetsOf, Timed};
use crate::network::{Groups, Network, Organization};

/// A parsed network, kept in native memory: parse once, analyse often. Made by `FbasNetwork.load`.
///
/// It remembers what is expensive to work out and does not depend on what is asked: the reduced system, the core and the verdict on
/// quorum intersection, for the eight ways of reading it (`faultyNodes`, `unknownNodes`, `ignoreOneNodeQuorums`) that were asked for last.
#[napi(custom_finalize)]
pub struct FbasNetwork {
    /// Absent once disposed of.
    held: Mutex<Option<Held>>,
}

/// What a network object holds outside of V8's heap.
struct Held {
    network: Arc<Network>,
    /// About how many bytes it takes. V8 is told, or it would not see why to collect objects that look small.
    weight: i64,
}

/// Bytes in memory for a byte of JSON text, about.
const BYTES_PER_BYTE_OF_TEXT: usize = 2;

impl Returned for FbasNetwork {
    fn announce(&self, env: &Env) -> Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = held.as_ref().map_or(0, |held| held.weight);
        env.adjust_external_memory(weight).map(|_| ())
    }
}

impl ObjectFinalize for FbasNetwork {
    fn finalize(self, env: Env) -> Result<()> {
        self.dispose(&env)
    }
}

impl FbasNetwork {
    /// The parsing of a network as a call.
    fn loading<'env>(
        env: &'env Env,
        nodes: Unknown<'env>,
        organizations: Option<Unknown<'env>>,
    ) -> Outcome<Call<'env>> {
        let options = CallOptions::none();
        let input = Input::read(env, nodes, organizations)?;
        Ok(Call::new(options, move |_: &_, _: &_| {
            Ok(Answer::of(FbasNetwork::holding(input.parse()?, input.bytes())))
        }))
    }

    /// A network that is there already, with about the memory that a text of so many bytes comes to.
    pub(super) fn holding(network: Network, bytes: usize) -> Self {
        let weight = (bytes * BYTES_PER_BYTE_OF_TEXT) as i64;
        FbasNetwork { held: Mutex::new(Some(Held { network: Arc::new(network), weight })) }
    }

    /// An analysis of this network as a call.
    pub(super) fn call<'env, T: 'static, R: From<Timed<T>> + Returned + Send>(
        &self,
        env: &'env Env,
        options: Option<Unknown<'env>>,
        accepted: Accepted,
        analysis: Analysis<T>,
        answer: Answering<T, R>,
    ) -> Outcome<Call<'env>> {
        let network = self.network()?;
        let mut options = CallOptions::read(env, options, &accepted)?;
        let question = Question::of(&mut options, analysis, answer);
        Ok(Call::new(options, move |options, budget| question.answer(&network, options, budget)))
    }

    fn all_sets(&self, env: &Env, of: SetsOf, options: Option<Unknown>) -> Result<MinimalSetsIterator> {
        let sets = || {
            let network = self.network()?;
            MinimalSetsIterator::new(network, of, CallOptions::read(env, options, &ITERATOR)?)
        };
        sets().map_err(|failure| failure.thrown(env))
    }

    /// The network and about how many bytes of text it was.
    pub(super) fn content(&self) -> Outcome<(Arc<Network>, usize)> {
        let network = self.network()?;
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let weight = held.as_ref().map_or(0, |held| held.weight);
        Ok((network, weight as usize / BYTES_PER_BYTE_OF_TEXT))
    }

    fn network(&self) -> Outcome<Arc<Network>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .map(|held| held.network.clone())
            .ok_or_else(|| Failure::InvalidInput("network: it was disposed of".into()))
    }
}

#[napi]
impl FbasNetwork {
    /// Parses a network on a worker thread.
    #[napi(
        ts_args_type = "nodes: NetworkInput, organizations?: OrganizationsInput | null",
        ts_return_type = "Promise<FbasNetwork>"
    )]
    pub fn load<'env>(
        env: &'env Env,
        nodes: Unknown<'env>,
        organizations: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        start(env, Self::loading(env, nodes, organizations))
    }

    /// Parses a network and blocks the event loop meanwhile: for scripts. Throws what the other form rejects with.
    #[napi(
        ts_args_type = "nodes: NetworkInput, organizations?: OrganizationsInput | null",
        ts_return_type = "FbasNetwork"
    )]
    pub fn load_sync<'env>(
        env: &'env Env,
        nodes: Unknown<'env>,
        organizations: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        block(env, Self::loading(env, nodes, organizations))
    }

    /// The number of nodes listed in the input, each public key once.
    #[napi(getter)]
    pub fn node_count(&self, env: &Env) -> Result<u32> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        Ok(network.listed_count() as u32)
    }

    /// The number of organizations listed in the input; those that are only derived from nodes do not count.
    #[napi(getter)]
    pub fn organization_count(&self, env: &Env) -> Result<u32> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        Ok(network.organizations().map_or(0, |organizations| organizations.len()) as u32)
    }

    /// What a careful operator should know about the data.
    #[napi(getter)]
    pub fn findings(&self, env: &Env) -> Result<Vec<Finding>> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        Ok(findings(network.findings(), Fields::Own))
    }

    /// The nodes that the data reports as down (`isValidating: false`), by public key, sorted.
    #[napi(getter)]
    pub fn reported_down(&self, env: &Env) -> Result<Vec<String>> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        Ok(network.keys_of(&network.reported_down()))
    }

    /// SHA-256, in hexadecimal, of a canonical form of the network: two networks with the same hash get the same answers. What people call
    /// nodes and organizations, the order of anything and properties that no answer depends on do not matter; attributes other than
    /// organization, country and isp are none of it. docs/input.md says of what it is. Takes time in proportion to the network.
    #[napi]
    pub fn hash(&self, env: &Env) -> Result<String> {
        Ok(self.network().map_err(|failure| failure.thrown(env))?.hash())
    }

    /// The nodes of the input, in its order, each key once, as network explorers write them, whatever format they came in: with all their
    /// properties, and `quorumSet` null where none is known. Entries of quorum sets are sorted. Takes time in proportion to the network.
    #[napi(ts_return_type = "FbasNode[]")]
    pub fn nodes(&self, env: &Env) -> Result<JsonText> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        Ok(JsonText::list(network.explorer_nodes()))
    }

    /// The organizations that came with the call or, if none did, with the nodes; null if none came at all. Their validators are those that
    /// the network has, sorted; one that two organizations list is with the first.
    #[napi(ts_return_type = "FbasOrganization[] | null")]
    pub fn organizations(&self, env: &Env) -> Result<Either<JsonText, Null>> {
        let network = self.network().map_err(|failure| failure.thrown(env))?;
        let organization = |organization: &Organization| {
            let validators =
                organization.validators.iter().map(|&node| network.key(node)).collect::<Vec<_>>();
            json!({ "id": organization.id, "name": organization.name, "validators": validators })
        };
        Ok(match network.organizations() {
            Some(organizations) => Either::A(JsonText::list(organizations.iter().map(organization))),
            None => Either::B(Null),
        })
    }

    /// The groups whose labels results carry, sorted by label: every node that results can name is in one, those that are named but not
    /// listed included. Without `groupBy` every node stands for itself. Throws INVALID_INPUT.
    #[napi(ts_args_type = "groupBy?: GroupBy | null", ts_return_type = "NetworkGroup[]")]
    pub fn groups(&self, env: &Env, group_by: Option<Unknown>) -> Result<Vec<NetworkGroup>> {
        let groups = || {
            let network = self.network()?;
            let groups = Groups::of(&network, &grouping(group_by)?);
            let members = groups.members();
            Ok(groups
                .iter()
                .zip(members)
                .map(|(group, nodes)| NetworkGroup {
                    label: groups.label(group).to_string(),
                    nodes: nodes.into_iter().map(|node| network.key(node).to_string()).collect(),
                    is_node: groups.is_node(group),
                })
                .collect())
        };
        groups().map_err(|failure: Failure| failure.thrown(env))
    }

    /// Checks a certificate about this network. See the function of this name.
    #[napi(
        ts_args_type = "certificate: Certificate | string | Uint8Array, options?: VerificationOptions | null",
        ts_return_type = "Promise<VerificationResult>"
    )]
    pub fn verify_certificate<'env>(
        &self,
        env: &'env Env,
        certificate: Unknown<'env>,
        options: Option<Unknown<'env>>,
    ) -> Result<Object<'env>> {
        let read = || {
            let network = self.network()?;
            verification(env, certificate, options, move || Ok(network))
        };
        start(env, read())
    }

    /// All minimal quorums or, by group, sets of groups that contain one, in the order of size and names. `limit` ends it early;
    /// `timeoutMs` counts from this call and, like `signal`, rejects the next set that has to be looked for. Throws INVALID_INPUT.
    #[napi(ts_args_type = "options?: AnalysisOptions | null")]
    pub fn minimal_quorums(&self, env: &Env, options: Option<Unknown>) -> Result<MinimalSetsIterator> {
        self.all_sets(env, SetsOf::Quorums, options)
    }

    /// All minimal blocking sets, one by one. See `minimalQuorums`.
    #[napi(ts_args_type = "options?: AnalysisOptions | null")]
    pub fn minimal_blocking_sets(&self, env: &Env, options: Option<Unknown>) -> Result<MinimalSetsIterator> {
        self.all_sets(env, SetsOf::Blocking, options)
    }

    /// All minimal splitting sets, one by one. See `minimalQuorums`.
    #[napi(ts_args_type = "options?: AnalysisOptions | null")]
    pub fn minimal_splitting_sets(&self, env: &Env, options: Option<Unknown>) -> Result<MinimalSetsIterator> {
        self.all_sets(env, SetsOf::Splitting, options)
    }

    /// All minimal history-critical sets, one by one. See `minimalQuorums`.
    #[napi(ts_args_type = "options?: AnalysisOptions | null")]
    pub fn minimal_history_critical_sets(
        &self,
        env: &Env,
        options: Option<Unknown>,
    ) -> Result<MinimalSetsIterator> {
        self.all_sets(env, SetsOf::HistoryCritical, options)
    }

    /// Frees the native memory now, not when the object is collected; calls under way finish first. Afterwards everything else here
    /// ends with INVALID_INPUT. `using network = await FbasNetwork.load(...)` does it at the end of the block.
    #[napi(well_known_symbol = "dispose")]
    pub fn dispose(&self, env: &Env) -> Result<()> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        let weight = held.map_or(0, |held| held.weight);
        env.adjust_external_memory(-weight).map(|_| ())
    }
}
