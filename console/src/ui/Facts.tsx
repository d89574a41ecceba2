import type { ReactNode } from 'react';

export type Fact = [label: string, value: ReactNode] | null | false;

/** Labels with their values. What is null or false is left out. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter((fact): fact is [string, ReactNode] => Array.isArray(fact))
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
