import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { type DataOf, useList } from '../../api/resource';
import { useFormat } from '../../format/format';
import { usePageTexts } from '../../texts/texts';
import { CopyField, Empty, Loaded, More, Section, Tag } from '../../ui';
import { NewKey } from './NewKey';
import { RevokeKey } from './RevokeKey';
import type { OwnKey } from './roles';
import { PEOPLE } from './texts';

type Made = DataOf<'post', '/v1/keys'>;

/** The coach's own keys of this mode. */
export function KeysSection() {
  const words = usePageTexts(PEOPLE);
  const list = useList('/v1/keys', {});
  /** Shown as long as the page is open, and never again. */
  const [made, setMade] = useState<Made | null>(null);
  return (
    <>
      {made !== null && (
        <Section title={words.madeTitle} lead={words.madeText}>
          <CopyField label={words.key} value={made.key} />
        </Section>
      )}
      <Section title={words.keys} lead={words.keysLead} actions={<NewKey onMade={setMade} />}>
        <Loaded query={{ ...list, data: list.items }} shape="rows">
          {(keys) =>
            keys.length === 0 ? (
              <Empty title={words.noKeys} icon={KeyRound} text={words.noKeysText} />
            ) : (
              <ul className="rows">
                {keys.map((key) => (
                  <KeyRow key={key.id} of={key} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More query={list} />
      </Section>
    </>
  );
}

function KeyRow({ of }: { of: OwnKey }) {
  const words = usePageTexts(PEOPLE);
  const format = useFormat();
  const { name, lastFour, scope, createdAt, lastUsedAt, revokedAt } = of;
  const used =
    revokedAt !== null
      ? words.revokedOn(format.dateTime(revokedAt))
      : lastUsedAt === null
        ? words.neverUsed
        : words.lastUsed(format.dateTime(lastUsedAt));
  return (
    <li>
      <div className="grow">
        <p className="row-title">
          {name !== null && `${name} · `}
          <span className="mono">{words.endsWith(lastFour)}</span>
        </p>
        <p className="soft small">
          {words.madeOn(format.dateTime(createdAt))} · {used}
        </p>
      </div>
      <Tag tone={revokedAt === null && scope === 'full' ? 'warn' : 'quiet'}>
        {revokedAt === null ? words.scopes[scope] : words.revoked}
      </Tag>
      {revokedAt === null && <RevokeKey id={of.id} name={name ?? lastFour} />}
    </li>
  );
}
