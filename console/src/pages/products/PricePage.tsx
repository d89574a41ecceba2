import { Button, Group } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { useMay, useRead } from '../../api/resource';
import type { Price, Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { optionsInWords, priceInWords, termsOfPrice } from '../../format/pricing';
import { usePageTexts, useTexts } from '../../texts/texts';
import { PriceName } from '../members/PriceName';
import { Facts, Loaded, Page, Section, together } from '../../ui';
import { ArchivePrice } from './ArchivePrice';
import { MoveMembers } from './MoveMembers';
import { PRICE_FORM } from './price-form-texts';
import { PricePreview } from './PricePreview';
import { Elsewhere } from './Elsewhere';
import { isForSale, PriceTag } from './PriceTag';
import { Provisioning } from './Provisioning';
import { RenamePrice } from './RenamePrice';
import { SalesPeriod } from './SalesPeriod';
import { Sell } from './Sell';
import { useShownPrice } from './shown-price';

const OffersBeside = lazy(() => import('./OffersBeside').then((m) => ({ default: m.OffersBeside })));

/** Milliseconds: it is being created, or waits for the account that gets it. */
const pollWhileMoving = ({ status, onConnectedAccount }: Price) =>
  status === 'provisioning' ? 1000 : status === 'active' && !onConnectedAccount ? 5000 : false;

/** One price: where it stands, how to sell it, and what can still be done with it. */
export function PricePage() {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { productId, product, price } = useShownPrice({ pollWhile: pollWhileMoving });
  const title =
    price.data === undefined ? texts.price.title : priceInWords(termsOfPrice(price.data), texts, format);
  return (
    <Page
      title={title}
      {...(product.data === undefined ? {} : { about: texts.price.addFor(product.data.name) })}
      parent={{ to: paths.product(productId), label: product.data?.name ?? texts.products.title }}
    >
      <Loaded query={together(product, price)}>
        {([of, present]) => <PriceParts product={of} price={present} />}
      </Loaded>
    </Page>
  );
}

function PriceParts({ product, price }: { product: Product; price: Price }) {
  const isRecurring = price.model === 'recurring';
  return (
    <>
      {(price.status === 'provisioning' || price.status === 'failed') && <Provisioning price={price} />}
      <div className="with-aside">
        <div className="stack">
          <Details price={price} />
          {isForSale(price) && <Sell price={price} />}
          {isRecurring && price.soldAt !== null && <MoveMembers price={price} />}
        </div>
        <div className="aside">
          <PricePreview product={product} terms={termsOfPrice(price)} />
        </div>
      </div>
    </>
  );
}

function Details({ price }: { price: Price }) {
  const texts = useTexts();
  const { price: words } = texts;
  const form = usePageTexts(PRICE_FORM);
  const format = useFormat();
  const paths = usePaths();
  const options = optionsInWords(termsOfPrice(price), texts, format);
  const isOnSale = price.status === 'active';
  const mayReplace = useMay('post', '/v1/prices/{id}/replace');
  return (
    <Section title={words.details} actions={<PriceTag price={price} />}>
      <Facts
        facts={[
          [words.title, priceInWords(termsOfPrice(price), texts, format)],
          options.length > 0 && [words.options, options.join(', ')],
          price.seatsLeft !== null &&
            price.seats !== null && [
              words.seats,
              words.sell.seatsLeft(format.number(price.seatsLeft), format.number(price.seats)),
            ],
          price.currencyOptions.length > 0 && [
            form.currencies.label,
            price.currencyOptions
              .map(({ currency, unitAmount }) => format.money(unitAmount, currency))
              .join(', '),
          ],
          price.alsoGives.length > 0 && [form.bundle.label, <BundleNames key="b" ids={price.alsoGives} />],
          price.offersBeside.length > 0 && [form.beside, <Offered key="o" ids={price.offersBeside} />],
          price.salesStartAt !== null && [form.sales.starts, format.dateTime(price.salesStartAt)],
          price.salesEndAt !== null && [form.sales.ends, format.dateTime(price.salesEndAt)],
          price.taxBehavior !== null && [form.tax.label, form.tax[price.taxBehavior]],
          price.nickname !== null && [words.nickname, price.nickname],
        ]}
      />
      {price.differsFromDefaultCurrency && <p className="soft">{words.differs}</p>}
      {price.status === 'archived' ? (
        <Archived price={price} />
      ) : (
        <p className="soft">
          {price.soldAt === null ? words.unsoldText : words.fixedText(format.date(price.soldAt))}
        </p>
      )}
      {isOnSale && !isForSale(price) && <Elsewhere />}
      {price.replacesPriceId !== null && (
        <Link to={paths.price(price.productId, price.replacesPriceId)}>{words.replaces}</Link>
      )}
      <Group gap="xs">
        {isOnSale && mayReplace && (
          <Button component={Link} to={paths.replacePrice(price.productId, price.id)} variant="default">
            {words.replace}
          </Button>
        )}
        {price.status !== 'archived' && (
          <>
            <SalesPeriod price={price} />
            <Suspense>
              <OffersBeside price={price} />
            </Suspense>
            <RenamePrice price={price} />
            <ArchivePrice price={price} />
          </>
        )}
      </Group>
    </Section>
  );
}

/** What a bundle gives besides, by name. */
function BundleNames({ ids }: { ids: string[] }) {
  const { data } = useRead('/v1/products', { params: { query: { limit: 100 } } });
  const { bundle: words } = usePageTexts(PRICE_FORM);
  if (data === undefined) return null;
  return ids.map((id) => data.data.find((each) => each.id === id)?.name ?? words.none).join(', ');
}

/** What buyers may add on Stripe's page. */
function Offered({ ids }: { ids: string[] }) {
  return ids.map((id) => (
    <div key={id}>
      <PriceName id={id} withProduct />
    </div>
  ));
}

/** An archived price was perhaps replaced: its link leads to the new one. */
function Archived({ price }: { price: Price }) {
  const { price: words } = useTexts();
  const paths = usePaths();
  const { data } = useRead('/v1/products/{id}/prices', {
    params: { path: { id: price.productId }, query: { limit: 100 } },
  });
  const successor = data?.data.find(
    ({ replacesPriceId, status }) => replacesPriceId === price.id && status !== 'failed',
  );
  if (successor === undefined) return <p>{words.archivedNote}</p>;
  return (
    <p>
      {words.replacedBy} <Link to={paths.price(price.productId, successor.id)}>{words.showNew}</Link>
    </p>
  );
}
