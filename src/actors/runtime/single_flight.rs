//! Single-flight: one round of work at a time; requests during a round cause one more round.

/// Whether a round is running, and whether another one was requested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SingleFlight {
    #[default]
    Resting,
    Running,
    RunningAndAsked,
}

/// Whether to start a round now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    Now,
    NotNow,
}

impl SingleFlight {
    /// A round is requested.
    pub fn ask(&mut self) -> Go {
        match self {
            Self::Resting => {
                *self = Self::Running;
                Go::Now
            }
            Self::Running | Self::RunningAndAsked => {
                *self = Self::RunningAndAsked;
                Go::NotNow
            }
        }
    }

    /// A round has ended.
    pub fn ended(&mut self) -> Go {
        match self {
            Self::RunningAndAsked => {
                *self = Self::Running;
                Go::Now
            }
            Self::Resting | Self::Running => {
                *self = Self::Resting;
                Go::NotNow
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_calls_during_a_round_bring_one_more() {
        let mut single_flight = SingleFlight::default();
        assert_eq!(single_flight.ask(), Go::Now);
        assert_eq!(single_flight.ask(), Go::NotNow);
        assert_eq!(single_flight.ask(), Go::NotNow);
        assert_eq!(single_flight.ended(), Go::Now);
        assert_eq!(single_flight.ended(), Go::NotNow);
        assert_eq!(single_flight.ask(), Go::Now);
    }
}
