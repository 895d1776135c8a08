//! The parts that the machine is made of. Each owns its state and its tests, is told and asked, and
//! knows nothing of the machine: what it wants done goes into the [`Outbox`] that it is given, what
//! it waits for into the [`Timers`](crate::core::timer::Timers), and the rest it returns.

mod backoff;
mod lock;
mod outbox;
mod page;
mod peers;
mod pending_logout;
mod refreshes;
mod requests;
mod session_state;
mod sightings;
mod wait_limit;

pub(super) use backoff::{Backoff, PROBE_MS};
pub(super) use lock::{Lock, LockedTask};
pub(super) use outbox::Outbox;
pub(super) use page::Page;
pub(super) use peers::{HandedOver, Newest, Peers};
pub(super) use pending_logout::PendingLogouts;
pub(super) use refreshes::{Attempt, Purpose, Refreshes};
pub(super) use requests::{Outlook, Requests};
pub(super) use session_state::SessionState;
pub(super) use wait_limit::WaitLimit;
