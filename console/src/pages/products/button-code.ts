/** What a coach pastes into their page: the button of /buy.js. @param buyUrl the price's purchase page */
export function buttonCode(buyUrl: string, priceId: string, label: string): string {
  const script = new URL('/buy.js', buyUrl).href;
  return [
    `<script src="${script}" async></script>`,
    `<session-buy price="${priceId}" show-price>${label}</session-buy>`,
    // Without scripts the link still sells.
    `<noscript><a href="${buyUrl}">${label}</a></noscript>`,
  ].join('\n');
}
