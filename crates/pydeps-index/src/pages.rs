//! Index pages: from the cache while fresh, revalidated when stale, fetched when new.

use std::sync::Arc;
use std::time::SystemTime;

use http_cache_semantics::{AfterResponse, BeforeRequest, CacheOptions, CachePolicy};
use pydeps_core::name::DistName;
use pydeps_core::upstream::Project;
use serde::{Deserialize, Serialize};
use ureq::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use url::Url;

use crate::error::Error;
use crate::{compact, simple};
use pydeps_http::cache::{Cache, Entry, Kind};
use pydeps_http::{Failure, Reply, Transport, status_error};

/// The largest pages have some tens of megabytes.
const MAX_PAGE: u64 = 512 * 1024 * 1024;

/// What a cached page begins with.
#[derive(Serialize, Deserialize)]
struct Header {
    url: String,
    /// Whether the index has the project; that it has not is worth caching too.
    found: bool,
    policy: CachePolicy,
}

/// What kind of page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Page {
    /// One project's.
    Index,
    /// Links to files of any project.
    Links,
}

/// A project as the page at `url` has it; `None` if there is no such page.
pub(crate) fn project(
    transport: &Transport,
    cache: &Cache,
    url: &Url,
    name: &DistName,
    page: Page,
) -> Result<Option<Project>, Error> {
    let asking = Asking {
        transport,
        cache,
        url,
        name,
        page,
    };
    match asking.cached() {
        None => asking.fetch(),
        Some((header, entry)) => asking.refresh(&header, &Arc::new(entry)),
    }
}

struct Asking<'a> {
    transport: &'a Transport,
    cache: &'a Cache,
    url: &'a Url,
    name: &'a DistName,
    page: Page,
}

/// What the network says.
enum Answer {
    Unchanged(HeaderMap),
    /// The project in its compact form.
    Found(Vec<u8>, HeaderMap),
    Absent(StatusCode, HeaderMap),
}

