import type { PricingTerms } from '@domain/pricing';
import { useState } from 'react';
import { useRead } from '../../api/resource';
import type { Product } from '../../api/types';
import { useFormat } from '../../format/format';
import { previewOf } from '../../format/pricing';
import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { Facts, Section } from '../../ui';

/** What a member will see and pay, as the form stands. */
export function PricePreview({
  product,
  terms,
  missing,
}: {
  product: Product;
  terms: PricingTerms | null;
  /** Without terms: what is to be filled in first. */
  missing?: string;
}) {
  const texts = useTexts();
  const format = useFormat();
  const { coach } = useSignedIn();
  const { preview } = texts.price;
  const [now] = useState(() => new Date());
  const shown = terms === null ? null : previewOf(terms, now, texts, format);
  const { data: settings } = useRead('/v1/settings', {});
  const taxed = settings?.automaticTax === true && terms?.model !== 'free';
  const notes = [...(shown?.notes ?? []), ...(taxed ? [preview.tax] : [])];
  return (
    <Section title={preview.title}>
      <div className="preview" aria-live="polite">
        <p className="soft small">{coach.name}</p>
        <p className="preview-name">{product.name}</p>
        {product.description !== null && <p className="small wrap">{product.description}</p>}
        {shown === null ? (
          <p className="soft">{missing}</p>
        ) : (
          <>
            <p className="preview-price">{shown.headline}</p>
            <Facts facts={shown.lines.map(({ label, text }) => [label, text])} />
            {notes.length > 0 && (
              <ul className="plain-list small">
                {notes.map((note) => (
                  <li key={note}>{note}</li>
                ))}
              </ul>
            )}
            <p className="preview-button">{terms?.model === 'free' ? preview.freeButton : preview.button}</p>
          </>
        )}
      </div>
    </Section>
  );
}
