//! pip's own default index, asked of pip: no address is written in this program.

use std::process::{Command, Stdio};

use url::Url;

use super::Env;
use pydeps_http::cache::{Cache, Kind};

const KEY: &str = "pip help install";
const PROGRAMS: [&[&str]; 3] = [&["python3", "-m", "pip"], &["pip3"], &["pip"]];

/// The default of pip's `--index-url`, from the cache or from pip itself. `Err`
/// says what asking came to.
pub fn ask_pip(env: &Env, cache: &Cache, offline: bool) -> Result<String, String> {
    if let Some(entry) = cache.read(Kind::DefaultIndex, KEY) {
        if let Ok(url) = String::from_utf8(entry.body().to_vec()) {
            return Ok(url);
        }
    }
    let mut reasons = Vec::new();
    for program in PROGRAMS {
        match help(program, env) {
            Ok(text) => match parse_help(&text) {
                Some(url) => {
                    cache.write(Kind::DefaultIndex, KEY, b"", url.as_str().as_bytes());
                    return Ok(url.into());
                }
                None => reasons.push(format!("{} names none", program.join(" "))),
            },
            Err(reason) => reasons.push(format!("{}: {reason}", program.join(" "))),
        }
    }
    // Asking pip needs no network, so being offline changes nothing but the wording.
    let suffix = if offline { " (offline)" } else { "" };
    Err(reasons.join("; ") + suffix)
}

/// Runs `pip help install` as if pip had no configuration, on an endless line.
fn help(program: &[&str], env: &Env) -> Result<String, String> {
    let (name, args) = program.split_first().ok_or("no program")?;
    let foreign = |name: &str| name.starts_with("PIP_") || name == "COLUMNS";
    let output = Command::new(name)
        .args(args)
        .args(["help", "install"])
        .env_clear()
        .envs(env.iter().filter(|(name, _)| !foreign(name)))
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_NO_COLOR", "1")
        .env("COLUMNS", "100000")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default().trim().to_owned();
        return Err(format!("{} {last}", output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The URL after `(default ` in the description of `--index-url`.
pub fn parse_help(text: &str) -> Option<Url> {
    let at = text
        .match_indices("--index-url")
        .map(|(at, _)| at)
        .find(|&at| {
            !text[..at].ends_with("--extra-index-url") && text[at..].contains("(default")
        })?;
    let default = text[at..].split_once("(default")?.1;
    let (url, _) = default.split_once(')')?;
    let url: String = url.split_whitespace().collect();
    let url = Url::parse(url.trim_start_matches(':')).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}
