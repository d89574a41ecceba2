import { Button, NativeSelect } from '@mantine/core';
import { allows } from '@domain/pricing';
import { useState } from 'react';
import { useAction, useList } from '../../api/resource';
import type { PromotionCode } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { CopyField, Dialog, IfAllowed, ProblemAlert, useActionDialog } from '../../ui';
import { COUPONS } from './texts';

/** The purchase page of a price with the code filled in, to copy. */
export function CodeLink({ code }: { code: PromotionCode }) {
  const words = usePageTexts(COUPONS);
  const change = useAction('patch', '/v1/prices/{id}');
  const { open, close, dialog } = useActionDialog(change, '');
  const products = useList(
    '/v1/products',
    { params: { query: { status: 'active' } } },
    { enabled: dialog.opened },
  );
  const [productId, setProductId] = useState('');
  const chosen = productId === '' ? (products.items?.[0]?.id ?? '') : productId;
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>
        {words.link}
        <span className="sr-only"> {code.code}</span>
      </Button>
      <Dialog {...dialog} title={words.linkTitle(code.code)} confirm={words.close} onConfirm={close}>
        <p className="soft">{words.linkLead}</p>
        <NativeSelect
          label={words.product}
          value={chosen}
          onChange={(event) => setProductId(event.currentTarget.value)}
          data={(products.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          data-autofocus
        />
        {dialog.opened && chosen !== '' && <PriceLink key={chosen} productId={chosen} code={code.code} />}
      </Dialog>
    </>
  );
}

function PriceLink({ productId, code }: { productId: string; code: string }) {
  const words = usePageTexts(COUPONS);
  const format = useFormat();
  const change = useAction('patch', '/v1/prices/{id}');
  const list = useList('/v1/products/{id}/prices', {
    params: { path: { id: productId }, query: { status: 'active' } },
  });
  const [priceId, setPriceId] = useState('');
  const prices = (list.items ?? []).filter(({ model }) => allows(model, 'promotionCodes'));
  const price = prices.find(({ id }) => id === priceId) ?? prices[0];
  if (list.items === undefined) return null;
  if (price === undefined) return <p role="status">{words.noPrices}</p>;
  return (
    <>
      <NativeSelect
        label={words.price}
        value={price.id}
        onChange={(event) => setPriceId(event.currentTarget.value)}
        data={prices.map(({ id, unitAmount, currency, nickname }) => ({
          value: id,
          label: [format.money(unitAmount, currency), nickname].filter(Boolean).join(' · '),
        }))}
      />
      {price.promotionCodes ? (
        <CopyField
          label={words.linkLabel}
          hint={words.linkHint}
          value={`${price.buyUrl}?code=${encodeURIComponent(code)}`}
        />
      ) : (
        <>
          <p role="status">{words.takesNone}</p>
          <IfAllowed isAllowed={change.isAllowed}>
            <Button
              variant="default"
              loading={change.isPending}
              onClick={() =>
                change.mutate({ params: { path: { id: price.id } }, body: { promotionCodes: true } })
              }
            >
              {words.takeCodes}
            </Button>
          </IfAllowed>
          <ProblemAlert problem={change.error} />
        </>
      )}
    </>
  );
}
