import { useEffect } from 'react';
import { useAction } from '../../api/resource';
import { useMode } from '../../app/mode';
import { useSignedIn } from '../../session/session';

/** Leads to Stripe's page: to connect, or back into what it still wants. The browser returns to this mode's return page. */
export function useConnect() {
  const mode = useMode();
  const { publicUrl } = useSignedIn();
  const connect = useAction('post', '/v1/connection');
  const { reset } = connect;
  useEffect(() => {
    // Back from Stripe's page with the browser's own button: this page is as it was left, and may go there again.
    const back = (event: PageTransitionEvent) => {
      if (event.persisted) reset();
    };
    window.addEventListener('pageshow', back);
    return () => window.removeEventListener('pageshow', back);
  }, [reset]);
  const returnUrl = `${publicUrl}/console/${mode}/settings/payments/return`;
  return {
    go: () =>
      connect.mutate({ body: { returnUrl } }, { onSuccess: ({ url }) => window.location.assign(url) }),
    isAllowed: connect.isAllowed,
    /** Also while the browser is on its way. */
    isBusy: connect.isPending || connect.isSuccess,
    problem: connect.error,
  };
}
