import { githubReporter } from './github/github-reporter.ts';
import { jsonReporter } from './json-reporter.ts';
import { plainReporter } from './plain-reporter.ts';
import type { Reporter, ReporterContext } from './reporter.ts';

const reporters = { plain: plainReporter, json: jsonReporter, github: githubReporter } as const;

export type ReporterName = keyof typeof reporters;

export function createReporter(name: ReporterName, context: ReporterContext): Reporter {
  return reporters[name](context);
}
