import { createRequire } from 'node:module';

interface RequestQueue {
  readonly pending: readonly unknown[];
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const CHECK_PENDING_EVERY_MS = 10;

/**
 * kafkajs 2.2.4 looks for waiting requests by a timer that sets itself again even when nothing waits, and then for a
 * time that lies in the past: every idle connection wakes about 900 times a second, and newer Node warns of negative
 * timeouts. Here the timer runs only while a request waits. The version of kafkajs is pinned, and a test counts timers.
 */
export function quietIdleConnections(): void {
  const load: (module: string) => unknown = createRequire(__filename);
  const { prototype } = load('kafkajs/src/network/requestQueue') as { prototype: RequestQueue };
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    const waitMs = Math.max(this.throttledUntil - Date.now(), CHECK_PENDING_EVERY_MS);
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, waitMs);
  };
}
