import type { Command } from '../../model/pipeline/pipeline.ts';
import { either } from './either-shape.ts';
import { listOf } from './list-shapes.ts';
import { type LocatedText, literal, oneOf, text } from './scalar-shapes.ts';
import { reportValue, type Shape, type ValueOf } from './shape.ts';
import { withoutPlaceholders } from './without-placeholders.ts';

// Bash would read `${param:x}` as a substring of a variable "param" and silently insert nothing.
const script = withoutPlaceholders(
  text({ wanted: 'a shell command', examples: ['psql -f load.sql', './fetch "$ETL_PARAM_DAY" > data/day.csv'] }),
  (value) => value,
  ({ variable }) => `write "$${variable}": values are in environment variables`,
);
const part = withoutPlaceholders(
  literal,
  ({ text: value }) => value,
  ({ variable }) =>
    `let the program read the environment variable ${variable}, or write a shell command with "$${variable}"`,
);
const program = listOf(part, { wanted: 'a program and its arguments', each: 'each part of the command', min: 1 });

/** What a task runs: a shell command, or a list of a program and its arguments. */
export const command = either({
  wanted: 'a shell command, or a list of a program and its arguments',
  text: script,
  list: withProgram(program),
});

/** How the text of a command is run, by the name of a program; `bash` is how it is run unless somebody says otherwise. */
const knownShells = {
  bash: undefined,
  sh: ['sh', '-e', '-c'],
  python3: ['python3', '-c'],
  python: ['python', '-c'],
  node: ['node', '-e'],
  Rscript: ['Rscript', '-e'],
  perl: ['perl', '-e'],
  ruby: ['ruby', '-e'],
} as const satisfies Readonly<Record<string, Shell | undefined>>;

export type Shell = NonNullable<Extract<Command, { kind: 'shell' }>['shell']>;

/** What the text of a command is given to. */
export const shell = either({
  wanted: 'the name of a shell, or a list of a program and its arguments',
  text: oneOf(Object.keys(knownShells) as [keyof typeof knownShells]),
  list: withProgram(listOf(literal, { wanted: 'a program and its arguments', each: 'each part of the shell', min: 1 })),
});

/** Undefined for bash as we call it. */
export function shellOf(value: ValueOf<typeof shell>): Shell | undefined {
  if (typeof value === 'string') return knownShells[value];
  const [program, ...rest] = value.map(({ text: written }) => written);
  return program === undefined ? undefined : [program, ...rest];
}

/** Replaces an invalid command, which has been reported, so that the pipeline will not be planned. */
const placeholder: Command = { kind: 'shell', script: 'false' };

/** @param by what a text is given to; absent = bash as we call it */
export function commandOf(value: ValueOf<typeof command> | undefined, by?: Shell): Command {
  if (value === undefined) return placeholder;
  if (typeof value === 'string') return { kind: 'shell', script: value, ...(by === undefined ? {} : { shell: by }) };
  const [program, ...rest] = value.map(({ text: written }) => written);
  return program === undefined ? placeholder : { kind: 'argv', argv: [program, ...rest] };
}

function withProgram(list: Shape<readonly LocatedText[]>): Shape<readonly LocatedText[]> {
  return {
    schema: list.schema,
    read: (node, label, report) => {
      const parts = list.read(node, label, report);
      const first = parts?.[0];
      if (first === undefined || first.text.trim() !== '') return parts;
      return reportValue(report, first, 'the program is empty', 'the first item must be the program to run');
    },
  };
}
