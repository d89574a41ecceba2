import '@fontsource-variable/figtree';
import '@mantine/core/styles.css';
import './app/app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { createQueryClient } from './api/queries';
import { createRouter } from './app/routes';
import { schemeManager } from './app/scheme';
import { cssVariables, theme } from './app/theme';
import { SESSION_KEY } from './session/session';
import { TextsProvider } from './texts/texts';

const queryClient = createQueryClient(() => {
  // Who is signed in, and where, is asked again; the frame then leads to the sign-in.
  void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
});
const router = createRouter();
const root = document.getElementById('root');
if (root === null) throw new Error('The page has no place for the console.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <TextsProvider>
          <RouterProvider router={router} />
        </TextsProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
