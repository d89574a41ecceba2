import { Button, NativeSelect, Radio } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useAction, useList, useRead } from '../../api/resource';
import type { Price, PriceMove } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { textOf, usePageTexts, useTexts } from '../../texts/texts';
import { Dialog, Loaded, More, ProblemAlert, RunProgress, Section, useActionDialog } from '../../ui';
import { MOVE } from './move-texts';
import { isForSale } from './PriceTag';

/** Moves everybody who has this price to another one of the product, and shows how far it is. */
export function MoveMembers({ price }: { price: Price }) {
  const move = usePageTexts(MOVE);
  const moves = useRead(
    '/v1/price-moves',
    { params: { query: { price: price.id, limit: 1 } } },
    { pollWhile: ({ data }) => (data.some(isRunning) ? 1000 : false) },
  );
  const latest = moves.data?.data.find(({ fromPriceId }) => fromPriceId === price.id);
  return (
    <Section title={move.title} lead={move.lead}>
      {latest && <MoveProgress move={latest} />}
      {(latest === undefined || !isRunning(latest)) && <StartMove price={price} />}
    </Section>
  );
}

const isRunning = ({ status }: PriceMove) => status === 'running' || status === 'cancelling';

function StartMove({ price }: { price: Price }) {
  const texts = useTexts();
  const move = usePageTexts(MOVE);
  const format = useFormat();
  const [chosen, setChosen] = useState<string | null>(null);
  const [prorate, setProrate] = useState(false);
  const start = useAction('post', '/v1/prices/{id}/move-members');
  const { open, close, dialog } = useActionDialog(start, move.starting);
  const prices = useRead('/v1/products/{id}/prices', {
    params: { path: { id: price.productId }, query: { status: 'active', limit: 100 } },
  });
  const inWords = (one: Price) => priceInWords(termsOfPrice(one), texts, format);
  if (!start.isAllowed) return null;
  return (
    <Loaded query={prices} lines={1}>
      {({ data }) => {
        const targets = data.filter(
          (one) =>
            one.id !== price.id &&
            one.model === 'recurring' &&
            one.currency === price.currency &&
            isForSale(one),
        );
        const target = targets.find(({ id }) => id === chosen) ?? targets[0];
        if (target === undefined) return <p className="soft">{move.noTarget}</p>;
        return (
          <>
            <div>
              <Button variant="default" onClick={open}>
                {move.start}
              </Button>
            </div>
            <Dialog
              {...dialog}
              title={move.confirmTitle}
              confirm={move.start}
              onConfirm={() =>
                start.mutate(
                  { params: { path: { id: price.id } }, body: { toPriceId: target.id, prorate } },
                  { onSuccess: close },
                )
              }
            >
              <NativeSelect
                label={move.to}
                value={target.id}
                onChange={(event) => setChosen(event.currentTarget.value)}
                data={targets.map((one) => ({ value: one.id, label: inWords(one) }))}
                data-autofocus
              />
              <Radio.Group
                label={move.when}
                value={prorate ? 'now' : 'next'}
                onChange={(value) => setProrate(value === 'now')}
              >
                <div className="tight">
                  <Radio value="next" label={move.nextPeriod} />
                  <Radio value="now" label={move.now} />
                </div>
              </Radio.Group>
              <p>{move.confirmText(inWords(target))}</p>
            </Dialog>
          </>
        );
      }}
    </Loaded>
  );
}

function MoveProgress({ move }: { move: PriceMove }) {
  const words = usePageTexts(MOVE);
  const format = useFormat();
  const cancel = useAction('post', '/v1/price-moves/{id}/cancel');
  const retry = useAction('post', '/v1/price-moves/{id}/retry');
  const params = { path: { id: move.id } };
  return (
    <div className="stack">
      <RunProgress
        done={move.total - move.waiting}
        total={move.total}
        said={words.progress(format.number(move.moved), format.number(move.total))}
        status={words.status[move.status]}
        stop={
          cancel.isAllowed && isRunning(move)
            ? {
                label: words.stop,
                isPending: cancel.isPending || move.status === 'cancelling',
                onStop: () => cancel.mutate({ params, body: {} }),
              }
            : undefined
        }
      />
      <NotMoved move={move} />
      {retry.isAllowed && !isRunning(move) && move.moved < move.total && (
        <div>
          <Button
            variant="default"
            loading={retry.isPending}
            onClick={() => retry.mutate({ params, body: {} })}
          >
            {words.retry}
          </Button>
        </div>
      )}
      <ProblemAlert problem={cancel.error ?? retry.error} />
    </div>
  );
}

/** Who was left on the price that they have, and why. */
function NotMoved({ move }: { move: PriceMove }) {
  const { members, problems } = useTexts();
  const words = usePageTexts(MOVE);
  const paths = usePaths();
  const init = { params: { path: { id: move.id }, query: {} } };
  const list = useList('/v1/price-moves/{id}/members', init, { enabled: move.skipped + move.failed > 0 });
  const left = (list.items ?? []).filter(({ status }) => status === 'skipped' || status === 'failed');
  if (left.length === 0) return null;
  return (
    <div>
      <h3>{words.left}</h3>
      <ul className="rows">
        {left.map((item) => (
          <li key={item.membershipId}>
            <span className="grow">
              {textOf(
                { ...problems.details, ...words.reasons },
                item.reason ?? '',
                item.message ?? item.reason ?? '',
              )}
            </span>
            <Link to={paths.member(item.memberId)}>{members.show}</Link>
          </li>
        ))}
      </ul>
      <More query={list} />
    </div>
  );
}
