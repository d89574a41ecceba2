import type { ReactNode } from 'react';

/** Nothing here yet: what that means, and what to do about it. */
export function Empty({ title, text, children }: { title?: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {title !== undefined && <p className="empty-title">{title}</p>}
      <p className="soft">{text}</p>
      {children}
    </div>
  );
}
