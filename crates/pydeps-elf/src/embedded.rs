//! Whether a file has a library in it that Debian has as a package: by the texts that lintian
//! goes by (`data/binaries/embedded-libs` of lintian 2.116 to 2.122, tag `embedded-library`).
//!
//! Where lintian asks for a text at the beginning of a line, or not behind another one, we do
//! not: an override too many is a hint of lintian's, one too few an error.

use std::sync::LazyLock;

use regex::bytes::Regex;

/// A text of each of the libraries, as a regular expression.
const TEXTS: &[&str] = &[
    r"(?:in|de)flate [0-9][ \w.\-]{1,20}[\w.\-]",
    r"A libcurl function was given a bad argument",
    r"A valid JSON document must be either an array or an object value\.",
    r"APUN \(APlayer\) and UNI \(MikMod\)",
    r"ASN1 - Actual length differs from expected length",
    r"AVOption type %d of option %s not implemented yet",
    r"Buffer video frames, and make them accessible to the filterchain\.",
    r"CREATE TABLE sqlite_master\(",
    r"Cannot handle box of less than 8 bytes",
    r"Caution: quantization tables are too coarse for baseline JPEG",
    r"DR\. B\. STRUCK",
    r"Error allocating memory for ssh_scp",
    r"Error null \(0\) or unexpected EOF found in input stream\.",
    r"Error when TiXmlDocument added to document",
    r"Exactly one scaler algorithm must be chosen",
    r"Extension name exceeds 1023 characters\.",
    r"FTGlyphContainer",
    r"Format detected only with low score of %d, misdetection possible!",
    r"GNU MP: Cannot allocate memory",
    r"Gadu-Gadu Client Build",
    r"Heimdal (?:NTLMSSP|SPNEGO) Mechanism",
    r"HuaTianSongTi\?",
    r"ISCSIprep",
    r"Invalid XPS File: cannot open fixedrepresentation",
    r"Invalid descriptor passed to libssh2_poll",
    r"LIVE555 Streaming Media v",
    r"MPFR: Can't allocate memory",
    r"May not be a PDF file \(continuing anyway\)",
    r"Miniupnpc Invalid Arguments",
    r"Missing GL version",
    r"My Encrytion Test Data",
    r"MySQL client ran out of memory",
    r"No space for PixarLog state block",
    r"Not enough memory to create terminal structure",
    r"One of the size bytes in the id3v2 header was greater than the allowed 128",
    r"PDF file is damaged - attempting to reconstruct xref table\.\.\.",
    r"Potential overflow in png_zalloc",
    r"Punycode failed",
    r"Received incoming RTSP request:",
    r"SSDP_LIB: New Request Handler:Error",
    r"SSL - The connection indicated an EOF",
    r"Signature does not match\. Not TNEF\.",
    r"Soundcard does not support 16 bit sample format",
    r"TERM misplaced during creation of MNG stream",
    r"The MSN server has terminated the connection with an unknown reason code\.",
    r"This is a bug in bzip2",
    r"Unable to create nspr log file",
    r"Unsupported file format or not RAW file",
    r"Unsupported number of channels for VCGT",
    r"Warning: Encountered more data after announced end of track",
    r"Xiph.Org libtheora\s",
    r"You need to read the OpenSSL FAQ",
    r"\(C\) 1999-2009 C\. Geuzaine",
    r"cmsCreateTransform: intent mismatch",
    r"corrupted frame on kernel ring mac offset",
    r"could not find any (?:valid )?magic files",
    r"did not find expected <stream-start>",
    r"failed to read new ASF header",
    r"gamma value does not match libpng estimate",
    r"gd-(?:png|jpeg:) error:",
    r"insufficient thread locking around avcodec_open/close\(\)",
    r"library already shutdown",
    r"mserv start: Error in IPv4 listen",
    r"neg\*\*non-integral: DOMAIN error",
    r#"pcap_activate: The "any" device isn't supported"#,
    r"punycode conversion resulted in overflow",
    r"quicktime_make_streamable: out of memory",
    r"requested feature requires XML_DTD support in Expat",
    r"root and DTD name do not match",
    r"srtp: in stream 0x%x:",
    r"standards(?:-oui\.ieee\.org|\.ieee\.org/develop/regauth/oui)/oui\.txt",
    r"t1lib is copyright \(c\) Rainer Menzner",
    r"tcd_decode: incomplete bit?stream",
    r"this version of PCRE is not compiled with PCRE_UTF8 support",
    r"unknown internal error; please contact the LibSass maintainers",
    r"using npp filters 0x%X/0x%X",
];

#[allow(clippy::unwrap_used, reason = "constant; a test uses it")]
static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    let whole = format!("(?-u){}", TEXTS.join("|"));
    Regex::new(&whole).unwrap()
});

/// Whether a file with these bytes has one of the libraries in it.
pub fn has_library(bytes: &[u8]) -> bool {
    PATTERN.is_match(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expect: bool) {
        assert_eq!(has_library(bytes), expect);
    }

    #[test]
    fn texts_of_libraries() {
        check(b"", false);
        check(b"\x7fELF\0\0printf\0malloc\0", false);
        check(
            b"\xff\0 inflate 1.2.11 Copyright 1995-2017 Mark Adler \0",
            true,
        );
        check(b"\0inflate\0inflate_fast\0", false);
        check(b"\0did not find expected <stream-start>\0", true);
        check(b"\0CREATE TABLE sqlite_master(\n  type text\0", true);
        check(
            b"\0pcap_activate: The \"any\" device isn't supported\xff",
            true,
        );
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(TEXTS.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
