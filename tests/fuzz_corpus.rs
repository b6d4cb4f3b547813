//! The targets of `fuzz/` over their committed seeds: they still compile, and what fuzzing once found stays fixed.

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use std::path::Path;

/// Runs a target over its seeds.
fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(name);
    let seeds = std::fs::read_dir(&folder).expect("a target has seeds");
    let mut count = 0;
    for seed in seeds {
        let path = seed.expect("a seed").path();
        let bytes = std::fs::read(&path).expect("a seed can be read");
        if let Err(panic) = std::panic::catch_unwind(|| target(&bytes)) {
            eprintln!("{}", path.display());
            std::panic::resume_unwind(panic);
        }
        count += 1;
    }
    assert!(count >= 8, "{count} seeds of {name}");
}

#[test]
fn parse() {
    replay("parse", targets::parse);
}

#[test]
fn preprocess() {
    replay("preprocess", targets::preprocess);
}

#[test]
fn reduction() {
    replay("reduction", targets::reduction);
}

#[test]
fn encodings() {
    replay("encodings", targets::encodings);
}
