import * as z from 'zod/mini';

/** Half of a character in UTF-16 is none in UTF-8, and the registry cannot store it. */
export const wellFormed = z.refine<string>(
  (value) => value.isWellFormed(),
  'got half a character, expected well-formed Unicode',
);

/** A short text in what operators write: 1 to 256 characters. With its prefix it fits into a key of the registry. */
export const text = z.string().check(z.minLength(1), z.maxLength(256), wellFormed);
