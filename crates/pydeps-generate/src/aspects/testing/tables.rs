//! What tests ask for, and where it is to be had.

/// pytest plugins by a word in the tests that needs them.
pub(super) const PLUGINS: [(&str, &str); 14] = [
    ("mark.asyncio", "pytest-asyncio"),
    ("asyncio_mode", "pytest-asyncio"),
    ("pytest_asyncio", "pytest-asyncio"),
    ("mark.anyio", "anyio"),
    ("mocker", "pytest-mock"),
    ("benchmark(", "pytest-benchmark"),
    ("requests_mock", "requests-mock"),
    ("httpserver", "pytest-httpserver"),
    ("httpx_mock", "pytest-httpx"),
    ("freezer", "pytest-freezer"),
    ("mark.timeout", "pytest-timeout"),
    ("mark.flaky", "flaky"),
    ("subtests", "pytest-subtests"),
    ("mark.django_db", "pytest-django"),
];

/// Methods of test cases that Python 3.12 has removed.
pub(super) const REMOVED: [&str; 8] = [
    "assertEquals",
    "assertNotEquals",
    "assertItemsEqual",
    "assertRegexpMatches",
    "assertRaisesRegexp",
    "assertAlmostEquals",
    "assertDictContainsSubset",
    "failUnless",
];

/// Words in tests that need more than a build has: containers, a display.
pub(super) const OUTSIDE: [(&str, &str); 3] = [
    ("testcontainers", "containers"),
    ("selenium", "a browser"),
    ("playwright", "a browser"),
];

/// Functions that fetch an address.
pub(super) const FETCH: [&str; 2] = ["requests.get", "urlopen"];

/// Programs that tests run (`subprocess.run(["git", …])`), and their packages.
pub(super) const PROGRAMS: [(&str, &str); 14] = [
    ("git", "git"),
    ("hg", "mercurial"),
    ("svn", "subversion"),
    ("openssl", "openssl"),
    ("ssh-keygen", "openssh-client"),
    ("gpg", "gnupg"),
    ("node", "nodejs"),
    ("java", "default-jre-headless"),
    ("ffmpeg", "ffmpeg"),
    ("dot", "graphviz"),
    ("pandoc", "pandoc"),
    ("xmllint", "libxml2-utils"),
    ("cmake", "cmake"),
    ("redis-server", "redis-server"),
];

/// Modules of the interpreter that Debian's Python has no file of
/// (`sys.builtin_module_names`).
pub(crate) const BUILT_IN: [&str; 33] = [
    "array",
    "atexit",
    "binascii",
    "builtins",
    "cmath",
    "errno",
    "faulthandler",
    "fcntl",
    "gc",
    "grp",
    "itertools",
    "marshal",
    "math",
    "posix",
    "pwd",
    "pyexpat",
    "select",
    "spwd",
    "syslog",
    "sys",
    "time",
    "unicodedata",
    "xxsubtype",
    "zlib",
    "_ast",
    "_collections",
    "_functools",
    "_io",
    "_socket",
    "_struct",
    "_thread",
    "_weakref",
    "_warnings",
];
