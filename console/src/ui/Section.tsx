import { Group, Paper, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  /** Where a link within the page leads to it. */
  id?: string;
  title: string;
  lead?: string;
  actions?: ReactNode;
  children?: ReactNode;
}

/** A named part of a page. */
export function Section({ id: anchor, title, lead, actions, children }: SectionProps) {
  const id = useId();
  return (
    <Paper
      component="section"
      aria-labelledby={id}
      {...(anchor === undefined ? {} : { id: anchor, tabIndex: -1 })}
      withBorder
      p={{ base: 'md', sm: 'lg' }}
      className="section"
    >
      <Group justify="space-between" align="center" gap="sm">
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {lead !== undefined && <p className="soft">{lead}</p>}
      {children}
    </Paper>
  );
}
