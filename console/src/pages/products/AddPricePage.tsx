import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { useAction, useRead } from '../../api/resource';
import type { Connection, Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Empty, Loaded, Page, SAVED, together } from '../../ui';
import { newDraft, type PriceDraft } from './price-draft';
import { PRICE_FORM } from './price-form-texts';
import { PriceForm } from './PriceForm';

/** Add Price: what it costs, beside what the member will see. */
export function AddPricePage() {
  const { price } = useTexts();
  const paths = usePaths();
  const { productId = '' } = useParams();
  const product = useRead('/v1/products/{id}', { params: { path: { id: productId } } });
  const connection = useRead('/v1/connection', {});
  const settings = useRead('/v1/settings', {});
  return (
    <Page
      title={price.addTitle}
      {...(product.data === undefined ? {} : { about: price.addFor(product.data.name) })}
      parent={{ to: paths.product(productId), label: product.data?.name ?? price.title }}
    >
      <Loaded query={together(product, connection, settings)}>
        {([of, at, { promotionCodes = false }]) => (
          <AddPrice product={of} connection={at} promotionCodes={promotionCodes} />
        )}
      </Loaded>
    </Page>
  );
}

interface AddPriceProps {
  product: Product;
  connection: Connection;
  /** Whether new prices take promotion codes, unless told. */
  promotionCodes: boolean;
}

function AddPrice({ product, connection, promotionCodes }: AddPriceProps) {
  const { price, products } = useTexts();
  const paths = usePaths();
  const navigate = useNavigate();
  const add = useAction('post', '/v1/products/{id}/prices');
  const { onlyFree } = usePageTexts(PRICE_FORM);
  const isConnected = connection.status === 'connected';
  const initial: PriceDraft = {
    ...newDraft(connection.defaultCurrency ?? 'usd'),
    promotionCodes,
    ...(isConnected ? {} : { model: 'free' }),
  };
  return (
    <PriceForm
      product={product}
      initial={initial}
      defaultCurrency={connection.defaultCurrency}
      title={price.addTitle}
      submitLabel={price.submit}
      isPending={add.isPending}
      isAllowed={add.isAllowed}
      problem={add.error}
      cancelTo={paths.product(product.id)}
      {...(isConnected ? {} : { models: ['free'] as const })}
      onSubmit={(body) =>
        add.mutate(
          { params: { path: { id: product.id } }, body },
          { onSuccess: ({ id }) => void navigate(paths.price(product.id, id), SAVED) },
        )
      }
    >
      {!isConnected && (
        <Empty text={products.connectFirst}>
          <p>{onlyFree}</p>
          <Button component={Link} to={paths.payments}>
            {products.connectFirstAction}
          </Button>
        </Empty>
      )}
    </PriceForm>
  );
}
