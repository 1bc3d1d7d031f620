import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalTenantFacts } from '../../local/local-facts.ts';
import { type LocalLatchkey, startLocal } from '../../local/start.ts';
import { profileDefinitions } from '../../profiles/index.ts';
import { signInOnPage } from '../local/sign-in-page.ts';
import { type Ran, type RunOptions, runLatchkey } from './run-latchkey.ts';

export interface TenantRunOptions extends Partial<Omit<RunOptions, 'argv'>> {
  /** Who signs in on the page that a login leads to, or denies; and what is on their screen then. */
  readonly signsIn?: Readonly<Record<string, string>>;
}

export type TenantCli = Awaited<ReturnType<typeof startTenantCli>>;

/** `latchkey` in process against a whole Latchkey on this machine, with a home of its own. */
export async function startTenantCli() {
  const local: LocalLatchkey = await startLocal({
    port: 0,
    // Demanding, so that a token can lack something.
    profileDefinitions: profileDefinitions.map((each) => ({ ...each, requiredScopes: ['vend'] })),
    auditLog: { record: () => {} },
    log: () => {},
  });
  let home = mkdtempSync(join(tmpdir(), 'latchkey-'));

  const tenant = (tenantId: string) =>
    [...local.facts.tenants, local.facts.newcomer].find(
      (each) => each.tenantId === tenantId,
    ) as LocalTenantFacts;

  function run(
    argv: readonly string[],
    { signsIn, env = {}, ...options }: TenantRunOptions = {},
  ): Promise<Ran> {
    return runLatchkey({
      api: async (request) => {
        const response = await fetch(request);
        return signsIn !== undefined && request.url.endsWith('/device/auth')
          ? signInMeanwhile(response, signsIn)
          : response;
      },
      ...options,
      argv,
      env: { LATCHKEY_HOME: home, LATCHKEY_API_URL: local.facts.api, ...env },
    });
  }

  const issuerOptions = (tenantId: string) => {
    const { issuer, resource, scope } = tenant(tenantId);
    return ['--issuer', issuer, '--resource', resource, '--scope', scope];
  };

  return {
    local,
    tenant,
    run,
    home: () => home,
    logins: () => join(home, 'logins'),
    /** Forgets every login. */
    moveHome() {
      rmSync(home, { recursive: true, force: true });
      home = mkdtempSync(join(tmpdir(), 'latchkey-'));
    },
    /** `latchkey login` as a person of a tenant. */
    loginPerson: (tenantId: string, options: TenantRunOptions = {}, more: readonly string[] = []) => {
      const argv = [
        'login',
        ...issuerOptions(tenantId),
        '--client-id',
        tenant(tenantId).deviceClientId,
        ...more,
      ];
      return run(argv, { signsIn: { user: tenant(tenantId).user }, ...options });
    },
    /** `latchkey login` as a machine of a tenant, with the secret in the environment. */
    loginMachine: (
      tenantId: string,
      { env = {}, ...options }: TenantRunOptions = {},
      more: readonly string[] = [],
    ) => {
      const { clientId, clientSecret } = tenant(tenantId);
      const argv = ['login', ...issuerOptions(tenantId), '--client-id', clientId, ...more];
      return run(argv, { ...options, env: { LATCHKEY_CLIENT_SECRET: clientSecret, ...env } });
    },
    async close() {
      rmSync(home, { recursive: true, force: true });
      await local.close();
    },
  };
}

/** The answer to a device authorization request, polled at once, by which time its page has been dealt with. */
async function signInMeanwhile(
  response: Response,
  pressed: Readonly<Record<string, string>>,
): Promise<Response> {
  const answer = (await response.json()) as { readonly verification_uri_complete: string };
  await signInOnPage(answer.verification_uri_complete, pressed);
  return Response.json({ ...answer, interval: 0.01 });
}
