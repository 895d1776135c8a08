//! A schedule in writing: `seed=1 ttl=300000 | open; pass 1000; request 0 3`.

use std::fmt;
use std::str::FromStr;

use super::action::{Action, On};
use super::settings::Settings;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub settings: Settings,
    pub steps: Vec<Step>,
}

/// An action, with its tab and its number if it takes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub action: Action,
    pub tab: usize,
    pub number: u64,
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}|", self.settings)?;
        for (place, step) in self.steps.iter().enumerate() {
            let separator = if place == 0 { " " } else { "; " };
            write!(f, "{separator}{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.action.name())?;
        if self.action.on() != On::None {
            write!(f, " {}", self.tab)?;
        }
        if self.action.most() > 0 {
            write!(f, " {}", self.number)?;
        }
        Ok(())
    }
}

impl FromStr for Schedule {
    type Err = String;

    fn from_str(text: &str) -> Result<Schedule, String> {
        let (settings, steps) = text.split_once('|').ok_or("no | in it")?;
        let steps = steps
            .split(';')
            .map(str::trim)
            .filter(|step| !step.is_empty());
        Ok(Schedule {
            settings: settings.parse()?,
            steps: steps.map(str::parse).collect::<Result<_, _>>()?,
        })
    }
}

impl FromStr for Step {
    type Err = String;

    fn from_str(text: &str) -> Result<Step, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let known = Action::ALL.iter().find(|action| action.name() == name);
        let action = *known.ok_or(format!("there is no {name}"))?;
        let mut number = |wanted: bool| match wanted.then(|| words.next()) {
            None => Ok(0),
            Some(Some(word)) => word.parse().map_err(|_| format!("{word} is no number")),
            Some(None) => Err(format!("{name} lacks a number")),
        };
        let tab = number(action.on() != On::None)? as usize;
        let number = number(action.most() > 0)?;
        Ok(Step {
            action,
            tab,
            number,
        })
    }
}
