/** Delivery: each message once and in order, whatever the connection does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused, type Message } from './api.ts';
import { Delivery } from './delivery.ts';

function message(seq: number): Message {
  return { seq, author: 'bot', text: `text ${seq}`, at: '2026-11-22T04:00:00Z' };
}

function event(seq: number): string {
  return `event: message\nid: ${seq}\ndata: ${JSON.stringify(message(seq))}\n\n`;
}

function streamOf(...events: string[]): Response {
  return new Response(events.join(''), { headers: { 'Content-Type': 'text/event-stream' } });
}

/** Runs a delivery against scripted answers; the script's end stops it. */
async function run(script: {
  streams: (Response | Error)[];
  pages?: Message[][];
}): Promise<{ got: number[]; asked: number[]; states: string[]; lost: boolean; waits: number }> {
  const seen = { got: [] as number[], asked: [] as number[], states: [] as string[], lost: false, waits: 0 };
  const pages = script.pages ?? [];
  const delivery: Delivery = new Delivery(
    {
      stream: async (_token, after) => {
        seen.asked.push(after);
        const next = script.streams.shift();
        if (!next) delivery.stop();
        if (!next || next instanceof Error) throw next ?? new TypeError('over');
        return next;
      },
      messages: async (_token, after) => {
        const next = pages.shift();
        if (!next) delivery.stop();
        return { messages: (next ?? []).filter(({ seq }) => seq > after), pending: false };
      },
    },
    'token',
    0,
    {
      messages: (all) => seen.got.push(...all.map(({ seq }) => seq)),
      typing: () => undefined,
      status: () => undefined,
      connection: (state) => seen.states.push(state),
      lost: () => void (seen.lost = true),
    },
    async () => void (seen.waits += 1),
  );
  await delivery.run();
  return seen;
}

test('a stream that ends is taken up where it ended', async () => {
  const { got, asked } = await run({ streams: [streamOf(event(1), event(2)), streamOf(event(3))] });
  assert.deepEqual(got, [1, 2, 3]);
  assert.deepEqual(asked, [0, 2, 3]);
});

test('what comes twice is given once', async () => {
  const { got } = await run({ streams: [streamOf(event(1), event(1), event(2)), streamOf(event(2), event(3))] });
  assert.deepEqual(got, [1, 2, 3]);
});

test('a skipped number is asked for', async () => {
  const { got } = await run({
    streams: [streamOf(event(1), event(4))],
    pages: [[1, 2, 3, 4].map(message)],
  });
  assert.deepEqual(got, [1, 2, 3, 4]);
});

test('a lost network is said, waited out and mended', async () => {
  const { states, waits, got } = await run({ streams: [new TypeError('network'), streamOf(event(1))] });
  assert.deepEqual(states.slice(0, 3), ['connecting', 'reconnecting', 'online']);
  assert.ok(waits >= 1);
  assert.deepEqual(got, [1]);
});

test('after two streams that never came it polls', async () => {
  const { got } = await run({
    streams: [new Refused(502, 0), new Refused(502, 0)],
    pages: [[message(1)], [message(2)]],
  });
  assert.deepEqual(got, [1, 2]);
});

test('a token the desk does not know ends it', async () => {
  const { lost, asked } = await run({ streams: [new Refused(401, 0), streamOf(event(1))] });
  assert.equal(lost, true);
  assert.deepEqual(asked, [0]);
});
