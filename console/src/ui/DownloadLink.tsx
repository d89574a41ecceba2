import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { apiBase } from '../api/client';
import { useMode } from '../app/mode';

/** A file of the API's in this page's mode. The browser saves it; the cookie says whose it is. */
export function DownloadLink({
  path,
  query,
  children,
}: {
  path: string;
  query: Record<string, string>;
  children: ReactNode;
}) {
  const mode = useMode();
  const asked = new URLSearchParams(query).toString();
  return (
    <Button component="a" variant="default" size="sm" href={`${apiBase(mode)}${path}?${asked}`} download>
      {children}
    </Button>
  );
}
