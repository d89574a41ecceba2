import { Modal, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { CornerDownLeft, Package, User } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useRead } from '../api/resource';
import { usePageTexts, useTexts } from '../texts/texts';
import { usePaths } from './mode';
import { type Entry, useNavigation } from './navigation';

const PALETTE = {
  en: {
    title: 'Search',
    field: 'Search pages, members and products',
    pages: 'Pages',
    members: 'Members',
    products: 'Products',
    nothing: 'Nothing found. Try the beginning of an e-mail address.',
    count: (count: number) => (count === 1 ? '1 result' : `${count} results`),
  },
  de: {
    title: 'Suche',
    field: 'Seiten, Mitglieder und Produkte suchen',
    pages: 'Seiten',
    members: 'Mitglieder',
    products: 'Produkte',
    nothing: 'Nichts gefunden. Versuchen Sie den Anfang einer E-Mail-Adresse.',
    count: (count: number) => (count === 1 ? '1 Treffer' : `${count} Treffer`),
  },
};

/** Milliseconds after the last key before members are searched for. */
const TYPING = 200;
/** Of each kind: more are found on their page. */
const MOST = 6;

interface Group {
  name: string;
  entries: Entry[];
}

const has = (label: string, typed: string) => label.toLowerCase().includes(typed.toLowerCase());

/** What is found for what was typed. Without anything typed: the pages. */
function useFound(typed: string): Group[] {
  const words = usePageTexts(PALETTE);
  const { members: memberWords } = useTexts();
  const paths = usePaths();
  const [asked] = useDebouncedValue(typed, TYPING);
  const isAsked = asked !== '' && typed !== '';
  const members = useRead(
    '/v1/members',
    { params: { query: { search: asked, limit: MOST } } },
    { enabled: isAsked, keepPrevious: true },
  );
  const products = useRead('/v1/products', { params: { query: { limit: 100 } } });
  const { main, settings } = useNavigation();
  const groups = [
    { name: words.pages, entries: [...main, ...settings].filter(({ label }) => has(label, typed)) },
    {
      name: words.members,
      entries: (isAsked ? (members.data?.data ?? []) : []).map(({ id, email, externalId }) => ({
        to: paths.member(id),
        label: email ?? externalId ?? memberWords.unknown,
        icon: User,
      })),
    },
    {
      name: words.products,
      entries: (typed === '' ? [] : (products.data?.data ?? []))
        .filter(({ name }) => has(name, typed))
        .slice(0, MOST)
        .map(({ id, name }) => ({ to: paths.product(id), label: name, icon: Package })),
    },
  ];
  return groups.filter(({ entries }) => entries.length > 0);
}

/**
 * Where one goes by typing: arrows choose, Enter goes there, Escape leaves everything as it was. A combobox with a list
 * that is always open: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
export function Palette({ onClose }: { onClose: () => void }) {
  const words = usePageTexts(PALETTE);
  const navigate = useNavigate();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const groups = useFound(text.trim());
  const entries = groups.flatMap((group) => group.entries);
  const at = Math.min(chosen, entries.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const go = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    void navigate(entry.to);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0) {
      event.preventDefault();
      setChosen((at + step + entries.length) % entries.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(entries[at]);
    }
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size="lg"
      yOffset="10vh"
      padding={0}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={words.title}>
        <Modal.Body>
          <input
            data-autofocus
            className="palette-field"
            role="combobox"
            aria-expanded
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-label={words.field}
            aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
            placeholder={words.field}
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setChosen(0);
            }}
            onKeyDown={press}
          />
          <VisuallyHidden role="status">{words.count(entries.length)}</VisuallyHidden>
          <div className="palette-list" role="listbox" id={`${id}-list`} aria-label={words.title} ref={list}>
            {groups.map((group) => (
              <div key={group.name} role="group" aria-label={group.name}>
                <p className="palette-group" aria-hidden>
                  {group.name}
                </p>
                {group.entries.map((entry) => {
                  const { to, label, icon: Icon } = entry;
                  const index = entries.indexOf(entry);
                  return (
                    <div
                      key={to}
                      role="option"
                      id={`${id}-${index}`}
                      aria-selected={index === at}
                      className="palette-option"
                      onMouseMove={() => setChosen(index)}
                      onClick={() => go(entry)}
                    >
                      <Icon size={18} strokeWidth={1.75} aria-hidden />
                      <span>{label}</span>
                      {index === at && <CornerDownLeft size={16} aria-hidden />}
                    </div>
                  );
                })}
              </div>
            ))}
          </div>
          {entries.length === 0 && <p className="palette-nothing">{words.nothing}</p>}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
