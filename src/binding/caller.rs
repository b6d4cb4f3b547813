//! What the caller passes is read by a script where the caller's own code may run, as only a script can catch all that such code throws.

use napi::bindgen_prelude::*;

use crate::network::{MAX_KEY_BYTES, MAX_NODES, MAX_VALUES};

/// Functions of JavaScript that return `{ value }` or `{ problem }`, and throw nothing.
const READING: &str = include_str!("caller.js");

/// What a signal calls.
pub(super) type OnAbort<'env> = Function<'env, (), ()>;
/// What was read, or what is wrong with it.
type Read<'env> = std::result::Result<Unknown<'env>, String>;

/// The JSON text of a value, or the value itself if it is a text, of at most so many characters.
pub(super) fn text_of<'env>(env: &'env Env, value: Unknown<'env>, most: usize) -> Result<Read<'env>> {
    read(env, "textOf", FnArgs::from((value, MAX_VALUES as f64, most as f64)))
}

/// The options as an object that has nothing of the caller's behind it.
pub(super) fn options_of<'env>(env: &'env Env, options: Unknown<'env>) -> Result<Read<'env>> {
    read(env, "optionsOf", FnArgs::from((options, MAX_NODES as f64, MAX_KEY_BYTES as f64)))
}

/// Calls a function when a signal fires.
pub(super) fn listen<'env>(
    env: &'env Env,
    signal: Object<'env>,
    on_abort: OnAbort<'env>,
) -> Result<Read<'env>> {
    read(env, "listen", FnArgs::from((signal, on_abort)))
}

/// Does not call it any more.
pub(super) fn leave<'env>(
    env: &'env Env,
    signal: Object<'env>,
    on_abort: OnAbort<'env>,
) -> Result<Read<'env>> {
    read(env, "leave", FnArgs::from((signal, on_abort)))
}

fn read<'env, A>(env: &'env Env, name: &str, arguments: FnArgs<A>) -> Result<Read<'env>>
where
    FnArgs<A>: JsValuesTupleIntoVec,
{
    let functions: Object = env.run_script(READING)?;
    let function: Function<FnArgs<A>, Object> = functions.get_named_property(name)?;
    let outcome = function.call(arguments)?;
    Ok(match outcome.get::<String>("problem")? {
        Some(problem) => Err(problem),
        None => Ok(outcome.get_named_property("value")?),
    })
}
