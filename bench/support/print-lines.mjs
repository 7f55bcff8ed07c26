// Prints so many lines a second, in blocks made beforehand, and notes how many: node print-lines.mjs RATE [NOTE]
import { writeFileSync, writeSync } from 'node:fs';

const [rate, note] = process.argv.slice(2);
const blockLines = 1_000;
const lines = Array.from(
  { length: blockLines },
  (_, index) =>
    `2026-01-05T12:00:00.000Z INFO  batch ${String(index).padStart(4, '0')}: 1,000 rows of plays committed, 0 rejected\n`,
);
const whole = Buffer.from(lines.join(''));
const begun = performance.now();
let printed = 0;

setInterval(() => {
  const due = Math.floor(((performance.now() - begun) / 1_000) * Number(rate)) - printed;
  for (let left = due; left > 0; left -= blockLines) {
    print(left >= blockLines ? whole : Buffer.from(lines.slice(0, left).join('')));
  }
  printed += Math.max(0, due);
}, 20);

if (note !== undefined) setInterval(() => writeFileSync(note, String(printed)), 200);

/** A pipe takes what it has room for. */
function print(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}
