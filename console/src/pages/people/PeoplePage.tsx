import { Users } from 'lucide-react';
import { useList } from '../../api/resource';
import { useFormat } from '../../format/format';
import { useSignedIn } from '../../session/session';
import { usePageTexts } from '../../texts/texts';
import { Empty, Loaded, More, Page, Section, Tag } from '../../ui';
import { ChangeRole } from './ChangeRole';
import { InvitePerson } from './InvitePerson';
import { KeysSection } from './KeysSection';
import { RemovePerson } from './RemovePerson';
import type { Person } from './roles';
import { PEOPLE } from './texts';

/** Who works here, and which keys there are. */
export function PeoplePage() {
  const words = usePageTexts(PEOPLE);
  const list = useList('/v1/people', {});
  return (
    <Page title={words.title} lead={words.lead}>
      <Section title={words.people} actions={<InvitePerson />}>
        <Loaded query={{ ...list, data: list.items }} shape="rows">
          {(people) =>
            people.length === 0 ? (
              <Empty title={words.nobody} icon={Users} text={words.nobodyText} />
            ) : (
              <ul className="rows">
                {people.map((person) => (
                  <PersonRow key={person.id} person={person} />
                ))}
              </ul>
            )
          }
        </Loaded>
        <More query={list} />
      </Section>
      <KeysSection />
    </Page>
  );
}

function PersonRow({ person }: { person: Person }) {
  const words = usePageTexts(PEOPLE);
  const format = useFormat();
  const { user } = useSignedIn();
  const { email, role, invitedAt, joinedAt } = person;
  return (
    <li>
      <div className="grow">
        <p className="row-title">
          {email}
          {user?.id === person.userId && <span className="soft"> · {words.you}</span>}
        </p>
        <p className="soft small">
          {joinedAt === null
            ? words.waits(format.dateTime(invitedAt))
            : words.since(format.dateTime(joinedAt))}
        </p>
      </div>
      <Tag tone={role === 'owner' ? 'good' : 'quiet'}>{words.roles[role]}</Tag>
      <ChangeRole person={person} />
      <RemovePerson person={person} />
    </li>
  );
}
