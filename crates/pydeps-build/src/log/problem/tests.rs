//! Excerpts of logs of real builds in trixie, cut to the lines around what was missing.

use super::*;

fn named(kind: fn(String) -> Problem, name: &str) -> Vec<Problem> {
    vec![kind(name.to_owned())]
}

#[track_caller]
fn check(log: &str, expect: &[Problem]) {
    let found: Vec<Problem> = problems(log).into_iter().map(|lack| lack.problem).collect();
    assert_eq!(found, expect);
}

#[test]
fn modules_and_backends() {
    check(
        "* Building wheel...\nTraceback (most recent call last):\nModuleNotFoundError: No module named 'numpy'\n\nERROR Backend subprocess exited when trying to invoke build_wheel\n",
        &named(Problem::Module, "numpy"),
    );
    check(
        "dpkg-buildpackage: info: host architecture amd64\nERROR Backend 'hatchling.build' is not available.\n",
        &named(Problem::Backend, "hatchling.build"),
    );
}

#[test]
fn what_compilers_and_linkers_lack() {
    check(
        "x.c:2:10: fatal error: openssl/ssl.h: No such file or directory\n    2 | #include <openssl/ssl.h>\n",
        &named(Problem::Header, "openssl/ssl.h"),
    );
    check(
        "/usr/bin/ld: cannot find -lyaml: No such file or directory\ncollect2: error: ld returned 1 exit status\n",
        &named(Problem::Library, "yaml"),
    );
    check("cc1: fatal error: x.c: No such file or directory\n", &[]);
}

#[test]
fn templates_that_nobody_uses() {
    check(
        "/<<PKGBUILDDIR>>/src/vector_of_kll.cpp:146:6: error: assignment of read-only member ‘datasketches::vector_of_kll_sketches<T, C>::k_’\n  146 |   k_ = copy.k_;\n",
        &[Problem::Template { optional: false }],
    );
    check(
        "t.cpp:3:55: error: assignment of read-only member ‘A<T>::k’ [-Wtemplate-body]\n",
        &[Problem::Template { optional: true }],
    );
}

#[test]
fn programs() {
    check(
        "/bin/sh: 1: pg_config: not found\n",
        &named(Problem::Command, "pg_config"),
    );
    check(
        "FileNotFoundError: [Errno 2] No such file or directory: 'git'\n",
        &named(Problem::Command, "git"),
    );
    check(
        "error: command 'swig' failed: No such file or directory\n",
        &named(Problem::Command, "swig"),
    );
    check(
        "../meson.build:3:0: ERROR: Program 'cython' not found or not executable\n",
        &named(Problem::Command, "cython"),
    );
    check(
        "FileNotFoundError: [Errno 2] No such file or directory: 'README.md'\n",
        &[],
    );
}

#[test]
fn pkg_config_and_cmake() {
    check(
        "Package libxml-2.0 was not found in the pkg-config search path.\nPerhaps you should add the directory containing `libxml-2.0.pc'\nto the PKG_CONFIG_PATH environment variable\nPackage 'libxml-2.0', required by 'virtual:world', not found\n",
        &named(Problem::PkgConfig, "libxml-2.0"),
    );
    check(
        "../meson.build:3:0: ERROR: Dependency \"libxml-2.0\" not found, tried pkgconfig and cmake\n",
        &named(Problem::PkgConfig, "libxml-2.0"),
    );
    check(
        "CMake Error at CMakeLists.txt:3 (find_package):\n  By not providing \"FindEigen3.cmake\" in CMAKE_MODULE_PATH this project has\n  Could not find a package configuration file provided by \"Eigen3\" with any\n  of the following names:\n",
        &named(Problem::Cmake, "Eigen3"),
    );
    check(
        "  Could NOT find ZLIB (missing: ZLIB_LIBRARY ZLIB_INCLUDE_DIR)\n",
        &named(Problem::Cmake, "ZLIB"),
    );
}

#[test]
fn build_dependencies() {
    check(
        "The following packages have unmet dependencies:\n sbuild-build-depends-main-dummy : Depends: python3-nope but it is not installable\nE: Unable to correct problems, you have held broken packages.\n",
        &named(Problem::Unmet, "python3-nope"),
    );
}

#[test]
fn plugins_of_pytest() {
    check(
        "E       fixture 'mocker' not found\n>       available fixtures: cache, capfd\nFAILED tests/test_a.py::test_e - assert 1 == 2\nERROR tests/test_a.py::test_a\n",
        &[Problem::Plugin("pytest-mock")],
    );
    check(
        "__main__.py: error: unrecognized arguments: --cov=testopt -n\n",
        &[Problem::Plugin("pytest-cov")],
    );
    check(
        "PytestUnhandledCoroutineWarning: async def functions are not natively supported and have been skipped.\n",
        &[Problem::Plugin("pytest-asyncio")],
    );
}

/// A test and its reason.
fn test(node: &str, reason: &str) -> Problem {
    Problem::Test {
        node: node.to_owned(),
        reason: reason.to_owned(),
    }
}

