import { webcrypto } from 'node:crypto';
import { open } from 'node:fs/promises';
import { withFileSystemDeadline } from '../../platform/file-system-deadline.ts';

const pieceBytes = 1024 * 1024;

/**
 * A hash of the content of a file: SHA-256 of the SHA-256 of each mebibyte of it, as 64 hexadecimal digits. Files are read
 * and hashed by threads of Node's pool, so that a large one does not stop what else goes on. Rejects with what the file
 * system says, with `ETIMEDOUT` when it does not answer, and when `signal` is aborted.
 * @param size in bytes, as it was a moment ago
 * @param onRead called with the bytes of each piece
 */
export async function hashFile(
  path: string,
  size: number,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<string> {
  const file = await withFileSystemDeadline(open(path, 'r'));
  try {
    const sums: Uint8Array[] = [];
    // One byte more, so that the end of a small file is seen with the first read.
    const piece = new Uint8Array(Math.min(size + 1, pieceBytes));
    for (;;) {
      signal.throwIfAborted();
      const bytes = await fill(file, piece);
      sums.push(await sha256(piece.subarray(0, bytes)));
      onRead(bytes);
      if (bytes < piece.length) break;
    }
    return Buffer.from(await sha256(Buffer.concat(sums))).toString('hex');
  } finally {
    // One that does not answer cannot be closed either.
    void file.close().catch(() => {});
  }
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await webcrypto.subtle.digest('SHA-256', bytes));
}

type OpenFile = Awaited<ReturnType<typeof open>>;

/** A read may give less than is there; less than the whole piece means the end of the file. */
async function fill(file: OpenFile, piece: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < piece.length) {
    const { bytesRead } = await withFileSystemDeadline(file.read(piece, filled, piece.length - filled, null));
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
