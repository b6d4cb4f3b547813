//! One call as one task on a libuv worker thread, with a promise that an abort rejects at once.

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::*;
use napi::JsDeferred;

use super::errors::Failure;
use super::options::CallOptions;
use crate::analysis::Options;
use crate::budget::{Budget, CancelFlag};

type Resolver<R> = Box<dyn FnOnce(Env) -> Result<R>>;
type Outcome<R> = std::result::Result<R, Failure>;
type Deferred<R> = JsDeferred<R, Resolver<R>>;
type Listener<'env> = Function<'env, (), ()>;
/// `addEventListener` or `removeEventListener`.
type Listening<'env> = Function<'env, FnArgs<(&'static str, Listener<'env>)>, ()>;
/// What a call does on a worker thread.
pub(super) type Work<R> = Box<dyn FnOnce(&Options, &Budget) -> Outcome<R> + Send>;

/// A promise that is settled once, by whoever comes first: the finished work or the abort.
struct Settlement<R: ToNapiValue + 'static>(Arc<Mutex<Option<Deferred<R>>>>);

impl<R: ToNapiValue + 'static> Clone for Settlement<R> {
    fn clone(&self) -> Self {
        Settlement(self.0.clone())
    }
}

impl<R: ToNapiValue + 'static> Settlement<R> {
    fn take(&self) -> Option<Deferred<R>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn resolve(&self, result: R) {
        if let Some(deferred) = self.take() {
            deferred.resolve(Box::new(move |_| Ok(result)));
        }
    }

    fn reject(&self, env: &Env, failure: Failure, cause: Option<Unknown>) {
        if let Some(deferred) = self.take() {
            deferred.reject(failure.into_js(env, cause));
        }
    }
}

/// The listener of a call on its signal, so that it can be removed when the call is over.
struct Subscription {
    signal: ObjectRef<false>,
    listener: FunctionRef<(), ()>,
}

/// Work under way.
struct Background<R: ToNapiValue + 'static> {
    work: Option<Box<dyn FnOnce() -> Outcome<R> + Send>>,
    settlement: Settlement<R>,
    subscription: Option<Subscription>,
}

impl<R: ToNapiValue + Send + 'static> Task for Background<R> {
    type Output = Outcome<R>;
    type JsValue = ();

    fn compute(&mut self) -> Result<Self::Output> {
        let Some(work) = self.work.take() else {
            return Ok(Err(Failure::Internal("work was started twice".into())));
        };
        // A panic that crosses into Node.js would end the process.
        Ok(catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
            let message = panic.downcast_ref::<&str>().map(|text| text.to_string());
            let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
            Err(Failure::Internal(format!("panic: {}", message.unwrap_or_default())))
        }))
    }

    fn resolve(&mut self, env: Env, output: Self::Output) -> Result<()> {
        match output {
            Ok(result) => self.settlement.resolve(result),
            Err(failure) => self.settlement.reject(&env, failure, None),
        }
        Ok(())
    }

    fn finally(self, env: Env) -> Result<()> {
        if let Some(Subscription { signal, listener }) = self.subscription {
            let target = signal.get_value(&env)?;
            let remove: Listening = target.get_named_property("removeEventListener")?;
            remove.apply(target, FnArgs::from(("abort", listener.borrow_back(&env)?)))?;
            signal.unref(&env)?;
        }
        Ok(())
    }
}

/// A call that was read without an error: its options and what it does on a worker thread.
pub(super) struct Call<'env, R> {
    /// What the options say.
    pub options: CallOptions<'env>,
    /// What to do.
    pub work: Work<R>,
}

/// Starts a call and returns its promise. What is wrong with its arguments rejects the promise, too.
pub(super) fn start<'env, R: ToNapiValue + Send + 'static>(
    env: &'env Env,
    call: Outcome<Call<'env, R>>,
) -> Result<Object<'env>> {
    let (deferred, promise) = env.create_deferred::<R, Resolver<R>>()?;
    let settlement = Settlement(Arc::new(Mutex::new(Some(deferred))));
    match call {
        Ok(call) => launch(env, call, &settlement)?,
        Err(failure) => settlement.reject(env, failure, None),
    }
    Ok(promise)
}

fn launch<R: ToNapiValue + Send + 'static>(
    env: &Env,
    call: Call<R>,
    settlement: &Settlement<R>,
) -> Result<()> {
    let Call { options: CallOptions { analysis, mut budget, signal }, work } = call;
    let mut subscription = None;
    if let Some(signal) = signal {
        if signal.get_named_property::<bool>("aborted")? {
            settlement.reject(env, Failure::Aborted, signal.get::<Unknown>("reason")?);
            return Ok(());
        }
        let cancel = CancelFlag::default();
        budget = budget.with_cancel_flag(cancel.clone());
        subscription = Some(subscribe(env, signal, cancel, settlement.clone())?);
    }
    let work = Box::new(move || work(&analysis, &budget));
    env.spawn(Background { work: Some(work), settlement: settlement.clone(), subscription })?;
    Ok(())
}

/// Listens to a signal: when it fires, the work is told to stop and the promise is rejected at once, even if the work is still queued.
fn subscribe<R: ToNapiValue + Send + 'static>(
    env: &Env,
    signal: Object,
    cancel: CancelFlag,
    settlement: Settlement<R>,
) -> Result<Subscription> {
    let listener = env.create_function_from_closure::<(), (), _>("onAbort", move |context| {
        cancel.cancel();
        let reason = context.this::<Object>()?.get::<Unknown>("reason")?;
        settlement.reject(context.env, Failure::Aborted, reason);
        Ok(())
    })?;
    let add: Listening = signal.get_named_property("addEventListener")?;
    let subscription = Subscription { signal: signal.create_ref()?, listener: listener.create_ref()? };
    add.apply(signal, FnArgs::from(("abort", listener)))?;
    Ok(subscription)
}
