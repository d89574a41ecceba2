import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { Search as Glass } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTexts } from '../texts/texts';

/** Comes when it is first wanted. */
const Palette = lazy(() => import('./Palette').then((m) => ({ default: m.Palette })));

/** The way to any page, member or product by typing: Ctrl+K, on a Mac ⌘K. */
export function Search() {
  const { app } = useTexts();
  const [opened, setOpened] = useState(false);
  // Also while somebody types in a field.
  useHotkeys([['mod+K', () => setOpened(true)]], []);
  return (
    <>
      <Button
        variant="default"
        size="sm"
        className="search-button"
        aria-keyshortcuts="Control+K Meta+K"
        leftSection={<Glass size={18} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        <span className="search-word">{app.search}</span>
        <kbd aria-hidden>{/Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl K'}</kbd>
      </Button>
      {opened && (
        <Suspense>
          <Palette onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
