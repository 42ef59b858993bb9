//! Work in parallel, results in order, memory bounded.
//!
//! One thread – the caller's – fills buffers and commits them; rayon's workers, and the caller's thread while
//! nothing is to be committed, do what lies between. A buffer
//! is filled, worked on, put back in order, committed, and used again: their number is the window, so memory
//! does not depend on how many there are to do. With one thread everything happens on the caller's.

use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::mpsc;

/// How much is under way at once.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub threads: usize,
    /// Buffers that exist at the same time.
    pub buffers: usize,
}

impl Window {
    /// Four buffers for each thread: enough that one slow buffer does not stop the others.
    #[must_use]
    pub fn for_threads(threads: usize) -> Self {
        let threads = threads.max(1);
        Self { threads, buffers: if threads == 1 { 1 } else { threads * 4 } }
    }
}

/// The steps that a buffer `T` goes through. `W` is one worker's scratch space.
pub trait Steps<T, W, E>: Sync {
    /// An empty buffer.
    fn buffer(&self) -> T;
    /// A new worker's scratch space.
    fn worker(&self) -> W;
    /// On any thread: what can be done for this buffer alone.
    fn work(&self, worker: &mut W, buffer: &mut T);
}

/// Runs until `fill` says that there is no more (`Ok(false)`, the buffer is then not used) or something fails.
///
/// # Errors
/// The first error of `fill` or `commit` in the order of the buffers; later buffers are not committed.
pub fn run<T: Send, W: Send, E: Send>(
    window: Window,
    steps: &dyn Steps<T, W, E>,
    mut fill: impl FnMut(&mut T) -> Result<bool, E>,
    mut commit: impl FnMut(&mut T) -> Result<(), E>,
) -> Result<(), E> {
    if window.threads <= 1 {
        let (mut buffer, mut worker) = (steps.buffer(), steps.worker());
        while fill(&mut buffer)? {
            steps.work(&mut worker, &mut buffer);
            commit(&mut buffer)?;
        }
        return Ok(());
    }
    // The caller's thread works too while nothing is to be committed: with it there are `threads` in all, and
    // none more than there are cores to run them.
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(window.threads - 1).build() {
        Ok(pool) => pool,
        // A machine that gives no threads still prints, on this one.
        Err(_) => return run(Window { threads: 1, buffers: 1 }, steps, fill, commit),
    };
    let workers: Mutex<Vec<W>> = Mutex::new(Vec::new());
    let queue: Mutex<VecDeque<(u64, T)>> = Mutex::new(VecDeque::new());
    let (done, results) = mpsc::channel();
    // Takes the next buffer, if there still is one, and works on it.
    let turn = |done: &mpsc::Sender<(u64, std::thread::Result<T>)>| {
        let Some((number, mut buffer)) = queue.lock().ok().and_then(|mut q| q.pop_front()) else { return false };
        let kept = workers.lock().ok().and_then(|mut w| w.pop());
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut worker = kept.unwrap_or_else(|| steps.worker());
            steps.work(&mut worker, &mut buffer);
            if let Ok(mut w) = workers.lock() {
                w.push(worker);
            }
            buffer
        }));
        // The receiver is gone only when the run has already failed.
        let _ = done.send((number, result));
        true
    };
    let turn = &turn;
    pool.in_place_scope(|scope| {
        let mut free: Vec<T> = (0..window.buffers.max(window.threads)).map(|_| steps.buffer()).collect();
        let mut waiting: BTreeMap<u64, T> = BTreeMap::new();
        let (mut filled, mut committed) = (0u64, 0u64);
        let mut more = true;
        while more || committed < filled {
            while more {
                let Some(mut buffer) = free.pop() else { break };
                more = fill(&mut buffer)?;
                if !more {
                    break;
                }
                if let Ok(mut q) = queue.lock() {
                    q.push_back((filled, buffer));
                }
                filled += 1;
                let done = done.clone();
                scope.spawn(move |_| {
                    turn(&done);
                });
            }
            if committed == filled {
                break;
            }
            let (number, result) = match results.try_recv() {
                Ok(message) => message,
                // Nothing to commit: do a turn, and only when all are being done wait.
                Err(_) if turn(&done) => continue,
                Err(_) => match results.recv() {
                    Ok(message) => message,
                    Err(_) => break,
                },
            };
            waiting.insert(number, result.unwrap_or_else(|panic| resume_unwind(panic)));
            while let Some(mut buffer) = waiting.remove(&committed) {
                commit(&mut buffer)?;
                committed += 1;
                free.push(buffer);
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Squares;
    impl Steps<Vec<u64>, u64, String> for Squares {
        fn buffer(&self) -> Vec<u64> {
            Vec::new()
        }
        fn worker(&self) -> u64 {
            0
        }
        fn work(&self, seen: &mut u64, buffer: &mut Vec<u64>) {
            *seen += 1;
            for n in buffer.iter_mut() {
                // Uneven work, so that buffers finish out of order.
                for _ in 0..(*n % 7) * 500 {
                    std::hint::black_box(*seen);
                }
                *n *= *n;
            }
        }
    }

    fn squares(threads: usize, count: u64, fail_at: Option<u64>) -> (Result<(), String>, Vec<u64>) {
        let (mut next, mut out) = (0, Vec::new());
        let result = run(
            Window::for_threads(threads),
            &Squares,
            |buffer| {
                buffer.clear();
                buffer.extend((next..count).take(3));
                next += buffer.len() as u64;
                Ok(!buffer.is_empty())
            },
            |buffer| {
                if fail_at.is_some_and(|f| buffer.contains(&(f * f))) {
                    return Err("full".to_owned());
                }
                out.extend_from_slice(buffer);
                Ok(())
            },
        );
        (result, out)
    }

    #[test]
    fn results_come_in_order_whatever_the_threads() {
        let expected: Vec<u64> = (0..1000).map(|n| n * n).collect();
        for threads in [1, 2, 3, 7] {
            let (result, out) = squares(threads, 1000, None);
            assert_eq!(result, Ok(()));
            assert_eq!(out, expected, "{threads} threads");
        }
    }

    #[test]
    fn a_failure_ends_the_run_with_what_came_before_it_in_order() {
        for threads in [1, 3] {
            let (result, out) = squares(threads, 1000, Some(300));
            assert_eq!(result, Err("full".to_owned()));
            assert_eq!(out, (0..300).map(|n| n * n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn nothing_to_do_is_done_at_once() {
        assert_eq!(squares(2, 0, None), (Ok(()), vec![]));
    }
}
