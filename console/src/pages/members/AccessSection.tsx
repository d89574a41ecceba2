import { useRead } from '../../api/resource';
import type { Access } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Empty, Facts, Loaded, Section, Tag } from '../../ui';
import { nextInWords, reasonInWords, untilInWords } from './words';
import { MEMBER } from './member-texts';
import { ProductName } from './ProductName';

/** For every product that this member ever had to do with: access or not, why, and what happens next. */
export function AccessSection({ memberId, productIds }: { memberId: string; productIds: string[] }) {
  const { access } = useTexts().members;
  return (
    <Section title={access.title}>
      {productIds.length === 0 && <Empty text={access.empty} />}
      {productIds.map((productId) => (
        <AccessCard key={productId} memberId={memberId} productId={productId} />
      ))}
    </Section>
  );
}

/** Milliseconds: access ends by the clock, without anything being changed here. */
const AGAIN = 30_000;

function AccessCard({ memberId, productId }: { memberId: string; productId: string }) {
  const { access: words } = useTexts().members;
  const access = useRead(
    '/v1/access',
    { params: { query: { member: memberId, product: productId } } },
    { pollWhile: () => AGAIN },
  );
  return (
    <div className="card">
      <div className="card-head">
        <h3>
          <ProductName id={productId} link />
        </h3>
        {access.data && <AccessTag access={access.data} words={words} />}
      </div>
      <Loaded query={access} lines={2}>
        {(present) => <AccessFacts access={present} />}
      </Loaded>
    </div>
  );
}

function AccessTag({
  access,
  words,
}: {
  access: Access;
  words: { yes: string; no: string; pending: string };
}) {
  const more = usePageTexts(MEMBER);
  const format = useFormat();
  if (access.access) return <Tag tone="good">{words.yes}</Tag>;
  if (access.reason === 'not_started' && access.next?.at != null)
    return <Tag tone="busy">{more.begins(format.date(access.next.at))}</Tag>;
  if (access.reason === 'payment_pending') return <Tag tone="busy">{words.pending}</Tag>;
  return <Tag tone="bad">{words.no}</Tag>;
}

function AccessFacts({ access }: { access: Access }) {
  const texts = useTexts();
  const { members } = texts;
  const format = useFormat();
  // A payment that is on its way is no cause yet, so it stands alone.
  const { next, upcoming } = access;
  const comes = upcoming.length > 0 || next === null ? upcoming : [next];
  const inWords = comes.map(({ at, what, inWords: words }) => {
    const text = nextInWords({ reason: access.reason, next: { what }, fallback: words }, texts);
    return at === null ? text : members.access.on(format.dateTime(at), text);
  });
  return (
    <Facts
      facts={[
        [
          members.access.why,
          reasonInWords({ reason: access.reason, next, fallback: access.explanation }, texts),
        ],
        [
          members.access.next,
          inWords.length > 0
            ? inWords.join(' · ')
            : access.until === null
              ? members.access.nothingNext
              : members.access.on(format.dateTime(access.until), members.nexts.access_end),
        ],
        access.access && [members.access.title, untilInWords(access.until, next, texts, format)],
      ]}
    />
  );
}
