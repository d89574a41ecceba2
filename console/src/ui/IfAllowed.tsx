import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts';

/** What ends a form; to whom the role does not allow it, that it does not. */
export function IfAllowed({ isAllowed, children }: { isAllowed: boolean; children: ReactNode }) {
  const { problems } = useTexts();
  if (isAllowed) return children;
  return (
    <p role="note" className="soft">
      {problems.details.role_not_allowed}
    </p>
  );
}
