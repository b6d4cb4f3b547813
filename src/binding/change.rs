//! Changes of a network: `changeNetwork` makes the changed one, `planChange` says whether and how one gets there.

use std::sync::Arc;
use std::time::Instant;

use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::accepted::PLAN_CHANGE;
use super::errors::{Failure, Outcome};
use super::input::{self, is_absent, Input};
use super::network_class::FbasNetwork;
use super::options::{CallOptions, OwnOptions};
use super::results::{findings, AnalysisMergedResult, Finding};
use super::spelling::Fields;
use super::task::{block, start, Answer, Call, Returned};
use crate::analysis::{self, rollout, Danger, Options, Rollout, Stage};
use crate::budget::Budget;
use crate::network::{InputError, Network, NetworkChange, Transition};

/// What a network is like on the way from one to another.
#[napi(object, object_from_js = false)]
pub struct PlanStage {
    /// The figures, counted as `groupBy` says. `faultyNodes` are down in all of them.
    pub figures: AnalysisMergedResult,
    /// Whether a quorum exists and every two quorums share a node; false where that was not proven in time.
    pub has_quorum_intersection: bool,
    /// False: there is no splitting set, and `splittingSetsMinSize` is the size of the top tier.
    pub has_splitting_set: bool,
    /// True: all of that is proven. False only with `anytime`: sizes are then the best known.
    pub is_exact: bool,
}

/// Units that may change in any order, and what the network is like when all of them have.
#[napi(object, object_from_js = false)]
pub struct PlanRound {
    /// The units: public keys or group labels, sorted.
    pub units: Vec<String>,
    /// The figures then.
    pub after: AnalysisMergedResult,
    /// Whether a quorum exists then and every two quorums share a node.
    pub has_quorum_intersection: bool,
    /// False: there is no splitting set then, and `splittingSetsMinSize` is the size of the top tier.
    pub has_splitting_set: bool,
    /// True: all of that is proven. False only with `anytime`.
    pub is_exact: bool,
}

/// A state that is not safe.
#[napi(object, object_from_js = false)]
pub struct UnsafeState {
    /// The units that have changed in it, sorted; the others have not.
    pub changed: Vec<String>,
    /// Why: two quorums share no node, there is no quorum, or a smallest set is below its floor.
    #[napi(ts_type = "'split' | 'halt' | 'floor'")]
    pub reason: String,
    /// With 'split': two quorums that share no node. Public keys, sorted.
    #[napi(ts_type = "[string[], string[]] | null")]
    pub disjoint_quorums: Either<Vec<Vec<String>>, Null>,
    /// What the network is like in it.
    pub stage: PlanStage,
}

/// What can be said of a change from one network to another.
#[napi(object, object_from_js = false)]
pub struct Plan {
    /// The units that change: public keys or group labels, sorted. Units whose nodes ask for the same in both networks are not among them.
    pub units: Vec<String>,
    /// Whether every state between the two networks is safe, so that any order will do. Null: not proven in time.
    #[napi(ts_type = "boolean | null")]
    pub any_order_is_safe: Either<bool, Null>,
    /// If not: a state that is not safe, one of the two networks themselves if one of them is not.
    #[napi(ts_type = "UnsafeState | null")]
    pub unsafe_state: Either<UnsafeState, Null>,
    /// As few rounds as possible; the units of one round may change in any order. Null: none exists, or none was found (see isExact).
    #[napi(ts_type = "PlanRound[] | null")]
    pub order: Either<Vec<PlanRound>, Null>,
    /// True: both networks are safe, and no order leads from one to the other, so all units would have to change at once.
    pub all_at_once: bool,
    /// The earlier network.
    pub before: PlanStage,
    /// The later network.
    pub after: PlanStage,
    /// True: whether any order will do is proven, and the order, or that there is none. False only with `anytime`.
    pub is_exact: bool,
    /// What concerns this call: UNKNOWN_FAULTY_NODE, REPORTED_DOWN and NO_GROUP_DATA, and what hangs on nodes of unknown quorum set:
    /// VERDICT_DEPENDS_ON_UNKNOWN_NODES, or NOT_EXACT where there was no time to find out. What hangs of `before` and `after` has a finding of its own.
    pub findings: Vec<Finding>,
    /// Package, version and semantics that produced it, to store beside it.
    pub engine: String,
    /// Wall-clock time of the work on its thread, in milliseconds.
    pub execution_time_ms: f64,
}

impl From<Stage> for PlanStage {
    fn from(stage: Stage) -> Self {
        PlanStage {
            figures: stage.figures.into(),
            has_quorum_intersection: stage.has_quorum_intersection,
            has_splitting_set: stage.has_splitting_set,
            is_exact: stage.is_exact,
        }
    }
}

