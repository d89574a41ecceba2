import { useEffect } from 'react';

/** Milliseconds that a dialog has to give the focus back by itself. */
const SETTLED = 50;

const hasFocus = () => document.activeElement !== null && document.activeElement !== document.body;

/** What was just said, else the heading of the page. */
const nextBest = () => document.querySelector<HTMLElement>('.notice, main h1');

/**
 * Keeps the keyboard's place. A button that works is disabled meanwhile, and one whose action has come to pass is gone:
 * the browser then drops the focus to the top of the document. It goes back to the button, or on to what was said.
 */
export function useKeptFocus(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    let timer = 0;
    const settle = () => {
      if (last === null || hasFocus()) return;
      const target = last.isConnected ? last : nextBest();
      if (target?.matches(':disabled') === false) target.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(() => {
      if (last === null || hasFocus()) return;
      window.clearTimeout(timer);
      timer = window.setTimeout(settle, SETTLED);
    });
    const remember = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement) last = target;
    };
    // Who clicks beside everything has let go.
    const letGo = () => {
      last = null;
    };
    document.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', letGo, { capture: true });
    observer.observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    return () => {
      observer.disconnect();
      window.clearTimeout(timer);
      document.removeEventListener('focusin', remember);
      document.removeEventListener('pointerdown', letGo, { capture: true });
    };
  }, []);
}
