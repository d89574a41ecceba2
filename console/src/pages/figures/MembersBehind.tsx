import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useList } from '../../api/resource';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { DownloadLink, Loaded, More, Section } from '../../ui';
import { nameOf } from '../members/names';
import { KINDS } from './kinds';
import { FIGURES } from './texts';

interface MembersBehindProps {
  month: string;
  /** What the figures are narrowed down to. */
  only: { product?: string };
}

/** Whose changes a month's figures are made of. */
export function MembersBehind({ month, only }: MembersBehindProps) {
  const texts = useTexts();
  const words = usePageTexts(FIGURES);
  const format = useFormat();
  const paths = usePaths();
  const [chosen, setChosen] = useState('');
  const kind = KINDS.find((one) => one === chosen);
  const asked = { month, ...only, ...(kind === undefined ? {} : { kind }) };
  const list = useList('/v1/figures/movements', { params: { query: asked } });
  return (
    <Section
      title={words.behind(format.month(month, 'long'))}
      actions={
        <DownloadLink path="/v1/figures/movements.csv" query={asked}>
          {words.csv}
        </DownloadLink>
      }
    >
      <NativeSelect
        label={words.kind}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          { value: '', label: words.everyKind },
          ...KINDS.map((value) => ({ value, label: words.kinds[value] })),
        ]}
      />
      <Loaded query={{ ...list, data: list.items }} shape="rows">
        {(rows) =>
          rows.length === 0 ? (
            <p className="soft">{words.nobody}</p>
          ) : (
            <ul className="rows">
              {rows.map(({ id, at, member, membershipId, kind: what, amount, currency }) => (
                <li key={id}>
                  <div className="grow">
                    <Link to={paths.membership(member.id, membershipId)} className="row-title">
                      {nameOf(member, texts)}
                    </Link>
                    <p className="soft small">
                      {words.kinds[what]} · {format.dateTime(at)}
                    </p>
                  </div>
                  <span>{format.money(amount, currency)}</span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <More query={list} />
    </Section>
  );
}
