//! The actions of a schedule, and how often each occurs.

use crate::world::{HOUR, Life, MINUTE, SECOND};

/// Declares the actions, each with its name in writing, how often it is drawn, the tab that it takes, and the bound of
/// its number.
macro_rules! actions {
    ($($action:ident $name:literal $weight:literal $on:ident $most:expr;)*) => {
        /// One thing that people, pages, clocks, the network or the backend do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action { $($action,)* }

        impl Action {
            pub const ALL: &[Action] = &[$(Action::$action,)*];

            pub fn name(self) -> &'static str {
                match self { $(Action::$action => $name,)* }
            }

            pub fn weight(self) -> u64 {
                match self { $(Action::$action => $weight,)* }
            }

            pub fn on(self) -> On {
                match self { $(Action::$action => On::$on,)* }
            }

            /// The bound of its number; 0 if it takes none.
            pub fn most(self) -> u64 {
                match self { $(Action::$action => $most,)* }
            }
        }
    };
}

/// The tabs that an action can be done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    None,
    Running,
    Frozen,
    Away,
}

impl On {
    pub fn takes(self, life: Life) -> bool {
        match self {
            On::None => false,
            On::Running => life == Life::Running,
            On::Frozen => life == Life::Frozen,
            On::Away => life == Life::Away,
        }
    }
}

actions! {
    Pass "pass" 0 None 20 * MINUTE;

    Open "open" 60 None 0;
    OpenHidden "open-hidden" 20 None 0;
    OpenQuiet "open-without-restore" 8 None 0;
    OpenAlone "open-alone" 3 None 0;
    Look "look-at" 60 Running 0;
    Hide "hide" 60 Running 0;
    Focus "focus" 15 Running 0;
    Freeze "freeze" 40 Running 0;
    Thaw "thaw" 120 Frozen 0;
    Leave "leave" 30 Running 0;
    AskToLeave "ask-to-leave" 15 Running 0;
    Back "back" 90 Away 0;
    Evict "evict" 10 Away 0;
    Close "close" 15 Running 0;
    Crash "crash" 15 Running 0;
    Reload "reload" 15 Running 0;
    CrashFrozen "discard" 10 Frozen 0;
    Dispose "dispose" 5 Running 0;

    Sleep "sleep" 20 None 8 * HOUR;
    ClockForward "clock-forward" 8 None 12 * HOUR;
    ClockBack "clock-back" 8 None 12 * HOUR;
    PageClockForward "page-clock-forward" 3 Running 12 * HOUR;
    PageClockBack "page-clock-back" 3 Running 12 * HOUR;

    Fine "network-fine" 120 None 0;
    Offline "offline" 20 None 0;
    LosesRequests "lose-requests" 10 None 0;
    LosesAnswers "lose-answers" 8 None 0;
    Silent "network-silent" 8 None 0;
    Deaf "backend-never-answers" 5 None 0;
    Held "connections-held" 8 None 0;
    Slow "network-slow" 15 None 0;
    Flaky "network-flaky" 15 None 0;

    Status500 "answer-500" 8 None 0;
    Status503 "answer-503" 10 None 0;
    Status429 "answer-429" 8 None 0;
    Status503RetryAfter "answer-503-retry-after" 8 None 120;
    Status429RetryAfter "answer-429-retry-after" 8 None 120;
    Html "answer-html" 8 None 0;
    Restart "restart-backend" 8 None 5 * SECOND;
    RevokeTokens "revoke-tokens" 20 None 0;
    EndSessions "end-sessions" 6 None 0;
    RejectAll "api-rejects-all" 6 None 0;
    AcceptAgain "api-accepts-again" 20 None 0;

    RoughChannel "channel-rough" 6 None 0;
    FineChannel "channel-fine" 30 None 0;
    Forge "forge" 4 None 72 * 6;
    Replay "replay" 8 None 1_000;

    SignIn "sign-in" 25 Running 2;
    SignInByCookie "sign-in-by-cookie" 25 Running 2;
    Login "login-unannounced" 8 None 2;
    LoginWithLock "login-with-lock" 12 Running 2;
    Logout "logout" 25 Running 0;
    Refresh "refresh" 40 Running 0;
    Request "request" 200 Running 8;
    Abort "abort" 15 Running 0;
}
