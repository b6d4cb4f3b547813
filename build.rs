//! Sets up linking of the Node.js addon when the `node` feature is on.

fn main() {
    #[cfg(feature = "node")]
    {
        napi_build::setup();
        // Node.js unloads an addon with the last worker that loaded it, but the threads of the pool live on in its code.
        if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux") {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
    }
}
