import { expect, it } from 'vitest';
import { findSecrets } from '../../src/engine/run-secrets.ts';

function secretsOf(variables: Record<string, string>) {
  return findSecrets(Object.entries(variables));
}

it('takes the values of variables whose names speak of secrets', () => {
  const variables = { ODDS_API_KEY: 'k-1', GITHUB_TOKEN: 't-1', PGPASSWORD: 'p-1', client_secret: 's-1' };
  expect(new Set(secretsOf(variables))).toEqual(new Set(['k-1', 't-1', 'p-1', 's-1']));
});

it('leaves ordinary variables readable', () => {
  expect(
    secretsOf({ HOME: '/root', KEYBOARD: 'us', MONKEY: 'see', NFLVERSE_BASE_URL: 'http://127.0.0.1:1/x' }),
  ).toEqual([]);
});

it('takes the password out of any address, alone, decoded and with the address around it', () => {
  const url = 'postgres://etl:p%40ss@db/x';
  expect(secretsOf({ WAREHOUSE: url })).toEqual([url, 'p%40ss', 'p@ss']);
});
