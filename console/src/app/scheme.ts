import { localStorageColorSchemeManager } from '@mantine/core';

/** Light, dark, or as the system is: a preference of this browser. `public/scheme.js` reads it before anything is shown. */
export const schemeManager = localStorageColorSchemeManager({ key: 'session-console-scheme' });
