//! A fence around each check. A check must not panic; should one do so, it
//! spoils one rule for one child and nothing else, and the report says so.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a check; a panic comes back as its message.
///
/// # Errors
/// The panic's message, when the check panicked.
pub fn fenced<T>(check: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(check)).map_err(|panic| {
        panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_message_and_the_next_check_runs() {
        let empty: Vec<u8> = Vec::new();
        assert!(
            fenced(|| empty[0])
                .unwrap_err()
                .contains("index out of bounds")
        );
        assert_eq!(fenced(|| 7), Ok(7));
    }
}
