import { Button } from '@mantine/core';
import { useTexts } from '../texts/texts';
import { Page } from '../ui/Page';

/** A page that could not be shown, most often because a new version of the console was put in place. */
export function Crash() {
  const { crash, home } = useTexts().app;
  return (
    <main className="frame-main">
      <Page title={crash.title} lead={crash.text}>
        <div>
          <Button onClick={() => window.location.reload()}>{crash.reload}</Button>
        </div>
        <a href="/console/">{home}</a>
      </Page>
    </main>
  );
}
