import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

const COLORS: Record<Tone, string> = {
  good: 'green',
  busy: 'blue',
  warn: 'orange',
  bad: 'red',
  quiet: 'gray',
};

/** A state in a word or two. The word says it; the colour only helps. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <Badge variant="light" color={COLORS[tone]} size="md" radius="sm" className="tag">
      {children}
    </Badge>
  );
}
