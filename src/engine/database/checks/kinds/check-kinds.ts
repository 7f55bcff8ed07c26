import type { CheckDefinition } from '../../../model/pipeline/pipeline.ts';
import type { CheckKind } from './check-kind.ts';
import { freshness } from './freshness.ts';
import { references } from './references.ts';
import { sameCount } from './same-count.ts';
import { sql } from './sql.ts';
import { unique } from './unique.ts';

/** Every kind of check: its statement and how the row that it returns is judged. */
const checkKinds: { readonly [Kind in CheckDefinition['kind']]: CheckKind<Kind> } = {
  references,
  unique,
  same_count: sameCount,
  freshness,
  sql,
};

export function kindOf<Kind extends CheckDefinition['kind']>(definition: { readonly kind: Kind }): CheckKind<Kind> {
  return checkKinds[definition.kind];
}
