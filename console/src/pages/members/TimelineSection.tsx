import { useList } from '../../api/resource';
import type { TimelineEntry } from '../../api/types';
import { useFormat } from '../../format/format';
import { useSignedIn } from '../../session/session';
import { textOf, useTexts } from '../../texts/texts';
import { Empty, Loaded, More, OutLink, Section } from '../../ui';
import { effectInWords } from './effect';
import { ProductName } from './ProductName';
import { runAddress } from './temporal';

const NEWEST_FIRST = { order: 'newest_first' } as const;

type TimelineList = ReturnType<typeof useList<'/v1/members/{id}/timeline'>>;

/** All that happened to a member, the newest first. */
export function TimelineSection({ memberId }: { memberId: string }) {
  const init = { params: { path: { id: memberId }, query: NEWEST_FIRST } };
  return <Timeline list={useList('/v1/members/{id}/timeline', init)} />;
}

/** All that happened to one membership, from its checkout on. */
export function StorySection({ membershipId }: { membershipId: string }) {
  const init = { params: { path: { id: membershipId }, query: NEWEST_FIRST } };
  return <Timeline list={useList('/v1/memberships/{id}/timeline', init)} />;
}

function Timeline({ list }: { list: TimelineList }) {
  const { timeline } = useTexts().members;
  return (
    <Section title={timeline.title}>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(entries) =>
          entries.length === 0 ? (
            <Empty text={timeline.empty} />
          ) : (
            <ol className="timeline">
              {entries.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
          )
        }
      </Loaded>
      <More query={list} />
    </Section>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const texts = useTexts();
  const { timeline, reasons } = texts.members;
  const format = useFormat();
  const { temporalRunsUrl } = useSignedIn();
  const plain = entry.kind.replaceAll('_', ' ');
  return (
    <li>
      <p>
        <strong>{textOf({ ...reasons, ...timeline.kinds }, entry.kind, plain)}</strong>
        {entry.productId !== null && (
          <>
            {' · '}
            <ProductName id={entry.productId} />
          </>
        )}
      </p>
      <p>{effectInWords(entry.effect, texts, format)}</p>
      <p className="soft small">
        <time dateTime={entry.at}>{format.dateTime(entry.at)}</time>{' '}
        {timeline.by(textOf(timeline.causes, entry.cause, entry.cause))}
        {temporalRunsUrl !== null && entry.workflowId !== null && (
          <>
            {' · '}
            <OutLink href={runAddress(temporalRunsUrl, entry.workflowId)}>{timeline.run}</OutLink>
          </>
        )}
      </p>
    </li>
  );
}
