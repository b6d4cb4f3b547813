//! The analyses from Rust, without Node.js: the figures of a network, given as files, and what they are worth.
//!
//! ```sh
//! cargo run --release --example rust -- examples/network/stellar-2025-11.json examples/network/organizations-2025-11.json
//! ```

use std::error::Error;
use std::time::Duration;

use stellar_fbas::analysis::{blocking_sets, perform_analysis, splitting_sets, Options};
use stellar_fbas::budget::Budget;
use stellar_fbas::network::{GroupBy, Network};

fn main() -> Result<(), Box<dyn Error>> {
    let mut files = std::env::args().skip(1);
    let nodes = std::fs::read(files.next().ok_or("usage: rust NODES.json [ORGANIZATIONS.json]")?)?;
    let organizations = files.next().map(std::fs::read).transpose()?;
    let network = Network::parse(&nodes, organizations.as_deref())?;
    let budget = || Budget::unlimited().with_time_limit(Duration::from_secs(10));

    let result = perform_analysis(&network, &Options::default(), &budget())?;
    println!(
        "{} nodes, quorums intersect: {}",
        network.listed_count(),
        result.intersection.has_quorum_intersection()
    );
    let rows = [
        ("nodes", result.node),
        ("organizations", result.organization),
        ("countries", result.country),
        ("providers", result.isp),
    ];
    println!("{:14}{:>9}{:>10}{:>11}", "", "top tier", "blocking", "splitting");
    for (what, figures) in rows {
        let (blocking, splitting) = (figures.blocking_sets_min_size, figures.splitting_sets_min_size);
        println!("{what:14}{:>9}{blocking:>10}{splitting:>11}", figures.top_tier_size);
    }

    // One question, by group, with the sets themselves.
    let by_organization = Options::default().with_group_by(GroupBy::Organization).with_limit(3);
    let halts = blocking_sets(&network, &by_organization, &budget())?.set;
    println!("these can halt it: {}", halts.example_set.join(", "));
    if let Some(counts) = halts.counts {
        println!("and {} other minimal sets", counts.total - 1u32);
    }
    let splits = splitting_sets(&network, &by_organization, &budget())?.set;
    println!("these can split it: {}", splits.example_set.join(", "));
    Ok(())
}
