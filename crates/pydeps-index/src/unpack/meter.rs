//! How much has come out of an archive, against how much may.

use std::cell::Cell;
use std::io::{self, Read};

use super::{Limits, Refusal};

/// Counts over all members.
pub(super) struct Meter {
    spent: Cell<u64>,
    allowed: u64,
    rule: String,
}

impl Meter {
    /// For an archive of so many bytes.
    pub(super) fn new(limits: &Limits, packed: u64) -> Self {
        let by_ratio = packed.saturating_mul(limits.ratio).max(limits.small);
        let (allowed, rule) = match by_ratio < limits.bytes {
            true if by_ratio > limits.small => {
                (by_ratio, format!("{} times its size", limits.ratio))
            }
            true => (by_ratio, "what may come of so small an archive".to_owned()),
            false => (limits.bytes, "what may come of any archive".to_owned()),
        };
        Self {
            spent: Cell::new(0),
            allowed,
            rule,
        }
    }

    /// The same bytes, counted. The limit is a [`Refusal`] in the error.
    pub(super) fn count<'m, R: Read + 'm>(&'m self, inner: R) -> impl Read + 'm {
        Counted { inner, meter: self }
    }

    /// Whether a member that claims this size can be within the limit.
    pub(super) fn claim(&self, size: u64) -> Result<(), Refusal> {
        match size > self.allowed - self.spent.get().min(self.allowed) {
            true => Err(self.refusal()),
            false => Ok(()),
        }
    }

    /// Counts bytes that come from elsewhere.
    pub(super) fn spend(&self, bytes: u64) -> Result<(), Refusal> {
        self.claim(bytes)?;
        self.spent.set(self.spent.get() + bytes);
        Ok(())
    }

    fn refusal(&self) -> Refusal {
        Refusal::Bytes {
            allowed: self.allowed,
            rule: self.rule.clone(),
        }
    }
}

struct Counted<'m, R> {
    inner: R,
    meter: &'m Meter,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.meter.spend(read as u64).map_err(io::Error::other)?;
        Ok(read)
    }
}
