import { describe, expect, it } from 'vitest';
import { createClosers } from '../../../../../src/engine/run/parts/closers.ts';

describe('closing the resources of a run', () => {
  it('closes all, newest first, although some throw or reject, and returns their errors', async () => {
    const closed: string[] = [];
    const closers = createClosers();
    closers.add('the lock', () => closed.push('lock'));
    closers.add('the database', async () => {
      closed.push('database');
      throw new Error('connection lost');
    });
    closers.add('the logs', () => {
      closed.push('logs');
      throw new Error('EROFS');
    });
    const warnings = await closers.closeAll();
    expect(closed).toEqual(['logs', 'database', 'lock']);
    expect(warnings).toMatchObject([
      { code: 'run/not-closed', message: 'At the end of the run the logs could not be closed: EROFS' },
      { code: 'run/not-closed', message: 'At the end of the run the database could not be closed: connection lost' },
    ]);
  });

  it('continues when one never finishes closing', async () => {
    const closed: string[] = [];
    const closers = createClosers();
    closers.add('the lock', () => closed.push('lock'));
    closers.add('the database', () => new Promise(() => {}), 20);
    expect(await closers.closeAll()).toMatchObject([{ message: expect.stringContaining('no answer within 0.02s') }]);
    expect(closed).toEqual(['lock']);
  });

  it('closes a resource early on request, and only once', async () => {
    const closed: string[] = [];
    const closers = createClosers();
    const release = closers.add('the lock', () => closed.push('lock'));
    closers.add('the database', () => closed.push('database'));
    await release();
    await closers.closeAll();
    expect(closed).toEqual(['lock', 'database']);
  });
});