impl UnsafeState {
    /// A state that is not safe and what the network is like in it, if there is one.
    pub(super) fn of(state: Option<analysis::UnsafeState>, stage: Option<Stage>) -> Option<Self> {
        let (state, stage) = state.zip(stage)?;
        Some(UnsafeState {
            changed: state.changed,
            reason: reason(state.danger).to_string(),
            disjoint_quorums: or_null(state.disjoint_quorums.map(|(a, b)| vec![a, b])),
            stage: stage.into(),
        })
    }
}

/// What results call a danger.
pub(super) fn reason(danger: Danger) -> &'static str {
    match danger {
        Danger::Split => "split",
        Danger::Halt => "halt",
        Danger::Floor => "floor",
    }
}

/// Rounds, and what the network is like after each.
pub(super) fn order_of(rounds: Option<Vec<Vec<String>>>, stages: Vec<Stage>) -> Option<Vec<PlanRound>> {
    let round = |(units, stage): (Vec<String>, Stage)| PlanRound {
        units,
        after: stage.figures.into(),
        has_quorum_intersection: stage.has_quorum_intersection,
        has_splitting_set: stage.has_splitting_set,
        is_exact: stage.is_exact,
    };
    Some(rounds?.into_iter().zip(stages).map(round).collect())
}

impl Plan {
    fn of(rollout: Rollout, began: Instant) -> Self {
        let Rollout { plan, before, after, rounds, unsafe_state, findings: found } = rollout;
        Plan {
            units: plan.units,
            any_order_is_safe: or_null(plan.any_order_is_safe),
            unsafe_state: or_null(UnsafeState::of(plan.unsafe_state, unsafe_state)),
            order: or_null(order_of(plan.rounds, rounds)),
            all_at_once: plan.all_at_once,
            before: before.into(),
            after: after.into(),
            is_exact: plan.is_exact,
            findings: findings(&found, Fields::Own),
            engine: analysis::engine(),
            execution_time_ms: began.elapsed().as_secs_f64() * 1000.0,
        }
    }
}

pub(super) fn or_null<T>(value: Option<T>) -> Either<T, Null> {
    value.map_or(Either::B(Null), Either::A)
}

/// A network that a call is given: parsed already, or as text.
enum Source {
    Held(Arc<Network>, usize),
    Text(Input),
}

impl Source {
    pub(super) fn read(
        env: &Env,
        network: Unknown,
        organizations: Option<Unknown>,
        name: &str,
    ) -> Outcome<Self> {
        if !FbasNetwork::instance_of(env, &network)? {
            return Ok(Source::Text(Input::read(env, network, organizations)?));
        }
        if let Some(organizations) = organizations {
            if !is_absent(&organizations)? {
                let problem = "expected none, as an FbasNetwork has its own";
                return Err(InputError::new("organizations", problem).into());
            }
        }
        let foreign =
            |_| Failure::from(InputError::new(name, "expected an FbasNetwork or what one is made of"));
        let (network, bytes) =
            ClassInstance::<FbasNetwork>::from_unknown(network).map_err(foreign)?.content()?;
        Ok(Source::Held(network, bytes))
    }

    fn network(&self) -> Outcome<Arc<Network>> {
        match self {
            Source::Held(network, _) => Ok(network.clone()),
            Source::Text(input) => Ok(Arc::new(input.parse()?)),
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Source::Held(_, bytes) => *bytes,
            Source::Text(input) => input.bytes(),
        }
    }
}

/// Says of an error in a network which of the two it is.
fn of_side<T>(side: &str, outcome: Outcome<T>) -> Outcome<T> {
    outcome.map_err(|failure| match failure {
        Failure::InvalidInput(message) => Failure::InvalidInput(format!("{side}: {message}")),
        other => other,
    })
}

impl Returned for Plan {}

fn planning<'env>(
    env: &'env Env,
    before: Unknown,
    after: Unknown,
    options: Option<Unknown<'env>>,
) -> Outcome<Call<'env>> {
    let mut options = CallOptions::read(env, options, &PLAN_CHANGE)?;
    let OwnOptions { unit, floors, .. } = std::mem::take(&mut options.own);
    let before = of_side("before", Source::read(env, before, None, "nodes"))?;
    let after = of_side("after", Source::read(env, after, None, "nodes"))?;
    Ok(Call::new(options, move |options: &Options, budget: &Budget| {
        let began = Instant::now();
        let (before, after) = (of_side("before", before.network())?, of_side("after", after.network())?);
        let transition = Transition::between(&before, &after)?;
        let found = rollout(&transition, &unit, floors, options, budget)?;
        Ok(Answer::of(Plan::of(found, began)))
    }))
}

