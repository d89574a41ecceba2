/** What a coach pastes into their page: the button of /buy.js. @param buyUrl the price's purchase page */
export function buttonCode(buyUrl: string, priceId: string, label: string): string {
  const script = new URL('/buy.js', buyUrl).href;
  return [
    `<script src="${script}" async></script>`,
    // What is inside is shown where scripts do not run: the link still sells.
    `<session-buy price="${priceId}" label="${label}"><a href="${buyUrl}">${label}</a></session-buy>`,
  ].join('\n');
}
