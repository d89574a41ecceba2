/** What a coach pastes into their page: the button of /buy.js. @param buyUrl the price's purchase page */
export function buttonCode(buyUrl: string, priceId: string, label: string): string {
  const script = new URL('/buy.js', buyUrl).href;
  return `<script src="${script}" async></script>\n<session-buy price="${priceId}" label="${label}"></session-buy>`;
}
