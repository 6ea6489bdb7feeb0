//! The integration tests: one binary, because linking is what costs.

mod http_contract;
