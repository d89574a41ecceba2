import { useEffect, useRef } from 'react';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { useAction } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { usePageTexts } from '../../texts/texts';
import { Loading, Page, ProblemAlert, Section, useNotify } from '../../ui';
import { ConnectStripe } from './ConnectStripe';
import { PAYMENTS } from './texts';

/** Where Stripe's page leads back to: shows the one-time token, with this console's own session. */
export function ReturnPage() {
  const payments = usePageTexts(PAYMENTS);
  const { returning } = payments;
  const paths = usePaths();
  const navigate = useNavigate();
  const notify = useNotify();
  const [search] = useSearchParams();
  const { mutate, error, isPending } = useAction('post', '/v1/connection/confirm');
  const token = search.get('connection_token');
  const refusal = search.get('connection_error');
  const asked = useRef<string | null>(null);

  useEffect(() => {
    if (token === null || asked.current === token) return;
    asked.current = token;
    mutate(
      { body: { token } },
      {
        onSuccess: () => {
          notify({ text: returning.done });
          void navigate(paths.payments, { replace: true });
        },
      },
    );
  }, [token, mutate, notify, navigate, paths.payments, returning.done]);

  // Back from completing what was due: the account is connected, and there is nothing to confirm.
  if (search.has('connection_onboarding')) return <Navigate to={paths.payments} replace />;
  if (token !== null && error === null)
    return (
      <Page title={returning.title} lead={returning.confirming}>
        <Loading />
      </Page>
    );
  const why =
    refusal === null ? returning.missing : refusal === 'access_denied' ? returning.denied : returning.refused;
  return (
    <Page title={returning.deniedTitle} parent={{ to: paths.payments, label: returning.back }}>
      {error === null ? (
        <p role="alert">
          {why} {returning.again}
        </p>
      ) : (
        <ProblemAlert
          problem={error}
          {...(error.isUndecided && token !== null && !isPending
            ? {
                onRetry: () =>
                  mutate({ body: { token } }, { onSuccess: () => void navigate(paths.payments) }),
              }
            : {})}
        />
      )}
      <Section title={payments.connecting.title}>
        <ConnectStripe />
      </Section>
    </Page>
  );
}
