import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'react-router';
import { useTexts } from '../texts/texts';

interface PageProps {
  title: string;
  /** What stands beside the title: who or what the page is about. */
  about?: string;
  lead?: string;
  /** The way back up. */
  parent?: { to: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
}

/** A page's frame. Names the document, and takes the focus to the heading when one came here by a link. */
export function Page({ title, about, lead, parent, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { key } = useLocation();
  const texts = useTexts();
  const named = about === undefined ? title : `${title} ${about}`;

  useEffect(() => {
    document.title = `${named} · ${texts.app.name}`;
  }, [named, texts]);
  useEffect(() => {
    // The first page of a visit keeps the browser's own focus.
    if (key !== 'default') heading.current?.focus();
  }, [key]);

  return (
    <div className="page">
      {parent && (
        <Link className="parent" to={parent.to}>
          <span aria-hidden>←</span> {parent.label}
        </Link>
      )}
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className="page-title">
          <Title order={1} ref={heading} tabIndex={-1}>
            {title} {about !== undefined && <span className="soft">{about}</span>}
          </Title>
          {lead !== undefined && <p className="lead">{lead}</p>}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
