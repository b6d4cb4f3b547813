//! How long single analyses take: `cargo bench --manifest-path benches/Cargo.toml`.

use criterion::{criterion_group, criterion_main, BatchSize, Criterion};
use families::Deviation;
use stellar_fbas::analysis::{perform_analysis, splitting_sets, Options};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::Network;

const NODES: &str = include_str!("../examples/network/stellar-2025-11.json");
const ORGANIZATIONS: &str = include_str!("../examples/network/organizations-2025-11.json");

fn engine(criterion: &mut Criterion) {
    let (options, budget) = (Options::default(), Budget::unlimited());
    let parse =
        || Network::parse(NODES.as_bytes(), Some(ORGANIZATIONS.as_bytes())).expect("the example is valid");
    criterion.bench_function("parse the example", |bench| bench.iter(parse));
    // A network remembers what it was asked, so every run gets a new one.
    criterion.bench_function("performAnalysis of the example", |bench| {
        let work = |network: Network| perform_analysis(&network, &options, &budget).expect("no limit");
        bench.iter_batched(parse, work, BatchSize::SmallInput)
    });
    let deviation = Deviation { drop: 0.1, adapts: false, deviate: 0.0 };
    for organizations in [8, 16, 24] {
        let generated = families::almost_symmetric(organizations, deviation, 1);
        let name = format!("splitting sets, {organizations} organisations, 10 % dropped");
        criterion.bench_function(&name, |bench| {
            let work = |network: Network| splitting_sets(&network, &options, &budget).expect("no limit");
            bench.iter_batched(|| generated.network().expect("valid"), work, BatchSize::SmallInput)
        });
    }
}

criterion_group!(benches, engine);
criterion_main!(benches);
