//! Token price list. A model without a price is counted as free: then only tokens are budgeted.

use std::collections::BTreeMap;

use crate::domain::conversations::turn::Usage;

/// Millionths of a US dollar per million tokens, that is dollars per token times 10^12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    pub input_micros: u64,
    pub output_micros: u64,
}

/// The price of each model by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices(pub BTreeMap<String, Price>);

impl Prices {
    /// Rounded up, so that a cost is never counted as zero.
    pub fn cost_micros(&self, model: &str, usage: Usage) -> u64 {
        let Some(price) = self.of(model) else {
            return 0;
        };
        let cost = |tokens: u32, micros: u64| u64::from(tokens).saturating_mul(micros);
        let cost = cost(usage.tokens_in, price.input_micros)
            .saturating_add(cost(usage.tokens_out, price.output_micros));
        cost.div_ceil(1_000_000)
    }

    /// By the full name, else by the name without a date such as `-2024-08-06`.
    fn of(&self, model: &str) -> Option<Price> {
        let exact = self.0.get(model);
        exact.or_else(|| self.0.get(without_date(model)?)).copied()
    }
}

fn without_date(model: &str) -> Option<&str> {
    let place = model.len().checked_sub("-2024-08-06".len())?;
    let (name, date) = model.split_at_checked(place)?;
    let is_date =
        date.char_indices().all(|(n, c)| if matches!(n, 0 | 5 | 8) { c == '-' } else { c.is_ascii_digit() });
    is_date.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(tokens_in: u32, tokens_out: u32) -> Usage {
        Usage { tokens_in, tokens_out, ..Usage::default() }
    }

    #[test]
    fn tokens_cost_what_the_table_says() {
        let price = Price { input_micros: 2_500_000, output_micros: 10_000_000 };
        let prices = Prices(BTreeMap::from([("gpt-4o".to_owned(), price)]));
        let cases = [
            ("gpt-4o", usage(1_000_000, 0), 2_500_000),
            ("gpt-4o", usage(1_200, 80), 3_800),
            ("gpt-4o", usage(1, 0), 3),
            ("gpt-4o-2024-08-06", usage(1_200, 80), 3_800),
            ("gpt-4o-mini", usage(1_200, 80), 0),
            ("llama", usage(1_200, 80), 0),
        ];
        for (model, usage, cost) in cases {
            assert_eq!(prices.cost_micros(model, usage), cost, "{model} {usage:?}");
        }
    }
}
