/** Reading events out of bytes that arrive in any pieces. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents } from './sse.ts';

async function read(text: string, size: number): Promise<string[]> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
  const found: string[] = [];
  for await (const { event, id, data } of readEvents(body)) found.push(`${event}|${id}|${data}`);
  return found;
}

const FEED =
  'retry: 1000\n\nevent: message\nid: 7\ndata: {"text":"退款💰"}\n\n: still here\n\ndata: a\ndata: b\n\ndata: cut of';
const EVENTS = ['beat|null|', 'message|7|{"text":"退款💰"}', 'beat|null|', 'message|null|a\nb'];

test('events are the same in whatever pieces they come', async () => {
  for (let size = 1; size <= FEED.length; size += 1) assert.deepEqual(await read(FEED, size), EVENTS);
});

test('all three kinds of line ends are read', async () => {
  for (const end of ['\r\n', '\r']) {
    const feed = `${FEED.replaceAll('\n', end)}${end}`;
    for (const size of [1, 2, 3, 1000]) assert.deepEqual(await read(feed, size), EVENTS);
  }
});

test('a line separator inside the data stays inside', async () => {
  assert.deepEqual(await read('data: a\u2028b\n\n', 3), ['message|null|a\u2028b']);
});
