import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EpochMs } from '../../../src/engine/model/ids.ts';
import { openOutputFiles } from '../../../src/engine/storage/output-files.ts';
import { freshDirectory } from './fresh-directory.ts';

const now = () => Date.now() as EpochMs;

/** Long enough ago for every file of this test to be old at `later`. */
const later = () => (Date.now() + 10_000) as EpochMs;

describe('the files a task promised', () => {
  it('are all there when each was written since its attempt began', async () => {
    const directory = freshDirectory();
    const outputs = openOutputFiles(directory);
    // The clock of files lags behind ours by up to a tick, so that many tries would show a comparison that is too strict.
    for (let count = 0; count < 200; count += 1) {
      const since = now();
      writeFileSync(join(directory, 'out.csv'), `${count}`);
      expect(await outputs.firstMissing(['out.csv', join(directory, 'out.csv')], since)).toBe(undefined);
    }
    expect(await outputs.firstMissing([], now())).toBe(undefined);
  });

  it('are missing when absent, empty, or left over from before; the first is named as the author wrote it', async () => {
    const directory = freshDirectory();
    const outputs = openOutputFiles(directory);
    writeFileSync(join(directory, 'good.csv'), 'x');
    writeFileSync(join(directory, 'empty.csv'), '');
    expect(await outputs.firstMissing(['good.csv', 'data/absent.csv', 'empty.csv'], now())).toBe('data/absent.csv');
    expect(await outputs.firstMissing(['good.csv', 'empty.csv'], now())).toBe('empty.csv');
    expect(await outputs.firstMissing(['good.csv'], later())).toBe('good.csv');
    expect(await outputs.firstMissing(['good.csv/x'], now())).toBe('good.csv/x');
  });

  it('may carry the time of an original, as downloads and unpacked archives do', async () => {
    const directory = freshDirectory();
    const since = now();
    writeFileSync(join(directory, 'plays.csv.gz'), 'x');
    utimesSync(join(directory, 'plays.csv.gz'), 1_000_000_000, 1_000_000_000);
    expect(await openOutputFiles(directory).firstMissing(['plays.csv.gz'], since)).toBe(undefined);
  });

  it('may be directories, which count as written when a file in them is, and links', async () => {
    const directory = freshDirectory();
    const outputs = openOutputFiles(directory);
    const since = now();
    mkdirSync(join(directory, 'plays', 'season=2024'), { recursive: true });
    expect(await outputs.firstMissing(['plays'], since)).toBe('plays');
    writeFileSync(join(directory, 'plays', 'season=2024', 'part.parquet'), 'x');
    symlinkSync('plays', join(directory, 'latest'));
    expect(await outputs.firstMissing(['plays', 'latest'], since)).toBe(undefined);
    expect(await outputs.firstMissing(['plays'], later())).toBe('plays');
  });
});
