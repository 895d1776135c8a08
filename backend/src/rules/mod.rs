//! The rules: when a cookie gets a successor, and when a session ends.
//!
//! Pure: time and fresh cookies come in as arguments, decisions go out as values. A cookie may be of any type that can
//! be compared, so the server runs these rules on hashes and a simulator runs the same code on counters.
//!
//! ```
//! use std::time::Duration;
//! use tokenhold_backend::rules::{Ended, Limits, Refresh, Session};
//!
//! let seconds = Duration::from_secs;
//! let strict = Limits { idle: seconds(1800), absolute: seconds(43_200), reuse_grace: Duration::ZERO };
//!
//! let session = Session::start(1, seconds(0));
//! let Refresh::Rotated(session) = session.refresh(&1, 2, seconds(60), &strict) else { unreachable!() };
//! assert_eq!(*session.current(), 2);
//! assert_eq!(session.refresh(&1, 3, seconds(61), &strict), Refresh::Ended(Ended::Reused));
//! ```

mod limits;
mod session;
mod throttle;

pub use limits::{Limits, REUSE_GRACE};
pub use session::{Ended, Previous, Refresh, Session};
pub use throttle::Throttle;
