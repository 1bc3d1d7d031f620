import { createPublicKey } from 'node:crypto';
import type { Forgery } from './forge-token.ts';
import type { Target } from './target.ts';

/** An instance that knows no keys yet and has a clock of its own, and the issuer `keys`, which publishes what a test says. */
export async function startSite(t: Target, variables: Readonly<Record<string, string | undefined>> = {}) {
  let at = Date.now();
  const instance = await t.instance({ clock: () => new Date(at), variables });
  const { answerWith, fetches } = t.issuerOf('keys');
  const before = fetches();
  const own = { ...createPublicKey(t.keyOf('keys')).export({ format: 'jwk' }), kid: 'key-1' };
  const publish = (...keys: readonly object[]) =>
    answerWith((_request, response) => response.end(JSON.stringify({ keys })));
  publish(own);
  const token = (forgery: Forgery = {}) => t.token(forgery, 'keys');
  return {
    /** The issuer's own key as it is published. */
    own,
    publish,
    answerWith,
    /** How often its keys have been asked for since. */
    fetches: () => fetches() - before,
    pass: (milliseconds: number) => {
      at += milliseconds;
    },
    token,
    present: (what: Forgery | string = {}) => instance.present(typeof what === 'string' ? what : token(what)),
    /** The status that one of many gets. */
    ask: async (one: string) => {
      const headers = { Authorization: `Bearer ${one}` };
      return (await instance.call('/credentials', { method: 'POST', headers })).status;
    },
  };
}
