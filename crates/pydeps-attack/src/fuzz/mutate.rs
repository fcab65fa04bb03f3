//! Seeds with something changed. The same number gives the same bytes.

use super::Target;

/// No mutated seed is longer, in bytes.
const LONGEST: usize = 1 << 16;

/// Texts that readers trip over, whatever they read.
const TOKENS: [&str; 30] = [
    "\0",
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\u{b}",
    "\u{c}",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{202e}",
    "\x1b[2J",
    "\u{df}",
    "\u{130}",
    "\u{1f4a9}",
    "\\",
    "\"",
    "'",
    "../",
    "/",
    "--",
    "-1",
    "0",
    "9223372036854775807",
    "18446744073709551616",
    "1e999",
    "%00",
    "${x}",
    "{{",
    "\u{e000}",
];

/// Numbers that only look random.
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The numbers that follow from a first one.
    pub fn new(seed: u64) -> Self {
        // Not zero, of which nothing else follows.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `bound`; 0 below 0 and 1.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap_or(0) % bound.max(1)
    }
}

/// The input with this number.
pub fn input(target: &Target, number: u64) -> Vec<u8> {
    let mut random = Random::new(number);
    let mut bytes = target.seeds[random.below(target.seeds.len())].to_vec();
    // Some are as they should be.
    for _ in 0..random.below(9) {
        mutate(&mut bytes, target, &mut random);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn mutate(bytes: &mut Vec<u8>, target: &Target, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    let length = 1 + random.below(32);
    let end = (at + length).min(bytes.len());
    match random.below(8) {
        0 => bytes.truncate(at),
        1 => _ = bytes.drain(at..end),
        2 => {
            let piece = bytes[at..end].to_vec();
            let times = 1 << random.below(8);
            insert(bytes, at, &piece.repeat(times));
        }
        3 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
        }
        4 => {
            let other = target.seeds[random.below(target.seeds.len())];
            let from = random.below(other.len() + 1);
            insert(
                bytes,
                at,
                &other[from..(from + 8 * length).min(other.len())],
            );
        }
        5 => insert(bytes, at, TOKENS[random.below(TOKENS.len())].as_bytes()),
        6 => {
            let own = [target.nests, target.repeats].concat();
            insert(bytes, at, own[random.below(own.len())].as_bytes());
        }
        _ => {
            let to = random.below(bytes.len() + 1);
            let piece: Vec<u8> = bytes.drain(at..end).collect();
            let to = to.min(bytes.len());
            insert(bytes, to, &piece);
        }
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, piece: &[u8]) {
    bytes.splice(at..at, piece.iter().copied());
}

/// Each seed with something opened `depth` times: in front, in the middle, and at its end.
pub fn nested(target: &Target, depth: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let seeds = target.seeds.iter();
    seeds.flat_map(move |seed| {
        target.nests.iter().flat_map(move |open| {
            let opened = open.repeat(depth);
            places(seed).map(move |at| [&seed[..at], opened.as_bytes(), &seed[at..]].concat())
        })
    })
}

/// Where something is put into a seed: behind every `=`, `:` and `;` of its first lines, and at
/// both ends.
fn places(seed: &'static [u8]) -> impl Iterator<Item = usize> {
    const MOST: usize = 8;
    let inside = seed.iter().enumerate();
    let behind = inside
        .filter(|(_, byte)| b"=:;".contains(byte))
        .map(|(at, _)| at + 1);
    behind.take(MOST).chain([0, seed.len()])
}

/// Each seed with something more of which there can be many, so many times; and that alone.
pub fn repeated(target: &Target, times: usize) -> impl Iterator<Item = Vec<u8>> + '_ {
    let numbered = move |text: &str| -> Vec<u8> {
        match text.contains("{n}") {
            false => text.repeat(times).into_bytes(),
            true => (0..times)
                .map(|n| text.replace("{n}", &n.to_string()))
                .collect::<String>()
                .into_bytes(),
        }
    };
    target.repeats.iter().flat_map(move |text| {
        let many = numbered(text);
        let seeds = target.seeds.iter().take(2);
        let behind: Vec<Vec<u8>> = seeds.map(|seed| [seed, &many[..]].concat()).collect();
        behind.into_iter().chain([many])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_gives_the_same_bytes_and_another_one_others() {
        let target = &super::super::all()[0];
        assert_eq!(input(target, 7), input(target, 7));
        let different: std::collections::BTreeSet<_> = (0..100).map(|n| input(target, n)).collect();
        assert!(different.len() > 50, "{}", different.len());
    }
}
