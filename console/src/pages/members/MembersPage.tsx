import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link, useSearchParams } from 'react-router';
import { useList } from '../../api/resource';
import type { Member } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { useTexts } from '../../texts/texts';
import { Empty, Loaded, More, Page, Section } from '../../ui';
import { AddMember } from './AddMember';
import { nameOf } from './names';

/** Milliseconds after the last key before it is searched for. */
const TYPING = 250;

/** Everyone who bought or was given something, and the search for one of them. */
export function MembersPage() {
  const { members } = useTexts();
  const [search, setSearch] = useSearchParams();
  const typed = search.get('search') ?? '';
  const [asked] = useDebouncedValue(typed.trim(), TYPING);
  const list = useList('/v1/members', { params: { query: asked === '' ? {} : { search: asked } } });
  const type = (text: string) => setSearch(text === '' ? {} : { search: text }, { replace: true });
  return (
    <Page title={members.title} lead={members.lead} actions={<AddMember />}>
      <Section title={members.title}>
        <TextInput
          type="search"
          label={members.search}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <Loaded query={{ ...list, data: list.items }}>
          {(items) =>
            items.length > 0 ? (
              <>
                <p role="status" className="sr-only">
                  {members.results(items.length, String(items.length))}
                </p>
                <ul className="rows">
                  {items.map((member) => (
                    <MemberRow key={member.id} member={member} />
                  ))}
                </ul>
              </>
            ) : asked === '' ? (
              <Empty title={members.empty.title} text={members.empty.text} />
            ) : (
              <div role="status">
                <Empty title={members.noMatch.title} text={members.noMatch.text}>
                  <Button variant="default" onClick={() => type('')}>
                    {members.noMatch.clear}
                  </Button>
                </Empty>
              </div>
            )
          }
        </Loaded>
        <More query={list} />
      </Section>
    </Page>
  );
}

function MemberRow({ member }: { member: Member }) {
  const texts = useTexts();
  const format = useFormat();
  const paths = usePaths();
  const { email, externalId } = member;
  return (
    <li>
      <div className="grow">
        <Link to={paths.member(member.id)} className="row-title">
          {nameOf(member, texts)}
        </Link>
        {email !== null && externalId !== null && <p className="soft small">{externalId}</p>}
      </div>
      <span className="soft small">
        {texts.members.since} {format.date(member.createdAt)}
      </span>
    </li>
  );
}
