//! Makes new inputs of old ones, the same ones every time.

use fastrand::Rng;

const SEED: u64 = 20;
const MAX_LENGTH: usize = 4_096;
const MAX_CHANGES: usize = 6;
const WORDS: &str = include_str!("../../words.dict");

pub struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    random: Rng,
    words: Vec<Vec<u8>>,
}

impl<'a> Mutator<'a> {
    pub fn new(corpus: &'a [Vec<u8>]) -> Mutator<'a> {
        Mutator {
            corpus,
            random: Rng::with_seed(SEED),
            words: words().collect(),
        }
    }

    pub fn next(&mut self) -> Vec<u8> {
        let mut input = match self.random.u8(..8) {
            0 => self.noise(1_024),
            _ => self.stored().to_vec(),
        };
        for _ in 0..self.random.usize(1..=MAX_CHANGES) {
            self.change(&mut input);
        }
        input.truncate(MAX_LENGTH);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        match self.random.u8(..9) {
            0 => self.at_random(input, |random, byte| *byte ^= 1 << random.u8(..8)),
            1 => self.at_random(input, |random, byte| *byte = random.u8(..)),
            2 => self.at_random(input, |random, byte| *byte = random.u8(b' '..=b'~')),
            3 => {
                let range = self.range(input);
                input.drain(range);
            }
            4 => {
                let range = self.range(input);
                let again = input[range].to_vec();
                self.insert(input, &again);
            }
            5 => {
                let other = self.stored();
                let range = self.range(other);
                self.insert(input, &other[range]);
            }
            6 => {
                let noise = self.noise(16);
                self.insert(input, &noise);
            }
            _ => {
                let place = self.random.usize(..self.words.len());
                let word = self.words[place].clone();
                self.insert(input, &word);
            }
        }
    }

    fn at_random(&mut self, input: &mut [u8], change: impl FnOnce(&mut Rng, &mut u8)) {
        let place = self.random.usize(..input.len().max(1));
        if let Some(byte) = input.get_mut(place) {
            change(&mut self.random, byte);
        }
    }

    /// In between, or over what is there.
    fn insert(&mut self, input: &mut Vec<u8>, bytes: &[u8]) {
        let start = self.random.usize(..=input.len());
        let end = match self.random.bool() {
            true => start,
            false => input.len().min(start + bytes.len()),
        };
        input.splice(start..end, bytes.iter().copied());
    }

    fn range(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.random.usize(..=input.len());
        let length = self.random.usize(..=16).min(input.len() - start);
        start..start + length
    }

    fn noise(&mut self, up_to: usize) -> Vec<u8> {
        let length = self.random.usize(..=up_to);
        std::iter::repeat_with(|| self.random.u8(..))
            .take(length)
            .collect()
    }

    fn stored(&mut self) -> &'a [u8] {
        &self.corpus[self.random.usize(..self.corpus.len())]
    }
}

/// The words of a libFuzzer dictionary: a line each, in quotes, with `\\`, `\"` and `\xAB`.
fn words() -> impl Iterator<Item = Vec<u8>> {
    WORDS
        .lines()
        .filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'))
        .map(unescape)
}

fn unescape(word: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = word.bytes();
    while let Some(byte) = rest.next() {
        let escaped = if byte == b'\\' { rest.next() } else { None };
        bytes.push(match escaped {
            Some(b'x') => {
                let digits: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&digits, 16).expect("two digits")
            }
            Some(literal) => literal,
            None => byte,
        });
    }
    bytes
}