#[test]
fn reasons_are_whole() {
    check(
        "____________________________ test_get_group_all ____________________________\n\n    def test_get_group_all():\n>       assert len(group) == 5\nE       AssertionError: assert 3 == 5\nE        +  where 3 = len({})\n\n\
         FAILED tests/test_entrypoints.py::test_get_group_all - AssertionError: asser...\n",
        &[test(
            "tests/test_entrypoints.py::test_get_group_all",
            "AssertionError: assert 3 == 5",
        )],
    );
}

#[test]
fn tests_that_fail() {
    check(
        "   dh_auto_test -O--buildsystem=pybuild\nE       FileNotFoundError: [Errno 2] No such file or directory: 'samples'\n\
         FAILED tests/test_a.py::test_b - FileNotFoundError: [Errno 2] No such file or...\n\
         FAILED tests/test_a.py::test_c - urllib.error.URLError: <urlopen error [Errno...\n\
         ERROR tests/test_x.py\n========== 2 failed, 1 passed in 1.47s ==========\n",
        &[
            test(
                "tests/test_a.py::test_b",
                "FileNotFoundError: [Errno 2] No such file or...",
            ),
            test(
                "tests/test_a.py::test_c",
                "urllib.error.URLError: <urlopen error [Errno...",
            ),
            test("tests/test_x.py", "it cannot be collected"),
        ],
    );
    check(
        "FAILED (failures=1)\nERROR Backend subprocess exited\nFAILED $(rm).py::t - x\n",
        &[],
    );
    check(
        "E: pybuild pybuild:389: test: plugin pyproject failed with: exit code=5: cd /build; python3.13 -m pytest \n",
        &[Problem::NoTests],
    );
}

proptest::proptest! {
    /// Whatever a log says, there is an answer.
    #[test]
    fn any_log(log in "(ModuleNotFoundError: No module named '|'|FAILED |ERROR |::|[a-z.]{0,3}|\\PC|\n){0,40}") {
        let found = problems(&log);
        let unique: BTreeSet<&Problem> = found.iter().map(|lack| &lack.problem).collect();
        proptest::prop_assert_eq!(unique.len(), found.len());
    }
}

#[test]
fn tests_that_lack_what_nobody_has() {
    let log = "   dh_auto_test\n_______ ERROR collecting tests/util/test_once.py _______\nImportError while importing test module\nE   ModuleNotFoundError: No module named 'opentelemetry.test'\nERROR tests/util/test_once.py\n";
    check(log, &named(Problem::Module, "opentelemetry.test"));
    let failing: Vec<Problem> = failing_tests(log)
        .into_iter()
        .map(|lack| lack.problem)
        .collect();
    let left_out = Problem::Test {
        node: "tests/util/test_once.py".to_owned(),
        reason: "ModuleNotFoundError: No module named 'opentelemetry.test'".to_owned(),
    };
    assert_eq!(failing, [left_out]);
}

#[test]
fn no_test_can_be_run() {
    #[track_caller]
    fn check(log: &str, reason: &str) {
        let failing: Vec<Problem> = failing_tests(log)
            .into_iter()
            .map(|lack| lack.problem)
            .collect();
        assert_eq!(failing, [Problem::Unrunnable(reason.to_owned())]);
    }
    let missing = "ModuleNotFoundError: No module named 'x'";
    check(
        "   dh_auto_test\ncollected 0 items / 3 errors\n_ ERROR collecting a/very/long/test_a.py _\nE   RuntimeError: Ninja is required\n__ ERROR collecting test_b.py __\nE   ModuleNotFoundError: No module named 'x'\n__ ERROR collecting test_c.py __\nE   ModuleNotFoundError: No module named 'x'\nERROR test_b.py\n",
        missing,
    );
    check(
        "   dh_auto_test\nImportError while loading conftest '/build/tests/conftest.py'.\ntests/conftest.py:6: in <module>\n    import x\nE   ModuleNotFoundError: No module named 'x'\n",
        missing,
    );
    check(
        "   dh_auto_test\nE: Build killed with signal TERM after 30 minutes of inactivity\n",
        "Build killed with signal TERM after 30 minutes of inactivity",
    );
    let one = |number: usize| {
        format!(
            "E   ConnectionRefusedError: [Errno 111] Connection refused\nFAILED t.py::t{number} - x\n"
        )
    };
    let refused: String = (0..=MOST_TESTS).map(one).collect();
    check(
        &format!("   dh_auto_test\n{refused}"),
        "ConnectionRefusedError: [Errno 111] Connection refused",
    );
}

#[test]
fn a_program_that_an_optional_extension_needs() {
    let log = "running cmake '--version'\n\
        error: [Errno 2] No such file or directory: 'cmake'\n\
        warning: skipping optional C-extension, base64 library build failed\n   \
        dh_auto_test -O--buildsystem=pybuild\nFAILED tests/test_a.py::test_b - assert 0 == 1\n";
    check(log, &[Problem::Command("cmake".to_owned())]);
    check(
        "error: [Errno 2] No such file or directory: 'data/x.txt'\n",
        &[],
    );
}
