import type { Request, Response } from 'express';
import { type Language, LANGUAGES } from '../../domain/language';

/** The language that the browser likes best of ours; English where it likes none. */
export function preferredLanguage(req: Request): Language {
  const preferred = req.acceptsLanguages(...LANGUAGES);
  return preferred === false ? 'en' : (preferred as Language);
}

/** The same, for an answer that caches keep apart by it. */
export function languageOf(req: Request, res: Response): Language {
  res.vary('Accept-Language');
  return preferredLanguage(req);
}
