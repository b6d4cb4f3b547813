//! How long single analyses take: `cargo bench --manifest-path benches/Cargo.toml`.

use criterion::{criterion_group, criterion_main, Criterion};
use stellar_fbas::analysis::{perform_analysis, splitting_sets, Options};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::families::{self, Deviation};
use stellar_fbas::network::Network;

const NODES: &str = include_str!("../example/stellar-2025-11.json");
const ORGANIZATIONS: &str = include_str!("../example/organizations-2025-11.json");

fn engine(criterion: &mut Criterion) {
    let (options, budget) = (Options::default(), Budget::unlimited());
    let parse =
        || Network::parse(NODES.as_bytes(), Some(ORGANIZATIONS.as_bytes())).expect("the example is valid");
    criterion.bench_function("parse the example", |bench| bench.iter(parse));
    let example = parse();
    criterion.bench_function("performAnalysis of the example", |bench| {
        bench.iter(|| perform_analysis(&example, &options, &budget).expect("no limit"))
    });
    let deviation = Deviation { drop: 0.1, adapts: false, deviate: 0.0 };
    for organizations in [8, 16, 24] {
        let network = families::almost_symmetric(organizations, deviation, 1).network().expect("valid");
        criterion.bench_function(
            &format!("splitting sets, {organizations} organisations, 10 % dropped"),
            |bench| bench.iter(|| splitting_sets(&network, &options, &budget).expect("no limit")),
        );
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
