//! The addresses of hosts, looked up once for each.
//!
//! `ureq` looks a host up for every request, even for one that goes over a connection
//! that is open already. Many requests at once are then many DNS queries at once,
//! which name servers answer slowly or not at all.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A host's addresses, once they are known. Whoever comes while somebody looks them
/// up waits for the answer.
type Known = Arc<Mutex<Option<ResolvedSocketAddrs>>>;

/// The hosts that were asked for so far, with their schemes and ports. That a host was
/// not found is not remembered.
#[derive(Debug, Default)]
pub(crate) struct Addresses<R = DefaultResolver> {
    hosts: Mutex<BTreeMap<String, Known>>,
    resolver: R,
}

impl<R: Resolver> Resolver for Addresses<R> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let key = format!("{:?} {:?}", uri.scheme(), uri.authority());
        let hosts = self.hosts.lock();
        let host = Arc::clone(
            hosts
                .unwrap_or_else(PoisonError::into_inner)
                .entry(key)
                .or_default(),
        );
        let mut known = host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(addresses) = known.as_ref() {
            return Ok(addresses.clone());
        }
        let addresses = self.resolver.resolve(uri, config, timeout)?;
        *known = Some(addresses.clone());
        Ok(addresses)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Answers each second question, and counts them.
    #[derive(Debug, Default)]
    struct Fickle(AtomicUsize);

    impl Resolver for Fickle {
        fn resolve(
            &self,
            _: &Uri,
            _: &Config,
            _: NextTimeout,
        ) -> Result<ResolvedSocketAddrs, ureq::Error> {
            if self.0.fetch_add(1, Ordering::Relaxed) % 2 == 0 {
                return Err(ureq::Error::HostNotFound);
            }
            let mut addresses = self.empty();
            addresses.push(([127, 0, 0, 1], 80).into());
            Ok(addresses)
        }
    }

    #[test]
    fn a_host_is_looked_up_until_it_is_found_and_then_no_more() {
        let addresses: Addresses<Fickle> = Addresses::default();
        let ask = |uri: &str| {
            let uri = uri.parse().unwrap();
            let found = addresses.resolve(&uri, &Config::default(), NextTimeout::default());
            (found.is_ok(), addresses.resolver.0.load(Ordering::Relaxed))
        };
        assert_eq!(ask("https://index.example/a"), (false, 1));
        assert_eq!(ask("https://index.example/b"), (true, 2));
        assert_eq!(ask("https://index.example/c"), (true, 2));
        assert_eq!(ask("https://index.example:8443/"), (false, 3));
    }
}
