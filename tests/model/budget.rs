//! The budget: how often each voluntary act and each fault may happen. It keeps the number of states finite.

/// One request of each tab's app, and nothing else.
pub const REQUESTS: Budget = Budget {
    requests: 1,
    ..NOTHING
};

pub const NOTHING: Budget = Budget {
    requests: 0,
    refreshes: 0,
    logouts: 0,
    sign_ins: 0,
    sign_ins_by_cookie: 0,
    opens: 0,
    crashes: 0,
    freezes: 0,
    leaves: 0,
    asks_to_part: 0,
    partings: 0,
    sleeps: 0,
    lost_answers: 0,
    slow_answers: 0,
    refusals: 0,
    stalls: 0,
    overtakes: 0,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Budget {
    // The acts of people.
    /// App requests, of each tab.
    pub requests: u8,
    pub refreshes: u8,
    pub logouts: u8,
    pub sign_ins: u8,
    pub sign_ins_by_cookie: u8,
    /// Tabs opened where none is: after a crash it is a reload.
    pub opens: u8,
    // Faults.
    pub crashes: u8,
    pub freezes: u8,
    /// Times a page leaves for the back/forward cache.
    pub leaves: u8,
    /// Times that a page which has logged out is asked whether it may be left, and stays.
    pub asks_to_part: u8,
    /// Times that a page which has logged out leaves.
    pub partings: u8,
    /// Hours for which the machine sleeps.
    pub sleeps: u8,
    /// Answers of the auth endpoints that never come, or come as a failure.
    pub lost_answers: u8,
    /// Requests to the auth endpoints that fail before they change anything.
    pub refusals: u8,
    /// Requests to the auth endpoints that take as long as they like.
    pub slow_answers: u8,
    /// Times a timer of two seconds or less is faster than the browser.
    pub stalls: u8,
    /// Messages between tabs that overtake the one before.
    pub overtakes: u8,
}

impl Budget {
    /// How many refreshes beyond the first are excused, after the part of `all` that has been used,
    /// with so many `others` that may hear of an end or a beginning too late.
    pub fn excuses(&self, all: &Budget, others: u8) -> u8 {
        let used = |budget: &Budget| {
            budget.refreshes
                + others * (budget.logouts + budget.sign_ins + budget.sign_ins_by_cookie)
                + budget.opens
                + budget.sleeps
                + 2 * budget.lost_answers
                + budget.refusals
                + budget.overtakes
                + 2 * others * (budget.crashes + budget.leaves + budget.partings + budget.freezes)
                + 2 * (budget.slow_answers + budget.stalls)
        };
        used(all) - used(self)
    }

    /// Whether the part of `all` that has been used may have ended the session at the backend.
    pub fn risks_cookie(&self, all: &Budget, is_forgiving: bool) -> bool {
        let is_used = |count: fn(&Budget) -> u8| count(self) < count(all);
        let is_given_up = |budget: &Budget| budget.slow_answers + budget.freezes + budget.stalls;
        let is_gone = |budget: &Budget| budget.crashes + budget.leaves + budget.partings;
        let is_lost = is_used(|budget| budget.lost_answers) || is_used(is_given_up);
        // The request of a tab that is gone may still be under way when the next tab's answer is used.
        is_used(is_gone) || (is_lost && !is_forgiving)
    }

    /// Whether somebody has signed in.
    pub fn sign_ins_used(&self, all: &Budget) -> bool {
        let count = |budget: &Budget| budget.sign_ins + budget.sign_ins_by_cookie;
        count(self) < count(all)
    }
}
