import { Fragment, type ReactNode } from 'react';
import { COLOURS } from '../look/tokens';
import { inkOn } from './colour';
import type { MailContent, MailTexts } from './content';

export interface LetterProps {
  language: string;
  content: MailContent;
  to: keyof MailTexts['sentBy'];
  texts: MailTexts;
  coachName: string;
  /** `#rrggbb`. */
  colour: string;
  /** What the coach has it say before and after. */
  before: string;
  after: string;
  isTest: boolean;
  unsubscribeUrl: string | null;
}

const { light, dark } = COLOURS;

/** Dark where the reader's program is: those that know no `prefers-color-scheme` keep to the styles of the elements. */
const DARK = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media(prefers-color-scheme:dark){
body,.back{background:${dark.ground}!important}
.card{background:${dark.card}!important;border-left-color:${dark.line}!important;border-right-color:${dark.line}!important;border-bottom-color:${dark.line}!important}
.ink{color:${dark.ink}!important}
.soft{color:${dark.soft}!important}
.row{border-color:${dark.line}!important}
}
@media(max-width:480px){.card{padding:24px 20px!important}.label,.value{display:block!important;width:100%!important}.value{padding-top:0!important;text-align:left!important}.label{padding-bottom:0!important}}`;

const FONT = "system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const text = { margin: '0 0 16px', fontSize: 16, lineHeight: '24px', color: light.ink } as const;
const small = { margin: '0 0 8px', fontSize: 13, lineHeight: '20px', color: light.soft } as const;

/** A table is the only layout that every mail program shows alike. */
function Table({
  children,
  ...rest
}: {
  children: ReactNode;
  className?: string;
  style?: object;
  align?: 'center';
}) {
  return (
    <table role="presentation" width="100%" cellPadding={0} cellSpacing={0} border={0} {...rest}>
      <tbody>{children}</tbody>
    </table>
  );
}

/** What somebody typed: a paragraph for each empty line, and nothing in it but text. */
const paragraphsOf = (typed: string) =>
  typed
    .split(/\n\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

function Paragraphs({ of }: { of: string[] }) {
  return of.map((paragraph, i) => (
    <p key={i} className="ink" style={text}>
      {paragraph.split('\n').map((line, at) => (
        <Fragment key={at}>
          {at === 0 ? null : <br />}
          {line}
        </Fragment>
      ))}
    </p>
  ));
}

function Rows({ of }: { of: MailContent['rows'] }) {
  if (of.length === 0) return null;
  const cell = { padding: '10px 0', fontSize: 16, lineHeight: '24px', verticalAlign: 'top' } as const;
  return (
    <Table style={{ margin: '0 0 24px' }}>
      {of.map(([label, value]) => (
        <tr key={label}>
          <td className="row" style={{ borderTop: `1px solid ${light.line}` }}>
            <Table>
              <tr>
                <td className="soft label" width="35%" style={{ ...cell, color: light.soft }}>
                  {label}
                </td>
                <td className="ink value" style={{ ...cell, color: light.ink, fontWeight: 600 }}>
                  {value}
                </td>
              </tr>
            </Table>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Button({ label, url, colour }: { label: string; url: string; colour: string }) {
  return (
    <p style={{ margin: '0 0 24px' }}>
      <a
        href={url}
        style={{
          display: 'inline-block',
          padding: '13px 22px',
          borderRadius: 8,
          background: colour,
          color: inkOn(colour),
          fontSize: 16,
          fontWeight: 600,
          lineHeight: '22px',
          textDecoration: 'none',
        }}
      >
        {label}
      </a>
    </p>
  );
}

/** A mail as HTML: no picture, no script, nothing that is loaded from anywhere, so that nobody is told who reads it. */
export function Letter(props: LetterProps) {
  const { language, content, to, texts, coachName, colour, before, after, isTest, unsubscribeUrl } = props;
  return (
    <html lang={language} dir="ltr">
      <head>
        <meta httpEquiv="Content-Type" content="text/html; charset=utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>{content.subject}</title>
        <style dangerouslySetInnerHTML={{ __html: DARK }} />
      </head>
      <body style={{ margin: 0, padding: 0, background: light.ground, fontFamily: FONT }}>
        <div data-skip-in-text="true" style={{ display: 'none', maxHeight: 0, overflow: 'hidden' }}>
          {content.preview}
        </div>
        <Table className="back" style={{ background: light.ground }}>
          <tr>
            <td align="center" style={{ padding: '24px 12px' }}>
              <table
                role="presentation"
                width="100%"
                cellPadding={0}
                cellSpacing={0}
                border={0}
                style={{ maxWidth: 560, textAlign: 'left' }}
              >
                <tbody>
                  <tr>
                    <td
                      className="card"
                      style={{
                        background: light.card,
                        border: `1px solid ${light.line}`,
                        borderTop: `4px solid ${colour}`,
                        borderRadius: 12,
                        padding: '32px 36px',
                      }}
                    >
                      <p className="soft" style={{ ...small, margin: '0 0 12px', fontWeight: 600 }}>
                        {coachName}
                      </p>
                      <h1
                        className="ink"
                        style={{ ...text, margin: '0 0 16px', fontSize: 24, lineHeight: '30px' }}
                      >
                        {content.heading}
                      </h1>
                      <Paragraphs of={paragraphsOf(before)} />
                      <Paragraphs of={content.paragraphs} />
                      <Rows of={content.rows} />
                      {content.button === null ? null : <Button {...content.button} colour={colour} />}
                      <Paragraphs of={content.closing} />
                      <Paragraphs of={paragraphsOf(after)} />
                    </td>
                  </tr>
                  <tr>
                    <td style={{ padding: '20px 12px' }}>
                      {isTest ? (
                        <p className="soft" style={small}>
                          {texts.testNote}
                        </p>
                      ) : null}
                      <p className="soft" style={small}>
                        {texts.sentBy[to](coachName)}
                      </p>
                      {unsubscribeUrl === null ? null : (
                        <p className="soft" style={small}>
                          <a href={unsubscribeUrl} className="soft" style={{ color: light.soft }}>
                            {texts.unsubscribe}
                          </a>
                        </p>
                      )}
                    </td>
                  </tr>
                </tbody>
              </table>
            </td>
          </tr>
        </Table>
      </body>
    </html>
  );
}
