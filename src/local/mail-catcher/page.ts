import express, { type Express } from 'express';
import { html, sendPage } from '../../html';
import type { CaughtMail } from './catcher';

interface Mails {
  mails(): CaughtMail[];
  clear(): void;
}

/** The page of what was caught; `/messages.json` has the same for programs. */
export function catcherPage({ mails, clear }: Mails): Express {
  const app = express();
  app.disable('x-powered-by');
  const find = (id: string | undefined) => mails().find((mail) => String(mail.id) === id);
  app.get('/', (_req, res) =>
    sendPage(res, {
      title: 'Mails on this machine',
      wide: true,
      refresh: { seconds: 5, url: '/' },
      body: html`<h1>Mails on this machine</h1>
        <p class="soft">What was sent since the start. Nothing of it has left this machine.</p>
        <table>
          ${mails().map(
            ({ id, at, to, subject }) =>
              html`<tr>
                <td>
                  <a href="/messages/${id}">${subject}</a><br />
                  <span class="soft">${at.slice(11, 19)} · ${to.join(', ')}</span>
                </td>
              </tr>`,
          )}
        </table>
        ${
          mails().length === 0
            ? html`<p>None yet. A purchase sends the first.</p>`
            : html`<form method="post" action="/clear"><button class="second">Forget them all</button></form>`
        }`,
    }),
  );
  app.post('/clear', (_req, res) => {
    clear();
    res.redirect(303, '/');
  });
  app.get('/messages.json', (_req, res) => {
    res.json(mails());
  });
  app.get('/messages/:id', (req, res) => {
    const mail = find(req.params['id']);
    if (mail === undefined) return void res.redirect(303, '/');
    sendPage(res, {
      title: mail.subject,
      wide: true,
      body: html`<p><a href="/">All mails</a></p>
        <h1>${mail.subject}</h1>
        <p><a href="/messages/${mail.id}/html">As its reader sees it</a></p>
        <table>
          ${mail.headers.map(
            ({ key, value }) =>
              html`<tr>
                <td>${key}</td>
                <td>${value}</td>
              </tr>`,
          )}
        </table>
        ${mail.text.split('\n').map((line) => html`<p>${line}</p>`)}`,
    });
  });
  app.get('/messages/:id/html', (req, res) => {
    const mail = find(req.params['id']);
    if (mail === undefined) return void res.redirect(303, '/');
    // As a mail program shows it: no script, and nothing from elsewhere.
    res.setHeader(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups",
    );
    res.type('html').send(mail.html);
  });
  return app;
}
