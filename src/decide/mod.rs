//! From a record to a decision: who is written to, what they are shown, and why. The same inputs and the
//! same key give the same decision on every machine and in every order.

pub mod decision;
