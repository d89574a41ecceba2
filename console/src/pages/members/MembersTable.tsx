import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { WholeMember } from '../../api/types';
import { usePaths } from '../../app/mode';
import { useFormat } from '../../format/format';
import { usePageTexts, useTexts } from '../../texts/texts';
import { useHeld } from './held';
import { MemberTag } from './MemberTag';
import { MEMBER } from './member-texts';
import { nameOf } from './names';
import { TABLE } from './table-texts';
import './members-table.css';

/** Whom a list has chosen, by their ids. */
export interface Choice {
  chosen: ReadonlySet<string>;
  choose: (ids: readonly string[], isChosen: boolean) => void;
}

/** The members as a table; on a phone each of them is a card of the same facts. */
export function MembersTable({ members, choice }: { members: WholeMember[]; choice?: Choice }) {
  const words = usePageTexts(TABLE);
  const { columns } = usePageTexts(MEMBER);
  const ids = members.map(({ id }) => id);
  const all = choice !== undefined && ids.every((id) => choice.chosen.has(id));
  return (
    // Without the roles a table that is laid out otherwise is none to a screen reader.
    <table role="table" className="members-table">
      <thead role="rowgroup">
        <tr role="row">
          {choice && (
            <th role="columnheader" className="choose">
              <Checkbox
                aria-label={words.chooseAll}
                checked={all}
                indeterminate={!all && ids.some((id) => choice.chosen.has(id))}
                onChange={() => choice.choose(ids, !all)}
              />
            </th>
          )}
          <th role="columnheader">{columns.member}</th>
          <th role="columnheader">{columns.has}</th>
          <th role="columnheader" className="number">
            {columns.next}
          </th>
          <th role="columnheader" className="number">
            {columns.owed}
          </th>
          <th role="columnheader" className="number">
            {columns.paid}
          </th>
          <th role="columnheader">{columns.since}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {members.map((member) => (
          <MemberRow key={member.id} member={member} {...(choice === undefined ? {} : { choice })} />
        ))}
      </tbody>
    </table>
  );
}

function MemberRow({ member, choice }: { member: WholeMember; choice?: Choice }) {
  const texts = useTexts();
  const words = usePageTexts(TABLE);
  const format = useFormat();
  const paths = usePaths();
  const held = useHeld();
  const { columns } = usePageTexts(MEMBER);
  const { id, email, externalId, status, products, prices, nextCharge, createdAt } = member;
  const name = nameOf(member, texts);
  return (
    <tr role="row">
      {choice && (
        <td role="cell" className="choose">
          <Checkbox
            aria-label={words.choose(name)}
            checked={choice.chosen.has(id)}
            onChange={(event) => choice.choose([id], event.currentTarget.checked)}
          />
        </td>
      )}
      <th scope="row" role="rowheader" className="who">
        <Link to={paths.member(id)} className="row-title">
          {name}
        </Link>
        {email !== null && externalId !== null && <span className="soft small"> {externalId}</span>}
        <div>
          <MemberTag status={status} />
        </div>
      </th>
      <Cell label={columns.has} isEmpty={products.length + prices.length === 0}>
        {products.map((product) => (
          <div key={product.id}>{product.name}</div>
        ))}
        {prices.map((price) => (
          <div key={price.membershipId} className="soft small">
            {held.price(price)}
          </div>
        ))}
      </Cell>
      <Cell label={columns.next} isEmpty={nextCharge === null} isNumber>
        {nextCharge !== null && (
          <>
            <div>{held.charge(nextCharge)}</div>
            <div className="soft small">{format.date(nextCharge.at)}</div>
          </>
        )}
      </Cell>
      {(['owed', 'totalPaid'] as const).map((which) => (
        <Cell
          key={which}
          label={which === 'owed' ? columns.owed : columns.paid}
          isEmpty={member[which].length === 0}
          isNumber
        >
          {held.sums(member[which]).map((sum) => (
            <div key={sum}>{sum}</div>
          ))}
        </Cell>
      ))}
      <Cell label={columns.since}>{format.date(createdAt)}</Cell>
    </tr>
  );
}

interface CellProps {
  label: string;
  /** On a phone it is left out. */
  isEmpty?: boolean;
  isNumber?: boolean;
  children: ReactNode;
}

function Cell({ label, isEmpty = false, isNumber = false, children }: CellProps) {
  const words = usePageTexts(MEMBER);
  return (
    <td
      role="cell"
      data-label={label}
      {...(isEmpty ? { 'data-empty': true } : {})}
      {...(isNumber ? { className: 'number' } : {})}
    >
      <div>{isEmpty ? <span className="soft">{words.nothing}</span> : children}</div>
    </td>
  );
}
