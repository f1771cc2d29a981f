/** Server-sent events out of a fetch body: `EventSource` cannot carry an Authorization header.
    Yields every event and, as an event named `beat`, every bare comment (the server's heartbeat). */
export interface ServerEvent {
  event: string;
  data: string;
  id: string | null;
}

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the very end may be half of a pair whose other half is on its way.
      const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
      const blocks = whole.replace(/\r\n?/g, '\n').split('\n\n');
      if (blocks.length === 1) continue;
      const last = blocks.pop()!;
      rest = last + (whole === rest ? '' : '\r');
      for (const block of blocks) yield parse(block);
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

function parse(block: string): ServerEvent {
  const found: ServerEvent = { event: '', data: '', id: null };
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') found.event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id') found.id = value;
  }
  found.data = data.join('\n');
  found.event ||= data.length ? 'message' : 'beat';
  return found;
}
