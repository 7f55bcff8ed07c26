import type { Result } from '../../model/result.ts';

/** The text of a file that a pipeline file includes. */
export type IncludedFile = {
  /** As messages name it; the same for whichever path leads to it. */
  readonly file: string;
  readonly text: string;
};

/**
 * Reads the file at `path`, as it is written in the file `from`. Fails with why it cannot be read, as a clause: `there is no
 * such file`.
 */
export type ReadIncluded = (path: string, from: string) => Result<IncludedFile, string>;
