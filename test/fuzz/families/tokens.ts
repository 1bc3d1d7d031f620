import fc from 'fast-check';
import { ask, type Surroundings } from '../ask.ts';
import type { Sent } from '../exchange.ts';
import { createFamily, type Family } from '../family.ts';
import { tenantOf, usedOnce } from '../token-oracle.ts';
import { type MadeToken, makeToken, type TokenPlan } from '../token-plan.ts';
import { tokenPlans } from '../token-plans.ts';

const ROUTES: readonly Pick<Sent, 'method' | 'path'>[] = [
  { method: 'POST', path: '/credentials' },
  { method: 'POST', path: '/credentials' },
  { method: 'GET', path: '/credentials/container' },
  { method: 'GET', path: '/whoami' },
];

const input = fc.record({
  plan: tokenPlans,
  route: fc.constantFrom(...ROUTES),
  scheme: fc.oneof(
    { weight: 9, arbitrary: fc.constant('Bearer') },
    fc.constantFrom('bearer', 'BEARER', 'DPoP', 'Basic'),
  ),
  /** Shown as it was signed at first, so that it is remembered. */
  primed: fc.boolean(),
  asEvent: fc.boolean(),
});

/** Tokens of configured issuers with anything wrong in them, from their claims to their bytes. */
export function tokens(around: Surroundings): Family {
  const used = new Set<string>();
  return createFamily({
    name: 'tokens',
    share: 30,
    inputs: input,
    watch: around.watch,
    async attempt({ plan, route, scheme, primed, asEvent }) {
      const token = makeToken(around.world, plan);
      const once = usedOnce(token);
      const show = (made: MadeToken, by: string, mustBeGranted: boolean) =>
        ask(
          around,
          { ...route, headers: [['Authorization', `${by} ${made.text}`]], asEvent },
          {
            tenantAt(moments) {
              if (by.toLowerCase() !== 'bearer' || (once !== undefined && used.has(once))) return undefined;
              if (once !== undefined) used.add(once);
              return tenantOf(made, moments);
            },
            mustBeGranted,
          },
        );
      const isChanged = !token.isIntact || scheme.toLowerCase() !== 'bearer';
      if (primed && isChanged) await show({ ...token, text: token.signed, isIntact: true }, 'Bearer', false);
      return show(token, scheme, isRight(plan) && !isChanged);
    },
  });
}

/** Whether nothing at all was changed. */
function isRight({ signer, header, payload, wire, segments, issuer }: TokenPlan): boolean {
  const changes = [
    ...header.edits,
    ...payload.edits,
    ...wire,
    ...Object.values(header.layout),
    ...Object.values(payload.layout),
  ];
  return (
    changes.every((change) => change === '') &&
    segments === 'as they are' &&
    (signer === undefined || signer === issuer)
  );
}
