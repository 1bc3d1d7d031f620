import { Logger } from '@aws-lambda-powertools/logger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../functions/adapters/log/audit-log.ts';
import { playRow } from './row.ts';
import { createSecrets } from './secrets.ts';
import { startWorld, type World } from './world.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhcHAifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const KEY = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY"EXAMPLE\\KEY=';

describe('a secret is found', () => {
  const secrets = createSecrets();
  secrets.keep(TOKEN, KEY);

  it.each<[how: string, written: string, found: number]>([
    ['as it is', `Authorization: Bearer ${TOKEN} and ${KEY}`, 2],
    ['in JSON', JSON.stringify({ key: KEY }), 1],
    ['in JSON within JSON', JSON.stringify({ body: JSON.stringify({ key: KEY }) }), 1],
    ['in a URL', `?key=${encodeURIComponent(KEY)}`, 1],
    ['in hex', Buffer.from(KEY).toString('hex'), 1],
    ...[0, 1, 2, 3].flatMap((shift): [string, string, number][] => {
      const text = Buffer.from(`${'x'.repeat(shift)}${KEY}${TOKEN}, and more`);
      return [
        [`in base64, ${shift} bytes into a text`, text.toString('base64'), 2],
        [`in base64url, ${shift} bytes into a text`, text.toString('base64url'), 2],
      ];
    }),
    ['by its signature alone', `…${TOKEN.split('.').at(-1)}`, 1],
    ['not where there is none', JSON.stringify({ sub: 'app', code: 'token_invalid' }), 0],
  ])('%s', (_how, written, found) => {
    expect(secrets.countIn(written)).toBe(found);
  });
});

describe('a row in which a secret is written', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.close());

  const auditLog = () => createAuditLog(new Logger({ serviceName: 'latchkey-vend', logLevel: 'INFO' }));
  it.each<[where: string, write: (token: string) => void]>([
    ['to stdout', (token) => void process.stdout.write(token)],
    ['to stderr', (token) => void process.stderr.write(Buffer.from(token))],
    ['to the console', (token) => console.warn('%o', { token })],
    [
      'to the audit log',
      (cause) =>
        auditLog().record({ operation: 'vend', code: 'internal_error', vendId: 'a', milliseconds: 1, cause }),
    ],
  ])('says so: %s', async (_where, write) => {
    const { secrets } = await playRow(
      world,
      {
        title: 'planted',
        async play({ callers }) {
          const [request] = (await callers[0]?.requests()) ?? [];
          write(request?.headers.get('Authorization')?.replace('Bearer ', '') ?? '');
        },
      },
      1,
    );
    expect(secrets).toBe(1);
  });
});
