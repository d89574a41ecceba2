import { useNavigate } from 'react-router';
import { useAction, useRead } from '../../api/resource';
import type { Price, Product } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { priceInWords, termsOfPrice } from '../../format/pricing';
import { useTexts } from '../../texts/texts';
import { Loaded, Page, SAVED, together } from '../../ui';
import { draftOfPrice } from './price-draft';
import { PriceForm } from './PriceForm';
import { useShownPrice } from './shown-price';

/** Replaces a price by a new one, beginning from what it is. */
export function ReplacePricePage() {
  const { price: words } = useTexts();
  const paths = usePaths();
  const { productId, priceId, product, price } = useShownPrice();
  return (
    <Page
      title={words.replaceTitle}
      {...(product.data === undefined ? {} : { about: words.addFor(product.data.name) })}
      parent={{ to: paths.price(productId, priceId), label: words.title }}
    >
      <Loaded query={together(product, price)}>{([of, old]) => <Replace product={of} price={old} />}</Loaded>
    </Page>
  );
}

function Replace({ product, price }: { product: Product; price: Price }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const navigate = useNavigate();
  const { data: connection } = useRead('/v1/connection', {});
  const replace = useAction('post', '/v1/prices/{id}/replace');
  return (
    <PriceForm
      product={product}
      initial={draftOfPrice(price, format.locale)}
      defaultCurrency={connection?.defaultCurrency ?? null}
      title={priceInWords(termsOfPrice(price), texts, format)}
      submitLabel={texts.price.replaceSubmit}
      isPending={replace.isPending}
      isAllowed={replace.isAllowed}
      problem={replace.error}
      cancelTo={paths.price(product.id, price.id)}
      onSubmit={(body) =>
        replace.mutate(
          { params: { path: { id: price.id } }, body },
          { onSuccess: ({ id }) => void navigate(paths.price(product.id, id), SAVED) },
        )
      }
    >
      <p className="soft">{texts.price.replaceLead}</p>
    </PriceForm>
  );
}
