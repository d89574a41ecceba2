import { startCatcher } from './catcher';
import { catcherPage } from './page';

/** The mail server of `npm start`, and the page that shows what it was given. */
async function main(): Promise<void> {
  const catcher = await startCatcher(Number(process.env['MAIL_SMTP_PORT']));
  catcherPage(catcher).listen(Number(process.env['MAIL_PORT']), '127.0.0.1');
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The mail catcher stopped: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
