import { CappedLog } from '../../../../src/engine/storage/logs/capped-log.ts';

// `print-forever <path> <head bytes> <tail file bytes> <tail files>`: writes numbered lines of 20 bytes, and never ends by itself.
const [, , path = '', ...cap] = process.argv;
const [headBytes = 0, tailFileBytes = 0, tailFiles = 0] = cap.map(Number);
const file = new CappedLog(path, { headBytes, tailFileBytes, tailFiles });
process.stdout.write('ready\n');
for (let count = 0; ; count += 100) {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${count + at}`.padEnd(19, '.'));
  file.write(Buffer.from(`${lines.join('\n')}\n`));
  if (count % 1000 === 0) await new Promise(setImmediate);
}
