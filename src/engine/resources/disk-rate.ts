import { procText } from './proc-text.ts';

export type DiskRate = { readonly readBytes: number; readonly writtenBytes: number };

/** The unit of /proc/diskstats, whatever the sectors of a disk are. */
const sectorBytes = 512;

/** Made of other devices or of memory, whose bytes would count twice or not at all. */
const virtualDevice = /^(?:loop|ram|zram|dm-|md|sr|fd|drbd|bcache)/;

/** Measures what all disks together read and write, from one call to the next; undefined where the kernel does not tell. */
export function followDiskRate(proc: string): () => DiskRate | undefined {
  const look = () => ({ at: performance.now(), bytes: bytesMoved(procText(`${proc}/diskstats`)) });
  let before = look();
  return () => {
    const [last, now] = [before, look()];
    before = now;
    const seconds = (now.at - last.at) / 1000;
    if (now.bytes === undefined || last.bytes === undefined || seconds <= 0) return undefined;
    return {
      readBytes: Math.max(0, now.bytes.readBytes - last.bytes.readBytes) / seconds,
      writtenBytes: Math.max(0, now.bytes.writtenBytes - last.bytes.writtenBytes) / seconds,
    };
  };
}

/** Since the start of the system, from the text of /proc/diskstats. */
function bytesMoved(text: string | undefined): DiskRate | undefined {
  const disks = new Map<string, readonly [read: number, written: number]>();
  for (const line of (text ?? '').split('\n')) {
    // Major and minor number, name, reads, merged, sectors read, milliseconds, writes, merged, sectors written.
    const [, , name = '', , , read, , , , written] = line.trim().split(/ +/);
    if (name !== '' && !virtualDevice.test(name)) disks.set(name, [Number(read), Number(written)]);
  }
  if (disks.size === 0) return undefined;
  let [readBytes, writtenBytes] = [0, 0];
  for (const [name, [read, written]] of disks) {
    if (isPartition(name, disks)) continue;
    readBytes += read * sectorBytes;
    writtenBytes += written * sectorBytes;
  }
  return Number.isFinite(readBytes + writtenBytes) ? { readBytes, writtenBytes } : undefined;
}

/** `sda1` of `sda`, and `nvme0n1p1` of `nvme0n1`; but `nvme0n10` is a disk. */
function isPartition(name: string, disks: ReadonlyMap<string, unknown>): boolean {
  const [, disk = ''] = /^(.*\d)p\d+$/.exec(name) ?? /^(.*\D)\d+$/.exec(name) ?? [];
  return disks.has(disk);
}
