import { expect, test } from 'vitest';
import { checkError } from '../../../../src/engine/database/checks/check-error.ts';

const errorOf = (code: string) => checkError(Object.assign(new Error('why'), { code }), 1_000, 'limited', []);

test.each([
  ['a connection that was lost', ''],
  ['nothing that listens', 'ECONNREFUSED'],
  ['a server that shuts down', '57P01'],
  ['a server without a connection left', '53300'],
  ['a deadlock', '40P01'],
  ['a lock that was not free', '55P03'],
])('%s may pass, so that the check is asked again', (_what, code) => {
  expect(errorOf(code).isTransient).toBe(true);
});

test.each([
  ['a statement that took too long', '57014'],
  ['a mistake in the SQL', '42601'],
  ['a table that is not there', '42P01'],
  ['a missing right', '42501'],
  ['a wrong password', '28P01'],
])('%s stays, so that the check has an error at once', (_what, code) => {
  expect(errorOf(code).isTransient).toBeUndefined();
});
