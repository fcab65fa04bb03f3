//! What other origins than the target suite offer of a distribution.

use pep440_rs::Version;

use crate::archive::Origin;
use crate::finding::Finding;
use crate::name::{DebName, SuiteName};

/// One way to have a distribution in a version of its own. The target suite's package
/// is a [`crate::mapping::Mapping`], and what the index has needs no offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The upstream version that bounds are judged by.
    pub upstream: Version,
    /// The binary package.
    pub package: DebName,
    /// Its Debian version there.
    pub package_version: String,
    /// Where it is.
    pub source: OfferSource,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Where an offer comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum OfferSource {
    /// A repository whose packages can be installed as they are: backports. What such
    /// a package needs is apt's business.
    Installable(Origin),
    /// A newer suite, whose source package would be rebuilt for the target.
    Rebuild {
        /// The newer suite's codename.
        suite: SuiteName,
        /// The source package.
        source_package: DebName,
        /// The source package's version.
        source_version: String,
        /// Build dependencies that the target does not meet, one clause each, with what
        /// it has: `dh-sequence-python3 (>= 6): trixie has none`. Empty if it can be
        /// rebuilt.
        unmet: Vec<String>,
    },
}
