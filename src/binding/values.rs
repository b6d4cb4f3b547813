//! Values that napi-rs does not know how to hand to JavaScript, or not fast enough. Nothing else in the crate may be unsafe.
//!
//! napi-rs has every conversion declared unsafe, as callers promise that the environment is valid.

#![allow(unsafe_code)]

use std::collections::HashMap;
use std::sync::Arc;

use napi::bindgen_prelude::*;

/// A list of sets of names: every name once, and the sets by its place. JavaScript puts them together.
#[derive(Default)]
pub struct Sets {
    names: Vec<Arc<str>>,
    members: Vec<u32>,
    /// Where in `members` each set ends.
    ends: Vec<u32>,
}

/// Puts a list of sets together in a fraction of the time that it takes from outside, where every element is a call into V8.
const PUT_TOGETHER: &str = include_str!("put_together.js");

impl From<&[Vec<Arc<str>>]> for Sets {
    fn from(sets: &[Vec<Arc<str>>]) -> Self {
        let mut result = Sets::default();
        let mut places: HashMap<*const u8, u32> = HashMap::new();
        for set in sets {
            for name in set {
                let place = *places.entry(name.as_ptr()).or_insert_with(|| {
                    result.names.push(name.clone());
                    result.names.len() as u32 - 1
                });
                result.members.push(place);
            }
            result.ends.push(result.members.len() as u32);
        }
        result
    }
}

/// A value as JavaScript reads it from its text: at once, and so that a property called `__proto__` is a property.
pub struct JsonText(pub(super) String);

impl JsonText {
    /// The text of a value.
    pub fn of(value: &impl serde::Serialize) -> Result<Self> {
        Ok(JsonText(serde_json::to_string(value)?))
    }

    /// The text of a list, one item after the other, as all of them as values would take many times the memory.
    pub fn list(items: impl Iterator<Item = serde_json::Value>) -> Self {
        let items: Vec<String> = items.map(|item| item.to_string()).collect();
        JsonText(format!("[{}]", items.join(",")))
    }
}

impl ToNapiValue for JsonText {
    unsafe fn to_napi_value(env: napi::sys::napi_env, text: Self) -> Result<napi::sys::napi_value> {
        let parse: Function<String, Unknown> = Env::from_raw(env).run_script("JSON.parse")?;
        let value = parse.call(text.0)?;
        Unknown::to_napi_value(env, value)
    }
}

/// A set of names as JavaScript gets it.
pub struct SetOfNames(pub(super) Vec<Arc<str>>);

impl ToNapiValue for Sets {
    unsafe fn to_napi_value(env: napi::sys::napi_env, sets: Self) -> Result<napi::sys::napi_value> {
        let put_together: PutTogether = Env::from_raw(env).run_script(PUT_TOGETHER)?;
        let names = sets.names.iter().map(|name| name.to_string()).collect();
        let lists = (Uint32Array::new(sets.members), Uint32Array::new(sets.ends));
        let sets = put_together.call(FnArgs::from((names, lists.0, lists.1)))?;
        Unknown::to_napi_value(env, sets)
    }
}

/// What [`PUT_TOGETHER`] is.
type PutTogether<'env> = Function<'env, FnArgs<(Vec<String>, Uint32Array, Uint32Array)>, Unknown<'env>>;

impl ToNapiValue for SetOfNames {
    unsafe fn to_napi_value(env: napi::sys::napi_env, set: Self) -> Result<napi::sys::napi_value> {
        let names: Vec<&str> = set.0.iter().map(|name| &**name).collect();
        Vec::to_napi_value(env, names)
    }
}
