//! One call as one task on a libuv worker thread, with a promise that an abort rejects at once.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::*;
use napi::JsDeferred;

use super::caller;
use super::errors::{Failure, Outcome};
use super::lifetime::Lifetime;
use super::options::CallOptions;
use super::progress::Listener;
use crate::analysis::Options;
use crate::budget::Budget;

type Deferred = JsDeferred<ObjectRef<false>, Resolver>;
type Resolver = Box<dyn FnOnce(Env) -> Result<ObjectRef<false>> + Send>;
/// What a call does on a worker thread.
type Work = Box<dyn FnOnce(&Options, &Budget) -> Outcome<Answer> + Send>;

/// What calls return.
pub(super) trait Returned: ToNapiValue + 'static {
    /// Tells V8 what it has to know before JavaScript gets it.
    fn announce(&self, _env: &Env) -> Result<()> {
        Ok(())
    }
}

/// An answer of any kind on its way to JavaScript. All that follows is compiled once, not once for each kind.
pub(super) struct Answer(Resolver);

impl Answer {
    /// A result.
    pub fn of<R: Returned + Send>(result: R) -> Self {
        Answer(Box::new(move |env| {
            result.announce(&env)?;
            let object = Object::from_unknown(result.into_unknown(&env)?)?;
            // A reference, as a value itself would not outlive this closure; napi frees it when the promise has it.
            object.create_ref()
        }))
    }
}

/// A promise that is settled once, by whoever comes first: the finished work or the abort.
#[derive(Clone)]
struct Settlement(Arc<Mutex<Option<Deferred>>>);

impl Settlement {
    fn take(&self) -> Option<Deferred> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn resolve(&self, answer: Answer) {
        if let Some(deferred) = self.take() {
            deferred.resolve(answer.0);
        }
    }

    fn reject(&self, env: &Env, failure: Failure, cause: Option<Unknown>) -> Result<()> {
        if let Some(deferred) = self.take() {
            // A promise that is resolved with a rejected one is rejected with its error as it is. See `Failure::thrown`.
            let error: ObjectRef<false> = failure.to_js(env, cause)?.create_ref()?;
            deferred.resolve(Box::new(|env| {
                let rejected = PromiseRaw::<()>::reject(&env, error)?;
                Object::from_unknown(rejected.to_unknown())?.create_ref()
            }));
        }
        Ok(())
    }
}

/// The listener of a call on its signal, so that it can be removed when the call is over.
struct Subscription {
    signal: ObjectRef<false>,
    on_abort: FunctionRef<(), ()>,
}

/// Work under way.
struct Background {
    work: Option<Box<dyn FnOnce() -> Outcome<Answer> + Send>>,
    settlement: Settlement,
    subscription: Option<Subscription>,
    listener: Option<Listener>,
}

impl Task for Background {
    type Output = Outcome<Answer>;
    type JsValue = ();

    fn compute(&mut self) -> Result<Self::Output> {
        Ok(match self.work.take() {
            Some(work) => contained(work),
            None => Err(Failure::Internal("work was started twice".into())),
        })
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<()> {
        if let Some(listener) = &self.listener {
            listener.silence();
        }
        match output {
            Ok(answer) => {
                self.settlement.resolve(answer);
                Ok(())
            }
            Err(failure) => self.settlement.reject(&env, failure, None),
        }
    }

    fn finally(self, env: Env) -> Result<()> {
        if let Some(Subscription { signal, on_abort }) = self.subscription {
            // The call is settled: a signal that cannot be left has nobody left to tell, and an error here would end the process.
            let _ = caller::leave(&env, signal.get_value(&env)?, on_abort.borrow_back(&env)?)?;
            signal.unref(&env)?;
        }
        Ok(())
    }
}

/// Does the work; a panic that crosses into Node.js would end the process.
fn contained<R>(work: impl FnOnce() -> Outcome<R>) -> Outcome<R> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let message = panic.downcast_ref::<&str>().map(|text| text.to_string());
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Failure::Internal(format!("panic: {}", message.unwrap_or_default())))
    })
}

