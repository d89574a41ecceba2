import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useMay, useRead } from '../../api/resource';
import { clientOf, expectData } from '../../api/client';
import { toProblem, type Problem } from '../../api/problem';
import type { WholeMember } from '../../api/types';
import { useMode } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { ProblemAlert, Section } from '../../ui';
import { CancelErasure } from './CancelErasure';
import { ChangeAddress } from './ChangeAddress';
import { EraseMember } from './EraseMember';
import { MergeMember } from './MergeMember';
import { MORE } from './more-texts';

/** Milliseconds between two looks at an erasure that has not ended. */
const LOOK_AGAIN = 3000;

const isOpen = (status: string) => status === 'waiting' || status === 'erasing';

/** What is held about a member: to hand over to them, or to be erased. */
export function MemberData({ member, hasMemberships }: { member: WholeMember; hasMemberships: boolean }) {
  const { data: words } = useTexts().members;
  const { address } = usePageTexts(MORE);
  const format = useFormat();
  const path = { id: member.id };
  const asked = useRead(
    '/v1/members/{id}/erasure',
    { params: { path } },
    { pollWhile: ({ status }) => (isOpen(status) ? LOOK_AGAIN : false) },
  );
  const erasure = asked.data;
  return (
    <Section title={words.title} lead={words.lead}>
      {erasure !== undefined && erasure.status !== 'none' && (
        <p role="status">
          {words.status[erasure.status](format.dateTime(erasure.endedAt ?? erasure.startsAt ?? ''))}
          {erasure.customersLeft > 0 && ` ${words.customersLeft(erasure.customersLeft)}`}
        </p>
      )}
      {member.stripeAddress !== 'told' && <p role="status">{address.stripe[member.stripeAddress]}</p>}
      <Group gap="xs">
        <ExportMember memberId={member.id} />
        {member.erasedAt === null && <ChangeAddress member={member} />}
        <MergeMember memberId={member.id} />
        {erasure?.status === 'waiting' && <CancelErasure memberId={member.id} />}
        {erasure !== undefined && !isOpen(erasure.status) && erasure.status !== 'erased' && (
          <EraseMember memberId={member.id} hasMemberships={hasMemberships} />
        )}
      </Group>
    </Section>
  );
}

/** Saves everything as a file. */
function ExportMember({ memberId }: { memberId: string }) {
  const { data: words } = useTexts().members;
  const mode = useMode();
  const may = useMay('get', '/v1/members/{id}/export');
  const [state, setState] = useState<{ pending: boolean; problem: Problem | null }>({
    pending: false,
    problem: null,
  });
  const save = async () => {
    setState({ pending: true, problem: null });
    try {
      const held = await expectData(
        clientOf(mode).GET('/v1/members/{id}/export', { params: { path: { id: memberId } } }),
      );
      saveAs(`${memberId}.json`, JSON.stringify(held, null, 2));
      setState({ pending: false, problem: null });
    } catch (error) {
      setState({ pending: false, problem: toProblem(error) });
    }
  };
  if (!may) return null;
  return (
    <>
      <Button variant="default" onClick={() => void save()} loading={state.pending}>
        {words.export}
      </Button>
      <ProblemAlert problem={state.problem} />
    </>
  );
}

function saveAs(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
