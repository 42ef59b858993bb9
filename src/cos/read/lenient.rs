//! Reading for those who look at a file and copy nothing: what is absent, damaged or of another kind is empty.

use super::reader::Reader;
use super::syntax::{Dict, Value};

/// Numbers of one array; more are left out.
const MOST: usize = 4096;

/// The value of `name` in a list of resources, unresolved; null if it is not there.
#[must_use]
pub fn named(list: &Dict, name: &[u8]) -> Value {
    list.0.iter().rev().find(|(key, _)| **key == *name).map_or(Value::Null, |(_, value)| value.clone())
}

/// The numbers among operands.
#[must_use]
pub fn numbers(operands: &[Value]) -> Vec<f64> {
    operands.iter().filter_map(Value::number).collect()
}

impl Reader {
    /// The dictionary that a value is or refers to.
    pub fn dict(&mut self, value: &Value) -> Dict {
        match self.resolved(value) {
            Ok(Value::Dict(dict)) => dict,
            _ => Dict::default(),
        }
    }

    /// The dictionary under `key`.
    pub fn entry(&mut self, of: &Dict, key: &str) -> Dict {
        of.get(key).cloned().map_or_else(Dict::default, |value| self.dict(&value))
    }

    /// The numbers of the array under `key`.
    pub fn numbers(&mut self, of: &Dict, key: &str) -> Vec<f32> {
        let Ok(Value::Array(all)) = self.get(of, key) else { return Vec::new() };
        all.iter().take(MOST).filter_map(|v| self.resolved(v).ok()?.number()).map(|n| n as f32).collect()
    }
}
