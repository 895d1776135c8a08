use std::collections::HashMap;
use std::time::Duration;

/// Limits the guessing of passwords: some attempts for a name in a window, then none until the window has passed.
///
/// An attempt counts before its password is checked, so that attempts side by side cannot slip past the limit.
#[derive(Debug)]
pub struct Throttle {
    attempts: u32,
    window: Duration,
    names: HashMap<String, Window>,
}

#[derive(Debug)]
struct Window {
    opened: Duration,
    attempts: u32,
}

/// Guessed names must not fill the memory either: beyond this many, new names have to wait.
const NAMES_AT_ONCE: usize = 10_000;

impl Throttle {
    /// Allows `attempts` for each name in every `window`.
    pub fn new(attempts: u32, window: Duration) -> Self {
        Self {
            attempts,
            window,
            names: HashMap::new(),
        }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    ///
    /// How long to wait, if there have been too many.
    pub fn attempt(&mut self, name: &str, now: Duration) -> Result<(), Duration> {
        if !self.names.contains_key(name) {
            self.make_room(now)?;
        }
        let window = self.names.entry(name.to_owned()).or_insert(Window {
            opened: now,
            attempts: 0,
        });
        let open_for = now.saturating_sub(window.opened);
        if open_for >= self.window {
            *window = Window {
                opened: now,
                attempts: 0,
            };
        } else if window.attempts >= self.attempts {
            return Err(self.window - open_for);
        }
        window.attempts += 1;
        Ok(())
    }

    /// Forgets the attempts of someone who knew the password.
    pub fn forgive(&mut self, name: &str) {
        self.names.remove(name);
    }

    fn make_room(&mut self, now: Duration) -> Result<(), Duration> {
        if self.names.len() < NAMES_AT_ONCE {
            return Ok(());
        }
        let length = self.window;
        self.names
            .retain(|_, window| now.saturating_sub(window.opened) < length);
        if self.names.len() < NAMES_AT_ONCE {
            Ok(())
        } else {
            Err(length)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_attempt_after_the_last_allowed_one_waits_for_the_window() {
        let mut throttle = Throttle::new(3, 60 * SECOND);
        for second in 0..3 {
            assert_eq!(throttle.attempt("alice", second * SECOND), Ok(()));
        }
        assert_eq!(throttle.attempt("alice", 10 * SECOND), Err(50 * SECOND));
        assert_eq!(throttle.attempt("alice", 59 * SECOND), Err(SECOND));
        assert_eq!(throttle.attempt("alice", 60 * SECOND), Ok(()));
    }

    #[test]
    fn one_name_does_not_hold_back_another() {
        let mut throttle = Throttle::new(1, 60 * SECOND);
        assert_eq!(throttle.attempt("alice", SECOND), Ok(()));
        assert_eq!(throttle.attempt("bob", SECOND), Ok(()));
        assert_eq!(throttle.attempt("alice", SECOND), Err(60 * SECOND));
    }

    #[test]
    fn the_right_password_clears_the_count() {
        let mut throttle = Throttle::new(1, 60 * SECOND);
        assert_eq!(throttle.attempt("alice", SECOND), Ok(()));
        throttle.forgive("alice");
        assert_eq!(throttle.attempt("alice", SECOND), Ok(()));
    }

    #[test]
    fn a_flood_of_names_is_bounded_and_passes() {
        let mut throttle = Throttle::new(3, 60 * SECOND);
        for name in 0..NAMES_AT_ONCE {
            assert_eq!(throttle.attempt(&name.to_string(), SECOND), Ok(()));
        }
        assert_eq!(throttle.attempt("one more", SECOND), Err(60 * SECOND));
        assert_eq!(
            throttle.attempt("7", SECOND),
            Ok(()),
            "a name that is known is still served"
        );
        assert_eq!(throttle.attempt("one more", 61 * SECOND), Ok(()));
        assert_eq!(throttle.names.len(), 1);
    }
}
