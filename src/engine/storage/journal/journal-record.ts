import { crc32 } from 'node:zlib';

/**
 * A line of the journal is one JSON object, readable with `jq`: first `seq`, the line's number from 0, last `crc`, the
 * CRC-32 of all that stands before it on the line.
 */
export function encodeRecord(seq: number, body: object): string {
  const text = `{"seq":${seq},${JSON.stringify(body).slice(1, -1)}`;
  return `${text},"crc":"${checksum(text)}"}\n`;
}

/** The object without `seq` and `crc`; undefined when the line is not, byte for byte, what was once written as `seq`. */
export function decodeRecord(seq: number, line: Buffer): Record<string, unknown> | undefined {
  const split = line.length - sealLength;
  if (split < 0) return undefined;
  const seal = line.toString('latin1', split);
  if (seal !== `,"crc":"${checksum(line.subarray(0, split))}"}`) return undefined;
  try {
    const { seq: found, crc: _, ...body } = JSON.parse(line.toString('utf8')) as Record<string, unknown>;
    return found === seq ? body : undefined;
  } catch {
    return undefined;
  }
}

const sealLength = ',"crc":"00000000"}'.length;

function checksum(bytes: string | Buffer): string {
  return crc32(bytes).toString(16).padStart(8, '0');
}
