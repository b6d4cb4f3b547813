//! Runs stellar-fbas and the analysers it replaces on the same networks in one go and prints a table; draws how our times grow.

mod curves;
mod networks;
mod table;
mod task;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Compares stellar-fbas with the crate fbas_analyzer 0.7.4 and the npm package @stellarbeat/stellar_analysis_nodejs 0.6.2.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// Seconds that another analyser may take for one task.
    #[arg(long, default_value_t = 2)]
    limit: u64,
    /// Seconds that stellar-fbas may take for one task.
    #[arg(long, default_value_t = 120)]
    our_limit: u64,
    /// Of each family, how many networks the others are asked about, too.
    #[arg(long, default_value_t = 4)]
    others: usize,
    /// Only families whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Print the table as Markdown.
    #[arg(long)]
    markdown: bool,
    /// Another analyser to ask, as NAME='command {nodes} {question}': {nodes} becomes the path of a list of nodes, {question} one of
    /// intersection, quorum, blocking, splitting, top-tier. Its answer is the last number, true or false that it prints; its time is that of
    /// the whole process.
    #[arg(long, value_parser = task::Peer::parse)]
    peer: Vec<task::Peer>,
    /// A folder with networks to run as well, each file or sub-folder a nodes list.
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
}

#[derive(Subcommand)]
enum Command {
    /// Answers one question in this process and prints time, answer and peak memory as JSON.
    Task {
        /// Who answers.
        tool: task::Tool,
        /// What is asked.
        question: task::Question,
        /// A file with a list of nodes.
        nodes: PathBuf,
    },
    /// Draws the growth of our times into a file.
    Curves {
        /// The SVG file to write.
        file: PathBuf,
    },
}

fn main() {
    let arguments = Arguments::parse();
    match &arguments.command {
        Some(Command::Task { tool, question, nodes }) => task::answer(*tool, *question, nodes),
        Some(Command::Curves { file }) => curves::draw(file),
        None => table::print(&arguments),
    }
}
