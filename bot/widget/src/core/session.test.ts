/** One conversation a brand, remembered; asked for once however many want it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sessions } from './session.ts';
import { memoryShelf } from './storage.ts';

function desk() {
  let opened = 0;
  const openSession = async () => {
    opened += 1;
    return { conversation: `c${opened}`, token: `t${opened}` };
  };
  return { openSession, opened: () => opened };
}

test('two who ask at once get the same session', async () => {
  const api = desk();
  const sessions = new Sessions(api, memoryShelf(), 'kuailian');
  const [one, other] = await Promise.all([sessions.ensure('zh'), sessions.ensure('zh')]);
  assert.equal(one.token, other.token);
  assert.equal(api.opened(), 1);
});

test('a reload finds the session again, another brand has its own', async () => {
  const api = desk();
  const shelf = memoryShelf();
  await new Sessions(api, shelf, 'kuailian').ensure('zh');
  assert.equal(new Sessions(api, shelf, 'kuailian').current()?.token, 't1');
  assert.equal(new Sessions(api, shelf, 'bitpie').current(), null);
});

test('only the session that was disowned is forgotten', async () => {
  const sessions = new Sessions(desk(), memoryShelf(), 'kuailian');
  await sessions.ensure('zh');
  sessions.forget('t0');
  assert.equal(sessions.current()?.token, 't1');
  sessions.forget('t1');
  assert.equal(sessions.current(), null);
});

test('a session that another tab opened meanwhile is the one', async () => {
  const shelf = memoryShelf();
  const slow = new Sessions(
    {
      openSession: async () => {
        new Sessions(desk(), shelf, 'kuailian').remember({ conversation: 'c', token: 'other', language: 'zh' });
        return { conversation: 'c2', token: 'mine' };
      },
    },
    shelf,
    'kuailian',
  );
  assert.equal((await slow.ensure('zh')).token, 'other');
});
