import { Link } from 'react-router';
import { useAction, useList } from '../../api/resource';
import type { LiveCopy } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { textOf, usePageTexts, useTexts } from '../../texts/texts';
import { More, ProblemAlert, RunProgress } from '../../ui';
import { isRunning } from './running';
import { GO_LIVE } from './texts';

/** How far a copying is, what could not be copied and why, and where to go from there. */
export function CopyProgress({ copy }: { copy: LiveCopy }) {
  const words = usePageTexts(GO_LIVE);
  const format = useFormat();
  const paths = usePaths();
  const cancel = useAction('post', '/v1/live-copies/{id}/cancel');
  const params = { path: { id: copy.id } };
  return (
    <div className="stack">
      <RunProgress
        done={copy.copied + copy.skipped + copy.failed}
        total={copy.total}
        said={words.progress(format.number(copy.copied), format.number(copy.total))}
        status={words.status[copy.status]}
        stop={
          cancel.isAllowed && isRunning(copy)
            ? {
                label: words.stop,
                isPending: cancel.isPending || copy.status === 'cancelling',
                onStop: () => cancel.mutate({ params, body: {} }),
              }
            : undefined
        }
      />
      <ProblemAlert problem={cancel.error} />
      <NotCopied copy={copy} status="failed" />
      <NotCopied copy={copy} status="skipped" />
      {!isRunning(copy) && (
        <p>
          <Link to={paths.products}>{words.products}</Link>
          {' · '}
          <Link to={paths.webhooks}>{words.webhooks}</Link>
        </p>
      )}
    </div>
  );
}

function NotCopied({ copy, status }: { copy: LiveCopy; status: 'failed' | 'skipped' }) {
  const { problems } = useTexts();
  const words = usePageTexts(GO_LIVE);
  const init = { params: { path: { id: copy.id }, query: { status } } };
  const list = useList('/v1/live-copies/{id}/items', init, { enabled: copy[status] > 0 });
  const items = list.items ?? [];
  if (items.length === 0) return null;
  return (
    <div>
      <h3>{words.failed}</h3>
      <ul className="rows">
        {items.map((item) => (
          <li key={item.position}>
            <div className="grow">
              <p className="row-title">
                {textOf(words.kinds, item.kind, item.kind)}: {item.name}
              </p>
              <p className="soft small">
                {textOf(
                  { ...problems.details, ...words.reasons },
                  item.reason ?? '',
                  item.message ?? item.reason ?? '',
                )}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <More query={list} />
    </div>
  );
}
