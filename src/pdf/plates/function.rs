//! Functions of one number in PDF files (ISO 32000-1, 7.10): sampled, exponential, stitched. Those that are small programs
//! are not run.

use crate::cos::read::{Object, Reader, Value};

/// Functions within each other.
const DEPTH: usize = 8;
/// Functions of one stitched one, and samples of one sampled one.
const MOST: usize = 4096;

#[derive(Debug)]
pub(super) enum Function {
    /// Values from 0 to 1 of the domain, even steps.
    Sampled {
        domain: [f32; 2],
        outputs: usize,
        samples: Vec<f32>,
    },
    Exponential {
        from: Vec<f32>,
        to: Vec<f32>,
        power: f32,
    },
    Stitched {
        domain: [f32; 2],
        bounds: Vec<f32>,
        encode: Vec<f32>,
        parts: Vec<Self>,
    },
    /// One for each number of the result.
    Many(Vec<Self>),
}

impl Function {
    /// Reads a function; `None` for kinds that are not run, and what is damaged.
    pub(super) fn read(reader: &mut Reader, value: &Value, depth: usize) -> Option<Self> {
        if depth > DEPTH {
            return None;
        }
        let dict = match reader.resolved(value).ok()? {
            Value::Array(all) => {
                let parts = all.iter().take(32).map(|v| Self::read(reader, v, depth + 1));
                return parts.collect::<Option<_>>().map(Self::Many);
            }
            Value::Dict(dict) => dict,
            _ => return None,
        };
        let domain = match *reader.numbers(&dict, "Domain").as_slice() {
            [from, to, ..] => [from, to],
            _ => [0.0, 1.0],
        };
        match reader.get(&dict, "FunctionType").ok()?.int()? {
            0 => {
                let number = value.reference()?;
                let Object::Stream(stream) = reader.object(number).ok()? else { return None };
                let size = *reader.numbers(&dict, "Size").as_slice().first()? as usize;
                let bits = reader.get(&dict, "BitsPerSample").ok()?.int()?;
                let range = reader.numbers(&dict, "Range");
                let outputs = range.len() / 2;
                if size == 0 || size > MOST || outputs == 0 || outputs > 32 || !matches!(bits, 8 | 16) {
                    return None;
                }
                let decode = match reader.numbers(&dict, "Decode") {
                    own if own.len() == range.len() => own,
                    _ => range,
                };
                let data = reader.unpacked(&stream).ok()?;
                let wide = bits as usize / 8;
                let mut samples = Vec::with_capacity(size * outputs);
                for at in 0..size * outputs {
                    let bytes = data.get(at * wide..(at + 1) * wide)?;
                    let most = if wide == 1 { 255.0 } else { 65_535.0 };
                    let v = bytes.iter().fold(0u32, |v, b| v << 8 | u32::from(*b)) as f32 / most;
                    let (low, high) = (*decode.get(at % outputs * 2)?, *decode.get(at % outputs * 2 + 1)?);
                    samples.push(low + (high - low) * v);
                }
                Some(Self::Sampled { domain, outputs, samples })
            }
            2 => {
                let or = |found: Vec<f32>, other: f32| if found.is_empty() { vec![other] } else { found };
                let from = or(reader.numbers(&dict, "C0"), 0.0);
                let to = or(reader.numbers(&dict, "C1"), 1.0);
                let power = reader.get(&dict, "N").ok()?.number()? as f32;
                Some(Self::Exponential { from, to, power })
            }
            3 => {
                let Value::Array(parts) = reader.get(&dict, "Functions").ok()? else { return None };
                if parts.len() > 256 {
                    return None;
                }
                let parts = parts.iter().map(|v| Self::read(reader, v, depth + 1)).collect::<Option<_>>()?;
                let (bounds, encode) = (reader.numbers(&dict, "Bounds"), reader.numbers(&dict, "Encode"));
                Some(Self::Stitched { domain, bounds, encode, parts })
            }
            _ => None,
        }
    }

    pub(super) fn at(&self, t: f32) -> Vec<f32> {
        match self {
            Self::Many(all) => all.iter().filter_map(|f| f.at(t).first().copied()).collect(),
            Self::Exponential { from, to, power } => {
                let share = if *power == 1.0 { t } else { libm::powf(t.max(0.0), *power) };
                from.iter().zip(to).map(|(a, b)| a + share * (b - a)).collect()
            }
            Self::Sampled { domain, outputs, samples } => {
                let count = samples.len() / outputs.max(&1);
                let share = ((t - domain[0]) / (domain[1] - domain[0])).clamp(0.0, 1.0);
                let place = share * count.saturating_sub(1) as f32;
                let (below, rest) = (place as usize, place - libm::floorf(place));
                let value = |at: usize, i: usize| {
                    samples.get(at.min(count.saturating_sub(1)) * outputs + i).copied().unwrap_or(0.0)
                };
                (0..*outputs).map(|i| value(below, i) + (value(below + 1, i) - value(below, i)) * rest).collect()
            }
            Self::Stitched { domain, bounds, encode, parts } => {
                let t = t.clamp(domain[0], domain[1].max(domain[0]));
                let at = bounds.iter().take_while(|b| t >= **b).count().min(parts.len().saturating_sub(1));
                let from = at.checked_sub(1).and_then(|i| bounds.get(i)).copied().unwrap_or(domain[0]);
                let to = bounds.get(at).copied().unwrap_or(domain[1]);
                let (low, high) =
                    (encode.get(at * 2).copied().unwrap_or(0.0), encode.get(at * 2 + 1).copied().unwrap_or(1.0));
                let share = if to > from { (t - from) / (to - from) } else { 0.0 };
                parts.get(at).map(|f| f.at(low + (high - low) * share)).unwrap_or_default()
            }
        }
    }
}
