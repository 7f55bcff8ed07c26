import { locatedText, text } from './scalar-shapes.ts';

/** Names of tasks, levels, pools, checks and pipelines: safe in file names, comma-separated lists and URLs. */
export const nameRule = {
  pattern: /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/,
  form: 'names are letters, digits, "_", "-" and ".", begin with a letter or a digit, and have at most 100 characters',
} as const;

export const paramNameRule = {
  pattern: /^[a-z][a-z0-9_]{0,99}$/,
  form: 'use small letters, digits and "_", beginning with a letter',
} as const;

export const variableNameRule = {
  pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
  form: 'use letters, digits and "_", not beginning with a digit',
} as const;

const nameForm = 'a name of letters, digits, "_", "-" and "."';

export const name = text({ wanted: 'a name', pattern: nameRule.pattern, form: nameForm, code: 'spec/bad-name' });

export const locatedName = locatedText({
  wanted: 'a name',
  pattern: nameRule.pattern,
  form: nameForm,
  code: 'spec/bad-name',
});

export const locatedVariable = locatedText({
  wanted: 'the name of a variable or parameter',
  pattern: variableNameRule.pattern,
  form: 'the name of a variable or parameter',
  code: 'spec/bad-name',
});

export const prose = text({ wanted: 'text' });
