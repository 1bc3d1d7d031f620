import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createConsoleSessions } from '../../../../functions/core/console/console-sessions.ts';
import type { ConsoleRequest } from '../../../../functions/core/console/console-terms.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import { decideGrant } from '../../../../functions/core/grant/grant.ts';
import type { SignInRequest } from '../../../../functions/core/ports.ts';
import { secret } from '../../../../functions/core/secret.ts';
import { clock, codeOf, NOW, sampleCaller, sampleProfile, sampleTenant } from '../sample.ts';
import { sampleCredentials } from '../sample-credentials.ts';

function sessionsWith(signInEndpoint?: string) {
  const asked: SignInRequest[] = [];
  const sessions = createConsoleSessions({
    signIn: {
      token: async (request) => {
        asked.push(request);
        return secret('to/ken+');
      },
    },
    signInEndpoint,
    clock,
  });
  return { sessions, asked };
}

function vendOf(request: ConsoleRequest, lifeSeconds = 3600) {
  const tenant = sampleTenant();
  const profile = sampleProfile();
  const caller = sampleCaller();
  return {
    vendId: 'v-1',
    request,
    caller,
    tenant,
    profiles: [profile],
    grant: decideGrant(caller, tenant, profile, {}, clock),
    credentials: sampleCredentials({ expiration: new Date(NOW.getTime() + lifeSeconds * 1000) }),
  };
}

describe('a console session', () => {
  it('is a link of AWS Sign-In with the token, the page and the issuer', async () => {
    const { sessions, asked } = sessionsWith();
    const issuer = 'https://app.acme.example/?a=b&c=d';
    const vend = vendOf({ issuer });
    const { url, expiration } = await sessions.open(vend, startDeadline(1000));
    const link = new URL(url.reveal());
    expect(`${link.origin}${link.pathname}`).toBe('https://signin.aws.amazon.com/federation');
    expect([...link.searchParams]).toEqual([
      ['Action', 'login'],
      ['Issuer', issuer],
      ['Destination', 'https://console.aws.amazon.com/'],
      ['SigninToken', 'to/ken+'],
    ]);
    expect(expiration).toEqual(new Date(NOW.getTime() + 900_000));
    expect(asked).toEqual([
      {
        credentials: vend.credentials,
        endpoint: 'https://signin.aws.amazon.com',
        durationSeconds: undefined,
      },
    ]);
  });

  it('is signed in where a developer’s machine plays AWS', async () => {
    const { sessions, asked } = sessionsWith('http://127.0.0.1:1');
    const { url } = await sessions.open(vendOf({}), startDeadline(1000));
    expect([asked[0]?.endpoint, new URL(url.reveal()).origin]).toEqual([
      'http://127.0.0.1:1',
      'http://127.0.0.1:1',
    ]);
  });

  it('has a link that is told no longer than the credentials live', async () => {
    const vend = vendOf({}, 890);
    const { expiration } = await sessionsWith().sessions.open(vend, startDeadline(1000));
    expect(expiration).toEqual(vend.credentials.expiration);
  });

  it('is not opened for what is not accepted', async () => {
    const { sessions, asked } = sessionsWith();
    const vend = vendOf({ destination: 'https://example.com/' });
    expect(codeOf(() => sessions.accept(vend))).toBe('destination_invalid');
    await expect(sessions.open(vend, startDeadline(1000))).rejects.toMatchObject({
      code: 'destination_invalid',
    });
    expect(asked).toEqual([]);
  });

  it('shows its link to nobody who does not ask for it', async () => {
    const session = await sessionsWith().sessions.open(vendOf({}), startDeadline(1000));
    expect(`${JSON.stringify(session)}${inspect(session)}${session.url}`).not.toContain('ken');
  });
});
