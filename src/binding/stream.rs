//! All minimal sets one by one: an async iterator over sets that are found as they are asked for.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use napi::bindgen_prelude::*;
use napi_derive::napi;

use super::errors::Outcome;
use super::nodes;
use super::options::{CallOptions, OwnOptions};
use super::results::IterationStep;
use super::task::{start, Answer, Call, Returned};
use super::values::SetOfNames;
use crate::analysis::{minimal_sets, MinimalSets, Options, SetsOf};
use crate::budget::Budget;
use crate::network::Network;

/// Most sets that are found ahead of their being asked for.
const MOST_AHEAD: usize = 64;
/// How long sets are found ahead of their being asked for, once there is one to hand out.
const LONGEST_AHEAD: Duration = Duration::from_millis(5);

/// All minimal sets, each found when it is asked for or a little earlier: an async iterator for `for await`. To be asked for one set after
/// the other. Leaving the loop frees what it holds.
#[napi(custom_finalize)]
pub struct MinimalSetsIterator {
    shared: Arc<Shared>,
    options: Options,
    budget: Budget,
    signal: Option<ObjectRef<false>>,
}

/// What worker threads and JavaScript share.
struct Shared {
    /// Held by the worker thread that looks for sets, maybe for long.
    source: Mutex<Source>,
    /// Found and not handed out yet.
    ahead: Mutex<VecDeque<SetOfNames>>,
    is_over: AtomicBool,
}

enum Source {
    /// Nobody has asked yet.
    New(Arc<Network>, SetsOf),
    Open {
        sets: Box<MinimalSets>,
        left: usize,
    },
    Closed,
}

impl Returned for IterationStep {}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Finds at least one more set, if there is one and nobody else was faster.
    fn find(&self, options: &Options, budget: &Budget) -> Outcome<Option<SetOfNames>> {
        let mut source = locked(&self.source);
        if let Some(found) = locked(&self.ahead).pop_front() {
            return Ok(Some(found));
        }
        let found = self.advance(&mut source, options, budget);
        if !matches!(found, Ok(Some(_))) || self.is_over.load(Ordering::Acquire) {
            *source = Source::Closed;
        }
        found
    }

    fn advance(
        &self,
        source: &mut Source,
        options: &Options,
        budget: &Budget,
    ) -> Outcome<Option<SetOfNames>> {
        if let Source::New(network, of) = source {
            nodes::check(network, options)?;
            let sets = Box::new(minimal_sets(network, *of, options, budget)?);
            *source = Source::Open { sets, left: options.limit.unwrap_or(usize::MAX) };
        }
        let Source::Open { sets, left } = source else { return Ok(None) };
        let mut first = None;
        let start = Instant::now();
        for _ in 0..MOST_AHEAD.min(*left) {
            let Some(set) = sets.next_set(budget)? else { break };
            *left -= 1;
            match first {
                None => first = Some(SetOfNames(set)),
                Some(_) => locked(&self.ahead).push_back(SetOfNames(set)),
            }
            if start.elapsed() >= LONGEST_AHEAD {
                break;
            }
        }
        Ok(first)
    }
}

impl MinimalSetsIterator {
    /// All minimal sets of a network, on demand.
    pub(super) fn new(network: Arc<Network>, of: SetsOf, options: CallOptions) -> Outcome<Self> {
        let CallOptions { analysis, budget, signal, .. } = options;
        Ok(MinimalSetsIterator {
            shared: Arc::new(Shared {
                source: Mutex::new(Source::New(network, of)),
                ahead: Mutex::default(),
                is_over: AtomicBool::new(false),
            }),
            options: analysis,
            budget,
            signal: signal.map(|signal| signal.create_ref()).transpose()?,
        })
    }

    /// Frees what it holds; a worker thread that looks for sets at the moment frees the rest.
    fn close(&mut self, env: &Env) -> Result<()> {
        self.shared.is_over.store(true, Ordering::Release);
        locked(&self.shared.ahead).clear();
        if let Ok(mut source) = self.shared.source.try_lock() {
            *source = Source::Closed;
        }
        self.signal.take().map_or(Ok(()), |signal| signal.unref(env))
    }

    fn is_aborted(&self, env: &Env) -> Result<bool> {
        match &self.signal {
            Some(signal) => signal.get_value(env)?.get_named_property("aborted"),
            None => Ok(false),
        }
    }
}

impl ObjectFinalize for MinimalSetsIterator {
    fn finalize(mut self, env: Env) -> Result<()> {
        self.close(&env)
    }
}

#[napi]
impl MinimalSetsIterator {
    /// The next set, sorted. Rejects like every analysis; afterwards it is at its end.
    #[napi(ts_return_type = "Promise<IteratorResult<string[], undefined>>")]
    pub fn next<'env>(&mut self, env: &'env Env) -> Result<Object<'env>> {
        if !self.is_aborted(env)? {
            if let Some(set) = locked(&self.shared.ahead).pop_front() {
                return resolved(env, IterationStep::of(Some(set)));
            }
        }
        if self.shared.is_over.load(Ordering::Acquire) {
            return resolved(env, IterationStep::of(None));
        }
        let signal = self.signal.as_ref().map(|signal| signal.get_value(env)).transpose()?;
        let (analysis, budget) = (self.options.clone(), self.budget.clone());
        let options = CallOptions {
            analysis,
            budget,
            signal,
            on_progress: None,
            asks_for_certificate: false,
            own: OwnOptions::default(),
        };
        let shared = self.shared.clone();
        let work = move |options: &Options, budget: &Budget| {
            Ok(Answer::of(IterationStep::of(shared.find(options, budget)?)))
        };
        start(env, Ok(Call::new(options, work)))
    }

    /// Ends the iteration. `for await` calls it when its loop is left early.
    #[napi(js_name = "return", ts_return_type = "Promise<IteratorResult<string[], undefined>>")]
    pub fn end<'env>(&mut self, env: &'env Env) -> Result<Object<'env>> {
        self.close(env)?;
        resolved(env, IterationStep::of(None))
    }

    /// Itself: so that `for await` takes it.
    #[napi(well_known_symbol = "asyncIterator", ts_return_type = "this")]
    pub fn itself<'env>(&self, this: This<'env>) -> Object<'env> {
        this.object
    }
}

fn resolved<'env>(env: &'env Env, step: IterationStep) -> Result<Object<'env>> {
    let promise = PromiseRaw::resolve(env, step)?;
    Object::from_unknown(promise.to_unknown())
}
