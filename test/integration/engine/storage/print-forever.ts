import { CappedFile } from '../../../../src/engine/storage/logs/capped-file.ts';

// `print-forever <path> <head bytes> <tail bytes>`: writes numbered lines of 20 bytes, and never ends by itself.
const [, , path = '', headBytes, tailBytes] = process.argv;
const file = new CappedFile(path, { headBytes: Number(headBytes), tailBytes: Number(tailBytes) });
process.stdout.write('ready\n');
for (let count = 0; ; count += 100) {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${count + at}`.padEnd(19, '.'));
  file.write(Buffer.from(`${lines.join('\n')}\n`));
  if (count % 1000 === 0) await new Promise(setImmediate);
}
