import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { type DataOf, useList } from '../../api/resource';
import type { SigningSecret } from '../../api/types';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { CopyField, Empty, Loaded, More, Page, Section, Tag } from '../../ui';
import { EndSigningSecret } from './EndSigningSecret';
import { NewSigningSecret } from './NewSigningSecret';
import { LINKS } from './texts';

type NewSecret = DataOf<'post', '/v1/signing-secrets'>;

/** What the coach's website signs links for its members with: made, replaced and ended here. */
export function LinksPage() {
  const links = usePageTexts(LINKS);
  const list = useList('/v1/signing-secrets', {});
  /** Shown as long as the page is open, and never again. */
  const [made, setMade] = useState<NewSecret | null>(null);
  return (
    <Page title={links.title} lead={links.lead}>
      {made !== null && <MadeSecret secret={made} />}
      <Section
        title={links.secrets}
        actions={<NewSigningSecret replaces={list.items?.some(isInUse) ?? false} onMade={setMade} />}
      >
        <Loaded query={{ ...list, data: list.items }} shape="rows">
          {(secrets) =>
            secrets.length === 0 ? (
              <Empty title={links.empty} icon={Link2} text={links.emptyText} />
            ) : (
              <ul className="rows">
                {secrets.map((secret) => (
                  <SecretRow key={secret.id} secret={secret} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More query={list} />
      </Section>
      <Section title={links.howTo}>
        <ol className="plain-list">
          {links.howToSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </Section>
    </Page>
  );
}

const isInUse = ({ validUntil }: SigningSecret) => validUntil === null;
const hasEnded = ({ validUntil }: SigningSecret) => validUntil !== null && new Date(validUntil) <= new Date();

function MadeSecret({ secret }: { secret: NewSecret }) {
  const links = usePageTexts(LINKS);
  return (
    <Section title={links.made} lead={links.madeText}>
      <CopyField label={links.secret} value={secret.secret} />
      <CopyField label={links.id} value={secret.id} hint={links.idHint} />
    </Section>
  );
}

function SecretRow({ secret }: { secret: SigningSecret }) {
  const links = usePageTexts(LINKS);
  const format = useFormat();
  const ended = hasEnded(secret);
  return (
    <li>
      <div className="grow">
        <p className="row-title mono">{secret.id}</p>
        <p className="soft small">
          {links.madeOn(format.dateTime(secret.createdAt))}
          {secret.validUntil !== null &&
            ` · ${(ended ? links.endedOn : links.takenUntil)(format.dateTime(secret.validUntil))}`}
        </p>
      </div>
      {isInUse(secret) ? (
        <Tag tone="good">{links.inUse}</Tag>
      ) : (
        <Tag tone={ended ? 'quiet' : 'warn'}>{ended ? links.isEnded : links.replaced}</Tag>
      )}
      {!ended && <EndSigningSecret id={secret.id} isInUse={isInUse(secret)} />}
    </li>
  );
}
