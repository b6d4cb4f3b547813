//! `onProgress`: from the threads that work to the function that JavaScript gave.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::Duration;

use napi::bindgen_prelude::*;
use napi::threadsafe_function::ThreadsafeFunctionCallMode;

use super::results::Progress;
use crate::watch::{self, Watch};

/// How often the function is called at most.
const INTERVAL: Duration = Duration::from_millis(50);

/// The function of one call.
pub(super) struct Listener {
    is_silent: Arc<AtomicBool>,
}

impl Listener {
    /// The function, with the watch that calls it. What it throws becomes a warning of the process.
    pub fn new(env: &Env, on_progress: Function<Progress, ()>) -> Result<(Self, Watch)> {
        let is_silent = Arc::new(AtomicBool::new(false));
        let listener = Listener { is_silent: is_silent.clone() };
        let on_progress: FunctionRef<Progress, ()> = on_progress.create_ref()?;
        // This function does nothing: calling what JavaScript gave directly would make what it throws an uncaught exception.
        let nothing = env.create_function_from_closure::<(), (), _>("onProgress", |_| Ok(()))?;
        let function = nothing
            .build_threadsafe_function::<watch::Progress>()
            .weak::<true>()
            .callee_handled::<false>()
            .build_callback(move |context| {
                if !is_silent.load(Ordering::Acquire) {
                    let on_progress = on_progress.borrow_back(&context.env)?;
                    if let Err(error) = on_progress.call(Progress::from(context.value)) {
                        // Where there is no way to warn, either, nothing is left to do.
                        let _ = warn(&context.env, error);
                    }
                }
                Ok(())
            })?;
        let watch = Watch::new(INTERVAL, move |progress| {
            function.call(progress, ThreadsafeFunctionCallMode::NonBlocking);
        });
        Ok((listener, watch))
    }

    /// The call is over: nothing is told any more.
    pub fn silence(&self) {
        self.is_silent.store(true, Ordering::Release);
    }
}

fn warn(env: &Env, error: Error) -> Result<()> {
    let process: Object = env.get_global()?.get_named_property("process")?;
    let emit_warning: Function<Unknown, ()> = process.get_named_property("emitWarning")?;
    let error = JsError::from(error).into_unknown(*env);
    emit_warning.apply(process, error)
}
