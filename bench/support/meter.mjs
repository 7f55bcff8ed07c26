// Loaded into the program with --import: notes every 200 ms in the file ETL_TUI_METER how late the event loop was, and
// how long frames took from the tick of their clock to the terminal. SIGUSR2 begins a new measurement.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const file = process.env.ETL_TUI_METER;
// The tasks of the run are programs of Node as well.
delete process.env.NODE_OPTIONS;
delete process.env.ETL_TUI_METER;
const everyMs = 5;
const delay = monitorEventLoopDelay({ resolution: everyMs });
let frames = [];
let sent = 0;
let tickedAt;

const { setTimeout: setTimer } = globalThis;
const { writeSync, writeFileSync } = fs;
globalThis.setTimeout = Object.assign(function timeLater(action, ...rest) {
  if (!/^frame\d*$/.test(action.name)) return setTimer(action, ...rest);
  return setTimer(
    () => {
      tickedAt = performance.now();
      action();
    },
    ...rest,
  );
}, setTimer);
// Also what `promisify` looks for.
for (const key of Object.getOwnPropertySymbols(setTimer)) globalThis.setTimeout[key] = setTimer[key];

fs.writeSync = (fd, bytes, ...rest) => {
  const written = writeSync(fd, bytes, ...rest);
  if (isFrame(bytes)) {
    sent += 1;
    if (tickedAt !== undefined) frames.push(performance.now() - tickedAt);
    tickedAt = undefined;
  }
  return written;
};
syncBuiltinESMExports();

delay.enable();
process.on('SIGUSR2', () => {
  delay.reset();
  frames = [];
  sent = 0;
});
setInterval(() => {
  const late = (percentile) => Math.max(0, delay.percentile(percentile) / 1e6 - everyMs);
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  const figures = { frames: sent, frameMs: [at(0.5), at(0.99)], lateMs: [late(50), late(99)] };
  writeFileSync(file, JSON.stringify(figures));
}, 200).unref();

/** What is drawn stands between the marks of a synchronized update. */
function isFrame(bytes) {
  return (
    bytes instanceof Uint8Array &&
    bytes.length > 8 &&
    Buffer.from(bytes.buffer, bytes.byteOffset, 8).toString() === '\x1b[?2026h'
  );
}
