//! Decides how long the work of a call goes on: until its signal fires, the process exits, or the worker that asked is terminated.
//!
//! Node.js waits for running work when it exits or terminates a worker, so the work must end by itself. The event 'exit' tells of an exit.
//! Nothing tells of a termination, but while Node.js waits, it still runs the event loop with JavaScript forbidden. So the work calls back
//! now and then, and ends when JavaScript cannot be run.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use napi::bindgen_prelude::*;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};

/// How often work calls back.
const PULSE: Duration = Duration::from_millis(20);

/// `process.on`.
type On<'env> = Function<'env, FnArgs<(&'static str, Function<'env, (), ()>)>, ()>;
type Callback = ThreadsafeFunction<(), (), (), Status, false, true>;

/// Whether the work of one call is still wanted.
pub(super) struct Lifetime {
    state: Arc<State>,
    callback: Callback,
    /// When it called back last.
    pulse: Mutex<Instant>,
}

#[derive(Default)]
struct State {
    is_over: AtomicBool,
    /// A call back is under way.
    is_waiting: AtomicBool,
}

thread_local! {
    /// The calls of this thread's environment; absent before the first.
    static CALLS: RefCell<Option<Vec<Weak<State>>>> = const { RefCell::new(None) };
}

impl Lifetime {
    /// The work is wanted from now on.
    pub fn begin(env: &Env) -> Result<Arc<Self>> {
        let state = Arc::new(State::default());
        let of_callback = state.clone();
        let nothing = env.create_function_from_closure::<(), (), _>("pulse", |_| Ok(()))?;
        let callback = nothing
            .build_threadsafe_function::<()>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(move |context| {
                of_callback.is_waiting.store(false, Ordering::Release);
                // Any access to an object that could run JavaScript.
                if context.env.get_global()?.has_property("process").is_err() {
                    of_callback.is_over.store(true, Ordering::Release);
                }
                Ok(())
            })?;
        register(env, &state)?;
        Ok(Arc::new(Lifetime { state, callback, pulse: Mutex::new(Instant::now()) }))
    }

    /// The work is no longer wanted.
    pub fn end(&self) {
        self.state.is_over.store(true, Ordering::Release);
    }

    /// Whether the work is no longer wanted. To be asked by the work.
    pub fn is_over(&self) -> bool {
        if let Ok(mut pulse) = self.pulse.try_lock() {
            if pulse.elapsed() >= PULSE && !self.state.is_waiting.swap(true, Ordering::AcqRel) {
                *pulse = Instant::now();
                self.callback.call((), ThreadsafeFunctionCallMode::NonBlocking);
            }
        }
        self.state.is_over.load(Ordering::Acquire)
    }
}

/// Remembers a call, so that it ends with the process.
fn register(env: &Env, state: &Arc<State>) -> Result<()> {
    let is_first = CALLS.with_borrow_mut(|calls| {
        let is_first = calls.is_none();
        let calls = calls.get_or_insert_default();
        calls.retain(|call| call.strong_count() > 0);
        calls.push(Arc::downgrade(state));
        is_first
    });
    if is_first {
        let on_exit = env.create_function_from_closure::<(), (), _>("onExit", |_| {
            CALLS.with_borrow(|calls| {
                let calls = calls.iter().flatten().filter_map(Weak::upgrade);
                calls.for_each(|call| call.is_over.store(true, Ordering::Release));
            });
            Ok(())
        })?;
        let process: Object = env.get_global()?.get_named_property("process")?;
        let on: On = process.get_named_property("on")?;
        on.apply(process, FnArgs::from(("exit", on_exit)))?;
    }
    Ok(())
}
