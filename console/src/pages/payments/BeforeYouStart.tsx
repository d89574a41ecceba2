import { usePageTexts } from '../../texts/texts';
import { OutLink, Section } from '../../ui';
import { PAYMENTS } from './texts';

/** What a coach needs before they connect. */
export function BeforeYouStart() {
  const { before } = usePageTexts(PAYMENTS);
  return (
    <Section title={before.title} lead={before.need}>
      <ul className="plain-list">
        <li>
          {before.account} (<OutLink href="https://stripe.com">{before.create}</OutLink>)
        </li>
        <li>{before.business}</li>
      </ul>
    </Section>
  );
}
