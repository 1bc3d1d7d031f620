import { decodeJwt } from 'jose';

/** What can be seen of a token without its issuer's keys: why Latchkey will not take it. Undefined when nothing is wrong so far. */
export function describeTokenFault(token: string, audience: string | undefined): string | undefined {
  let aud: string | string[] | undefined;
  try {
    ({ aud } = decodeJwt(token));
  } catch {
    return 'the issuer gave a token that is no JWT, which Latchkey does not take; name what it is for with --resource or --audience';
  }
  const audiences = [aud ?? []].flat();
  const cure = "give --resource or --audience as the API's operator says";
  if (audiences.length === 0) return `the issuer gave a token that says not what it is for; ${cure}`;
  if (audience === undefined || audiences.includes(audience)) return undefined;
  return `the issuer gave a token for ${audiences.join(', ')}, expected ${audience}; ${cure}`;
}

/** When a token ends by its own word, in milliseconds since 1970; undefined where it does not say. */
export function expiryOf(token: string): number | undefined {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : exp * 1000;
  } catch {
    return undefined;
  }
}

/** Whose a token is, by its own word. */
export function subjectOf(token: string): string | undefined {
  try {
    return decodeJwt(token).sub;
  } catch {
    return undefined;
  }
}
