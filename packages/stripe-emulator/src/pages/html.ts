/** Markup that is safe to print as it is. */
export class Html {
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

type Piece = string | number | Html | null | undefined | false | Piece[];

/** Builds markup; every inserted text is escaped, except markup itself. */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return new Html(
    strings.reduce(
      (text, part, index) => text + part + (index < pieces.length ? print(pieces[index]) : ''),
      '',
    ),
  );
}

function print(piece: Piece): string {
  if (piece === null || piece === undefined || piece === false) return '';
  if (Array.isArray(piece)) return piece.map(print).join('');
  if (piece instanceof Html) return piece.text;
  return String(piece).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root{--ink:#1a1f36;--soft:#5c6478;--line:#d9dee8;--accent:#5146d8;--accent-ink:#fff;--bad:#b3162c;--bad-bg:#fdecee;--good:#1b6b45;--good-bg:#e9f7f0;--page:#f6f8fb;--card:#fff}
*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:var(--ink);background:var(--page)}
main{max-width:62rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.banner{background:#fff4dd;color:#5c3d00;text-align:center;font-size:.85rem;padding:.35rem 1rem}
.banner.live{background:#e9f0ff;color:#12307a}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.5rem;box-shadow:0 1px 3px rgba(26,31,54,.06)}
.narrow{max-width:30rem;margin:1.5rem auto}
.two{display:grid;gap:1.5rem;grid-template-columns:1fr}
@media(min-width:48rem){.two{grid-template-columns:5fr 6fr;align-items:start}}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}
h2{font-size:1.1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0}
.soft{color:var(--soft)}
.small{font-size:.875rem}
.amount{font-size:2rem;font-weight:650;margin:.25rem 0 1rem}
label{display:block;font-weight:550;font-size:.9rem;margin:1rem 0 .3rem}
input:not([type=radio]):not([type=checkbox]),select{width:100%;font:inherit;padding:.6rem .7rem;border:1px solid #b6bdcc;border-radius:8px;background:#fff;color:inherit}
input:focus,select:focus,button:focus-visible,a:focus-visible{outline:3px solid #b9b4f5;outline-offset:1px;border-color:var(--accent)}
fieldset{border:1px solid var(--line);border-radius:10px;margin:1rem 0;padding:.75rem 1rem 1rem}
legend{font-weight:600;font-size:.9rem;padding:0 .3rem}
.choice{display:flex;gap:.6rem;align-items:baseline;font-weight:400;margin:.5rem 0}
.row{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
button,.button{display:inline-block;font:inherit;font-weight:600;border:0;border-radius:8px;padding:.75rem 1.2rem;background:var(--accent);color:var(--accent-ink);cursor:pointer;text-decoration:none;text-align:center}
button.wide{width:100%;margin-top:1.5rem}
button.plain,.button.plain{background:#fff;color:var(--ink);border:1px solid #b6bdcc}
.buttons{display:flex;gap:.75rem;flex-wrap:wrap;margin-top:1.5rem}
.error{background:var(--bad-bg);color:var(--bad);border-radius:8px;padding:.7rem .9rem;margin:0 0 1rem}
.good{background:var(--good-bg);color:var(--good);border-radius:8px;padding:.7rem .9rem}
a{color:var(--accent)}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.45rem .6rem .45rem 0;border-bottom:1px solid var(--line);vertical-align:top}
td.num,th.num{text-align:right;padding-right:0}
code{font-size:.85em;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
ul.plain{list-style:none;padding:0;margin:0}
.item{display:flex;justify-content:space-between;gap:1rem;padding:.6rem 0;border-top:1px solid var(--line)}
details{margin-top:1rem}
.card+.card{margin-top:1rem}
.card>h2:first-child,.card form>label:first-child{margin-top:0}
h1.lead{font-size:1rem;font-weight:400;color:var(--soft);margin:.5rem 0 0}
fieldset:has([value=card]:checked) .when-sepa,fieldset:has([value=sepa_debit]:checked) .when-card{display:none}
`;

export interface PageOptions {
  title: string;
  /** Test or live banner; null for neither. */
  livemode: boolean | null;
}

/** A whole page. */
export function layout(options: PageOptions, body: Html): string {
  const banner =
    options.livemode === null
      ? null
      : options.livemode
        ? html`<div class="banner live">Emulated live mode: no real money moves.</div>`
        : html`<div class="banner">Test mode</div>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        ${banner}
        <main>${body}</main>
      </body>
    </html> `.text;
}
