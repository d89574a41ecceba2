import { Button, NativeSelect } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAction, useList, useRead } from '../../api/resource';
import type { LiveCopyComparison, LiveCopyPreview } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { priceInWords } from '../../format/pricing';
import { textOf, usePageTexts, useTexts } from '../../texts/texts';
import { Empty, IfAllowed, Loaded, More, ProblemAlert, Section, Tag, type Tone } from '../../ui';
import { GO_LIVE } from './texts';

const ACTIONS = ['new', 'change', 'impossible', 'same'] as const;
type Action = (typeof ACTIONS)[number];
const TONES: Record<Action, Tone> = { new: 'good', change: 'busy', same: 'quiet', impossible: 'warn' };
const PATH = '/v1/live-copies/preview';

/** What copying would do, and the button that does it. */
export function Preview() {
  const words = usePageTexts(GO_LIVE);
  const summary = useRead(PATH, { params: { query: { limit: 1 } } });
  return (
    <Section title={words.what}>
      <Loaded query={summary}>{(preview) => <Plan preview={preview} />}</Loaded>
    </Section>
  );
}

function Plan({ preview }: { preview: LiveCopyPreview }) {
  const words = usePageTexts(GO_LIVE);
  const format = useFormat();
  const start = useAction('post', '/v1/live-copies');
  const isAny = preview.new + preview.change > 0;
  const counts = {
    new: format.number(preview.new),
    change: format.number(preview.change),
    same: format.number(preview.same),
    impossible: format.number(preview.impossible),
  };
  return (
    <div className="stack">
      <AccountHint preview={preview} />
      {isAny ? (
        <>
          <p>{words.counts(counts)}</p>
          <p className="soft">{words.safe}</p>
          <IfAllowed isAllowed={start.isAllowed}>
            <Button loading={start.isPending} onClick={() => start.mutate({ body: {} })}>
              {words.start}
            </Button>
          </IfAllowed>
        </>
      ) : (
        <Empty
          title={words.nothing}
          icon={CircleCheck}
          text={preview.impossible > 0 ? words.counts(counts) : words.nothingText}
        />
      )}
      <ProblemAlert problem={start.error} />
      <Things isAny={isAny} />
    </div>
  );
}

/** What stands between the coach and a sale in live mode. */
function AccountHint({ preview }: { preview: LiveCopyPreview }) {
  const words = usePageTexts(GO_LIVE);
  const paths = usePaths();
  if (preview.chargesEnabled) return null;
  return (
    <p role="note">
      {preview.connected ? words.noCharges : words.notConnected}{' '}
      <Link to={paths.payments}>{preview.connected ? words.verify : words.connect}</Link>
    </p>
  );
}

function Things({ isAny }: { isAny: boolean }) {
  const words = usePageTexts(GO_LIVE);
  const [action, setAction] = useState<Action | ''>('');
  const list = useList(PATH, { params: { query: action === '' ? {} : { action } } });
  return (
    <>
      <NativeSelect
        label={words.show}
        value={action}
        onChange={({ currentTarget: { value } }) => setAction(ACTIONS.find((one) => one === value) ?? '')}
        data={[
          { value: '', label: words.filters.all },
          ...ACTIONS.map((value) => ({ value, label: words.filters[value] })),
        ]}
      />
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(items) => (
          <ul className="rows" aria-label={isAny ? words.what : words.nothing}>
            {items.map((item) => (
              <Thing key={`${item.kind}/${item.testId}`} item={item} />
            ))}
          </ul>
        )}
      </Loaded>
      <More query={list} />
    </>
  );
}

function Thing({ item }: { item: LiveCopyComparison }) {
  const words = usePageTexts(GO_LIVE);
  const title = useTitle(item);
  const kind = textOf(words.kinds, item.kind, item.kind);
  const changed = item.changes.map(({ field }) => textOf(words.fields, field, field)).join(', ');
  return (
    <li>
      <div className="grow">
        <p className="row-title">{title}</p>
        {kind !== title && <p className="soft small">{kind}</p>}
        {changed !== '' && <p className="small">{words.changed(changed)}</p>}
        {item.reason !== null && (
          <p className="small">{textOf(words.reasons, item.reason, item.message ?? item.reason)}</p>
        )}
        {item.note !== null && <p className="small">{textOf(words.notes, item.note, item.note)}</p>}
      </div>
      <Tag tone={TONES[item.action]}>{words.actions[item.action]}</Tag>
    </li>
  );
}

/** What a thing is called: a price by what it costs. */
function useTitle({ kind, name, price, productName }: LiveCopyComparison): string {
  const words = usePageTexts(GO_LIVE);
  const texts = useTexts();
  const format = useFormat();
  if (price === null) {
    if (kind === 'mail_text') return mailName(name);
    return name === kind ? textOf(words.kinds, kind, kind) : name;
  }
  const { recurring, ...terms } = price;
  const inWords = priceInWords(
    {
      ...terms,
      interval: recurring?.interval ?? null,
      intervalCount: recurring?.intervalCount ?? null,
      accessStartsAt: terms.accessStartsAt === null ? null : new Date(terms.accessStartsAt),
      promotionCodes: false,
      maxQuantity: 1,
    },
    texts,
    format,
  );
  return [productName, inWords, name === productName ? null : name]
    .filter((part) => part !== null)
    .join(' · ');
}

/** `bought (de)`: the words for kinds of mails come with their own page. */
function mailName(name: string): string {
  const [kind = '', language = ''] = name.split('/');
  return `${kind.replaceAll('_', ' ')} (${language})`;
}
