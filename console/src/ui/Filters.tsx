import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import { useTexts } from '../texts/texts';

/** Fields that narrow a list down, beside each other; on a phone behind a button that says how many of them are in use. */
export function Filters({ inUse, children }: { inUse: number; children: ReactNode }) {
  const { common } = useTexts();
  const [isOpen, { toggle }] = useDisclosure(false);
  const id = useId();
  return (
    <>
      <Button
        variant="default"
        className="filters-button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={toggle}
      >
        {common.filters}
        {inUse > 0 && ` (${inUse})`}
      </Button>
      <div id={id} className="fields filters" data-open={isOpen}>
        {children}
      </div>
    </>
  );
}
