/** The outbox: order, ids, refusals, waits, and what survives a reload. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hopeless, Later, newId, Outbox, type Entry } from './outbox.ts';
import { memoryShelf, type Shelf } from './storage.ts';

type Deliver = (entry: Entry) => Promise<void>;

function outbox(deliver: Deliver, shelf: Shelf = memoryShelf()) {
  const waits: number[] = [];
  const box = new Outbox(shelf, 'kuailian', deliver, () => undefined, async (ms) => {
    waits.push(ms);
  });
  return { box, waits };
}

test('messages go out one after the other, in the order they were said', async () => {
  const sent: string[] = [];
  let busy = 0;
  const { box } = outbox(async ({ text }) => {
    assert.equal((busy += 1), 1);
    await Promise.resolve();
    sent.push(text!);
    busy -= 1;
  });
  for (const text of ['one', 'two', 'three']) box.add({ text });
  while (box.entries().length) await Promise.resolve();
  assert.deepEqual(sent, ['one', 'two', 'three']);
});

test('a failed message is tried again under the same id, and holds the next one back', async () => {
  const tries: string[] = [];
  const { box, waits } = outbox(async ({ id, text }) => {
    tries.push(`${text} ${id}`);
    if (tries.length <= 3) throw new TypeError('the network');
  });
  const first = box.add({ text: 'one' });
  const second = box.add({ text: 'two' });
  while (box.entries().length) await Promise.resolve();
  const one = `one ${first.id}`;
  assert.deepEqual(tries, [one, one, one, one, `two ${second.id}`]);
  assert.equal(waits.length, 3);
  assert.ok(waits[2]! > waits[0]!, 'the waits grow');
});

test('the desk says how long to wait', async () => {
  let tries = 0;
  const { box, waits } = outbox(async () => {
    if ((tries += 1) === 1) throw new Later(7000);
  });
  box.add({ text: 'one' });
  while (box.entries().length) await Promise.resolve();
  assert.deepEqual(waits, [7000]);
});

test('a refused message stays with its reason and lets the others pass', async () => {
  const sent: string[] = [];
  const { box } = outbox(async ({ text }) => {
    if (text === 'bad') throw new Hopeless('tooLong');
    sent.push(text!);
  });
  box.add({ text: 'bad' });
  box.add({ text: 'good' });
  while (sent.length === 0) await Promise.resolve();
  await box.drain();
  assert.deepEqual(sent, ['good']);
  assert.deepEqual(box.entries().map(({ text, failed }) => [text, failed]), [['bad', 'tooLong']]);
});

test('what was not acknowledged before a reload is sent after it under the same id', async () => {
  const shelf = memoryShelf();
  const before = outbox(() => new Promise(() => undefined), shelf);
  const { id } = before.box.add({ text: 'one' });
  const sent: string[] = [];
  const after = outbox(async (entry) => void sent.push(entry.id), shelf);
  await after.box.drain();
  assert.deepEqual(sent, [id]);
  assert.deepEqual(after.box.entries(), []);
});

test('a full storage loses the reload, not the message', async () => {
  const full: Shelf = {
    getItem: () => null,
    removeItem: () => undefined,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  const sent: string[] = [];
  const { box } = outbox(async ({ text }) => void sent.push(text!), full);
  box.add({ text: 'one' });
  while (box.entries().length) await Promise.resolve();
  assert.deepEqual(sent, ['one']);
});

test('ids are UUIDs, also where randomUUID is missing', () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.ok(uuid.test(newId()));
  const { randomUUID } = crypto;
  Object.defineProperty(crypto, 'randomUUID', { value: undefined, configurable: true });
  assert.ok(uuid.test(newId()));
  Object.defineProperty(crypto, 'randomUUID', { value: randomUUID, configurable: true });
});
