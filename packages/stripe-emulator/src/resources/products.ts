import type Stripe from 'stripe';
import { endpoint, type Endpoint } from '../http/endpoint';
import { invalidRequest } from '../http/errors';
import { mergedMetadata } from '../http/metadata';
import { inRange, page } from '../http/pagination';
import { newProduct } from '../objects/catalog';
import { createPrice } from './prices';
import { requireTaxCode } from './tax-codes';
import { orNull } from './values';

/** https://docs.stripe.com/api/products */
export const productEndpoints: Endpoint[] = [
  endpoint<Stripe.ProductCreateParams>('post /v1/products', ({ space, params }) => {
    if (params.id !== undefined && space.find('product', params.id)) {
      throw invalidRequest('Product already exists.', 'id', 'resource_already_exists');
    }
    const product = newProduct({
      ...(params.id === undefined ? {} : { id: params.id }),
      name: params.name,
      livemode: space.livemode,
      created: space.now(),
    });
    product.active = params.active ?? true;
    product.description = params.description ?? null;
    product.images = params.images ?? [];
    product.marketing_features = params.marketing_features ?? [];
    product.metadata = mergedMetadata({}, params.metadata);
    product.shippable = params.shippable ?? null;
    product.statement_descriptor = params.statement_descriptor ?? null;
    product.tax_code = params.tax_code ? requireTaxCode(params.tax_code, 'tax_code') : null;
    product.unit_label = params.unit_label ?? null;
    product.url = params.url ?? null;
    space.put('product', product);
    space.emit('product.created', product);
    const data = params.default_price_data;
    if (!data) return product;
    const price = createPrice(space, { ...data, product: product.id }, (draft) => {
      draft.metadata = mergedMetadata({}, data.metadata);
    });
    space.emit('price.created', price);
    return space.change(
      'product',
      product.id,
      'product.updated',
      (draft) => (draft.default_price = price.id),
    );
  }),
  endpoint<Stripe.ProductListParams>('get /v1/products', ({ space, params, url }) => {
    const products = space
      .list('product')
      .filter(
        (product) =>
          (params.active === undefined || product.active === params.active) &&
          (params.ids === undefined || params.ids.includes(product.id)) &&
          (params.shippable === undefined || product.shippable === params.shippable) &&
          (params.url === undefined || product.url === params.url) &&
          inRange(product.created, params.created),
      );
    return page(products, params, url);
  }),
  endpoint('get /v1/products/{id}', ({ space, path }) => space.get('product', path.id ?? '')),
  endpoint<Stripe.ProductUpdateParams>('post /v1/products/{id}', ({ space, params, path }) => {
    const { id } = space.get('product', path.id ?? '');
    if (params.default_price) space.get('price', params.default_price, 'default_price');
    if (params.tax_code) requireTaxCode(params.tax_code, 'tax_code');
    return space.change('product', id, 'product.updated', (draft) => {
      if (params.active !== undefined) draft.active = params.active;
      if (params.default_price !== undefined) draft.default_price = orNull(params.default_price);
      if (params.description !== undefined) draft.description = orNull(params.description);
      if (params.images !== undefined) draft.images = params.images === '' ? [] : params.images;
      if (params.marketing_features !== undefined) {
        draft.marketing_features = params.marketing_features === '' ? [] : params.marketing_features;
      }
      if (params.name !== undefined) draft.name = params.name;
      if (params.shippable !== undefined) draft.shippable = orNull(params.shippable);
      if (params.statement_descriptor !== undefined) draft.statement_descriptor = params.statement_descriptor;
      if (params.tax_code !== undefined) draft.tax_code = orNull(params.tax_code);
      if (params.unit_label !== undefined) draft.unit_label = orNull(params.unit_label);
      if (params.url !== undefined) draft.url = orNull(params.url);
      draft.metadata = mergedMetadata(draft.metadata, params.metadata);
      draft.updated = space.now();
    });
  }),
  endpoint('delete /v1/products/{id}', ({ space, path }) => {
    const product = space.get('product', path.id ?? '');
    if (space.listBy('price', 'product', product.id).length > 0) {
      throw invalidRequest(
        'This product cannot be deleted because it has one or more user-created prices.',
        'id',
      );
    }
    space.remove('product', product.id);
    space.emit('product.deleted', product);
    return { id: product.id, object: 'product', deleted: true };
  }),
];
