import type { Diagnostic } from '../model/diagnostic.ts';
import type { Plan } from '../model/pipeline/plan.ts';

/** Every run has the same to say of the environment. */
export function warnOnce(onWarning: ((warning: Diagnostic) => void) | undefined): (warning: Diagnostic) => void {
  const told = new Set<string>();
  return (warning) => {
    const text = `${warning.code} ${warning.message}`;
    if (!told.has(text)) onWarning?.(warning);
    told.add(text);
  };
}

/** Only schemas separate the proof from the tables of the user, and a task that names one is not kept from them. */
export function wroteOutside({ tasks }: Plan, names: readonly string[]): Diagnostic {
  const who = tasks.length === 1 ? `"${tasks[0]!.spec.id}"` : 'the pipeline';
  return {
    code: 'database/wrote-outside',
    severity: 'error',
    message: `${who} ran in its own schema, but rows in other schemas were written: ${names.slice(0, 5).join(', ')}`,
    hint: 'a task that names a schema cannot be proved with --in-schemas; if somebody else wrote these rows, try again later',
  };
}

export function notPutBack(path: string, copy: string): Diagnostic {
  return {
    code: 'run/not-put-back',
    severity: 'warning',
    message: `"${path}", an output of the pipeline, could not be restored`,
    hint: `its copy is ${copy}; run the pipeline again, or copy it by hand`,
  };
}
