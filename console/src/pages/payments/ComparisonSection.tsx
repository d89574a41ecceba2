import { Link } from 'react-router';
import { useList, useRead } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { Facts, Loaded, More, Section } from '../../ui';
import { ComparedWithStripe } from '../members/ComparedWithStripe';
import { ProductName } from '../members/ProductName';

const TEXTS = {
  en: {
    title: 'Compared with Stripe',
    lead: 'Once a day every subscription is held against what Stripe says. What differs is looked at again by itself.',
    never: 'Nothing has been compared yet.',
    at: 'Last compared',
    inOrder: 'In order',
    differs: 'Differed',
    notCompared: 'New since then',
  },
  de: {
    title: 'Abgleich mit Stripe',
    lead: 'Einmal am Tag wird jedes Abo mit dem verglichen, was Stripe sagt. Was abweicht, wird von selbst neu geprüft.',
    never: 'Noch wurde nichts verglichen.',
    at: 'Zuletzt verglichen',
    inOrder: 'In Ordnung',
    differs: 'Abgewichen',
    notCompared: 'Seitdem neu',
  },
};

/** How all subscriptions stand beside Stripe, and those that differed. */
export function ComparisonSection() {
  const words = usePageTexts(TEXTS);
  const format = useFormat();
  const query = useRead('/v1/comparison', {});
  return (
    <Section id="comparison" title={words.title} lead={words.lead}>
      <Loaded query={query}>
        {({ at, inOrder, differs, notCompared }) =>
          at === null ? (
            <p className="soft">{words.never}</p>
          ) : (
            <>
              <Facts
                facts={[
                  [words.at, format.dateTime(at)],
                  [words.inOrder, format.number(inOrder)],
                  [words.differs, format.number(differs)],
                  notCompared > 0 && [words.notCompared, format.number(notCompared)],
                ]}
              />
              {differs > 0 && <Differing />}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

function Differing() {
  const paths = usePaths();
  const list = useList('/v1/memberships', { params: { query: { differs: 'true' } } });
  return (
    <>
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(memberships) => (
          <ul className="rows">
            {memberships.map(({ id, memberId, productId, comparison }) => (
              <li key={id}>
                <div className="grow">
                  <p className="row-title">
                    <Link to={paths.membership(memberId, id)}>
                      <ProductName id={productId} />
                    </Link>
                  </p>
                  <ComparedWithStripe comparison={comparison} />
                </div>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <More query={list} />
    </>
  );
}
