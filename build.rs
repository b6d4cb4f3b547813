//! Sets up linking of the Node.js addon when the `node` feature is on.

fn main() {
    #[cfg(feature = "node")]
    napi_build::setup();
}
