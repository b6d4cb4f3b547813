//! How our times grow with organisations, nodes and watchers, as a picture.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use families::{Deviation, Generated};
use plotters::prelude::*;
use stellar_fbas::analysis::{perform_analysis, Options};
use stellar_fbas::budget::Budget;

type Curve = (String, Vec<(f64, f64)>);

/// Measures and draws.
pub fn draw(file: &Path) {
    let almost = |drop| {
        move |organizations: usize| {
            let deviation = Deviation { drop, adapts: false, deviate: 0.0 };
            (0..3).map(|seed| families::almost_symmetric(organizations, deviation, seed)).collect()
        }
    };
    let symmetric = |organizations: usize| {
        vec![families::symmetric(organizations, 3, organizations - (organizations - 1) / 3)]
    };
    let sizes = [4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24];
    let organizations = vec![
        curve("symmetric", &sizes, symmetric),
        curve("each drops 5 % of the others", &sizes, almost(0.05)),
        curve("each drops 10 %", &sizes, almost(0.1)),
        curve("each drops 20 %", &sizes, almost(0.2)),
    ];
    let sizes = [10, 20, 40, 70, 100, 150, 200, 300];
    let flat =
        |share: f64| move |nodes: usize| vec![families::flat(nodes, (nodes as f64 * share) as usize + 1)];
    let nodes = vec![
        curve("just above one half", &sizes, flat(0.5)),
        curve("just above two thirds", &sizes, flat(2.0 / 3.0)),
        curve("just above 0.9", &sizes, flat(0.9)),
    ];
    let sizes = [100, 300, 1_000, 3_000, 10_000];
    let core = families::symmetric(10, 3, 7);
    let watchers = vec![curve("10 organisations and watchers", &sizes, |watchers: usize| {
        vec![families::with_watchers(&core, watchers, 1)]
    })];
    picture(file, &[("organisations", organizations), ("nodes, flat", nodes), ("watchers", watchers)])
        .expect("a picture to write");
}

/// The median time of the whole analysis in milliseconds, by size.
fn curve(name: &str, sizes: &[usize], networks: impl Fn(usize) -> Vec<Generated>) -> Curve {
    let point = |&size: &usize| {
        let mut times: Vec<f64> = networks(size)
            .iter()
            .flat_map(|generated| {
                (0..3).map(move |_| {
                    // A new one each time: networks remember what they were asked.
                    let network = generated.network().expect("valid");
                    let start = Instant::now();
                    perform_analysis(&network, &Options::default(), &Budget::unlimited()).expect("no limit");
                    start.elapsed().as_secs_f64() * 1e3
                })
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        eprintln!("{name}: {size} takes {median:.2} ms");
        (size as f64, median)
    };
    (name.to_string(), sizes.iter().map(point).collect())
}

fn picture(file: &Path, charts: &[(&str, Vec<Curve>)]) -> Result<(), Box<dyn Error>> {
    let root = SVGBackend::new(file, (1080, 400)).into_drawing_area();
    root.fill(&WHITE)?;
    for (area, (title, curves)) in root.split_evenly((1, charts.len())).iter().zip(charts) {
        let points = || curves.iter().flat_map(|(_, points)| points);
        let (least, most) =
            points().fold((f64::MAX, 0.0f64), |(least, most), &(x, _)| (least.min(x), most.max(x)));
        let mut chart = ChartBuilder::on(area)
            .margin(12)
            .caption(format!("performAnalysis by {title}"), ("sans-serif", 16))
            .x_label_area_size(32)
            .y_label_area_size(56)
            .build_cartesian_2d((least..most).log_scale(), (0.1..10_000.0).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(*title)
            .y_desc("milliseconds")
            .x_label_formatter(&|x| format!("{x:.0}"))
            .y_label_formatter(&|y| if *y < 1.0 { format!("{y:.1}") } else { format!("{y:.0}") })
            .light_line_style(WHITE)
            .draw()?;
        for (index, (name, points)) in curves.iter().enumerate() {
            let colour = Palette99::pick(index).to_rgba();
            chart
                .draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], colour.stroke_width(2)));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.2))
            .draw()?;
    }
    root.present()?;
    Ok(())
}
