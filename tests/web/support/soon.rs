//! **liveness**, for every wait of every test.

use std::future::Future;
use std::panic::Location;

use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;

/// Far longer than anything here takes, and shorter than the runner's own time limit.
const PATIENCE_MS: u32 = 15_000;

/// Awaits something that must happen. If it does not, the test fails at the place of the call.
#[track_caller]
pub fn soon<F: Future>(what: F) -> impl Future<Output = F::Output> {
    let place = Location::caller();
    async move {
        match select(Box::pin(what), TimeoutFuture::new(PATIENCE_MS)).await {
            Either::Left((outcome, _)) => outcome,
            Either::Right(_) => panic!("nothing has happened: {place}"),
        }
    }
}
