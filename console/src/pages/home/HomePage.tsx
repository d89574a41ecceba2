import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { Page } from '../../ui/Page';
import { SetUp } from './SetUp';

/** What a coach wants to know first: what is left to set up. */
export function HomePage() {
  const { home } = useTexts();
  const { coach } = useSignedIn();
  return (
    <Page title={home.title} lead={home.greeting(coach.name)}>
      <SetUp />
    </Page>
  );
}
