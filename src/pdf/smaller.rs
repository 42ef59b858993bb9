//! Pictures with fewer pixels: Lanczos's filter over three lobes, across and then down, in whole numbers, so that every
//! machine makes the same pixels.

/// Lobes on each side.
const LOBES: f64 = 3.0;
/// What weights add up to.
const ONE: i32 = 1 << 14;

/// Makes a picture `step` times smaller on each side. `components` bytes a pixel; colours count as much as they are opaque.
pub(super) fn picture(
    width: &mut u32,
    height: &mut u32,
    components: u8,
    pixels: &mut Vec<u8>,
    alpha: Option<&mut Vec<u8>>,
    step: u8,
) {
    let step = u32::from(step.max(1));
    let (w, h) = (width.div_ceil(step).max(1), height.div_ceil(step).max(1));
    let all = |data: &[u8], components: u8| {
        let parts = usize::from(components);
        let across = rows(data, *width as usize, *height as usize, w as usize, parts);
        // the same for columns: each row of the turned picture is a column
        let turned = turn(&across, w as usize, *height as usize, parts);
        let down = rows(&turned, *height as usize, w as usize, h as usize, parts);
        turn(&down, h as usize, w as usize, parts)
    };
    match alpha {
        None => *pixels = all(pixels, components),
        Some(alpha) => {
            let parts = usize::from(components.max(1));
            for (pixel, &a) in pixels.chunks_exact_mut(parts).zip(alpha.iter()) {
                pixel.iter_mut().for_each(|v| *v = ((u16::from(*v) * u16::from(a) + 127) / 255) as u8);
            }
            *pixels = all(pixels, components);
            *alpha = all(alpha, 1);
            for (pixel, &a) in pixels.chunks_exact_mut(parts).zip(alpha.iter()) {
                if a > 0 {
                    let a = u32::from(a);
                    pixel.iter_mut().for_each(|v| *v = ((u32::from(*v) * 255 + a / 2) / a).min(255) as u8);
                }
            }
        }
    }
    (*width, *height) = (w, h);
}

/// sin(πx)/πx · sin(πx/3)/(πx/3), by libm: the same on every machine.
fn lanczos(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    if x.abs() >= LOBES {
        return 0.0;
    }
    let a = std::f64::consts::PI * x;
    libm::sin(a) / a * (libm::sin(a / LOBES) / (a / LOBES))
}

/// For each new pixel the first old one that counts, and the weights of it and those behind it.
fn weights(from: usize, to: usize) -> Vec<(usize, Vec<i32>)> {
    let ratio = from as f64 / to as f64;
    (0..to)
        .map(|i| {
            let center = (i as f64 + 0.5) * ratio;
            let first = (center - LOBES * ratio).max(0.0) as usize;
            let last = ((center + LOBES * ratio) as usize).min(from - 1);
            let shares: Vec<f64> = (first..=last).map(|j| lanczos((j as f64 + 0.5 - center) / ratio)).collect();
            let sum: f64 = shares.iter().sum();
            let mut weights: Vec<i32> = shares.iter().map(|s| (s / sum * f64::from(ONE)).round() as i32).collect();
            // What rounding took or gave goes to the middle, so that an even area stays as it is.
            let rest = ONE - weights.iter().sum::<i32>();
            let middle = weights.len() / 2;
            if let Some(middle) = weights.get_mut(middle) {
                *middle += rest;
            }
            (first, weights)
        })
        .collect()
}

/// Rows of `from` pixels made into rows of `to`.
fn rows(data: &[u8], from: usize, count: usize, to: usize, parts: usize) -> Vec<u8> {
    let weights = weights(from, to);
    let mut out = Vec::with_capacity(count * to * parts);
    for row in data.chunks_exact((from * parts).max(1)) {
        for (first, weights) in &weights {
            let taps = row.get(first * parts..).unwrap_or_default();
            for part in 0..parts {
                let own = taps.iter().skip(part).step_by(parts);
                let sum: i32 = own.zip(weights).map(|(v, w)| i32::from(*v) * w).sum();
                out.push(((sum + ONE / 2) >> 14).clamp(0, 255) as u8);
            }
        }
    }
    out
}

/// Rows become columns.
fn turn(data: &[u8], width: usize, height: usize, parts: usize) -> Vec<u8> {
    let mut out = vec![0; data.len()];
    for (y, row) in data.chunks_exact((width * parts).max(1)).enumerate() {
        for (x, pixel) in row.chunks_exact(parts).enumerate() {
            let at = (x * height + y) * parts;
            if let Some(place) = out.get_mut(at..at + parts) {
                place.copy_from_slice(pixel);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_even_area_stays_as_it_is_and_sizes_round_up() {
        let (mut w, mut h) = (101, 50);
        let mut pixels = [10u8, 128, 250].repeat(101 * 50);
        picture(&mut w, &mut h, 3, &mut pixels, None, 4);
        assert_eq!((w, h), (26, 13));
        assert_eq!(pixels, [10u8, 128, 250].repeat(26 * 13));
    }

    #[test]
    fn fine_stripes_become_their_mean_and_edges_stay_where_they_are() {
        let (mut w, mut h) = (400, 4);
        let stripes: Vec<u8> = (0..4).flat_map(|_| (0..400).map(|x| if x % 2 == 0 { 0 } else { 255 })).collect();
        let mut pixels = stripes;
        picture(&mut w, &mut h, 1, &mut pixels, None, 4);
        assert!(pixels[10..90].iter().all(|v| (120..=135).contains(v)), "{pixels:?}");
        let (mut w, mut h) = (400, 4);
        let mut pixels: Vec<u8> = (0..4).flat_map(|_| (0..400).map(|x| if x < 200 { 0 } else { 255 })).collect();
        picture(&mut w, &mut h, 1, &mut pixels, None, 4);
        assert!(pixels[..47].iter().all(|v| *v == 0) && pixels[53..100].iter().all(|v| *v == 255), "{pixels:?}");
        assert!(pixels[49] < 60 && pixels[50] > 195, "{pixels:?}");
    }

    #[test]
    fn what_cannot_be_seen_does_not_run_into_what_can() {
        let (mut w, mut h) = (40, 40);
        let opaque = |i: usize| i % 40 < 20;
        let mut pixels: Vec<u8> = (0..1600).map(|i| if opaque(i) { 200 } else { 0 }).collect();
        let mut alpha: Vec<u8> = (0..1600).map(|i| if opaque(i) { 255 } else { 0 }).collect();
        picture(&mut w, &mut h, 1, &mut pixels, Some(&mut alpha), 2);
        assert!(pixels.iter().zip(&alpha).all(|(v, a)| *a < 20 || (190..=210).contains(v)), "{pixels:?} {alpha:?}");
    }
}
