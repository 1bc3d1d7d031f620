import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { describeCause } from '../../../../functions/adapters/log/describe-cause.ts';
import { createUserKeys } from '../../../../functions/adapters/secrets/user-keys.ts';
import { startDeadline } from '../../../../functions/core/deadline.ts';
import type { UserKeys } from '../../../../functions/core/ports.ts';
import { REGION } from '../../../../local/account.ts';
import { type LocalUsers, SECRETS_PREFIX, startUsers, userArn } from '../../iam-user/start-users.ts';

let local: LocalUsers;
let keys: UserKeys;
beforeAll(async () => {
  local = await startUsers();
});
afterAll(() => local.close());
beforeEach(() => {
  local.store('acme', local.keysFor('acme'));
  local.asked.length = 0;
  keys = local.createKeys();
});

const ACME = userArn('acme');
const within = (milliseconds = 1900) => startDeadline(milliseconds);
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'read', message: '', cause: undefined }),
    ({ code, message, cause }) => ({ code, message, cause }),
  );

describe('the keys of an IAM user', () => {
  it('are in the secret of its name', async () => {
    const { accessKeyId, secretAccessKey } = await keys.keysOf(ACME, within());
    expect({ accessKeyId, secretAccessKey: secretAccessKey.reveal() }).toEqual(local.keysFor('acme'));
    const globex = await keys.keysOf(userArn('globex'), within());
    expect(globex.accessKeyId).toBe(local.keysFor('globex').accessKeyId);
  });

  it('are read again after a minute', async () => {
    await keys.keysOf(ACME, within());
    local.store('acme', local.keysFor('acme', 2));
    local.pass(59);
    expect((await keys.keysOf(ACME, within())).accessKeyId).toBe(local.keysFor('acme').accessKeyId);
    local.pass(1);
    expect((await keys.keysOf(ACME, within())).accessKeyId).toBe(local.keysFor('acme', 2).accessKeyId);
    expect(local.asked).toHaveLength(2);
  });

  it('are not remembered longer by a clock that was set back', async () => {
    await keys.keysOf(ACME, within());
    local.pass(-1);
    await keys.keysOf(ACME, within());
    expect(local.asked).toHaveLength(2);
  });

  it('are read again at once when AWS has refused them, and others than those are not', async () => {
    const old = await keys.keysOf(ACME, within());
    local.store('acme', local.keysFor('acme', 2));
    const others = await keys.keysOf(ACME, within(), old);
    expect(others.accessKeyId).toBe(local.keysFor('acme', 2).accessKeyId);
    // Of somebody who was refused at the same time.
    expect(await keys.keysOf(ACME, within(), old)).toBe(others);
    expect(local.asked).toHaveLength(2);
  });

  it('do not outlive their secret', async () => {
    const old = await keys.keysOf(ACME, within());
    local.store('acme', undefined);
    expect(await failureOf(keys.keysOf(ACME, within(), old))).toMatchObject({
      code: 'user_keys_unavailable',
    });
    local.pass(60);
    expect(await failureOf(keys.keysOf(ACME, within()))).toMatchObject({ code: 'user_keys_unavailable' });
  });

  test.each<[string, string, () => void]>([
    ['there are none', ACME, () => local.store('acme', undefined)],
    ['it is not JSON', ACME, () => local.store('acme', 'hidden+secret/of/acme')],
    ['the user is a role', 'arn:aws:iam::111122223333:role/acme', () => {}],
    ['the user has no name', 'arn:aws:iam::111122223333:user/acme/', () => {}],
    ['the name is none', 'arn:aws:iam::111122223333:user/a*', () => {}],
  ])('%s: user_keys_unavailable', async (_what, arn, change) => {
    change();
    const failure = await failureOf(keys.keysOf(arn, within()));
    expect(failure.code).toBe('user_keys_unavailable');
    expect(JSON.stringify([failure.message, describeCause(failure.cause)])).not.toContain('hidden');
  });

  it('are in no secret that the function may not read', async () => {
    const { endpoint, credentials } = local;
    const options = { region: REGION, endpoint, credentials, clock: () => new Date() };
    const other = createUserKeys({ ...options, secretsPrefix: 'others/' });
    const { code, cause } = await failureOf(other.keysOf(ACME, within()));
    expect([code, cause.name]).toEqual(['user_keys_unavailable', 'AccessDeniedException']);
  });
});

describe('a Secrets Manager that fails', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  async function keysFrom(listener: Parameters<typeof createServer>[1]) {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return createUserKeys({
      region: REGION,
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: local.credentials,
      secretsPrefix: SECRETS_PREFIX,
      clock: () => new Date(),
    });
  }

  it('with an answer about another secret', async () => {
    const body = { Name: `${SECRETS_PREFIX}globex`, SecretString: JSON.stringify(local.keysFor('globex')) };
    const from = await keysFrom((_request, response) => response.end(JSON.stringify(body)));
    expect(await failureOf(from.keysOf(ACME, within()))).toMatchObject({ code: 'user_keys_unavailable' });
  });

  it('with an answer that is cut off: nothing of it is said', async () => {
    const from = await keysFrom((_request, response) =>
      response.end(`{"Name":"x","SecretString":"${'hidden'.repeat(3)}" hidden`),
    );
    const { code, message, cause } = await failureOf(from.keysOf(ACME, within()));
    expect(code).toBe('user_keys_unavailable');
    expect(JSON.stringify([message, describeCause(cause)])).not.toContain('hidden');
  });

  it('by silence: no longer than the request has', async () => {
    const from = await keysFrom(() => {});
    const before = performance.now();
    expect(await failureOf(from.keysOf(ACME, within(150)))).toMatchObject({ code: 'user_keys_unavailable' });
    expect(performance.now() - before).toBeLessThan(600);
  });
});
