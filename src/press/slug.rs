//! The line that says what a sheet is: job, file, sheet n of so many, side, and which numbers lie on it.

use crate::base::Pt;

/// Size of the letters.
pub(super) const SIZE: Pt = Pt(6.0);

/// Numbers that are told one by one; of more only the first and the last.
const TOLD: usize = 12;

/// The line. `numbers` are the leaves on the sheet in the order of its places, from 1.
pub(super) fn line(job: &str, file: &str, sheet: u64, sheets: u64, side: &str, numbers: &[u64]) -> String {
    let places = match numbers {
        [] => "blank".to_owned(),
        [one] => format!("no. {one}"),
        // Step and repeat.
        [first, rest @ ..] if rest.iter().all(|n| n == first) => format!("no. {first} x {}", numbers.len()),
        [first, .., last] if numbers.len() > TOLD || is_run(numbers) => format!("no. {first}-{last}"),
        all => {
            let all: Vec<String> = all.iter().map(u64::to_string).collect();
            format!("no. {}", all.join(" "))
        }
    };
    format!("{job}   {file}   sheet {sheet}/{sheets}   {side}   {places}")
}

fn is_run(numbers: &[u64]) -> bool {
    numbers.windows(2).all(|w| w[1] == w[0] + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_says_what_it_is() {
        let numbers = |n: &[u64]| line("dm", "dm.pdf", 2, 3, "front", n);
        assert_eq!(numbers(&[2, 5, 8]), "dm   dm.pdf   sheet 2/3   front   no. 2 5 8");
        assert_eq!(numbers(&[5, 6, 7]), "dm   dm.pdf   sheet 2/3   front   no. 5-7");
        assert_eq!(numbers(&[4, 4, 4, 4]), "dm   dm.pdf   sheet 2/3   front   no. 4 x 4");
    }
}
