//! Instrumentation of complexity: counts elementary steps of reading a message, in tests only, so that a test can assert
//! linear work without measuring time. In the program it does nothing.

#[cfg(test)]
use std::cell::Cell;

#[cfg(test)]
thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Adds steps to the count of this thread.
pub fn add(steps: usize) {
    #[cfg(test)]
    STEPS.set(STEPS.get() + steps);
    #[cfg(not(test))]
    let _uncounted = steps;
}

/// The steps that `task` takes on this thread.
#[cfg(test)]
pub fn of(task: impl FnOnce()) -> usize {
    let before = STEPS.get();
    task();
    STEPS.get() - before
}
