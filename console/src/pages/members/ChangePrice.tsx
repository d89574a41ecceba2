import { Button, NativeSelect, Radio, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useAction, useRead } from '../../api/resource';
import type { Membership, Price } from '../../api/types';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';
import { Dialog, useNotify } from '../../ui';
import { isForSale } from '../products/PriceTag';
import { quantityOf, type When, whensOf } from './change-options';
import { ChangePreview, type Previewed } from './ChangePreview';

/** Moves one membership to another price or quantity, after Stripe has said what that comes to. */
export function ChangePrice({ membership }: { membership: Membership }) {
  const { change: words } = useTexts().members;
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setOpened(true)}>
        {words.button}
      </Button>
      <ChangeDialog membership={membership} opened={opened} onClose={() => setOpened(false)} />
    </>
  );
}

/** Prices that a subscription can go to: recurring, in its own currency. */
function targetsOf(prices: Price[], present: Price | undefined): Price[] {
  return prices.filter(
    (price) =>
      price.model === 'recurring' &&
      isForSale(price) &&
      (present === undefined || price.currency === present.currency),
  );
}

interface ChangeDialogProps {
  membership: Membership;
  opened: boolean;
  onClose: () => void;
}

function ChangeDialog({ membership, opened, onClose }: ChangeDialogProps) {
  const texts = useTexts();
  const { common } = texts;
  const { change: words } = texts.members;
  const format = useFormat();
  const notify = useNotify();
  const change = useAction('post', '/v1/memberships/{id}/change-price');
  const { data } = useRead(
    '/v1/products/{id}/prices',
    { params: { path: { id: membership.productId }, query: { status: 'active', limit: 100 } } },
    { enabled: opened },
  );
  const { data: present } = useRead('/v1/prices/{id}', { params: { path: { id: membership.priceId } } });
  const targets = targetsOf(data?.data ?? [], present);
  const [chosen, setChosen] = useState<string | null>(null);
  const [typedQuantity, setQuantity] = useState(String(membership.quantity));
  const [chosenWhen, setWhen] = useState<When>('now');
  const [previewed, setPreviewed] = useState<Previewed | null>(null);
  const target =
    targets.find(({ id }) => id === chosen) ??
    targets.find(({ id }) => id !== membership.priceId) ??
    targets[0];
  const quantity = target === undefined ? null : quantityOf(typedQuantity, membership, target);
  const whens = target === undefined || present === undefined ? [] : whensOf(membership, present, target);
  const when = whens.find((one) => one === chosenWhen) ?? whens[0];
  const prorate = when === 'now';
  const isChange =
    target !== undefined &&
    quantity !== null &&
    when !== undefined &&
    (target.id !== membership.priceId || quantity !== membership.quantity);
  const close = () => {
    onClose();
    change.reset();
  };
  const confirm = () => {
    if (!isChange || previewed === null) return;
    const { prorationDate } = previewed;
    const body = {
      priceId: target.id,
      quantity,
      prorate,
      ...(prorationDate === null ? {} : { prorationDate }),
    };
    change.mutate(
      { params: { path: { id: membership.id } }, body },
      {
        onSuccess: () => {
          close();
          notify({ text: words.done });
        },
      },
    );
  };
  if (!change.isAllowed) return null;
  return (
    <Dialog
      opened={opened}
      onClose={close}
      title={words.title}
      confirm={words.confirm}
      onConfirm={confirm}
      pending={change.isPending ? words.pending : null}
      problem={change.error}
      ready={isChange && previewed !== null}
    >
      {data !== undefined && target === undefined ? (
        <p>{words.noOther}</p>
      ) : (
        <>
          <NativeSelect
            label={words.price}
            value={target?.id ?? ''}
            onChange={(event) => setChosen(event.currentTarget.value)}
            data={targets.map((price) => ({
              value: price.id,
              label: priceInWords(termsOfPrice(price), texts, format),
            }))}
            data-autofocus
          />
          {(target?.maxQuantity ?? 1) > 1 && (
            <TextInput
              label={words.quantity}
              inputMode="numeric"
              value={typedQuantity}
              error={quantity === null && common.between('1', format.number(target?.maxQuantity ?? 1))}
              onChange={(event) => setQuantity(event.currentTarget.value)}
            />
          )}
          <Radio.Group
            label={words.when}
            value={when ?? ''}
            onChange={(value) => setWhen(value === 'now' ? 'now' : 'later')}
          >
            <div className="tight">
              {(['now', 'later'] as const).map((one) => (
                <Radio
                  key={one}
                  value={one}
                  label={one === 'now' ? words.prorate : words.later}
                  disabled={!whens.includes(one)}
                  {...(whens.includes(one)
                    ? {}
                    : { description: one === 'now' ? words.notNow : words.notLater })}
                />
              ))}
            </div>
          </Radio.Group>
          {isChange && (
            <ChangePreview
              membershipId={membership.id}
              change={{ priceId: target.id, quantity, prorate }}
              onPreviewed={setPreviewed}
            />
          )}
        </>
      )}
    </Dialog>
  );
}
