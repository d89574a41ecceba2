import { useSyncExternalStore } from 'react';

/** Whether the API answered the last time that anything was asked of it. */
let reachable = true;
const listeners = new Set<() => void>();

export function setReachable(next: boolean): void {
  if (next === reachable) return;
  reachable = next;
  for (const listener of listeners) listener();
}

/** Resolves once the API answers again. */
export function whenReachable(): Promise<void> {
  if (reachable) return Promise.resolve();
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      if (!reachable) return;
      unsubscribe();
      resolve();
    });
  });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** False while the API does not answer. */
export function useReachable(): boolean {
  return useSyncExternalStore(subscribe, () => reachable);
}