/// A call that was read without an error: its options and what it does on a worker thread.
pub(super) struct Call<'env> {
    options: CallOptions<'env>,
    work: Work,
}

impl<'env> Call<'env> {
    /// A call with these options that does this.
    pub fn new(
        options: CallOptions<'env>,
        work: impl FnOnce(&Options, &Budget) -> Outcome<Answer> + Send + 'static,
    ) -> Self {
        Call { options, work: Box::new(work) }
    }
}

/// Starts a call and returns its promise. What is wrong with its arguments rejects the promise, too.
pub(super) fn start<'env>(env: &'env Env, call: Outcome<Call<'env>>) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred::<ObjectRef<false>, Resolver>()?;
    let settlement = Settlement(Arc::new(Mutex::new(Some(deferred))));
    match call {
        Ok(call) => {
            // A promise that nobody settles would keep the process alive.
            if let Err(failure) = launch(env, call, &settlement) {
                settlement.reject(env, failure, None)?;
            }
        }
        Err(failure) => settlement.reject(env, failure, None)?,
    }
    Ok(promise)
}

/// Does a call at once, on the thread of JavaScript, and returns its answer.
pub(super) fn block<'env>(env: &'env Env, call: Outcome<Call>) -> Result<Object<'env>> {
    let outcome = call.and_then(|Call { options, work }| {
        let CallOptions { analysis, budget, .. } = options.of_blocking_call()?;
        contained(|| work(&analysis, &budget))
    });
    let answer = outcome.map_err(|failure| failure.thrown(env))?;
    Object::from_unknown((answer.0)(*env)?.into_unknown(env)?)
}

fn launch(env: &Env, call: Call, settlement: &Settlement) -> Outcome<()> {
    let Call { options: CallOptions { analysis, mut budget, signal, on_progress, .. }, work } = call;
    let lifetime = Lifetime::begin(env)?;
    let mut subscription = None;
    if let Some(signal) = signal {
        // With `anytime` the work itself says what it found.
        let rejects = (!analysis.anytime).then(|| settlement.clone());
        if signal.get_named_property::<bool>("aborted")? {
            lifetime.end();
            if let Some(settlement) = rejects {
                return Ok(settlement.reject(env, Failure::Aborted, signal.get::<Unknown>("reason")?)?);
            }
        } else {
            subscription = Some(subscribe(env, signal, lifetime.clone(), rejects)?);
        }
    }
    let mut listener = None;
    if let Some(on_progress) = on_progress {
        let (new, watch) = Listener::new(env, on_progress)?;
        listener = Some(new);
        budget = budget.with_watch(watch);
    }
    let budget = budget.with_cancellation(move || lifetime.is_over());
    let work = Box::new(move || work(&analysis, &budget));
    env.spawn(Background { work: Some(work), settlement: settlement.clone(), subscription, listener })?;
    Ok(())
}

/// Listens to a signal: when it fires, the work is told to stop and the promise is rejected at once, even if the work is still queued.
fn subscribe(
    env: &Env,
    signal: Object,
    lifetime: Arc<Lifetime>,
    rejects: Option<Settlement>,
) -> Outcome<Subscription> {
    let on_abort = env.create_function_from_closure::<(), (), _>("onAbort", move |context| {
        lifetime.end();
        if let Some(settlement) = &rejects {
            let reason = context.this::<Object>()?.get::<Unknown>("reason")?;
            settlement.reject(context.env, Failure::Aborted, reason)?;
        }
        Ok(())
    })?;
    let subscribed = on_abort.create_ref()?;
    if let Err(problem) = caller::listen(env, signal, on_abort)? {
        return Err(Failure::InvalidInput(format!("options.signal: {problem}")));
    }
    Ok(Subscription { signal: signal.create_ref()?, on_abort: subscribed })
}
