//! tokenhold keeps a browser app signed in without ever storing the access token.
#![warn(missing_docs)]

pub mod core;