/// Whether a change from one network to another is safe, and in which order it can be rolled out: whether any order of the units will do, or
/// else a state on the way that is not safe, and as few rounds as possible that pass none, or that there are none. A unit is a node or, with
/// `unit`, the nodes of a group; the organization of a node is that of the later network. A state is safe if a quorum exists, every two quorums
/// share a node, and no smallest set, counted as `groupBy` says, is below its floor. Refuses `limit`, `certificate` and `reachableFrom`.
#[napi(
    ts_args_type = "before: FbasNetwork | NetworkInput, after: FbasNetwork | NetworkInput, options?: PlanOptions | null",
    ts_return_type = "Promise<Plan>"
)]
pub fn plan_change<'env>(
    env: &'env Env,
    before: Unknown<'env>,
    after: Unknown<'env>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    start(env, planning(env, before, after, options))
}

/// Whether a change is safe, and in which order it can be rolled out. See `planChange`.
///
/// Blocks the event loop until the answer is there: for scripts. Throws what the other form rejects with.
#[napi(
    ts_args_type = "before: FbasNetwork | NetworkInput, after: FbasNetwork | NetworkInput, options?: PlanOptions | null",
    ts_return_type = "Plan"
)]
pub fn plan_change_sync<'env>(
    env: &'env Env,
    before: Unknown<'env>,
    after: Unknown<'env>,
    options: Option<Unknown<'env>>,
) -> Result<Object<'env>> {
    block(env, planning(env, before, after, options))
}

fn changing<'env>(
    env: &'env Env,
    nodes: Unknown,
    organizations: Option<Unknown>,
    change: Unknown,
) -> Outcome<Call<'env>> {
    let source = Source::read(env, nodes, organizations, "nodes")?;
    let change = input::change(env, change)?;
    Ok(Call::new(CallOptions::none(), move |_: &_, _: &_| {
        let changed = source.network()?.changed(&NetworkChange::parse(&change)?)?;
        Ok(Answer::of(FbasNetwork::holding(changed, source.bytes() + change.len())))
    }))
}

/// The changed network: nodes go, come, get other quorum sets and move to other organizations, in this order. What cannot be done is refused
/// with its place in the change. A quorum set may be one of an explorer or of stellar-core, or stellar-core's answer to `quorum` about its own
/// node; in its entries, names stand for nodes that alone are called so.
#[napi(
    ts_args_type = "nodes: FbasNetwork | NetworkInput, organizations: OrganizationsInput | null | undefined, change: NetworkChange | string | Uint8Array",
    ts_return_type = "Promise<FbasNetwork>"
)]
pub fn change_network<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    change: Unknown<'env>,
) -> Result<Object<'env>> {
    start(env, changing(env, nodes, organizations, change))
}

/// The changed network. See `changeNetwork`.
///
/// Blocks the event loop until the answer is there: for scripts. Throws what the other form rejects with.
#[napi(
    ts_args_type = "nodes: FbasNetwork | NetworkInput, organizations: OrganizationsInput | null | undefined, change: NetworkChange | string | Uint8Array",
    ts_return_type = "FbasNetwork"
)]
pub fn change_network_sync<'env>(
    env: &'env Env,
    nodes: Unknown<'env>,
    organizations: Option<Unknown<'env>>,
    change: Unknown<'env>,
) -> Result<Object<'env>> {
    block(env, changing(env, nodes, organizations, change))
}

#[napi]
impl FbasNetwork {
    /// This network with the nodes and organizations that only an earlier one has, as `planChange` counts and names them. What those nodes
    /// ask for is unknown here. Blocks the event loop while a network that is no `FbasNetwork` is parsed. Throws INVALID_INPUT.
    #[napi(ts_args_type = "earlier: FbasNetwork | NetworkInput", ts_return_type = "FbasNetwork")]
    pub fn with_nodes_of<'env>(&self, env: &'env Env, earlier: Unknown<'env>) -> Result<Object<'env>> {
        let read = || {
            let (network, bytes) = self.content()?;
            let earlier = of_side("earlier", Source::read(env, earlier, None, "nodes"))?;
            Ok(Call::new(CallOptions::none(), move |_: &_, _: &_| {
                let before = of_side("earlier", earlier.network())?;
                let both = Transition::between(&before, &network)?.into_after();
                Ok(Answer::of(FbasNetwork::holding(both, bytes + earlier.bytes())))
            }))
        };
        block(env, read())
    }
}
