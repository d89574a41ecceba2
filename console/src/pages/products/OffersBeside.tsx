import { MOST_BESIDE, problemOfBeside, problemOfHost } from '@domain/offers-beside';
import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useAction, useRead } from '../../api/resource';
import type { Price, Product } from '../../api/types';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Dialog, Loaded, useActionDialog } from '../../ui';
import { BESIDE } from './beside-texts';

/** Chooses what buyers of a price may add on Stripe's page. */
export function OffersBeside({ price }: { price: Price }) {
  const { common } = useTexts();
  const words = usePageTexts(BESIDE);
  const change = useAction('patch', '/v1/prices/{id}');
  const { open, done, dialog } = useActionDialog(change, common.saving);
  const [chosen, setChosen] = useState<string[]>([]);
  const begin = () => {
    setChosen(price.offersBeside);
    open();
  };
  const save = () =>
    change.mutate(
      { params: { path: { id: price.id } }, body: { offersBeside: chosen } },
      { onSuccess: () => done({ text: words.saved }) },
    );
  if (!change.isAllowed || problemOfHost(price) !== null) return null;
  return (
    <>
      <Button variant="default" onClick={begin}>
        {words.label}
      </Button>
      <Dialog {...dialog} title={words.title} confirm={common.save} onConfirm={save}>
        <p className="soft">{words.lead}</p>
        <Choices host={price} chosen={chosen} onChange={setChosen} />
      </Dialog>
    </>
  );
}

interface Choosing {
  host: Price;
  chosen: string[];
}

function Choices({ host, chosen, onChange }: Choosing & { onChange: (chosen: string[]) => void }) {
  const words = usePageTexts(BESIDE);
  const products = useRead('/v1/products', { params: { query: { status: 'active', limit: 100 } } });
  return (
    <Loaded query={products} shape="rows">
      {({ data }) => {
        const others = data.filter(({ id }) => id !== host.productId);
        if (others.length === 0) return <p>{words.none}</p>;
        return (
          <Checkbox.Group aria-label={words.label} value={chosen} onChange={onChange}>
            <div className="stack">
              {others.map((product) => (
                <OfProduct key={product.id} product={product} host={host} chosen={chosen} />
              ))}
            </div>
          </Checkbox.Group>
        );
      }}
    </Loaded>
  );
}

/** The prices of one product; of one that does not fit, why. */
function OfProduct({ product, host, chosen }: Choosing & { product: Product }) {
  const texts = useTexts();
  const format = useFormat();
  const words = usePageTexts(BESIDE);
  const { data } = useRead('/v1/products/{id}/prices', {
    params: { path: { id: product.id }, query: { limit: 100 } },
  });
  const prices = (data?.data ?? []).filter(({ status }) => status !== 'archived');
  const whyNot = (price: Price): string | undefined => {
    const because = problemOfBeside(host, price);
    if (because !== null) return words.because[because];
    if (chosen.includes(price.id)) return undefined;
    if (prices.some(({ id }) => chosen.includes(id))) return words.because.same_product;
    return chosen.length >= MOST_BESIDE ? words.full : undefined;
  };
  return prices.map((price) => {
    const why = whyNot(price);
    return (
      <Checkbox
        key={price.id}
        value={price.id}
        label={`${product.name}, ${priceInWords(termsOfPrice(price), texts, format)}`}
        disabled={why !== undefined}
        {...(why === undefined ? {} : { description: why })}
      />
    );
  });
}
