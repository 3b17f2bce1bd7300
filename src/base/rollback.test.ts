import { describe, expect, test } from '@jest/globals';
import { Rollback, type Leak } from './rollback.ts';

function collecting(): { readonly rollback: Rollback; readonly leaks: Leak[]; readonly ran: string[] } {
  const leaks: Leak[] = [];
  const rollback = new Rollback((leak) => leaks.push(leak));
  return { rollback, leaks, ran: [] };
}

describe('Rollback', () => {
  test('undoes newest first', async () => {
    const { rollback, ran } = collecting();
    rollback.defer('first', () => void ran.push('first'));
    rollback.defer('second', () => void ran.push('second'));
    await rollback.undo();
    expect(ran).toEqual(['second', 'first']);
  });

  test('undoes nothing after a commit', async () => {
    const { rollback, ran } = collecting();
    rollback.defer('first', () => void ran.push('first'));
    rollback.commit();
    await rollback.undo();
    expect(ran).toEqual([]);
  });

  test('runs every step although one fails, and tells what was left', async () => {
    const { rollback, ran, leaks } = collecting();
    rollback.defer('first', () => void ran.push('first'));
    rollback.defer('second', () => {
      throw new Error('no');
    });
    rollback.defer('third', () => void ran.push('third'));
    expect(await rollback.undo()).toEqual([{ step: 'second', message: 'no' }]);
    expect({ ran, leaks }).toEqual({ ran: ['third', 'first'], leaks: [{ step: 'second', message: 'no' }] });
  });

  test('undoes when its scope ends by an error', async () => {
    const { rollback, ran } = collecting();
    const story = async (): Promise<void> => {
      await using scope = rollback;
      scope.defer('first', () => void ran.push('first'));
      throw new Error('story failed');
    };
    await expect(story()).rejects.toThrow('story failed');
    expect(ran).toEqual(['first']);
  });
});
