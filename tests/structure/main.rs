//! The structure of the sources: the machine's files are layered, and no file is long.
#![cfg(not(target_family = "wasm"))]

mod graph;
mod source;

use std::fs;
use std::path::{Path, PathBuf};

use graph::Graph;
use source::{Source, lines_without_tests};

const LONGEST: usize = 400;

/// The file that puts the machine together. All others may name what it declares.
const TOP: &str = "mod";

const FROM_TOP_TO_BOTTOM: [&str; 27] = [
    "mod",
    // Inputs.
    "calls",
    "traffic",
    "answers",
    "hearing",
    "listing",
    "waking",
    "turn",
    // What they lead to.
    "asking",
    "tasks",
    "learning",
    "failing",
    "sessions",
    "needs",
    "telling",
    // What the machine is made of.
    "parts/mod",
    "parts/requests",
    "parts/peers",
    "parts/refreshes",
    "parts/pending_logout",
    "parts/lock",
    "parts/sightings",
    "parts/page",
    "parts/wait_limit",
    "parts/session_state",
    "parts/backoff",
    "parts/outbox",
];

#[test]
fn no_two_files_of_the_machine_call_each_other_both_ways() {
    let graph = Graph::of(&sources_in("src/core/machine"), TOP);
    let pairs = graph.mutual();
    assert!(pairs.is_empty(), "call each other both ways:\n{pairs}");
}

#[test]
fn each_file_of_the_machine_calls_only_files_below_it() {
    let sources = sources_in("src/core/machine");
    let graph = Graph::of(&sources, TOP);
    for source in &sources {
        let name = source.name.as_str();
        assert!(
            FROM_TOP_TO_BOTTOM.contains(&name),
            "where does {name} belong?"
        );
    }
    assert_eq!(graph.upward(&FROM_TOP_TO_BOTTOM), "");
}

/// Each line of a walk names the files that an input enters, in order.
#[test]
fn the_walks_in_the_architecture_go_one_way() {
    let graph = Graph::of(&sources_in("src/core"), "machine/mod");
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there");
    let is_walk = |line: &&str| line.contains(" → ");
    let lines: Vec<&str> = text.lines().filter(is_walk).collect();
    assert!(lines.len() > 3, "there are walks");
    for line in lines {
        let files: Vec<&str> = line.split(" → ").collect();
        for (place, file) in files.iter().enumerate() {
            let before = &files[..place];
            let is_called = before.iter().any(|caller| graph.calls(caller, file));
            assert!(
                place == 0 || is_called,
                "nothing before it calls {file} in {line}"
            );
            let times = files.iter().filter(|other| *other == file).count();
            assert!(times <= 2, "{file} is entered {times} times in {line}");
        }
    }
}

/// Without calls to look at, those above would hold of anything.
#[test]
fn the_calls_of_the_machine_are_found() {
    let graph = Graph::of(&sources_in("src/core/machine"), TOP);
    for (from, to, name) in [
        ("answers", "sessions", "adopt_response"),
        ("tasks", "parts/lock", "line_up"),
        ("failing", "needs", "give_up_waiting"),
        ("parts/lock", "parts/sightings", "Sightings"),
        ("parts/lock", "parts/outbox", "request_lock"),
    ] {
        assert!(graph.has(from, to, name), "{from} calls {name} in {to}");
    }
}

#[test]
fn parts_know_nothing_of_the_machine() {
    for source in sources_in("src/core/machine/parts") {
        assert!(!source.mentions("Machine"), "{} does", source.name);
    }
}

#[test]
fn no_file_is_long() {
    for path in files_in(&root().join("src")) {
        let text = fs::read_to_string(&path).expect("sources are text");
        let lines = lines_without_tests(&text);
        assert!(lines <= LONGEST, "{} has {lines} lines", path.display());
    }
}

/// The shipped core runs in it. If it grew, it would begin to tell the protocol a second time.
#[test]
fn the_simulated_browser_of_apps_tests_stays_small() {
    let lines: usize = files_in(&root().join("src/ts/testing"))
        .iter()
        .map(|path| fs::read_to_string(path).expect("sources are text"))
        .map(|text| text.lines().count())
        .sum();
    assert!((300..=700).contains(&lines), "it has {lines} lines");
}

fn sources_in(folder: &str) -> Vec<Source> {
    let folder = root().join(folder);
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
    let paths = files_in(&folder).into_iter().filter(is_rust);
    let sources: Vec<Source> = paths
        .map(|path| {
            let text = fs::read_to_string(&path).expect("sources are text");
            let name = path.strip_prefix(&folder).expect("it is in there");
            Source::read(&name.with_extension("").display().to_string(), &text)
        })
        .collect();
    assert!(sources.len() > 5, "there are files in {}", folder.display());
    sources
}

/// All files below a folder but those that hold nothing but tests.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be listed").path();
        let is_tests = path.file_stem().is_some_and(|name| name == "tests");
        if path.is_dir() && !is_tests {
            files.extend(files_in(&path));
        } else if path.is_file() && !is_tests {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
