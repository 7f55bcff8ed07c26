import { describe, expect, it } from 'vitest';
import {
  describeUrl,
  parseConnectionUrl,
  urlSecrets,
  urlVariables,
} from '../../../../src/engine/database/connection/connection-url.ts';

function parsed(url: string) {
  const result = parseConnectionUrl(url);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe('DATABASE_URL', () => {
  it('is split into the variables that psql, R and Python read', () => {
    const address = parsed(
      'postgresql://ann:s3%40cret@db.example:6432/nfl?sslmode=require&options=-c%20lock_timeout%3D5s',
    );
    expect(urlVariables(address)).toEqual({
      DATABASE_URL: 'postgres://ann:s3%40cret@db.example:6432/nfl?sslmode=require&options=-c%20lock_timeout%3D5s',
      PGHOST: 'db.example',
      PGPORT: '6432',
      PGUSER: 'ann',
      PGPASSWORD: 's3@cret',
      PGDATABASE: 'nfl',
      PGSSLMODE: 'require',
      PGOPTIONS: '-c lock_timeout=5s',
    });
  });

  it.each([
    ['postgres://localhost', { host: 'localhost', port: 5432 }],
    ['postgres://[::1]:5433/x', { host: '::1', port: 5433, database: 'x' }],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/x', { host: '/var/run/postgresql', database: 'x' }],
    ['postgres:///x?host=/tmp&port=5433', { host: '/tmp', port: 5433, database: 'x' }],
    ['  postgres://u@h/d  ', { user: 'u', host: 'h', database: 'd' }],
    ['postgresql://user:pw@/db?host=/dir', { user: 'user', password: 'pw', host: '/dir', database: 'db' }],
    ['postgres://u:p@:6432/d', { user: 'u', port: 6432, database: 'd' }],
    ['postgres://u:a#b@h/d', { password: 'a#b', url: 'postgres://u:a%23b@h/d' }],
    ['postgres://h/d?hostaddr=10.0.0.1', { host: 'h', parameters: new Map([['hostaddr', '10.0.0.1']]) }],
    ['postgres://h/d?ssl=true', { parameters: new Map([['sslmode', 'require']]) }],
  ])('may be written as %s', (url, parts) => {
    expect(parsed(url)).toMatchObject(parts);
  });

  it('is completed by the libpq variables for what it leaves out, as psql does', () => {
    const env = { PGHOST: 'other', PGUSER: 'ann', PGPASSWORD: 'secret', PGDATABASE: 'nfl', PGOPTIONS: '-c x=y' };
    const result = parseConnectionUrl('postgres://db.example?sslmode=require', env);
    if (!result.ok) throw new Error(result.error.message);
    expect(urlVariables(result.value)).toEqual({
      DATABASE_URL: 'postgres://db.example?sslmode=require',
      PGHOST: 'db.example',
      PGPORT: '5432',
      PGUSER: 'ann',
      PGPASSWORD: 'secret',
      PGDATABASE: 'nfl',
      PGSSLMODE: 'require',
    });
    expect(urlSecrets(result.value)).toEqual(['secret']);
  });

  it('loses its application name, because attempts set their own', () => {
    expect(parsed('postgres://h/d?application_name=mine&sslmode=disable').url).toBe('postgres://h/d?sslmode=disable');
  });

  it('is shown without password and parameters', () => {
    expect(describeUrl(parsed('postgres://u:p@h:1/d?sslkey=k'))).toBe('postgres://u@h:1/d');
  });

  it('has its password masked in each form in which it may be printed', () => {
    const secrets = urlSecrets(parsed('postgres://u:p%40s!s@h/d'));
    expect(secrets).toEqual(expect.arrayContaining(['p@s!s', 'p%40s!s']));
  });

  it('is masked as a whole only, where the password equals the user name', () => {
    expect(urlSecrets(parsed('postgres://postgres:postgres@h/d'))).toEqual(['postgres://postgres:postgres@h/d']);
  });

  it.each([
    ['mysql://h/d', 'postgres://'],
    ['host=h dbname=d', 'postgres://'],
    ['postgres://a:1,b:2/d', 'more than one host'],
    ['postgres://h:99999/d', 'port'],
    ['postgres://h/d?sslmode=required', 'its sslmode is "required", which is not one of disable, allow, prefer'],
    ['postgres://h/d?sslMode=require', '"sslMode" is not a setting'],
    ['postgres://h/d?ssl_mode=require', '"ssl_mode" is not a setting'],
    ['postgres://h/d?channel_binding=yes', 'channel_binding'],
    ['postgres://h/d?connect_timeout=soon', 'connect_timeout'],
    ['postgres://h/d?service=no_such_service', 'the service "no_such_service" is not in'],
    ['postgres://u:p%zz@h/d', 'percent'],
  ])('%s is refused with the reason', (url, reason) => {
    const result = parseConnectionUrl(url);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.error).toMatchObject({ code: 'database/bad-url', message: expect.stringContaining(reason) });
    expect(result.error.message).not.toContain('p%zz');
  });
});
