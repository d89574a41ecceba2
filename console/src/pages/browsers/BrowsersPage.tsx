import { Button } from '@mantine/core';
import { useFormat } from '../../format/format';
import { type SignedInBrowser, useBrowsers, useEndBrowser } from '../../session/session';
import { usePageTexts, useTexts } from '../../texts/texts';
import { Facts, Loaded, Page, ProblemAlert, Tag, useNotify } from '../../ui';
import { BROWSERS } from './texts';

/** The browsers in which somebody is signed in as this coach, and the way to sign them out. */
export function BrowsersPage() {
  const browsers = usePageTexts(BROWSERS);
  const query = useBrowsers();
  const end = useEndBrowser();
  const notify = useNotify();
  const signOut = (id: string | null) =>
    end.mutate(id, { onSuccess: () => notify({ text: id === null ? browsers.endedAll : browsers.ended }) });
  return (
    <Page title={browsers.title} lead={browsers.lead}>
      <ProblemAlert problem={end.error} />
      <Loaded query={query}>
        {(rows) => (
          <>
            {rows.map((browser) => (
              <BrowserCard
                key={browser.id}
                browser={browser}
                pending={end.isPending}
                onEnd={() => signOut(browser.id)}
              />
            ))}
            {rows.length > 1 && (
              <Button variant="outline" loading={end.isPending} onClick={() => signOut(null)}>
                {browsers.endOthers}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface BrowserCardProps {
  browser: SignedInBrowser;
  pending: boolean;
  onEnd: () => void;
}

function BrowserCard({ browser, pending, onEnd }: BrowserCardProps) {
  const browsers = usePageTexts(BROWSERS);
  const { mode: modes } = useTexts();
  const format = useFormat();
  return (
    <article className="card">
      <div className="card-head">
        <h2>{browsers.since(format.dateTime(browser.createdAt))}</h2>
        {browser.current && <Tag tone="good">{browsers.current}</Tag>}
      </div>
      <Facts
        facts={[
          [browsers.seen, format.dateTime(browser.seenAt)],
          ...browser.modes.map(({ mode, keyLastFour }): [string, string] => [
            modes[mode],
            browser.email ?? (keyLastFour === null ? browsers.byLink : browsers.byKey(keyLastFour)),
          ]),
        ]}
      />
      {!browser.current && (
        <Button size="xs" variant="outline" color="red" loading={pending} onClick={onEnd}>
          {browsers.end}
        </Button>
      )}
    </article>
  );
}
