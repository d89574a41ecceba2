import { useEffect } from 'react';
import { useBlocker } from 'react-router';
import { usePageTexts } from '../texts/texts';
import { Dialog } from './Dialog';

const UNSAVED = {
  en: {
    title: 'Leave without saving?',
    text: 'You have unsaved changes on this page. They are lost when you leave it.',
    leave: 'Leave without saving',
    stay: 'Stay on this page',
  },
  de: {
    title: 'Seite verlassen, ohne zu speichern?',
    text: 'Auf dieser Seite gibt es nicht gespeicherte Änderungen. Sie gehen verloren, wenn Sie die Seite verlassen.',
    leave: 'Verlassen, ohne zu speichern',
    stay: 'Auf der Seite bleiben',
  },
};

/** How to leave a page whose changes were saved just now: `navigate(path, SAVED)`. */
export const SAVED = { state: { saved: true } } as const;

const isSaved = (state: unknown) =>
  typeof state === 'object' && state !== null && 'saved' in state && state.saved === true;

/** Asks before a page is left on which something was changed and not saved, by a link or with the browser's own buttons. */
export function UnsavedChanges({ exist }: { exist: boolean }) {
  const words = usePageTexts(UNSAVED);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      exist && currentLocation.pathname !== nextLocation.pathname && !isSaved(nextLocation.state),
  );
  useEffect(() => {
    if (!exist) return;
    // The browser asks with its own words. https://developer.mozilla.org/docs/Web/API/Window/beforeunload_event
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [exist]);
  return (
    <Dialog
      opened={blocker.state === 'blocked'}
      title={words.title}
      confirm={words.leave}
      cancel={words.stay}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      danger
    >
      <p>{words.text}</p>
    </Dialog>
  );
}
