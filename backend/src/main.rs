//! The reference backend as a program. The README says how to run it.

use std::error::Error;
use std::io::stderr;

use clap::Parser;
use tokenhold_backend::options::Options;
use tokenhold_backend::{logging, server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    logging::to(stderr);
    server::run(options).await
}