impl Asking<'_> {
    fn key(&self) -> String {
        match self.page {
            Page::Index => self.url.to_string(),
            // One page, but a project of its own for each name.
            Page::Links => format!("{} {}", self.url, self.name),
        }
    }

    fn cached(&self) -> Option<(Header, Entry)> {
        let entry = self.cache.read(Kind::Page, &self.key())?;
        let header: Header = serde_json::from_slice(entry.header()).ok()?;
        (header.url == self.url.as_str()).then_some((header, entry))
    }

    /// Answers from the cache, after asking the server where that is due.
    fn refresh(&self, header: &Header, cached: &Arc<Entry>) -> Result<Option<Project>, Error> {
        let usable = || match header.found {
            false => Some(None),
            true => compact::decode(cached).map(Some),
        };
        let Some(headers) = self.stale(header) else {
            return usable().map_or_else(|| self.fetch(), Ok);
        };
        match self.ask(&headers)? {
            Answer::Unchanged(headers) => match usable() {
                Some(answer) => {
                    self.still_good(header, headers, cached.body());
                    Ok(answer)
                }
                None => self.fetch(),
            },
            answer => self.accept(answer),
        }
    }

    /// What to ask the server with before a cached page is used; nothing if it may be
    /// used as it is.
    fn stale(&self, header: &Header) -> Option<HeaderMap> {
        if self.transport.settings().offline {
            return None;
        }
        let now = SystemTime::now();
        match header.policy.before_request(&self.request(), now) {
            BeforeRequest::Fresh(_) => None,
            BeforeRequest::Stale { request, .. } => Some(request.headers),
        }
    }

    /// Stores what the server says of a page that has not changed.
    fn still_good(&self, header: &Header, headers: HeaderMap, body: &[u8]) {
        let response = response(StatusCode::NOT_MODIFIED, headers);
        let now = SystemTime::now();
        let answer = header
            .policy
            .after_response(&self.request(), &response, now);
        let (AfterResponse::NotModified(policy, _) | AfterResponse::Modified(policy, _)) = answer;
        self.store(policy, header.found, body);
    }

    fn fetch(&self) -> Result<Option<Project>, Error> {
        let request = self.request();
        let answer = self.ask(request.headers())?;
        self.accept(answer)
    }

    /// Stores a new answer and returns what it says.
    fn accept(&self, answer: Answer) -> Result<Option<Project>, Error> {
        let (status, headers, body) = match answer {
            Answer::Found(body, headers) => (StatusCode::OK, headers, Some(body)),
            Answer::Absent(status, headers) => (status, headers, None),
            // Nobody asked whether something had changed.
            Answer::Unchanged(_) => return Ok(None),
        };
        let options = CacheOptions {
            shared: false,
            ..CacheOptions::default()
        };
        let response = response(status, headers);
        let now = SystemTime::now();
        let policy = CachePolicy::new_options(&self.request(), &response, now, options);
        if policy.is_storable() {
            let bytes = body.as_deref().unwrap_or_default();
            self.store(policy, body.is_some(), bytes);
        }
        body.map(|body| simple::unpack(body, self.url)).transpose()
    }

    fn store(&self, policy: CachePolicy, found: bool, body: &[u8]) {
        let header = Header {
            url: self.url.to_string(),
            found,
            policy,
        };
        if let Ok(header) = serde_json::to_vec(&header) {
            self.cache.write(Kind::Page, &self.key(), &header, body);
        }
    }

    fn ask(&self, headers: &HeaderMap) -> Result<Answer, Error> {
        self.transport
            .get(self.url, headers, |reply| self.read(reply))
    }

    fn read(&self, reply: Reply) -> Result<Answer, Failure<Error>> {
        let headers = about_freshness(&reply.headers);
        match reply.status {
            StatusCode::OK => {
                let content_type = reply.header(header::CONTENT_TYPE).to_owned();
                let url = reply.url.clone();
                let bytes = reply.bytes(MAX_PAGE)?;
                let project = match self.page {
                    Page::Index => simple::pack(&bytes, &content_type, &url, self.name)?,
                    Page::Links => simple::pack_links(&bytes, &url, self.name)?,
                };
                Ok(Answer::Found(project, headers))
            }
            StatusCode::NOT_MODIFIED => Ok(Answer::Unchanged(headers)),
            StatusCode::NOT_FOUND | StatusCode::GONE => Ok(Answer::Absent(reply.status, headers)),
            _ => Err(status_error(&reply).into()),
        }
    }

    /// The request as far as caching goes; credentials are none of its business.
    fn request(&self) -> Request<()> {
        let mut request = Request::new(());
        *request.uri_mut() = self.url.as_str().parse().unwrap_or_default();
        let accept = HeaderValue::from_static(simple::ACCEPT);
        request.headers_mut().insert(header::ACCEPT, accept);
        request
    }
}

/// The headers that say how long an answer is good for.
fn about_freshness(headers: &HeaderMap) -> HeaderMap {
    let names = [
        header::AGE,
        header::CACHE_CONTROL,
        header::DATE,
        header::ETAG,
        header::EXPIRES,
        header::LAST_MODIFIED,
        header::PRAGMA,
    ];
    let mut kept = HeaderMap::new();
    for name in names {
        // No date has parentheses, and parsers of mail dates have overflowed their
        // stack on nested ones.
        let value = headers.get(&name).filter(|v| !v.as_bytes().contains(&b'('));
        if let Some(value) = value {
            kept.insert(name, value.clone());
        }
    }
    kept
}

fn response(status: StatusCode, headers: HeaderMap) -> Response<()> {
    let mut response = Response::new(());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_concerns_freshness_is_kept() {
        let mut headers = HeaderMap::new();
        let date = format!("Mon, 1 Jan 2024 00:00:00 GMT {}", "(".repeat(60_000));
        headers.insert(header::DATE, HeaderValue::from_str(&date).unwrap());
        headers.insert(header::SET_COOKIE, HeaderValue::from_static("secret"));
        headers.insert(header::ETAG, HeaderValue::from_static("\"x\""));
        let kept = about_freshness(&headers);
        assert_eq!(kept.len(), 1);
        assert!(kept.contains_key(header::ETAG));
    }
}
