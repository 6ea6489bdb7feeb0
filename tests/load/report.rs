//! Report of a command: the machine and a few tables, as text or JSON.

use std::fs;

use serde_json::{Map, Value, json};

/// The measurements, and the machine they were made on.
pub struct Report {
    command: &'static str,
    tables: Vec<Table>,
}

/// Rows of named values.
pub struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Report {
    pub fn new(command: &'static str, tables: Vec<Table>) -> Self {
        Self { command, tables }
    }

    pub fn print(&self, json: bool) {
        if json {
            let tables: Map<String, Value> =
                self.tables.iter().map(|table| (table.name.to_owned(), table.json())).collect();
            println!("{:#}", json!({ "command": self.command, "machine": machine(), "tables": tables }));
            return;
        }
        println!("load {} on {}", self.command, machine());
        for table in &self.tables {
            println!("\n{}\n{}", table.name, table.text());
        }
    }
}

impl Table {
    pub fn new<const N: usize>(name: &'static str, columns: [&'static str; N]) -> Self {
        Self { name, columns: columns.to_vec(), rows: vec![] }
    }

    /// Adds a row with a value for each column.
    pub fn row<const N: usize>(&mut self, values: [Value; N]) {
        self.rows.push(values.to_vec());
    }

    fn json(&self) -> Value {
        let object = |row: &Vec<Value>| -> Value {
            self.columns.iter().map(|column| (*column).to_owned()).zip(row.iter().cloned()).collect()
        };
        self.rows.iter().map(object).collect()
    }

    fn text(&self) -> String {
        let mut lines: Vec<Vec<String>> = vec![self.columns.iter().map(|name| (*name).to_owned()).collect()];
        lines.extend(self.rows.iter().map(|row| row.iter().map(cell).collect()));
        let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(String::len).max();
        let widths: Vec<usize> = (0..self.columns.len()).map(|column| width(column).unwrap_or(0)).collect();
        let padded = |line: &Vec<String>| {
            let cells: Vec<String> =
                line.iter().zip(&widths).map(|(cell, width)| format!("{cell:>width$}")).collect();
            cells.join("  ")
        };
        lines.iter().map(padded).collect::<Vec<_>>().join("\n")
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// A measured number, rounded to its significant decimals.
pub fn rounded(value: f64) -> Value {
    let digits = if value.abs() >= 100.0 { 0 } else { 2 };
    let scale = 10_f64.powi(digits);
    let rounded = (value * scale).round() / scale;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and far from the bounds")]
    if digits == 0 && rounded.abs() < 1e15 { json!(rounded as i64) } else { json!(rounded) }
}

/// The processors, the memory and the kernel of this machine.
fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let (cpu, memory) = (read("/proc/cpuinfo"), read("/proc/meminfo"));
    let field = |text: &str, name: &str| {
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map_or("unknown", |(_, value)| value.trim()).to_owned()
    };
    let count = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let kernel = read("/proc/sys/kernel/osrelease");
    let (model, memory) = (field(&cpu, "model name"), field(&memory, "MemTotal"));
    format!("{count} × {model}, {memory} of memory, Linux {}", kernel.trim())
}
