import fc from 'fast-check';

/**
 * Properties get the same random input in each run, so that a change fails for what it does and never by chance.
 * `ETL_TUI_TEST_SEED` is another seed, or `random` for new input each time, to look for more.
 */
const seed = process.env['ETL_TUI_TEST_SEED'] ?? '1';
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) });
