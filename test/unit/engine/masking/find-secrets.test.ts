import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../../../src/engine/masking/find-secrets.ts';

function secretsOf(variables: Record<string, string>, declared: string[] = [], names: string[] = []) {
  return findSecrets(Object.entries(variables), declared, names);
}

it.each([
  ...['ODDS_API_KEY', 'GITHUB_TOKEN', 'PGPASSWORD', 'client_secret', 'DB_PASS', 'MYSQL_PWD', 'GIT_PAT', 'SENTRY_DSN'],
  ...['NPM_AUTH', 'SESSION_COOKIE', 'AWS_CREDS', 'SIGNING_KEY_V2', 'APIKEY', 'TOKEN_2', 'PASSWORD1', 'api_token'],
])('the value of %s is a secret because of its name', (name) => {
  expect(secretsOf({ [name]: 'value-1' }).values).toEqual(['value-1']);
});

it.each([
  'HOME',
  'KEYBOARD',
  'MONKEY',
  'NFLVERSE_BASE_URL',
  'PWD',
  'OLDPWD',
  'PATH',
  'COMPASS',
  'AUTHOR',
  'SSH_AUTH_SOCK',
])('the value of %s is not a secret', (name) => {
  expect(secretsOf({ [name]: '/some/where' }).values).toEqual([]);
});

it('what the pipeline declares as secret is one', () => {
  expect(secretsOf({ LICENCE: 'abc-123', other: 'read me' }, ['LICENCE']).values).toEqual(['abc-123']);
});

it('the password in any URL is a secret, alone, decoded and with the URL around it', () => {
  const url = 'postgres://etl:p%40ss@db/x';
  expect(secretsOf({ WAREHOUSE: url }).values).toEqual([url, 'p%40ss', 'p@ss']);
});

it.each([
  ['https://feed.example/x?season=2024&access_token=abc%2Fdef-1#top', ['abc%2Fdef-1', 'abc/def-1']],
  ['postgres://db/x?user=etl&password=hidden-1', ['hidden-1']],
  ['https://feed.example/x?api-key=hidden-1', ['hidden-1']],
])('a secret query parameter in any URL is a secret: %s', (url, values) => {
  expect(secretsOf({ FEED: url }).values).toEqual(values);
});

it('other query parameters of a URL, and parameters outside a URL, are not', () => {
  expect(secretsOf({ FEED: 'https://feed.example/x?season=2024&sort=name', ARGS: 'a?token=abcdef' }).values).toEqual(
    [],
  );
});

describe('a value is too weak to be masked', () => {
  it.each([
    ['when it is short', { API_TOKEN: 'abc' }],
    ['when it is no secret at all', { API_TOKEN: 'true' }],
    ['when it is a usual word', { API_TOKEN: 'Postgres' }],
    ['when it is the name of a task', { API_TOKEN: 'load_games' }],
    ['when it is the name of a user', { PGUSER: 'loader', API_TOKEN: 'loader' }],
    [
      'when it is the user of an address',
      { SOURCE: 'sftp://feeds@host/x', URL: 'http://feeds:secret-1@host', API_TOKEN: 'feeds' },
    ],
  ])('%s', (_, variables) => {
    const { values, weak } = secretsOf(variables as Record<string, string>, [], ['load_games']);
    expect(values).not.toContain((variables as { API_TOKEN: string }).API_TOKEN);
    expect(weak).toEqual(['API_TOKEN']);
  });

  it('but the URL around it is still masked', () => {
    const url = 'postgres://app:postgres@db/x';
    expect(secretsOf({ DATABASE_URL: url })).toEqual({ values: [url], weak: ['the password in DATABASE_URL'] });
  });
});
