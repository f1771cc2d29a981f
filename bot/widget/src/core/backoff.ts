/** How long to wait before trying again: doubling, capped, half of it chance, so that
    thousands of widgets do not come back in the same second after a restart. */
const FIRST = 800;
const MOST = 30_000;

/** Milliseconds before attempt number `failures + 1`; `failures` counts from 1. */
export function backoff(failures: number, random: () => number = Math.random): number {
  const full = Math.min(MOST, FIRST * 2 ** (failures - 1));
  return full / 2 + (full / 2) * random();
}

/** A pause that `wake` cuts short: the network is back, or the laptop was opened. */
export class Pause {
  private release: (() => void) | null = null;

  async sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.release = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.release = null;
  }

  wake(): void {
    this.release?.();
  }
}
