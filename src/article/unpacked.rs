//! Opens a file: unpacks it on the way, and takes its byte-order mark away.
//!
//! Nothing is held but the unpacker's own window (at most 128 MB for Zstandard's largest), so that a
//! packed file may be of any size. A bomb, a small file that unpacks to more than any text would, is torn
//! off where that shows. UTF-16 with a byte-order mark is turned into UTF-8; what else a file may be
//! written in is its format's to find out, since only that knows where it is declared.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read},
};

use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;

use super::file::{File, Packing};

/// How many times its own size a packed file may unpack to. Prose packs to a quarter, records that
/// differ in little else than their numbers to a fiftieth.
const EXPANSION: u64 = 250;

/// What a small file may unpack to all the same.
const SMALL: u64 = 64 * 1024 * 1024;

const BUFFER: usize = 1 << 16;

/// Opens the file for its format to read.
///
/// # Errors
/// Where the system says so, or the packing is not what the ending says.
pub(super) fn open(file: &File) -> io::Result<Box<dyn BufRead>> {
    let packed = fs::File::open(&file.location)?;
    let size = packed.metadata()?.len();
    let packed = BufReader::with_capacity(BUFFER, packed);
    unpack(packed, size, file.packing)
}

/// Unpacks `packed`, which has `size` bytes.
///
/// # Errors
/// Where the packing is not what it is said to be.
pub(super) fn unpack(
    packed: impl BufRead + 'static,
    size: u64,
    packing: Option<Packing>,
) -> io::Result<Box<dyn BufRead>> {
    let limit = size.saturating_mul(EXPANSION).max(SMALL);
    Ok(match packing {
        None => text(packed),
        Some(Packing::Gzip) => text(Unpacked {
            inner: MultiGzDecoder::new(packed),
            left: limit,
        }),
        Some(Packing::Zstandard) => text(Unpacked {
            inner: zstd::stream::read::Decoder::with_buffer(packed)?,
            left: limit,
        }),
    })
}

fn text(bytes: impl Read + 'static) -> Box<dyn BufRead> {
    let without_mark = DecodeReaderBytesBuilder::new()
        .utf8_passthru(true)
        .strip_bom(true)
        .build(bytes);
    Box::new(BufReader::with_capacity(BUFFER, without_mark))
}

/// What comes out of an unpacker, as long as it is within reason.
struct Unpacked<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer).map_err(|error| {
            let why = match error.kind() {
                io::ErrorKind::UnexpectedEof => {
                    "it ends in the middle, cut short or still being written".to_owned()
                }
                _ => format!("it is damaged: {error}"),
            };
            io::Error::new(error.kind(), why)
        })?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {EXPANSION} times its size, which no text does"
            ))
        })?;
        Ok(read)
    }
}
