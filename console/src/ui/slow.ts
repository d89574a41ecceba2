import { useEffect, useState } from 'react';

/** Milliseconds after which whoever waits is told that it is still being tried. */
const SLOW = 4000;

/** Whether something has been under way for so long that it has to be said. */
export function useIsSlow(isPending: boolean): boolean {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    if (!isPending) return;
    const timer = setTimeout(() => setSlow(true), SLOW);
    return () => {
      clearTimeout(timer);
      setSlow(false);
    };
  }, [isPending]);
  return isPending && isSlow;
}
