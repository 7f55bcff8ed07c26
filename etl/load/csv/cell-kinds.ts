import { RETIRED_TEAM_CODES } from '../../sources/team-names.ts';

/**
 * How the cells of a column are read. `flag` is 0 or 1, also as true or 1.0; `team` is a club's code, brought up to date;
 * `height` is inches, or feet and inches (6-2), in inches.
 */
export type CellKind = 'text' | 'int' | 'double' | 'numeric' | 'flag' | 'date' | 'time' | 'team' | 'height';

/** SQL expressions for a cell of a kind; `given` is a text, NULL for what is empty. */
export type CellReading = {
  readonly type: string;
  /** Fast: the server rejects most invalid values, without saying where. */
  readonly trusted: (given: string) => string;
  /** Exact: fails only for a `refused` cell, and is NULL for a `dropped` one. */
  readonly exact: (given: string) => string;
  /** Whether the cell is invalid, so that the file is refused. NULL or false for a valid cell. */
  readonly refused?: (given: string) => string;
  /** Whether the cell becomes NULL because it is not finite or out of range: NaN, infinity, 1e999. */
  readonly dropped?: (given: string) => string;
  /** What a refused cell is not: `is no ${expected}`. */
  readonly expected: string;
};

const DIGITS = String.raw`[+-]?(\d+\.?\d*|\.\d+)`;
/** With an exponent that `numeric` can hold. */
const isNumber = (given: string) => `${given} ~ '^${DIGITS}([eE][+-]?\\d{1,3})?$'`;
/** What programs write for a result that is not a number, and numbers with an exponent out of range. */
const isNotFinite = (given: string) =>
  `${given} ~* '^([+-]?(nan(\\(\\w*\\))?|inf(inity)?|1\\.#\\w+)|${DIGITS}e[+-]?\\d{4,})$'`;

/** The largest measured value that is accepted; sums of larger ones could overflow. */
export const MAX_MEASURED = '1e30';
const isUsable = (given: string) =>
  `CASE WHEN ${isNumber(given)} THEN abs(${given}::numeric) <= ${MAX_MEASURED} ELSE false END`;

/** A measured value; one that is not finite stands for a missing measurement. */
const measured = (type: 'double precision' | 'numeric'): CellReading => ({
  type,
  trusted: (given) => `${given}::${type}`,
  // Values below the precision of the type are zero.
  exact: (given) =>
    `CASE WHEN ${isUsable(given)} THEN CASE WHEN abs(${given}::numeric) < '1e-300'::numeric THEN 0 ELSE ${given}::${type} END END`,
  refused: (given) => `NOT (${isNumber(given)} OR ${isNotFinite(given)})`,
  dropped: (given) => `NOT (${isUsable(given)}) AND (${isNumber(given)} OR ${isNotFinite(given)})`,
  expected: 'number',
});

const never = (type: string, read: (given: string) => string): CellReading => ({
  type,
  trusted: read,
  exact: read,
  expected: 'text',
});

const text = (given: string) => `nullif(btrim(${given}), '')`;

const DAY = String.raw`[12]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])`;
const isDate = (given: string) =>
  `CASE WHEN ${given} ~ '^${DAY}([T ]\\d\\d:\\d\\d.*)?$' THEN substr(${given}, 9, 2)::int <=
    extract(day FROM (substr(${given}, 1, 8) || '01')::date + interval '1 month' - interval '1 day') ELSE false END`;
const date = (given: string) => `substr(${given}, 1, 10)::date`;

const FLAG_ON = "('1', '1.0', 'true', 't')";
const FLAG_OFF = "('0', '0.0', 'false', 'f')";

const isFeet = (given: string) => `${given} ~ '^\\d-\\d{1,2}$'`;
const isInches = (given: string) => `${given} ~ '^\\d{1,3}(\\.0+)?$'`;
const inches = (given: string) =>
  `CASE WHEN ${isFeet(given)} THEN split_part(${given}, '-', 1)::int * 12 + split_part(${given}, '-', 2)::int
    WHEN ${isInches(given)} THEN ${given}::numeric::int END`;

/** One rule for each kind of column. A whole number, a flag, a day or a time that cannot be read refuses the file. */
export const CELL_KINDS: Readonly<Record<CellKind, CellReading>> = {
  // A cell of blanks is empty.
  text: never('text', text),
  team: never('text', (given) => currentTeamSql(text(given))),
  int: {
    type: 'int',
    trusted: (given) => `${given}::int`,
    // Whole numbers come as 3.0 from programs that keep them as doubles.
    exact: (given) => `${given}::numeric::int`,
    refused: (given) =>
      `NOT CASE WHEN ${isNumber(given)} THEN ${given}::numeric = trunc(${given}::numeric) AND abs(${given}::numeric) < 2147483648 ELSE false END`,
    expected: 'whole number (of 32 bits)',
  },
  double: measured('double precision'),
  numeric: measured('numeric'),
  flag: {
    type: 'boolean',
    trusted: (given) => `${given}::boolean`,
    exact: (given) => `lower(${given}) IN ${FLAG_ON}`,
    refused: (given) => `lower(${given}) NOT IN ${FLAG_ON} AND lower(${given}) NOT IN ${FLAG_OFF}`,
    expected: 'flag (0 or 1)',
  },
  date: {
    type: 'date',
    trusted: date,
    exact: date,
    refused: (given) => `NOT ${isDate(given)}`,
    expected: 'day (like 2023-09-10)',
  },
  time: {
    type: 'time',
    trusted: (given) => `${given}::time`,
    exact: (given) => `${given}::time`,
    refused: (given) => `${given} !~ '^([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?$'`,
    expected: 'time (like 13:05)',
  },
  height: {
    type: 'int',
    trusted: inches,
    exact: inches,
    dropped: (given) => `NOT (${isFeet(given)} OR ${isInches(given)})`,
    expected: 'height',
  },
};

/** Kinds for which the server accepts spellings that a file must not have, such as `today`. */
export const READ_EXACTLY: readonly CellKind[] = ['date', 'time', 'height'];

/** SQL for the present code of a club. */
function currentTeamSql(code: string): string {
  const cases = Object.entries(RETIRED_TEAM_CODES).map(([old, current]) => `WHEN '${old}' THEN '${current}'`);
  return `CASE ${code} ${cases.join(' ')} ELSE ${code} END`;
}
