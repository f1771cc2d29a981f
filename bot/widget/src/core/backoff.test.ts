/** Waits grow, are capped, and are not the same for everybody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, Pause } from './backoff.ts';

test('waits double up to half a minute', () => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backoff(failures, () => 1));
  assert.deepEqual(longest, [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000]);
});

test('half of a wait is chance', () => {
  assert.equal(backoff(3, () => 0), 1600);
  assert.equal(backoff(3, () => 0.5), 2400);
});

test('a pause can be cut short', async () => {
  const pause = new Pause();
  const sleeping = pause.sleep(3_600_000);
  pause.wake();
  await sleeping;
});
