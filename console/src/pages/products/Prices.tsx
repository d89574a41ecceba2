import { Switch } from '@mantine/core';
import { Tag } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Link } from 'react-router';
import { useRead } from '../../api/resource';
import type { Price } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { optionsInWords, priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';
import { Empty, Loaded, Section } from '../../ui';
import { PriceTag } from './PriceTag';

/** A product has few prices; this is the API's largest page. */
const ALL = 100;

/** The prices of a product, those on sale first to see. */
export function Prices({ productId, add }: { productId: string; add: ReactNode }) {
  const { products } = useTexts();
  const [archived, setArchived] = useState(false);
  const prices = useRead(
    '/v1/products/{id}/prices',
    { params: { path: { id: productId }, query: { limit: ALL } } },
    { pollWhile: ({ data }) => (data.some(({ status }) => status === 'provisioning') ? 1000 : false) },
  );
  return (
    <Section title={products.prices} actions={add}>
      <Loaded query={prices} shape="rows">
        {({ data }) => {
          const shown = data.filter(({ status }) => archived || status !== 'archived');
          const hasArchived = data.some(({ status }) => status === 'archived');
          return (
            <>
              {shown.length === 0 ? (
                <Empty
                  title={products.pricesEmpty.title}
                  icon={Tag}
                  text={add === null ? products.pricesEmpty.archived : products.pricesEmpty.text}
                />
              ) : (
                <ul className="rows">
                  {shown.map((price) => (
                    <PriceRow key={price.id} price={price} />
                  ))}
                </ul>
              )}
              {hasArchived && (
                <Switch
                  size="sm"
                  label={products.showOldPrices}
                  checked={archived}
                  onChange={(event) => setArchived(event.currentTarget.checked)}
                />
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function PriceRow({ price }: { price: Price }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const terms = termsOfPrice(price);
  const more = [
    ...optionsInWords(terms, texts, format),
    ...(price.nickname === null ? [] : [price.nickname]),
  ];
  return (
    <li>
      <div className="grow">
        <Link to={paths.price(price.productId, price.id)} className="row-title">
          {priceInWords(terms, texts, format)}
        </Link>
        {more.length > 0 && <p className="soft small">{more.join(' · ')}</p>}
      </div>
      <PriceTag price={price} />
    </li>
  );
}
