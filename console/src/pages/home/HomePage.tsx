import { useRead } from '../../api/resource';
import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { Loaded, Page } from '../../ui';
import { Attention } from './Attention';
import { Figures } from './Figures';
import { Revenue } from './Revenue';
import { SetUp } from './SetUp';
import { SoldPerProduct } from './SoldPerProduct';

/** Milliseconds: sales come in while this page is open. */
const AGAIN = 30_000;

/** What a coach wants to know first: what is left to set up, what was sold, what needs attention. */
export function HomePage() {
  const { home } = useTexts();
  const { coach } = useSignedIn();
  const overview = useRead('/v1/overview', {}, { pollWhile: () => AGAIN });
  return (
    <Page title={home.title} lead={home.greeting(coach.name)}>
      <Loaded query={overview} lines={8}>
        {(present) => (
          <>
            <SetUp setup={present.setup} />
            <Figures overview={present} />
            <Attention overview={present} />
            <div className="columns">
              <Revenue revenue={present.revenue} />
              <SoldPerProduct products={present.products} />
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}
