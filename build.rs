//! Sets up linking of the Node.js addon when the `node` feature is on: for a system, or as WebAssembly without threads, for web pages.

fn main() {
    println!("cargo::rustc-check-cfg=cfg(single_thread)");
    // What the compiler says of this target it says of the one with threads, too.
    let is_single_threaded = std::env::var("TARGET").as_deref() == Ok("wasm32-wasip1");
    if is_single_threaded {
        println!("cargo::rustc-cfg=single_thread");
    }
    #[cfg(feature = "node")]
    if is_single_threaded {
        link_for_pages();
    } else {
        napi_build::setup();
        // Node.js unloads an addon with the last worker that loaded it, but the threads of the pool live on in its code.
        if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
    }
}

/// Links what `ts/web/` loads. All of Node-API is imported from `@emnapi/core`, so no archive is needed; what napi-build would link without
/// threads is in no release of emnapi.
#[cfg(feature = "node")]
fn link_for_pages() {
    for name in ["malloc", "free", "napi_register_wasm_v1"] {
        println!("cargo:rustc-cdylib-link-arg=--export={name}");
    }
    for flag in ["--export-table", "--import-undefined", "-zstack-size=8388608"] {
        println!("cargo:rustc-cdylib-link-arg={flag}");
    }
}
