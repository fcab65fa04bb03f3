//! The script of a case: command lines, and actions on its world.

use pydeps_testkit::words;

/// A line of `cmd`.
#[derive(Clone)]
pub(crate) enum Step {
    /// `[NAME=VALUE…] dh-pydeps ARGUMENT…`
    Run(CommandLine),
    /// `! …`
    Do(Action),
}

/// A command line, before its `$WORDS` are filled in.
#[derive(Clone)]
pub(crate) struct CommandLine {
    pub(crate) text: String,
    pub(crate) variables: Vec<(String, String)>,
    pub(crate) arguments: Vec<String>,
}

/// What may happen between two commands.
#[derive(Clone)]
pub(crate) enum Action {
    /// `! index stop`: it breaks off every connection.
    StopIndex,
    /// `! index FILE`: from now on it has what this file of the case says.
    ChangeIndex(String),
    /// `! archive cut`, `flip`, `newer` or `remove`.
    Archive(Damage),
    /// `! cache cut`: the second half of every entry is lost.
    CutCache,
    /// `! cache block`: a file lies where the cache should be.
    BlockCache,
    /// `! local cut`: half of every package in the local repository is lost.
    CutLocal,
    /// `! area cut FILE`: half of a package in the build area's repository is lost.
    CutArea(String),
    /// `! area write FILE TEXT`: a person writes a file in the build area; `\n` ends a line.
    WriteArea(String, String),
    /// `! area remove FILE`: a person removes it, or a directory.
    RemoveArea(String),
    /// `! repository cut`: the mirror's Packages file is half of what it was.
    CutRepository,
}

/// What happens to the archive index.
#[derive(Clone, Copy)]
pub(crate) enum Damage {
    Cut,
    Flip,
    Newer,
    Remove,
}

/// Reads a script. The error names the line.
pub(crate) fn parse(text: &str) -> Result<Vec<Step>, String> {
    let lines = text.lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(at, line)| step(line).map_err(|reason| format!("line {}: {reason}", at + 1)))
        .collect()
}

fn step(line: &str) -> Result<Step, String> {
    match line.strip_prefix("! ") {
        Some(action) => Ok(Step::Do(self::action(action)?)),
        None => Ok(Step::Run(command_line(line)?)),
    }
}

fn action(text: &str) -> Result<Action, String> {
    if let Some((file, text)) = text
        .strip_prefix("area write ")
        .and_then(|rest| rest.split_once(' '))
    {
        let text = text.replace("\\n", "\n");
        return Ok(Action::WriteArea(file.to_owned(), text));
    }
    Ok(
        match text.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["index", "stop"] => Action::StopIndex,
            ["index", file] => Action::ChangeIndex((*file).to_owned()),
            ["archive", "cut"] => Action::Archive(Damage::Cut),
            ["archive", "flip"] => Action::Archive(Damage::Flip),
            ["archive", "newer"] => Action::Archive(Damage::Newer),
            ["archive", "remove"] => Action::Archive(Damage::Remove),
            ["cache", "cut"] => Action::CutCache,
            ["cache", "block"] => Action::BlockCache,
            ["local", "cut"] => Action::CutLocal,
            ["area", "cut", file] => Action::CutArea((*file).to_owned()),
            ["area", "remove", file] => Action::RemoveArea((*file).to_owned()),
            ["repository", "cut"] => Action::CutRepository,
            _ => return Err(format!("no such action: `{text}`")),
        },
    )
}

fn command_line(line: &str) -> Result<CommandLine, String> {
    let words = words(line)?;
    let at = words.iter().position(|word| word == "dh-pydeps");
    let at = at.ok_or_else(|| format!("neither dh-pydeps nor an action: `{line}`"))?;
    let variable = |word: &String| {
        let (name, value) = word.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let variables = words[..at].iter().map(variable).collect::<Option<_>>();
    Ok(CommandLine {
        text: line.to_owned(),
        variables: variables.ok_or_else(|| format!("not NAME=VALUE before dh-pydeps: `{line}`"))?,
        arguments: words[at + 1..].to_vec(),
    })
}

#[test]
fn slips_are_told_with_their_line() {
    let error = |text: &str| parse(text).err().unwrap();
    assert_eq!(
        error("\n! archive burn"),
        "line 2: no such action: `archive burn`"
    );
    assert_eq!(
        error("dh-pydep map"),
        "line 1: neither dh-pydeps nor an action: `dh-pydep map`"
    );
    assert_eq!(
        error("sudo dh-pydeps"),
        "line 1: not NAME=VALUE before dh-pydeps: `sudo dh-pydeps`"
    );
    assert_eq!(parse("# talk\nA=b dh-pydeps map 'x y'\n").unwrap().len(), 1);
}
