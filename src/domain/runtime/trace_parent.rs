//! Trace context (W3C Trace Context, `traceparent`): which trace a piece of work belongs to, and the span that caused
//! it. It refuses every text that is not exactly one `traceparent` of version 00.

use std::fmt;

use serde::{Serialize, Serializer};

/// The value of a `traceparent` header. It holds no data of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    pub trace: u128,
    pub span: u64,
    /// Whether whoever started the trace records it.
    pub is_sampled: bool,
}

impl TraceParent {
    /// Reads a header (W3C Trace Context, 3.2): 55 characters, lower case, ids that are not zero.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || version != "00" || flags.len() != 2 {
            return None;
        }
        let parent = Self {
            trace: hexadecimal(trace, 32)?,
            span: u64::try_from(hexadecimal(span, 16)?).ok()?,
            is_sampled: hexadecimal(flags, 2)? & 1 == 1,
        };
        (parent.trace != 0 && parent.span != 0).then_some(parent)
    }
}

fn hexadecimal(text: &str, length: usize) -> Option<u128> {
    let is_lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    (text.len() == length && is_lower).then(|| u128::from_str_radix(text, 16).ok())?
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "00-{:032x}-{:016x}-{:02x}", self.trace, self.span, u8::from(self.is_sampled))
    }
}

impl Serialize for TraceParent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_header_is_read_and_written_alike() {
        let parent = TraceParent::parse(HEADER).unwrap();
        assert_eq!((parent.span, parent.is_sampled), (0x00f0_67aa_0ba9_02b7, true));
        assert_eq!(parent.to_string(), HEADER);
    }

    #[test]
    fn anything_else_is_no_trace_context() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for wrong in [
            String::new(),
            HEADER.to_uppercase(),
            format!("{HEADER}-00"),
            format!("{HEADER} "),
            HEADER.replacen("00", "01", 1),
            format!("00-{trace}-0000000000000000-01"),
            format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            format!("00-{trace}f-00f067aa0ba902b7-01"),
            format!("00-{trace}-+0f067aa0ba902b7-01"),
        ] {
            assert_eq!(TraceParent::parse(&wrong), None, "{wrong}");
        }
    }
}
