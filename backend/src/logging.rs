//! The log: its content and its place.

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::prelude::*;

/// Logs to `writer`, our own lines and those about requests alone: at finer levels, libraries log whole headers.
pub fn to<W>(writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let ours = Targets::new()
        .with_target("tokenhold_backend", Level::INFO)
        .with_target("tower_http", Level::INFO);
    tracing_subscriber::registry()
        .with(
            tracing_subscriber::fmt::layer()
                .with_ansi(false)
                .with_target(false)
                .with_writer(writer)
                .with_filter(ours),
        )
        .init();
}
