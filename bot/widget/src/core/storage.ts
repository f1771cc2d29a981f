/** JSON in the browser's storage. Where storage is blocked (private windows, embedded views)
    it is kept in memory, so that the chat still works until the page is left. */
export interface Shelf {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

class MemoryShelf implements Shelf {
  private readonly items = new Map<string, string>();
  getItem = (key: string): string | null => this.items.get(key) ?? null;
  setItem = (key: string, value: string): void => void this.items.set(key, value);
  removeItem = (key: string): void => void this.items.delete(key);
}

export function memoryShelf(): Shelf {
  return new MemoryShelf();
}

/** `localStorage` or `sessionStorage` when it can really be written to, else memory. */
export function browserShelf(kind: 'localStorage' | 'sessionStorage'): Shelf {
  try {
    const shelf = window[kind];
    shelf.setItem('refund-desk:probe', '1');
    shelf.removeItem('refund-desk:probe');
    return shelf;
  } catch {
    return memoryShelf();
  }
}

export function readJson<T>(shelf: Shelf, key: string): T | null {
  try {
    return JSON.parse(shelf.getItem(key) ?? 'null') as T | null;
  } catch {
    return null;
  }
}

export function writeJson(shelf: Shelf, key: string, value: unknown): void {
  try {
    shelf.setItem(key, JSON.stringify(value));
  } catch {
    // A full or suddenly blocked storage costs survival of a reload, not the message: with the
    // stale copy gone, whoever keeps this value also has it in memory.
    shelf.removeItem(key);
  }
}
