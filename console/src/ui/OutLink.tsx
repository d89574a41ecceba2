import { Anchor, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts';

/** A link to somewhere else, in a tab of its own. */
export function OutLink({
  href,
  className,
  children,
}: {
  href: string;
  className?: string;
  children: ReactNode;
}) {
  const { common } = useTexts();
  return (
    <Anchor
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      inherit
      {...(className === undefined ? {} : { className })}
    >
      {children}
      <span aria-hidden>{'\u00a0'}↗</span>
      <VisuallyHidden> ({common.opensTab})</VisuallyHidden>
    </Anchor>
  );
}
