//! The fuzz targets: each takes an input from outside, and checks the properties that must hold.
//!
//! Each target takes bytes, makes an input of them, and panics if something is wrong. It returns whether there was
//! anything to check: `false` for what was refused at the door. cargo-fuzz looks for such bytes by coverage;
//! `tests/seeded` tries the stored corpus and some ten thousand mutations of it, the same ones every time.
#![forbid(unsafe_code)]

mod challenge;
mod claims;
mod machine;
mod message;
mod options;
mod origin;
mod presence;
mod token_response;

pub use challenge::challenge;
pub use claims::claims;
pub use machine::machine;
pub use message::message;
pub use options::options;
pub use origin::origin;
pub use presence::presence;
pub use token_response::token_response;

/// See above.
pub type Target = fn(&[u8]) -> bool;

/// All targets, by the names of their binaries and of the folders of their corpora.
pub const TARGETS: [(&str, Target); 8] = [
    ("challenge", challenge),
    ("claims", claims),
    ("token_response", token_response),
    ("machine", machine),
    ("message", message),
    ("options", options),
    ("origin", origin),
    ("presence", presence),
];
