import { Button, Switch } from '@mantine/core';
import { Package } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useList, useMay } from '../../api/resource';
import type { Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useTexts } from '../../texts/texts';
import { Empty, Loaded, More, Page, Section, Tag } from '../../ui';
import { GoLiveLink } from '../go-live/GoLiveLink';
import { PricesInShort } from './PricesInShort';

/** Settings > Products: what the coach sells in this mode. */
export function ProductsPage() {
  const { products } = useTexts();
  const paths = usePaths();
  const [archived, setArchived] = useState(false);
  const list = useList('/v1/products', { params: { query: archived ? {} : { status: 'active' } } });
  const mayCreate = useMay('post', '/v1/products');
  const create = mayCreate && (
    <Button component={Link} to={paths.newProduct}>
      {products.create}
    </Button>
  );
  return (
    <Page
      title={products.title}
      lead={products.lead}
      actions={
        <>
          <GoLiveLink />
          {create}
        </>
      }
    >
      <Section
        title={products.title}
        actions={
          <Switch
            size="sm"
            label={products.showArchived}
            checked={archived}
            onChange={(event) => setArchived(event.currentTarget.checked)}
          />
        }
      >
        <Loaded query={{ ...list, data: list.items }} shape="rows">
          {(items) =>
            items.length === 0 ? (
              <Empty title={products.empty.title} icon={Package} text={products.empty.text}>
                {create}
              </Empty>
            ) : (
              <ul className="rows">
                {items.map((product) => (
                  <ProductRow key={product.id} product={product} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More query={list} />
      </Section>
    </Page>
  );
}

function ProductRow({ product }: { product: Product }) {
  const { products } = useTexts();
  const paths = usePaths();
  const isActive = product.status === 'active';
  return (
    <li>
      <div className="grow">
        <Link to={paths.product(product.id)} className="row-title">
          {product.name}
        </Link>
        {product.description !== null && <p className="soft small clamp">{product.description}</p>}
      </div>
      {isActive ? (
        <PricesInShort productId={product.id} />
      ) : (
        <Tag tone="quiet">{products.status.archived}</Tag>
      )}
    </li>
  );
}
