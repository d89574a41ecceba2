import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from 'react-router';
import { useAction, useRead } from '../../api/resource';
import type { Connection, Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Empty } from '../../ui/Empty';
import { Loaded } from '../../ui/Loaded';
import { Page } from '../../ui/Page';
import { newDraft } from './price-draft';
import { PriceForm } from './PriceForm';

/** Add Price: what it costs, beside what the member will see. */
export function AddPricePage() {
  const { price } = useTexts();
  const paths = usePaths();
  const { productId = '' } = useParams();
  const product = useRead('/v1/products/{id}', { params: { path: { id: productId } } });
  const connection = useRead('/v1/connection', {});
  return (
    <Page
      title={price.addTitle}
      {...(product.data === undefined ? {} : { about: price.addFor(product.data.name) })}
      parent={{ to: paths.product(productId), label: product.data?.name ?? price.title }}
    >
      <Loaded query={product}>
        {(present) => (
          <Loaded query={connection}>{(at) => <AddPrice product={present} connection={at} />}</Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function AddPrice({ product, connection }: { product: Product; connection: Connection }) {
  const { price, products } = useTexts();
  const paths = usePaths();
  const navigate = useNavigate();
  const add = useAction('post', '/v1/products/{id}/prices');
  if (connection.status !== 'connected')
    return (
      <Empty text={products.connectFirst}>
        <Button component={Link} to={paths.payments}>
          {products.connectFirstAction}
        </Button>
      </Empty>
    );
  return (
    <PriceForm
      product={product}
      initial={newDraft(connection.defaultCurrency ?? 'usd')}
      defaultCurrency={connection.defaultCurrency}
      title={price.addTitle}
      submitLabel={price.submit}
      isPending={add.isPending}
      problem={add.error}
      cancelTo={paths.product(product.id)}
      onSubmit={(body) =>
        add.mutate(
          { params: { path: { id: product.id } }, body },
          { onSuccess: ({ id }) => void navigate(paths.price(product.id, id)) },
        )
      }
    />
  );
}
