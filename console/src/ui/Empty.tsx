import { FileText, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

interface EmptyProps {
  title?: string;
  text: string;
  /** What is not there, as the navigation shows it. */
  icon?: LucideIcon;
  children?: ReactNode;
}

/** Nothing here yet: what that means, and what to do about it. With a title it stands for a whole list, and has a picture. */
export function Empty({ title, text, icon: Icon = FileText, children }: EmptyProps) {
  return (
    <div className="empty">
      {title !== undefined && (
        <>
          <span className="empty-picture">
            <Icon size={28} strokeWidth={1.5} aria-hidden />
          </span>
          <p className="empty-title">{title}</p>
        </>
      )}
      <p className="soft">{text}</p>
      {children}
    </div>
  );
}
