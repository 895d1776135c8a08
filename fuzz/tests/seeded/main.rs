//! A short run of every target: the stored corpus, and mutations of it from a fixed seed.

mod mutator;

use std::fs;
use std::path::Path;

use mutator::Mutator;
use tokenhold_fuzz::Target;

const INPUTS: u32 = 50_000;

#[test]
fn challenges_are_read_as_the_letter_of_the_rfc_has_it() {
    run("challenge", tokenhold_fuzz::challenge, 3_000);
}

#[test]
fn claims_are_those_of_the_payload() {
    run("claims", tokenhold_fuzz::claims, 600);
}

#[test]
fn tokens_live_as_long_as_the_first_source_that_makes_sense_says() {
    run("token_response", tokenhold_fuzz::token_response, 5_000);
}

#[test]
fn a_machine_keeps_the_invariants_whatever_it_is_told() {
    run("machine", tokenhold_fuzz::machine, 10_000);
}

#[test]
fn messages_have_one_form() {
    run("message", tokenhold_fuzz::message, 5_000);
}

#[test]
fn valid_options_make_requests_that_can_be_sent() {
    run("options", tokenhold_fuzz::options, 3_000);
}

#[test]
fn confinement_accepted_origins_are_those_of_the_url_standard() {
    run("origin", tokenhold_fuzz::origin, 3_000);
}

#[test]
fn presences_are_read_back() {
    run("presence", tokenhold_fuzz::presence, 1_000);
}

/// `least`: how many inputs must get as far as what the target checks.
fn run(name: &'static str, target: Target, least: u32) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("corpus")
        .join(name);
    let corpus = stored(&folder);
    let valid = corpus.iter().filter(|input| tried(name, target, input));
    assert_ne!(
        valid.count(),
        0,
        "fuzz/corpus/{name} is in a form of the past"
    );
    let mut mutator = Mutator::new(&corpus);
    let (mut ran, mut checked) = (0, 0);
    for _ in 0..INPUTS {
        checked += u32::from(tried(name, target, &mutator.next()));
        ran += 1;
    }
    assert_eq!(ran, INPUTS);
    assert!(
        checked >= least,
        "only {checked} of {ran} inputs were worth a check"
    );
}

/// In the order of their names, so that every run is the same.
fn stored(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder).expect("every target has a corpus");
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "the corpus is empty");
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn tried(name: &str, target: Target, input: &[u8]) -> bool {
    let _culprit = Culprit { name, input };
    target(input)
}

/// Says which input it was that failed, and how to keep it.
struct Culprit<'a> {
    name: &'a str,
    input: &'a [u8],
}

impl Drop for Culprit<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Culprit { name, input } = self;
            let escaped = input.escape_ascii();
            eprintln!("the input, for fuzz/corpus/{name}: {escaped}");
        }
    }
}
