import { CliError, SCOPE, SCOPE_USAGE, scopeOf, word, type Command } from './command';

/** Things that happen at Stripe without an API call. */
export const triggerCommands: Command[] = [
  {
    name: 'trigger',
    usage: `name ${SCOPE_USAGE} [field=value …]`,
    about: 'lets something happen at Stripe: a dispute, a refund from the Dashboard, a card that expires, …',
    help: `Examples:
  stripe-emulator trigger dispute_created --account acct_… charge=ch_… reason=fraudulent
  stripe-emulator trigger refund --account acct_… payment_intent=pi_… amount=500
  stripe-emulator trigger card_expiring --account acct_… customer=cus_…
  stripe-emulator trigger account_restricted --account acct_…
  stripe-emulator trigger deauthorize --account acct_…
\`stripe-emulator triggers\` lists all of them; the README says which fields each one takes.`,
    options: SCOPE,
    async run(input) {
      const name = word(input, 0, 'trigger; `stripe-emulator triggers` lists them');
      const fields = Object.fromEntries(input.words.slice(1).map(field));
      const answer = await input.control.post(`/triggers/${encodeURIComponent(name)}`, {
        ...fields,
        ...scopeOf(input),
      });
      input.print(JSON.stringify(answer, null, 2));
      return answer;
    },
  },
  {
    name: 'triggers',
    usage: '',
    about: 'lists what can be triggered',
    async run({ control, print }) {
      const answer = await control.get<{ triggers: string[] }>('/triggers');
      for (const name of answer.triggers) print(name);
      return answer;
    },
  },
];

/** `amount=500` is a number, `succeeded=true` a boolean, everything else a text. */
function field(text: string): [string, string | number | boolean] {
  const at = text.indexOf('=');
  if (at < 1) throw new CliError(`${text} is not of the form field=value.`);
  const [name, value] = [text.slice(0, at), text.slice(at + 1)];
  if (value === 'true' || value === 'false') return [name, value === 'true'];
  return [name, /^-?\d+$/.test(value) ? Number(value) : value];
}
