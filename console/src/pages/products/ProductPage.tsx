import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { useMay, useRead } from '../../api/resource';
import type { Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Loaded, Page, Section, Tag } from '../../ui';
import { ArchiveProduct } from './ArchiveProduct';
import { EditProduct } from './EditProduct';
import { Prices } from './Prices';

/** One product: what members read of it, and its prices. */
export function ProductPage() {
  const { products } = useTexts();
  const paths = usePaths();
  const { productId = '' } = useParams();
  const product = useRead('/v1/products/{id}', { params: { path: { id: productId } } });
  return (
    <Page title={product.data?.name ?? products.title} parent={{ to: paths.products, label: products.title }}>
      <Loaded query={product}>{(present) => <ProductParts product={present} />}</Loaded>
    </Page>
  );
}

function ProductParts({ product }: { product: Product }) {
  const { products, price } = useTexts();
  const paths = usePaths();
  const isActive = product.status === 'active';
  const mayAdd = useMay('post', '/v1/products/{id}/prices');
  return (
    <>
      <Section
        title={products.description}
        actions={
          isActive ? (
            <>
              <EditProduct product={product} />
              <ArchiveProduct product={product} />
            </>
          ) : (
            <Tag tone="quiet">{products.status.archived}</Tag>
          )
        }
      >
        <p className={product.description === null ? 'soft' : 'wrap'}>
          {product.description ?? products.descriptionHint}
        </p>
        {!isActive && <p role="note">{products.isArchived}</p>}
      </Section>
      <Prices
        productId={product.id}
        add={
          isActive
            ? mayAdd && (
                <Button component={Link} to={paths.newPrice(product.id)}>
                  {price.add}
                </Button>
              )
            : null
        }
      />
    </>
  );
}
