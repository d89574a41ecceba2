const { SignJWT } = require('jose');

/** For text inside a page. */
const text = (words) => String(words).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Says for an hour who is buying: a JSON Web Token, HS256, with your signing secret as it was shown. */
function memberToken({ id, email }, signing) {
  return new SignJWT({ email })
    .setProtectedHeader({ alg: 'HS256', kid: signing.id })
    .setSubject(id)
    .setExpirationTime('1 hour')
    .sign(Buffer.from(signing.secret));
}

/** May this member see the product now? Asked at each visit, so that nothing has to be stored or kept in step. */
async function accessOf(member, { api, key, product }) {
  const query = new URLSearchParams({ member: member.id, product });
  const answer = await fetch(`${api}/v1/access?${query}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(5000),
  });
  if (!answer.ok) throw new Error(`Session answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/**
 * Express: what comes after it is for members only; everybody else gets the purchase button.
 * `signedIn(req)` is your own login: `{ id, email }` of the member, or null. `email` may be left out.
 */
function membersOnly({ api, key, signing, product, price, signedIn, loginUrl }) {
  return async (req, res, next) => {
    try {
      const member = await signedIn(req);
      if (member === null) return res.redirect(303, loginUrl);
      const { access, explanation } = await accessOf(member, { api, key, product });
      res.set('Cache-Control', 'private, no-store');
      if (access) return next();
      const token = await memberToken(member, signing);
      res.status(403).send(`<!doctype html><html lang="en"><meta charset="utf-8"><title>For members</title>
        <script src="${api}/buy.js" async></script>
        <h1>For members</h1><p>${text(explanation)}</p>
        <session-buy price="${price}" label="Join" token="${token}"
          ><a href="${api}/buy/${price}?member=${token}">Join</a></session-buy></html>`);
    } catch (error) {
      next(error); // No answer is no access.
    }
  };
}

module.exports = { membersOnly };
