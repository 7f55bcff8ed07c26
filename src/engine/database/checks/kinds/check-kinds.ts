import type { DatabaseCheck } from '../../../model/pipeline/pipeline.ts';
import { acceptedValues } from './accepted-values.ts';
import type { CheckKind } from './check-kind.ts';
import { freshness } from './freshness.ts';
import { notNull } from './not-null.ts';
import { range } from './range.ts';
import { references } from './references.ts';
import { rowCount } from './row-count.ts';
import { sameCount } from './same-count.ts';
import { sql } from './sql.ts';
import { unique } from './unique.ts';

/** Every kind of check: its statement and how the row that it returns is judged. */
const checkKinds: { readonly [Kind in DatabaseCheck['kind']]: CheckKind<Kind> } = {
  references,
  unique,
  not_null: notNull,
  accepted_values: acceptedValues,
  range,
  row_count: rowCount,
  same_count: sameCount,
  freshness,
  sql,
};

export function kindOf<Kind extends DatabaseCheck['kind']>(definition: { readonly kind: Kind }): CheckKind<Kind> {
  return checkKinds[definition.kind];
}
