import { finished } from 'node:stream/promises';
import { createGunzip, type Gunzip } from 'node:zlib';
import { BadBody } from './http-get.ts';

/** Checks a body while it arrives. */
export type BodyCheck = {
  /** Call it with each chunk in order; it returns before the chunk has been checked in full. Throws BadBody as well. */
  look(chunk: Uint8Array): Promise<void>;
  /** Throws BadBody when the body is empty, a web page, or a damaged or truncated gzip file. */
  finish(): Promise<void>;
};

/** Far more than any file of the sources has. */
const maxBytes = 1024 ** 3;
/** A small file that unpacks to so much was made to fill disks and memory; tables are a tenth of their size when packed. */
const suspiciousBytes = 64 * 1024 ** 2;
const maxRatio = 100;

/** Finds bodies that must not reach a table or the cache, before the file is read. */
export function startBodyCheck(): BodyCheck {
  let head = Buffer.alloc(0);
  let raw = Buffer.alloc(0);
  let gunzip: Gunzip | undefined;
  let damage: Error | undefined;
  let earlier = Promise.resolve();
  let received = 0;
  let unpacked = 0;

  const refuseTooMuch = () => {
    if (received > maxBytes) throw new BadBody('the file is larger than 1 GiB');
    if (unpacked > suspiciousBytes && unpacked > maxRatio * received) {
      throw new BadBody(`the gzip file unpacks to more than ${maxRatio} times its size`);
    }
  };
  const keepHead = (bytes: Uint8Array) => {
    if (head.length < 256) head = Buffer.concat([head, bytes.subarray(0, 256)]);
  };
  const inflate = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => {
      if (damage !== undefined || gunzip === undefined) return resolve();
      // A write that meets damaged data never calls back.
      gunzip.once('close', resolve);
      gunzip.write(bytes, () => {
        gunzip?.off('close', resolve);
        resolve();
      });
    });

  return {
    look: async (chunk) => {
      await earlier;
      received += chunk.length;
      refuseTooMuch();
      if (gunzip === undefined && raw.length < 2) {
        raw = Buffer.concat([raw, chunk]);
        if (raw.length < 2) return;
        if (raw[0] === 0x1f && raw[1] === 0x8b) {
          gunzip = createGunzip({ chunkSize: 1 << 18 }).on('data', (bytes: Buffer) => {
            unpacked += bytes.length;
            keepHead(bytes);
          });
          gunzip.on('error', (error) => {
            damage = error;
          });
          earlier = inflate(raw);
        } else keepHead(raw);
      } else if (gunzip === undefined) keepHead(chunk);
      else earlier = inflate(chunk);
    },
    finish: async () => {
      await earlier;
      if (raw.length === 0) throw new BadBody('the body is empty');
      if (gunzip !== undefined) {
        if (damage === undefined) {
          gunzip.end();
          await finished(gunzip).catch((error: Error) => {
            damage ??= error;
          });
        }
        refuseTooMuch();
        if (damage !== undefined) throw new BadBody(`the gzip file is damaged or truncated (${damage.message})`);
      }
      const start = head.toString('utf8').replace(/^\uFEFF/, '');
      if (start.trim() === '') throw new BadBody('the file has no content');
      if (start.trimStart().startsWith('<')) throw new BadBody('the body is a web page, not data');
    },
  };
}
