import { useMode } from '../../app/mode';
import { usePageTexts } from '../../texts/texts';
import { CopyField, Section } from '../../ui';
import { GoLiveLink } from '../go-live/GoLiveLink';
import { PAYMENTS } from './texts';

export function HowItWorks() {
  const { how } = usePageTexts(PAYMENTS);
  return (
    <Section title={how.title} lead={how.lead}>
      <ul className="plain-list">
        {how.points.map(([what, why]) => (
          <li key={what}>
            <strong>{what}</strong> - {why}
          </li>
        ))}
      </ul>
      <h3>{how.webhooks}</h3>
      <p>{how.webhooksLead}</p>
      <ul className="plain-list">
        {how.webhooksPoints.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <p className="soft">{how.automatic}</p>
    </Section>
  );
}

/** Stripe's test card: https://docs.stripe.com/testing#cards */
const TEST_CARD = '4242 4242 4242 4242';

/** Only where it can be done: in test mode. */
export function TestingPayments() {
  const { testing } = usePageTexts(PAYMENTS);
  if (useMode() !== 'test') return null;
  return (
    <Section title={testing.title} lead={testing.lead}>
      <ol className="plain-list">
        {testing.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <CopyField label={testing.card} value={TEST_CARD} />
      <div>
        <GoLiveLink />
      </div>
    </Section>
  );
}
