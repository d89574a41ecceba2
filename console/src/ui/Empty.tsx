import type { ReactNode } from 'react';

/** Nothing here yet: what that means, and what to do about it. With a title it stands for a whole list, and has a picture. */
export function Empty({ title, text, children }: { title?: string; text: string; children?: ReactNode }) {
  return (
    <div className="empty">
      {title !== undefined && (
        <>
          <EmptyPicture />
          <p className="empty-title">{title}</p>
        </>
      )}
      <p className="soft">{text}</p>
      {children}
    </div>
  );
}

/** Sheets that nothing is written on yet. */
function EmptyPicture() {
  return (
    <svg className="empty-picture" viewBox="0 0 96 56" width={96} height={56} fill="none" aria-hidden>
      <rect x="22" y="4" width="58" height="38" rx="6" className="empty-behind" />
      <rect x="14" y="12" width="58" height="38" rx="6" className="empty-front" />
      <path d="M24 24h22M24 32h36M24 40h14" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
