//! The events that most tests wait for.

use tokenhold::{Cause, Event, Person};

/// A tab has restored its session by a refresh of its own.
pub const RESTORED: Event = first(Cause::Restore);
/// Another tab has handed the session over to one that had none.
pub const JOINED: Event = first(Cause::Elsewhere);
/// A tab has renewed its token.
pub const REFRESHED: Event = Event::Refreshed(Cause::Refresh);
/// Another tab has renewed the token.
pub const REFRESHED_ELSEWHERE: Event = Event::Refreshed(Cause::Elsewhere);

const fn first(cause: Cause) -> Event {
    Event::SignedIn {
        cause,
        person: Person::First,
    }
}

pub fn is_sign_in(event: &Event) -> bool {
    matches!(event, Event::SignedIn { .. })
}
