import { Button } from '@mantine/core';
import { useAction } from '../../api/resource';
import { useSignedIn } from '../../session/session';
import { useTexts } from '../../texts/texts';
import { CopyField, ProblemAlert, Section } from '../../ui';

/** Stripe's page where the member helps themselves: the coach gets the link to pass on. */
export function Portal({ memberId }: { memberId: string }) {
  const { portal } = useTexts().members;
  const { publicUrl } = useSignedIn();
  const open = useAction('post', '/v1/members/{id}/portal');
  const create = () =>
    open.mutate({ params: { path: { id: memberId } }, body: { returnUrl: `${publicUrl}/thanks` } });
  if (!open.isAllowed) return null;
  return (
    <Section title={portal.button} lead={portal.hint}>
      {open.data === undefined ? (
        <div>
          <Button variant="default" onClick={create} loading={open.isPending}>
            {portal.create}
          </Button>
        </div>
      ) : (
        <CopyField label={portal.link} value={open.data.url} />
      )}
      <ProblemAlert problem={open.error} />
    </Section>
  );
}
