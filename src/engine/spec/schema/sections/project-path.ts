import { locatedText, text } from '../scalar-shapes.ts';

const rule = {
  wanted: 'a path',
  pattern: /^(?![/~])(?!(?:.*\/)?\.\.(?:\/|$))(?=.*\S).+$/,
  form: 'a path inside the project directory',
  examples: ['data/orders.csv'],
} as const;

/** A path that cannot lead out of the project directory. */
export const projectPath = text(rule);
export const locatedProjectPath = locatedText(rule);
